"""The standard licenses of the web: names, addresses, and what each asks, so that directions are known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class License:
    """One license. `asks` are its restrictions and duties as opaque words; fewer is wider."""

    spdx: str
    family: str
    name: str
    short: str
    url: str
    asks: frozenset[str]


_ELEMENTS = {
    "by": ("Attribution", {"duty:attribution"}),
    "nc": ("NonCommercial", {"no:commercial"}),
    "sa": ("ShareAlike", {"duty:share_alike"}),
    "nd": ("NoDerivatives", {"no:derive"}),
}
_PLACES = {"4.0": "International", "3.0": "Unported", "2.5": "Generic", "2.0": "Generic"}


def _creative_commons(code: str, version: str) -> License:
    parts = code.split("-")
    asks: set[str] = set().union(*(_ELEMENTS[part][1] for part in parts))
    words = "-".join(_ELEMENTS[part][0] for part in parts)
    return License(
        spdx=f"CC-{code.upper()}-{version}",
        family=f"cc-{code}",
        name=f"Creative Commons {words} {version} {_PLACES[version]}",
        short=f"CC {code.upper()} {version}",
        url=f"https://creativecommons.org/licenses/{code}/{version}/",
        asks=frozenset(asks),
    )


_CC = [
    _creative_commons(code, version)
    for code in ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")
    for version in ("4.0", "3.0", "2.5", "2.0")
]
_OTHERS = [
    License(
        "CC0-1.0",
        "cc0",
        "Creative Commons Zero v1.0 Universal",
        "CC0 1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        frozenset(),
    ),
    License(
        "PDDL-1.0",
        "pddl",
        "Open Data Commons Public Domain Dedication and License v1.0",
        "PDDL 1.0",
        "https://opendatacommons.org/licenses/pddl/1-0/",
        frozenset(),
    ),
    License(
        "ODC-By-1.0",
        "odc-by",
        "Open Data Commons Attribution License v1.0",
        "ODC-By 1.0",
        "https://opendatacommons.org/licenses/by/1-0/",
        frozenset({"duty:attribution"}),
    ),
    License(
        "ODbL-1.0",
        "odbl",
        "Open Data Commons Open Database License v1.0",
        "ODbL 1.0",
        "https://opendatacommons.org/licenses/odbl/1-0/",
        frozenset({"duty:attribution", "duty:share_alike"}),
    ),
    License(
        "CDLA-Permissive-2.0",
        "cdla-permissive",
        "Community Data License Agreement - Permissive - Version 2.0",
        "CDLA-Permissive-2.0",
        "https://cdla.dev/permissive-2-0/",
        frozenset({"duty:notice"}),
    ),
    License(
        "Apache-2.0",
        "apache",
        "Apache License, Version 2.0",
        "Apache-2.0",
        "https://www.apache.org/licenses/LICENSE-2.0",
        frozenset({"duty:attribution", "duty:notice", "duty:state_changes"}),
    ),
    License(
        "MIT",
        "mit",
        "MIT License",
        "MIT",
        "https://opensource.org/licenses/MIT",
        frozenset({"duty:attribution", "duty:notice"}),
    ),
]

LICENSES: dict[str, License] = {license_.spdx: license_ for license_ in (*_CC, *_OTHERS)}

# How often each is met: the common ones, as on real pages, far more often than the rest.
COMMON: tuple[str, ...] = (
    *("CC-BY-4.0",) * 9,
    *("CC0-1.0",) * 5,
    *("CC-BY-SA-4.0",) * 5,
    *("CC-BY-NC-4.0",) * 5,
    *("CC-BY-NC-SA-4.0",) * 6,
    *("CC-BY-NC-ND-4.0",) * 2,
    *("CC-BY-3.0", "CC-BY-SA-3.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-3.0") * 2,
    *("CC-BY-ND-4.0", "CC-BY-2.0", "CC-BY-NC-SA-2.0", "CC-BY-SA-2.5"),
    *("ODC-By-1.0", "ODbL-1.0", "PDDL-1.0", "CDLA-Permissive-2.0", "Apache-2.0", "MIT"),
)


def direction(before: frozenset[str], after: frozenset[str]) -> str | None:
    """`tightened` where after asks all that before asks and more, `loosened` the other way, else None."""
    if before < after:
        return "tightened"
    if after < before:
        return "loosened"
    return None


def other_versions(spdx: str) -> list[str]:
    """The same license in its other versions."""
    family = LICENSES[spdx].family
    return [other for other, license_ in LICENSES.items() if license_.family == family and other != spdx]


def tighter(spdx: str) -> list[str]:
    """Creative Commons licenses of any elements that ask more than this one, in their newest version."""
    asks = LICENSES[spdx].asks
    return [other for other, license_ in LICENSES.items() if asks < license_.asks and other.endswith("-4.0")]

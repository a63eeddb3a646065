"""Finding licenses in a document: ordered, named matchers, each mention with its place.

Order: machine-readable, canonical URL, full text, name in prose. This module says where a license
is mentioned; whether a mention speaks about the data is for `scoping`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.reading import FindingKind
from terms import creative_commons, spdx
from terms.document import BlockKind, Document

_SPDX_URL = re.compile(
    r"(?:spdx\.org/licenses/|licenses\.nuget\.org/)([a-z0-9.+-]{2,60}?)(?:\.html|\.json|\.txt)?(?=[^a-z0-9.+-]|$)"
)
_OSI_URL = re.compile(
    r"opensource\.org/licen[sc]es?/([a-z0-9.+-]{2,40}?)(?:-license)?(?:\.php|\.html)?(?=[^a-z0-9.+-]|$)"
)
_KNOWN_URLS = (
    (re.compile(r"opendatacommons\.org/licenses/odbl\b"), "ODbL-1.0"),
    (re.compile(r"opendatacommons\.org/licenses/by\b"), "ODC-By-1.0"),
    (re.compile(r"opendatacommons\.org/licenses/pddl\b"), "PDDL-1.0"),
    (re.compile(r"apache\.org/licenses/license-2\.0"), "Apache-2.0"),
    (re.compile(r"gnu\.org/licenses/(?:old-licenses/)?gpl-2\.0"), "GPL-2.0-only"),
    (re.compile(r"gnu\.org/licenses/gpl-3\.0"), "GPL-3.0-only"),
    (re.compile(r"gnu\.org/licenses/agpl-3\.0"), "AGPL-3.0-only"),
    (re.compile(r"cdla\.(?:io|dev)/permissive-2-0"), "CDLA-Permissive-2.0"),
    (re.compile(r"cdla\.(?:io|dev)/permissive-1-0"), "CDLA-Permissive-1.0"),
    (re.compile(r"cdla\.(?:io|dev)/sharing-1-0"), "CDLA-Sharing-1.0"),
    (re.compile(r"nationalarchives\.gov\.uk/doc/open-government-licence/version/3"), "OGL-UK-3.0"),
    (re.compile(r"nationalarchives\.gov\.uk/doc/open-government-licence/version/2"), "OGL-UK-2.0"),
    (re.compile(r"mozilla\.org/(?:en-us/)?mpl/2\.0"), "MPL-2.0"),
)
_IMAGE_BADGE = re.compile(
    r"(?:licensebuttons\.net|i\.creativecommons\.org)/(?:l|p)/(by(?:-[a-z]{2})*|zero|publicdomain)(?:/([1-4]\.[05]))?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A license mentioned at `text[start:end]` (start == end for what stands in no text)."""

    kind: FindingKind
    rule: str
    license: str
    start: int
    end: int
    raw: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    license: str
    pattern: re.Pattern[str]
    weak: bool


@cache
def _names() -> tuple[_Name, ...]:
    table = tomllib.loads((files("terms") / "names.toml").read_text("utf-8"))
    result = []
    for key, entry in table.items():
        blank = r"[\s_-]{0,3}"
        patterns = [(p, False) for p in entry.get("names", [])] + [
            (rf"{word}\b", True) for word in entry.get("word", [])
        ]
        for source, weak in patterns:
            source = source.replace(" ?", blank).replace(" ", r"[\s-]{1,3}")
            try:
                result.append(_Name(entry["id"], re.compile(rf"(?<![a-z0-9])(?:{source})"), weak))
            except re.error as error:
                raise ValueError(f"names.toml: [{key}] has a broken pattern {source!r}: {error}") from error
    return tuple(result)


def license_of_token(token: str) -> str | None:
    """The license a field's value names when the whole value is an id or a usual tag, else None.
    `other`, `unknown`, `cc` and the like are not licenses."""
    cleaned = re.sub(r"[\s_]+", "-", token.strip().strip("\"'`.,;[]()").lower())
    cleaned = re.sub(r"^(?:licen[sc]e[:-])+", "", cleaned)
    if not cleaned or len(cleaned) > 80:
        return None
    by_id = spdx.ids().get(cleaned)
    if by_id is not None:
        return by_id
    return TAGS.get(cleaned)


TAGS = {
    "apache2": "Apache-2.0", "apache-2": "Apache-2.0", "apache": "Apache-2.0", "gpl": "LicenseRef-GPL-unspecified",
    "gpl-2.0": "GPL-2.0-only", "gpl-3.0": "GPL-3.0-only", "gpl2": "GPL-2.0-only", "gpl3": "GPL-3.0-only", "gplv3": "GPL-3.0-only",
    "lgpl": "LicenseRef-LGPL-unspecified", "lgpl-3.0": "LGPL-3.0-only", "lgpl-2.1": "LGPL-2.1-only", "agpl-3.0": "AGPL-3.0-only",
    "bsd": "LicenseRef-BSD-unspecified", "gfdl": "LicenseRef-GFDL-unspecified", "odbl": "ODbL-1.0", "odc-by": "ODC-By-1.0", "pddl": "PDDL-1.0",
    "cc0": "CC0-1.0", "cc-zero": "CC0-1.0", "c-uda": "C-UDA-1.0", "o-uda": "O-UDA-1.0", "lgpl-lr": "LGPLLR", "openrail": "LicenseRef-OpenRAIL",
    "openrail++": "LicenseRef-OpenRAIL", "creativeml-openrail-m": "LicenseRef-OpenRAIL", "bigscience-openrail-m": "LicenseRef-OpenRAIL",
    "bigscience-bloom-rail-1.0": "LicenseRef-OpenRAIL", "bigcode-openrail-m": "LicenseRef-OpenRAIL", "public-domain": "LicenseRef-Public-Domain",
    "public-domain-mark": "LicenseRef-Public-Domain", "etalab-2.0": "etalab-2.0", "ms-pl": "MS-PL",
}  # fmt: skip


def mentions(document: Document, shadow: str) -> tuple[Mention, ...]:
    """Every mention of a license, in order of place; one inside a longer one is dropped."""
    found: list[Mention] = []
    for mark in document.marks:
        found.extend(_of_mark(mark.place, mark.name, mark.value, mark.at))
    for link in document.links:
        found.extend(of_url(link.href, link.start, link.end))
    for start, end, license_id in creative_commons.names_in(shadow):
        weak = license_id == creative_commons.UNSPECIFIED
        found.append(Mention(FindingKind.LICENSE_NAME, "name/creative_commons", license_id, start, end, weak=weak))
    for name in _names():
        for match in name.pattern.finditer(shadow):
            rule = f"name/{name.license.lower()}"
            found.append(
                Mention(FindingKind.LICENSE_NAME, rule, name.license, match.start(), match.end(), weak=name.weak)
            )
    found.extend(_spdx_names(shadow))
    for block in document.blocks:
        if block.kind is BlockKind.FIELD:
            found.extend(_of_field(document.text[block.start : block.end], block.start))
    return _without_nested(found)


def of_url(href: str, start: int, end: int) -> list[Mention]:
    """The licenses a URL stands for."""
    low = href.lower()
    kind = FindingKind.LICENSE_URL
    if match := creative_commons.URL.search(low):
        return [Mention(kind, "canonical_url/cc", creative_commons.id_of_url(match), start, end, href)]
    if match := _IMAGE_BADGE.search(low):
        if match[1] in ("zero", "publicdomain"):
            license_id = "CC0-1.0" if match[1] == "zero" else "LicenseRef-Public-Domain"
        else:
            license_id = creative_commons.license_id(frozenset(match[1].split("-")), match[2], None)
        return [Mention(kind, "canonical_url/badge", license_id, start, end, href)]
    for pattern, license_id in _KNOWN_URLS:
        if pattern.search(low):
            return [Mention(kind, "canonical_url/known", license_id, start, end, href)]
    for pattern in (_SPDX_URL, _OSI_URL):
        if match := pattern.search(low):
            known = license_of_token(match[1])
            if known:
                return [Mention(kind, "canonical_url/spdx", known, start, end, href)]
    return []


def _of_mark(place: str, name: str, value: str, at: int) -> list[Mention]:
    if place in ("comment", "link_target"):
        found = of_url(value, at, at)
        return [Mention(m.kind, f"machine_readable/{place}", m.license, at, at, value) for m in found]
    rule = f"machine_readable/{place}"
    found = of_url(value, at, at)
    if found:
        return [Mention(FindingKind.MACHINE_READABLE, rule, found[0].license, at, at, value)]
    token = license_of_token(value)
    if token and place != "front_matter":
        return [Mention(FindingKind.MACHINE_READABLE, rule, token, at, at, value)]
    if place == "front_matter":
        return []  # its field stands in the text and is read there
    low = value.lower()
    return [
        Mention(FindingKind.MACHINE_READABLE, rule, lid, at, at, value) for _, _, lid in creative_commons.names_in(low)
    ]


def _of_field(text: str, start: int) -> list[Mention]:
    """Licenses in a field "key: a, b": each value that is an id or tag as a whole."""
    key, _, values = text.partition(":")
    result = []
    at = len(key) + 1
    for value in values.split(","):
        license_id = license_of_token(value)
        if license_id:
            begin = start + at + len(value) - len(value.lstrip())
            result.append(
                Mention(FindingKind.LICENSE_NAME, "field/id", license_id, begin, start + at + len(value.rstrip()))
            )
        at += len(value) + 1
    return result


@cache
def _name_index() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word -> names starting with it, longest first. Creative Commons has its own grammar."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, license_id in spdx.names().items():
        if license_id.startswith("CC-") or license_id == "CC0-1.0":
            continue
        for variant in {words, tuple(w for w in words if w not in ("license", "licence", "version"))}:
            if len(variant) >= 2 and variant[-1] != "the":
                index.setdefault(variant[0], []).append((variant, license_id))
    for candidates in index.values():
        candidates.sort(key=lambda item: -len(item[0]))
    return index


_WORDS = re.compile(r"[a-z0-9']+(?:\.[0-9]+)*")
_ID_IN_TEXT = re.compile(r"(?<![\w./-])[a-z0-9]+(?:-[a-z0-9.]+)+(?:\+)?(?![\w/])")


def _spdx_names(shadow: str) -> list[Mention]:
    index = _name_index()
    words = [
        (m.group().removeprefix("v") if re.fullmatch(r"v\d.*", m.group()) else m.group(), m)
        for m in _WORDS.finditer(shadow)
    ]
    result = []
    position = 0
    while position < len(words):
        for variant, license_id in index.get(words[position][0], ()):
            length = len(variant)
            if tuple(word for word, _ in words[position : position + length]) == variant:
                start, end = words[position][1].start(), words[position + length - 1][1].end()
                result.append(Mention(FindingKind.LICENSE_NAME, "name/spdx", license_id, start, end))
                position += length - 1
                break
        position += 1
    for match in _ID_IN_TEXT.finditer(shadow):
        known = spdx.ids().get(match.group().rstrip("."))
        if known and any(char.isdigit() for char in known):
            result.append(Mention(FindingKind.LICENSE_NAME, "name/spdx_id", known, match.start(), match.end()))
    return result


def _without_nested(found: list[Mention]) -> tuple[Mention, ...]:
    """Drop name mentions that lie inside a longer name mention; links stand beside names."""
    names = sorted(
        (m for m in found if m.kind is FindingKind.LICENSE_NAME), key=lambda m: (m.start, -(m.end - m.start), m.weak)
    )
    kept: list[Mention] = []
    reach = -1
    for mention in names:
        if mention.end <= reach:
            continue
        kept.append(mention)
        reach = max(reach, mention.end)
    others = [m for m in found if m.kind is not FindingKind.LICENSE_NAME]
    return tuple(sorted({*kept, *others}, key=lambda m: (m.start, m.end, m.license, m.rule)))

"""The grammar of Creative Commons names and URLs, in the many ways pages write them.

A name is read token by token from a trigger ("cc", "creative commons", "attribution", "by-nc"):
elements, then a version, then a jurisdiction, with words like "license" between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from terms import spdx

_TRIGGER = re.compile(
    r"\bcc(?=[\s_:-]{0,3}(?:by|nc|sa|nd|licen|attrib|non|share|no|[1-4]\.0|0|zero)\b|[\s_-]{0,2}(?:by|attribution)(?:[\s_-]|\b)|by\b)"
    r"|\bcreative[\s-]{0,2}commons?\b|\battribution(?![a-z])|\bby(?=[-_/](?:nc|nd|sa)\b)|\bnamensnennung\b|\breconocimiento(?=[\s-]{1,3}(?:no|compartir|sin|[1-4]\.))|\batribución(?=[\s-]{1,3}(?:no|compartir|sin|[1-4]\.))"
    r"|\bpaternité\b|\bcczero\b"
)
_TOKEN = re.compile(
    r"(?P<cc>creative[\s-]{0,2}commons?\b|cc(?![a-z]))"
    r"|(?P<zero>cczero\b|(?:0|zero)\b(?![.-]\w)|public\sdomain\sdedication\b|universal\b)"
    r"|(?P<nc>non[\s-]{0,3}comm?er[cs]ial(?:e|es)?\b(?: use)?|nc(?![a-z])|pas d'utilisation commerciale\b|nicht[\s-]{0,3}kommerziell(?:e nutzung)?\b|no[\s-]{0,2}comercial\b|não[\s-]comercial\b)"
    r"|(?P<nd>no[\s-]{0,3}deriv(?:ative|at)?e?s?(?:[\s-]works?)?\b|nd(?![a-z])|pas de modifications?\b|keine[\s-]bearbeitung(?:en)?\b|sin[\s-]?(?:obras?[\s-])?derivad[ao]s?\b|sinderivar\b)"
    r"|(?P<sa>share[\s-]{0,3}alike\b|sa(?![a-z])|partage (?:dans les|à l'identique|des conditions initiales)[\s-]{0,2}(?:mêmes conditions)?|weitergabe unter gleichen bedingungen\b|compartir[\s-]?igual\b)"
    r"|(?P<by>attribution\b|by(?![a-z])|namensnennung\b|paternité\b|reconocimiento\b|atribución\b)"
    r"|(?P<version>[1-4][.-][015](?![0-9])|(?<=[\sv-])[1-4](?![0-9.]))"
    r"|(?P<port>igo\b|united states\b|u\.s\.|usa?\b|germany\b|deutschland\b|de\b|at\b|austria\b|österreich\b|fr\b|france\b|nl\b|netherlands\b|uk\b|jp\b|japan\b|au\b|za\b|"
    r"south africa\b|australia\b|england and wales\b|sweden\b|españa\b|spain\b|italy\b|italia\b|switzerland\b|schweiz\b|canada\b|new zealand\b|brazil\b|brasil\b|poland\b|norway\b|ireland\b|taiwan\b)"
    r"|(?P<filler>licen[sc]es?\b|licen[sc]ed\b|lizenz\b|licencia\b|public\b|internation(?:al|ale)\b|internacional\b|intl\b|unported\b|generic\b|version\b|ver\b|v(?=\.?\s?[1-4])|deed\b)"
)
_SEPARATOR = re.compile(r"(?:[\s,/_&+():'\"\[\]*|-]|\\){0,4}(?:and\s)?(?:[\s-]{0,2})")

URL = re.compile(
    r"creativecommons\.org/(?:licen[sc]es/(?P<code>(?:by|nc|nd|sa)(?:-(?:nc|nd|sa|by))*)(?:/(?P<version>[1-4]\.[05]))?"
    r"(?:/(?P<port>[a-z]{2,4})(?![a-z]))?"
    r"|(?P<zero>publicdomain/zero|licen[sc]es/cc0|choose/zero|share-your-work/public-domain/cc0|about/cc0)"
    r"|(?P<mark>publicdomain/mark)|(?P<old>licen[sc]es/publicdomain))"
)

_PORTS = {
    "united states": "US", "us": "US", "usa": "US", "u.s.": "US", "germany": "DE", "deutschland": "DE", "de": "DE", "at": "AT", "austria": "AT",
    "österreich": "AT", "fr": "FR", "france": "FR", "nl": "NL", "netherlands": "NL", "uk": "UK", "england and wales": "UK", "jp": "JP", "japan": "JP",
    "au": "AU", "australia": "AU", "igo": "IGO", "za": "ZA", "south africa": "ZA", "sweden": "SE", "españa": "ES", "spain": "ES", "italy": "IT",
    "italia": "IT", "switzerland": "CH", "schweiz": "CH", "canada": "CA", "new zealand": "NZ", "brazil": "BR", "brasil": "BR", "poland": "PL",
    "norway": "NO", "ireland": "IE", "taiwan": "TW",
}  # fmt: skip
_NOT_PORTS = frozenset({"deed", "lega", "rdf"})
_LONGER_WORD = re.compile(r"-[a-z]")
_OTHER_TAIL = re.compile(r"[-/](?!licen|deed|style)[a-z]{1,3}\b(?:\s[1-4]\.[05])?|[\s-]{1,2}v?[0-9]\.[0-9]\b")
UNSPECIFIED = "LicenseRef-CC-unspecified"


def license_id(elements: frozenset[str], version: str | None, port: str | None = None) -> str:
    """The SPDX id; `LicenseRef-CC-…-unspecified` without a version, because guessing one would be
    inventing; a port that SPDX does not list gives the license it ports (the quote shows the port)."""
    code = "BY" + "".join(f"-{name.upper()}" for name in ("nc", "nd", "sa") if name in elements)
    if "nd" in elements:
        code = code.replace("-SA", "")
    if version is None:
        return f"LicenseRef-CC-{code}-unspecified"
    version = version.replace("-", ".").replace("p", ".") if len(version) > 1 else f"{version}.0"
    base = f"CC-{code}-{version}"
    suffix = _PORTS.get((port or "").lower(), (port or "").upper() if len(port or "") == 2 else "")
    known = spdx.ids()
    if suffix and (ported := known.get(f"{base}-{suffix}".lower())):
        return ported
    return known.get(base.lower(), f"LicenseRef-{base}")


def unported(license_id: str) -> str:
    """The id of the license a port or an unspecified version stands for, for finding its family."""
    match = re.fullmatch(
        r"LicenseRef-(CC-BY(?:-NC)?(?:-ND|-SA)?)-(?:unspecified|([1-4]\.[05])(?:-[A-Z]{2,3})?)", license_id
    )
    return f"{match[1]}-{match[2] or '1.0'}" if match else license_id


def names_in(shadow: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, license id) for every name of a Creative Commons license."""
    end_of_last = 0
    for trigger in _TRIGGER.finditer(shadow):
        if trigger.start() < end_of_last:
            continue
        found = _parse(shadow, trigger.start())
        if found is not None:
            end_of_last = found[1]
            yield found


def _parse(shadow: str, start: int) -> tuple[int, int, str] | None:
    elements: set[str] = set()
    version = port = None
    cc = zero = closed = False
    at = end = start
    while (token := _TOKEN.match(shadow, at)) is not None:
        kind = token.lastgroup
        if kind == "cc":
            if cc and (elements or zero):
                break
            cc = True
        elif kind == "zero":
            cc = cc or token.group() == "cczero"
            if elements or not cc:
                break
            zero = zero or token.group() != "universal"
        elif kind == "version":
            if version is not None:
                break
            version = token.group()
            closed = bool(elements)
        elif kind == "port":
            if version is None:
                break
            port = token.group()
        elif kind != "filler":
            # "CC BY 4.0, NonCommercial use …" starts something new; "CC 4.0 BY-NC" does not.
            if closed:
                break
            elements.add(str(kind))
        end = token.end()
        separator = _SEPARATOR.match(shadow, end)
        at = separator.end() if separator else end
    if zero:
        return None if _LONGER_WORD.match(shadow, end) else (start, end, "CC0-1.0")
    if not elements:
        # "cc" alone is a word like others.
        return (start, end, UNSPECIFIED) if cc and end - start > 2 else None
    if not cc and elements == {"by"} and version is None:
        # "attribution" alone is a word, "Attribution License" hardly more.
        return None
    tail = _OTHER_TAIL.match(shadow, end)
    if version is None and tail is not None:
        # "CC BY-XX", "CC BY 5.0": not one of the licenses there are.
        return start, tail.end(), "LicenseRef-CC-other"
    return start, end, license_id(frozenset(elements), version, port)


def id_of_url(match: re.Match[str]) -> str:
    """The license id for a match of URL."""
    if match["zero"]:
        return "CC0-1.0"
    if match["mark"] or match["old"]:
        return "CC-PDM-1.0" if match["mark"] else "CC-PDDC"
    elements = frozenset(match["code"].split("-"))
    port = match["port"] if match["port"] not in _NOT_PORTS else None
    return license_id(elements, match["version"], port)

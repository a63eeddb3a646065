"""The grammar of GNU license names: which license, which version, "or later" or not.

A GNU license named without a version means every version ever published: the license texts say so
themselves (GPL-2.0 section 9, GFDL-1.2 section 10). That is `…-or-later` of the first one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = re.compile(
    r"(?<![\w])(?:(?P<agpl>(?:gnu[\s-]{1,3})?affero[\s-]{1,3}(?:gnu[\s-]{1,3})?(?:general[\s-]{1,3})?public[\s-]{1,3}licen[sc]e|agpl)"
    r"|(?P<lgpl>(?:gnu[\s-]{1,3})?(?:library|lesser)(?:[\s-]{1,3}(?:or|/)[\s-]{1,3}(?:library|lesser))?[\s-]{1,3}(?:gnu[\s-]{1,3})?(?:general[\s-]{1,3})?public[\s-]{1,3}licen[sc]e|lgpl(?!-?lr\b))"
    r"|(?P<gfdl>(?:gnu[\s-]{1,3})?free[\s-]{1,3}documentation[\s-]{1,3}licen[sc]e|gnu[\s-]{1,3}fdl|gfdl)"
    r"|(?P<gpl>(?:gnu[\s-]{1,3})?general[\s-]{1,3}public[\s-]{1,3}licen[sc]e|(?:gnu[\s-]{1,3})?gpl|gnu[\s-]{1,3}(?:public[\s-]{1,3})?licen[sc]e))"
    r"s?(?![a-uw-z])"
)
_VERSION = re.compile(
    r"(?:[\s,;:()\"'_-]|licen[sc]e[sd]?\b|\((?:gnu )?[al]?(?:gpl|gfdl)\)|as published by the free software foundation|either\b|under\b|of\b|the\b|terms\b|its\b|by\b){0,24}?"
    r"(?:v|ver\.?|version|versions)?[\s.]{0,2}(?P<number>[1-3](?:\.[0-9])?)(?![0-9]|\.[0-9])"
    r"(?P<later>\s?\+|(?: of (?:the|this) licen[sc]e)?[\s,;)]{0,4}(?:or|and)[\s,(]{0,3}(?:at your (?:option|choice)[\s,)]{0,3})?(?:any|a|all)?[\s]?(?:later|newer|higher|above|subsequent)"
    r"|-or-later|[\s,(]{0,3}at your (?:option|choice)[\s,)]{0,3}any later)?"
)
_INVARIANTS = re.compile(r"[^.]{0,200}?with the invariant sections being|[^.]{0,40}?-invariants")
_NO_INVARIANTS = re.compile(r"[^.]{0,200}?(?:with )?no invariant")
_SHARED_VERSION = re.compile(r"\s{0,2}(?:or|and|/|,|&)\s{0,2}(?:the )?")
_VERSIONS = {
    "gpl": ("1.0", "2.0", "3.0"),
    "lgpl": ("2.0", "2.1", "3.0"),
    "agpl": ("1.0", "3.0"),
    "gfdl": ("1.1", "1.2", "1.3"),
}
_WORDS = ("gpl", "gfdl", "fdl", "public licen", "public-licen", "gnu", "documentation")
ANY_VERSION = {
    "LicenseRef-GPL-unspecified": "GPL-1.0-or-later",
    "LicenseRef-LGPL-unspecified": "LGPL-2.0-or-later",
    "LicenseRef-AGPL-unspecified": "AGPL-1.0-or-later",
    "LicenseRef-GFDL-unspecified": "GFDL-1.1-or-later",
}
"""What a name without a version stands for when no version is stated elsewhere."""


def names_in(shadow: str) -> Iterator[tuple[int, int, str]]:
    """GNU licenses in a shadowed text as (start, end, id)."""
    if not any(word in shadow for word in _WORDS):
        return
    found = [(match, str(match.lastgroup)) for match in _NAME.finditer(shadow)]
    versions = [_version(shadow, match.end(), kind) for match, kind in found]
    for index, (match, kind) in enumerate(found):
        end, number, later = versions[index]
        if number is None and index + 1 < len(found):
            # "GPL or LGPL version 2": the version is said once for both.
            gap = _SHARED_VERSION.fullmatch(shadow, match.end(), found[index + 1][0].start())
            _, other, other_later = versions[index + 1]
            if gap and other in _VERSIONS[kind]:
                number, later = other, other_later
        if number is None:
            yield match.start(), match.end(), f"LicenseRef-{kind.upper()}-unspecified"
            continue
        name = f"{kind.upper()}-{number}"
        if kind == "gfdl" and not _NO_INVARIANTS.match(shadow, end) and _INVARIANTS.match(shadow, end):
            name += "-invariants"
        yield match.start(), end, f"{name}-{'or-later' if later else 'only'}"


def _version(shadow: str, at: int, kind: str) -> tuple[int, str | None, bool]:
    match = _VERSION.match(shadow, at)
    if match is None:
        return at, None, False
    number = match["number"]
    if "." not in number:
        number += ".0" if kind != "gfdl" else ".1"
    if number not in _VERSIONS[kind]:
        return at, None, False
    return match.end(), number, bool(match["later"])

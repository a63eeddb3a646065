"""Licenses of another day: not begun at the look, or named with their end."""

from __future__ import annotations

import re
from dataclasses import replace

from domain.reading import Finding, FindingKind, Subject

_ENDS = re.compile(
    r"\A[^.;,]{0,25}?\b(?:until|till|through|bis|jusqu'au|jusqu'en|hasta)\b[^.;,\d]{0,15}(?:\d|jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec|further|the end)"
)


def ends(after: str) -> bool:
    """Whether the shadowed words behind a license's name say until when it holds. What is to end has a
    tightening to come, and one that is to come counts at once."""
    return _ENDS.match(after) is not None


def of_another_day(finding: Finding, note: str) -> Finding:
    """A license that has not begun, or that is to end: it grants nothing, and only what it forbids is heard."""
    forbids = finding.rights.only_prohibited()
    if not forbids.speaks:
        return replace(finding, scope=replace(finding.scope, subject=Subject.OTHER), note=note)
    rule = "clause/license_of_another_day"
    return replace(finding, kind=FindingKind.CLAUSE, rule=rule, license=None, rights=forbids, duties=(), note=note)

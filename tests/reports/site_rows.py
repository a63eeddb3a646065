"""The hand-made house with its history, for the site: two texts, a change between them, and a hostile twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from assessment_rows import CATALOG, POLICY, SEEN, change, decisions, fact

from domain.deciding import Decision
from domain.history import TierStep, Version
from domain.reading import Finding, FindingKind, Reading
from domain.rights import Right, Rights
from domain.vocabulary import Basis, Origin, Purpose, RightValue, Tier
from reports.site.rows import SiteRows

BEFORE = "Graph data. You may use it for any purpose. Write to us with questions."
AFTER = "Graph data. You may use it for non-commercial purposes. Write to us with questions."
PAGE = "https://graph.example.org/license"

HOSTILE = (
    "\"'></style></script></title></textarea><!--<script>window.hit=1</script><img src=x onerror=window.hit=2>"
    "<svg onload=window.hit=3><a href=javascript:window.hit=4>{{7*7}}{% raw %}${7*7}`x`&lt;b&gt;&#60;i&#62; "
    "$\\frac{1}{0}$ "
    "\x1b[31m\u202e\ud800\x00]]> -->"
)
VISIBLE = "<script>window.hit=1</script><img src=x onerror=window.hit=2><svg onload=window.hit=3>"
"""A part of `HOSTILE` that a page must show as words."""


def version(version_id: str, text: str, license_id: str, **changed: object) -> Version:
    words = "for any purpose" if "any purpose" in text else "for non-commercial purposes"
    start = text.index(words)
    purpose = Purpose.ANY if "any" in words else Purpose.NON_COMMERCIAL
    finding = Finding(
        kind=FindingKind.CLAUSE,
        rule="clause/purpose",
        quote=words,
        start=start,
        end=start + len(words),
        rights=Rights(train_model=Right(RightValue.PERMITTED, Basis.STATED, purpose)),
    )
    reading = Reading(
        reader="r1",
        text=text,
        located=((0, len(text)),),
        findings=(finding,),
        licenses=(license_id,),
        expression=license_id,
        rights=finding.rights,
    )
    given: dict[str, Any] = {
        "version_id": version_id,
        "watch_id": "graph_core/license/00000000",
        "source_id": "graph_core",
        "url": PAGE,
        "sha256": version_id[0] * 64,
        "seen_at": SEEN,
        "origin": Origin.DIRECT,
        "reading": reading,
    }
    return Version(**{**given, **changed})


def _with_words(decision: Decision) -> Decision:
    """The decision about `graph_core` rests on the words of its newer version, too."""
    if decision.source_id != "graph_core":
        return decision
    first = decision.evidence[0]
    words = replace(first, quote="for non-commercial purposes", rule="clause/purpose", license=None, sha256="b" * 64)
    return replace(decision, evidence=(*decision.evidence, words))


def rows(**changed: Any) -> SiteRows:
    old = version("v1", BEFORE, "CC0-1.0", seen_at=datetime(2021, 1, 4, tzinfo=UTC), sha256="a" * 64)
    new = version("v2", AFTER, "CC-BY-NC-4.0", sha256="b" * 64)
    given: dict[str, Any] = {
        "catalog": CATALOG,
        "decisions": [_with_words(decision) for decision in decisions()],
        "policy": POLICY,
        "facts": [fact()],
        "changes": [change(), change(change_id="change-2", confirmed=False, source_id="sounds_audio")],
        "problems_of_looking": {"sounds_audio": "not looked at yet (https://sounds.example.org)"},
        "pages_looked_at": 2,
        "pages_total": 3,
        "versions": [old, new],
        "accepted": [new],
        "tier_steps": [
            TierStep(
                source_id="graph_core",
                at=datetime(2021, 1, 5, tzinfo=UTC),
                before=None,
                after=Tier.RESEARCH_ONLY,
                cause="first",
            ),
            TierStep(
                source_id="graph_core",
                at=datetime(2023, 5, 21, tzinfo=UTC),
                before=Tier.RESEARCH_ONLY,
                after=Tier.PRODUCTION_APPROVED,
                cause="review",
            ),
        ],
    }
    return SiteRows(**{**given, **changed})


def hostile_rows() -> SiteRows:
    """The same rows with an attack in front of every string of every object, ids and addresses included."""
    changed: SiteRows = _poisoned(rows())
    return changed


def _poisoned(value: Any) -> Any:
    if isinstance(value, Enum | datetime | date):
        return value
    if isinstance(value, str):
        return HOSTILE + value
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.init]
        return replace(value, **{name: _poisoned(getattr(value, name)) for name in names})
    if isinstance(value, Mapping):
        return {_poisoned(key): _poisoned(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_poisoned, value))
    if isinstance(value, list):
        return list(map(_poisoned, value))
    return value

"""What the assessment is made of: whatever would show in it moves the digest, another look alone does not."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from inspect import signature
from typing import Any

import pytest
from assessment_rows import CATALOG, LOOKED, NOT_LOOKED_AT, POLICY, SEEN, change, decisions, fact

from domain.deciding import Decision, Review
from domain.history import TierStep
from domain.reading import Contradiction
from domain.vocabulary import Determination, Duty, EvidenceGrade, SpeaksFor, Tier
from reports.assessment import assessment_parts
from reports.document_inputs import inputs_digest

REVIEW = Review(source_id="graph_core", role="legal", by="A. Person", reason="read it", made_on=date(2026, 11, 1))
STEP = TierStep(source_id="graph_core", at=SEEN, before=None, after=Tier.PRODUCTION_APPROVED, cause="first")


def shown(**changed: object) -> dict[str, Any]:
    """All that an assessment shows."""
    fields: dict[str, Any] = {
        "catalog": CATALOG,
        "decisions": decisions(),
        "policy": POLICY,
        "facts": [],
        "changes": [],
        "problems_of_looking": {},
        "pages_looked_at": 3,
        "pages_total": 3,
        "reviews": [],
        "entitlements": [],
        "tier_steps": [],
        "stated": {},
        "at": LOOKED,
    }
    return {**fields, **changed}


def with_first(**changed: object) -> list[Decision]:
    first, *others = decisions()
    return [replace(first, **changed), *others]  # type: ignore[arg-type]


def test_nothing_that_is_shown_is_left_out() -> None:
    assert set(shown()) == set(signature(assessment_parts).parameters)


@pytest.mark.parametrize(
    "changed",
    [
        {"catalog": replace(CATALOG, sha256="1" * 64)},
        {"policy": replace(POLICY, sha256="1" * 64)},
        {"facts": [fact()]},
        {"changes": [change()]},
        {"problems_of_looking": {"graph_core": "not looked at yet"}},
        {"pages_looked_at": 2},
        {"pages_total": 4},
        {"reviews": [REVIEW]},
        {"entitlements": ["one"]},
        {"tier_steps": [STEP]},
        {"stated": {"graph_core": "words"}},
        {"decisions": decisions()[1:]},
        {"decisions": with_first(verified_at=None)},
        {"at": SEEN - timedelta(days=1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_is_shown_moves_the_digest(changed: dict[str, object]) -> None:
    assert inputs_digest(**shown(**changed)) != inputs_digest(**shown())


OTHERWISE: dict[str, object] = {
    "source_id": "other",
    "dataset_id": "other",
    "layer": "audio",
    "license_declared": "MIT",
    "license_concluded": "MIT",
    "determination": Determination.PROHIBITED_UNCLEAR,
    "tier": Tier.BLOCKED,
    "tier_if_verified": Tier.BLOCKED,
    "gates": (NOT_LOOKED_AT,),
    "rights": "others",
    "duties": (Duty.PAY,),
    "evidence": (),
    "evidence_grade": EvidenceGrade.D,
    "authority": SpeaksFor.AGGREGATOR,
    "effort": "more",
    "phase": "9",
    "adoption_rank": 99,
    "contradictions": (Contradiction(None, "free", "not free", "two pages"),),
    "notes": ("a note",),
    "first_seen": SEEN - timedelta(days=9),
    "decided_by": "review: legal",
    "reasons": ("another",),
}
FRESHNESS: dict[str, object] = {
    "verified_at": LOOKED + timedelta(days=1),
    "valid_until": LOOKED + timedelta(days=181),
    "looks": {"watch": LOOKED + timedelta(days=1)},
}


def test_every_field_of_a_decision_is_tried() -> None:
    assert {*OTHERWISE, *FRESHNESS} == {field.name for field in fields(Decision)}


@pytest.mark.parametrize("name", OTHERWISE)
def test_every_field_of_a_decision_but_its_freshness_moves_the_digest(name: str) -> None:
    changed = with_first(**{name: OTHERWISE[name]})
    assert inputs_digest(**shown(decisions=changed)) != inputs_digest(**shown())


def test_another_look_moves_neither_the_digest_nor_the_document() -> None:
    later = shown(decisions=with_first(**FRESHNESS), at=LOOKED + timedelta(days=1))
    assert inputs_digest(**later) == inputs_digest(**shown())
    assert "".join(assessment_parts(**later)) == "".join(assessment_parts(**shown()))


def test_the_day_counts_where_something_was_recorded_later() -> None:
    early = datetime(2020, 1, 1, tzinfo=UTC)
    assert inputs_digest(**shown(at=early)) != inputs_digest(**shown(at=early + timedelta(days=1)))

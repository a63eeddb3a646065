"""What the shipped policy makes of the terms that are met most, and the document that shows it."""

from __future__ import annotations

import pytest
from policy_table import CASES, DOCUMENT, decision_of, row, with_table

from domain.vocabulary import Tier

PRODUCTION, RESEARCH, BLOCKED = (tier.value for tier in Tier)
NAMES = [case.name for case in CASES]

EXPECTED = {
    "CC0": (PRODUCTION, "none", "permitted for any purpose"),
    "PDDL": (PRODUCTION, "none", "permitted for any purpose"),
    "CC BY 4.0": (RESEARCH, "needs_attribution", "demands attribution"),
    "CC BY 3.0 on a database": (RESEARCH, "needs_attribution, (database_right)", "demands attribution"),
    "CC BY-SA 4.0": (RESEARCH, "needs_attribution, share_alike_scope", "demands attribution"),
    "ODbL": (RESEARCH, "needs_attribution, share_alike_scope", "demands attribution"),
    "CC BY-ND 4.0": (BLOCKED, "determination, needs_attribution", "train_model is not mentioned"),
    "CC BY-NC 4.0": (RESEARCH, "determination, needs_attribution", "commercial_use is prohibited"),
    "CC BY-NC-ND 4.0": (BLOCKED, "determination, needs_attribution", "train_model is not mentioned"),
    "GPL on data": (RESEARCH, "copyleft_counsel", "copyleft written for software"),
    "MIT on data": (PRODUCTION, "none", "permitted for any purpose"),
    "RAIL": (BLOCKED, "use_restrictions, production_requires_review", "forbids a list of uses"),
    "custom, research only": (RESEARCH, "determination", "limited to scientific_research"),
    "academic only": (BLOCKED, "determination, not_eligible", "others than a company"),
    "silent": (BLOCKED, "determination", "absence is not permission"),
    "license of every item, least unknown": (BLOCKED, "determination", "the least of them is not known"),
    "license of every item, each for research at least": (RESEARCH, "item_allowlist", "list of checked licenses"),
    "personal data under CC0": (BLOCKED, "privacy_assessment", "no license permits"),
    "weights, training audio silent": (PRODUCTION, "(upstream_trained_on)", "permitted for any purpose"),
    "weights, training audio forbidden": (RESEARCH, "upstream_trained_on", "trained on crawled audio"),
    "CC0 as a redistributor's tag": (RESEARCH, "authority", "cannot grant the right"),
}


def test_every_case_has_an_expectation() -> None:
    assert list(EXPECTED) == NAMES


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_policy_decides_as_a_lawyer_of_the_house_would(case) -> None:  # type: ignore[no-untyped-def]
    tier, gates, reason = EXPECTED[case.name]
    _, got_tier, got_gates, got_reason = row(case)
    assert (got_tier, got_gates) == (tier, gates)
    assert reason in got_reason
    assert decision_of(case).tier_if_verified.value == tier


def test_the_document_shows_what_the_policy_decides() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == with_table(document), "run `python tests/scoring/policy_table.py`"

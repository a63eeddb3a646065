"""What reviews and agreements close, and what they cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from scoring_cases import (
    CC0_RIGHTS,
    FAMILIES,
    PERMITTED,
    STATED_NO,
    gate,
    judge,
    names,
    policy,
    reading,
    review,
    seen,
    source,
)

from domain.catalog import Derivation
from domain.deciding import Entitlement
from domain.rights import Right, Rights
from domain.vocabulary import (
    Basis,
    DerivationFlow,
    Determination,
    EvidenceGrade,
    GateKind,
    Layer,
    Origin,
    Purpose,
    SpeaksFor,
    Tier,
)

PRODUCTION, RESEARCH, BLOCKED = Tier
WORDS = "The data is licensed under LicenseRef-RAIL."
AGREEMENT = Entitlement(
    source_id="tunes", licensor="L", reference="R-1", scope="training", quote="may train", rights=CC0_RIGHTS,
    signed_on=date(2026, 1, 1), expires=date(2026, 12, 31), approved_by="O", approved_on=date(2026, 1, 2), counsel="C",
)  # fmt: skip


def test_counsel_maps_forbidden_uses_to_the_product_and_the_determination_stays() -> None:
    page = seen(reading("LicenseRef-RAIL"))
    mapping = review("use_restrictions", "production_requires_review", quote=WORDS)
    decision = judge(source(), page, reviews=[mapping])
    assert (decision.tier, decision.determination) == (PRODUCTION, Determination.PROHIBITED_UNCLEAR)
    assert decision.decided_by == "review of a block: counsel"
    for worthless in (
        replace(mapping, role="owner"),
        replace(mapping, quote=None),
        replace(mapping, quote="licensed under Llama"),
        replace(mapping, closes=("determination", "production_requires_review")),
        replace(mapping, expires=date(2026, 10, 31)),
        replace(mapping, made_on=date(2026, 11, 2)),
        replace(mapping, source_id="other"),
    ):
        assert judge(source(), page, reviews=[worthless]).tier is BLOCKED


def test_a_quote_must_stand_as_whole_words_and_in_the_change_that_waits() -> None:
    page = reading(None, rights=CC0_RIGHTS, licenses=("LicenseRef-Own",), text="You may train. No notice is needed.")
    good, part = (review("production_requires_review", quote=quote) for quote in ("you may  TRAIN", "o not"))
    assert judge(source(), seen(page), reviews=[good]).tier is PRODUCTION
    assert judge(source(), seen(page), reviews=[part]).tier is RESEARCH
    waiting = seen(page, pending=replace(page, text="Ask us first. No notice is needed."))
    decision = judge(source(), waiting, reviews=[good])
    assert decision.tier is RESEARCH
    assert any("suspended" in reason for reason in decision.reasons)


def test_only_counsel_rules_on_share_alike_and_nobody_on_a_missing_capability() -> None:
    page, able = seen(reading("CC-BY-SA-4.0")), policy(attribution=True)
    assert judge(source(), page, house=able, reviews=[review("share_alike_scope")]).tier is PRODUCTION
    assert judge(source(), page, house=able, reviews=[review("share_alike_scope", role="owner")]).tier is RESEARCH
    decision = judge(source(), seen(reading("CC-BY-4.0")), reviews=[review("needs_attribution")])
    assert decision.tier is RESEARCH
    assert any("no review can" in reason for reason in decision.reasons)


def test_the_scope_of_a_review_is_printed_beside_the_tier() -> None:
    page, able = seen(reading("CC-BY-SA-4.0")), policy(attribution=True)
    decision = judge(source(), page, house=able, reviews=[review("share_alike_scope", scope="embeddings only")])
    assert gate(decision, "review_scope").kind is GateKind.CONDITION
    assert "embeddings only" in gate(decision, "review_scope").reason


@pytest.mark.parametrize(
    ("made_on", "quote", "tier"),
    [
        (date(2026, 10, 9), "licensed under CC0-1.0", RESEARCH),
        (date(2026, 10, 10), "licensed under CC0-1.0", PRODUCTION),
        (date(2026, 10, 10), "The data is licensed", RESEARCH),
        (date(2026, 10, 11), "The data is licensed", PRODUCTION),
        (date(2026, 10, 11), None, RESEARCH),
    ],
)
def test_a_widening_is_covered_only_by_a_review_made_after_it(made_on: date, quote: str | None, tier: Tier) -> None:
    page = seen(
        reading("CC0-1.0"),
        widened_unreviewed=True,
        widened_at=datetime(2026, 10, 10, 8, tzinfo=UTC),
        text_before="The data is licensed under CC-BY-NC-4.0.",
    )
    filed = review("widening_unreviewed", made_on=made_on, quote=quote)
    assert judge(source(), page, reviews=[filed]).tier is tier


def test_every_widened_page_needs_its_own_review() -> None:
    wide = {"widened_unreviewed": True, "widened_at": datetime(2026, 9, 1, tzinfo=UTC)}
    one = seen(reading("CC0-1.0"), **wide)
    two = seen(reading("CC0-1.0", text="All of it: CC0-1.0."), url="https://example.org/b", **wide)
    filed = review("widening_unreviewed", quote="The data is licensed under CC0-1.0.")
    assert judge(source(), one, reviews=[filed]).tier is PRODUCTION
    assert judge(source(), one, two, reviews=[filed]).tier is RESEARCH


def test_an_agreement_reaches_as_far_as_its_rights_and_counsel_carry_it() -> None:
    page = seen(reading("CC-BY-ND-4.0"))

    def under(agreement: Entitlement) -> Tier:
        return judge(source(), page, house=policy(attribution=True), entitlements=[agreement]).tier

    assert under(AGREEMENT) is PRODUCTION
    assert under(replace(AGREEMENT, counsel=None)) is RESEARCH
    research = Right(PERMITTED.value, Basis.STATED, Purpose.SCIENTIFIC_RESEARCH)
    assert (
        under(replace(AGREEMENT, rights=Rights(train_model=research, reproduce=research, derive=research))) is RESEARCH
    )
    assert under(replace(AGREEMENT, rights=Rights(commercial_use=PERMITTED))) is BLOCKED
    assert under(replace(AGREEMENT, rights=replace(CC0_RIGHTS, commercial_use=STATED_NO))) is RESEARCH
    assert under(replace(AGREEMENT, source_id="other")) is BLOCKED


def test_an_agreement_is_shown_as_what_it_is_and_leaves_the_terms_as_they_are() -> None:
    page = seen(reading("CC-BY-ND-4.0"))
    decision = judge(source(), page, house=policy(attribution=True), entitlements=[AGREEMENT])
    assert (decision.evidence_grade, decision.authority) == (EvidenceGrade.E, SpeaksFor.RIGHTS_HOLDER)
    assert decision.decided_by.startswith("entitlement:")
    assert decision.determination is Determination.PROHIBITED_UNCLEAR
    assert decision.valid_until == datetime(2027, 1, 1, tzinfo=UTC)
    assert decision.evidence[0].quote == "may train"
    assert "until 2026-12-31" in gate(decision, "entitlement_scope").reason
    ended = judge(source(), page, entitlements=[AGREEMENT], now=datetime(2027, 1, 1, tzinfo=UTC))
    assert ended.tier is BLOCKED
    assert any("ended on 2026-12-31" in reason for reason in ended.reasons)


def test_an_agreement_on_the_upstream_does_not_travel() -> None:
    upstream = judge(
        replace(source(), id="up"),
        seen(reading("CC-BY-ND-4.0")),
        house=policy(attribution=True),
        entitlements=[replace(AGREEMENT, source_id="up")],
    )
    assert upstream.tier is PRODUCTION
    copied = source(derivation=(Derivation(upstream="up", flow=DerivationFlow.COPIES, note=""),))
    assert judge(copied, seen(reading("CC0-1.0")), upstream={"up": upstream}).tier is BLOCKED


def test_a_direct_look_with_an_independent_copy_is_grade_a_and_a_copy_alone_is_not() -> None:
    assert judge(source(), seen(reading("CC0-1.0"), archived=True)).evidence_grade is EvidenceGrade.A
    assert judge(source(), seen(reading("CC0-1.0"))).evidence_grade is EvidenceGrade.B
    copy = seen(reading("CC0-1.0"), origin=Origin.ARCHIVE, archived=True)
    assert (judge(source(), copy).evidence_grade, judge(source(), copy).tier) == (EvidenceGrade.C, RESEARCH)


def test_an_old_license_on_a_database_is_noted() -> None:
    older = replace(FAMILIES[0], no_database_right=("CC0-*",))
    house = replace(policy(), families=(older, *FAMILIES[1:]))
    page = seen(reading("CC0-1.0"))
    assert "database_right" not in names(judge(source(), page))
    decision = judge(source(), page, house=house)
    assert (decision.tier, gate(decision, "database_right").kind) == (PRODUCTION, GateKind.CONDITION)
    assert "database_right" not in names(judge(source(layer=Layer.AUDIO), page, house=house))

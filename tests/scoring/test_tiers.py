"""From evidence to a tier: licenses, duties, evidence, authority, privacy, derivation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from scoring_cases import (
    BY_RIGHTS,
    CC0_RIGHTS,
    GATES,
    NC_RIGHTS,
    NOW,
    PERMITTED,
    STATED_NO,
    all_of,
    claim,
    gate,
    judge,
    names,
    policy,
    reading,
    review,
    seen,
    source,
    watch,
)

from domain.catalog import Derivation, Hosting, Privacy, Source
from domain.deciding import WatchEvidence
from domain.reading import LayerReading, PerItem
from domain.rights import Right, Rights
from domain.vocabulary import (
    Assignee,
    Availability,
    Basis,
    Confidence,
    DerivationFlow,
    Determination,
    Duty,
    EvidenceGrade,
    GateKind,
    Layer,
    Origin,
    PersonalData,
    Purpose,
    RightValue,
    SpeaksFor,
    Tier,
)

PRODUCTION, RESEARCH, BLOCKED = Tier


@pytest.mark.parametrize(
    ("license_id", "tier", "gates"),
    [
        ("CC0-1.0", PRODUCTION, set()),
        ("CC-BY-4.0", RESEARCH, {"needs_attribution"}),
        ("CC-BY-SA-4.0", RESEARCH, {"needs_attribution", "share_alike_scope"}),
        ("ODbL-1.0", RESEARCH, {"needs_attribution", "share_alike_scope"}),
        ("CC-BY-NC-4.0", RESEARCH, {"determination", "needs_attribution"}),
        ("CC-BY-ND-4.0", BLOCKED, {"determination", "needs_attribution"}),
        ("GPL-3.0-only", RESEARCH, {"copyleft_counsel"}),
        ("LicenseRef-RAIL", BLOCKED, {"use_restrictions", "production_requires_review"}),
        ("LicenseRef-Public-Domain", RESEARCH, {"authority"}),
        (None, BLOCKED, {"determination"}),
        ("Unknown-1.0", BLOCKED, {"determination"}),
    ],
)
def test_a_publishers_page_looked_at_yesterday(license_id: str | None, tier: Tier, gates: set[str]) -> None:
    decision = judge(source(), seen(reading(license_id)))
    assert (decision.tier, decision.tier_if_verified) == (tier, tier)
    assert names(decision) == gates
    assert decision.evidence_grade is EvidenceGrade.B
    assert decision.license_concluded == (license_id or "NOASSERTION")
    assert decision.decided_by == "machine"


def test_an_attribution_path_unlocks_cc_by() -> None:
    assert judge(source(), seen(reading("CC-BY-4.0")), house=policy(attribution=True)).tier is PRODUCTION


def test_a_capability_the_house_never_mentions_is_missing() -> None:
    page = reading("CC0-1.0", duties=(Duty.REPORT_USE,))
    decision = judge(source(), seen(page))
    assert decision.tier is RESEARCH
    assert gate(decision, "needs_report_use").reason == "no path for report_use"
    assert gate(decision, "needs_report_use").closes == "build report_use"


def test_public_domain_counts_from_the_rights_holder() -> None:
    page = reading("LicenseRef-Public-Domain")
    assert judge(source(), seen(page, speaks_for=SpeaksFor.RIGHTS_HOLDER)).tier is PRODUCTION


def test_use_restrictions_listed_only_as_a_duty_leave_training_unclear() -> None:
    decision = judge(source(), seen(reading("CC0-1.0", duties=(Duty.USE_RESTRICTIONS,))))
    assert (decision.tier, decision.determination) == (BLOCKED, Determination.PROHIBITED_UNCLEAR)


# ------------------------------------------------------------------ never looked at


def test_never_looked_at_the_quoted_claims_count_and_say_what_a_look_would_bring() -> None:
    decision = judge(source(claim("CC0-1.0")), seen(None))
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, PRODUCTION)
    assert names(decision) == {"not_looked_at"}
    assert decision.determination is Determination.PRODUCTION_COMMERCIAL
    assert (decision.license_declared, decision.license_concluded) == ("CC0-1.0", "NOASSERTION")
    assert decision.evidence_grade is EvidenceGrade.D
    assert decision.verified_at is None
    assert decision.valid_until is None
    assert [item.quote for item in decision.evidence] == ["under CC0-1.0"]


def test_an_unquoted_claim_grants_nothing_but_is_what_a_look_would_confirm() -> None:
    decision = judge(source(claim("CC0-1.0", quote=None, confidence=Confidence.UNVERIFIED)))
    assert (decision.tier, decision.tier_if_verified) == (BLOCKED, PRODUCTION)


def test_an_unquoted_claim_still_narrows_a_quoted_one() -> None:
    decision = judge(source(claim("CC0-1.0"), claim("CC-BY-NC-4.0", quote=None)))
    assert decision.tier_if_verified is RESEARCH
    assert decision.rights.commercial_use.value is RightValue.CONTRADICTORY


@pytest.mark.parametrize(
    ("license_id", "verified"),
    [("CC-BY-NC-4.0", RESEARCH), ("CC-BY-ND-4.0", BLOCKED), ("Unknown-1.0", BLOCKED), ("NOASSERTION", BLOCKED)],
)
def test_a_look_cannot_bring_more_than_the_claim(license_id: str, verified: Tier) -> None:
    assert judge(source(claim(license_id))).tier_if_verified is verified


def test_nothing_claimed_and_nothing_seen_is_blocked_with_a_reason() -> None:
    decision = judge(source(watches=()))
    assert (decision.tier, decision.tier_if_verified) == (BLOCKED, BLOCKED)
    assert decision.evidence_grade is None
    assert any("claims nothing" in reason for reason in decision.reasons)


def test_a_claim_counts_with_the_authority_of_the_page_that_is_to_confirm_it() -> None:
    hub = source(claim("CC0-1.0"), watches=(watch(speaks_for=SpeaksFor.REDISTRIBUTOR),))
    assert judge(hub).tier_if_verified is RESEARCH
    assert judge(source(claim("CC0-1.0"), watches=())).tier_if_verified is RESEARCH


def test_a_suspect_reading_never_counts() -> None:
    wall = seen(reading("CC0-1.0", suspect="login wall"))
    decision = judge(source(), wall)
    assert decision.tier is BLOCKED
    assert "login wall" in gate(decision, "not_looked_at").reason
    narrowing = seen(reading("CC0-1.0"), pending=reading("CC-BY-NC-4.0", suspect="parked"))
    assert judge(source(), narrowing).tier is PRODUCTION


def test_a_claim_never_widens_what_was_looked_at() -> None:
    decision = judge(source(claim("CC0-1.0")), seen(reading(None)))
    assert (decision.tier, decision.tier_if_verified) == (BLOCKED, BLOCKED)


# ------------------------------------------------------------------ evidence


@pytest.mark.parametrize(
    ("origin", "grade", "tier"),
    [
        (Origin.DIRECT, EvidenceGrade.B, PRODUCTION),
        (Origin.RECORDING, EvidenceGrade.B, PRODUCTION),
        (Origin.ARCHIVE, EvidenceGrade.C, RESEARCH),
        (Origin.IMPORT, EvidenceGrade.E, RESEARCH),
        (None, EvidenceGrade.D, RESEARCH),
    ],
)
def test_only_a_direct_look_approves(origin: Origin | None, grade: EvidenceGrade, tier: Tier) -> None:
    decision = judge(source(), seen(reading("CC0-1.0"), origin=origin))
    assert (decision.evidence_grade, decision.tier) == (grade, tier)
    assert decision.tier_if_verified is PRODUCTION


def test_evidence_ages() -> None:
    at_limit, past = seen(reading("CC0-1.0"), days_ago=180), seen(reading("CC0-1.0"), days_ago=180.1)
    assert judge(source(), at_limit).tier is PRODUCTION
    decision = judge(source(), past)
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, PRODUCTION)
    assert decision.valid_until is not None
    assert decision.valid_until < NOW


def test_a_reading_of_unknown_age_is_stale() -> None:
    undated = replace(seen(reading("CC0-1.0")), last_look_at=None)
    assert "evidence_stale" in names(judge(source(), undated))


def test_the_age_is_that_of_the_look_that_supports_the_conclusion() -> None:
    old = seen(reading("CC0-1.0"), days_ago=400)
    fresh_but_elsewhere = seen(reading(None, rights=Rights(evaluate=PERMITTED)), url="https://example.org/faq")
    assert "evidence_stale" in names(judge(source(), old, fresh_but_elsewhere))
    fresh_archive = seen(reading("CC0-1.0"), url="https://archive.example/a", origin=Origin.ARCHIVE)
    assert judge(source(), old, fresh_archive).tier is RESEARCH
    assert judge(source(), old, seen(reading("CC0-1.0"), url="https://example.org/b")).tier is PRODUCTION


def test_where_two_looks_are_needed_the_older_decides() -> None:
    use = reading(None, rights=Rights(reproduce=PERMITTED, derive=PERMITTED, train_model=PERMITTED))
    sell = reading(None, rights=Rights(commercial_use=PERMITTED))
    decision = judge(
        source(), seen(use, url="https://example.org/use", days_ago=300), seen(sell, url="https://example.org/sell")
    )
    assert decision.determination is Determination.PRODUCTION_COMMERCIAL
    assert decision.verified_at == NOW - timedelta(days=300)
    assert {"evidence_stale", "production_requires_review"} <= names(decision)


# ------------------------------------------------------------------ authority


@pytest.mark.parametrize("voice", [SpeaksFor.REDISTRIBUTOR, SpeaksFor.AGGREGATOR, SpeaksFor.HOUSE])
def test_who_cannot_grant_never_approves(voice: SpeaksFor) -> None:
    decision = judge(source(), seen(reading("CC0-1.0"), speaks_for=voice))
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, RESEARCH)
    assert "authority" in names(decision)


def test_a_mirror_narrows_the_publisher_and_never_widens() -> None:
    mirror = {"url": "https://hub.example/tunes", "speaks_for": SpeaksFor.REDISTRIBUTOR}
    narrowed = judge(source(), seen(reading("CC0-1.0")), seen(reading("CC-BY-NC-4.0"), **mirror))
    assert narrowed.tier is RESEARCH
    assert "contradiction" in names(narrowed)
    assert judge(source(), seen(reading("CC-BY-NC-4.0")), seen(reading("CC0-1.0"), **mirror)).tier is RESEARCH
    half = reading(None, rights=Rights(evaluate=PERMITTED))
    assert judge(source(), seen(half), seen(reading("CC0-1.0"), **mirror)).tier is BLOCKED


def test_a_silent_page_takes_no_part() -> None:
    assert judge(source(), seen(reading("CC0-1.0")), seen(reading(None), url="https://example.org/")).tier is PRODUCTION


# ------------------------------------------------------------------ who may use it


@pytest.mark.parametrize(
    ("constraint", "house", "tier"),
    [
        (Assignee.ACADEMIC_INSTITUTION, Assignee.ANYONE, BLOCKED),
        (Assignee.ACADEMIC_INSTITUTION, Assignee.ACADEMIC_INSTITUTION, RESEARCH),
        (Assignee.NON_COMMERCIAL_ENTITY, Assignee.ANYONE, BLOCKED),
        (Assignee.NON_COMMERCIAL_ENTITY, Assignee.ACADEMIC_INSTITUTION, RESEARCH),
        (Assignee.NAMED_SIGNATORY, Assignee.ACADEMIC_INSTITUTION, BLOCKED),
        (Assignee.ANYONE, Assignee.ANYONE, RESEARCH),
    ],
)
def test_terms_for_others_are_research_only_for_the_world_and_blocked_for_us(
    constraint: Assignee, house: Assignee, tier: Tier
) -> None:
    grant = Right(RightValue.PERMITTED, Basis.INFERRED, Purpose.SCIENTIFIC_RESEARCH, constraint)
    terms = Rights(reproduce=grant, derive=grant, train_model=grant, commercial_use=STATED_NO)
    decision = judge(source(), seen(reading(None, rights=terms)), house=policy(assignee=house))
    assert decision.determination is Determination.RESEARCH_ONLY
    assert decision.tier is tier
    assert ("not_eligible" in names(decision)) is (tier is BLOCKED)


# ------------------------------------------------------------------ custom terms


def _custom(**more: object) -> tuple[Source, WatchEvidence]:
    page = reading(None, rights=CC0_RIGHTS, licenses=("LicenseRef-Own",), expression="LicenseRef-Own")
    return source(**more), seen(page)


def test_custom_terms_need_counsel_before_production() -> None:
    about, page = _custom()
    decision = judge(about, page)
    assert decision.determination is Determination.PRODUCTION_COMMERCIAL
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, RESEARCH)
    assert "LicenseRef-Own" in gate(decision, "production_requires_review").reason


def test_an_inferred_grant_and_a_flagged_source_need_counsel_too() -> None:
    inferred = all_of(Right(RightValue.PERMITTED, Basis.INFERRED))
    assert "production_requires_review" in names(judge(source(), seen(reading("CC0-1.0", rights=inferred))))
    assert "production_requires_review" in names(judge(source(custom_terms=True), seen(reading("CC0-1.0"))))


# ------------------------------------------------------------------ layers and items


def test_the_layer_of_the_watch_then_of_the_source_then_the_whole() -> None:
    page = reading(
        "CC-BY-NC-4.0",
        layers={Layer.METADATA: LayerReading(("CC0-1.0",), CC0_RIGHTS, ())},
    )
    assert judge(source(), seen(page)).license_concluded == "CC0-1.0"
    assert judge(source(layer=Layer.AUDIO), seen(page)).tier is RESEARCH
    assert judge(source(layer=Layer.AUDIO), seen(page, layer=Layer.METADATA)).tier is PRODUCTION


@pytest.mark.parametrize(
    ("per_item", "tier", "gates"),
    [
        (PerItem.UNKNOWN, BLOCKED, {"determination"}),
        (PerItem.ALL_AT_LEAST_RESEARCH, RESEARCH, {"item_allowlist"}),
    ],
)
def test_licenses_of_items(per_item: PerItem, tier: Tier, gates: set[str]) -> None:
    decision = judge(source(), seen(reading("CC0-1.0", per_item=per_item)))
    assert decision.determination is Determination.PROHIBITED_UNCLEAR
    assert (decision.tier, decision.tier_if_verified) == (tier, tier)
    assert names(decision) == gates


def test_no_list_of_items_helps_where_the_whole_forbids_training() -> None:
    terms = Rights(train_model=STATED_NO)
    assert judge(source(), seen(reading(None, rights=terms, per_item=PerItem.ALL_AT_LEAST_RESEARCH))).tier is BLOCKED


def test_the_floor_counts_from_a_publisher_only() -> None:
    page = seen(reading(None, per_item=PerItem.ALL_AT_LEAST_RESEARCH), speaks_for=SpeaksFor.REDISTRIBUTOR)
    assert judge(source(), page).tier is BLOCKED
    items = claim("LicenseRef-PerTrack", per_item=True, per_item_floor_research=True)
    assert judge(source(items)).tier is RESEARCH
    assert judge(source(items), seen(reading("CC0-1.0"))).tier is RESEARCH
    assert judge(source(replace(items, quote=None)), seen(reading("CC0-1.0"))).tier is BLOCKED
    assert judge(source(replace(items, speaks_for=SpeaksFor.AGGREGATOR))).tier is BLOCKED


# ------------------------------------------------------------------ unconfirmed changes


def test_a_pending_narrowing_caps_at_once_and_is_left_out_when_verified() -> None:
    page = seen(reading("CC0-1.0"), pending=reading("CC-BY-NC-4.0"))
    decision = judge(source(), page)
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, PRODUCTION)
    assert gate(decision, "change_unconfirmed").caps_at is RESEARCH
    assert decision.license_concluded == "CC0-1.0"


@pytest.mark.parametrize(
    ("pending", "tier"),
    [("CC-BY-ND-4.0", BLOCKED), (None, BLOCKED), ("CC-BY-4.0", RESEARCH), ("Unknown-1.0", BLOCKED)],
)
def test_the_cap_is_the_tier_of_the_narrower_reading(pending: str | None, tier: Tier) -> None:
    assert judge(source(), seen(reading("CC0-1.0"), pending=reading(pending))).tier is tier


def test_a_pending_widening_gains_nothing() -> None:
    decision = judge(source(), seen(reading("CC-BY-NC-4.0"), pending=reading("CC0-1.0")))
    assert decision.tier is RESEARCH
    assert gate(decision, "change_unconfirmed").kind is GateKind.CONDITION
    assert judge(source(), seen(reading(None), pending=reading("CC0-1.0"))).tier is BLOCKED


def test_a_pending_reading_of_a_page_never_accepted_only_narrows() -> None:
    first = seen(None, pending=reading("CC-BY-ND-4.0"))
    assert judge(source(claim("CC0-1.0")), first).tier is RESEARCH
    forbidding = reading(None, rights=all_of(STATED_NO))
    assert judge(source(claim("CC0-1.0")), seen(None, pending=forbidding)).tier is BLOCKED
    assert judge(source(), seen(None, pending=reading("CC0-1.0"))).tier is BLOCKED


def test_an_unread_widening_waits_for_a_review() -> None:
    decision = judge(source(), seen(reading("CC0-1.0"), widened_unreviewed=True))
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, RESEARCH)


# ------------------------------------------------------------------ circumstances


@pytest.mark.parametrize(
    ("personal", "tier", "gates"),
    [
        (PersonalData.NONE, PRODUCTION, set()),
        (PersonalData.PSEUDONYMOUS, PRODUCTION, {"privacy_pseudonymous"}),
        (PersonalData.IDENTIFYING, BLOCKED, {"privacy_assessment"}),
        (PersonalData.SPECIAL, BLOCKED, {"privacy_assessment"}),
    ],
)
def test_no_license_closes_privacy(personal: PersonalData, tier: Tier, gates: set[str]) -> None:
    decision = judge(source(privacy=Privacy(personal_data=personal)), seen(reading("CC0-1.0")))
    assert (decision.tier, names(decision)) == (tier, gates)


def test_no_benefit_no_approval() -> None:
    assert judge(source(production_benefit=False), seen(reading("CC0-1.0"))).tier is RESEARCH


def test_withdrawn_under_a_standard_license_is_a_condition_and_blocks_otherwise() -> None:
    gone = Hosting(status=Availability.WITHDRAWN, note="taken down in May")
    decision = judge(source(availability=gone), seen(reading("CC0-1.0")))
    assert (decision.tier, gate(decision, "withdrawn").kind) == (PRODUCTION, GateKind.CONDITION)
    about, page = _custom(availability=gone)
    assert judge(about, page).tier is BLOCKED


def test_notes_and_watch_troubles_are_conditions() -> None:
    page = reading("CC0-1.0", notes=("support_requested", "stated_intent: meant for research"))
    decision = judge(source(), seen(page, failing="503 three times", unstable=True))
    assert decision.tier is PRODUCTION
    assert names(decision) == {"support_requested", "stated_intent", "watch_failing", "watch_unstable"}
    assert decision.notes == page.notes


def test_a_reservation_never_counts_against_a_license_that_grants_training() -> None:
    assert judge(source(), seen(reading("CC0-1.0", notes=("reservation: tdm=1",)))).tier is PRODUCTION


def test_a_gate_policy_does_not_know_blocks() -> None:
    without = {name: rule for name, rule in GATES.items() if name != "no_benefit"}
    decision = judge(source(production_benefit=False), seen(reading("CC0-1.0")), house=policy(gates=without))
    assert decision.tier is BLOCKED
    assert "no_benefit" in gate(decision, "no_benefit").reason


# ------------------------------------------------------------------ derivation


def _derived(flow: DerivationFlow, *, prohibits: bool = False, upstream: str = "up") -> Source:
    return source(derivation=(Derivation(upstream=upstream, flow=flow, note="", upstream_prohibits=prohibits),))


@pytest.mark.parametrize(
    ("flow", "upstream_license", "tier"),
    [
        (DerivationFlow.COPIES, "CC0-1.0", PRODUCTION),
        (DerivationFlow.COPIES, "CC-BY-NC-4.0", RESEARCH),
        (DerivationFlow.JOINS, "CC-BY-ND-4.0", BLOCKED),
        (DerivationFlow.FILTERS, None, BLOCKED),
        (DerivationFlow.ANNOTATES, None, PRODUCTION),
        (DerivationFlow.LINKS, None, PRODUCTION),
        (DerivationFlow.COMPUTED_FROM, None, PRODUCTION),
        (DerivationFlow.IMPORTED_VIA_API, None, PRODUCTION),
        (DerivationFlow.TRAINED_ON, None, PRODUCTION),
        (DerivationFlow.TRAINED_ON, "CC-BY-NC-4.0", RESEARCH),
    ],
)
def test_upstream_rights_bind_by_flow(flow: DerivationFlow, upstream_license: str | None, tier: Tier) -> None:
    upstream = judge(replace(source(), id="up"), seen(reading(upstream_license)))
    decision = judge(_derived(flow), seen(reading("CC0-1.0")), upstream={"up": upstream})
    assert decision.tier is tier


@pytest.mark.parametrize(
    ("flow", "prohibits", "tier"),
    [
        (DerivationFlow.COPIES, False, RESEARCH),
        (DerivationFlow.COPIES, True, BLOCKED),
        (DerivationFlow.TRAINED_ON, False, PRODUCTION),
        (DerivationFlow.TRAINED_ON, True, RESEARCH),
        (DerivationFlow.COMPUTED_FROM, True, PRODUCTION),
    ],
)
def test_an_upstream_nobody_cleared(flow: DerivationFlow, prohibits: bool, tier: Tier) -> None:
    assert judge(_derived(flow, prohibits=prohibits), seen(reading("CC0-1.0"))).tier is tier


def test_what_a_look_upstream_would_bring_counts_when_verified_and_its_own_matters_do_not_travel() -> None:
    unseen = judge(replace(source(claim("CC0-1.0")), id="up"))
    decision = judge(_derived(DerivationFlow.COPIES), seen(reading("CC0-1.0")), upstream={"up": unseen})
    assert (decision.tier, decision.tier_if_verified) == (RESEARCH, PRODUCTION)
    useless = judge(replace(source(production_benefit=False), id="up"), seen(reading("CC0-1.0")))
    assert judge(_derived(DerivationFlow.COPIES), seen(reading("CC0-1.0")), upstream={"up": useless}).tier is PRODUCTION


# ------------------------------------------------------------------ contradictions


def test_two_pages_that_disagree_stand_side_by_side() -> None:
    decision = judge(source(), seen(reading("CC0-1.0")), seen(reading("CC-BY-NC-4.0"), url="https://example.org/terms"))
    assert decision.tier is RESEARCH
    (dispute,) = decision.contradictions
    assert "CC0-1.0" in dispute.wider
    assert "CC-BY-NC-4.0" in dispute.narrower
    assert gate(decision, "contradiction").caps_at is RESEARCH


@pytest.mark.parametrize(
    ("license_id", "tier"), [("CC-BY-NC-4.0", RESEARCH), ("CC-BY-ND-4.0", BLOCKED), ("LicenseRef-Paper", RESEARCH)]
)
def test_a_claim_that_contradicts_caps_whatever_its_grade(license_id: str, tier: Tier) -> None:
    paper = claim(license_id, contradicts="the paper says otherwise", quote=None, speaks_for=SpeaksFor.AGGREGATOR)
    decision = judge(source(claim("CC0-1.0"), paper), seen(reading("CC0-1.0")))
    assert (decision.tier, decision.tier_if_verified) == (tier, tier)
    assert "the paper says otherwise" in gate(decision, "contradiction").reason
    unseen = judge(source(claim("CC0-1.0"), paper))
    assert unseen.tier_if_verified is tier


@pytest.mark.parametrize("license_id", ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "LicenseRef-Paper"])
def test_the_narrower_statement_counts_in_rights_and_classification_until_a_person_rules(license_id: str) -> None:
    paper = claim(license_id, contradicts="the paper says otherwise", quote=None, speaks_for=SpeaksFor.AGGREGATOR)
    page = seen(reading("CC0-1.0"))
    disputed = judge(source(claim("CC0-1.0"), paper), page)
    assert disputed.determination is not Determination.PRODUCTION_COMMERCIAL
    assert disputed.rights != reading("CC0-1.0").rights
    ruling = review("contradiction", quote="licensed under CC0-1.0")
    ruled = judge(source(claim("CC0-1.0"), paper), page, reviews=[ruling])
    assert (ruled.determination, ruled.rights) == (Determination.PRODUCTION_COMMERCIAL, reading("CC0-1.0").rights)


def test_a_claim_that_contradicts_towards_more_gains_nothing() -> None:
    generous = claim("CC0-1.0", contradicts="the forum says CC0")
    decision = judge(source(generous), seen(reading("CC-BY-NC-4.0")))
    assert decision.tier is RESEARCH
    assert gate(decision, "contradiction").kind is GateKind.CONDITION


def test_quoted_words_of_the_publisher_about_the_whole_are_compared_and_others_are_not() -> None:
    page = seen(reading("CC0-1.0"))
    assert judge(source(claim("CC-BY-NC-4.0")), page).tier is RESEARCH
    assert judge(source(claim("CC-BY-ND-4.0")), page).tier is BLOCKED
    assert judge(source(claim("CC-BY-NC-4.0", scope="derived dump")), page).tier is PRODUCTION
    assert judge(source(claim("CC-BY-NC-4.0", quote=None)), page).tier is PRODUCTION
    assert judge(source(claim("CC-BY-NC-4.0", speaks_for=SpeaksFor.AGGREGATOR)), page).tier is PRODUCTION
    assert "contradiction" not in names(judge(source(claim("CC0-1.0")), page))


def test_evidence_names_page_bytes_and_words() -> None:
    page = seen(reading("CC-BY-4.0"))
    (item,) = judge(source(), page).evidence
    assert (item.url, item.sha256, item.at) == (page.watch.url, "a" * 64, page.first_seen)
    assert item.quote == "The data is licensed under CC-BY-4.0."
    assert (item.grade, item.authority, item.watch_id) == (EvidenceGrade.B, SpeaksFor.PUBLISHER, page.watch_id)


def test_rights_of_a_standard_license_are_carried_through() -> None:
    assert judge(source(), seen(reading("CC-BY-4.0"))).rights == BY_RIGHTS
    assert judge(source(claim("CC-BY-NC-4.0"))).rights == NC_RIGHTS

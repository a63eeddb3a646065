"""Whatever is added that limits, or taken away that proves, a tier never widens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import CC0_RIGHTS, GATES, claim, judge, policy, reading, review, seen, source

from domain.catalog import Derivation, Privacy, Source
from domain.deciding import Entitlement, Review, WatchEvidence
from domain.policy import Policy
from domain.vocabulary import DerivationFlow, Duty, GateKind, Origin, PersonalData, SpeaksFor, Tier
from scoring.gates import capped, open_gate
from scoring.reviews import NEVER_REVIEWED, may_close

LICENSES = [
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-ND-4.0",
    "GPL-3.0-only",
    "LicenseRef-RAIL",
    None,
]
PAGES = [f"https://example.org/{name}" for name in ("license", "terms", "readme")]
quick = settings(max_examples=80, deadline=None)
ALL_ABLE = {duty.value: True for duty in Duty}

pages = st.builds(
    lambda license_id, voice, origin, days, wide: seen(
        reading(license_id), speaks_for=voice, origin=origin, days_ago=days, widened_unreviewed=wide
    ),
    st.sampled_from(LICENSES),
    st.sampled_from(list(SpeaksFor)),
    st.sampled_from(list(Origin)),
    st.sampled_from([1, 100, 400]),
    st.booleans(),
)
evidences = st.lists(pages, min_size=1, max_size=3).map(
    lambda found: [
        replace(item, watch_id=str(at), watch=replace(item.watch, url=PAGES[at])) for at, item in enumerate(found)
    ]
)
sources = st.builds(
    lambda licenses, benefit, privacy: source(
        *[claim(license_id) for license_id in licenses if license_id],
        production_benefit=benefit,
        privacy=Privacy(personal_data=privacy),
    ),
    st.lists(st.sampled_from(LICENSES), max_size=2),
    st.booleans(),
    st.sampled_from([PersonalData.NONE, PersonalData.PSEUDONYMOUS, PersonalData.IDENTIFYING]),
)
houses = st.sampled_from([policy(), policy(**ALL_ABLE)])
reviewed = st.lists(
    st.builds(
        lambda gate, role, quote: review(gate, role=role, quote=quote),
        st.sampled_from(sorted(GATES)),
        st.sampled_from(["counsel", "owner", "privacy"]),
        st.sampled_from([None, "The data is licensed"]),
    ),
    max_size=3,
)


def tier(about: Source, evidence: list[WatchEvidence], house: Policy, reviews: list[Review]) -> Tier:
    return judge(about, *evidence, house=house, reviews=reviews).tier


@quick
@given(sources, evidences, houses, reviewed, st.sampled_from(list(PersonalData)))
def test_nearer_to_persons_is_never_wider(about, evidence, house, reviews, kind) -> None:  # type: ignore[no-untyped-def]
    assert about.privacy is not None
    order = list(PersonalData)
    nearer = max(about.privacy.personal_data, kind, key=order.index)
    changed = replace(about, privacy=Privacy(personal_data=nearer))
    assert tier(changed, evidence, house, reviews).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, houses, reviewed, st.sampled_from(list(DerivationFlow)), st.booleans())
def test_an_upstream_never_widens(about, evidence, house, reviews, flow, prohibits) -> None:  # type: ignore[no-untyped-def]
    derived = Derivation(upstream="unknown", flow=flow, note="", upstream_prohibits=prohibits)
    changed = replace(about, derivation=(derived,))
    assert tier(changed, evidence, house, reviews).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, houses, reviewed, st.sampled_from(LICENSES))
def test_a_disputing_claim_never_widens(about, evidence, house, reviews, license_id) -> None:  # type: ignore[no-untyped-def]
    disputing = claim(license_id or "NOASSERTION", contradicts="somebody says otherwise")
    changed = replace(about, claims=(*about.claims, disputing))
    assert tier(changed, evidence, house, reviews).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, houses, reviewed, st.sampled_from(LICENSES))
def test_an_unconfirmed_change_never_widens(about, evidence, house, reviews, license_id) -> None:  # type: ignore[no-untyped-def]
    changed = [replace(evidence[0], pending=reading(license_id)), *evidence[1:]]
    assert tier(about, changed, house, reviews).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, houses, reviewed, st.sampled_from(list(Duty)))
def test_a_duty_more_never_widens(about, evidence, house, reviews, duty) -> None:  # type: ignore[no-untyped-def]
    first = evidence[0]
    assert first.reading is not None
    more = replace(first, reading=replace(first.reading, duties=tuple(dict.fromkeys((*first.reading.duties, duty)))))
    assert tier(about, [more, *evidence[1:]], house, reviews).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, reviewed, st.sampled_from(list(Duty)))
def test_a_capability_less_never_widens(about, evidence, reviews, duty) -> None:  # type: ignore[no-untyped-def]
    able, less = policy(**ALL_ABLE), policy(**{**ALL_ABLE, duty.value: False})
    assert tier(about, evidence, less, reviews).rank >= tier(about, evidence, able, reviews).rank


@quick
@given(sources, evidences, houses, reviewed, st.integers(1, 2000))
def test_older_evidence_never_widens(about, evidence, house, reviews, days) -> None:  # type: ignore[no-untyped-def]
    older = [replace(i, last_look_at=i.last_look_at and i.last_look_at - timedelta(days=days)) for i in evidence]
    assert tier(about, older, house, reviews).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, houses, reviewed)
def test_evidence_of_unknown_origin_or_age_never_widens(about, evidence, house, reviews) -> None:  # type: ignore[no-untyped-def]
    known = tier(about, evidence, house, reviews).rank
    assert tier(about, [replace(item, origin=None) for item in evidence], house, reviews).rank >= known
    assert tier(about, [replace(item, last_look_at=None) for item in evidence], house, reviews).rank >= known


@quick
@given(sources, evidences, houses, reviewed)
def test_without_any_evidence_nothing_is_approved(about, evidence, house, reviews) -> None:  # type: ignore[no-untyped-def]
    unseen = [replace(item, reading=None, last_look_at=None, origin=None, sha256=None) for item in evidence]
    assert tier(about, unseen, house, reviews) is not Tier.PRODUCTION_APPROVED
    assert tier(about, [], house, reviews) is not Tier.PRODUCTION_APPROVED


@quick
@given(sources, st.lists(pages, min_size=1, max_size=1), houses, reviewed)
def test_the_only_witness_taken_away_never_approves(about, evidence, house, reviews) -> None:  # type: ignore[no-untyped-def]
    suspect = [replace(item, reading=replace(item.reading, suspect="login wall")) for item in evidence]
    assert tier(about, suspect, house, reviews) is not Tier.PRODUCTION_APPROVED


@quick
@given(sources, evidences, houses, reviewed, st.integers(0, 2))
def test_a_review_taken_away_never_widens(about, evidence, house, reviews, at) -> None:  # type: ignore[no-untyped-def]
    fewer = [one for place, one in enumerate(reviews) if place != at]
    assert tier(about, evidence, house, fewer).rank >= tier(about, evidence, house, reviews).rank


@quick
@given(sources, evidences, houses, reviewed)
def test_an_agreement_taken_away_never_widens_and_an_ended_one_is_none(about, evidence, house, reviews) -> None:  # type: ignore[no-untyped-def]
    held = Entitlement(
        source_id=about.id, licensor="L", reference="R", scope="all", quote="may", rights=CC0_RIGHTS,
        signed_on=date(2026, 1, 1), expires=date(2027, 1, 1), approved_by="O", approved_on=date(2026, 1, 2),
        counsel="C",
    )  # fmt: skip

    def with_agreement(*agreements: Entitlement) -> Tier:
        decision = judge(about, *evidence, house=house, reviews=reviews, entitlements=agreements)
        return decision.tier

    bare = with_agreement()
    assert bare.rank >= with_agreement(held).rank
    assert with_agreement(replace(held, expires=date(2026, 10, 31))) is bare
    assert with_agreement(replace(held, approved_on=date(2026, 11, 2))) is bare
    if about.privacy is not None and about.privacy.personal_data is PersonalData.IDENTIFYING and not reviews:
        assert with_agreement(held) is Tier.BLOCKED


@quick
@given(st.lists(st.sampled_from(sorted(GATES)), max_size=6), st.sampled_from([*sorted(GATES), "a_gate_nobody_wrote"]))
def test_a_gate_more_never_widens(some, another) -> None:  # type: ignore[no-untyped-def]
    gates = [open_gate(policy(), name) for name in some]
    assert capped([*gates, open_gate(policy(), another)]).rank >= capped(gates).rank


def test_a_blocking_gate_without_a_cap_or_rule_blocks() -> None:
    assert capped([open_gate(policy(), "a_gate_nobody_wrote")]) is Tier.BLOCKED
    assert capped([open_gate(policy(), "determination")]) is Tier.BLOCKED


def test_no_role_closes_what_only_terms_or_a_look_answer() -> None:
    gates = [replace(open_gate(policy(), "no_benefit"), gate=name) for name in (*NEVER_REVIEWED, "needs_attribution")]
    assert all(may_close(gate) == frozenset() for gate in gates)
    assert all(gate.kind is GateKind.BLOCKING for gate in gates)

"""The decision about one source: from all rows about it to a tier, its gates and its proofs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.catalog import Dataset, Provider, Source
from domain.claims import NOTHING_STATED, MachineWords
from domain.deciding import (
    LAPSING,
    Decision,
    EffortRecord,
    Entitlement,
    EvidenceItem,
    Gate,
    Review,
    WatchEvidence,
)
from domain.policy import Policy
from domain.probing import DatasetFact
from domain.vocabulary import EvidenceGrade, GateKind, SpeaksFor, Tier
from scoring.case import Case, conclusion_of, witness_of
from scoring.circumstances import circumstance_gates, notes_of
from scoring.conclusion import Conclusion, custom_terms
from scoring.contradictions import Disputes, disputes
from scoring.derivation import upstream_gates
from scoring.determination import reasons
from scoring.effort import Workload, estimate, mixed_provider
from scoring.entitlements import agreement_end, agreement_gates, agreement_item, agreements, entitled
from scoring.evidence import Witness, claim_item, evidence_items
from scoring.expressions import NOASSERTION
from scoring.gates import capped, merged, open_gate
from scoring.phases import phase_of
from scoring.reservations import reservation_gates
from scoring.reviews import Ruled, declaration, expiry, ruled, standing
from scoring.rights_gates import rights_gates
from scoring.statements import accepted_statements
from scoring.verification import verification_gates


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What is left open, and the persons' words and agreement by which the rest was closed."""

    gates: tuple[Gate, ...]
    reviews: tuple[Review, ...]
    refused: tuple[str, ...] = ()
    over_a_block: bool = False
    agreement: Entitlement | None = None

    @property
    def tier(self) -> Tier:
        return capped(self.gates)


def decide(
    *,
    source: Source,
    dataset: Dataset,
    provider: Provider,
    evidence: Sequence[WatchEvidence],
    policy: Policy,
    reviews: Sequence[Review],
    facts: Sequence[DatasetFact],
    now: datetime,
    upstream: Mapping[str, Decision] | None = None,
    entitlements: Sequence[Entitlement] = (),
    actuals: Sequence[EffortRecord] = (),
    stated: MachineWords = NOTHING_STATED,
) -> Decision:
    """Judge one source as of `now` (aware). `upstream` holds the decisions about the sources it was
    derived from; one that is missing counts as unknown. `stated` is what machines say of it: licenses in
    metadata interfaces and reservations of training, which only narrow. Whatever is unknown, empty or contradictory
    ends in a narrower tier with a reason.

    Rights and determination are what the terms say to anybody, the narrowest of all statements until a
    person rules between them; an agreement of the house changes only
    the tier, its gates and what it rests on. `actuals` are records of what adopting sources took.
    """
    hold = standing(reviews, source.id, evidence, now)
    case = Case(
        source=source,
        evidence=tuple(evidence),
        policy=policy,
        now=now,
        upstream=upstream or {},
        looked=accepted_statements(evidence, source.layer),
        declared_by=declaration(hold.reviews) if source.house_owned else None,
        stated=stated,
    )
    conclusion = conclusion_of(case, verified=False)
    disputed = _disputes(case, conclusion)
    seen = witness_of(case, conclusion)
    public = _ruled(case, _gates(case, conclusion, disputed, seen, verified=False), hold.reviews)
    assumed = conclusion_of(case, verified=True)
    disputed_then = disputed if assumed == conclusion else _disputes(case, assumed)
    then = _ruled(case, _gates(case, assumed, disputed_then, seen, verified=True), hold.reviews)
    agreed = agreements(entitlements, source.id, now)
    outcome = _widest(case, conclusion, disputed, hold.reviews, public, agreed.counting)
    tier_if_verified = min(then.tier, outcome.tier, key=lambda tier: tier.rank)
    disputing = any(gate.gate == "contradiction" for gate in outcome.gates)
    told = disputed.left if disputing else conclusion
    workload = Workload(
        duties=assumed.duties,
        per_item=assumed.per_item,
        contradiction_open=disputing,
        custom_terms=not source.house_owned and bool(custom_terms(assumed, source, policy)),
        mixed_provider=mixed_provider(provider),
    )
    return Decision(
        source_id=source.id,
        dataset_id=dataset.id,
        layer=source.layer.value,
        license_declared=source.claims[0].license if source.claims else NOASSERTION,
        license_concluded=conclusion.expression if case.looked or source.house_owned else NOASSERTION,
        determination=told.determination,
        tier=outcome.tier,
        tier_if_verified=tier_if_verified if outcome.agreement is not None else then.tier,
        gates=outcome.gates,
        rights=told.rights,
        duties=told.duties,
        evidence=_evidence(case, conclusion, disputed, outcome),
        evidence_grade=EvidenceGrade.E if outcome.agreement is not None else _grade(case, conclusion, seen),
        authority=SpeaksFor.RIGHTS_HOLDER if outcome.agreement is not None else _authority(case, conclusion, seen),
        effort=estimate(source, workload, facts, policy, actuals),
        phase=phase_of(source, policy, blocked=tier_if_verified is Tier.BLOCKED),
        contradictions=disputed.found,
        notes=notes_of(evidence),
        verified_at=None if seen is None else seen.last_look_at,
        first_seen=None if seen is None else seen.first_seen,
        valid_until=_valid_until(case, seen, outcome),
        decided_by=_decided_by(outcome),
        reasons=tuple(dict.fromkeys((*_reasons(case, told), *_of_persons(outcome), *hold.suspended, *agreed.lapsed))),
        looks={item.watch_id: item.last_look_at for item in evidence if item.last_look_at is not None},
    )


def _ruled(case: Case, gates: Sequence[Gate], reviews: Sequence[Review]) -> _Outcome:
    """The gates after what persons closed; the scope of their words is printed beside the tier."""
    opened = merged(gates)
    after: Ruled = ruled(opened, reviews, case.evidence)
    used = (*after.used, *([case.declared_by] if case.declared_by is not None else []))
    scopes = merged(
        open_gate(
            case.policy, "review_scope", kind=GateKind.CONDITION, detail=f"{review.role}, {review.by}: {review.scope}"
        )
        for review in used
        if review.scope is not None
    )
    lifted = capped(opened) is Tier.BLOCKED and capped(after.gates) is not Tier.BLOCKED
    return _Outcome(gates=(*after.gates, *scopes), reviews=used, refused=after.refused, over_a_block=lifted)


def _widest(
    case: Case,
    conclusion: Conclusion,
    disputed: Disputes,
    reviews: Sequence[Review],
    public: _Outcome,
    held: Sequence[Entitlement],
) -> _Outcome:
    """The outcome under the agreement that carries furthest, where one carries further than the
    publisher's own terms. No look at a page confirms an agreement, and no page takes it back; what
    the data is and where it came from binds all the same."""
    best = public
    for agreement in held:
        terms = entitled(conclusion, agreement)
        gates = (
            *agreement_gates(terms, agreement, case.source, case.policy),
            *(replace(gate, kind=GateKind.CONDITION, caps_at=None) for gate in disputed.gates),
            *(
                gate
                for gate in circumstance_gates(terms, case.source, case.evidence, case.policy)
                if gate.gate != "widening_unreviewed"
            ),
            *reservation_gates(terms, case.source, case.stated.reservations, case.policy),
            *upstream_gates(case.source, case.upstream, case.policy, verified=False),
        )
        outcome = replace(_ruled(case, gates, reviews), agreement=agreement)
        if outcome.tier.rank < best.tier.rank:
            best = outcome
    return best


def _evidence(case: Case, conclusion: Conclusion, disputed: Disputes, outcome: _Outcome) -> tuple[EvidenceItem, ...]:
    agreement = () if outcome.agreement is None else (agreement_item(outcome.agreement),)
    claims = (claim_item(claim) for claim in disputed.claims if claim.claim is not None and claim.claim.quote)
    return (*agreement, *evidence_items(conclusion, outcome.reviews, case.looked), *claims)


def _disputes(case: Case, conclusion: Conclusion) -> Disputes:
    said = case.looked or conclusion.parts
    licenses = case.stated.licenses
    return disputes(conclusion, said, case.source, case.policy, looked=bool(case.looked), stated=licenses)


def _gates(
    case: Case, conclusion: Conclusion, disputed: Disputes, seen: Witness | None, *, verified: bool
) -> tuple[Gate, ...]:
    return (
        *rights_gates(conclusion, case.source, case.policy),
        *(() if verified else verification_gates(case, conclusion, seen)),
        *disputed.gates,
        *circumstance_gates(conclusion, case.source, case.evidence, case.policy),
        *reservation_gates(conclusion, case.source, case.stated.reservations, case.policy),
        *upstream_gates(case.source, case.upstream, case.policy, verified=verified),
    )


def _grade(case: Case, conclusion: Conclusion, seen: Witness | None) -> EvidenceGrade | None:
    if seen is not None:
        return seen.grade
    if case.declared_by is not None:
        return EvidenceGrade.E
    return EvidenceGrade.D if conclusion.parts else None


def _authority(case: Case, conclusion: Conclusion, seen: Witness | None) -> SpeaksFor | None:
    if case.source.house_owned:
        return SpeaksFor.HOUSE
    if seen is not None:
        return seen.authority
    return conclusion.parts[0].authority if conclusion.parts else None


def _valid_until(case: Case, seen: Witness | None, outcome: _Outcome) -> datetime | None:
    """Until evidence, reviews and agreement hold; None where nothing ends it."""
    ends = [expiry(outcome.reviews)]
    if outcome.agreement is not None:
        ends.append(agreement_end([outcome.agreement]))
    elif seen is not None:
        ends.append(seen.valid_until(case.policy.house.evidence_max_age_days))
    return min((end for end in ends if end is not None), default=None)


def _decided_by(outcome: _Outcome) -> str:
    roles = ", ".join(dict.fromkeys(review.role for review in outcome.reviews))
    if outcome.agreement is not None:
        by = [f"owner {outcome.agreement.approved_by}", outcome.agreement.counsel and "counsel", roles]
        return f"{LAPSING[0]} {', '.join(dict.fromkeys(word for word in by if word))}"
    if not roles:
        return "machine"
    return f"{LAPSING[1]} {roles}" if outcome.over_a_block else f"review: {roles}"


def _of_persons(outcome: _Outcome) -> tuple[str, ...]:
    ends = [
        f"review by {review.role} of {review.made_on.isoformat()} ends on {review.expires.isoformat()}"
        for review in outcome.reviews
        if review.expires is not None
    ]
    return (*outcome.refused, *ends)


def _reasons(case: Case, conclusion: Conclusion) -> tuple[str, ...]:
    said = list(reasons(conclusion.rights, conclusion.per_item))
    if not case.looked and not case.source.house_owned:
        said.append("no page was looked at; the catalog's quoted claims count" if conclusion.parts else _nothing(case))
    said += [reason for s in case.looked if s.evidence and s.evidence.reading for reason in s.evidence.reading.reasons]
    return tuple(said)


def _nothing(case: Case) -> str:
    declared = "its claims carry no quote" if case.source.claims else "the catalog claims nothing"
    return f"no page was looked at and {declared}"

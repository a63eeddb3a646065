"""The decision about one source: from all rows about it to a tier, its gates and its proofs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision, Gate, Review, WatchEvidence
from domain.policy import Policy
from domain.probing import DatasetFact
from domain.reading import PerItem
from domain.rights import ALL_SILENT
from domain.vocabulary import EvidenceGrade, GateKind, Owner, SpeaksFor, Tier
from scoring.circumstances import circumstance_gates, notes_of
from scoring.conclusion import Conclusion, conclude, custom_terms
from scoring.contradictions import Disputes, disputes
from scoring.derivation import upstream_gates
from scoring.determination import reasons
from scoring.effort import Workload, estimate, mixed_provider
from scoring.evidence import DIRECT_GRADES, Witness, claim_item, evidence_items, witness
from scoring.expressions import NOASSERTION
from scoring.gates import added_cap, capped, merged, open_gate
from scoring.phases import phase_of
from scoring.reviews import Ruled, declaration, expiry, ruled, standing
from scoring.rights_gates import needs_rights_holder, rights_gates
from scoring.statements import (
    AUTHORITATIVE,
    Statement,
    accepted_statements,
    claim_statements,
    house_statement,
    narrowed_statements,
    readable,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """All that is known about one source at one time."""

    source: Source
    evidence: tuple[WatchEvidence, ...]
    policy: Policy
    now: datetime
    upstream: Mapping[str, Decision]
    looked: tuple[Statement, ...]
    declared_by: Review | None

    @property
    def unseen(self) -> bool:
        """Whether nothing was seen yet on which the source could be judged."""
        return self.declared_by is None if self.source.house_owned else not self.looked


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
) -> Decision:
    """Judge one source as of `now` (aware). `upstream` holds the decisions about the sources it was
    derived from; one that is missing counts as unknown. Whatever is unknown, empty or contradictory
    ends in a narrower tier with a reason."""
    hold = standing(reviews, source.id, evidence, now)
    case = _Case(
        source=source,
        evidence=tuple(evidence),
        policy=policy,
        now=now,
        upstream=upstream or {},
        looked=accepted_statements(evidence, source.layer),
        declared_by=declaration(hold.reviews) if source.house_owned else None,
    )
    conclusion = _conclusion(case, verified=False)
    disputed = _disputes(case, conclusion)
    seen = _witness(case, conclusion)
    now_ruled = ruled(merged(_gates(case, conclusion, disputed, seen, verified=False)), hold.reviews)
    assumed = _conclusion(case, verified=True)
    then = ruled(merged(_gates(case, assumed, _disputes(case, assumed), seen, verified=True)), hold.reviews)
    tier, tier_if_verified = capped(now_ruled.gates), capped(then.gates)
    workload = Workload(
        duties=assumed.duties,
        per_item=assumed.per_item,
        contradiction_open=any(gate.gate == "contradiction" for gate in now_ruled.gates),
        custom_terms=not source.house_owned and bool(custom_terms(assumed, source, policy)),
        mixed_provider=mixed_provider(provider),
    )
    used = (*now_ruled.used, *([case.declared_by] if case.declared_by is not None else []))
    return Decision(
        source_id=source.id,
        dataset_id=dataset.id,
        layer=source.layer.value,
        license_declared=source.claims[0].license if source.claims else NOASSERTION,
        license_concluded=conclusion.expression if case.looked or source.house_owned else NOASSERTION,
        determination=conclusion.determination,
        tier=tier,
        tier_if_verified=tier_if_verified,
        gates=now_ruled.gates,
        rights=conclusion.rights,
        duties=conclusion.duties,
        evidence=(
            *evidence_items(conclusion, case.declared_by),
            *(claim_item(claim) for claim in disputed.claims if claim.claim is not None and claim.claim.quote),
        ),
        evidence_grade=_grade(case, conclusion, seen),
        authority=_authority(case, conclusion, seen),
        effort=estimate(source, workload, facts, policy),
        phase=phase_of(source, policy, blocked=tier_if_verified is Tier.BLOCKED),
        contradictions=disputed.found,
        notes=notes_of(evidence),
        verified_at=None if seen is None else seen.last_look_at,
        first_seen=None if seen is None else seen.first_seen,
        valid_until=_valid_until(case, seen, used),
        decided_by=_decided_by(used),
        reasons=(*_reasons(case, conclusion, now_ruled), *hold.suspended),
        looks={item.watch_id: item.last_look_at for item in evidence if item.last_look_at is not None},
    )


def _conclusion(case: _Case, *, verified: bool) -> Conclusion:
    """What the terms come to: by the pages once any was looked at, else by the catalog's claims.
    With `verified` the claims count as if the planned look had confirmed them."""
    if case.source.house_owned:
        return _house_conclusion(case, verified=verified)
    if case.looked:
        return conclude((*case.looked, *_item_claims(case)), fallback=True)
    return _claimed(case, claim_statements(case.source, case.policy, declared=verified))


def _claimed(case: _Case, statements: Sequence[Statement]) -> Conclusion:
    """A conclusion from claims, with the authority of the pages that are to confirm them."""
    voices = {watch.speaks_for for watch in case.source.watches}
    return replace(
        conclude(statements, fallback=False),
        authoritative=bool(voices & AUTHORITATIVE),
        by_rights_holder=SpeaksFor.RIGHTS_HOLDER in voices,
    )


def _house_conclusion(case: _Case, *, verified: bool) -> Conclusion:
    """The house's own data: what the catalog says of it, narrowed by any page; an owner's word where
    the catalog grants nothing."""
    claims = claim_statements(case.source, case.policy, declared=True)
    said = list(claims)
    if not any(claim.rights.speaks for claim in claims) and (verified or case.declared_by is not None):
        said.append(house_statement(case.declared_by))
    pages = [replace(statement, grants=False) for statement in case.looked]
    return replace(conclude((*said, *pages), fallback=False), authoritative=True, by_rights_holder=True)


def _item_claims(case: _Case) -> tuple[Statement, ...]:
    """What the catalog's claims say of licenses of items, and nothing else of them: a claim never
    widens what was looked at."""
    return tuple(
        replace(claim, rights=ALL_SILENT, duties=(), licenses=(), expression=NOASSERTION)
        for claim in claim_statements(case.source, case.policy, declared=False)
        if claim.per_item is not PerItem.NO
    )


def _disputes(case: _Case, conclusion: Conclusion) -> Disputes:
    said = case.looked or conclusion.parts
    return disputes(conclusion, said, case.source, case.policy, looked=bool(case.looked))


def _gates(
    case: _Case, conclusion: Conclusion, disputed: Disputes, seen: Witness | None, *, verified: bool
) -> tuple[Gate, ...]:
    return (
        *rights_gates(conclusion, case.source, case.policy),
        *(() if verified else _verification_gates(case, conclusion, seen)),
        *disputed.gates,
        *circumstance_gates(conclusion, case.source, case.evidence, case.policy),
        *upstream_gates(case.source, case.upstream, case.policy, verified=verified),
    )


def _verification_gates(case: _Case, conclusion: Conclusion, seen: Witness | None) -> tuple[Gate, ...]:
    """What the next look would settle."""
    gates = [*_unconfirmed(case, conclusion)]
    policy = case.policy
    if case.unseen:
        gates.append(_not_looked_at(case))
    elif seen is not None and not case.source.house_owned:
        limit = policy.house.evidence_max_age_days
        if seen.last_look_at is None or case.now - seen.last_look_at > timedelta(days=limit):
            when = "at an unknown time" if seen.last_look_at is None else f"on {seen.last_look_at.date().isoformat()}"
            detail = f"last confirmed {when}; the limit is {limit} days"
            gates.append(open_gate(policy, "evidence_stale", at_widest=Tier.RESEARCH_ONLY, detail=detail))
        if seen.grade not in DIRECT_GRADES:
            detail = f"the best evidence is of grade {seen.grade.value}"
            gates.append(open_gate(policy, "evidence_grade", at_widest=Tier.RESEARCH_ONLY, detail=detail))
    return tuple(gates)


def _not_looked_at(case: _Case) -> Gate:
    if case.source.house_owned:
        closes = "the owner declares the data the house's own with `clearance review`"
        gate = open_gate(case.policy, "not_looked_at", at_widest=Tier.RESEARCH_ONLY, closes=closes)
        return replace(gate, owner=Owner.PRODUCT)
    suspects = [item.reading.suspect for item in case.evidence if item.reading and item.reading.suspect]
    if suspects:
        detail = f"only suspect looks: {suspects[0]}"
    else:
        detail = "" if case.source.watches else "the catalog names no page to look at"
    return open_gate(case.policy, "not_looked_at", at_widest=Tier.RESEARCH_ONLY, detail=detail)


def _unconfirmed(case: _Case, conclusion: Conclusion) -> tuple[Gate, ...]:
    """An unconfirmed newer reading: where it is narrower it caps, where it is wider nothing is gained."""
    pending = [item for item in case.evidence if readable(item.pending) is not None]
    if not pending:
        return ()
    statements = narrowed_statements(case.evidence, case.source.layer)
    if case.source.house_owned:
        newer = conclude((*conclusion.parts, *(replace(s, grants=False) for s in statements)), fallback=False)
        newer = replace(newer, authoritative=True, by_rights_holder=True)
    elif case.looked:
        newer = conclude((*statements, *_item_claims(case)), fallback=True)
    else:
        claims = claim_statements(case.source, case.policy, declared=False)
        newer = _claimed(case, (*claims, *statements))
    base = rights_gates(conclusion, case.source, case.policy)
    cap = added_cap(base, rights_gates(newer, case.source, case.policy))
    kind = GateKind.CONDITION if cap is None else GateKind.BLOCKING
    detail = ", ".join(dict.fromkeys(item.watch.url for item in pending))
    return (open_gate(case.policy, "change_unconfirmed", cap=cap, at_widest=cap, kind=kind, detail=detail),)


def _witness(case: _Case, conclusion: Conclusion) -> Witness | None:
    needs = needs_rights_holder(conclusion, case.policy)
    return witness(conclusion, case.looked, needs_rights_holder=needs) if case.looked else None


def _grade(case: _Case, conclusion: Conclusion, seen: Witness | None) -> EvidenceGrade | None:
    if seen is not None:
        return seen.grade
    if case.declared_by is not None:
        return EvidenceGrade.E
    return EvidenceGrade.D if conclusion.parts else None


def _authority(case: _Case, conclusion: Conclusion, seen: Witness | None) -> SpeaksFor | None:
    if case.source.house_owned:
        return SpeaksFor.HOUSE
    if seen is not None:
        return seen.authority
    return conclusion.parts[0].authority if conclusion.parts else None


def _valid_until(case: _Case, seen: Witness | None, used: Sequence[Review]) -> datetime | None:
    """Until evidence and reviews hold; None where nothing ends it."""
    ends = [expiry(used), None if seen is None else seen.valid_until(case.policy.house.evidence_max_age_days)]
    return min((end for end in ends if end is not None), default=None)


def _decided_by(used: Sequence[Review]) -> str:
    roles = dict.fromkeys(review.role for review in used)
    return f"review: {', '.join(roles)}" if roles else "machine"


def _reasons(case: _Case, conclusion: Conclusion, outcome: Ruled) -> tuple[str, ...]:
    said = list(reasons(conclusion.rights, conclusion.per_item))
    if not case.looked and not case.source.house_owned:
        said.append("no page was looked at; the catalog's quoted claims count" if conclusion.parts else _nothing(case))
    said += [reason for s in case.looked if s.evidence and s.evidence.reading for reason in s.evidence.reading.reasons]
    return tuple(dict.fromkeys((*said, *outcome.refused)))


def _nothing(case: _Case) -> str:
    declared = "its claims carry no quote" if case.source.claims else "the catalog claims nothing"
    return f"no page was looked at and {declared}"

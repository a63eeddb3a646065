"""What the next look would settle: evidence that is missing, old or second-hand, and changes in waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.deciding import Gate
from domain.vocabulary import GateKind, Owner, Tier
from scoring.case import Case, claimed, item_claims
from scoring.conclusion import Conclusion, conclude
from scoring.evidence import DIRECT_GRADES, Witness
from scoring.gates import added_cap, open_gate
from scoring.rights_gates import rights_gates
from scoring.statements import claim_statements, narrowed_statements, unconfirmed


def verification_gates(case: Case, conclusion: Conclusion, seen: Witness | None) -> tuple[Gate, ...]:
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


def _not_looked_at(case: Case) -> Gate:
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


def _unconfirmed(case: Case, conclusion: Conclusion) -> tuple[Gate, ...]:
    """An unconfirmed newer reading: where it is narrower it caps, where it is wider nothing is gained."""
    pending = [item for item in case.evidence if unconfirmed(item)]
    if not pending:
        return ()
    statements = narrowed_statements(case.evidence, case.source.layer)
    if case.source.house_owned:
        newer = conclude((*conclusion.parts, *(replace(s, grants=False) for s in statements)), fallback=False)
        newer = replace(newer, authoritative=True, by_rights_holder=True)
    elif case.looked:
        newer = conclude((*statements, *item_claims(case)), fallback=True)
    else:
        claims = claim_statements(case.source, case.policy, declared=False)
        newer = claimed(case, (*claims, *statements))
    base = rights_gates(conclusion, case.source, case.policy)
    cap = added_cap(base, rights_gates(newer, case.source, case.policy))
    kind = GateKind.CONDITION if cap is None else GateKind.BLOCKING
    detail = ", ".join(dict.fromkeys(item.watch.url for item in pending))
    return (open_gate(case.policy, "change_unconfirmed", cap=cap, at_widest=cap, kind=kind, detail=detail),)

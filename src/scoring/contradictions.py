"""Statements that cannot both hold: between pages, within one page, and of the catalog's quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.catalog import Source
from domain.claims import ClaimScope, StatedLicense
from domain.deciding import Gate
from domain.policy import Policy
from domain.reading import Contradiction
from domain.rights import Right, Rights
from domain.vocabulary import Action, Duty, GateKind, Layer, RightValue, Tier
from scoring.conclusion import Conclusion, conflicts
from scoring.determination import RELEVANT_ACTIONS, tier_of
from scoring.gates import added_cap, open_gate
from scoring.narrowing import narrower_actions, stricter, stricter_per_item, stricter_right
from scoring.rights_gates import rights_gates
from scoring.statements import AUTHORITATIVE, Statement, from_claim, from_interface

_OF_DATA = frozenset({ClaimScope.DATA, ClaimScope.ACCESS})
_OF_CODE = frozenset({ClaimScope.CODE, ClaimScope.DATA, ClaimScope.ACCESS})


@dataclass(frozen=True, slots=True)
class Disputes:
    """Every contradiction of a source, the gate they open, the claims among them, and what is left of
    the conclusion where the narrower of all counts."""

    left: Conclusion
    found: tuple[Contradiction, ...] = ()
    gates: tuple[Gate, ...] = ()
    claims: tuple[Statement, ...] = ()


def disputes(
    conclusion: Conclusion,
    said: Sequence[Statement],
    source: Source,
    policy: Policy,
    *,
    looked: bool,
    stated: Sequence[StatedLicense] = (),
) -> Disputes:
    """`said` are the statements compared with each other; claims, and the licenses `stated` by metadata
    interfaces, are compared with the conclusion.

    Where statements of the pages differ the narrower already counts, so the gate caps at what was
    concluded; a claim caps at the tier its narrower words would have.
    """
    within = [c for s in said if s.evidence and s.evidence.reading for c in s.evidence.reading.contradictions]
    found = [*within, *conflicts(said)]
    gates = []
    if found:
        concluded = Tier.RESEARCH_ONLY if conclusion.allowlisted else tier_of(conclusion.determination)
        gates.append(_gate(policy, None if concluded is Tier.PRODUCTION_APPROVED else concluded, found))
    base = rights_gates(conclusion, source, policy)
    claims = []
    left = conclusion
    for statement in (*_compared(source, policy, looked=looked), *_of_machines(stated, source)):
        against, cap = _dispute(statement, conclusion, base, source, policy)
        if against:
            left = _narrowed(left, statement, policy)
            found.extend(against)
            gates.append(_gate(policy, cap, against))
            claims.append(statement)
    return Disputes(left, tuple(dict.fromkeys(found)), tuple(gates), tuple(claims))


def _gate(policy: Policy, cap: Tier | None, found: Sequence[Contradiction]) -> Gate:
    kind = GateKind.CONDITION if cap is None else GateKind.BLOCKING
    detail = "; ".join(dict.fromkeys(contradiction.why for contradiction in found))
    return open_gate(policy, "contradiction", cap=cap, at_widest=cap, kind=kind, detail=detail)


def _compared(source: Source, policy: Policy, *, looked: bool) -> tuple[Statement, ...]:
    """The claims that may dispute: those that say so, and once pages were read also what their
    publisher or rights holder is quoted with about the whole."""
    return tuple(
        from_claim(claim, policy, grants=False, floor_counts=False)
        for claim in source.claims
        if claim.contradicts or (looked and claim.scope is None and claim.quote and claim.speaks_for in AUTHORITATIVE)
    )


def _of_machines(stated: Sequence[StatedLicense], source: Source) -> tuple[Statement, ...]:
    """What interfaces state of this kind of data. The license of a site, of a record about the data, or
    of code beside it is no statement about the data."""
    bearing = _OF_CODE if source.layer is Layer.CODE else _OF_DATA
    return tuple(from_interface(item) for item in stated if item.claim.scope in bearing and item.rights.speaks)


def _dispute(
    statement: Statement, conclusion: Conclusion, base: tuple[Gate, ...], source: Source, policy: Policy
) -> tuple[tuple[Contradiction, ...], Tier | None]:
    """How a claim differs from the conclusion, and the cap its words would add."""
    claim = statement.claim
    disputed = claim.contradicts if claim is not None else None
    same = bool(statement.licenses) and set(statement.licenses) <= set(conclusion.licenses)
    if not disputed and (same and claim is not None and not claim.rights.speaks):
        return (), None
    actions = list(narrower_actions(statement.rights, conclusion.rights))
    if _complete(statement, policy):
        # A standard license says all it grants: what it leaves out it does not grant.
        actions += [a for a in RELEVANT_ACTIONS if conclusion.rights[a].usable and not statement.rights[a].speaks]
    if not actions and not disputed:
        return (), None
    why = disputed or f"{statement.voice} narrower words than the watched pages"
    found = tuple(
        Contradiction(action, _wider(conclusion, action), statement.words_on(action), why) for action in actions
    )
    if not statement.rights.speaks:
        # Somebody disputes the terms, and what would be left of them is not known.
        return found or (_whole(statement, conclusion, why),), Tier.RESEARCH_ONLY
    narrowed = _narrowed(conclusion, statement, policy)
    return found or (_whole(statement, conclusion, why),), added_cap(base, rights_gates(narrowed, source, policy))


def _complete(statement: Statement, policy: Policy) -> bool:
    return bool(statement.licenses) and all(policy.family_of(license_id) for license_id in statement.licenses)


def _narrowed(conclusion: Conclusion, statement: Statement, policy: Policy) -> Conclusion:
    """The conclusion where what the statement says counts as well. Of words that only dispute, what they
    leave is not known: commerce is in doubt, and that forbids it."""
    if not statement.rights.speaks:
        doubted = stricter_right(conclusion.rights.commercial_use, Right(RightValue.CONTRADICTORY))
        return replace(conclusion, rights=conclusion.rights.with_right(Action.COMMERCIAL_USE, doubted))
    complete = _complete(statement, policy)
    return replace(
        conclusion,
        rights=stricter(conclusion.rights, statement.rights) if complete else _overlaid(conclusion.rights, statement),
        duties=tuple(duty for duty in Duty if duty in (*conclusion.duties, *statement.duties)),
        per_item=stricter_per_item(conclusion.per_item, statement.per_item),
    )


def _overlaid(rights: Rights, statement: Statement) -> Rights:
    for action, right in statement.rights:
        if right.speaks:
            rights = rights.with_right(action, stricter_right(rights[action], right))
    return rights


def _wider(conclusion: Conclusion, action: Action) -> str:
    part = next((part for part in conclusion.parts if part.rights[action].usable), None)
    return conclusion.rights[action].value.value if part is None else part.words_on(action)


def _whole(statement: Statement, conclusion: Conclusion, why: str) -> Contradiction:
    quoted = statement.claim.quote if statement.claim is not None and statement.claim.quote else statement.expression
    return Contradiction(None, conclusion.expression, quoted, why)

"""In which order sources are worth adopting, and which single act would unlock most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple, assert_never

from domain.catalog import Catalog, Source
from domain.deciding import Decision, Gate
from domain.ordering import needed_first
from domain.policy import Policy
from domain.vocabulary import Availability, GateKind, Owner, Tier
from scoring.gates import VERIFICATION_GATES, capped
from scoring.phases import NO_PHASE, phase_of, phase_order

_HOUSE_WIDE = frozenset({"share_alike_scope", "copyleft_counsel", *VERIFICATION_GATES})


class UnlockingAct(NamedTuple):
    """One act that closes a gate. `unlocks`: the sources whose tier it widens by itself, the planned
    looks assumed; `open_for`: all it is open for; `likely_days`: likely effort of what it unlocks."""

    act: str
    owner: Owner
    unlocks: tuple[str, ...]
    likely_days: float
    gate: str
    open_for: tuple[str, ...]


def rank(decisions: Sequence[Decision], catalog: Catalog, policy: Policy) -> tuple[Decision, ...]:
    """The decisions in order of adoption with `phase` and `adoption_rank` (from 1) set.

    By phase, tier_if_verified, availability, number of applications and of further unlocks, effort,
    open gates, and last by id; among equals in phase and tier a source comes after those it builds
    on. Sources missing from the catalog come last, in no phase.
    """
    sources = {source.id: source for _, _, source in catalog.sources}
    phased = []
    for decision in decisions:
        blocked = decision.tier_if_verified is Tier.BLOCKED
        source = sources.get(decision.source_id)
        phase = NO_PHASE if source is None else phase_of(source, policy, blocked=blocked)
        phased.append(replace(decision, phase=phase))
    ordered = sorted(phased, key=lambda decision: _order(decision, sources.get(decision.source_id), policy))
    placed = _after_what_they_need(ordered, sources)
    return tuple(replace(decision, adoption_rank=at) for at, decision in enumerate(placed, start=1))


def unlocking_acts(decisions: Sequence[Decision]) -> tuple[UnlockingAct, ...]:
    """Every act that closes a blocking gate, those that unlock most sources first.

    An act of the house (a capability, a scope ruling, a run) counts once for all sources; one that
    must be done source by source counts for each alone. Nothing closes a determination but other
    terms, so that is no act.
    """
    found: dict[tuple[str, str, Owner, str], list[tuple[Decision, bool]]] = {}
    for decision in decisions:
        for gate in decision.gates:
            if gate.kind is GateKind.BLOCKING and gate.gate != "determination":
                apart = "" if _house_wide(gate) else decision.source_id
                key = (gate.gate, gate.closes, gate.owner, apart)
                found.setdefault(key, []).append((decision, _unlocks(gate, decision)))
    acts = [_act(gate, closes, owner, where) for (gate, closes, owner, _), where in found.items()]
    return tuple(sorted(acts, key=lambda act: (-len(act.unlocks), -len(act.open_for), act.gate, act.act, act.open_for)))


def _order(decision: Decision, source: Source | None, policy: Policy) -> tuple[object, ...]:
    blocking = sum(gate.kind is GateKind.BLOCKING for gate in decision.gates)
    return (
        phase_order(decision.phase, policy),
        decision.tier_if_verified.rank,
        _availability(source),
        -len({fit.application for fit in source.applications}) if source is not None else 0,
        -len(source.unlocks) if source is not None else 0,
        decision.effort.likely,
        blocking,
        decision.source_id,
    )


def _availability(source: Source | None) -> int:
    """0 for what can be had today; grows as it gets harder."""
    status = source.availability.status if source is not None and source.availability is not None else None
    match status:
        case Availability.AVAILABLE:
            return 0
        case Availability.FROZEN:
            return 1
        case Availability.ON_REQUEST:
            return 2
        case Availability.UNKNOWN | None:
            return 3
        case Availability.WITHDRAWN:
            return 4
    assert_never(status)


def _after_what_they_need(ordered: Sequence[Decision], sources: dict[str, Source]) -> list[Decision]:
    """Move a source behind those it supplements or comes from, within its phase and tier. A ring of
    needs is broken at its first member."""
    placed: list[Decision] = []
    for _, group in groupby(ordered, key=lambda decision: (decision.phase, decision.tier_if_verified)):
        members = {decision.source_id: decision for decision in group}
        needs = {source_id: _needs(sources.get(source_id)) for source_id in members}
        placed += [members[source_id] for source_id in needed_first([*members], needs)]
    return placed


def _needs(source: Source | None) -> set[str]:
    return set() if source is None else {*source.supplements, *(derived.upstream for derived in source.derivation)}


def _house_wide(gate: Gate) -> bool:
    return gate.gate in _HOUSE_WIDE or gate.gate.startswith("needs_")


def _unlocks(gate: Gate, decision: Decision) -> bool:
    if gate.gate in VERIFICATION_GATES:
        return decision.tier_if_verified.rank < decision.tier.rank
    others = (
        other
        for other in decision.gates
        if other != gate and other.gate not in VERIFICATION_GATES and not _assumed_away(other, decision)
    )
    return capped(others).rank < decision.tier_if_verified.rank


def _assumed_away(gate: Gate, decision: Decision) -> bool:
    """A cap the planned look would lift with the rest: narrower than what the tier would then be."""
    return gate.caps_at is not None and gate.caps_at.rank > decision.tier_if_verified.rank


def _act(gate: str, closes: str, owner: Owner, where: Iterable[tuple[Decision, bool]]) -> UnlockingAct:
    held = list(where)
    unlocked = sorted((decision for decision, alone in held if alone), key=lambda decision: decision.source_id)
    return UnlockingAct(
        act=closes,
        owner=owner,
        unlocks=tuple(decision.source_id for decision in unlocked),
        likely_days=round(sum(decision.effort.likely for decision in unlocked), 1),
        gate=gate,
        open_for=tuple(sorted(decision.source_id for decision, _ in held)),
    )

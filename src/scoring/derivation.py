"""What upstream sources leave of a source's rights, by the way the data came out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from domain.catalog import Catalog, Dataset, Derivation, Provider, Source
from domain.deciding import LAPSING, Decision, Gate
from domain.policy import Policy
from domain.vocabulary import Action, DerivationFlow, Determination, GateKind, Tier
from scoring.determination import tier_of
from scoring.gates import VERIFICATION_GATES, capped, open_gate

# Matters of the upstream source that do not travel with its rights.
_OWN_MATTERS = frozenset({"no_benefit", "privacy_assessment", "withdrawn", "watch_failing", "watch_unstable"})


def upstream_gates(
    source: Source, upstream: Mapping[str, Decision], policy: Policy, *, verified: bool
) -> tuple[Gate, ...]:
    """One gate for every upstream that matters; with `verified` as if all planned looks confirmed."""
    return tuple(
        gate
        for derivation in source.derivation
        for gate in _gates(derivation, upstream.get(derivation.upstream), policy, verified=verified)
    )


def upstream_first(catalog: Catalog) -> tuple[tuple[Provider, Dataset, Source], ...]:
    """Every source of a catalog, each after the sources it was derived from, so that `decide` finds
    their decisions. In a ring the first in catalog order goes first and sees the rest as unknown."""
    known = {source.id: (provider, dataset, source) for provider, dataset, source in catalog.sources}
    placed: dict[str, tuple[Provider, Dataset, Source]] = {}
    left = dict(known)
    while left:
        free = (i for i, (_, _, s) in left.items() if not ({d.upstream for d in s.derivation} - {i}) & left.keys())
        following = next(free, next(iter(left)))
        placed[following] = left.pop(following)
    return tuple(placed.values())


def _gates(derivation: Derivation, known: Decision | None, policy: Policy, *, verified: bool) -> Iterable[Gate]:
    rule = f"upstream_{derivation.flow.value}"
    match derivation.flow:
        case DerivationFlow.COPIES | DerivationFlow.JOINS | DerivationFlow.FILTERS:
            if known is None or derivation.upstream_prohibits:
                # Rights nobody has looked into bind all the same.
                stated = policy.gates[rule].caps_at if rule in policy.gates else None
                fallback = Tier.BLOCKED if derivation.upstream_prohibits else Tier.RESEARCH_ONLY
                kind = GateKind.BLOCKING if derivation.upstream_prohibits else None
                yield _gate(derivation, policy, stated or fallback, kind)
            if known is not None:
                cap = _binding_cap(known, verified=verified)
                if cap is not Tier.PRODUCTION_APPROVED:
                    yield _gate(derivation, policy, cap, GateKind.BLOCKING)
        case DerivationFlow.COMPUTED_FROM | DerivationFlow.IMPORTED_VIA_API:
            yield _gate(derivation, policy, None, None)
        case DerivationFlow.TRAINED_ON:
            if derivation.upstream_prohibits or (known is not None and _prohibits(known)):
                yield _gate(derivation, policy, Tier.RESEARCH_ONLY, GateKind.BLOCKING)
            elif known is None or known.determination is not Determination.PRODUCTION_COMMERCIAL:
                yield _gate(derivation, policy, None, GateKind.CONDITION)
        case DerivationFlow.ANNOTATES | DerivationFlow.LINKS:
            return
        case _:
            assert_never(derivation.flow)


def _gate(derivation: Derivation, policy: Policy, cap: Tier | None, kind: GateKind | None) -> Gate:
    rule = f"upstream_{derivation.flow.value}"
    return open_gate(policy, rule, cap=cap, kind=kind, upstream=derivation.upstream, detail=derivation.note)


def _binding_cap(known: Decision, *, verified: bool) -> Tier:
    """The tier the upstream's rights alone leave. What the house was granted for the upstream itself
    does not travel: it was granted for nothing else."""
    if known.decided_by.startswith(LAPSING[0]):
        return Tier.narrowest([tier_of(known.determination), Tier.RESEARCH_ONLY])
    own = [gate for gate in known.gates if gate.gate in _OWN_MATTERS]
    if verified and not own:
        return known.tier_if_verified
    left_out = _OWN_MATTERS | VERIFICATION_GATES if verified else _OWN_MATTERS
    return capped(gate for gate in known.gates if gate.gate not in left_out)


def _prohibits(known: Decision) -> bool:
    return any(
        known.rights[action].speaks and known.rights[action].width == 0
        for action in (Action.COMMERCIAL_USE, Action.TRAIN_MODEL)
    )

"""Gates in final words: opened from the house's rules, merged, and turned into a tier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.deciding import Gate
from domain.policy import Policy
from domain.vocabulary import GateKind, Owner, Tier

VERIFICATION_GATES = frozenset({"not_looked_at", "evidence_stale", "change_unconfirmed", "evidence_grade"})
"""What the planned look closes by itself; `tier_if_verified` leaves them out."""


def open_gate(
    policy: Policy,
    rule_id: str,
    *,
    gate: str | None = None,
    cap: Tier | None = None,
    at_widest: Tier | None = None,
    kind: GateKind | None = None,
    closes: str | None = None,
    detail: str = "",
    duty: str = "",
    upstream: str = "",
) -> Gate:
    """A gate from its rule.

    `cap` replaces the rule's; `at_widest` lets the rule only narrow, for gates no house policy may
    soften. A blocking gate that names no cap blocks, and so does one policy has no rule for.
    """
    name = gate or rule_id
    rule = policy.gates.get(rule_id)
    if rule is None:
        kind = kind or GateKind.BLOCKING
        reason = f"policy has no rule for the gate {rule_id}" + (f": {detail}" if detail else "")
        caps_at = None if kind is GateKind.CONDITION else cap or at_widest or Tier.BLOCKED
        return Gate(name, kind, caps_at, reason, f"add {rule_id} to policy/gates.yaml", Owner.LEGAL)
    words = {"{duty}": duty, "{capability}": duty, "{upstream}": upstream, "{detail}": detail.strip().removesuffix(".")}
    reason = _filled(rule.reason, words)
    if detail and "{detail}" not in rule.reason + rule.closes:
        reason = f"{reason} ({detail})"
    kind = kind or (GateKind.BLOCKING if at_widest is not None else rule.kind)
    caps_at = None
    if kind is GateKind.BLOCKING:
        stated = [tier for tier in (cap or rule.caps_at, at_widest) if tier is not None]
        caps_at = Tier.narrowest(stated)
    return Gate(name, kind, caps_at, reason, _filled(closes or rule.closes, words), rule.owner)


def merged(gates: Iterable[Gate]) -> tuple[Gate, ...]:
    """One gate an id, in order of first appearance: the narrowest cap, every reason."""
    by_id: dict[str, list[Gate]] = {}
    for gate in gates:
        by_id.setdefault(gate.gate, []).append(gate)
    return tuple(_one(same) for same in by_id.values())


def capped(gates: Iterable[Gate]) -> Tier:
    """The narrowest tier the blocking gates leave."""
    caps = [gate.caps_at or Tier.BLOCKED for gate in gates if gate.kind is GateKind.BLOCKING]
    return Tier.narrowest([Tier.PRODUCTION_APPROVED, *caps])


def added_cap(base: Sequence[Gate], other: Sequence[Gate]) -> Tier | None:
    """The narrowest cap that `other` has and `base` has not; None when it has none of its own."""
    known = {gate.gate: gate.caps_at for gate in base}
    added = [
        gate.caps_at
        for gate in other
        if gate.caps_at is not None and (gate.gate not in known or _narrower(gate.caps_at, known[gate.gate]))
    ]
    return Tier.narrowest(added) if added else None


def _narrower(one: Tier, other: Tier | None) -> bool:
    return other is None or one.rank > other.rank


def _one(same: Sequence[Gate]) -> Gate:
    first = same[0]
    if len(same) == 1:
        return first
    blocking = [gate for gate in same if gate.kind is GateKind.BLOCKING]
    return Gate(
        first.gate,
        GateKind.BLOCKING if blocking else GateKind.CONDITION,
        capped(blocking) if blocking else None,
        "; ".join(dict.fromkeys(gate.reason for gate in same)),
        "; ".join(dict.fromkeys(gate.closes for gate in same)),
        (blocking or same)[0].owner,
    )


def _filled(text: str, words: dict[str, str]) -> str:
    if not words["{detail}"]:
        text = text.replace(": {detail}", "")
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return " ".join(text.split())

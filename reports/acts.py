"""Which single act raises which sources: from the open gates, never wider than they allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import Decision, Gate
from domain.vocabulary import GateKind, Owner, Tier
from reports.words import determination_cap

LOOKING = frozenset({"not_looked_at", "evidence_stale", "change_unconfirmed", "evidence_grade"})
"""The gates that a look at the page closes; `tier_if_verified` is the tier without them."""


_FOR_ALL_SOURCES = LOOKING | {"share_alike_scope"}
"""Gates that one act closes wherever they are open, as it does every `needs_<capability>`; each
review, contradiction or assessment is an act of its own, whatever its words."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A source that an act raises. `after_a_look`: only once its pages have been looked at, too."""

    source_id: str
    before: Tier
    to: Tier
    after_a_look: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One way to close one kind of gate, and the sources it raises, by id."""

    gate: str
    closes: str
    owner: Owner
    raised: tuple[Raised, ...]

    def count(self, tier: Tier) -> int:
        """How many sources reach a tier by this act."""
        return sum(raised.to is tier for raised in self.raised)


def worth(decision: Decision) -> tuple[int, int, str]:
    """Sorts what is worth most once verified to the front, then by order of adoption."""
    return (decision.tier_if_verified.rank, decision.adoption_rank, decision.source_id)


def blocking(decision: Decision) -> tuple[Gate, ...]:
    """The gates that cap, the narrowest cap first; a cap without a tier counts as the narrowest."""
    gates = (gate for gate in decision.gates if gate.kind is GateKind.BLOCKING)
    return tuple(sorted(gates, key=lambda gate: -cap_of(gate).rank))


def conditions(decision: Decision) -> tuple[Gate, ...]:
    """The gates that are printed beside the tier."""
    return tuple(gate for gate in decision.gates if gate.kind is GateKind.CONDITION)


def next_gates(decision: Decision) -> tuple[Gate, ...]:
    """The gates to close first. While a look alone would widen the tier, these are the ones it
    closes: what else holds the source today may rest on claims that the look settles."""
    held = blocking(decision)
    looks = tuple(gate for gate in held if gate.gate in LOOKING)
    return looks if looks and decision.tier_if_verified.rank < decision.tier.rank else held


def acts(decisions: Sequence[Decision]) -> tuple[Act, ...]:
    """Every act that raises a source (a look at its pages granted), the most useful first.

    An attribution path is built once for all sources; a review is made for one. An act counts for a
    source only if no other gate and not the license itself holds the source back.
    """
    raised: defaultdict[tuple[str, str, Owner, str], list[Raised]] = defaultdict(list)
    for decision in sorted(decisions, key=lambda decision: decision.source_id):
        for gate in dict.fromkeys(blocking(decision)):
            gain = _raised_by(decision, gate)
            only_for = "" if _closed_for_all(gate) else decision.source_id
            key = (gate.gate, gate.closes, gate.owner, only_for)
            if gain is not None and gain not in raised[key]:
                raised[key].append(gain)
    found = [Act(gate, closes, owner, tuple(gains)) for (gate, closes, owner, _), gains in raised.items() if gains]
    return tuple(sorted(found, key=_most_useful_first))


def _most_useful_first(act: Act) -> tuple[int, int, str, str, str]:
    return (-act.count(Tier.PRODUCTION_APPROVED), -len(act.raised), act.gate, act.closes, act.raised[0].source_id)


def _closed_for_all(gate: Gate) -> bool:
    return gate.gate in _FOR_ALL_SOURCES or gate.gate.startswith("needs_")


def _raised_by(decision: Decision, gate: Gate) -> Raised | None:
    held = blocking(decision)
    looks = {other.gate for other in held if other.gate in LOOKING}
    if gate.gate in LOOKING:
        before, to = decision.tier, decision.tier_if_verified
        if looks != {gate.gate}:
            return None
    else:
        before = decision.tier_if_verified
        same = (gate.gate, gate.closes, gate.owner)
        rest = [
            cap_of(other)
            for other in held
            if other.gate not in looks and (other.gate, other.closes, other.owner) != same
        ]
        # While statements contradict each other, the determination is the narrower one's; what is left of it
        # once a person has ruled is a gate of its own.
        cap = Tier.PRODUCTION_APPROVED if gate.gate == "contradiction" else determination_cap(decision.determination)
        to = Tier.narrowest([cap, *rest])
    if to.rank >= before.rank:
        return None
    return Raised(decision.source_id, before, to, after_a_look=gate.gate not in LOOKING and bool(looks))


def cap_of(gate: Gate) -> Tier:
    """What a blocking gate caps at; one without a tier caps at the narrowest."""
    return Tier.BLOCKED if gate.caps_at is None else gate.caps_at

"""Whether sources may be used for a purpose; what is not known is blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.deciding import Decision, Gate
from domain.history import ChangeRecord
from domain.policy import Policy
from domain.vocabulary import ChangeClass, GateKind, Tier, WatchRole
from scoring.expressions import license_ids
from warehouse.query import Reader

_BINDING_TODAY = frozenset({WatchRole.TERMS.value, WatchRole.API_TERMS.value})
_OF_THE_LICENSE = frozenset(
    {
        "determination",
        "authority",
        "contradiction",
        "change_unconfirmed",
        "widening_unreviewed",
        "production_requires_review",
        "use_restrictions",
        "share_alike_scope",
        "copyleft_counsel",
        "withdrawn",
    }
)
"""The gates that follow from today's license alone, so that a copy received under an older one is free of them."""


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """One source's answer with the reason, and the act that closes what holds it."""

    source_id: str
    passes: bool
    tier: Tier
    required: Tier
    reason: str
    closes: str = ""
    owner: str = ""
    conditions: tuple[str, ...] = ()

    def shape(self) -> dict[str, object]:
        """The answer for programs."""
        return {
            "source_id": self.source_id,
            "passes": self.passes,
            "tier": self.tier.value,
            "required": self.required.value,
            "reason": self.reason,
            "closes": self.closes,
            "owner": self.owner,
            "conditions": list(self.conditions),
        }

    def line(self) -> str:
        """The answer for people."""
        words = f"{'pass' if self.passes else 'FAIL'} {self.source_id}: {self.tier.value}"
        if not self.passes:
            words += f", needs {self.required.value}: {self.reason}; closed by: {self.closes} ({self.owner})"
        elif self.reason:
            words += f" ({self.reason})"
        return words + (f"; conditions: {', '.join(self.conditions)}" if self.conditions else "")


def gate_answers(
    warehouse: Path,
    source_ids: Sequence[str],
    required: Tier,
    policy: Policy,
    *,
    at: datetime | None = None,
    acquired_at: datetime | None = None,
) -> tuple[GateAnswer, ...]:
    """One answer a source, in the order asked. With `acquired_at` a copy received then under a license
    that cannot be revoked keeps the tier it had, whatever the publisher offers today."""
    with Reader.open(warehouse) as reader:
        now = reader.decisions(at)
        then = reader.decisions(acquired_at) if acquired_at is not None else {}
        relicensed = _relicensed(reader.recent_changes(acquired_at) if acquired_at is not None else ())
    answers = []
    for source_id in source_ids:
        decision = now.get(source_id)
        answer = _answer(source_id, decision, required)
        kept = then.get(source_id)
        # Only the publisher's own change is undone by the past; a policy or an aged look is not.
        lasts = kept is not None and source_id in relicensed and _irrevocable(kept, policy)
        if not answer.passes and lasts and kept is not None and not _holds_today(decision, kept, required):
            before = _answer(source_id, kept, required)
            if before.passes and acquired_at is not None:
                reason = f"received by {acquired_at.date().isoformat()} under {kept.license_concluded}, which lasts"
                answer = GateAnswer(source_id, True, kept.tier, required, reason, conditions=before.conditions)
        answers.append(answer)
    return tuple(answers)


def _relicensed(changes: Sequence[ChangeRecord]) -> frozenset[str]:
    """The sources whose license pages changed and whose terms of a site or interface did not: those bind
    as of today, whatever was received before."""
    moved: set[str] = set()
    bound: set[str] = set()
    for record in changes:
        if record.confirmed and record.change.kind is ChangeClass.MATERIAL:
            role = record.watch_id.removeprefix(f"{record.source_id}/").partition("/")[0]
            (bound if role in _BINDING_TODAY else moved).add(record.source_id)
    return frozenset(moved - bound)


def _holds_today(decision: Decision | None, kept: Decision, required: Tier) -> bool:
    """Whether something that no license change explains caps below what is required: persons in the
    data, upstream rights, a duty of the old license that the house cannot meet any more."""
    if decision is None:
        return True
    old_duties = {f"needs_{duty.value}" for duty in kept.duties}
    return any(
        (gate.gate not in _OF_THE_LICENSE and not gate.gate.startswith("needs_")) or gate.gate in old_duties
        for gate in decision.gates
        if gate.kind is GateKind.BLOCKING and (gate.caps_at is None or gate.caps_at.rank > required.rank)
    )


def _answer(source_id: str, decision: Decision | None, required: Tier) -> GateAnswer:
    if decision is None:
        return GateAnswer(
            source_id,
            False,
            Tier.BLOCKED,
            required,
            "the source is unknown, and what is unknown is blocked",
            "add it with `clearance catalog add`, then run `clearance run`",
            "engineering",
        )
    conditions = tuple(gate.gate for gate in decision.gates if gate.kind is GateKind.CONDITION)
    if decision.tier.rank <= required.rank:
        return GateAnswer(source_id, True, decision.tier, required, "", conditions=conditions)
    holding = _holding(decision, required)
    if holding is None:
        return GateAnswer(
            source_id, False, decision.tier, required, "its tier is narrower", "see `clearance show`", "", conditions
        )
    return GateAnswer(
        source_id, False, decision.tier, required, holding.reason, holding.closes, holding.owner.value, conditions
    )


def _holding(decision: Decision, required: Tier) -> Gate | None:
    """The blocking gate that caps lowest among those that cap below what is required."""
    caps = [
        gate
        for gate in decision.gates
        if gate.kind is GateKind.BLOCKING and (gate.caps_at is None or gate.caps_at.rank > required.rank)
    ]
    return max(caps, key=lambda gate: Tier.BLOCKED.rank if gate.caps_at is None else gate.caps_at.rank, default=None)


def _irrevocable(decision: Decision, policy: Policy) -> bool:
    found = [policy.family_of(license_id) for license_id in license_ids(decision.license_concluded)]
    return bool(found) and all(family is not None and family.irrevocable for family in found)

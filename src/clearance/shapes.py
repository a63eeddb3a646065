"""The JSON shapes other programs rely on; only fields are ever added."""

from __future__ import annotations

from collections.abc import Mapping

from domain.claims import MachineWords
from domain.deciding import Decision, Gate
from domain.history import ChangeRecord, RunSummary
from domain.reading import Change, Contradiction, LayerReading, Reading
from domain.rights import Right, Rights
from flows.replay_recording import ReplayLine
from flows.reread_history import OtherAnswer
from scoring.determination import determine, reasons


def reading_shape(reading: Reading, name: str | None = None) -> dict[str, object]:
    """`clearance read`: licenses, rights and determination with the evidence for them."""
    determination = determine(reading.rights, reading.per_item)
    shape: dict[str, object] = {} if name is None else {"id": name}
    return {
        **shape,
        "licenses": list(reading.licenses),
        "expression": reading.expression,
        "determination": determination.value,
        "reasons": [*reading.reasons, *reasons(reading.rights, reading.per_item)],
        "rights": _rights(reading.rights),
        "duties": [duty.value for duty in reading.duties],
        "per_item": reading.per_item.value,
        "layers": {layer.value: _layer(answer) for layer, answer in reading.layers.items()},
        "evidence": [
            {
                "rule": finding.rule,
                "kind": finding.kind.value,
                "quote": finding.quote,
                "start": finding.start,
                "end": finding.end,
                "license": finding.license,
                "subject": finding.scope.subject.value,
            }
            for finding in reading.findings
        ],
        "contradictions": [_contradiction(item) for item in reading.contradictions],
        "notes": list(reading.notes),
        "language": reading.language,
        "suspect": reading.suspect,
    }


def replay_shape(line: ReplayLine) -> dict[str, object]:
    """One response of `clearance replay`."""
    record = line.record
    return {
        "url": line.look.url,
        "at": line.look.at.isoformat(),
        "outcome": line.look.outcome.value,
        "reason": line.look.reason,
        **_change(line.change),
        "confirmed": line.confirmed,
        "determination_before": _value(record.determination_before if record else None),
        "determination_after": _value(record.determination_after if record else None),
        "alert": line.alert,
        "source_id": line.source_id,
        "watch_id": line.watch_id,
    }


def reread_shape(item: OtherAnswer) -> dict[str, object]:
    """One past answer that would be another today."""
    return {
        "source_id": item.before.source_id,
        "watch_id": item.before.watch_id,
        "url": item.before.url,
        "seen_at": item.before.seen_at.isoformat(),
        "reader_before": item.before.reading.reader,
        "reader_after": item.after.reading.reader,
        **_change(item.change),
        "determination_before": item.determination_before.value,
        "determination_after": item.determination_after.value,
    }


def drift_shape(record: ChangeRecord) -> dict[str, object]:
    """One change of `clearance drift`; fields as in `replay`."""
    return {
        "url": record.url,
        "at": record.at.isoformat(),
        "source_id": record.source_id,
        "page_id": record.page_id,
        "watch_id": record.watch_id,
        **_change(record.change),
        "confirmed": record.confirmed,
        "determination_before": _value(record.determination_before),
        "determination_after": _value(record.determination_after),
        "alert": record.alert,
        "change_id": record.change_id,
        "run_id": record.run_id,
    }


def status_shape(decision: Decision) -> dict[str, object]:
    """One source of `clearance status`."""
    effort = decision.effort
    return {
        "source_id": decision.source_id,
        "dataset": decision.dataset_id,
        "layer": decision.layer,
        "license_declared": decision.license_declared,
        "license_concluded": decision.license_concluded,
        "determination": decision.determination.value,
        "tier": decision.tier.value,
        "tier_if_verified": decision.tier_if_verified.value,
        "gates": [gate_shape(gate) for gate in decision.gates],
        "duties": [duty.value for duty in decision.duties],
        "evidence_grade": _value(decision.evidence_grade),
        "authority": _value(decision.authority),
        "verified_at": None if decision.verified_at is None else decision.verified_at.isoformat(),
        "valid_until": None if decision.valid_until is None else decision.valid_until.isoformat(),
        "effort_days": {"low": effort.low, "likely": effort.likely, "high": effort.high},
        "phase": decision.phase,
        "adoption_rank": decision.adoption_rank,
        "decided_by": decision.decided_by,
    }


def decision_shape(decision: Decision) -> dict[str, object]:
    """`clearance show SOURCE`: the row of `status` with its rights, reasons and proofs."""
    return {
        **status_shape(decision),
        "reasons": list(decision.reasons),
        "rights": _rights(decision.rights),
        "notes": list(decision.notes),
        "contradictions": [_contradiction(item) for item in decision.contradictions],
        "evidence": [
            {
                "url": item.url,
                "at": None if item.at is None else item.at.isoformat(),
                "sha256": item.sha256,
                "quote": item.quote,
                "grade": item.grade.value,
                "authority": item.authority.value,
                "license": item.license,
                "rule": item.rule,
                "watch_id": item.watch_id,
            }
            for item in decision.evidence
        ],
        "effort": [
            {
                "part": item.part.value,
                "driver": item.driver,
                "low": item.low,
                "likely": item.likely,
                "high": item.high,
                "fact": item.fact,
            }
            for item in decision.effort.contributions
        ],
    }


def machine_shape(words: MachineWords) -> dict[str, object]:
    """What machines state about a source, beside its decision."""
    return {
        "license_claims": [
            {
                "words": item.claim.raw,
                "link": item.claim.link,
                "scope": item.claim.scope.value,
                "field": item.claim.field,
                "url": item.claim.url,
                "seen_at": item.claim.seen_at.isoformat(),
                "read_as": item.expression,
            }
            for item in words.licenses
        ],
        "reservations": [
            {
                "state": item.state.value,
                "rule": item.rule,
                "words": item.raw,
                "path": item.path,
                "audience": item.audience,
                "policy": item.policy,
                "url": item.url,
                "seen_at": item.seen_at.isoformat(),
            }
            for item in words.reservations
        ],
    }


def _contradiction(item: Contradiction) -> dict[str, object]:
    return {"action": _value(item.action), "wider": item.wider, "narrower": item.narrower, "why": item.why}


def gate_shape(gate: Gate) -> dict[str, object]:
    """One gate of a source."""
    return {
        "gate": gate.gate,
        "kind": gate.kind.value,
        "caps_at": _value(gate.caps_at),
        "reason": gate.reason,
        "closes": gate.closes,
        "owner": gate.owner.value,
    }


def run_shape(summary: RunSummary) -> dict[str, object]:
    """What `clearance run` came to."""
    return {
        "run_id": summary.run_id,
        "pages": summary.pages,
        "outcomes": dict(summary.outcomes),
        "changes": dict(summary.changes),
        "alerts": summary.alerts,
        "assessment": summary.assessment,
        "why": summary.why,
        "seconds": dict(summary.seconds),
        "problems": list(summary.problems),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "change": change.kind.value,
        "direction": _value(change.direction),
        "relicensed": change.relicensed,
        "licenses_before": list(change.licenses_before),
        "licenses_after": list(change.licenses_after),
        "rights_changed": [
            {
                "action": right.action.value,
                "before": right.before,
                "after": right.after,
                "direction": right.direction.value,
                "quote_before": right.quote_before,
                "quote_after": right.quote_after,
            }
            for right in change.rights_changed
        ],
        "duties_before": [duty.value for duty in change.duties_before],
        "duties_after": [duty.value for duty in change.duties_after],
        "quote_before": change.quote_before,
        "quote_after": change.quote_after,
        "why": change.reason,
    }


def _rights(rights: Rights) -> dict[str, object]:
    return {action.value: _right(right) for action, right in rights}


def _right(right: Right) -> Mapping[str, object]:
    return {
        "value": right.value.value,
        "basis": _value(right.basis),
        "purpose": right.purpose.value,
        "assignee": right.assignee.value,
        "conditions": [condition.value for condition in right.conditions],
    }


def _layer(answer: LayerReading) -> Mapping[str, object]:
    return {
        "licenses": list(answer.licenses),
        "determination": determine(answer.rights, answer.per_item).value,
        "rights": _rights(answer.rights),
        "duties": [duty.value for duty in answer.duties],
        "per_item": answer.per_item.value,
    }


def _value(item: object) -> object:
    return getattr(item, "value", None)

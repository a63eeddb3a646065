"""The policy file: the table a training service loads instead of keeping one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import assert_never

from domain.deciding import Decision, EvidenceItem
from domain.policy import Policy
from domain.vocabulary import Tier
from reports.acts import blocking, conditions


def policy_file(
    decisions: Sequence[Decision], policy: Policy, *, generated_at: datetime, run_id: str
) -> dict[str, object]:
    """`source_classification.json` of the machine contract, ready for `json.dumps`.

    Sources are in order of id. `fail_closed` tells the reader that a source that is not listed is
    blocked. Times are ISO 8601; `valid_until` is null where a tier rests on nothing that ages.
    """
    ordered = sorted(decisions, key=lambda decision: decision.source_id)
    return {
        "generated_at": _iso(generated_at),
        "run_id": run_id,
        "policy_version": policy.sha256,
        "fail_closed": True,
        "sources": {decision.source_id: _entry(decision) for decision in ordered},
    }


def allowed_envs(tier: Tier) -> str:
    """Where rows of a source may go. What production may use, research may use as well."""
    match tier:
        case Tier.PRODUCTION_APPROVED:
            return "both"
        case Tier.RESEARCH_ONLY:
            return "research"
        case Tier.BLOCKED:
            return "none"
        case _:
            assert_never(tier)


def _entry(decision: Decision) -> dict[str, object]:
    return {
        "tier": decision.tier.value,
        "tier_if_verified": decision.tier_if_verified.value,
        "determination": decision.determination.value,
        "license": decision.license_concluded,
        "allowed_envs": allowed_envs(decision.tier),
        "conditions": [gate.gate for gate in conditions(decision)],
        "duties": [duty.value for duty in decision.duties],
        "gates": [gate.gate for gate in blocking(decision)],
        "evidence": [_evidence(item) for item in decision.evidence],
        "verified_at": _iso(decision.verified_at),
        "valid_until": _iso(decision.valid_until),
    }


def _evidence(item: EvidenceItem) -> dict[str, object]:
    return {
        "url": item.url,
        "at": _iso(item.at),
        "sha256": item.sha256,
        "quote": item.quote,
        "grade": item.grade.value,
        "authority": item.authority.value,
    }


def _iso(at: datetime | date | None) -> str | None:
    if at is None:
        return None
    if isinstance(at, datetime):
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat()
    return at.isoformat()

"""The policy file's shape, which training services rely on."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from assessment_rows import POLICY, SHA, decisions

from domain.vocabulary import Tier
from reports.policy_file import allowed_envs, policy_file

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def test_it_holds_every_source_and_fails_closed() -> None:
    document = json.loads(json.dumps(policy_file(decisions(), POLICY, generated_at=AT, run_id="run-7")))
    assert {key: document[key] for key in ("generated_at", "run_id", "policy_version", "fail_closed")} == {
        "generated_at": "2026-11-24T06:00:00+00:00",
        "run_id": "run-7",
        "policy_version": POLICY.sha256,
        "fail_closed": True,
    }
    assert list(document["sources"]) == ["graph_core", "graph_tags", "lab_only", "sounds_audio"]


def test_an_entry_carries_tier_conditions_and_whole_evidence() -> None:
    document = json.loads(json.dumps(policy_file(decisions(), POLICY, generated_at=AT, run_id="run-7")))
    assert document["sources"]["graph_core"] == {
        "tier": "production_approved",
        "tier_if_verified": "production_approved",
        "determination": "production-commercial",
        "license": "CC0-1.0",
        "allowed_envs": "both",
        "conditions": ["privacy_assessment"],
        "duties": [],
        "gates": [],
        "evidence": [
            {
                "url": "https://graph.example.org/license",
                "at": "2023-05-20T01:34:00+00:00",
                "sha256": SHA,
                "quote": "The core data is in the public domain (CC0).",
                "grade": "B",
                "authority": "publisher",
            }
        ],
        "verified_at": "2026-11-23T07:07:00+00:00",
        "valid_until": "2027-05-22T00:00:00+00:00",
    }
    claim = document["sources"]["sounds_audio"]
    assert (claim["evidence"][0]["at"], claim["evidence"][0]["sha256"], claim["verified_at"]) == (
        "2026-03-29",
        None,
        None,
    )
    assert claim["gates"] == ["not_looked_at", "needs_attribution"]


def test_where_rows_may_go() -> None:
    assert [allowed_envs(tier) for tier in (Tier.PRODUCTION_APPROVED, Tier.RESEARCH_ONLY, Tier.BLOCKED)] == [
        "both",
        "research",
        "none",
    ]

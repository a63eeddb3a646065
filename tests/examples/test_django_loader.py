"""The loader a Django service copies: what is unknown, research, or of a mixed provider stays out of production."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from catalog import load_policy
from domain.deciding import Decision, Effort
from domain.rights import ALL_SILENT
from domain.vocabulary import Determination, Tier
from reports.policy_file import policy_file

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "django_loader" / "source_policy.py"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("source_policy", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["source_policy"] = module
    spec.loader.exec_module(module)
    return module


loader = _loaded()
PRODUCTION, RESEARCH = loader.Environment.PRODUCTION, loader.Environment.RESEARCH
DECISION = Decision(
    source_id="musicbrainz",
    dataset_id="musicbrainz",
    layer="metadata",
    license_declared="CC0-1.0",
    license_concluded="CC0-1.0",
    determination=Determination.PRODUCTION_COMMERCIAL,
    tier=Tier.PRODUCTION_APPROVED,
    tier_if_verified=Tier.PRODUCTION_APPROVED,
    gates=(),
    rights=ALL_SILENT,
    duties=(),
    evidence=(),
    evidence_grade=None,
    authority=None,
    effort=Effort(),
    phase="0",
    valid_until=NOW + timedelta(days=10),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A policy file as Clearance writes it: a provider with an open and a restricted part, and a blocked source."""
    decisions = [
        DECISION,
        replace(
            DECISION, source_id="musicbrainz_supplemental", tier=Tier.RESEARCH_ONLY, license_concluded="CC-BY-NC-SA-3.0"
        ),
        replace(DECISION, source_id="spotify_mpd", tier=Tier.BLOCKED),
    ]
    content = policy_file(decisions, load_policy(ROOT / "policy"), generated_at=NOW, run_id="r1")
    file = tmp_path / "source_classification.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


@pytest.fixture
def policy(path: Path) -> Any:
    return loader.SourcePolicy.load(path, now=NOW)


def row(source: object, **more: object) -> dict[str, object]:
    return {"source": source, "license": "CC0-1.0", "allowed_envs": "both", **more}


def test_an_unknown_source_is_blocked_everywhere(policy: Any) -> None:
    assert policy.tier("nobody") == "blocked"
    for environment in (PRODUCTION, RESEARCH):
        with pytest.raises(loader.SourceNotAllowed, match="unknown is blocked"):
            policy.require("nobody", environment, now=NOW)


def test_one_research_row_keeps_a_model_out_of_production_and_not_out_of_research(policy: Any) -> None:
    rows = [row("musicbrainz"), row("musicbrainz_supplemental")]
    [(number, reason)] = policy.blocking_rows(rows, PRODUCTION, now=NOW)
    assert number == 2
    assert "research_only" in reason
    assert policy.blocking_rows(rows, RESEARCH, now=NOW) == []


def test_the_parts_of_a_mixed_provider_are_told_apart(policy: Any) -> None:
    assert policy.why_not("musicbrainz", PRODUCTION, now=NOW) == ""
    assert policy.why_not("musicbrainz_supplemental", PRODUCTION, now=NOW) != ""
    assert policy.why_not("MusicBrainz", PRODUCTION, now=NOW) != ""
    assert policy.why_not("musicbrainz ", PRODUCTION, now=NOW) != ""


@pytest.mark.parametrize(
    "wrong",
    [row(None), row("musicbrainz", license=""), row("musicbrainz", allowed_envs="research"), {"track_path": "x"}],
)
def test_a_row_that_does_not_say_what_it_must_blocks(policy: Any, wrong: dict[str, object]) -> None:
    assert [number for number, _ in policy.blocking_rows([row("musicbrainz"), wrong], PRODUCTION, now=NOW)] == [2]


def test_evidence_that_ran_out_allows_nothing(policy: Any) -> None:
    assert "good until" in policy.why_not("musicbrainz", PRODUCTION, now=NOW + timedelta(days=11))


@pytest.mark.parametrize(
    "entry",
    [
        {"tier": "production_approved", "allowed_envs": "none"},
        {"tier": "research_only", "allowed_envs": "both"},
        {"tier": "blocked", "allowed_envs": "both"},
        {"tier": "production_approved", "allowed_envs": "both", "valid_until": "some day"},
        {"tier": "production_approved", "allowed_envs": "both", "conditions": "none"},
        {"tier": "approved"},
        [],
        None,
    ],
)
def test_an_entry_that_is_not_understood_is_blocked(path: Path, entry: object) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content["sources"]["musicbrainz"] = {"conditions": [], **entry} if isinstance(entry, dict) else entry
    path.write_text(json.dumps(content), encoding="utf-8")
    policy = loader.SourcePolicy.load(path, now=NOW)
    assert policy.tier("musicbrainz") == "blocked"
    assert policy.why_not("musicbrainz", RESEARCH, now=NOW) != ""


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"fail_closed": false, "sources": {}}', '{"fail_closed": true, "sources": {}}']
)
def test_a_file_that_cannot_be_relied_on_does_not_load(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(loader.PolicyFileInvalid):
        loader.SourcePolicy.load(path, now=NOW)


def test_an_old_or_missing_file_does_not_load(path: Path, tmp_path: Path) -> None:
    with pytest.raises(loader.PolicyFileInvalid, match="31 days old"):
        loader.SourcePolicy.load(path, now=NOW + timedelta(days=31))
    with pytest.raises(loader.PolicyFileInvalid, match="cannot be read"):
        loader.SourcePolicy.load(tmp_path / "missing.json", now=NOW)


def test_the_loader_needs_only_the_standard_library() -> None:
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert names <= {*sys.stdlib_module_names}

"""The shipped catalog over the real recorded pages: what may be approved in its time, and what must not be.

The recordings lie beside the project and are no part of it; without them there is nothing to run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from catalog import load_catalog
from domain.catalog import Claim
from domain.deciding import Decision
from domain.vocabulary import Tier
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
RECORDING = ROOT.parent / "shared" / "recordings" / "real-pages.warc.gz"
FACTS = ROOT.parent / "shared" / "facts" / "mlcore.yaml"
IN_ITS_TIME = datetime(2023, 5, 20, tzinfo=UTC)
LONG_AFTER = datetime(2026, 11, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not RECORDING.exists(), reason="the recordings are not beside the project")


def decided(tmp: Path, at: datetime) -> tuple[RunSettings, dict[str, Decision]]:
    settings = RunSettings(
        catalog=str(ROOT / "catalog"),
        policy=str(ROOT / "policy"),
        warehouse=str(tmp / "c.duckdb"),
        out=str(tmp / "out"),
        replay=(str(RECORDING),),
        at=at,
    )
    run_pipeline(Run.begin(settings))
    with Reader.open(Path(settings.warehouse)) as reader:
        return settings, reader.decisions(at)


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunSettings, dict[str, Decision]]:
    return decided(tmp_path_factory.mktemp("then"), IN_ITS_TIME)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Decision]:
    return decided(tmp_path_factory.mktemp("later"), LONG_AFTER)[1]


def gates(decision: Decision) -> set[str]:
    return {gate.gate for gate in decision.gates}


def test_the_core_of_musicbrainz_and_listenbrainz_are_approved_from_the_page(
    then: tuple[RunSettings, dict[str, Decision]],
) -> None:
    _, decisions = then
    for source_id in ("musicbrainz", "listenbrainz"):
        assert decisions[source_id].tier is Tier.PRODUCTION_APPROVED
        assert any("metabrainz.org/datasets/postgres-dumps" in str(e.url) for e in decisions[source_id].evidence)
    assert "privacy_pseudonymous" in gates(decisions["listenbrainz"])


def test_what_is_not_free_is_not_approved_though_its_page_calls_it_so(
    then: tuple[RunSettings, dict[str, Decision]],
) -> None:
    _, decisions = then
    assert decisions["musicbrainz_supplemental"].tier is Tier.RESEARCH_ONLY
    assert decisions["musicbrainz_json"].tier is not Tier.PRODUCTION_APPROVED
    assert "contradiction" in gates(decisions["musicbrainz_json"])


def test_only_what_was_looked_at_is_approved(then: tuple[RunSettings, dict[str, Decision]]) -> None:
    _, decisions = then
    unseen = [decision for decision in decisions.values() if decision.verified_at is None]
    assert unseen
    assert all(decision.tier is not Tier.PRODUCTION_APPROVED for decision in unseen)
    assert all("not_looked_at" in gates(decision) for decision in unseen)


def test_three_years_later_the_answers_are_the_same_and_the_evidence_is_stale(
    then: tuple[RunSettings, dict[str, Decision]], later: dict[str, Decision]
) -> None:
    _, decisions = then
    for source_id in ("musicbrainz", "listenbrainz"):
        assert later[source_id].determination is decisions[source_id].determination
        assert later[source_id].tier is Tier.RESEARCH_ONLY
        assert "evidence_stale" in gates(later[source_id])
        assert later[source_id].tier_if_verified is Tier.PRODUCTION_APPROVED
    assert all(decision.tier is not Tier.PRODUCTION_APPROVED for decision in later.values())


def test_verified_tiers_are_those_a_team_decided_by_hand(then: tuple[RunSettings, dict[str, Decision]]) -> None:
    _, decisions = then
    by_hand = yaml.safe_load(FACTS.read_text(encoding="utf-8"))["hand_written_judgment"]
    differing = {
        source_id: (tier, decisions[source_id].tier_if_verified.value)
        for source_id, tier in by_hand.items()
        if decisions[source_id].tier_if_verified.value != tier
    }
    # Nobody saw the words of Jamendo's terms, so nothing is granted until somebody looks.
    assert differing == {"jamendo": ("research_only", "blocked")}
    assert any(claim.note for claim in _claims(then[0], "jamendo"))


def test_a_second_run_over_the_same_pages_changes_nothing(then: tuple[RunSettings, dict[str, Decision]]) -> None:
    settings, _ = then
    path = Path(settings.out) / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md"
    before = path.read_bytes()
    again = run_pipeline(Run.begin(replace(settings)))
    assert (again.assessment, again.alerts, set(again.changes)) == ("unchanged", 0, {"none"})
    assert path.read_bytes() == before


def _claims(settings: RunSettings, source_id: str) -> list[Claim]:
    return [
        claim
        for _, _, source in load_catalog(Path(settings.catalog)).sources
        if source.id == source_id
        for claim in source.claims
    ]

"""Whole runs against a loopback web: the plain functions under the Prefect flow, a real warehouse, a real webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_settings

from domain.errors import InvalidInput
from domain.history import RunSummary
from domain.vocabulary import Tier
from flows.answer_gate import gate_answers
from flows.assess_stored import assess, would_differ
from flows.run_pipeline import could_not_look, run_pipeline
from flows.run_settings import Run, RunSettings, load_inputs
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages["/p/1"] = OPEN
        yield running


@pytest.fixture
def settings(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSettings:
    monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
    return smallest_settings(tmp_path, web)


def run(settings: RunSettings) -> RunSummary:
    return run_pipeline(Run.begin(settings))


def assessment(settings: RunSettings) -> bytes:
    return (Path(settings.out) / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md").read_bytes()


def test_a_license_change_is_one_alert_and_one_regenerated_assessment(web: Web, settings: RunSettings) -> None:
    first = run(settings)
    before = assessment(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.decisions()["tiny_1"].tier is Tier.PRODUCTION_APPROVED
    web.pages["/p/1"] = CLOSED
    second = run(settings)
    assert (first.alerts, second.alerts) == (0, 1)
    assert (first.assessment, second.assessment) == ("regenerated", "regenerated")
    assert assessment(settings) != before
    [digest] = web.posted
    alerts = digest["alerts"]
    assert isinstance(alerts, list)
    assert [alert["kind"] for alert in alerts] == ["license_changed"]
    assert alerts[0]["payload"]["licenses_after"] == ["CC-BY-NC-4.0"]
    with Reader.open(Path(settings.warehouse)) as reader:
        decision = reader.decisions()["tiny_1"]
        assert (decision.tier, decision.license_concluded) == (Tier.RESEARCH_ONLY, "CC-BY-NC-4.0")
        _, history = reader.query("SELECT tier_before, tier, cause FROM tier_history ORDER BY seq")
        assert history == [
            (None, "production_approved", "first"),
            ("production_approved", "research_only", "publisher"),
        ]
        assert reader.verify().holes == ()


def test_a_second_run_changes_nothing(web: Web, settings: RunSettings) -> None:
    run(settings)
    before = assessment(settings)
    again = run(settings)
    assert (again.assessment, again.alerts, again.changes) == ("unchanged", 0, {"none": 1})
    assert assessment(settings) == before
    assert web.posted == []
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.query("SELECT count(*) FROM license_history")[1] == [(1,)]


def documents_made(settings: RunSettings) -> int:
    """How often the document was made, be it that the same came of it."""
    with Reader.open(Path(settings.warehouse)) as reader:
        _, rows = reader.query("SELECT count(*) FROM document_inputs")
    return int(rows[0][0])


def test_a_document_is_made_only_where_something_it_shows_moved(web: Web, settings: RunSettings) -> None:
    run(settings)
    run(settings)
    assert documents_made(settings) == 1
    before = assessment(settings)
    (Path(settings.out) / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md").write_bytes(b"something else")
    assert run(settings).assessment == "unchanged"
    assert (documents_made(settings), assessment(settings)) == (1, before)
    web.pages["/p/1"] = CLOSED
    assert run(settings).assessment == "regenerated"
    assert documents_made(settings) == 2
    narrower = assessment(settings)
    web.pages["/p/1"] = OPEN
    run(settings)
    # What was shown before is shown again: by the rows of then, the document of now.
    assert assessment(settings) not in (before, narrower)


def test_a_catalog_that_moves_nothing_shown_is_looked_at_once(settings: RunSettings) -> None:
    run(settings)
    [provider] = Path(settings.catalog).glob("*.yaml")
    provider.write_text(provider.read_text() + "# a remark\n")
    outcomes = [run(settings).assessment for _ in range(2)]
    # The document names the catalog by its digest.
    assert (outcomes, documents_made(settings)) == (["regenerated", "unchanged"], 2)


def test_a_document_whose_text_is_lost_is_made_anew(settings: RunSettings) -> None:
    run(settings)
    before = assessment(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        last = reader.last_assessment()
        assert last is not None
        reader.bodies.path(last.sha256).unlink()
    (Path(settings.out) / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md").unlink()
    assert run(settings).assessment == "unchanged"
    assert (documents_made(settings), assessment(settings)) == (2, before)


def test_narrowing_counts_at_once_and_widening_waits(web: Web, settings: RunSettings) -> None:
    waiting = replace(settings, confirm_after=3600.0)
    run(waiting)
    web.pages["/p/1"] = CLOSED
    run(waiting)
    with Reader.open(Path(settings.warehouse)) as reader:
        decision = reader.decisions()["tiny_1"]
        assert decision.tier is Tier.RESEARCH_ONLY
        assert "change_unconfirmed" in {gate.gate for gate in decision.gates}
    assert web.posted == []


def test_widening_into_production_waits_for_a_review(web: Web, settings: RunSettings) -> None:
    web.pages["/p/1"] = CLOSED
    run(settings)
    web.pages["/p/1"] = OPEN
    summary = run(settings)
    assert summary.alerts == 1
    with Reader.open(Path(settings.warehouse)) as reader:
        decision = reader.decisions()["tiny_1"]
    assert decision.tier is not Tier.PRODUCTION_APPROVED
    assert "widening_unreviewed" in {gate.gate for gate in decision.gates}


def test_an_outage_is_silent_and_changes_no_tier(web: Web, settings: RunSettings) -> None:
    run(settings)
    web.pages["/p/1"] = 500
    out = run(replace(settings, only=("tiny_1",)))
    assert out.outcomes == {"unreachable": 1}
    assert could_not_look(out)
    web.pages["/p/1"] = OPEN
    back = run(settings)
    assert (out.alerts, back.alerts, back.assessment) == (0, 0, "unchanged")
    assert web.posted == []


def test_an_alert_that_could_not_be_delivered_goes_out_with_the_next_run(web: Web, settings: RunSettings) -> None:
    run(settings)
    web.pages["/p/1"] = CLOSED
    web.hook_status = 500
    failed = run(settings)
    assert any("not delivered" in problem for problem in failed.problems)
    web.hook_status = 200
    run(settings)
    run(settings)
    [taken] = web.posted[1:]
    assert taken["repeated"] is True


def test_without_allowance_a_private_address_is_refused(web: Web, settings: RunSettings) -> None:
    summary = run(replace(settings, allow_hosts=()))
    assert summary.outcomes == {"refused": 1}
    assert web.asked == []
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.decisions()["tiny_1"].tier is Tier.BLOCKED


def test_an_unknown_source_cannot_be_asked_for(settings: RunSettings) -> None:
    with pytest.raises(InvalidInput, match="no source is called nobody"):
        run(replace(settings, only=("nobody",)))


def test_the_gate_blocks_what_it_does_not_know(web: Web, settings: RunSettings) -> None:
    run(settings)
    policy = load_inputs(settings.catalog, settings.policy, "gate").policy
    known, unknown = gate_answers(Path(settings.warehouse), ["tiny_1", "nobody"], Tier.PRODUCTION_APPROVED, policy)
    assert known.passes
    assert (unknown.passes, unknown.tier) == (False, Tier.BLOCKED)


def test_what_was_received_under_an_irrevocable_license_stays_usable(web: Web, settings: RunSettings) -> None:
    run(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        acquired = reader.query("SELECT max(decided_at) FROM tier_history")[1][0][0]
    web.pages["/p/1"] = CLOSED
    run(settings)
    policy = load_inputs(settings.catalog, settings.policy, "gate").policy
    warehouse, needed = Path(settings.warehouse), Tier.PRODUCTION_APPROVED
    [today] = gate_answers(warehouse, ["tiny_1"], needed, policy)
    [kept] = gate_answers(warehouse, ["tiny_1"], needed, policy, acquired_at=acquired)
    assert (today.passes, kept.passes) == (False, True)
    assert "CC0-1.0" in kept.reason


def test_another_policy_shows_what_it_would_change_and_stores_nothing(
    web: Web, settings: RunSettings, tmp_path: Path
) -> None:
    run(settings)
    policy = tmp_path / "policy"
    policy.mkdir()
    for file in (ROOT / "policy").iterdir():
        text = file.read_text(encoding="utf-8")
        (policy / file.name).write_text(
            text.replace("evidence_max_age_days: 180", "evidence_max_age_days: 1"), encoding="utf-8"
        )
    changed = replace(settings, policy=str(policy))
    assert would_differ(changed) == ()
    families = (policy / "families.yaml").read_text(encoding="utf-8")
    (policy / "families.yaml").write_text(families.replace("CC0-1.0", "CC0-9.9"), encoding="utf-8")
    [difference] = would_differ(changed)
    assert difference.before is not None
    assert (difference.before.tier, difference.after.tier) == (Tier.PRODUCTION_APPROVED, Tier.BLOCKED)
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.decisions()["tiny_1"].tier is Tier.PRODUCTION_APPROVED


def test_a_lost_assessment_is_written_again_from_the_rows(web: Web, settings: RunSettings) -> None:
    run(settings)
    path = Path(settings.out) / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md"
    before = path.read_bytes()
    path.unlink()
    summary = assess(settings)
    assert summary.assessment == "unchanged"
    assert path.read_bytes() == before


def test_the_run_is_recorded_with_what_it_was_asked(web: Web, settings: RunSettings) -> None:
    summary = run(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        [(parameters, finished)] = reader.query("SELECT parameters, finished FROM runs")[1]
    assert finished
    assert json.loads(parameters)["catalog"] == settings.catalog
    assert {"fetch", "read", "store", "decide", "report", "total"} <= set(summary.seconds)

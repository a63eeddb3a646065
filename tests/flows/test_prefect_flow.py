"""The flows on a real Prefect server: events, artifacts, parameters, and every deployment of prefect.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_catalog

from domain.errors import InvalidInput
from domain.history import Alert, AlertKind
from flows.run_settings import Run
from warehouse.query import Reader

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect_server")]

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages["/p/1"] = OPEN
        yield running


@pytest.fixture
def parameters(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
    return {
        "catalog": str(smallest_catalog(tmp_path / "catalog", web)),
        "policy": str(ROOT / "policy"),
        "warehouse": str(tmp_path / "w" / "clearance.duckdb"),
        "out": str(tmp_path / "out"),
        "allow_hosts": ["127.0.0.0/8"],
        "delay": 0,
        "confirm_after": 0,
    }


def events_of(source_id: str, expected: int) -> list[Any]:
    """What the server keeps about a source, asked for until all that is expected is there and one time more."""
    from prefect.client.orchestration import get_client
    from prefect.events.filters import EventFilter, EventResourceFilter
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all()
    about = EventFilter(resource=EventResourceFilter(id=[f"clearance.source.{source_id}"]))
    with get_client(sync_client=True) as client:
        for _ in range(200):
            found = client.read_events(about, limit=50).events
            if len(found) >= expected:
                break
        return client.read_events(about, limit=50).events


def artifacts(key: str) -> list[Any]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    with get_client(sync_client=True) as client:
        return client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))


def test_a_license_change_is_one_digest_one_event_and_one_new_assessment(
    web: Web, parameters: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    from flows.assess_flow import assess_again
    from flows.license_drift import license_drift

    license_drift(**parameters)
    assessment = Path(parameters["out"]) / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md"
    before = assessment.read_bytes()
    web.pages["/p/1"] = CLOSED

    tried = license_drift(**parameters, dry_run=True)
    assert (tried.alerts, tried.assessment) == (1, "regenerated")
    assert (web.posted, assessment.read_bytes() == before) == ([], True)
    assert [path.name for path in Path(parameters["warehouse"]).parent.glob(".rehearsal*")] == []

    summary = license_drift(**parameters)
    again = license_drift(**parameters)
    assessed = assess_again(**{name: parameters[name] for name in ("catalog", "policy", "warehouse", "out")})

    [digest] = web.posted
    assert [alert["kind"] for alert in digest["alerts"]] == ["license_changed"]  # type: ignore[attr-defined]
    changed = [event for event in events_of("tiny_1", 1) if event.event == "clearance.license.changed"]
    assert [event.payload["licenses_after"] for event in changed] == [["CC-BY-NC-4.0"]]
    assert (summary.assessment, again.assessment, assessed.assessment) == ("regenerated", "unchanged", "unchanged")
    assert assessment.read_bytes() != before
    with Reader.open(Path(parameters["warehouse"])) as reader:
        assert len(reader.query("SELECT run_id FROM runs WHERE finished")[1]) == 4
        assert reader.verify().holes == ()
    assert any(summary.run_id in (artifact.description or "") for artifact in artifacts("license-drift"))
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelname == "ERROR"] == []


def test_every_happening_of_a_run_is_one_event_that_says_who_is_concerned(parameters: dict[str, Any]) -> None:
    from flows.drift_run import EVENTS, emit_events, settings_of

    parameters["sources"] = parameters["replay"] = parameters["at"] = None
    settings = settings_of(force=False, **parameters)
    catalog = Path(settings.catalog) / "example.yaml"
    text = catalog.read_text(encoding="utf-8").replace("id: tiny_1\n", "id: tiny_9\n        owner: lena\n")
    catalog.write_text(text, encoding="utf-8")
    run = Run.begin(settings)
    alerts = [
        Alert(
            alert_id=sha256(kind.encode()).hexdigest()[:16],
            dedupe_key=kind,
            run_id=run.run_id,
            kind=kind,
            source_id="tiny_9",
            title=f"about {kind}",
            body="",
            url=None,
            at=run.now,
        )
        for kind in AlertKind
    ]
    # A run that was killed after its events tells them again.
    for _ in range(2):
        emit_events(run, alerts)
    found = events_of("tiny_9", len(alerts))
    assert sorted(event.event for event in found) == sorted(EVENTS[kind] for kind in AlertKind)
    assert {event.payload["owner"] for event in found} == {"lena"}


@pytest.mark.parametrize("example", sorted((ROOT / "docs" / "automations").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_automation_is_taken_by_the_server_and_waits_for_events_there_are(example: Path) -> None:
    from prefect.automations import Automation

    from flows.drift_run import EVENTS

    content = yaml.safe_load(example.read_text(encoding="utf-8"))
    assert set(content["trigger"]["expect"]) <= {*EVENTS.values(), "prefect.flow-run.Completed"}
    assert f"automations/{example.name}" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    made = Automation(**{**content, "enabled": False, "actions": [{"type": "do-nothing"}]}).create()
    assert isinstance(made, Automation)
    made.delete()


def test_every_event_of_a_run_has_a_shipped_automation() -> None:
    from flows.drift_run import EVENTS

    paths = (ROOT / "docs" / "automations").glob("*.yaml")
    waited_for = {name for path in paths for name in yaml.safe_load(path.read_text("utf-8"))["trigger"]["expect"]}
    assert {name for kind, name in EVENTS.items() if kind is not AlertKind.RUN_OVERDUE} <= waited_for


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_every_deployment_loads_with_its_parameters_and_schedules(deployment: dict[str, Any]) -> None:
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.flows import load_flow_from_entrypoint

    loaded = load_flow_from_entrypoint(deployment["entrypoint"])
    given = deployment.get("parameters", {})
    assert loaded.validate_parameters(given).items() >= given.items()
    for schedule in deployment["schedules"]:
        assert CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"]).timezone == "UTC"


def test_in_shards_takes_what_a_run_in_one_piece_takes_and_two_more() -> None:
    from flows.license_drift import license_drift
    from flows.license_drift_sharded import license_drift_sharded

    whole = license_drift.parameters.model_dump()["properties"]
    sharded = license_drift_sharded.parameters.model_dump()["properties"]

    def rule(parameter: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in parameter.items() if key != "description"}

    assert {name: rule(sharded[name]) for name in whole} == {name: rule(whole[name]) for name in whole}
    assert sharded.keys() - whole.keys() == {"shards", "dask_scheduler"}


def limit_events(expected: int) -> list[str]:
    """`acquired` and `released` of the writers' limit, as they happened."""
    from prefect.client.orchestration import get_client
    from prefect.events.filters import EventFilter, EventNameFilter
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all()
    of_limits = EventFilter(
        event=EventNameFilter(name=[f"prefect.concurrency-limit.{phase}" for phase in ("acquired", "released")])
    )
    with get_client(sync_client=True) as client:
        for _ in range(200):
            found = client.read_events(of_limits, limit=50).events
            if len(found) >= expected:
                break
    # Newest first.
    return [event.event.rpartition(".")[2] for event in reversed(found) if event.resource.name == "clearance-writer"]


def test_two_runs_at_once_take_turns_and_leave_one_whole_warehouse(web: Web, parameters: dict[str, Any]) -> None:
    from prefect.client.orchestration import get_client

    from flows.clean_start import make_writer_limit
    from flows.license_drift import license_drift

    with get_client(sync_client=True) as client:
        make_writer_limit(client)
        try:
            with ThreadPoolExecutor(2) as pool:
                runs = [pool.submit(license_drift, **parameters) for _ in range(2)]
                summaries = sorted((run.result() for run in runs), key=lambda summary: summary.finished_at)
            assert limit_events(4) == ["acquired", "released", "acquired", "released"]
            assert client.read_global_concurrency_limit_by_name("clearance-writer").active_slots == 0
        finally:
            client.delete_global_concurrency_limit_by_name("clearance-writer")
    assert [summary.assessment for summary in summaries] == ["regenerated", "unchanged"]
    with Reader.open(Path(parameters["warehouse"])) as reader:
        first, second = reader.query("SELECT started_at, finished_at FROM runs ORDER BY seq")[1]
        assert first[1] <= second[0], "the second began when the first had ended"
        assert reader.verify().holes == ()


def test_a_service_that_starts_again_closes_what_the_one_before_left() -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.states import Pending, Running

    from flows.clean_start import close_leftovers, make_writer_limit
    from flows.license_drift import license_drift

    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    deployment_id = license_drift.to_deployment(name="left", concurrency_limit=one).apply()
    with get_client(sync_client=True) as client:
        make_writer_limit(client)
        of_deployment = client.read_deployment(deployment_id).global_concurrency_limit
        assert of_deployment is not None
        # As a server finds them that kept the number and lost who held it.
        for name in ("clearance-writer", of_deployment.name):
            client.update_global_concurrency_limit(name, GlobalConcurrencyLimitUpdate(active_slots=1))
        left, waiting, canceled = (client.create_flow_run_from_deployment(deployment_id).id for _ in range(3))
        refused = client.set_flow_run_state(canceled, Pending()).state
        assert refused is not None
        assert refused.name == "Cancelled"
        client.set_flow_run_state(left, Running(), force=True)
        assert close_leftovers(client) == 1
        states = [client.read_flow_run(run_id).state for run_id in (left, waiting)]
        assert [state.name for state in states if state is not None] == ["Crashed", "Scheduled"]
        assert client.read_global_concurrency_limit_by_name("clearance-writer").active_slots == 0
        assert close_leftovers(client) == 0
        taken = client.set_flow_run_state(waiting, Pending()).state
        assert taken is not None
        assert taken.name == "Pending"
        client.delete_global_concurrency_limit_by_name("clearance-writer")
        client.delete_flow_run(waiting)


def test_a_schedule_makes_runs() -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    from flows.license_drift import license_drift

    deployment_id = license_drift.to_deployment(name="nightly", cron="0 6 * * *").apply()
    # A server on SQLite answers 503 while another request writes; a scheduler that fails answers so for good.
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 4}), get_client(sync_client=True) as client:
        # What the server's scheduler does every minute, asked for now.
        client.request("POST", f"/deployments/{deployment_id}/schedule", json={"min_runs": 3})
        of_deployment = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
        runs = client.read_flow_runs(deployment_filter=of_deployment)
    assert len(runs) >= 3, "with SQLAlchemy 2.1 this Prefect schedules nothing"
    assert {run.expected_start_time.hour for run in runs if run.expected_start_time is not None} == {6}


@pytest.mark.parametrize(
    "wrong",
    [
        {"delay": -1},
        {"confirm_after": "soon"},
        {"sources": ["'; DROP TABLE decisions"]},
        {"sources": "tiny_1"},
        {"force": "perhaps"},
    ],
    ids=str,
)
def test_wrong_parameters_are_refused_before_a_run_exists(wrong: dict[str, Any]) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.exceptions import PrefectHTTPStatusError

    from flows.license_drift import license_drift

    deployment_id = license_drift.to_deployment(name="refusing", enforce_parameter_schema=True).apply()
    with get_client(sync_client=True) as client:
        with pytest.raises(PrefectHTTPStatusError) as refused:
            client.create_flow_run_from_deployment(deployment_id, parameters=wrong)
        assert refused.value.response.status_code == 409
        of_deployment = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
        assert client.read_flow_runs(deployment_filter=of_deployment) == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"at": "yesterday"}, "datetime"),
        ({"at": "2026-11-24T06:00:00Z"}, "needs `replay`"),
        ({"nonsense": 1}, "nonsense"),
        ({"delay": -1}, "greater than or equal to 0"),
        ({"sources": ["nobody"]}, "no source is called nobody"),
    ],
    ids=str,
)
def test_what_the_server_lets_through_fails_before_a_page_is_asked(
    web: Web, parameters: dict[str, Any], wrong: dict[str, Any], why: str
) -> None:
    from prefect.exceptions import ParameterBindError, ParameterTypeError

    from flows.license_drift import license_drift

    with pytest.raises((ParameterTypeError, ParameterBindError, InvalidInput), match=why):
        license_drift(**{**parameters, **wrong})
    assert web.asked == []

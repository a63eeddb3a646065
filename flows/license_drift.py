"""The scheduled run as a Prefect flow: one task a step, plain values between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Annotated
from uuid import UUID

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.logging import get_run_logger
from pydantic import Field

from alerts.deliver import DeliveryReport
from domain.errors import InvalidInput
from domain.history import Alert, AlertKind, RunSummary
from flows import run_pipeline as steps
from flows.read_pages import ReadReport
from flows.rehearse_run import rehearsal
from flows.run_pipeline import Fetched, Judged
from flows.run_settings import Run, RunSettings, inputs_of
from reports.run_artifact import run_artifact

EVENTS = {
    AlertKind.LICENSE_CHANGED: "clearance.license.changed",
    AlertKind.SOURCE_WITHDRAWN: "clearance.source.withdrawn",
    AlertKind.WATCH_UNSTABLE: "clearance.watch.unstable",
    AlertKind.WATCH_FAILING: "clearance.watch.failing",
    AlertKind.WATCH_RECOVERED: "clearance.watch.recovered",
    AlertKind.TIER_CHANGED: "clearance.tier.changed",
    AlertKind.RUN_OVERDUE: "clearance.run.overdue",
}

SourceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.-]*$", max_length=200)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]

# The warehouse is the memory: a task that runs again finds there what it stored. Nothing is cached
# by Prefect, and nothing is retried that a second attempt could not mend.


@task(name="look at pages", cache_policy=NO_CACHE, persist_result=False)
def look(run: Run) -> Fetched:
    """Fetch every page and keep it."""
    return steps.fetch(run)


@task(name="read pages", cache_policy=NO_CACHE, persist_result=False)
def read(run: Run, fetched: Fetched) -> ReadReport:
    """Understand what was fetched."""
    return steps.read(run, fetched)


@task(name="confirm changes", cache_policy=NO_CACHE, persist_result=False)
def confirm(run: Run, unconfirmed: Sequence[str]) -> tuple[Fetched, ReadReport]:
    """Look a second time where something changed."""
    return steps.confirm(run, unconfirmed)


@task(name="decide and write", cache_policy=NO_CACHE, persist_result=False)
def judge(run: Run, touched: frozenset[str], reread: frozenset[str]) -> Judged:
    """Decide every source, write the assessment."""
    return steps.judge(run, touched, reread)


@task(name="deliver alerts", cache_policy=NO_CACHE, persist_result=False)
def tell(run: Run) -> DeliveryReport:
    """Empty the outbox."""
    return steps.tell(run)


@flow(name="license-drift", persist_result=False)
def license_drift(
    catalog: str = "catalog",
    policy: str = "policy",
    warehouse: str = ".clearance/clearance.duckdb",
    out: str = "reports/published",
    sources: list[SourceId] | None = None,
    force: bool = False,
    dry_run: bool = False,
    replay: list[str] | None = None,
    at: datetime | None = None,
    allow_hosts: list[str] | None = None,
    delay: Seconds = 1.0,
    confirm_after: Seconds | None = None,
) -> RunSummary:
    """Look at every watched page, follow what changed, decide, write the assessment, tell who must know.

    `sources` limits the looks to some source ids, `force` asks for whole pages, `dry_run` works on a
    copy and tells nobody, `delay` and `confirm_after` are seconds. The other parameters are those of
    `clearance run`.
    """
    if at is not None and not replay:
        raise InvalidInput("`at` needs `replay`: the network only shows the present")
    settings = RunSettings(
        catalog=catalog,
        policy=policy,
        warehouse=warehouse,
        out=out,
        only=tuple(sources or ()),
        force=force,
        replay=tuple(replay or ()),
        at=at,
        allow_hosts=tuple(allow_hosts or ()),
        delay=delay,
        confirm_after=confirm_after,
    )
    note = get_run_logger().info
    with rehearsal(settings) if dry_run else nullcontext(settings) as chosen, steps.run_turn(chosen, note):
        run = Run.begin(chosen)
        steps.start(run)
        fetched = [look(run)]
        reports = [read(run, fetched[0])]
        if reports[0].unconfirmed:
            again, report = confirm(run, reports[0].unconfirmed)
            fetched.append(again)
            reports.append(report)
        judged = judge(run, steps.touched_by(reports), steps.reread_by(reports))
        if dry_run:
            delivered = DeliveryReport({}, {})
        else:
            emit_events(run, steps.raised(reports, judged))
            delivered = tell(run)
        summary = steps.finish(run, fetched, reports, judged, delivered)
    what = f"Rehearsal {run.run_id}" if dry_run else f"Run {run.run_id}"
    create_markdown_artifact(run_artifact(summary), key="license-drift", description=what)
    return summary


def emit_events(run: Run, alerts: Sequence[Alert]) -> None:
    """Send what happened as Prefect events, for automations to act on; each carries who is concerned."""
    sources = {source.id: source for _, _, source in inputs_of(run).catalog.sources}
    for alert in alerts:
        source = sources.get(alert.source_id)
        emit_event(
            # The same happening keeps its id, so that a server takes it once.
            id=UUID(hex=f"{alert.alert_id:0<32.32}"),
            event=EVENTS[alert.kind],
            resource={
                "prefect.resource.id": f"clearance.source.{alert.source_id}",
                "prefect.resource.name": alert.source_id,
                "clearance.kind": alert.kind.value,
            },
            payload={
                "alert_id": alert.alert_id,
                "run_id": alert.run_id,
                "title": alert.title,
                "body": alert.body,
                "url": alert.url,
                "at": alert.at.isoformat(),
                "owner": None if source is None else source.owner,
                "used_by": [] if source is None else list(source.used_by),
                **alert.payload,
            },
        )


def run_as_flow(settings: RunSettings, note: Callable[[str], None]) -> RunSummary:
    """The flow in this process, against the configured Prefect server or a temporary one.

    Terms must be watched even where no server can be had: then the same steps run without Prefect.
    """
    why = server_problem()
    if why is not None:
        note(f"clearance: no Prefect server answers ({why}); running without it")
        return steps.run_pipeline(Run.begin(settings), note=note)
    return license_drift(
        catalog=settings.catalog,
        policy=settings.policy,
        warehouse=settings.warehouse,
        out=settings.out,
        sources=list(settings.only),
        force=settings.force,
        replay=list(settings.replay),
        at=settings.at,
        allow_hosts=list(settings.allow_hosts),
        delay=settings.delay,
        confirm_after=settings.confirm_after,
    )


def server_problem() -> str | None:
    """Why no Prefect server can be used, None when one answers."""
    try:
        with get_client(sync_client=True) as client:
            problem = client.api_healthcheck()
    except (RuntimeError, OSError) as error:
        return " ".join(str(error).split())[:200]
    return None if problem is None else f"{type(problem).__name__}: {problem}"[:200]

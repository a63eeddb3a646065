"""What a drift run is under Prefect, whatever its pages are looked at by: parameters, turn, tasks, events.

`license_drift` looks in one piece, `license_drift_sharded` in shards; all that follows a first round is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime
from typing import Annotated
from uuid import UUID

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.concurrency.sync import concurrency
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

WRITER_LIMIT = "clearance-writer"
"""The global concurrency limit of whoever writes a warehouse. It shows in Prefect who waits for whom; what
keeps two writers apart is the lock beside the warehouse."""

_SLOT_SECONDS = 600.0

SourceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:.-]*$", max_length=200)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]

# The warehouse is the memory: a task that runs again finds there what it stored. Nothing is cached
# by Prefect, and nothing is retried that a second attempt could not mend.


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


def settings_of(
    *,
    catalog: str,
    policy: str,
    warehouse: str,
    out: str,
    sources: Sequence[str] | None,
    force: bool,
    replay: Sequence[str] | None,
    at: datetime | None,
    allow_hosts: Sequence[str] | None,
    delay: float,
    confirm_after: float | None,
) -> RunSettings:
    """The parameters of a deployment as settings; InvalidInput where they contradict each other."""
    if at is not None and not replay:
        raise InvalidInput("`at` needs `replay`: the network only shows the present")
    return RunSettings(
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


@contextmanager
def writers_turn(settings: RunSettings, note: Callable[[str], None]) -> Iterator[None]:
    """Hold the right to write: first Prefect's slot, where the server has one, then the lock of the warehouse."""
    with ExitStack() as held:
        try:
            # Not strict: a server that nobody set up for us has no such limit, and a run must not need it.
            held.enter_context(concurrency(WRITER_LIMIT, occupy=1, timeout_seconds=_SLOT_SECONDS, strict=False))
        except TimeoutError:
            note(f"no slot of {WRITER_LIMIT} after {_SLOT_SECONDS:g} s; the lock beside the warehouse decides")
        held.enter_context(steps.run_turn(settings, note))
        yield


def drift(settings: RunSettings, dry_run: bool, first_round: Callable[[Run], tuple[Fetched, ReadReport]]) -> RunSummary:
    """A whole run inside a flow: `first_round` looks at and reads the pages, all that follows is the same."""
    note = get_run_logger().info
    with rehearsal(settings) if dry_run else nullcontext(settings) as chosen, writers_turn(chosen, note):
        run = Run.begin(chosen)
        steps.start(run)
        first, report = first_round(run)
        fetched, reports = [first], [report]
        if report.unconfirmed:
            again, second = confirm(run, report.unconfirmed)
            fetched.append(again)
            reports.append(second)
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

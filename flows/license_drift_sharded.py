"""The scheduled run with its pages in shards: looked at and read by many workers, kept by one writer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Annotated, Any

from prefect import Task, flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from alerts.deliver import DeliveryReport
from domain.errors import InvalidInput
from domain.history import RunSummary
from flows import run_pipeline as steps
from flows import shard_pages as shards_of
from flows.license_drift import Seconds, SourceId, confirm, emit_events, judge, tell
from flows.read_pages import ReadReport
from flows.rehearse_run import rehearsal
from flows.run_pipeline import Fetched
from flows.run_settings import Run, RunSettings
from flows.shard_pages import ShardDone, ShardWork
from reports.run_artifact import run_artifact

# A worker may die under a shard. The second attempt takes up what the first one kept, and asks no page twice.


@task(name="look at and read a shard", retries=1, cache_policy=NO_CACHE, persist_result=False)
def look_and_read(work: ShardWork) -> ShardDone:
    """Fetch the pages of a shard and understand them, on whatever worker this runs."""
    return shards_of.look_and_read(work)


SHARD: Task[Any, Any] = look_and_read


@task(name="plan shards", cache_policy=NO_CACHE, persist_result=False)
def plan(run: Run, shards: int) -> tuple[ShardWork, ...]:
    """Split the pages by host."""
    return shards_of.plan_shards(run, shards)


@task(name="merge shards", cache_policy=NO_CACHE, persist_result=False)
def merge(run: Run, works: Sequence[ShardWork], done: Sequence[ShardDone]) -> tuple[Fetched, ReadReport]:
    """Take the shards into the warehouse, as its one writer."""
    return shards_of.merge_shards(run, works, done)


@flow(name="license-drift-sharded", persist_result=False)
def license_drift_sharded(
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
    shards: Annotated[int, Field(ge=1, le=10_000)] = 4,
    dask_scheduler: str | None = None,
) -> RunSummary:
    """The same as license-drift, to the same result. `shards` is into how many parts the pages are split,
    `dask_scheduler` the address of the Dask cluster that works on them (None: threads of this process).
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
        works = plan(run, shards)
        with runner(dask_scheduler, shards) as workers:
            done = [future.result() for future in workers.map(SHARD, {"work": list(works)})]
        first, report = merge(run, works, done)
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


def runner(dask_scheduler: str | None, shards: int) -> TaskRunner[Any]:
    """What the shards run on, chosen when the run starts, so that one deployment serves both."""
    if dask_scheduler is None:
        return ThreadPoolTaskRunner(max_workers=shards)
    try:
        # Not among the usual packages: only a fleet needs it.
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise InvalidInput("Dask needs the packages of requirements-scale.lock") from error
    chosen: TaskRunner[Any] = DaskTaskRunner(address=dask_scheduler)
    return chosen

"""The scheduled run with its pages in shards: looked at and read by many workers, kept by one writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from domain.errors import InvalidInput
from domain.history import RunSummary
from flows import shard_pages as shards_of
from flows.drift_run import Seconds, SourceId, drift, settings_of
from flows.read_pages import ReadReport
from flows.run_pipeline import Fetched
from flows.run_settings import Run
from flows.shard_pages import ShardDone, ShardWork

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
    settings = settings_of(
        catalog=catalog,
        policy=policy,
        warehouse=warehouse,
        out=out,
        sources=sources,
        force=force,
        replay=replay,
        at=at,
        allow_hosts=allow_hosts,
        delay=delay,
        confirm_after=confirm_after,
    )

    def in_shards(run: Run) -> tuple[Fetched, ReadReport]:
        works = plan(run, shards)
        with runner(dask_scheduler, shards) as workers:
            done = [future.result() for future in workers.map(SHARD, {"work": list(works)})]
        return merge(run, works, done)

    return drift(settings, dry_run, in_shards)


def runner(dask_scheduler: str | None, shards: int) -> TaskRunner[Any]:
    """What the shards run on, chosen when the run starts, so that one deployment serves both."""
    if dask_scheduler is None:
        return ThreadPoolTaskRunner(max_workers=shards)
    try:
        # Not among the usual packages: only a fleet needs it.
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise InvalidInput("Dask needs the packages of requirements-scale.lock") from error
    chosen: TaskRunner[Any] = DaskTaskRunner(address=dask_scheduler)
    return chosen

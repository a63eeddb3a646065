"""The scheduled run as a Prefect flow: one task a step, plain values between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client

from domain.errors import ClearanceError
from domain.history import RunSummary
from flows import run_pipeline as steps
from flows.drift_run import Seconds, SourceId, drift, settings_of
from flows.read_beside import reading_beside
from flows.read_pages import ReadReport
from flows.run_pipeline import Fetched
from flows.run_settings import Run, RunSettings


@task(name="look at pages", cache_policy=NO_CACHE, persist_result=False)
def look(run: Run) -> Fetched:
    """Fetch every page and keep it."""
    return steps.fetch(run)


@task(name="read pages", cache_policy=NO_CACHE, persist_result=False)
def read(run: Run, fetched: Fetched) -> ReadReport:
    """Understand what was fetched."""
    return steps.read(run, fetched)


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

    def in_one_piece(run: Run) -> tuple[Fetched, ReadReport]:
        with reading_beside(run):
            fetched = look(run)
            return fetched, read(run, fetched)

    return drift(settings, dry_run, in_one_piece)


def run_as_flow(settings: RunSettings, note: Callable[[str], None]) -> RunSummary:
    """The flow in this process, against the configured Prefect server or a temporary one.

    Terms must be watched even where no server can be had, or where it goes away during the run: then the same
    steps run without Prefect, from what the run had stored by then.
    """
    why = server_problem()
    if why is not None:
        note(f"clearance: no Prefect server answers ({why}); running without it")
        return steps.run_pipeline(Run.begin(settings), note=note)
    try:
        return _as_flow(settings)
    except ClearanceError:
        raise
    except Exception:
        # Prefect lets through whatever its client's own library raises.
        why = server_problem()
        if why is None:
            raise
    note(f"clearance: the Prefect server went away during the run ({why}); running again without it")
    return steps.run_pipeline(Run.begin(settings), note=note)


def _as_flow(settings: RunSettings) -> RunSummary:
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

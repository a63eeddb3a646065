"""Deciding again from what is stored, as a Prefect flow: after a new policy, catalog or review."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from domain.history import RunSummary
from flows import run_pipeline as steps
from flows.drift_run import emit_events, judge, tell, writers_turn
from flows.read_pages import ReadReport, reread_pages
from flows.run_pipeline import Fetched
from flows.run_settings import Run, RunSettings, inputs_of
from reports.run_artifact import run_artifact
from warehouse.store import Warehouse


@task(name="read stored pages", cache_policy=NO_CACHE, persist_result=False)
def reread(run: Run) -> ReadReport:
    """Read the stored bytes anew wherever another reader read them."""
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        return reread_pages(warehouse, run, inputs_of(run), keep=True)[1]


@flow(name="assess", persist_result=False)
def assess_again(
    catalog: str = "catalog",
    policy: str = "policy",
    warehouse: str = ".clearance/clearance.duckdb",
    out: str = "reports/published",
) -> RunSummary:
    """Decide every source anew from the stored evidence, write the assessment, tell who must know.

    Looks at no page.
    """
    settings = RunSettings(catalog=catalog, policy=policy, warehouse=warehouse, out=out)
    with writers_turn(settings, get_run_logger().info):
        run = Run.begin(settings)
        steps.start(run)
        report = reread(run)
        judged = judge(run, frozenset(), report.reread)
        emit_events(run, steps.raised((report,), judged))
        summary = steps.finish(run, (Fetched((), 0.0, 0.0),), (report,), judged, tell(run))
    create_markdown_artifact(run_artifact(summary), key="assess", description=f"Run {run.run_id}")
    return summary

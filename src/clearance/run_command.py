"""`clearance run`: look at the pages, decide, write the assessment, tell who must know."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, WAREHOUSE, AsJson, CatalogFolder, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, moment_of, note
from domain.errors import InvalidInput

COULD_NOT_LOOK = 3


def run(
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    warehouse: WarehouseFile = WAREHOUSE,
    out: Annotated[Path, typer.Option("--out", help="Folder or .md file for the assessment.")] = Path(
        "reports/published"
    ),
    only: Annotated[list[str] | None, typer.Option("--only", help="Look at this source only; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ask for whole pages, changed or not.")] = False,
    replay: Annotated[
        list[Path] | None, typer.Option("--replay", help="WARC file that stands for the network.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", help="With --replay: look as of this time.")] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Private host or block that may be looked at.")
    ] = None,
    delay: Annotated[float, typer.Option("--delay", help="Seconds between requests to one host.")] = 1.0,
    confirm_after: Annotated[
        float | None, typer.Option("--confirm-after", help="Seconds before a second look confirms a change.")
    ] = None,
    prefect: Annotated[
        bool, typer.Option("--prefect/--no-prefect", help="Run as a Prefect flow, or as plain functions.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Look at every watched page, decide every source, regenerate the assessment if it changed."""
    moment = moment_of(at, "--at")
    if moment is not None and not replay:
        raise InvalidInput("--at needs --replay: the network only shows the present")
    if delay < 0 or (confirm_after is not None and confirm_after < 0):
        raise InvalidInput("--delay and --confirm-after are seconds from 0")
    note(f"clearance: looking at the pages of {catalog}")
    from flows.run_settings import Run, RunSettings

    settings = RunSettings(
        catalog=str(catalog),
        policy=str(policy),
        warehouse=str(warehouse),
        out=str(out),
        only=tuple(only or ()),
        force=force,
        replay=tuple(str(path) for path in replay or ()),
        at=moment,
        allow_hosts=tuple(allow_host or ()),
        delay=delay,
        confirm_after=confirm_after,
    )
    from clearance.shapes import run_shape
    from flows.run_pipeline import check, could_not_look, run_pipeline

    asked = Run.begin(settings)
    check(asked)
    if prefect:
        from flows.quiet_prefect import quiet_defaults

        quiet_defaults()
        from flows.license_drift import run_as_flow

        summary = run_as_flow(settings, note=note)
    else:
        summary = run_pipeline(asked, progress=_progress if sys.stderr.isatty() else None, note=note)
    if as_json:
        emit_json(run_shape(summary))
    else:
        from reports.terminal import run_text

        emit_line(run_text(summary))
    if could_not_look(summary):
        note(f"looked at 0 of {summary.pages} pages: the assessment rests on what was known before")
        raise typer.Exit(COULD_NOT_LOOK)


def _progress(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done} of {total} pages" + ("\n" if done == total else ""))
    sys.stderr.flush()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)

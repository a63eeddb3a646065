"""`clearance serve`: the schedules, and what carries them out, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearance.options import POLICY, WAREHOUSE, PolicyFolder, WarehouseFile
from clearance.output import note


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Of the server, on loopback.")] = 4200,
    prefect_file: Annotated[Path, typer.Option("--prefect-file", help="The deployments.")] = Path("prefect.yaml"),
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    overdue_after: Annotated[
        float, typer.Option("--overdue-after", min=0.01, help="Hours without a finished run before somebody is told.")
    ] = 26.0,
) -> None:
    """Start server, schedules and worker; stop all of them on Ctrl-C or SIGTERM."""
    from flows.serve_clearance import ServeSettings, serve
    from flows.watch_overdue import OverdueWatch

    watch = OverdueWatch(warehouse, policy, hours=overdue_after, note=note)
    serve(ServeSettings(port=port, prefect_file=str(prefect_file)), note, watch.look)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)

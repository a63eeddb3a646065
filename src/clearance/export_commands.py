"""`clearance export`: decisions for other programs, as policy file, SBOM, Croissant and tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from clearance.options import POLICY, WAREHOUSE, AtTime, PolicyFolder, WarehouseFile
from clearance.output import emit_line, moment_of


def export_policy(
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    at: AtTime = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the file goes; without it, to stdout.")] = None,
) -> None:
    """source_classification.json: the table a training service loads."""
    from catalog import load_policy
    from flows.write_assessment import put_in_place
    from reports.policy_file import policy_file
    from warehouse.query import Reader

    moment = moment_of(at, "--at")
    with Reader.open(warehouse) as reader:
        decisions = list(reader.decisions(moment).values())
        last = reader.last_assessment()
    content = policy_file(
        decisions,
        load_policy(policy),
        generated_at=moment or datetime.now(UTC),
        run_id="" if last is None else last.run_id,
    )
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if out is None:
        emit_line(text.rstrip("\n"))
    else:
        put_in_place(out, text)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    export = typer.Typer(no_args_is_help=True, help="Hand decisions on to other programs.")
    export.command("policy")(export_policy)
    app.add_typer(export, name="export")

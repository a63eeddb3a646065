"""`clearance export`: decisions for other programs, as policy file, SBOM, Croissant and tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clearance.evidence_command import export_evidence
from clearance.options import CATALOG, POLICY, WAREHOUSE, AsJson, AtTime, CatalogFolder, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, moment_of


class TableFormat(StrEnum):
    """How tables are written."""

    CSV = "csv"
    PARQUET = "parquet"


def export_policy(
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    at: AtTime = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the file goes; without it, to stdout.")] = None,
) -> None:
    """source_classification.json: the table a training service loads."""
    from catalog import load_policy
    from flows.place_file import put_in_place
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


def export_sbom(
    warehouse: WarehouseFile = WAREHOUSE,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    at: AtTime = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the file goes; without it, to stdout.")] = None,
) -> None:
    """An SPDX 3 bill of materials of every source: JSON-LD, declared and concluded licenses."""
    from catalog import load_catalog, load_policy
    from flows.export_decisions import sbom_document
    from flows.place_file import put_in_place
    from reports.json_ld import json_ld

    moment = moment_of(at, "--at")
    created = moment or datetime.now(UTC)
    content = sbom_document(warehouse, load_catalog(catalog), load_policy(policy), at=moment, created=created)
    text = json_ld(content)
    if out is None:
        emit_line(text.rstrip("\n"))
    else:
        put_in_place(out, text)


def export_croissant(
    out: Annotated[Path, typer.Option("--out", help="Folder for one document a source.")],
    warehouse: WarehouseFile = WAREHOUSE,
    catalog: CatalogFolder = CATALOG,
    at: AtTime = None,
    as_json: AsJson = False,
) -> None:
    """Croissant 1.1 descriptions with license and usage information."""
    from catalog import load_catalog
    from flows.export_decisions import write_croissants

    moment = moment_of(at, "--at")
    created = moment or datetime.now(UTC)
    written = write_croissants(warehouse, load_catalog(catalog), out, at=moment, created=created)
    if as_json:
        emit_json({"written": [str(path) for path in written]})
    else:
        emit_line(f"{len(written)} documents in {out}")


def export_views(
    out: Annotated[Path, typer.Option("--out", help="Folder for one file a view.")],
    kind: Annotated[TableFormat, typer.Option("--format", help="The kind of file.")] = TableFormat.CSV,
    warehouse: WarehouseFile = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Every view of the warehouse as CSV or Parquet."""
    from warehouse.exporting import export_views as write_views

    written = write_views(warehouse, out, kind.value)
    if as_json:
        emit_json({"out": str(out), "format": kind.value, "rows": written})
    else:
        for view, rows in written.items():
            emit_line(f"{view}: {rows:,} rows")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    export = typer.Typer(no_args_is_help=True, help="Hand decisions on to other programs.")
    export.command("policy")(export_policy)
    export.command("evidence")(export_evidence)
    export.command("sbom")(export_sbom)
    export.command("croissant")(export_croissant)
    export.command("views")(export_views)
    app.add_typer(export, name="export")

"""`clearance import`: what a person saved, as evidence of grade E."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, WAREHOUSE, AsJson, CatalogFolder, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, moment_of, note
from domain.errors import InvalidInput
from domain.vocabulary import SpeaksFor


def import_file(
    file: Annotated[Path, typer.Argument(help="The page, mail or document that was saved.")],
    url: Annotated[str, typer.Option("--url", help="The watched page it shows or stands for.")],
    at: Annotated[str, typer.Option("--at", help="When it was saved, such as 2026-11-24T09:30:00Z.")],
    by: Annotated[str, typer.Option("--by", help="Who saved it.")],
    authority: Annotated[
        SpeaksFor | None, typer.Option("--authority", help="In whose name it speaks, where that is less than the page.")
    ] = None,
    quote: Annotated[
        str | None, typer.Option("--quote", help="A sentence read in it: all that counts of a file no program reads.")
    ] = None,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    warehouse: WarehouseFile = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Take in a file that a person saved. It may narrow what is known; it approves nothing."""
    from flows.import_evidence import Import, import_evidence
    from flows.run_settings import RunSettings

    saved_at = moment_of(at, "--at")
    if saved_at is None or not by.strip():
        raise InvalidInput("--at and --by say when it was saved and by whom: give both")
    settings = RunSettings(catalog=str(catalog), policy=str(policy), warehouse=str(warehouse))
    handed_in = Import(file=file, url=url, at=saved_at, by=by.strip(), authority=authority, quote=quote)
    imported = import_evidence(settings, handed_in, note)
    if as_json:
        emit_json(
            {
                "sha256": imported.sha256,
                "grade": "E",
                "watches": imported.watches,
                "unread": imported.unread or None,
                "run_id": imported.summary.run_id,
            }
        )
        return
    emit_line(f"kept as {imported.sha256[:16]}…, evidence of grade E")
    for name, taken in imported.watches.items():
        emit_line(f"{name}: {taken}")
    if imported.unread:
        emit_line(imported.unread)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_file)

"""`clearance import`: what a person saved, as evidence of grade E, or what a web archive kept, as history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, WAREHOUSE, AsJson, CatalogFolder, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, moment_of, note
from domain.errors import InvalidInput
from domain.vocabulary import SpeaksFor


def import_file(
    file: Annotated[Path | None, typer.Argument(help="The page, mail or document that was saved.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="The watched page it shows or stands for.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="When it was saved, such as 2026-11-24T09:30:00Z.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who saved it.")] = None,
    authority: Annotated[
        SpeaksFor | None, typer.Option("--authority", help="In whose name it speaks, where that is less than the page.")
    ] = None,
    quote: Annotated[
        str | None, typer.Option("--quote", help="A sentence read in it: all that counts of a file no program reads.")
    ] = None,
    wayback: Annotated[
        str | None, typer.Option("--wayback", help="Instead of a file: a web archive's copies of this source's pages.")
    ] = None,
    since: Annotated[str, typer.Option("--from", help="Copies from this year or day on, such as 2015.")] = "1996",
    until: Annotated[str | None, typer.Option("--until", help="Copies up to this year or day.")] = None,
    archive: Annotated[str, typer.Option("--archive", help="Address of the archive.")] = "https://web.archive.org",
    delay: Annotated[float, typer.Option("--delay", min=0, help="Seconds between requests to the archive.")] = 2.5,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Private host or block that may be asked.")
    ] = None,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    warehouse: WarehouseFile = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Take in a file that a person saved, which may narrow what is known and approves nothing; or, with
    --wayback, what an archive kept: the past alone. Stopped at any point, the next import goes on."""
    if wayback is not None:
        if file is not None or url is not None:
            raise InvalidInput("--wayback takes a source and no file")
        from clearance.wayback_import import show_wayback_import
        from flows.import_wayback import ImportSettings

        show_wayback_import(
            ImportSettings(
                source_id=wayback,
                since=year_or_day(since, "--from"),
                until=datetime.now(UTC) if until is None else year_or_day(until, "--until"),
                archive=archive.rstrip("/"),
                allow_hosts=tuple(allow_host or ()),
                delay=delay,
                catalog=str(catalog),
                policy=str(policy),
                warehouse=str(warehouse),
            ),
            as_json=as_json,
        )
        return
    if file is None or url is None:
        raise InvalidInput("name the file and the page it shows (--url), or --wayback SOURCE")
    from flows.import_evidence import Import, import_evidence
    from flows.run_settings import RunSettings

    saved_at = moment_of(at, "--at")
    if saved_at is None or by is None or not by.strip():
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


def year_or_day(text: str, name: str) -> datetime:
    """The beginning of a year, or a time. InvalidInput for anything else."""
    if text.isascii() and text.isdigit() and len(text) == 4:
        text = f"{text}-01-01"
    moment = moment_of(text, name)
    if moment is None:
        raise InvalidInput(f"{name} needs a year or a day")
    return moment


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_file)

"""`clearance import-wayback`: twenty years of a page, from a web archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, WAREHOUSE, AsJson, CatalogFolder, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, moment_of, note
from domain.errors import InvalidInput

COULD_NOT_LOOK = 3


def import_wayback(
    source_id: Annotated[str, typer.Argument(help="The source; `clearance status` lists them.")],
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
    """Put an archive's copies of a source's pages into its history, each at its own time.

    Decides nothing and tells nobody. Stopped at any point, the next import goes on from there.
    """
    from flows.import_wayback import ImportSettings
    from flows.import_wayback import import_wayback as fetch_and_read
    from probes.wayback import ArchiveUnavailable

    settings = ImportSettings(
        source_id=source_id,
        since=_year_or_day(since, "--from"),
        until=datetime.now(UTC) if until is None else _year_or_day(until, "--until"),
        archive=archive.rstrip("/"),
        allow_hosts=tuple(allow_host or ()),
        delay=delay,
        catalog=str(catalog),
        policy=str(policy),
        warehouse=str(warehouse),
    )
    if settings.since >= settings.until:
        raise InvalidInput("--from must lie before --until")
    try:
        done = fetch_and_read(settings, note)
    except ArchiveUnavailable as error:
        note(f"clearance: {error}")
        raise typer.Exit(COULD_NOT_LOOK) from error
    if as_json:
        emit_json(
            {
                "run_id": done.run_id,
                "source_id": source_id,
                "pages": done.pages,
                "captures": done.captures,
                "known": done.known,
                "fetched": done.fetched,
                "failed": done.failed,
                "versions": done.versions,
            }
        )
    else:
        emit_line(
            f"{done.captures} copies tell something: {done.known} were stored before, {done.fetched} fetched now, "
            f"{done.failed} not to be had; {done.versions} new versions. See: clearance show {source_id} --history"
        )
    if done.failed and not done.fetched:
        raise typer.Exit(COULD_NOT_LOOK)


def _year_or_day(text: str, name: str) -> datetime:
    if text.isascii() and text.isdigit() and len(text) == 4:
        text = f"{text}-01-01"
    moment = moment_of(text, name)
    if moment is None:
        raise InvalidInput(f"{name} needs a year or a day")
    return moment


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import-wayback")(import_wayback)

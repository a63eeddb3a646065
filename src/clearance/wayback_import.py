"""`clearance import --wayback SOURCE`: twenty years of a page, from a web archive."""

from __future__ import annotations

import typer

from clearance.output import emit_json, emit_line, note
from domain.errors import InvalidInput
from flows.import_wayback import ImportSettings, import_wayback
from probes.wayback import ArchiveUnavailable

COULD_NOT_LOOK = 3


def show_wayback_import(settings: ImportSettings, *, as_json: bool) -> None:
    """Import and say what came of it; exit 3 when the archive gives nothing."""
    if settings.since >= settings.until:
        raise InvalidInput("--from must lie before --until")
    try:
        done = import_wayback(settings, note)
    except ArchiveUnavailable as error:
        note(f"clearance: {error}")
        raise typer.Exit(COULD_NOT_LOOK) from error
    if as_json:
        emit_json(
            {
                "run_id": done.run_id,
                "source_id": settings.source_id,
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
            f"{done.failed} not to be had; {done.versions} new versions. "
            f"See: clearance show {settings.source_id} --history"
        )
    if done.failed and not done.fetched:
        raise typer.Exit(COULD_NOT_LOOK)

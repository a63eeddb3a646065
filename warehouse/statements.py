"""What machines state about sources: a row when it differs, one more when a second look confirms it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from domain.claims import LicenseClaim, Reservation, Standing, Stated, StatedKind
from warehouse.codec import decode, to_json
from warehouse.connection import Row, append, fetch, next_seq

Key = tuple[str, StatedKind, str]


def append_statements(con: duckdb.DuckDBPyConnection, run_id: str, found: Sequence[Stated]) -> None:
    """Append statements in order of arrival; the caller leaves out what is as it was."""
    rows = [
        {
            "seq": seq,
            "run_id": run_id,
            "source_id": stated.source_id,
            "kind": stated.kind.value,
            "about": stated.about,
            "seen_at": stated.seen_at,
            "confirmed": stated.confirmed,
            "statements": to_json(
                stated.claims if stated.kind is StatedKind.LICENSE else stated.reservations, full=True
            ),
        }
        for seq, stated in enumerate(found, next_seq(con, "machine_statements"))
    ]
    append(con, "machine_statements", rows)


# The newest confirmed row of each, and the newest of all where that waits for confirmation.
_STANDING = """
SELECT * FROM machine_statements WHERE seen_at <= $moment
QUALIFY seq = max(CASE WHEN confirmed THEN seq END) OVER (PARTITION BY source_id, kind, about)
    OR seq = max(seq) OVER (PARTITION BY source_id, kind, about)
ORDER BY seq
"""


def standing(con: duckdb.DuckDBPyConnection, at: datetime | None = None) -> dict[Key, Standing]:
    """Where every machine statement stood at a time (None: now), by source, kind and address."""
    found: dict[Key, Standing] = {}
    moment = datetime.max.replace(tzinfo=UTC) if at is None else at
    for row in fetch(con, _STANDING, {"moment": moment}):
        stated = _stated(row)
        before = found.get(stated.key)
        found[stated.key] = Standing(stated) if before is None else Standing(before.accepted, stated)
    return found


def moved_sources(con: duckdb.DuckDBPyConnection, since: str) -> frozenset[str]:
    """The sources about which machines state something else than at the end of a run (its id)."""
    rows = fetch(
        con,
        "SELECT DISTINCT m.source_id FROM machine_statements AS m JOIN run_starts AS r ON r.run_id = m.run_id"
        " WHERE r.seq > (SELECT seq FROM run_starts WHERE run_id = $run)",
        {"run": since},
    )
    return frozenset(row["source_id"] for row in rows)


def _stated(row: Row) -> Stated:
    kind = StatedKind(row["kind"])
    items = json.loads(row["statements"])
    return Stated(
        source_id=row["source_id"],
        kind=kind,
        about=row["about"],
        seen_at=row["seen_at"],
        claims=decode(tuple[LicenseClaim, ...], items) if kind is StatedKind.LICENSE else (),
        reservations=decode(tuple[Reservation, ...], items) if kind is StatedKind.RESERVATION else (),
        confirmed=row["confirmed"],
    )

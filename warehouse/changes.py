"""Changes of watches: stored once when shown, once more when confirmed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import duckdb

from domain.errors import InvalidInput
from domain.history import ChangeRecord
from domain.reading import Change, RightChange
from domain.vocabulary import ChangeClass, Determination, Direction, Duty
from warehouse.codec import decode, to_json
from warehouse.connection import Row, fetch, numbered


def change_rows(con: duckdb.DuckDBPyConnection, records: Sequence[ChangeRecord]) -> list[Row]:
    """The rows of some changes that are not stored yet, in order."""
    key = ("change_id", "confirmed", "alert", "kind")
    return numbered(con, "change_rows", key, [_change_row(record) for record in records])


def _change_row(record: ChangeRecord) -> Row:
    change = record.change
    before, after = record.determination_before, record.determination_after
    return {
        "change_id": record.change_id,
        "confirmed": record.confirmed,
        "alert": record.alert,
        "kind": change.kind.value,
        "run_id": record.run_id,
        "source_id": record.source_id,
        "page_id": record.page_id,
        "watch_id": record.watch_id,
        "url": record.url,
        "changed_at": record.at,
        "direction": None if change.direction is None else change.direction.value,
        "relicensed": change.relicensed,
        "licenses_before": change.licenses_before,
        "licenses_after": change.licenses_after,
        "determination_before": None if before is None else before.value,
        "determination_after": None if after is None else after.value,
        "rights_changed": to_json(change.rights_changed, full=True),
        "duties_before": change.duties_before,
        "duties_after": change.duties_after,
        "quote_before": change.quote_before,
        "quote_after": change.quote_after,
        "reason": change.reason,
        "version_before": record.version_before,
        "version_after": record.version_after,
    }


def _record(row: Row) -> ChangeRecord:
    return ChangeRecord(
        change_id=row["change_id"],
        run_id=row["run_id"],
        source_id=row["source_id"],
        page_id=row["page_id"],
        watch_id=row["watch_id"],
        url=row["url"],
        at=row["changed_at"],
        change=Change(
            kind=ChangeClass(row["kind"]),
            direction=None if row["direction"] is None else Direction(row["direction"]),
            relicensed=row["relicensed"],
            licenses_before=tuple(row["licenses_before"]),
            licenses_after=tuple(row["licenses_after"]),
            rights_changed=decode(tuple[RightChange, ...], json.loads(row["rights_changed"])),
            duties_before=tuple(map(Duty, row["duties_before"])),
            duties_after=tuple(map(Duty, row["duties_after"])),
            quote_before=row["quote_before"],
            quote_after=row["quote_after"],
            reason=row["reason"],
        ),
        confirmed=row["confirmed"],
        alert=row["alert"],
        determination_before=_determination(row["determination_before"]),
        determination_after=_determination(row["determination_after"]),
        version_before=row["version_before"],
        version_after=row["version_after"],
    )


def _determination(word: str | None) -> Determination | None:
    return None if word is None else Determination(word)


def recent_changes(con: duckdb.DuckDBPyConnection, since: str | datetime | None) -> tuple[ChangeRecord, ...]:
    """Changes as last known, in order of time: all, those after a run, or those from a time on.

    "After a run" leaves the run's own changes out: they led to the state one compares with. A change
    an earlier run saw and a later one confirmed counts as the later run's.
    InvalidInput for a run nobody knows.
    """
    if since is None:
        rows = fetch(con, "SELECT * FROM changes ORDER BY changed_at, seq")
    elif isinstance(since, datetime):
        rows = fetch(con, "SELECT * FROM changes WHERE changed_at >= $since ORDER BY changed_at, seq", {"since": since})
    else:
        known = fetch(con, "SELECT seq FROM run_starts WHERE run_id = $run", {"run": since})
        if not known:
            raise InvalidInput(f"no run {since}: `clearance query 'SELECT run_id, started_at FROM runs'` lists them")
        rows = fetch(
            con,
            "SELECT c.* FROM changes AS c JOIN run_starts AS r ON r.run_id = c.run_id"
            " WHERE r.seq > $seq ORDER BY c.changed_at, c.seq",
            {"seq": known[0]["seq"]},
        )
    return tuple(map(_record, rows))


def material_changes(con: duckdb.DuckDBPyConnection) -> tuple[ChangeRecord, ...]:
    """The material changes that are confirmed, in order of time: of all there are the few that decide."""
    sql = "SELECT * FROM changes WHERE confirmed AND kind = $kind ORDER BY changed_at, seq"
    return tuple(map(_record, fetch(con, sql, {"kind": ChangeClass.MATERIAL.value})))

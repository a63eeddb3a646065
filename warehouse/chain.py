"""The hash chain: a link a run over every row that arrived since the link before.

A row is written as canonical JSON with what belongs to it: a look with its page, snapshot and body, a
version with its findings, a run's start with its end. Its digest is taken of that text, a table's digest
of its rows' digests in order, a link of its tables' digests and the link before. So a row that is
changed, removed or slipped in later is found, and one row can be shown to be in the chain without
the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import duckdb

from warehouse.connection import Row, append, fetch, next_seq

FIRST = "0" * 64
_ROWS_AT_ONCE = 1000

# How the rows of a table are written: everything that no later row may change, in order of arrival.
_WHOLE = "SELECT t.* FROM {table} AS t WHERE t.seq > $after AND t.seq <= $upto ORDER BY t.seq"
_SQL = {
    "looks": (
        "SELECT t AS look, p AS page, s AS snapshot, b AS body FROM looks AS t"
        " LEFT JOIN pages AS p ON p.page_id = t.page_id LEFT JOIN snapshots AS s ON s.snapshot_id = t.snapshot_id"
        " LEFT JOIN bodies AS b ON b.sha256 = s.sha256 WHERE t.seq > $after AND t.seq <= $upto ORDER BY t.seq"
    ),
    "versions": (
        "SELECT t AS version, b AS body, f.findings FROM versions AS t"
        " LEFT JOIN bodies AS b ON b.sha256 = t.text_sha256"
        " LEFT JOIN (SELECT version_id, list(g ORDER BY ordinal) AS findings FROM findings AS g WHERE version_id IN"
        " (SELECT version_id FROM versions WHERE seq > $after AND seq <= $upto) GROUP BY version_id) AS f"
        " ON f.version_id = t.version_id WHERE t.seq > $after AND t.seq <= $upto ORDER BY t.seq"
    ),
}
TABLES = (
    "run_starts",
    "looks",
    "versions",
    "watch_states",
    "watch_variants",
    "change_rows",
    "decisions",
    "verifications",
    "dataset_facts",
    "alert_outbox",
    "deliveries",
    "assessments",
    "problems",
    "machine_statements",
    "document_inputs",
    "adoption_ranks",
)
# A run that was killed has no end, and its start is sealed by the run after it.
_ENDS = "SELECT t.* FROM run_ends AS t WHERE t.run_id = $run"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One row as it is in the chain: the link, the row's text, and the digests of all rows of its table there."""

    link: int
    table: str
    row: str
    digests: tuple[str, ...]


def canonical(row: Row) -> str:
    """The text of a row of which its digest is taken: JSON with sorted keys, no blanks, times in UTC."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"no row holds a {type(value).__name__}")


def append_link(con: duckdb.DuckDBPyConnection, run_id: str, at: datetime) -> None:
    """Seal every row that no link covers yet. To be called in the transaction that ends a run."""
    last = fetch(con, "SELECT * FROM chain ORDER BY seq DESC LIMIT 1")
    reached = _reached(last[0]) if last else {}
    sealed = {
        table: {"upto": upto, "sha256": _digest(row_digests(con, table, reached.get(table, 0), upto))}
        for table in TABLES
        if (upto := next_seq(con, table) - 1) > reached.get(table, 0)
    }
    sealed |= {"run_ends": {"upto": 0, "sha256": _digest(_end_digests(con, run_id))}}
    link = {
        "seq": next_seq(con, "chain"),
        "run_id": run_id,
        "sealed_at": at,
        "sealed": json.dumps({**{table: {"upto": upto} for table, upto in reached.items()}, **sealed}, sort_keys=True),
        "previous": last[0]["link"] if last else FIRST,
    }
    append(con, "chain", [{**link, "link": link_digest(link)}])


def link_digest(link: Row) -> str:
    """The digest of a link, taken of everything in it but itself."""
    row = {name: value for name, value in link.items() if name != "link"}
    return sha256(canonical({**row, "sealed": json.loads(row["sealed"])}).encode()).hexdigest()


def links(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every link, oldest first."""
    return fetch(con, "SELECT * FROM chain ORDER BY seq")


def _reached(link: Row) -> dict[str, int]:
    parts = json.loads(link["sealed"]).items()
    return {table: int(part["upto"]) for table, part in parts if table in TABLES and isinstance(part, dict)}


def rows_of(con: duckdb.DuckDBPyConnection, table: str, after: int, upto: int) -> Iterator[str]:
    """The texts of a table's rows whose `seq` is above `after` and at most `upto`, in order."""
    sql = _SQL.get(table) or _WHOLE.format(table=table)
    for first in range(after, upto, _ROWS_AT_ONCE):
        # DuckDB holds all that one statement gives.
        last = min(first + _ROWS_AT_ONCE, upto)
        yield from map(canonical, fetch(con, sql, {"after": first, "upto": last}))


def row_digests(con: duckdb.DuckDBPyConnection, table: str, after: int, upto: int) -> list[str]:
    """Hex sha256 of every such row."""
    return [sha256(row.encode("utf-8", "surrogatepass")).hexdigest() for row in rows_of(con, table, after, upto)]


def _end_digests(con: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    return [sha256(canonical(row).encode()).hexdigest() for row in fetch(con, _ENDS, {"run": run_id})]


def _digest(digests: list[str]) -> str:
    return sha256("".join(digests).encode()).hexdigest()


def broken_links(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """One sentence for every link that does not hold: replaced, missing, or over rows that are not as they were."""
    previous, reached = FIRST, dict.fromkeys(TABLES, 0)
    for number, link in enumerate(links(con), 1):
        name = f"link {link['seq']} of the chain, run {link['run_id']}"
        if link["seq"] != number or link["previous"] != previous:
            yield f"{name}: it does not follow the link before it"
        if link_digest(link) != link["link"]:
            yield f"{name}: it is not as it was made"
        previous = link["link"]
        upto = _reached(link)
        for table, part in json.loads(link["sealed"]).items():
            if not isinstance(part, dict) or "upto" not in part:
                yield f"{name}: it does not say what it seals of {table}"
                continue
            if "sha256" not in part:
                continue
            if table == "run_ends":
                found = _end_digests(con, link["run_id"])
            elif table in TABLES:
                found = row_digests(con, table, reached[table], int(part["upto"]))
            else:
                yield f"{name}: it seals {table}, which is no table of ours"
                continue
            if _digest(found) != part["sha256"]:
                yield f"{name}: rows of {table} are not those that were sealed"
        reached |= upto


def sealed_decision(con: duckdb.DuckDBPyConnection, source_id: str, at: datetime) -> Sealed | None:
    """The decision that held for a source at a time, as it is in the chain; None while no link covers it."""
    held = fetch(
        con,
        "SELECT seq FROM decisions WHERE source_id = $source AND decided_at <= $at"
        " ORDER BY decided_at DESC, seq DESC LIMIT 1",
        {"source": source_id, "at": at},
    )
    after = 0
    for link in links(con) if held else ():
        upto = _reached(link).get("decisions", 0)
        if after < held[0]["seq"] <= upto:
            (row,) = rows_of(con, "decisions", held[0]["seq"] - 1, held[0]["seq"])
            return Sealed(link["seq"], "decisions", row, tuple(row_digests(con, "decisions", after, upto)))
        after = upto
    return None

"""Whether every conclusion still stands on bytes: assessment, decision, finding, version, snapshot, body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from domain.errors import WarehouseDamaged
from warehouse.bodies import Bodies
from warehouse.chain import broken_links
from warehouse.connection import fetch
from warehouse.packing import digest


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was walked, and every hole found, one sentence each."""

    assessments: int
    decisions: int
    findings: int
    versions: int
    snapshots: int
    bodies: int
    holes: tuple[str, ...]


# What names what: table, column, and the table and column where it must be found.
_NAMED = (
    *(
        (table, "run_id", "run_starts", "run_id")
        for table in (
            "run_ends",
            "looks",
            "versions",
            "watch_states",
            "watch_variants",
            "change_rows",
            "decisions",
            "verifications",
            "dataset_facts",
            "machine_statements",
            "alert_outbox",
            "assessments",
            "problems",
            "chain",
        )
    ),
    ("looks", "page_id", "pages", "page_id"),
    ("looks", "snapshot_id", "snapshots", "snapshot_id"),
    ("snapshots", "page_id", "pages", "page_id"),
    ("snapshots", "snapshot_id", "looks", "snapshot_id"),
    ("snapshots", "sha256", "bodies", "sha256"),
    ("versions", "text_sha256", "bodies", "sha256"),
    ("findings", "version_id", "versions", "version_id"),
    ("watch_states", "accepted_version_id", "versions", "version_id"),
    ("watch_states", "pending_version_id", "versions", "version_id"),
    ("watch_variants", "state_seq", "watch_states", "seq"),
    ("watch_variants", "version_id", "versions", "version_id"),
    ("change_rows", "version_before", "versions", "version_id"),
    ("change_rows", "version_after", "versions", "version_id"),
    ("decisions", "source_id", "verifications", "source_id"),
    ("verifications", "source_id", "decisions", "source_id"),
    ("deliveries", "alert_id", "alert_outbox", "alert_id"),
)

# Tables whose rows are numbered without a gap.
_NUMBERED = (
    "run_starts",
    "looks",
    "versions",
    "watch_states",
    "watch_variants",
    "change_rows",
    "decisions",
    "verifications",
    "dataset_facts",
    "machine_statements",
    "alert_outbox",
    "deliveries",
    "assessments",
    "problems",
    "chain",
)

# Each query gives one sentence a hole.
_HOLES = (
    "SELECT 'run ' || run_id || ': its assessment is not stored' AS hole FROM run_ends"
    " WHERE assessment = 'regenerated'"
    " AND run_id NOT IN (SELECT run_id FROM assessments WHERE sha256 IS NOT NULL)",
    "SELECT 'assessment of run ' || run_id || ': its text is not among the bodies' AS hole FROM assessments"
    " WHERE sha256 IS NOT NULL AND markdown IS NULL AND sha256 NOT IN (SELECT sha256 FROM bodies)",
    "SELECT DISTINCT 'decision about ' || source_id || ': the evidence ' || (item ->> 'sha256') || ' is no snapshot'"
    " AS hole FROM (SELECT source_id, unnest(TRY_CAST(evidence AS JSON[])) AS item FROM decisions)"
    " WHERE item ->> 'sha256' IS NOT NULL AND item ->> 'sha256' NOT IN (SELECT sha256 FROM snapshots)",
    "SELECT DISTINCT 'decision about ' || source_id || ': no version of ' || (item ->> 'watch_id')"
    " || ' has the quote it rests on' AS hole"
    " FROM (SELECT source_id, unnest(TRY_CAST(evidence AS JSON[])) AS item FROM decisions)"
    " WHERE item ->> 'watch_id' IS NOT NULL AND (item ->> 'watch_id', item ->> 'quote') NOT IN"
    " (SELECT (v.watch_id, f.quote) FROM findings AS f JOIN versions AS v ON v.version_id = f.version_id)",
    "SELECT 'version ' || v.version_id || ' of ' || v.watch_id || ': no snapshot of its page with its bytes' AS hole"
    " FROM versions AS v WHERE NOT EXISTS"
    " (SELECT 1 FROM snapshots AS s WHERE s.page_id = v.page_id AND s.sha256 = v.sha256)",
    "SELECT 'version ' || v.version_id || ': its findings are not those of its reading' AS hole FROM versions AS v"
    " LEFT JOIN (SELECT version_id, list(quote ORDER BY ordinal) AS quotes FROM findings GROUP BY version_id) AS f"
    " ON f.version_id = v.version_id WHERE coalesce(f.quotes, []) IS DISTINCT FROM"
    " list_transform(TRY_CAST(v.reading -> '$.findings' AS JSON[]), lambda found : found ->> 'quote')",
)

_COUNTS = (
    "SELECT (SELECT count(*) FROM assessments) AS assessments, (SELECT count(*) FROM decisions) AS decisions,"
    " (SELECT count(*) FROM findings) AS findings, (SELECT count(*) FROM versions) AS versions,"
    " (SELECT count(*) FROM snapshots) AS snapshots, (SELECT count(*) FROM bodies) AS bodies"
)


def verify(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> Verification:
    """Walk all rows and all bodies; reads every body once."""
    holes = [row["hole"] for sql in _HOLES for row in fetch(con, sql)]
    holes += [hole for named in _NAMED for hole in _dangling(con, *named)]
    holes += [hole for table in _NUMBERED for hole in _gaps(con, table)]
    holes += _changed_assessments(con)
    holes += _bad_bodies(con, bodies)
    holes += _bad_quotes(con, bodies)
    holes += broken_links(con)
    return Verification(**fetch(con, _COUNTS)[0], holes=tuple(holes))


def _dangling(con: duckdb.DuckDBPyConnection, table: str, column: str, where: str, found: str) -> Iterator[str]:
    sql = (
        f"SELECT DISTINCT {column} AS name FROM {table} WHERE {column} IS NOT NULL"
        f" AND {column} NOT IN (SELECT {found} FROM {where} WHERE {found} IS NOT NULL) ORDER BY name"
    )
    for row in fetch(con, sql):
        yield f"{table}: {column} {row['name']} is not in {where}"


def _gaps(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
    for row in fetch(con, f"SELECT max(seq) - count(*) AS gone FROM {table} HAVING max(seq) <> count(*)"):
        yield f"{table}: {row['gone']} rows are gone"


def _changed_assessments(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for row in fetch(con, "SELECT run_id, sha256, markdown FROM assessments WHERE markdown IS NOT NULL ORDER BY seq"):
        if digest(row["markdown"].encode()) != row["sha256"]:
            yield f"assessment of run {row['run_id']}: its text is not the one that was recorded"


def _bad_bodies(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> Iterator[str]:
    for row in fetch(con, "SELECT sha256 FROM bodies ORDER BY sha256"):
        try:
            bodies.load(row["sha256"])
        except (WarehouseDamaged, ValueError) as error:
            yield f"body {row['sha256']}: {error}"


def _bad_quotes(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> Iterator[str]:
    sql = (
        "SELECT v.version_id, v.text_sha256, list({'n': f.ordinal, 'quote': f.quote, 'first': f.start_offset,"
        " 'last': f.end_offset} ORDER BY f.ordinal) AS found FROM versions AS v"
        " JOIN findings AS f ON f.version_id = v.version_id AND f.end_offset > f.start_offset"
        " GROUP BY v.version_id, v.text_sha256 ORDER BY v.version_id"
    )
    for row in fetch(con, sql):
        try:
            text = bodies.load(row["text_sha256"]).decode()
        except (WarehouseDamaged, ValueError) as error:
            yield f"version {row['version_id']}: its text cannot be read: {error}"
            continue
        for finding in row["found"]:
            if text[finding["first"] : finding["last"]] != finding["quote"]:
                yield f"version {row['version_id']}: finding {finding['n']} does not quote its text"

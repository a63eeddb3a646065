"""Whether every conclusion still stands on bytes: assessment, decision, finding, version, snapshot, body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from domain.errors import WarehouseDamaged
from warehouse.bodies import Bodies, digest
from warehouse.connection import fetch


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


# Each query gives one sentence a hole.
_HOLES = (
    "SELECT 'assessment of run ' || run_id || ': its run is not recorded' AS hole FROM assessments"
    " WHERE run_id NOT IN (SELECT run_id FROM run_starts)",
    "SELECT 'decision about ' || source_id || ': the evidence ' || (item ->> 'sha256') || ' is no snapshot' AS hole"
    " FROM (SELECT source_id, unnest(CAST(evidence AS JSON[])) AS item FROM decisions)"
    " WHERE item ->> 'sha256' IS NOT NULL AND item ->> 'sha256' NOT IN (SELECT sha256 FROM snapshots)",
    "SELECT 'finding ' || ordinal || ' of version ' || version_id || ': no such version' AS hole FROM findings"
    " WHERE version_id NOT IN (SELECT version_id FROM versions)",
    "SELECT 'version ' || v.version_id || ' of ' || v.watch_id || ': no snapshot of its page with its bytes' AS hole"
    " FROM versions AS v WHERE NOT EXISTS"
    " (SELECT 1 FROM snapshots AS s WHERE s.page_id = v.page_id AND s.sha256 = v.sha256)",
    "SELECT 'snapshot ' || snapshot_id || ' of ' || url || ': no body is listed' AS hole FROM snapshots"
    " WHERE sha256 NOT IN (SELECT sha256 FROM bodies)",
    "SELECT 'look ' || look_id || ' at ' || url || ': no such snapshot' AS hole FROM looks"
    " WHERE snapshot_id IS NOT NULL AND snapshot_id NOT IN (SELECT snapshot_id FROM snapshots)",
    "SELECT 'change ' || c.change_id || ' of ' || c.watch_id || ': no such version' AS hole FROM change_rows AS c,"
    " (SELECT unnest([c.version_before, c.version_after]) AS version_id) AS named"
    " WHERE named.version_id IS NOT NULL AND named.version_id NOT IN (SELECT version_id FROM versions)",
)

_COUNTS = (
    "SELECT (SELECT count(*) FROM assessments) AS assessments, (SELECT count(*) FROM decisions) AS decisions,"
    " (SELECT count(*) FROM findings) AS findings, (SELECT count(*) FROM versions) AS versions,"
    " (SELECT count(*) FROM snapshots) AS snapshots, (SELECT count(*) FROM bodies) AS bodies"
)


def verify(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> Verification:
    """Walk all rows and all bodies; reads every body once."""
    holes = [row["hole"] for sql in _HOLES for row in fetch(con, sql)]
    holes += _changed_assessments(con)
    holes += _bad_bodies(con, bodies)
    holes += _bad_quotes(con, bodies)
    return Verification(**fetch(con, _COUNTS)[0], holes=tuple(holes))


def _changed_assessments(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for row in fetch(con, "SELECT run_id, sha256, markdown FROM assessments WHERE markdown IS NOT NULL ORDER BY seq"):
        if digest(row["markdown"].encode()) != row["sha256"]:
            yield f"assessment of run {row['run_id']}: its text is not the one that was recorded"


def _bad_bodies(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> Iterator[str]:
    for row in fetch(con, "SELECT sha256 FROM bodies ORDER BY sha256"):
        try:
            bodies.load(row["sha256"])
        except WarehouseDamaged as error:
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
        except WarehouseDamaged as error:
            yield f"version {row['version_id']}: its text cannot be read: {error}"
            continue
        for finding in row["found"]:
            if text[finding["first"] : finding["last"]] != finding["quote"]:
                yield f"version {row['version_id']}: finding {finding['n']} does not quote its text"

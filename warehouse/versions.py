"""Versions, findings and the states of watches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

import duckdb

from domain.history import Version, WatchState
from domain.identity import page_id
from domain.reading import Finding, Reading
from domain.vocabulary import Determination, Origin, Outcome
from warehouse.bodies import Bodies, digest
from warehouse.codec import decode, encode, storable, to_json
from warehouse.connection import Row, append, fetch, next_seq, numbered
from warehouse.contracts import ContractViolation, check_quotes, check_versions
from warehouse.looks import body_row


def text_bytes(version: Version) -> bytes:
    """The reading's text as it is stored; offsets of findings hold in it."""
    return storable(version.reading.text).encode()


def prepare_versions(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    versions: Sequence[Version],
    determinations: Mapping[str, Determination],
) -> tuple[list[Row], list[Row]]:
    """The rows of `versions` and `findings` that are not stored yet, checked.

    ContractViolation when a stored version id comes with another reading: then the reader changed
    without changing its name, and keeping either silently would falsify the history.
    """
    unique = {version.version_id: version for version in versions}
    rows = [_version_row(run_id, version, determinations.get(version.version_id)) for version in unique.values()]
    stored = {
        row["version_id"]: (row["text_sha256"], row["reading"])
        for row in fetch(
            con,
            "SELECT version_id, text_sha256, reading FROM versions"
            " WHERE version_id IN (SELECT unnest($ids::VARCHAR[]))",
            {"ids": [*unique]},
        )
    }
    fresh = [row for row in rows if row["version_id"] not in stored]
    for row in rows:
        known = stored.get(row["version_id"])
        if known is not None and known != (row["text_sha256"], row["reading"]):
            raise ContractViolation(
                "versions",
                f"{row['version_id']} of {row['watch_id']} is stored with another reading by {row['reader']}:"
                " a reader or policy that reads differently needs another reader name",
            )
    check_versions(fresh)
    for row in fresh:
        check_quotes(row["version_id"], unique[row["version_id"]].reading)
    findings = [
        finding for row in fresh for finding in _finding_rows(row["version_id"], unique[row["version_id"]].reading)
    ]
    return numbered(con, "versions", ("version_id",), fresh), findings


def save_version_bodies(bodies: Bodies, versions: Iterable[Version]) -> list[Row]:
    """Write the texts to disk; returns the rows of `bodies` for them."""
    texts = {digest(text): text for text in map(text_bytes, versions)}
    return [body_row(saved) for saved in bodies.save(texts)]


def _version_row(run_id: str, version: Version, determination: Determination | None) -> Row:
    reading = version.reading
    stored = encode(reading)
    del stored["text"]
    return {
        "version_id": version.version_id,
        "run_id": run_id,
        "watch_id": version.watch_id,
        "source_id": version.source_id,
        "page_id": page_id(version.url),
        "url": version.url,
        "sha256": version.sha256,
        "seen_at": version.seen_at,
        "origin": version.origin.value,
        "reader": reading.reader,
        "text_sha256": digest(text_bytes(version)),
        "licenses": reading.licenses,
        "expression": reading.expression,
        "determination": None if determination is None else determination.value,
        "rights": to_json(reading.rights, full=True),
        "duties": reading.duties,
        "per_item": reading.per_item.value,
        "language": reading.language,
        "suspect": reading.suspect,
        "reading": to_json(stored),
    }


def _finding_rows(version_id: str, reading: Reading) -> list[Row]:
    return [_finding_row(version_id, ordinal, finding) for ordinal, finding in enumerate(reading.findings)]


def _finding_row(version_id: str, ordinal: int, finding: Finding) -> Row:
    return {
        "version_id": version_id,
        "ordinal": ordinal,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "quote": finding.quote,
        "start_offset": finding.start,
        "end_offset": finding.end,
        "subject": finding.scope.subject.value,
        "scope_layers": finding.scope.layers,
        "scope_words": finding.scope.words,
        "license": finding.license,
        "rights": to_json(finding.rights),
        "duties": finding.duties,
        "note": finding.note,
    }


def _version(row: Row, bodies: Bodies) -> Version:
    stored = json.loads(row["reading"])
    stored["text"] = bodies.load(row["text_sha256"]).decode()
    return Version(
        version_id=row["version_id"],
        watch_id=row["watch_id"],
        source_id=row["source_id"],
        url=row["url"],
        sha256=row["sha256"],
        seen_at=row["seen_at"],
        origin=Origin(row["origin"]),
        reading=decode(Reading, stored),
    )


_LATEST_STATES = """
SELECT * FROM watch_states QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq DESC) = 1 ORDER BY watch_id
"""


def state_rows(con: duckdb.DuckDBPyConnection, run_id: str, states: Sequence[WatchState]) -> list[Row]:
    """Rows for the states that differ from the latest stored one of their watch."""
    latest = {row["watch_id"]: _same(row) for row in fetch(con, _LATEST_STATES)}
    rows: list[Row] = []
    seq = next_seq(con, "watch_states")
    for state in states:
        row = _state_row(seq, run_id, state)
        if latest.get(state.watch_id) != _same(row):
            latest[state.watch_id] = _same(row)
            rows.append(row)
            seq += 1
    return rows


def _same(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("seq", "run_id")}


def _state_row(seq: int, run_id: str, state: WatchState) -> Row:
    plain = {
        field.name: getattr(state, field.name)
        for field in fields(state)
        if field.name not in ("accepted", "pending", "flips", "last_outcome")
    }
    return {
        "seq": seq,
        "run_id": run_id,
        **plain,
        "accepted_version_id": None if state.accepted is None else state.accepted.version_id,
        "pending_version_id": None if state.pending is None else state.pending.version_id,
        "flips": [*state.flips],
        "last_outcome": None if state.last_outcome is None else state.last_outcome.value,
    }


def watch_states(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> dict[str, WatchState]:
    """The latest state of every watch, keyed by watch id, versions and their texts included."""
    rows = fetch(con, _LATEST_STATES)
    wanted = {row[name] for row in rows for name in ("accepted_version_id", "pending_version_id")} - {None}
    versions = find_versions(con, bodies, sorted(wanted))
    return {
        row["watch_id"]: WatchState(
            watch_id=row["watch_id"],
            source_id=row["source_id"],
            url=row["url"],
            accepted=None if row["accepted_version_id"] is None else versions[row["accepted_version_id"]],
            pending=None if row["pending_version_id"] is None else versions[row["pending_version_id"]],
            pending_since=row["pending_since"],
            flips=tuple(row["flips"]),
            unstable=row["unstable"],
            failures=row["failures"],
            failing_reason=row["failing_reason"],
            failing_alerted=row["failing_alerted"],
            gone=row["gone"],
            last_look_at=row["last_look_at"],
            last_outcome=None if row["last_outcome"] is None else Outcome(row["last_outcome"]),
        )
        for row in rows
    }


_MOVED = """
WITH states AS (
    SELECT w.*, r.seq AS run_seq, a.sha256 AS accepted, a.reader, p.sha256 AS pending
    FROM watch_states AS w
    JOIN run_starts AS r ON r.run_id = w.run_id
    LEFT JOIN versions AS a ON a.version_id = w.accepted_version_id
    LEFT JOIN versions AS p ON p.version_id = w.pending_version_id
),
old AS (
    SELECT * FROM states WHERE run_seq <= (SELECT seq FROM run_starts WHERE run_id = $run)
    QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq DESC) = 1
),
new AS (SELECT * FROM states QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq DESC) = 1)
SELECT DISTINCT new.source_id FROM new LEFT JOIN old ON old.watch_id = new.watch_id
WHERE new.accepted IS DISTINCT FROM old.accepted
    OR new.unstable IS DISTINCT FROM old.unstable
    OR new.failing_alerted IS DISTINCT FROM old.failing_alerted
    -- Another reader may find that what waits says the same: no doing of the publisher's.
    OR (new.pending IS DISTINCT FROM old.pending AND new.reader IS NOT DISTINCT FROM old.reader)
"""


def moved_sources(con: duckdb.DuckDBPyConnection, since: str) -> frozenset[str]:
    """The sources of the watches that since a run rest on, wait for, or fail at something else."""
    return frozenset(row["source_id"] for row in fetch(con, _MOVED, {"run": since}))


def append_states(con: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Append states; every version they name must be stored."""
    named = {row[name] for row in rows for name in ("accepted_version_id", "pending_version_id")} - {None}
    missing = fetch(
        con,
        "SELECT id FROM (SELECT unnest($ids::VARCHAR[]) AS id) WHERE id NOT IN (SELECT version_id FROM versions)",
        {"ids": sorted(named)},
    )
    if missing:
        raise ContractViolation("watch_states", f"names versions nobody stored: {missing[0]['id']}")
    append(con, "watch_states", rows)


def find_versions(con: duckdb.DuckDBPyConnection, bodies: Bodies, version_ids: Sequence[str]) -> dict[str, Version]:
    """Versions by id, rebuilt with their texts; unknown ids are left out."""
    rows = fetch(
        con,
        "SELECT * FROM versions WHERE version_id IN (SELECT unnest($ids::VARCHAR[]))",
        {"ids": list(version_ids)},
    )
    return {row["version_id"]: _version(row, bodies) for row in rows}


def versions_of(con: duckdb.DuckDBPyConnection, bodies: Bodies, source_id: str) -> tuple[Version, ...]:
    """All versions of a source's watches, oldest first."""
    rows = fetch(con, "SELECT * FROM versions WHERE source_id = $id ORDER BY seen_at, seq", {"id": source_id})
    return tuple(_version(row, bodies) for row in rows)

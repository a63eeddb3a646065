"""Where each watch stands: a row whenever that changes, with what else its page said lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import duckdb

from domain.history import Variant, WatchState
from domain.vocabulary import Outcome
from warehouse import versions
from warehouse.bodies import Bodies
from warehouse.connection import Row, append, fetch, next_seq
from warehouse.contracts import ContractViolation

_LATEST = """
SELECT * FROM watch_states WHERE $watches IS NULL OR watch_id IN (SELECT unnest($watches::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq DESC) = 1 ORDER BY watch_id
"""
_OTHER_FIELDS = ("accepted", "pending", "flips", "last_outcome", "variants")


@dataclass(frozen=True, slots=True)
class StateRows:
    """Rows of `watch_states` and of the `watch_variants` that belong to them."""

    states: list[Row]
    variants: list[Row]


def state_rows(con: duckdb.DuckDBPyConnection, run_id: str, states: Sequence[WatchState]) -> StateRows:
    """Rows for the states that differ from the latest stored one of their watch."""
    latest, variants = _latest(con, [state.watch_id for state in states])
    known = {row["watch_id"]: _same(row, variants.get(row["seq"], [])) for row in latest}
    rows = StateRows([], [])
    seq, variant_seq = next_seq(con, "watch_states"), next_seq(con, "watch_variants")
    for state in states:
        row = _state_row(seq, run_id, state)
        others = [
            {
                "seq": variant_seq + place,
                "run_id": run_id,
                "watch_id": state.watch_id,
                "state_seq": seq,
                "version_id": variant.version.version_id,
                "until": variant.until,
            }
            for place, variant in enumerate(state.variants)
        ]
        if known.get(state.watch_id) != _same(row, others):
            known[state.watch_id] = _same(row, others)
            rows.states.append(row)
            rows.variants.extend(others)
            seq += 1
            variant_seq += len(others)
    return rows


def _latest(
    con: duckdb.DuckDBPyConnection, watches: Sequence[str] | None = None
) -> tuple[list[Row], dict[int, list[Row]]]:
    """The latest row of every watch (None: of all there are), and its variants by the state's `seq`."""
    latest = fetch(con, _LATEST, {"watches": watches})
    variants: dict[int, list[Row]] = {}
    for row in fetch(
        con,
        "SELECT * FROM watch_variants WHERE state_seq IN (SELECT unnest($seqs::BIGINT[])) ORDER BY seq",
        {"seqs": [row["seq"] for row in latest]},
    ):
        variants.setdefault(row["state_seq"], []).append(row)
    return latest, variants


def _same(row: Row, variants: Sequence[Row]) -> Row:
    state = {name: value for name, value in row.items() if name not in ("seq", "run_id")}
    return {**state, "variants": [(variant["version_id"], variant["until"]) for variant in variants]}


def _state_row(seq: int, run_id: str, state: WatchState) -> Row:
    plain = {field.name: getattr(state, field.name) for field in fields(state) if field.name not in _OTHER_FIELDS}
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
    """The latest state of every watch, keyed by watch id, with its versions. See `find_versions` for their texts."""
    rows, variants = _latest(con)
    wanted = {row[name] for row in rows for name in ("accepted_version_id", "pending_version_id")} - {None}
    wanted |= {variant["version_id"] for some in variants.values() for variant in some}
    found = versions.find_versions(con, bodies, sorted(wanted))
    return {
        row["watch_id"]: WatchState(
            watch_id=row["watch_id"],
            source_id=row["source_id"],
            url=row["url"],
            accepted=None if row["accepted_version_id"] is None else found[row["accepted_version_id"]],
            pending=None if row["pending_version_id"] is None else found[row["pending_version_id"]],
            pending_since=row["pending_since"],
            flips=tuple(row["flips"]),
            unstable=row["unstable"],
            failures=row["failures"],
            failing_reason=row["failing_reason"],
            failing_alerted=row["failing_alerted"],
            gone=row["gone"],
            last_look_at=row["last_look_at"],
            last_outcome=None if row["last_outcome"] is None else Outcome(row["last_outcome"]),
            variants=tuple(
                Variant(found[variant["version_id"]], variant["until"]) for variant in variants.get(row["seq"], ())
            ),
        )
        for row in rows
    }


def at_rest(state: WatchState, bodies: Bodies) -> WatchState:
    """A stored state whose versions bring their texts from where they are stored."""
    return replace(
        state,
        accepted=None if state.accepted is None else versions.at_rest(state.accepted, bodies),
        pending=None if state.pending is None else versions.at_rest(state.pending, bodies),
        variants=tuple(replace(one, version=versions.at_rest(one.version, bodies)) for one in state.variants),
    )


_MOVED = """
WITH others AS (SELECT state_seq, list(version_id ORDER BY seq) AS versions FROM watch_variants GROUP BY state_seq),
states AS (
    SELECT w.*, r.seq AS run_seq, a.sha256 AS accepted, a.reader, p.sha256 AS pending,
        CASE WHEN w.unstable THEN o.versions END AS variants
    FROM watch_states AS w
    JOIN run_starts AS r ON r.run_id = w.run_id
    LEFT JOIN versions AS a ON a.version_id = w.accepted_version_id
    LEFT JOIN versions AS p ON p.version_id = w.pending_version_id
    LEFT JOIN others AS o ON o.state_seq = w.seq
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
    OR (new.reader IS NOT DISTINCT FROM old.reader AND (
        new.pending IS DISTINCT FROM old.pending OR new.variants IS DISTINCT FROM old.variants))
"""


def moved_sources(con: duckdb.DuckDBPyConnection, since: str) -> frozenset[str]:
    """The sources of the watches that since a run rest on, wait for, or fail at something else."""
    return frozenset(row["source_id"] for row in fetch(con, _MOVED, {"run": since}))


def append_states(con: duckdb.DuckDBPyConnection, rows: StateRows) -> None:
    """Append states; every version they name must be stored."""
    named = {row[name] for row in rows.states for name in ("accepted_version_id", "pending_version_id")} - {None}
    named |= {row["version_id"] for row in rows.variants}
    missing = fetch(
        con,
        "SELECT id FROM (SELECT unnest($ids::VARCHAR[]) AS id) WHERE id NOT IN (SELECT version_id FROM versions)",
        {"ids": sorted(named)},
    )
    if missing:
        raise ContractViolation("watch_states", f"names versions nobody stored: {missing[0]['id']}")
    append(con, "watch_states", rows.states)
    append(con, "watch_variants", rows.variants)

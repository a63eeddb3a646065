"""Runs, their problems, their assessments, and facts about the data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from domain.history import RunStart, RunSummary
from domain.probing import DatasetFact
from warehouse.bodies import Bodies
from warehouse.codec import to_json
from warehouse.connection import append, fetch, next_seq, transaction
from warehouse.looks import body_row
from warehouse.packing import digest


@dataclass(frozen=True, slots=True)
class Assessment:
    """A written assessment: hex sha256 of its UTF-8 text, the run that wrote it, and the digest of what the newest
    run that wrote the same made it of (None: it was made otherwise since, or before that was noted)."""

    sha256: str
    run_id: str
    at: datetime
    made_of: str | None = None


def append_run_start(con: duckdb.DuckDBPyConnection, run: RunStart) -> None:
    """Note that a run began, before it does anything; starting the same run twice is once."""
    append(
        con,
        "run_starts",
        [
            {
                "run_id": run.run_id,
                "seq": next_seq(con, "run_starts"),
                "started_at": run.started_at,
                "kind": run.kind,
                "parameters": to_json(run.parameters),
                "catalog_sha256": run.catalog_sha256,
                "policy_sha256": run.policy_sha256,
                "reader": run.reader,
            }
        ],
    )


def last_run(con: duckdb.DuckDBPyConnection) -> RunStart | None:
    """The newest run that decided, be it that nothing changed; None before the first. One that was
    killed before, or had to keep what stood, decided nothing."""
    rows = fetch(
        con,
        # Filling the past from an archive decides nothing: the next run compares with what was decided before it.
        "SELECT s.* FROM run_starts AS s WHERE s.kind <> 'wayback'"
        " AND (EXISTS (SELECT 1 FROM decisions AS d WHERE d.run_id = s.run_id)"
        " OR EXISTS (SELECT 1 FROM run_ends AS e WHERE e.run_id = s.run_id AND e.assessment <> 'kept'))"
        " ORDER BY s.seq DESC LIMIT 1",
    )
    if not rows:
        return None
    row = {name: value for name, value in rows[0].items() if name != "seq"}
    return RunStart(**{**row, "parameters": json.loads(row["parameters"])})


def append_run_end(con: duckdb.DuckDBPyConnection, summary: RunSummary) -> None:
    """Note what a run came to; a run without this row was killed or is still going."""
    append(
        con,
        "run_ends",
        [
            {
                "run_id": summary.run_id,
                "finished_at": summary.finished_at,
                "pages": summary.pages,
                "outcomes": to_json(summary.outcomes),
                "changes": to_json(summary.changes),
                "alerts": summary.alerts,
                "assessment": summary.assessment,
                "why": summary.why,
                "seconds": to_json(summary.seconds),
                "problems": summary.problems,
            }
        ],
    )


def append_problem(con: duckdb.DuckDBPyConnection, run_id: str, kind: str, detail: str) -> None:
    """Note something a person must look at, such as a contract violation."""
    row = {"seq": next_seq(con, "problems"), "run_id": run_id, "kind": kind, "detail": detail}
    append(con, "problems", [row])


def save_assessment(
    con: duckdb.DuckDBPyConnection,
    bodies: Bodies,
    run_id: str,
    made_at: datetime,
    outcome: str,
    why: str,
    text: bytes | None,
    made_of: tuple[str, str] | None = None,
) -> None:
    """Note what became of the assessment; `text` is None where the old one was kept. `made_of` are the digests of
    what it was made of and of its text, where it was rendered.

    It is stored among the bodies, packed on an earlier one: most of it stays from run to run.
    """
    name = None if text is None else digest(text)
    base = None if text is None else _base_for_the_next(con, bodies)
    saved = {} if text is None or name is None else {name: text}
    stored = bodies.save(saved, {} if base is None else dict.fromkeys(saved, base))
    with transaction(con):
        append(con, "bodies", [body_row(body) for body in stored])
        append(
            con,
            "assessments",
            [
                {
                    "seq": next_seq(con, "assessments"),
                    "run_id": run_id,
                    "made_at": made_at,
                    "outcome": outcome,
                    "why": why,
                    "sha256": name,
                }
            ],
        )
        if made_of is not None:
            row = {"seq": next_seq(con, "document_inputs"), "run_id": run_id}
            append(con, "document_inputs", [{**row, "inputs": made_of[0], "sha256": made_of[1]}])


def _base_for_the_next(con: duckdb.DuckDBPyConnection, bodies: Bodies) -> str | None:
    """The newest assessment, or what that is packed on where it is one itself."""
    last = last_assessment(con)
    if last is None:
        return None
    below = bodies.lies_on(last.sha256)
    of = fetch(con, "SELECT sha256 FROM assessments WHERE sha256 = $below LIMIT 1", {"below": below})
    return below if of else last.sha256


def last_assessment(con: duckdb.DuckDBPyConnection) -> Assessment | None:
    """The newest assessment that was written."""
    rows = fetch(
        con,
        "SELECT a.sha256, a.run_id, a.made_at AS at, d.inputs AS made_of FROM assessments AS a"
        " LEFT JOIN (SELECT sha256, inputs FROM document_inputs ORDER BY seq DESC LIMIT 1) AS d ON d.sha256 = a.sha256"
        " WHERE a.sha256 IS NOT NULL ORDER BY a.seq DESC LIMIT 1",
    )
    return Assessment(**rows[0]) if rows else None


def assessment_text(con: duckdb.DuckDBPyConnection, bodies: Bodies, sha256: str) -> bytes:
    """The UTF-8 text of a written assessment, by its digest. WarehouseDamaged when it is missing or wrong."""
    # Before they lay among the bodies they lay in their rows.
    sql = "SELECT markdown FROM assessments WHERE sha256 = $sha256 AND markdown IS NOT NULL LIMIT 1"
    rows = fetch(con, sql, {"sha256": sha256})
    return rows[0]["markdown"].encode() if rows else bodies.load(sha256)


_ALL_FACTS = "SELECT source_id, name, value, number, unit, url, seen_at, measured FROM dataset_facts"

_NEWEST_FACTS = f"""
{_ALL_FACTS}
QUALIFY row_number() OVER (PARTITION BY source_id, name, url ORDER BY seen_at DESC, seq DESC) = 1
ORDER BY source_id, name, url
"""


def facts(con: duckdb.DuckDBPyConnection) -> tuple[DatasetFact, ...]:
    """The newest fact per source, name and URL."""
    return tuple(DatasetFact(**row) for row in fetch(con, _NEWEST_FACTS))


def append_facts(con: duckdb.DuckDBPyConnection, run_id: str, found: Sequence[DatasetFact]) -> None:
    """Append the facts that are not known as they are."""
    known = {DatasetFact(**row) for row in fetch(con, _ALL_FACTS)}
    fresh = [fact for fact in dict.fromkeys(found) if fact not in known]
    rows = [
        {
            "seq": seq,
            "run_id": run_id,
            "source_id": fact.source_id,
            "name": fact.name,
            "value": fact.value,
            "number": fact.number,
            "unit": fact.unit,
            "url": fact.url,
            "seen_at": fact.seen_at,
            "measured": fact.measured,
        }
        for seq, fact in enumerate(fresh, next_seq(con, "dataset_facts"))
    ]
    append(con, "dataset_facts", rows)

"""Runs, their problems, their assessments, and facts about the data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from domain.history import RunStart, RunSummary
from domain.probing import DatasetFact
from warehouse.codec import storable, to_json
from warehouse.connection import append, fetch, next_seq
from warehouse.packing import digest


@dataclass(frozen=True, slots=True)
class Assessment:
    """A written assessment: hex sha256 of its UTF-8 text, the text, and the run that wrote it."""

    sha256: str
    markdown: str
    run_id: str
    at: datetime


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


def append_assessment(
    con: duckdb.DuckDBPyConnection, run_id: str, made_at: datetime, outcome: str, why: str, markdown: str | None
) -> None:
    """Note what became of the assessment; `markdown` is None where the old one was kept."""
    text = None if markdown is None else storable(markdown)
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
                "sha256": None if text is None else digest(text.encode()),
                "markdown": text,
            }
        ],
    )


def last_assessment(con: duckdb.DuckDBPyConnection) -> Assessment | None:
    """The newest assessment that was written."""
    rows = fetch(con, "SELECT * FROM assessments WHERE markdown IS NOT NULL ORDER BY seq DESC LIMIT 1")
    return Assessment(rows[0]["sha256"], rows[0]["markdown"], rows[0]["run_id"], rows[0]["made_at"]) if rows else None


def is_last_assessment(con: duckdb.DuckDBPyConnection, markdown: str) -> bool:
    """Whether the newest assessment that was written reads so, by its digest."""
    rows = fetch(con, "SELECT sha256 FROM assessments WHERE sha256 IS NOT NULL ORDER BY seq DESC LIMIT 1")
    return bool(rows) and rows[0]["sha256"] == digest(storable(markdown).encode())


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

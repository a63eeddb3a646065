"""Decisions: a row whenever something other than the freshness of the evidence, or the place in the order of adoption,
changes. Those have rows of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import get_type_hints

import duckdb

from domain.deciding import LAPSING, Decision, Gate
from domain.history import Alert, TierStep
from domain.ordering import batches
from domain.vocabulary import GateKind, Owner, SpeaksFor, Tier
from warehouse.codec import decode, encode
from warehouse.connection import Row, append, fetch, next_seq, transaction
from warehouse.contracts import Cause, check_decisions, check_freshness
from warehouse.outbox import append_alerts

# A tier change: the decision before (None: there was none) and the one after.
TierChange = tuple[Decision | None, Decision]

_FRESHNESS = ("verified_at", "valid_until", "looks")
# What moves one source moves the places of all behind it.
_NO_SUBSTANCE = (*_FRESHNESS, "adoption_rank")
_SUBSTANCE = tuple(field.name for field in fields(Decision) if field.name not in _NO_SUBSTANCE)
_NESTED = ("gates", "rights", "evidence", "effort", "contradictions")
# What sources under one license have alike.
_ALIKE = ("gates", "rights", "effort", "contradictions")
_HINTS = get_type_hints(Decision)


def _canonical(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def decisions(
    con: duckdb.DuckDBPyConnection, at: datetime | None = None, of: Collection[str] | None = None
) -> dict[str, Decision]:
    """The decision that held for every source at a time (None: the newest), as it was made; `of` some sources
    alone."""
    moment = datetime.max.replace(tzinfo=UTC) if at is None else at
    rows = fetch(con, _AS_OF, {"moment": moment, "of": None if of is None else [*of]})
    return {row["source_id"]: _decision(row) for row in rows}


def _decided(con: duckdb.DuckDBPyConnection, at: datetime) -> list[str]:
    """Every source that was decided at a time."""
    rows = fetch(con, "SELECT DISTINCT source_id FROM decisions WHERE decided_at <= $at ORDER BY source_id", {"at": at})
    return [row["source_id"] for row in rows]


def tier_steps(con: duckdb.DuckDBPyConnection) -> tuple[TierStep, ...]:
    """Every tier a source ever had, oldest first, with the cause of the change."""
    rows = fetch(con, "SELECT source_id, decided_at, tier_before, tier, cause FROM tier_history", {})
    return tuple(
        TierStep(
            source_id=row["source_id"],
            at=row["decided_at"],
            before=None if row["tier_before"] is None else Tier(row["tier_before"]),
            after=Tier(row["tier"]),
            cause=row["cause"],
        )
        for row in rows
    )


_AS_OF = """
WITH fresh AS (
    SELECT source_id, verified_at, valid_until, looks FROM verifications
    WHERE checked_at <= $moment AND ($of IS NULL OR source_id IN (SELECT unnest($of::VARCHAR[])))
    QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY checked_at DESC, seq DESC) = 1
),
placed AS (
    SELECT source_id, adoption_rank FROM adoption_ranks
    WHERE decided_at <= $moment AND ($of IS NULL OR source_id IN (SELECT unnest($of::VARCHAR[])))
    QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY decided_at DESC, seq DESC) = 1
)
SELECT d.* REPLACE (coalesce(p.adoption_rank, d.adoption_rank) AS adoption_rank),
    f.verified_at, f.valid_until, coalesce(f.looks, '{}') AS looks
FROM decisions AS d
LEFT JOIN fresh AS f ON f.source_id = d.source_id
LEFT JOIN placed AS p ON p.source_id = d.source_id
WHERE d.decided_at <= $moment AND ($of IS NULL OR d.source_id IN (SELECT unnest($of::VARCHAR[])))
QUALIFY row_number() OVER (PARTITION BY d.source_id ORDER BY d.decided_at DESC, d.seq DESC) = 1
ORDER BY d.source_id
"""

_ROW_ONLY = ("seq", "run_id", "decided_at", "cause", "effort_low_days", "effort_likely_days", "effort_high_days")


def _decision(row: Row) -> Decision:
    data = {name: value for name, value in row.items() if name not in _ROW_ONLY}
    for name in _ALIKE:
        data[name] = _alike(name, data[name])
    for name in ("evidence", "looks"):
        data[name] = json.loads(data[name])
    found: Decision = decode(Decision, data)
    return found


@lru_cache(maxsize=1024)
def _alike(name: str, data: str) -> object:
    return decode(_HINTS[name], json.loads(data))


def aged(decision: Decision, at: datetime) -> Decision:
    """The decision as it counts at a later time: evidence past its date, or of no known date,
    approves nothing for production, and the gate that says so is open. The house's own word has no
    date unless a review gives it one. What only a person's word kept from being blocked is blocked again
    when that word has ended. The same rules as in the view `tier_as_of`."""
    ended = decision.valid_until is not None and decision.valid_until < at
    if ended and decision.decided_by.startswith(LAPSING) and decision.tier is not Tier.BLOCKED:
        return replace(decision, tier=Tier.BLOCKED, gates=(*decision.gates, _lapsed(decision)))
    if decision.tier is not Tier.PRODUCTION_APPROVED:
        return decision
    if decision.valid_until is None:
        if decision.authority is SpeaksFor.HOUSE:
            return decision
        reason = "no date is recorded for the evidence"
    elif decision.valid_until < at:
        reason = f"the evidence was good until {decision.valid_until:%Y-%m-%d}"
    else:
        return decision
    gate = Gate(
        gate="evidence_stale",
        kind=GateKind.BLOCKING,
        caps_at=Tier.RESEARCH_ONLY,
        reason=reason,
        closes="look again: clearance run",
        owner=Owner.OPERATIONS,
    )
    return replace(decision, tier=Tier.RESEARCH_ONLY, gates=(*decision.gates, gate))


def _lapsed(decision: Decision) -> Gate:
    return Gate(
        gate="evidence_stale",
        kind=GateKind.BLOCKING,
        caps_at=Tier.BLOCKED,
        reason=f"the review or agreement that it rests on was good until {decision.valid_until:%Y-%m-%d}",
        closes="renew it, or decide without it: clearance run",
        owner=Owner.LEGAL,
    )


def save_decisions(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    at: datetime,
    made: Sequence[Decision],
    causes: Mapping[str, str],
    keep: Collection[str] | None = None,
    alerts: Callable[[Sequence[TierChange]], Sequence[Alert]] = lambda _: (),
    *,
    present: bool = False,
) -> list[TierChange]:
    """Append the decisions that differ from those that held at `at`; returns the changes of tier.

    `causes` gives for each source why it differs; a source's first decision needs none. Every source
    that was decided once and is not in `keep` (the catalog's; None: all) is blocked: unknown sources
    are, and one that left the catalog must not stay approved by its last row. `alerts` gives what to
    tell of the changes of tier; it goes into the outbox with them, or a kill between would lose it.
    With `present`, `at` is now: what is dated later comes from a clock that was ahead, and where it holds
    more than now it is replaced at its own date, or it would come back on that day.
    ContractViolation when a decision, or its cause, is not fit to be stored; then none is.
    """
    known = {decision.source_id for decision in made}
    gone = [name for name in _decided(con, at) if keep is not None and name not in keep and name not in known]
    moments = _moments_after(con, at) if present else []
    moved: list[TierChange] = []
    with transaction(con):
        for some in batches(made):
            moved += _save_some(con, run_id, at, some, causes, moments)
        for names in batches(gone):
            some = [_retired(old) for old in decisions(con, at, names).values()]
            moved += _save_some(con, run_id, at, some, dict.fromkeys(names, Cause.CATALOG.value), moments)
        append_alerts(con, alerts(moved))
    return moved


def _save_some(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    at: datetime,
    made: Sequence[Decision],
    causes: Mapping[str, str],
    moments: Sequence[datetime],
) -> list[TierChange]:
    names = [decision.source_id for decision in made]
    before = decisions(con, at, names)
    # Before anything is appended: what is dated `at` is what was just decided.
    later = [(moment, decisions(con, moment, names)) for moment in moments]
    check_freshness(made)
    different = [decision for decision in made if not _same(before.get(decision.source_id), decision)]
    seq = next_seq(con, "decisions")
    rows = [
        _row(number, run_id, at, decision, before.get(decision.source_id), causes)
        for number, decision in enumerate(different, seq)
    ]
    check_decisions(rows)
    for moment, held in later:
        narrower = [d for d in made if d.source_id in held and held[d.source_id].tier.rank < d.tier.rank]
        again = [
            _row(number, run_id, moment, decision, held[decision.source_id], causes)
            for number, decision in enumerate(narrower, seq + len(rows))
        ]
        check_decisions(again)
        rows += again
    append(con, "decisions", [{**row, **{name: _canonical(row[name]) for name in _NESTED}} for row in rows])
    _append_verifications(con, run_id, at, made, before)
    _append_ranks(con, run_id, at, made, before)
    return [
        (earlier, decision)
        for decision in different
        if (earlier := before.get(decision.source_id)) is None or earlier.tier is not decision.tier
    ]


def _moments_after(con: duckdb.DuckDBPyConnection, at: datetime) -> list[datetime]:
    """When anything that is stored as decided after a time was decided."""
    sql = "SELECT DISTINCT decided_at FROM decisions WHERE decided_at > $at ORDER BY decided_at"
    return [row["decided_at"] for row in fetch(con, sql, {"at": at})]


def _same(before: Decision | None, decision: Decision) -> bool:
    """Whether two decisions differ in nothing but how fresh they are, and in their place."""
    if before is None:
        return False
    if all(getattr(before, name) == getattr(decision, name) for name in _SUBSTANCE):
        return True
    # What was stored may differ in its types, and in letters that no file can hold.
    return _substance(before) == _substance(decision)


def _substance(decision: Decision) -> object:
    plain = encode(decision, full=True)
    return {name: value for name, value in plain.items() if name not in _NO_SUBSTANCE}


def _row(
    seq: int, run_id: str, at: datetime, decision: Decision, before: Decision | None, causes: Mapping[str, str]
) -> Row:
    plain = encode(decision, full=True)
    return {
        # The source first: contracts name a row by its first column.
        **{name: value for name, value in plain.items() if name not in _FRESHNESS},
        "seq": seq,
        "run_id": run_id,
        "decided_at": at,
        "cause": Cause.FIRST.value if before is None else causes.get(decision.source_id),
        "first_seen": decision.first_seen,
        "effort_low_days": decision.effort.low,
        "effort_likely_days": decision.effort.likely,
        "effort_high_days": decision.effort.high,
    }


def _append_verifications(
    con: duckdb.DuckDBPyConnection, run_id: str, at: datetime, made: Sequence[Decision], before: Mapping[str, Decision]
) -> None:
    fresher = [decision for decision in made if _freshness(before.get(decision.source_id)) != _freshness(decision)]
    rows = [
        {
            "seq": seq,
            "run_id": run_id,
            "source_id": decision.source_id,
            "checked_at": at,
            "verified_at": decision.verified_at,
            "valid_until": decision.valid_until,
            "looks": _canonical(encode(decision.looks)),
        }
        for seq, decision in enumerate(fresher, next_seq(con, "verifications"))
    ]
    append(con, "verifications", rows)


def _append_ranks(
    con: duckdb.DuckDBPyConnection, run_id: str, at: datetime, made: Sequence[Decision], before: Mapping[str, Decision]
) -> None:
    """Note the places that moved; that of a first decision stands with it."""
    moved = [
        decision
        for decision in made
        if decision.source_id in before and before[decision.source_id].adoption_rank != decision.adoption_rank
    ]
    rows = [
        {
            "seq": seq,
            "run_id": run_id,
            "source_id": decision.source_id,
            "decided_at": at,
            "adoption_rank": decision.adoption_rank,
        }
        for seq, decision in enumerate(moved, next_seq(con, "adoption_ranks"))
    ]
    append(con, "adoption_ranks", rows)


def _freshness(decision: Decision | None) -> object:
    return None if decision is None else (decision.verified_at, decision.valid_until, dict(decision.looks))


def _retired(decision: Decision) -> Decision:
    gate = Gate(
        gate="not_in_catalog",
        kind=GateKind.BLOCKING,
        caps_at=Tier.BLOCKED,
        reason="the source is no longer in the catalog",
        closes="add it to the catalog again",
        owner=Owner.CLEARANCE,
    )
    return replace(
        decision,
        tier=Tier.BLOCKED,
        tier_if_verified=Tier.BLOCKED,
        gates=(gate,),
        adoption_rank=0,
        reasons=(gate.reason,),
    )

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse_cases import DAY, INSTANT, decision

from domain.vocabulary import SpeaksFor, Tier
from warehouse.contracts import Cause, ContractViolation
from warehouse.query import Reader
from warehouse.store import Warehouse

START = datetime(2020, 1, 1, 6, tzinfo=UTC)
GOOD_FOR = timedelta(days=180)
LATER = START + timedelta(days=200)
LAST = LATER + timedelta(days=400)


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Sources approved for production in 2020: one looked at again too late and then never more, one
    renewed in time, one renewed every day, one that counsel restricted, one of the house itself."""
    path = tmp_path_factory.mktemp("aged") / "clearance.duckdb"
    with Warehouse.open(path) as store:

        def good_until(end: datetime | None, source_id: str, **others: object) -> None:
            at = others.pop("at", START)
            assert isinstance(at, datetime)
            made = decision(source_id, valid_until=end, verified_at=at, **others)
            store.save_decisions("run", at, [made], {source_id: Cause.REVIEW})

        good_until(START + GOOD_FOR, "late")
        good_until(LATER + GOOD_FOR, "late", at=LATER)
        good_until(START + GOOD_FOR, "renewed")
        good_until(START + GOOD_FOR + DAY, "renewed", at=START + DAY)
        good_until(START + GOOD_FOR, "restricted")
        good_until(LAST + GOOD_FOR, "restricted", at=LAST, tier=Tier.RESEARCH_ONLY)
        # Checked every day for most of a year: no row between the first and the last tells anything new.
        for day in range(251):
            at = START + day * DAY
            good_until(at + GOOD_FOR, "daily", at=at)
        good_until(None, "ours", authority=SpeaksFor.HOUSE, evidence_grade=None)
        store.publish_read_copy()
    with Reader.open(path) as reader:
        yield reader


def production(reader: Reader, at: datetime) -> set[str]:
    """The sources approved for production at a time, on which all ways of asking must agree."""
    approved = "production_approved"
    sql = f"SELECT source_id FROM tier_as_of('{at.isoformat()}') WHERE tier = '{approved}'"
    by_macro = {source for (source,) in reader.query(sql)[1]}
    by_rows = {row["source_id"] for row in reader.status_rows(at) if row["tier"] == approved}
    by_decision = {source for source, made in reader.decisions(at).items() if made.tier is Tier.PRODUCTION_APPROVED}
    history = (
        f"SELECT source_id FROM (SELECT source_id, max_by(tier, decided_at) AS tier FROM tier_history"
        f" WHERE decided_at <= '{at.isoformat()}' GROUP BY source_id) WHERE tier = '{approved}'"
    )
    by_history = {source for (source,) in reader.query(history)[1]}
    assert by_macro == by_rows == by_decision == by_history
    return by_macro


@pytest.mark.parametrize(
    ("at", "approved"),
    [
        (START - INSTANT, ""),
        (START, "late renewed restricted daily ours"),
        (START + GOOD_FOR, "late renewed restricted daily ours"),
        (START + GOOD_FOR + INSTANT, "renewed daily ours"),
        (START + GOOD_FOR + DAY, "renewed daily ours"),
        (START + GOOD_FOR + DAY + INSTANT, "daily ours"),
        (LATER - INSTANT, "daily ours"),
        (LATER, "late daily ours"),
        (LATER + GOOD_FOR, "late daily ours"),
        (LATER + GOOD_FOR + INSTANT, "daily ours"),
        (START + 250 * DAY + GOOD_FOR, "daily ours"),
        (START + 250 * DAY + GOOD_FOR + INSTANT, "ours"),
        (LAST, "ours"),
        (datetime.now(UTC), "ours"),
    ],
    ids=str,
)
def test_production_ends_with_the_evidence_and_comes_back_with_the_next_look(
    aged: Reader, at: datetime, approved: str
) -> None:
    assert production(aged, at) == {*approved.split()}


# Approved from, and through.
SPANS = {
    "daily": [(START, START + 250 * DAY + GOOD_FOR)],
    "late": [(START, START + GOOD_FOR), (LATER, LATER + GOOD_FOR)],
    "renewed": [(START, START + GOOD_FOR + DAY)],
    "restricted": [(START, START + GOOD_FOR)],
    "ours": [(START, datetime.max.replace(tzinfo=UTC))],
}


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.timedeltas(-DAY, LAST - START + DAY))
def test_at_no_time_does_any_answer_approve_on_expired_evidence(aged: Reader, since: timedelta) -> None:
    at = START + since
    allowed = {source for source, spans in SPANS.items() if any(begin <= at <= end for begin, end in spans)}
    assert production(aged, at) == allowed


def test_no_view_says_today_that_an_expired_source_is_approved(aged: Reader) -> None:
    _, views = aged.query(
        "SELECT DISTINCT c.table_name FROM duckdb_columns() AS c JOIN duckdb_views() AS v ON v.view_name = c.table_name"
        " WHERE c.column_name = 'tier' AND c.table_name <> 'tier_history'"
    )
    assert {name for (name,) in views} == {"tier_now", "open_gates", "evidence"}
    for (name,) in views:
        _, rows = aged.query(f"SELECT source_id FROM {name} WHERE tier = 'production_approved'")
        assert {source for (source,) in rows} <= {"ours"}


def test_the_gate_that_narrows_is_shown_with_the_day_the_evidence_ended(aged: Reader) -> None:
    _, rows = aged.query("SELECT gate, kind, caps_at, reason, owner, tier FROM open_gates WHERE source_id = 'late'")
    reason = f"the evidence was good until {LATER + GOOD_FOR:%Y-%m-%d}"
    assert rows == [("evidence_stale", "blocking", "research_only", reason, "operations", "research_only")]
    (row,) = [row for row in aged.status_rows() if row["source_id"] == "late"]
    assert [(gate["gate"], gate["reason"]) for gate in row["gates"]] == [("evidence_stale", reason)]
    assert (row["tier"], row["tier_decided"], row["evidence_expired"]) == ("research_only", "production_approved", True)


def test_the_history_of_tiers_names_age_as_the_cause(aged: Reader) -> None:
    sql = "SELECT decided_at, tier_before, tier, cause FROM tier_history WHERE source_id IN ('late', 'restricted')"
    assert aged.query(sql + " ORDER BY source_id, decided_at")[1] == [
        (START, None, "production_approved", "first"),
        (START + GOOD_FOR + INSTANT, "production_approved", "research_only", "age"),
        (LATER, "research_only", "production_approved", "age"),
        (LATER + GOOD_FOR + INSTANT, "production_approved", "research_only", "age"),
        (START, None, "production_approved", "first"),
        (START + GOOD_FOR + INSTANT, "production_approved", "research_only", "age"),
    ]


def test_what_is_not_approved_for_production_keeps_its_tier_when_evidence_ages(aged: Reader) -> None:
    (row,) = [row for row in aged.status_rows(datetime(2999, 1, 1, tzinfo=UTC)) if row["source_id"] == "restricted"]
    assert (row["tier"], row["evidence_expired"]) == ("research_only", True)


def test_evidence_of_a_page_without_a_last_good_day_cannot_approve_production(store: Warehouse) -> None:
    undated = decision(valid_until=None)
    with pytest.raises(ContractViolation, match="source_id tunes: production approved by evidence without"):
        store.save_decisions("run-1", START, [undated], {})
    assert store.decisions() == {}
    store.save_decisions("run-1", START, [decision()], {})
    with pytest.raises(ContractViolation):
        store.save_decisions("run-2", LATER, [undated], {})
    assert store.decisions() == {"tunes": decision()}


def test_a_decision_whose_date_got_lost_approves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    with Warehouse.open(path) as store:
        store.save_decisions("run-1", START, [decision()], {})
        copy = store.publish_read_copy()
    with duckdb.connect(str(copy)) as raw:
        raw.execute("DELETE FROM verifications")
    with Reader.open(path) as reader:
        assert production(reader, LATER) == set()
        _, rows = reader.query("SELECT gate, reason FROM open_gates")
        assert rows == [("evidence_stale", "no date is recorded for the evidence")]

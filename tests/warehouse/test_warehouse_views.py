from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from warehouse_cases import (
    DAY,
    FAR,
    FIRST,
    FREE_BODY,
    INSTANT,
    MIRROR,
    NC_BODY,
    PAGE,
    SECOND,
    THIRD,
    WATCH,
    decision,
    look,
    missed_look,
    reading,
    state,
    version,
)

from domain.history import WatchStep
from domain.rights import ALL_SILENT
from domain.vocabulary import Determination, Outcome
from warehouse.contracts import Cause
from warehouse.packing import digest
from warehouse.query import Reader
from warehouse.store import Warehouse


def select(reader: Reader, sql: str) -> list[tuple[Any, ...]]:
    return reader.query(sql)[1]


def test_every_view_of_the_contract_is_there_and_described(reader: Reader) -> None:
    _, rows = reader.query("SELECT view_name FROM duckdb_views() WHERE database_name = 'warehouse' AND NOT internal")
    assert {name for (name,) in rows} == {
        "tier_now",
        "tier_history",
        "changes",
        "license_history",
        "license_claims",
        "reservations",
        "evidence",
        "open_gates",
        "contradictions",
        "stale_pages",
        "runs",
        "alerts",
    }


def test_tier_now_shows_each_source_once_with_its_newest_decision(reader: Reader) -> None:
    sql = "SELECT source_id, tier, tier_if_verified, determination, evidence_grade, authority FROM tier_now"
    assert select(reader, sql) == [
        ("mirror", "blocked", "blocked", "prohibited-unclear", "D", "aggregator"),
        ("tunes", "research_only", "research_only", "research-only", "B", "publisher"),
    ]
    sql = "SELECT source_id, verified_at, valid_until, tier_decided, evidence_expired, run_id FROM tier_now"
    assert select(reader, sql) == [
        ("mirror", None, None, "blocked", False, "run-1"),
        ("tunes", SECOND, FAR, "research_only", False, "run-3"),
    ]


def test_tier_as_of_answers_for_any_time(reader: Reader) -> None:
    def tiers(at: datetime) -> list[tuple[Any, ...]]:
        sql = f"SELECT source_id, tier, verified_at FROM tier_as_of('{at.isoformat()}') ORDER BY source_id"
        return select(reader, sql)

    assert tiers(FIRST - INSTANT) == []
    assert tiers(FIRST) == [("mirror", "blocked", None), ("tunes", "production_approved", FIRST)]
    assert tiers(SECOND - INSTANT) == tiers(FIRST)
    assert tiers(SECOND) == [("mirror", "blocked", None), ("tunes", "research_only", SECOND)]


def test_status_rows_parse_what_is_nested(reader: Reader) -> None:
    mirror, tunes = reader.status_rows(SECOND)
    assert (mirror["source_id"], mirror["tier"], tunes["tier"]) == ("mirror", "blocked", "research_only")
    assert [gate["gate"] for gate in tunes["gates"]] == ["change_unconfirmed"]
    assert {*tunes["gates"][0]} == {"gate", "kind", "caps_at", "reason", "closes", "owner"}
    assert tunes["rights"]["commercial_use"]["value"] == "prohibited"
    assert tunes["effort"]["contributions"][0]["driver"] == "format"
    assert reader.status_rows(FIRST - DAY) == []


def test_tier_history_has_one_row_a_change_of_tier_with_its_cause(reader: Reader) -> None:
    sql = "SELECT source_id, decided_at, tier_before, tier, cause, run_id FROM tier_history"
    assert select(reader, sql) == [
        ("mirror", FIRST, None, "blocked", "first", "run-1"),
        ("tunes", FIRST, None, "production_approved", "first", "run-1"),
        ("tunes", SECOND, "production_approved", "research_only", "publisher", "run-2"),
    ]


def test_changes_shows_each_change_once_as_last_known(reader: Reader) -> None:
    sql = "SELECT change_id, changed_at, kind, direction, relicensed, confirmed, alert, run_id FROM changes"
    assert select(reader, sql) == [
        ("change-0", FIRST, "first", None, False, False, False, "run-1"),
        ("change-1", SECOND, "material", "tightened", True, True, True, "run-3"),
    ]
    sql = "SELECT licenses_before, licenses_after, determination_after, quote_before, quote_after FROM changes"
    assert select(reader, sql)[1] == (
        ["CC0-1.0"],
        ["CC-BY-NC-4.0"],
        "research-only",
        "No rights reserved.",
        "Ask us for commercial use.",
    )


def test_license_history_shows_when_a_watch_read_another_license(reader: Reader) -> None:
    sql = (
        "SELECT source_id, watch_id, seen_at, expression_before, expression, determination_before, determination,"
        " changed_by FROM license_history"
    )
    assert select(reader, sql) == [
        ("tunes", WATCH, FIRST, None, "CC0-1.0", None, "production-commercial", "publisher"),
        ("tunes", WATCH, SECOND, "CC0-1.0", "CC-BY-NC-4.0", "production-commercial", "research-only", "publisher"),
    ]


def test_license_history_tells_a_changed_reader_from_a_changed_page_and_leaves_suspects_out(store: Warehouse) -> None:
    def read(name: str, license_id: str, body: bytes, at: datetime, **others: Any) -> WatchStep:
        made = version(name, reading(body.decode(), license_id, ALL_SILENT, reader=name, **others), body, at)
        return WatchStep(state=state(made), new_versions=(made,))

    unsure = Determination.PROHIBITED_UNCLEAR
    steps = [
        read("v1", "MIT", FREE_BODY, FIRST),
        read("v2", "CC0-1.0", FREE_BODY, FIRST),
        read("v3", "NOASSERTION", NC_BODY, SECOND, suspect="login wall"),
        read("v4", "CC0-1.0", NC_BODY, THIRD),
    ]
    store.save_steps("run-1", steps, dict.fromkeys(("v1", "v2", "v3", "v4"), unsure))
    with Reader.open(store.publish_read_copy()) as reader:
        rows = select(reader, "SELECT expression_before, expression, changed_by, reader FROM license_history")
    assert rows == [(None, "MIT", "publisher", "v1"), ("MIT", "CC0-1.0", "reader", "v2")]


def test_evidence_shows_the_quotes_the_present_conclusions_rest_on(reader: Reader) -> None:
    day = datetime(2025, 1, 2, tzinfo=UTC)
    sentence = "🎵 The core data is dedicated to the public under CC0-1.0."
    assert select(reader, "SELECT source_id, url, seen_at, sha256, quote FROM evidence") == [
        ("mirror", MIRROR, day, None, "it's free"),
        ("tunes", PAGE, FIRST, digest(FREE_BODY), sentence),
    ]
    assert select(reader, "SELECT grade, authority, license, watch_id, tier FROM evidence") == [
        ("D", "aggregator", "NONE", None, "blocked"),
        ("B", "publisher", "CC0-1.0", WATCH, "research_only"),
    ]


def test_open_gates_lists_what_stands_between_a_source_and_its_tier(reader: Reader) -> None:
    assert select(reader, "SELECT source_id, gate, kind, caps_at, reason, closes, owner, tier FROM open_gates") == [
        ("mirror", "not_looked_at", "blocking", "blocked", "no look", "look", "operations", "blocked")
    ]


def test_contradictions_shows_both_statements(reader: Reader) -> None:
    assert select(reader, "SELECT source_id, action, wider, narrower, why, decided_at FROM contradictions") == [
        ("mirror", "train_model", "may train", "may not train", "card against page", FIRST)
    ]


def test_runs_shows_every_run_and_which_never_ended(reader: Reader) -> None:
    sql = "SELECT run_id, kind, started_at, finished, assessment, problems, outcomes ->> 'snapshot' FROM runs"
    assert select(reader, sql) == [
        ("run-1", "run", FIRST, True, "regenerated", ["a problem"], "1"),
        ("run-2", "run", SECOND, True, "kept", ["a problem"], "1"),
        ("run-3", "run", THIRD, True, "regenerated", ["a problem"], "1"),
        ("run-4", "run", THIRD + DAY, False, None, None, None),
    ]


def test_alerts_shows_what_was_delivered_when_and_the_last_error(reader: Reader) -> None:
    assert select(reader, "SELECT alert_id, kind, delivered_at, delivered_by, last_error FROM alerts") == [
        ("told", "license_changed", THIRD + DAY, ["webhook"], "HTTP 500"),
        ("untold", "license_changed", None, [], "HTTP 500"),
    ]


def test_stale_pages_lists_failing_pages_and_those_not_seen_for_180_days(store: Warehouse) -> None:
    now = datetime.now(UTC)

    def page(name: str) -> str:
        return f"https://{name}.example/"

    looks = [
        look(FREE_BODY, now - timedelta(days=10), url=page("fresh")),
        look(FREE_BODY, now - timedelta(days=200), url=page("old")),
        look(FREE_BODY, now - timedelta(days=200), url=page("confirmed")),
        missed_look(Outcome.NOT_MODIFIED, None, now - timedelta(days=3), url=page("confirmed")),
        look(FREE_BODY, now - timedelta(days=10), url=page("failing")),
        missed_look(Outcome.UNREACHABLE, "no answer", now - timedelta(days=1), url=page("failing")),
        missed_look(Outcome.REFUSED, "robots.txt", now - timedelta(days=1), url=page("never")),
    ]
    store.save_looks("run-1", looks)
    with Reader.open(store.publish_read_copy()) as reader:
        rows = select(reader, "SELECT url, last_outcome, last_reason, days_since_good_look FROM stale_pages")
    assert rows == [
        (page("never"), "refused", "robots.txt", None),
        (page("old"), "snapshot", None, 200),
        (page("failing"), "unreachable", "no answer", 10),
    ]


def test_a_decision_that_keeps_its_tier_adds_nothing_to_the_history_of_tiers(store: Warehouse) -> None:
    store.save_decisions("run-1", FIRST, [decision()], {})
    store.save_decisions("run-2", SECOND, [decision(notes=("another",))], {"tunes": Cause.REVIEW})
    with Reader.open(store.publish_read_copy()) as reader:
        assert select(reader, "SELECT source_id, cause, decided_at FROM tier_now") == [("tunes", "review", SECOND)]
        assert select(reader, "SELECT decided_at, cause FROM tier_history") == [(FIRST, "first")]

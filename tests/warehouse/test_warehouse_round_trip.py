from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from warehouse_cases import (
    DAY,
    DETERMINATIONS,
    DISPUTED,
    FIRST,
    FORMATS,
    FREE_BODY,
    FREE_TEXT,
    FREE_VERSION,
    MIRROR,
    NC_BODY,
    NC_VERSION,
    PAGE,
    RESTRICTED,
    SECOND,
    SIZE,
    THIRD,
    WATCH,
    alert,
    change,
    decision,
    full_reading,
    look,
    missed_look,
    run_end,
    run_start,
    snapshot,
    state,
    version,
)

from domain.deciding import Decision
from domain.errors import InvalidInput
from domain.history import ChangeRecord, Variant, WatchStep, outline_of
from domain.vocabulary import ChangeClass, Origin, Outcome, Tier
from warehouse.contracts import Cause, ContractViolation
from warehouse.looks import LastSnapshot, PastLook
from warehouse.migrate import shipped_migrations
from warehouse.packing import digest
from warehouse.query import Reader
from warehouse.store import Warehouse

SUSPECT_BODY = b"<h1>Please log in</h1>"


def rows_of(store: Warehouse) -> dict[str, int]:
    """How many rows each table holds."""
    with Reader.open(store.publish_read_copy()) as reader:
        _, tables = reader.query("SELECT table_name FROM duckdb_tables() WHERE database_name = 'warehouse'")
        return {name: reader.query(f"SELECT count(*) FROM {name}")[1][0][0] for (name,) in tables}


def test_a_snapshot_comes_back_as_it_was_received(reader: Reader) -> None:
    assert reader.snapshot(PAGE, digest(FREE_BODY)) == snapshot(FREE_BODY)
    assert reader.snapshot(PAGE, digest(NC_BODY)) == snapshot(NC_BODY, SECOND)
    assert reader.snapshot(MIRROR, digest(FREE_BODY)) is None


def test_a_body_comes_back_byte_for_byte_whatever_it_holds(store: Warehouse) -> None:
    bodies = [b"", bytes(range(256)) * 50, b"\xff\xfe\x00", "é\u2028".encode()]
    store.save_looks("run-1", [look(body, FIRST + DAY * n) for n, body in enumerate(bodies)])
    assert [store.body(digest(body)) for body in bodies] == bodies


def test_looks_of_a_page_come_back_in_order_with_the_bytes_they_brought_or_confirmed(reader: Reader) -> None:
    assert reader.looks_of(PAGE) == (
        PastLook(FIRST, Outcome.SNAPSHOT, None, digest(FREE_BODY), "run-1"),
        PastLook(SECOND, Outcome.SNAPSHOT, None, digest(NC_BODY), "run-2"),
        PastLook(THIRD, Outcome.NOT_MODIFIED, None, digest(NC_BODY), "run-3"),
    )
    assert reader.looks_of(MIRROR) == (PastLook(FIRST, Outcome.UNREACHABLE, "no answer", None, "run-1"),)
    assert reader.looks_of("https://never.example/") == ()


def test_the_last_snapshot_of_a_page_is_never_a_suspect_one_nor_an_archives_copy(store: Warehouse) -> None:
    suspect = look(SUSPECT_BODY, SECOND, outcome=Outcome.SUSPECT, reason="login wall")
    memento = look(NC_BODY, THIRD, snapshot=snapshot(NC_BODY, THIRD, origin=Origin.ARCHIVE))
    store.save_looks("run-1", [look(FREE_BODY), suspect, memento])
    assert store.last_snapshots([PAGE, MIRROR]) == {
        PAGE: LastSnapshot(
            digest(FREE_BODY), f'"{len(FREE_BODY)}"', "Sun, 01 Mar 2026 06:00:00 GMT", len(FREE_BODY), FIRST, FIRST
        )
    }
    assert store.looks_of(PAGE)[1] == PastLook(SECOND, Outcome.SUSPECT, "login wall", digest(SUSPECT_BODY), "run-1")


def test_versions_come_back_with_their_texts_and_findings(reader: Reader) -> None:
    assert reader.versions_of("tunes") == (FREE_VERSION, NC_VERSION)
    assert reader.versions_of("nobody") == ()


def test_a_reading_with_every_field_filled_comes_back_equal(store: Warehouse) -> None:
    full = version("v-full", full_reading(), NC_BODY)
    store.save_steps("run-1", [WatchStep(state=state(full), new_versions=(full,))], {})
    assert store.versions_of("tunes") == (full,)
    with Reader.open(store.publish_read_copy()) as reader:
        _, rows = reader.query("SELECT kind, quote, scope_layers, duties, note FROM findings ORDER BY ordinal")
    assert rows[1] == ("machine_readable", '<a rel="license">', ["audio", "code"], ["notice"], "of the code")


@pytest.mark.parametrize("notes", [(), ('a "note":', '"notes":')])
def test_the_outline_of_a_version_is_that_of_its_reading_and_is_there_without_it(
    store: Warehouse, notes: tuple[str, ...]
) -> None:
    noted = version("v-notes", replace(full_reading(), notes=notes, reasons=('why "notes":',)), NC_BODY)
    store.save_steps("run-1", [WatchStep(state=state(noted), new_versions=(noted,))], {})
    found = store.watch_states()[WATCH].accepted
    assert found is not None
    assert not found.holds_reading
    assert found.outline == outline_of(found.reading) == outline_of(noted.reading)
    assert found.outline.notes == notes


def test_half_a_surrogate_pair_in_a_page_is_stored_as_one_replacement_sign_so_that_offsets_hold(
    store: Warehouse,
) -> None:
    text = "a \ud800 b\nCC0"
    reading = replace(FREE_VERSION.reading, text=text, findings=(replace(FREE_VERSION.reading.findings[0]),))
    reading = replace(reading, findings=(replace(reading.findings[0], quote="\ud800 b", start=2, end=5),))
    broken = version("v-half", reading, FREE_BODY)
    store.save_steps("run-1", [WatchStep(state=state(broken), new_versions=(broken,))], {})
    (stored,) = store.versions_of("tunes")
    assert stored.reading.text == "a \ufffd b\nCC0"
    assert stored.reading.findings[0].quote == stored.reading.text[2:5] == "\ufffd b"


def test_the_latest_state_of_a_watch_comes_back_with_its_versions(reader: Reader) -> None:
    assert reader.watch_states() == {WATCH: state(NC_VERSION)}


def test_a_state_with_every_field_filled_comes_back_equal(store: Warehouse) -> None:
    full = state(
        FREE_VERSION,
        pending=NC_VERSION,
        pending_since=SECOND,
        flips=(FIRST, SECOND),
        unstable=True,
        failures=3,
        failing_reason="no answer",
        failing_alerted=True,
        gone=True,
        last_look_at=THIRD,
        last_outcome=Outcome.GONE,
        variants=(Variant(NC_VERSION, SECOND), Variant(FREE_VERSION, THIRD)),
    )
    store.save_steps("run-1", [WatchStep(state=full, new_versions=(FREE_VERSION, NC_VERSION))], DETERMINATIONS)
    assert store.watch_states() == {WATCH: full}


def test_a_state_that_differs_in_a_variant_alone_is_another_state(store: Warehouse) -> None:
    flipping = state(FREE_VERSION, pending=NC_VERSION, pending_since=SECOND, unstable=True)
    store.save_steps("run-1", [WatchStep(state=flipping, new_versions=(FREE_VERSION, NC_VERSION))], DETERMINATIONS)
    with_one = replace(flipping, variants=(Variant(FREE_VERSION, SECOND),))
    for shown in (with_one, with_one, flipping):
        store.save_steps("run-2", [WatchStep(state=shown)], DETERMINATIONS)
        assert store.watch_states() == {WATCH: shown}
    assert (rows_of(store)["watch_states"], rows_of(store)["watch_variants"]) == (3, 1)


def test_a_variant_that_nobody_stored_is_not_named(store: Warehouse) -> None:
    flipping = state(FREE_VERSION, variants=(Variant(NC_VERSION, SECOND),))
    with pytest.raises(ContractViolation, match="names versions nobody stored"):
        store.save_steps("run-1", [WatchStep(state=flipping, new_versions=(FREE_VERSION,))], DETERMINATIONS)


def test_a_change_comes_back_as_last_known(reader: Reader) -> None:
    first, relicensed = reader.recent_changes()
    assert first.change_id == "change-0"
    assert relicensed == change("run-3", SECOND, confirmed=True, alert=True)


def test_the_changes_that_decide_are_the_material_ones_once_they_are_confirmed(store: Warehouse) -> None:
    def saved(*records: ChangeRecord) -> None:
        step = WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,), changes=records)
        store.save_steps("run-1", [step], DETERMINATIONS)

    seen = change("run-1")
    other = change(
        "run-1", change_id="change-2", confirmed=True, change=replace(seen.change, kind=ChangeClass.EDITORIAL)
    )
    saved(seen, other)
    assert store.material_changes() == ()
    confirmed = replace(seen, confirmed=True, alert=True)
    saved(confirmed)
    assert store.material_changes() == (confirmed,)


def test_changes_can_be_asked_for_since_a_run_and_since_a_time(reader: Reader) -> None:
    assert [found.change_id for found in reader.recent_changes("run-1")] == ["change-1"]
    assert [found.change_id for found in reader.recent_changes("run-2")] == ["change-1"]
    assert reader.recent_changes("run-3") == ()
    assert [found.change_id for found in reader.recent_changes(SECOND)] == ["change-1"]
    assert reader.recent_changes(SECOND + DAY) == ()
    with pytest.raises(InvalidInput, match="no run nonsense: `clearance query"):
        reader.recent_changes("nonsense")


def test_decisions_come_back_as_they_were_made_for_any_time(reader: Reader) -> None:
    assert reader.decisions(FIRST - DAY) == {}
    assert reader.decisions(FIRST) == {"tunes": decision(), "mirror": DISPUTED}
    assert reader.decisions(SECOND) == {"tunes": RESTRICTED, "mirror": DISPUTED}
    assert reader.decisions() == {"tunes": replace(RESTRICTED, gates=()), "mirror": DISPUTED}


def test_a_look_that_changes_nothing_makes_evidence_fresher_without_a_new_decision(store: Warehouse) -> None:
    store.save_decisions("run-1", FIRST, [decision()], {})
    fresher = decision(verified_at=SECOND, looks={WATCH: SECOND})
    assert store.save_decisions("run-2", SECOND, [fresher], {}) == []
    assert store.decisions() == {"tunes": fresher}
    assert store.decisions(FIRST) == {"tunes": decision()}
    assert rows_of(store)["decisions"] == 1


def test_a_place_that_moves_is_told_for_any_time_and_makes_no_decision(store: Warehouse) -> None:
    tunes, words = decision("tunes", adoption_rank=1), decision("words", adoption_rank=2)
    store.save_decisions("run-1", FIRST, [tunes, words], {})
    moved = [replace(words, adoption_rank=1), replace(tunes, adoption_rank=2)]
    assert store.save_decisions("run-2", SECOND, moved, {"tunes": "age", "words": "age"}) == []
    store.save_decisions("run-3", THIRD, moved, {"tunes": "age", "words": "age"})

    def places(found: Mapping[str, Decision]) -> dict[str, int]:
        return {name: one.adoption_rank for name, one in found.items()}

    assert places(store.decisions(FIRST)) == {"tunes": 1, "words": 2}
    assert places(store.decisions()) == places(store.decisions(SECOND)) == {"tunes": 2, "words": 1}
    rows = rows_of(store)
    assert (rows["decisions"], rows["adoption_ranks"]) == (2, 2)
    with Reader.open(store.publish_read_copy()) as reader:
        sql = "SELECT source_id, adoption_rank FROM tier_as_of(TIMESTAMPTZ '{}') ORDER BY source_id"
        assert [reader.query(sql.format(at.isoformat()))[1] for at in (FIRST, SECOND)] == [
            [("tunes", 1), ("words", 2)],
            [("tunes", 2), ("words", 1)],
        ]


def test_saving_decisions_tells_which_tiers_changed(store: Warehouse) -> None:
    assert store.save_decisions("run-1", FIRST, [decision(), DISPUTED], {}) == [(None, decision()), (None, DISPUTED)]
    changed = store.save_decisions("run-2", SECOND, [RESTRICTED, DISPUTED], {"tunes": Cause.POLICY})
    assert changed == [(decision(), RESTRICTED)]


def test_a_source_that_left_the_catalog_is_blocked(store: Warehouse) -> None:
    store.save_decisions("run-1", FIRST, [decision(), decision("other")], {})
    ((before, after),) = store.retire_sources("run-2", SECOND, ["other"])
    assert before == decision()
    assert (after.tier, after.tier_if_verified, after.gates[0].gate) == (Tier.BLOCKED, Tier.BLOCKED, "not_in_catalog")
    assert store.decisions()["other"] == decision("other")
    assert store.retire_sources("run-3", THIRD, ["other"]) == []


def test_facts_come_back_the_newest_of_each_name_and_page(reader: Reader, store: Warehouse) -> None:
    assert reader.facts() == (FORMATS, SIZE)
    grown = replace(SIZE, value="2 GB", number=2e9, seen_at=SECOND)
    store.save_facts("run-1", [SIZE, grown, grown])
    assert store.facts() == (grown,)
    store.save_facts("run-2", [SIZE, grown])
    assert rows_of(store)["dataset_facts"] == 2


def test_alerts_come_back_until_they_are_delivered_on_each_channel(reader: Reader, store: Warehouse) -> None:
    assert reader.alerts() == (alert("told"), alert("untold"))
    assert reader.undelivered("webhook") == (alert("untold"),)
    assert reader.undelivered("mail") == (alert("told"), alert("untold"))
    store.save_alerts([alert("one"), alert("two", dedupe_key="key of one")])
    assert store.undelivered("mail") == (alert("one"),)


def test_the_last_assessment_is_the_last_that_was_written(reader: Reader, store: Warehouse) -> None:
    assert store.last_assessment() is None
    found = reader.last_assessment()
    assert found is not None
    assert (found.sha256, found.run_id, found.at) == (digest(b"# Restricted\n"), "run-3", THIRD)
    assert reader.assessment_text(found.sha256) == b"# Restricted\n"
    store.save_assessment("run-1", FIRST, "regenerated", "new", "caf\u00e9".encode())
    store.save_assessment("run-2", SECOND, "kept", "broken", None)
    written = store.last_assessment()
    assert written is not None
    assert (store.assessment_text(written.sha256).decode(), written.run_id) == ("caf\u00e9", "run-1")


def test_an_assessment_takes_little_where_it_says_mostly_what_an_earlier_one_says(store: Warehouse) -> None:
    sections = [f"## {digest(str(number).encode())}\n" for number in range(80_000)]
    texts = []
    for number in range(4):
        sections[number * 10_000] = f"## changed {number}\n"
        texts.append("".join(sections).encode())
        store.save_assessment(f"run-{number}", FIRST, "regenerated", "new", texts[-1])
    first, *later = (store.bodies.path(digest(text)).stat().st_size for text in texts)
    assert first > 1_000_000
    assert max(later) < first / 500
    assert [store.assessment_text(digest(text)) for text in texts] == texts
    assert store.last_assessment() is not None


def test_an_assessment_is_stored_whole_where_the_earlier_ones_are_lost(store: Warehouse) -> None:
    before, after = (b"# As it was\n" * 50, b"# As it is\n" * 50)
    store.save_assessment("run-1", FIRST, "regenerated", "new", before)
    store.bodies.path(digest(before)).unlink()
    store.save_assessment("run-2", SECOND, "regenerated", "changed", after)
    assert store.assessment_text(digest(after)) == after


def test_the_last_run_is_the_newest_that_came_to_an_end_or_decided(store: Warehouse) -> None:
    store.start_run(run_start("run-1"))
    assert store.last_run() is None
    store.finish_run(run_end("run-1", FIRST, "unchanged"))
    store.start_run(run_start("run-2", SECOND))
    assert store.last_run() == run_start("run-1")
    store.save_decisions("run-2", SECOND, [decision()], {})
    assert store.last_run() == run_start("run-2", SECOND)


def save_everything(store: Warehouse) -> None:
    store.start_run(run_start("run-1"))
    store.save_looks("run-1", [look(FREE_BODY), look(FREE_BODY), missed_look(Outcome.GONE, "404", SECOND)])
    step = WatchStep(
        state=state(NC_VERSION),
        new_versions=(FREE_VERSION, NC_VERSION),
        changes=(change("run-1"), change("run-1", confirmed=True, alert=True)),
        alerts=(alert("one"),),
    )
    store.save_steps("run-1", [step, step], DETERMINATIONS)
    store.save_decisions("run-1", FIRST, [decision(), DISPUTED], {})
    store.save_facts("run-1", [SIZE, FORMATS])
    store.save_alerts([alert("two"), alert("three")])


def test_saving_the_same_again_adds_no_row(store: Warehouse) -> None:
    save_everything(store)
    once = rows_of(store)
    save_everything(store)
    assert rows_of(store) == once
    assert once == {
        "schema_migrations": len(shipped_migrations()),
        "run_starts": 1,
        "run_ends": 0,
        "chain": 0,
        "pages": 1,
        "bodies": 2,
        "snapshots": 1,
        "looks": 2,
        "versions": 2,
        "findings": 2,
        "watch_states": 1,
        "watch_variants": 0,
        "change_rows": 2,
        "decisions": 2,
        "verifications": 2,
        "dataset_facts": 2,
        "alert_outbox": 3,
        "deliveries": 0,
        "assessments": 0,
        "problems": 0,
        "machine_statements": 0,
        "document_inputs": 0,
        "adoption_ranks": 0,
    }


def test_bytes_that_were_lost_are_stored_again_when_the_page_shows_them_again(store: Warehouse) -> None:
    store.save_looks("run-1", [look(FREE_BODY)])
    store.bodies.path(digest(FREE_BODY)).unlink()
    store.save_looks("run-2", [look(FREE_BODY, SECOND)])
    assert store.body(digest(FREE_BODY)) == FREE_BODY
    assert rows_of(store)["bodies"] == 1


def test_the_same_bytes_are_kept_once_and_compressed(store: Warehouse, tmp_path: Path) -> None:
    body = FREE_TEXT.encode() * 1000
    store.save_looks("run-1", [look(body), look(body, url=MIRROR), look(body, SECOND)])
    (kept,) = [path for path in (tmp_path / "bodies").rglob("*") if path.is_file()]
    assert kept.stat().st_size * 20 < len(body)
    assert rows_of(store)["bodies"] == 1

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from warehouse_cases import FREE_BODY, FREE_TEXT, NC_BODY

from warehouse.bodies import Bodies
from warehouse.packing import digest
from warehouse.query import Reader
from warehouse.verify import Verification, verify

FREE = digest(FREE_BODY)
NC = digest(NC_BODY)


Damaged = tuple[duckdb.DuckDBPyConnection, Bodies]


@pytest.fixture(scope="module")
def damaged(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Damaged]:
    """A copy of the story, its file open for anything and its bodies beside it."""
    folder = tmp_path_factory.mktemp("damaged") / "copy"
    shutil.copytree(story.parent, folder)
    with duckdb.connect(str(folder / story.name)) as raw:
        yield raw, Bodies(folder / "bodies")


def test_a_whole_warehouse_has_no_hole_and_everything_was_walked(reader: Reader) -> None:
    assert reader.verify() == Verification(
        assessments=3, decisions=4, findings=2, versions=2, snapshots=2, bodies=4, holes=()
    )


HOLES = {
    "a changed quote": ("UPDATE findings SET quote = 'All rights reserved.' WHERE version_id = 'v-free'", "quote"),
    "a moved quote": ("UPDATE findings SET end_offset = end_offset - 1 WHERE version_id = 'v-nc'", "does not quote"),
    "a changed assessment": (
        "UPDATE assessments SET markdown = '# Approved' WHERE run_id = 'run-1'",
        "its text is not",
    ),
    "a changed digest": ("UPDATE assessments SET sha256 = 'ab' WHERE run_id = 'run-1'", "its text is not"),
    "changed evidence": (
        "UPDATE decisions SET evidence = replace(evidence::VARCHAR, 'dedicated', 'given')::JSON WHERE run_id = 'run-1'",
        "decision about tunes: no version of tunes/license/0a1b2c3d has the quote it rests on",
    ),
    "evidence on other bytes": (
        f"UPDATE decisions SET evidence = replace(evidence::VARCHAR, '{FREE}', '{'0' * 64}')::JSON",
        f"decision about tunes: the evidence {'0' * 64} is no snapshot",
    ),
    "a version on other bytes": (
        f"UPDATE versions SET sha256 = '{'0' * 64}' WHERE version_id = 'v-nc'",
        "version v-nc of tunes/license/0a1b2c3d: no snapshot of its page with its bytes",
    ),
    "a finding that is gone": ("DELETE FROM findings WHERE version_id = 'v-nc'", "version v-nc: its findings are not"),
    "findings of no version": (
        "DELETE FROM versions WHERE version_id = 'v-free'",
        "findings: version_id v-free is not",
    ),
    "a state of no version": (
        "DELETE FROM versions WHERE version_id = 'v-nc'",
        "watch_states: accepted_version_id",
    ),
    "a change of no version": ("DELETE FROM versions WHERE version_id = 'v-nc'", "change_rows: version_after v-nc"),
    "a snapshot that is gone": (f"DELETE FROM snapshots WHERE sha256 = '{FREE}'", "looks: snapshot_id"),
    "a body row that is gone": (
        f"DELETE FROM bodies WHERE sha256 = '{NC}'",
        f"snapshots: sha256 {NC} is not",
    ),
    "a page that is gone": ("DELETE FROM pages", "looks: page_id"),
    "a look that is gone": ("DELETE FROM looks WHERE run_id = 'run-1'", "snapshots: snapshot_id"),
    "a run that is gone": (
        "DELETE FROM run_starts WHERE run_id = 'run-2'",
        "decisions: run_id run-2 is not in",
    ),
    "an assessment that is gone": (
        "DELETE FROM assessments WHERE run_id = 'run-1'",
        "run run-1: its assessment is not stored",
    ),
    "a decision without a date": ("DELETE FROM verifications", "decisions: source_id tunes is not in verifications"),
    "a decision that is gone": ("DELETE FROM decisions WHERE run_id = 'run-2'", "decisions: 1 rows are gone"),
    "a state that is gone": ("DELETE FROM watch_states WHERE run_id = 'run-1'", "watch_states: 1 rows are gone"),
    "a change that is gone": ("DELETE FROM change_rows WHERE run_id = 'run-1'", "change_rows: 1 rows are gone"),
    "an alert that is gone": ("DELETE FROM alert_outbox WHERE alert_id = 'told'", "deliveries: alert_id told"),
    "a delivery that is gone": ("DELETE FROM deliveries WHERE alert_id = 'untold'", "deliveries: 1 rows are gone"),
    "a fact that is gone": ("DELETE FROM dataset_facts WHERE name = 'size_bytes'", "dataset_facts: 1 rows are gone"),
}


@pytest.mark.parametrize(("sql", "told"), HOLES.values(), ids=HOLES)
def test_rows_changed_or_removed_by_hand_are_found(damaged: Damaged, sql: str, told: str) -> None:
    raw, bodies = damaged
    raw.execute("BEGIN")
    try:
        raw.execute(sql)
        holes = verify(raw, bodies).holes
    finally:
        raw.execute("ROLLBACK")
    assert [hole for hole in holes if told in hole], holes
    assert not [hole for hole in holes if "\n" in hole]


def test_a_flipped_byte_a_missing_and_a_swapped_body_are_found(
    damaged: Damaged,
) -> None:
    raw, bodies = damaged
    path = bodies.path(FREE)
    whole = path.read_bytes()
    text_lost = f"version v-free: its text cannot be read: {path}"

    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    path.write_bytes(flipped)
    first, second = verify(raw, bodies).holes
    assert first.startswith(f"body {FREE}: {path} ")
    assert second.startswith(text_lost)

    path.write_bytes(bodies.path(NC).read_bytes())
    first, second = verify(raw, bodies).holes
    assert first == f"body {FREE}: {path} does not hold the bytes its name promises: restore it from a backup"

    path.unlink()
    first, second = verify(raw, bodies).holes
    assert first == f"body {FREE}: {path} is missing: restore the bodies folder from a backup"
    assert second.startswith(text_lost)

    bodies.save({FREE: FREE_TEXT.encode()})
    assert verify(raw, bodies).holes == ()

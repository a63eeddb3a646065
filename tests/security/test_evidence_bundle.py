"""Evidence that was touched is found: any row in the chain, any byte in a bundle."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse_cases import FREE_BODY, tell_story

from domain.errors import InvalidInput
from flows.export_evidence import export_evidence
from probes.recording import Recording
from warehouse import verify as verifying
from warehouse.bodies import Bodies
from warehouse.evidence_bundle import Bundle, evidence_bundle, zip_bytes
from warehouse.evidence_check import problems, read, sums, unzipped
from warehouse.query import Reader
from warehouse.verify import verify

Opened = tuple[duckdb.DuckDBPyConnection, Bodies]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chained") / "clearance.duckdb"
    tell_story(path)
    return path


@pytest.fixture(scope="module")
def opened(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("touched") / "copy"
    shutil.copytree(story.parent, folder)
    with duckdb.connect(str(folder / story.name)) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con, Bodies(folder / "bodies")


@pytest.fixture(scope="module")
def bundle(story: Path) -> Bundle:
    with Reader.open(story) as reader:
        return evidence_bundle(reader, "tunes")


def test_every_value_that_is_changed_anywhere_is_found(opened: Opened) -> None:
    con, bodies = opened
    assert verify(con, bodies).holes == ()
    columns = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables())"
        " AND table_name <> 'schema_migrations'"
    ).fetchall()
    missed = []
    for table, column, kind in columns:
        other = {
            "VARCHAR": "coalesce({0}, '') || 'x'",
            "JSON": """CASE WHEN {0} = '{{"x":1}}' THEN '{{}}' ELSE '{{"x":1}}' END""",
            "BOOLEAN": "NOT {0}",
            "TIMESTAMP WITH TIME ZONE": "coalesce({0}, TIMESTAMPTZ '2000-01-01') + INTERVAL 1 DAY",
            "VARCHAR[]": "list_append({0}, 'x')",
            "TIMESTAMP WITH TIME ZONE[]": "list_append({0}, TIMESTAMPTZ '2000-01-01')",
        }.get(kind, "coalesce({0}, 0) + 1")
        (count,) = con.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        con.execute("BEGIN")
        try:
            con.execute(f"UPDATE {table} SET {column} = {other.format(column)} WHERE rowid = 0")
            holes = tuple(verifying.broken_links(con)) or verify(con, bodies).holes
        except duckdb.ConstraintException as error:
            holes = (str(error),)
        finally:
            con.execute("ROLLBACK")
        if count and not holes:
            missed.append(f"{table}.{column}")
    assert missed == []
    assert len(columns) > 100


def test_a_row_slipped_in_and_a_chain_cut_in_the_middle_are_found(opened: Opened) -> None:
    con, bodies = opened
    for statement, told in (
        ("INSERT INTO findings SELECT version_id, 99, * EXCLUDE (version_id, ordinal) FROM findings LIMIT 1", "sealed"),
        ("DELETE FROM chain WHERE seq = 2", "does not follow"),
        ("UPDATE chain SET previous = link WHERE seq = 2", "does not follow"),
    ):
        con.execute("BEGIN")
        con.execute(statement)
        holes = verify(con, bodies).holes
        con.execute("ROLLBACK")
        assert [hole for hole in holes if told in hole], (statement, holes)


def test_a_bundle_is_whole_on_a_machine_that_has_only_python(story: Path, bundle: Bundle, tmp_path: Path) -> None:
    for name in ("folder", "file.zip"):
        made = export_evidence(story, "tunes", tmp_path / name)
        alone = [sys.executable, "-I", "-S", str(tmp_path / name), "--seal", made.seal]
        done = subprocess.run(alone, capture_output=True, text=True, cwd=tmp_path, env={})
        assert (done.returncode, done.stderr) == (0, ""), done
        assert made.seal in done.stdout
        wrong = subprocess.run([*alone[:-1], "0" * 64], capture_output=True, text=True, cwd=tmp_path, env={})
        assert wrong.returncode == 1
    assert bundle.sealed
    assert bundle.files[f"bodies/{json.loads(bundle.files['evidence.json'])['proofs'][0]['sha256']}"] == FREE_BODY


@settings(max_examples=150, deadline=None, database=None)
@given(data=st.data())
def test_any_flipped_byte_of_any_file_is_found(bundle: Bundle, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(bundle.files)))
    at = data.draw(st.integers(0, len(bundle.files[name]) - 1))
    flipped = bytearray(bundle.files[name])
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    assert problems({**bundle.files, name: bytes(flipped)}) != []


@settings(max_examples=150, deadline=None, database=None)
@given(data=st.data())
def test_any_flipped_byte_of_a_zip_is_found(bundle: Bundle, data: st.DataObject) -> None:
    zipped = bytearray(zip_bytes(dict(bundle.files)))
    zipped[data.draw(st.integers(0, len(zipped) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = problems(unzipped(bytes(zipped)))
    except ValueError:
        return
    assert found != []


def test_files_that_are_missing_or_do_not_belong_are_found(bundle: Bundle, tmp_path: Path) -> None:
    assert problems({name: data for name, data in bundle.files.items() if name != "pages.warc"}) == [
        "pages.warc is missing"
    ]
    assert problems({**bundle.files, "note.txt": b"approved"}) == ["note.txt does not belong here"]
    assert read(tmp_path) == {}
    assert problems({}) == ["SHA256SUMS is missing"]


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("evidence.json", ("dedicated to the public", "sold to the public"), "does not stand in its text"),
        ("decision.json", ('"url": "https://tunes', '"url": "https://other'), "not the one the chain seals"),
        ("chain.json", ('\\"tier\\":\\"', '\\"tier\\":\\"x'), "not in the link"),
        ("pages.warc", ("CC0", "MIT"), "a record of pages.warc"),
    ],
)
def test_a_bundle_made_anew_around_other_words_contradicts_itself(
    bundle: Bundle, name: str, change: tuple[str, str], told: str
) -> None:
    changed = bundle.files[name].replace(change[0].encode(), change[1].encode())
    assert changed != bundle.files[name]
    files = {**bundle.files, name: changed}
    files["SHA256SUMS"] = sums(files)
    assert [line for line in problems(files) if told in line], problems(files)
    assert problems(files, bundle.seal)[0] == "the seal is not that of this bundle"


def test_the_recording_replays_to_the_same_bytes(bundle: Bundle, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    path.write_bytes(bundle.files["pages.warc"])
    recording = Recording.open([path])
    (look,) = recording.looks()
    recording.close()
    assert look.snapshot is not None
    assert look.snapshot.body == FREE_BODY
    assert io.BytesIO(bundle.files["pages.warc"]).readline() == b"WARC/1.1\r\n"


def test_evidence_is_not_overwritten_and_unknown_sources_have_none(story: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="exists already"):
        export_evidence(story, "tunes", tmp_path)
    with pytest.raises(InvalidInput, match="nothing is decided about nobody"):
        export_evidence(story, "nobody", tmp_path / "new")

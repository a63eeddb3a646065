from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from warehouse_cases import FIRST, FREE_BODY, PAGE, THIRD, decision, look

from domain.errors import InvalidInput, WarehouseDamaged
from warehouse.bodies import Bodies
from warehouse.connection import BLOCK_BYTES
from warehouse.packing import digest
from warehouse.query import Reader
from warehouse.store import Warehouse

# How a DuckDB file is laid out, in bytes.
HEADER = 12_288
BLOCK = BLOCK_BYTES


def other_duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as raw:
        raw.execute("CREATE TABLE songs (title VARCHAR)")


def sqlite_file(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE songs (title VARCHAR)")
    raw.close()


NOT_OURS: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("hello\n" * 1000), "is not a DuckDB file"),
    "one byte": (lambda path: path.write_text("h"), "is not a DuckDB file"),
    "csv": (lambda path: path.write_text("a,b\n1,2\n"), "is not a DuckDB file"),
    "json": (lambda path: path.write_text('{"a": 1}'), "is not a DuckDB file"),
    "sqlite": (sqlite_file, "is not a DuckDB file"),
    "another DuckDB file": (other_duckdb, "is a DuckDB file but no warehouse of Clearance"),
}


@pytest.mark.parametrize(("make", "told"), NOT_OURS.values(), ids=NOT_OURS)
def test_a_file_that_is_no_warehouse_is_told_in_one_line_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], object], told: str
) -> None:
    path = tmp_path / "clearance.csv"
    make(path)
    before = path.read_bytes()
    with pytest.raises(WarehouseDamaged) as error:
        Warehouse.open(path)
    assert str(error.value).startswith(f"{path} {told}")
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before


def test_a_folder_a_read_copy_and_a_path_through_a_file_are_wrong_input(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    for path, told in (
        (tmp_path, f"{tmp_path} is a folder: name a file in it, such as clearance.duckdb"),
        (in_the_way / "c.duckdb", f"cannot make the folder {in_the_way}: File exists"),
        (in_the_way / "deep" / "c.duckdb", f"cannot make the folder {in_the_way / 'deep'}: Not a directory"),
        (tmp_path / "c.read.duckdb", f"{tmp_path / 'c.read.duckdb'} is a read copy, which the next run replaces"),
    ):
        with pytest.raises(InvalidInput) as error:
            Warehouse.open(path)
        assert str(error.value).startswith(told)


def test_a_folder_in_place_of_the_lock_is_wrong_input(tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    path.with_name("clearance.duckdb.lock").mkdir()
    with pytest.raises(InvalidInput, match="cannot write beside"):
        Warehouse.open(path, wait_seconds=0.05)


def test_an_empty_file_left_by_a_kill_is_started_anew(tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    path.touch()
    with Warehouse.open(path) as store:
        store.save_looks("run-1", [look(FREE_BODY)])
        assert len(store.looks_of(PAGE)) == 1


@pytest.mark.parametrize("name", ["copy.duckdb", "temp.duckdb", 'it\'s "a" b.csv', ":memory:", "md:x"])
def test_any_file_name_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with Warehouse.open(Path(name)) as store:
        store.save_decisions("run-1", FIRST, [decision()], {})
        store.publish_read_copy()
    with Reader.open(Path(name)) as reader:
        assert reader.query("SELECT source_id FROM tier_now")[1] == [("tunes",)]
    assert (tmp_path / name).is_file()


def test_a_reader_without_a_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as error:
        Reader.open(tmp_path / "clearance.duckdb")
    assert str(error.value) == f"no warehouse at {tmp_path / 'clearance.duckdb'} yet: run `clearance run` first"
    other_duckdb(tmp_path / "clearance.read.duckdb")
    with pytest.raises(WarehouseDamaged, match="no read copy of Clearance"):
        Reader.open(tmp_path / "clearance.duckdb")


def read_all(path: Path) -> list[object]:
    with Reader.open(path) as reader:
        return [
            reader.status_rows(THIRD),
            reader.recent_changes(),
            reader.alerts(),
            reader.facts(),
            reader.watch_states(),
            reader.verify(),
        ]


@pytest.mark.parametrize("cut", [100, 9_000, 200_000, 500_000])
def test_a_truncated_warehouse_is_told_in_one_line(story: Path, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "clearance.duckdb"
    shutil.copy(story, path)
    with path.open("r+b") as file:
        file.truncate(cut)
    with pytest.raises(WarehouseDamaged) as error:
        Warehouse.open(path)
    assert "\n" not in str(error.value)


def test_flipped_bytes_anywhere_in_the_file_are_told_in_one_line_or_touch_nothing(story: Path, tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    copy = path.with_name("clearance.read.duckdb")
    whole = story.with_name(copy.name).read_bytes()
    shutil.copytree(story.parent / "bodies", tmp_path / "bodies")
    copy.write_bytes(whole)
    before = read_all(path)
    told = 0
    # Once in the header and once in every other block.
    for at in (4_100, *range(HEADER + 100, len(whole), 2 * BLOCK)):
        broken = bytearray(whole)
        broken[at : at + 64] = bytes(byte ^ 0xFF for byte in broken[at : at + 64])
        copy.write_bytes(broken)
        # What is not told must be right.
        with suppress(WarehouseDamaged):
            assert read_all(path) == before
            continue
        told += 1
    assert told > 0


def test_a_damaged_body_is_told_in_one_line_wherever_the_damage_is(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "bodies")
    body = b"licensed to all, license to none: license " * 4
    name = digest(body)
    bodies.save({name: body})
    path = bodies.path(name)
    whole = path.read_bytes()
    assert bodies.load(name) == body
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        if at >= len(whole) // 4:
            with pytest.raises(WarehouseDamaged, match="restore it from a backup"):
                bodies.load(name)
        else:
            # A few bits of the header are free: flipping them changes nothing.
            with suppress(WarehouseDamaged):
                assert bodies.load(name) == body
        path.write_bytes(whole[:at])
        with pytest.raises(WarehouseDamaged):
            bodies.load(name)
    path.unlink()
    with pytest.raises(WarehouseDamaged, match="is missing: restore the bodies folder"):
        bodies.load(name)
    path.mkdir()
    with pytest.raises(WarehouseDamaged, match="cannot be read: Is a directory"):
        bodies.load(name)


def test_a_text_is_packed_on_the_page_it_was_read_from_where_that_saves_space(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "bodies")
    words = " ".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200)).encode()
    page, other = b"<p>" + words.replace(b" ", b"</p><p>") + b"</p>", bytes(reversed(words))
    bodies.save({digest(page): page, digest(other): other})
    [on_base] = bodies.save({digest(words): words}, {digest(words): digest(page)})
    assert on_base.encoding == "zstd-on-base"
    assert on_base.stored_bytes * 4 < Bodies(tmp_path / "alone").save({digest(words): words})[0].stored_bytes
    assert bodies.load(digest(words)) == words
    # Saved again it stays what it is, and it is no base itself.
    assert bodies.save({digest(words): words}) == (on_base,)
    again = words + b" again"
    assert bodies.save({digest(again): again}, {digest(again): digest(words)})[0].encoding == "zstd"
    # What the page says nothing of, and what names a page nobody stored, lies alone.
    lost = {b"lost " + words: "0" * 64, b"apart " + words: digest(other)}
    for text, base in lost.items():
        assert bodies.save({digest(text): text}, {digest(text): base})[0].encoding == "zstd"
        assert bodies.load(digest(text)) == text


def test_damage_to_a_page_is_told_of_the_text_that_is_packed_on_it(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "bodies")
    page = b"licensed to all, license to none: license " * 40
    text = page[7:]
    bodies.save({digest(page): page})
    [stored] = bodies.save({digest(text): text}, {digest(text): digest(page)})
    assert stored.encoding == "zstd-on-base"
    path, below = bodies.path(digest(text)), bodies.path(digest(page))
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at])
        with pytest.raises(WarehouseDamaged, match="restore"):
            bodies.load(digest(text))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        # A few bits are free, as in any body; whatever is handed out is what the name promises.
        with suppress(WarehouseDamaged):
            assert bodies.load(digest(text)) == text
    path.write_bytes(whole)
    below.write_bytes(whole)
    with pytest.raises(WarehouseDamaged, match=f"{digest(page)}.zst .*restore it from a backup"):
        bodies.load(digest(text))
    below.unlink()
    with pytest.raises(WarehouseDamaged, match=f"{digest(page)}.zst is missing: restore the bodies folder"):
        bodies.load(digest(text))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_what_is_no_digest_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        Bodies(tmp_path).path(name)

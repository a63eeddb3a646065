from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from warehouse_cases import FIRST, FREE_BODY, FREE_VERSION, PAGE, decision, look, state

from domain.errors import InvalidInput, WarehouseDamaged
from domain.history import WatchStep
from warehouse.migrate import Migration, migrate, shipped_migrations
from warehouse.query import Reader
from warehouse.store import Warehouse

NEXT = shipped_migrations()[-1].number + 1
GROW = "ALTER TABLE pages ADD COLUMN mood VARCHAR; CREATE TABLE moods (mood VARCHAR);"
GROWN = Migration(NEXT, f"{NEXT:04}_mood.sql", GROW)
FAILING = Migration(NEXT, f"{NEXT:04}_wrong.sql", GROW + "DROP TABLE looks; SELECT nonsense FROM pages")


def release(monkeypatch: pytest.MonkeyPatch, *more: Migration) -> None:
    """From here on this release has some more migrations."""
    migrations = (*shipped_migrations(), *more)
    monkeypatch.setattr("warehouse.store.shipped_migrations", lambda: migrations)
    monkeypatch.setattr("warehouse.query.shipped_migrations", lambda: migrations)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed warehouse of this release's schema, with a look, a version and a decision in it."""
    path = tmp_path_factory.mktemp("made") / "clearance.duckdb"
    with Warehouse.open(path) as store:
        store.save_looks("run-1", [look(FREE_BODY)])
        store.save_steps("run-1", [WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,))], {})
        store.save_decisions("run-1", FIRST, [decision()], {})
        store.publish_read_copy()
    return path


@pytest.fixture
def filled(made_once: Path, tmp_path: Path) -> Path:
    """A copy of it to be changed."""
    shutil.copytree(made_once.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / made_once.name


def assert_nothing_lost(store: Warehouse) -> None:
    assert len(store.looks_of(PAGE)) == 1
    assert store.versions_of("tunes") == (FREE_VERSION,)
    assert store.decisions() == {"tunes": decision()}


def ledger(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path)) as raw:
        return raw.execute("SELECT number, name, sha256 FROM schema_migrations ORDER BY number").fetchall()


def test_the_ledger_notes_each_migration_once(filled: Path) -> None:
    noted = [(migration.number, migration.name, migration.sha256) for migration in shipped_migrations()]
    assert ledger(filled) == noted
    with Warehouse.open(filled):
        pass
    assert ledger(filled) == noted
    numbers = [number for number, _, _ in noted]
    assert numbers == sorted({*numbers})


def test_a_file_of_an_older_schema_is_upgraded_with_all_its_rows(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release(monkeypatch, GROWN)
    with Warehouse.open(filled) as store:
        assert_nothing_lost(store)
        with Reader.open(store.publish_read_copy()) as reader:
            assert reader.query("SELECT url, mood FROM pages")[1] == [(PAGE, None)]
            assert reader.query("SELECT source_id, tier FROM tier_now")[1] == [("tunes", "production_approved")]
    assert ledger(filled)[-1] == (NEXT, GROWN.name, GROWN.sha256)


def test_a_failing_migration_is_undone_and_nothing_is_lost(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ledger(filled)
    with monkeypatch.context() as newer:
        release(newer, FAILING)
        with pytest.raises(WarehouseDamaged) as error:
            Warehouse.open(filled)
    assert str(error.value).startswith(f"{filled}: migration {FAILING.name} failed and was undone (")
    assert "\n" not in str(error.value)
    assert ledger(filled) == before
    with Warehouse.open(filled) as store:
        assert_nothing_lost(store)
        with Reader.open(store.publish_read_copy()) as reader:
            assert "mood" not in reader.query("SELECT * FROM pages")[0]


def test_migrations_before_a_failing_one_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Migration(NEXT + 1, "wrong.sql", "SELECT nonsense")
    with duckdb.connect() as con:
        with pytest.raises(WarehouseDamaged, match=r"migration wrong\.sql failed"):
            migrate(con, "the file", [*shipped_migrations(), GROWN, wrong])
        assert con.execute("SELECT max(number) FROM schema_migrations").fetchone() == (NEXT,)
        migrate(con, "the file", [*shipped_migrations(), GROWN])


def test_a_file_of_a_newer_release_is_not_touched(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        release(newer, GROWN)
        with Warehouse.open(filled) as store:
            store.publish_read_copy()
    with pytest.raises(WarehouseDamaged) as error:
        Warehouse.open(filled)
    told = f"was made by a newer Clearance (schema {NEXT}, this release knows {NEXT - 1}): upgrade Clearance"
    assert str(error.value) == f"{filled} {told}"
    with pytest.raises(WarehouseDamaged, match="newer Clearance"):
        Reader.open(filled)


def test_a_read_copy_that_an_upgrade_has_not_reached_says_so(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release(monkeypatch, GROWN)
    with pytest.raises(InvalidInput, match=r"made by an older Clearance: `clearance run` brings it up to date$"):
        Reader.open(filled)
    with Warehouse.open(filled) as store:
        store.publish_read_copy()
    with Reader.open(filled) as reader:
        assert reader.decisions(FIRST) == {"tunes": decision()}


def test_a_file_whose_applied_migration_reads_differently_today_is_not_touched(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = Migration(1, shipped_migrations()[0].name, "SELECT 1")
    monkeypatch.setattr("warehouse.store.shipped_migrations", lambda: (edited, *shipped_migrations()[1:]))
    with pytest.raises(WarehouseDamaged, match=f"was made with another {edited.name} than this release has"):
        Warehouse.open(filled)


def test_shipped_migrations_have_numbers_of_their_own_and_read_like_their_names() -> None:
    migrations = shipped_migrations()
    assert len({migration.number for migration in migrations}) == len(migrations)
    assert all(migration.name.startswith(f"{migration.number:04}_") for migration in migrations)

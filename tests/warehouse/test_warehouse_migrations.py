from __future__ import annotations

import json
import shutil
from base64 import b64decode
from pathlib import Path

import duckdb
import pytest
from warehouse_cases import FIRST, FREE_BODY, FREE_VERSION, PAGE, decision, look, state

from domain.errors import InvalidInput, WarehouseDamaged
from domain.history import AlertKind, WatchStep
from warehouse.connection import _KEYLESS
from warehouse.migrate import Migration, migrate, shipped_migrations
from warehouse.packing import digest
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


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    """A warehouse of the first schema with the rows and bodies that a release of that time wrote."""
    path = tmp_path / "clearance.duckdb"
    kept = json.loads(Path(__file__).with_name("first_schema.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(path)) as raw:
        raw.execute("SET TimeZone = 'UTC'")
        migrate(raw, "the file", shipped_migrations()[:1])
        for table, held in kept["tables"].items():
            types = dict(raw.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall())
            casts = ", ".join(f"CAST(? AS {types[name]})" for name in held["columns"])
            for row in held["rows"]:
                raw.execute(f"INSERT INTO {table} ({', '.join(held['columns'])}) VALUES ({casts})", row)
    for name, body in kept["bodies"].items():
        (path.parent / "bodies" / name).parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "bodies" / name).write_bytes(b64decode(body))
    assert [number for number, *_ in ledger(path)] == [1]
    return path


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the ledger."""
    with duckdb.connect(str(path), read_only=True) as raw:
        tables = [name for (name,) in raw.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        rows = {table: raw.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    return {table: sorted(found, key=repr) for table, found in rows.items() if table != "schema_migrations"}


def test_a_warehouse_of_the_first_schema_becomes_todays_with_every_row_and_is_kept_as_it_was(oldest: Path) -> None:
    before = everything(oldest)
    assert sum(map(len, before.values())) > 20
    with Warehouse.open(oldest) as store:
        assert store.undelivered("terminal") == ()
        assert [alert.kind for alert in store.alerts()] == [AlertKind.LICENSE_CHANGED]
        assert store.decisions()["tiny_1"].license_concluded == "CC-BY-NC-4.0"
        with Reader.open(store.publish_read_copy()) as reader:
            assert reader.query("SELECT source_id, tier FROM tier_now")[1] == [("tiny_1", "research_only")]
            assert reader.query("SELECT count(*) FROM runs WHERE finished")[1] == [(2,)]
            assert reader.verify().holes == ()
    after = everything(oldest)
    assert {table: after[table] for table in before} == before
    assert [number for number, *_ in ledger(oldest)] == list(range(1, NEXT))
    kept = oldest.with_name("clearance.schema-0001.duckdb")
    assert (everything(kept), [number for number, *_ in ledger(kept)]) == (before, [1])


def test_an_upgrade_that_fails_leaves_the_old_schema_and_every_row(
    oldest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(oldest)
    wrong = Migration(2, "0002_wrong.sql", GROW + "DROP TABLE looks; SELECT nonsense FROM pages")
    with monkeypatch.context() as newer:
        newer.setattr("warehouse.store.shipped_migrations", lambda: (shipped_migrations()[0], wrong))
        with pytest.raises(WarehouseDamaged, match=r"migration 0002_wrong\.sql failed and was undone") as told:
            Warehouse.open(oldest)
    assert "\n" not in str(told.value)
    assert (everything(oldest), [number for number, *_ in ledger(oldest)]) == (before, [1])
    with Warehouse.open(oldest) as store:
        assert store.decisions()["tiny_1"].license_concluded == "CC-BY-NC-4.0"


def test_an_assessment_that_lies_in_its_row_is_read_from_there(oldest: Path) -> None:
    with Warehouse.open(oldest) as store:
        last = store.last_assessment()
        assert last is not None
        assert not store.bodies.path(last.sha256).exists()
        assert digest(store.assessment_text(last.sha256)) == last.sha256
        store.save_assessment("run-9", FIRST, "regenerated", "new", b"# Another\n")
        newer = store.last_assessment()
        assert newer is not None
        assert store.assessment_text(newer.sha256) == b"# Another\n"


def test_a_file_is_not_upgraded_where_no_copy_of_it_can_be_kept(oldest: Path) -> None:
    before = everything(oldest)
    oldest.with_name("clearance.schema-0001.duckdb").mkdir()
    with pytest.raises(InvalidInput, match="was not upgraded, because no copy could be kept"):
        Warehouse.open(oldest)
    assert (everything(oldest), [number for number, *_ in ledger(oldest)]) == (before, [1])


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


def keys(path: Path) -> list[tuple[object, ...]]:
    """The tables that have a key, with its columns."""
    with duckdb.connect(str(path), read_only=True) as raw:
        return raw.execute(
            "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints()"
            " WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE') ORDER BY ALL"
        ).fetchall()


def test_rows_that_may_be_there_already_have_a_table_with_keys_and_no_others(filled: Path) -> None:
    with duckdb.connect(str(filled), read_only=True) as raw:
        tables = {row[0] for row in raw.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert tables - {row[0] for row in keys(filled)} == _KEYLESS


def test_a_warehouse_restored_from_a_read_copy_has_every_row_and_its_keys_again(filled: Path) -> None:
    before, wanted, noted = everything(filled), keys(filled), ledger(filled)
    copy = filled.with_name("clearance.read.duckdb")
    assert (everything(copy), keys(copy)) == (before, [])
    copy.rename(filled)
    with Warehouse.open(filled) as store:
        store.save_looks("run-1", [look(FREE_BODY)])
        assert_nothing_lost(store)
    assert (everything(filled), keys(filled), ledger(filled)) == (before, wanted, noted)
    assert [path.name for path in filled.parent.glob(".*")] == []


def test_a_copy_of_an_older_schema_is_restored_before_it_is_upgraded(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = keys(filled)
    filled.with_name("clearance.read.duckdb").rename(filled)
    release(monkeypatch, GROWN)
    with Warehouse.open(filled) as store:
        assert_nothing_lost(store)
    assert keys(filled) == wanted
    assert keys(filled.with_name(f"clearance.schema-{NEXT - 1:04}.duckdb")) == wanted

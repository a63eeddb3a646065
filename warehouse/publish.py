"""Whole copies of a warehouse: one for readers, so that they and the writer never wait for each other, and one
kept before its schema changes.

The copy for readers has every row but no keys: those are indexes that only an append asks, and a fifth of the
file. A warehouse that is restored from one gets them again when a writer opens it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from domain.errors import InvalidInput
from warehouse.connection import BLOCK_BYTES, connect_writer, fetch, storage_failures_told, transaction
from warehouse.migrate import Migration, migrate, refresh_views

_SUFFIX = ".read.duckdb"
# DuckDB packs so many rows together. It holds them as they are until then, and packs those of a group that is not
# full anew with each checkpoint: its own 122,880 are too many where a row has kilobytes.
_ROW_GROUP = 4_096
# What is packed by zstd besides JSON; DuckDB does not tell of a column how it was made. See the migration 0007.
_PACKED = frozenset({("findings", "quote")})


def read_copy_path(warehouse: Path) -> Path:
    """Where the read copy of a warehouse lies: `name.read.duckdb` beside `name.duckdb`."""
    return warehouse.with_name(f"{warehouse.stem}{_SUFFIX}")


def is_read_copy(path: Path) -> bool:
    """Whether a file's name is that of a read copy."""
    return path.name.endswith(_SUFFIX)


def keep_before_upgrade(con: duckdb.DuckDBPyConnection, warehouse: Path, schema: int) -> Path:
    """Copy a warehouse to `name.schema-NNNN.duckdb` beside it, before it leaves this schema."""
    target = warehouse.with_name(f"{warehouse.stem}.schema-{schema:04}.duckdb")
    try:
        return copy_whole(con, target)
    except OSError as error:
        raise InvalidInput(
            f"{warehouse} was not upgraded, because no copy could be kept as {target}: {error.strerror or error}"
        ) from error


def publish(con: duckdb.DuckDBPyConnection, warehouse: Path) -> Path:
    """Replace the read copy by the present state; returns its path. Readers that have the old one open keep it."""

    def fill(here: str, copy: str) -> None:
        for table, columns in _columns(con).items():
            con.execute(f"CREATE TABLE {copy}.{table} ({columns})")
            for first, upto in _spans(con, f"{here}.{table}"):
                rows = f"SELECT * FROM {here}.{table} WHERE rowid >= {first} AND rowid < {upto}"
                con.execute(f"INSERT INTO {copy}.{table} {rows}")
                # What is written need not be held until all of it is.
                con.execute(f"CHECKPOINT {copy}")
        with _using(con, copy, here):
            refresh_views(con)

    return _put_in_place(con, read_copy_path(warehouse), fill)


def copy_whole(con: duckdb.DuckDBPyConnection, target: Path) -> Path:
    """Copy everything, keys, views and macros included, and put the copy in place at once."""

    def fill(here: str, copy: str) -> None:
        with transaction(con):
            con.execute(f"COPY FROM DATABASE {here} TO {copy}")

    return _put_in_place(con, target, fill)


def with_keys(con: duckdb.DuckDBPyConnection, path: Path, migrations: Sequence[Migration]) -> duckdb.DuckDBPyConnection:
    """The connection to a warehouse; where its file was a read copy, one to the same rows with their keys.

    A kill leaves the file as it was.
    """
    if fetch(con, "SELECT 1 FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' LIMIT 1"):
        return con
    tables = _columns(con)
    if "schema_migrations" not in tables:
        return con
    made_with = {row["sha256"] for row in fetch(con, "SELECT sha256 FROM schema_migrations")}
    known = [migration for migration in migrations if migration.sha256 in made_with]
    if len(known) != len(made_with):
        # Of another release's schema, which is told where the schema is checked.
        return con

    def fill(here: str, copy: str) -> None:
        with _using(con, copy, here):
            migrate(con, str(path), known)
            with transaction(con):
                con.execute("DELETE FROM schema_migrations")
                for table in tables:
                    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {here}.{table}")

    _put_in_place(con, path, fill)
    con.close()
    return connect_writer(path)


def _spans(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[tuple[int, int]]:
    """The spans of row ids, each a group of rows, that hold every row of a table, in order."""
    end = int(fetch(con, f"SELECT coalesce(max(rowid) + 1, 0) AS found FROM {table}")[0]["found"])
    for first in range(0, end, _ROW_GROUP):
        yield first, first + _ROW_GROUP


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What `CREATE TABLE` needs of every table, keys aside; what is packed in the warehouse is packed here."""
    columns: dict[str, list[str]] = {}
    for row in fetch(
        con,
        "SELECT table_name, column_name, data_type FROM duckdb_columns() JOIN duckdb_tables()"
        " USING (database_name, table_name) WHERE database_name = current_database()"
        " ORDER BY table_name, column_index",
    ):
        name = (row["table_name"], row["column_name"])
        packed = " USING COMPRESSION zstd" if row["data_type"] == "JSON" or name in _PACKED else ""
        columns.setdefault(row["table_name"], []).append(f"{row['column_name']} {row['data_type']}{packed}")
    return {table: ", ".join(found) for table, found in columns.items()}


@contextmanager
def _using(con: duckdb.DuckDBPyConnection, there: str, here: str) -> Iterator[None]:
    con.execute(f"USE {there}")
    try:
        yield
    finally:
        con.execute(f"USE {here}")


def _put_in_place(con: duckdb.DuckDBPyConnection, target: Path, fill: Callable[[str, str], None]) -> Path:
    """Make a database beside the target, fill it, and put it in place at once. `fill` is given the quoted names
    of this database and of that.

    A kill leaves at most a partial file, which the next copy replaces.
    """
    partial = target.with_name(f".{target.name}.partial")
    for leftover in (partial, partial.with_name(f"{partial.name}.wal")):
        leftover.unlink(missing_ok=True)
    row = con.execute("SELECT current_database()").fetchone()
    name = "" if row is None else str(row[0]).replace('"', '""')
    # Whatever the file and so the database is called, `copy of` it is another name.
    here, copy = f'"{name}"', f'"copy of {name}"'
    with storage_failures_told():
        packing = f"BLOCK_SIZE {BLOCK_BYTES}, ROW_GROUP_SIZE {_ROW_GROUP}"
        con.execute(f"ATTACH $path AS {copy} ({packing})", {"path": str(partial.absolute())})
        try:
            fill(here, copy)
        finally:
            con.execute(f"DETACH {copy}")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, target)
    return target

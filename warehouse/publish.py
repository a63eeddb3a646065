"""Whole copies of a warehouse: one for readers, so that they and the writer never wait for each other, and one
kept before its schema changes."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from domain.errors import InvalidInput
from warehouse.connection import BLOCK_BYTES, storage_failures_told, transaction

_SUFFIX = ".read.duckdb"


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
    return copy_whole(con, read_copy_path(warehouse))


def copy_whole(con: duckdb.DuckDBPyConnection, target: Path) -> Path:
    """Copy everything, views and macros included, and put the copy in place at once.

    A kill leaves at most a partial file, which the next copy replaces.
    """
    partial = target.with_name(f".{target.name}.partial")
    for leftover in (partial, partial.with_name(f"{partial.name}.wal")):
        leftover.unlink(missing_ok=True)
    row = con.execute("SELECT current_database()").fetchone()
    here = "" if row is None else str(row[0]).replace('"', '""')
    # Whatever the file and so the database is called, this is another name.
    copy = f"copy of {here}"
    with storage_failures_told():
        con.execute(f'ATTACH $path AS "{copy}" (BLOCK_SIZE {BLOCK_BYTES})', {"path": str(partial.absolute())})
        try:
            with transaction(con):
                con.execute(f'COPY FROM DATABASE "{here}" TO "{copy}"')
        finally:
            con.execute(f'DETACH "{copy}"')
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, target)
    return target

"""Connections to DuckDB, transactions, and the only two ways values get in and out of SQL.

Values are always bound. Table and column names come from this package and are checked against the
table before they enter a statement.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from domain.errors import InvalidInput, WarehouseBusy, WarehouseDamaged
from warehouse.codec import storable

Row = dict[str, Any]

_TOLD_PID = re.compile(r"\(PID (\d+)\)")
USE_WAREHOUSE = "USE warehouse"

# A DuckDB file begins with a checksum of eight bytes, then this.
_MAGIC = b"DUCK"
_MAGIC_AT = 8
# DuckDB's own 256 KiB leave most of a block empty where tables have a few thousand rows: a warehouse of 1,000 pages
# takes half the space in blocks of 32 KiB, one of 200 pages a fifth less again in these, the smallest there are. Set
# when a file is made; a file made otherwise stays as it is.
BLOCK_BYTES = 16_384
# The tables without keys; see the migration 0006.
_KEYLESS = frozenset(
    {
        "looks",
        "versions",
        "findings",
        "watch_states",
        "change_rows",
        "decisions",
        "verifications",
        "document_inputs",
        "adoption_ranks",
    }
)
# Nothing may be fetched because of a file's name or content.
_NO_DOWNLOADS: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}


def connect_writer(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file for writing; make it when there is none.

    WarehouseBusy when another process has it open, WarehouseDamaged when it is no DuckDB file,
    InvalidInput when it may not be written.
    """
    if path.is_file() and path.stat().st_size == 0:
        # A process killed while DuckDB created the file leaves it empty, and DuckDB then refuses it.
        path.unlink()
    _make(path)
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise InvalidInput(f"cannot write {path}: Permission denied")
    _refuse_other_files(path)
    fresh = not path.exists()
    # Absolute, because DuckDB takes some relative names (":memory:", "md:x") for other things.
    try:
        con = _told_plainly(path, lambda: duckdb.connect(str(path.absolute()), config=_NO_DOWNLOADS))
    except WarehouseDamaged as error:
        if not fresh:
            raise
        # The beginning of a file that a full disk cut off would be refused for ever.
        path.unlink(missing_ok=True)
        raise WarehouseDamaged(f"{path} cannot be made: free disk space, or name another place") from error
    con.execute("SET TimeZone = 'UTC'")
    # A second thread holds as much again and is hardly faster on tables of this size. No memory limit: what does not
    # fit below one, a checkpoint of long texts, makes DuckDB give the whole database up.
    con.execute("SET threads = 1")
    con.execute("SET allocator_flush_threshold = '8MB'")
    return con


def _make(path: Path) -> None:
    # DuckDB writes a new file in several steps and opens none that a kill left half written.
    if path.exists() or not os.access(path.parent, os.W_OK):
        return
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    config = {**_NO_DOWNLOADS, "default_block_size": str(BLOCK_BYTES)}
    _told_plainly(partial, lambda: duckdb.connect(str(partial.absolute()), config=config)).close()
    os.replace(partial, path)


def connect_reader(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open the file read-only, with no way out of it: no other file, no network, no settings.

    The file is attached to a private in-memory instance. DuckDB shares one instance among all
    connections of a process to the same path, which would show a replaced read copy's old rows.
    """
    con = duckdb.connect(":memory:", config={**_NO_DOWNLOADS, "temp_directory": "", "memory_limit": memory_limit})
    try:
        _refuse_other_files(path)
        attach = "ATTACH $path AS warehouse (READ_ONLY)"
        _told_plainly(path, lambda: con.execute(attach, {"path": str(path.absolute())}))
        for statement in (
            USE_WAREHOUSE,
            "SET TimeZone = 'UTC'",
            "SET enable_external_access = false",
            "SET allow_community_extensions = false",
            # Without this, a name in the user's SQL may mean a variable of this process.
            "SET python_enable_replacements = false",
            "SET lock_configuration = true",
        ):
            con.execute(statement)
    except BaseException:
        con.close()
        raise
    return con


def _refuse_other_files(path: Path) -> None:
    # DuckDB opens CSV and JSON files, too: as tables of a database in memory, where rows get lost.
    if not path.exists():
        return
    with path.open("rb") as file:
        head = file.read(_MAGIC_AT + len(_MAGIC))
    if head[_MAGIC_AT:] != _MAGIC:
        raise WarehouseDamaged(f"{path} is not a DuckDB file: choose another file, or restore it from a backup")


def _told_plainly(path: Path, connect: Callable[[], duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection:
    try:
        return connect()
    except duckdb.ConnectionException as error:
        raise WarehouseBusy(f"{path} is already open in this process in another mode: close it first") from error
    except duckdb.IOException as error:
        if "Could not set lock" in str(error):
            found = _TOLD_PID.search(str(error))
            holder = f"process {found[1]}" if found else "another process"
            raise WarehouseBusy(f"{path} is held by {holder}: stop it or wait, then try again") from error
        raise WarehouseDamaged(
            f"{path} cannot be opened as a warehouse ({one_line(error)}): restore it from a backup or move it away"
        ) from error
    except duckdb.Error as error:
        raise WarehouseDamaged(
            f"{path} is damaged ({one_line(error)}): restore it from a backup or move it away"
        ) from error


@contextmanager
def storage_failures_told() -> Iterator[None]:
    """Turns what DuckDB says of a damaged file or a full disk into WarehouseDamaged.

    Wrong checksums come as the base class itself.
    """
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.SerializationException,
        duckdb.InternalException,
        duckdb.FatalException,
    ) as error:
        raise _storage_failure(error) from error
    except duckdb.Error as error:
        if type(error) is not duckdb.Error:
            raise
        raise _storage_failure(error) from error


def _storage_failure(error: duckdb.Error) -> WarehouseDamaged:
    return WarehouseDamaged(
        f"the warehouse cannot be read or written ({one_line(error)}): free disk space or restore it from a backup"
    )


def one_line(error: Exception) -> str:
    """The first line of a DuckDB message, without its class prefix."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return re.sub(r"^[A-Za-z ]+ Error: ", "", first)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: whatever leaves the block by an exception leaves no row behind."""
    with storage_failures_told():
        con.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            # A database that DuckDB gave up has rolled back by itself and refuses this.
            with suppress(duckdb.Error):
                con.execute("ROLLBACK")
            raise
        con.execute("COMMIT")


def fetch(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
    """All rows as dictionaries; times come back aware, in UTC."""
    with storage_failures_told():
        cursor = con.execute(sql, dict(values or {}))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, map(in_utc, row), strict=True)) for row in cursor.fetchall()]


def in_utc(value: Any) -> Any:
    """DuckDB hands out times with pytz's zone; ours carry the standard library's UTC.

    A time without a zone stays so: taking it for local time would move it.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, list):
        return [in_utc(item) for item in value]
    if isinstance(value, dict):
        return {in_utc(key): in_utc(item) for key, item in value.items()}
    return value


def append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Append rows in one statement, column by column; in a table that has keys a row whose key is there already
    is left out. Elsewhere rows come `numbered`, or follow from such rows, and none is there already.

    One list a column is about twenty times faster than `executemany` and, unlike a data frame, keeps
    NULL apart from NaN and whole numbers whole.
    """
    if not rows:
        return
    with storage_failures_told():
        # Not `duckdb_columns()`: it goes through every table there is.
        shown = con.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
    types = {str(column[0]): str(column[1]) for column in shown}
    names = list(rows[0])
    if unknown := sorted({*names} - {*types}):
        raise ValueError(f"table {table} has no column {', '.join(unknown)}")
    columns = ", ".join(names)
    values = ", ".join(_unnested(name, types[name]) for name in names)
    conflict = "" if table in _KEYLESS else " ON CONFLICT DO NOTHING"
    statement = f"INSERT INTO {table} ({columns}) SELECT {values}{conflict}"
    with storage_failures_told():
        con.execute(statement, {name: [_bound(row[name]) for row in rows] for name in names})


def _bound(value: object) -> object:
    if isinstance(value, str):
        return storable(str(value))
    if isinstance(value, (tuple, list)):
        return [_bound(item) for item in value]
    return value


def _unnested(name: str, data_type: str) -> str:
    if data_type == "JSON":
        return f"unnest(${name}::VARCHAR[])::JSON"
    return f"unnest(${name}::{data_type}[])"


def next_seq(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """The next number of a table's order of arrival; there is only one writer, so nobody else takes it."""
    return int(fetch(con, f"SELECT coalesce(max(seq), 0) + 1 AS seq FROM {table}")[0]["seq"])


def numbered(con: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """The rows whose key is neither stored nor repeated, with their `seq`.

    Only stored rows take a number, so that a gap in the numbers means a row that is gone.
    """
    columns = ", ".join(key)
    values = [row[key[0]] for row in rows]
    known = {
        tuple(row.values())
        for row in fetch(
            con,
            f"SELECT {columns} FROM {table} WHERE {key[0]} IN (SELECT unnest($values::VARCHAR[]))",
            {"values": values},
        )
    }
    fresh: list[Row] = []
    for row in rows:
        name = tuple(row[column] for column in key)
        if name not in known:
            known.add(name)
            fresh.append(row)
    return [{**row, "seq": seq} for seq, row in enumerate(fresh, next_seq(con, table))]

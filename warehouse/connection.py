"""Connections to DuckDB, transactions, and the only two ways values get in and out of SQL.

Values are always bound. Table and column names come from this package and are checked against the
table before they enter a statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from domain.errors import WarehouseBusy, WarehouseDamaged
from warehouse.codec import storable

Row = dict[str, Any]

_TOLD_PID = re.compile(r"\(PID (\d+)\)")


def connect_writer(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file for writing; make it when there is none.

    WarehouseBusy when another process has it open, WarehouseDamaged when it is no DuckDB file.
    """
    if path.is_file() and path.stat().st_size == 0:
        # A process killed while DuckDB created the file leaves it empty, and DuckDB then refuses it.
        path.unlink()
    con = _told_plainly(path, lambda: duckdb.connect(str(path)))
    con.execute("SET TimeZone = 'UTC'")
    return con


def connect_reader(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open the file read-only, with no way out of it: no other file, no network, no settings.

    The file is attached to a private in-memory instance. DuckDB shares one instance among all
    connections of a process to the same path, which would show a replaced read copy's old rows.
    """
    con = duckdb.connect(":memory:", config={"temp_directory": "", "memory_limit": memory_limit})
    try:
        _told_plainly(path, lambda: con.execute("ATTACH $path AS warehouse (READ_ONLY)", {"path": str(path)}))
        for statement in (
            "USE warehouse",
            "SET TimeZone = 'UTC'",
            "SET enable_external_access = false",
            "SET autoload_known_extensions = false",
            "SET autoinstall_known_extensions = false",
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
    except (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException) as error:
        raise WarehouseDamaged(
            f"{path} is damaged ({one_line(error)}): restore it from a backup or move it away"
        ) from error


def one_line(error: Exception) -> str:
    """The first line of a DuckDB message, without its class prefix."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return re.sub(r"^[A-Za-z ]+ Error: ", "", first)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: whatever leaves the block by an exception leaves no row behind."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def fetch(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
    """All rows as dictionaries; times come back aware, in UTC."""
    cursor = con.execute(sql, dict(values or {}))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, map(in_utc, row), strict=True)) for row in cursor.fetchall()]


def in_utc(value: Any) -> Any:
    """DuckDB hands out times with pytz's zone; ours carry the standard library's UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, list):
        return [in_utc(item) for item in value]
    return value


def append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Append rows in one statement, column by column; a row whose key is there already is left out.

    One list a column is about twenty times faster than `executemany` and, unlike a data frame, keeps
    NULL apart from NaN and whole numbers whole.
    """
    if not rows:
        return
    types = {
        row["column_name"]: str(row["data_type"])
        for row in fetch(
            con,
            "SELECT column_name, data_type FROM duckdb_columns()"
            " WHERE table_name = $table AND database_name = current_database()",
            {"table": table},
        )
    }
    names = list(rows[0])
    if unknown := sorted({*names} - {*types}):
        raise ValueError(f"table {table} has no column {', '.join(unknown)}")
    columns = ", ".join(names)
    values = ", ".join(_unnested(name, types[name]) for name in names)
    statement = f"INSERT INTO {table} ({columns}) SELECT {values} ON CONFLICT DO NOTHING"
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
    found = con.execute(f"SELECT coalesce(max(seq), 0) + 1 FROM {table}").fetchone()
    return int(found[0]) if found else 1

"""The schema's history: numbered SQL files, each applied once, in order, with a note that it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files

import duckdb

from domain.errors import InvalidInput, WarehouseDamaged
from warehouse.connection import Row, fetch, one_line, transaction

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; `number` is the file name's first four digits."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


def shipped_migrations() -> tuple[Migration, ...]:
    """The migrations of this release, in order."""
    found = (
        Migration(int(match[1]), entry.name, entry.read_text(encoding="utf-8"))
        for entry in (files("warehouse") / "migrations").iterdir()
        if (match := _NAME.fullmatch(entry.name))
    )
    return tuple(sorted(found, key=lambda migration: migration.number))


def migrate(
    con: duckdb.DuckDBPyConnection,
    label: str,
    migrations: Sequence[Migration],
    keep: Callable[[int], object] = lambda schema: None,
) -> None:
    """Bring the schema up to date. `label` names the file in messages. `keep` is called with the number of the
    present schema before a file that has one is changed; where it fails, nothing is.

    WarehouseDamaged when the file is of a newer release, when a migration that was applied reads
    differently today, or when one fails; a failing one leaves nothing behind.
    """
    if not _has_ledger(con) and fetch(con, "SELECT 1 FROM duckdb_tables() LIMIT 1"):
        raise WarehouseDamaged(f"{label} is a DuckDB file but no warehouse of Clearance: choose another file")
    con.execute(_LEDGER)
    applied = _applied(con, label, migrations)
    if applied and any(migration.number not in applied for migration in migrations):
        keep(max(applied))
    for migration in migrations:
        note = applied.get(migration.number)
        if note is None:
            _apply(con, label, migration)
        elif note["sha256"] != migration.sha256:
            raise WarehouseDamaged(
                f"{label} was made with another {note['name']} than this release has: install the release that made it"
            )


def check_schema(con: duckdb.DuckDBPyConnection, label: str, migrations: Sequence[Migration]) -> None:
    """Whether a read copy can be read by this release; InvalidInput or WarehouseDamaged when not."""
    if not _has_ledger(con):
        raise WarehouseDamaged(f"{label} is a DuckDB file but no read copy of Clearance: `clearance run` makes one")
    missing = len(migrations) - len(_applied(con, label, migrations))
    if missing > 0:
        raise InvalidInput(f"{label} was made by an older Clearance: `clearance run` brings it up to date")


def _applied(con: duckdb.DuckDBPyConnection, label: str, migrations: Sequence[Migration]) -> dict[int, Row]:
    applied = {row["number"]: row for row in fetch(con, "SELECT number, name, sha256 FROM schema_migrations")}
    known = {migration.number for migration in migrations}
    if newer := sorted({*applied} - known):
        raise WarehouseDamaged(
            f"{label} was made by a newer Clearance (schema {newer[-1]}, this release knows"
            f" {max(known, default=0)}): upgrade Clearance"
        )
    return applied


def _has_ledger(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(fetch(con, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_migrations'"))


def _apply(con: duckdb.DuckDBPyConnection, label: str, migration: Migration) -> None:
    try:
        with transaction(con):
            con.execute(migration.sql)
            con.execute(
                "INSERT INTO schema_migrations (number, name, sha256, applied_at)"
                " VALUES ($number, $name, $sha256, $applied_at)",
                {
                    "number": migration.number,
                    "name": migration.name,
                    "sha256": migration.sha256,
                    "applied_at": datetime.now(UTC),
                },
            )
    except duckdb.Error as error:
        raise WarehouseDamaged(
            f"{label}: migration {migration.name} failed and was undone ({one_line(error)}): report this"
        ) from error


def refresh_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views and macros of this release, in file-name order; they hold no data of their own."""
    folder = files("warehouse") / "views"
    scripts = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    with transaction(con):
        for script in scripts:
            con.execute(script.read_text(encoding="utf-8"))

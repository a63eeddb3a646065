"""Corpus manifests: a million rows of CSV or Parquet grouped by what decides about a row.

Only the columns that decide are read. The connection sees the manifest and, where rows are written, the
file they go to, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import duckdb

from domain.errors import InvalidInput
from warehouse.connection import fetch, one_line

KEYS = ("source", "license", "allowed_envs")
"""The columns of a CorpusManifest that decide whether a row may train."""

_MOST_GROUPS = 100_000
_READERS = {
    ".csv": "read_csv($path, all_varchar = true, header = true, sample_size = 1000)",
    ".parquet": "read_parquet($path)",
}


_NO_LISTS: Mapping[str, Path] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RowGroup:
    """All rows that one answer covers. Empty text where a row says nothing; `first_row` counts from 1.
    `listed`: the list of the part that the row names has its track, with this license and these environments."""

    source: str
    license: str
    allowed_envs: str
    listed: bool
    rows: int
    first_row: int


class Manifest:
    """An open manifest. Close it, or use it as a context manager."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection, missing: tuple[str, ...]) -> None:
        self.path = path
        self.missing = missing
        """The deciding columns that the file does not have; every row then says nothing there."""
        self._con = con

    @classmethod
    def open(cls, path: Path, *, rows_to: Path | None = None, lists: Mapping[str, Path] = _NO_LISTS) -> Manifest:
        """Read the deciding columns. `rows_to` is where `write_rows` may write, `lists` the list of items for
        each part of a source (`fma_audio:commercial`) that rows may name.

        InvalidInput where the file is not there, is neither CSV nor Parquet, is broken, or has no
        column `source`.
        """
        reader = _READERS.get(path.suffix.casefold())
        if reader is None:
            raise InvalidInput("is neither .csv nor .parquet: give the manifest in one of these", path)
        if not path.is_file():
            raise InvalidInput("there is no such manifest", path)
        if set("*?[") & set(str(path)):
            raise InvalidInput("has *, ? or [ in its name, which would match other files: rename it", path)
        con = duckdb.connect(":memory:")
        try:
            reachable = [str(file.resolve()) for file in (path, rows_to, *lists.values()) if file is not None]
            con.execute("SET allowed_paths = $paths::VARCHAR[]", {"paths": reachable})
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            missing = _load(con, path.resolve(), reader, path)
            _mark_listed(con, lists)
        except duckdb.Error as error:
            con.close()
            raise InvalidInput(f"cannot be read as a manifest ({one_line(error)})", path) from error
        except BaseException:
            con.close()
            raise
        return cls(path, con, missing)

    def close(self) -> None:
        """Let go of the rows."""
        self._con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def groups(self) -> tuple[RowGroup, ...]:
        """Every combination of the deciding columns, in order of its first row. InvalidInput for more
        than 100,000 of them: such a column holds something else than a source, license or environment."""
        rows = fetch(
            self._con,
            "SELECT source, license, allowed_envs, listed, count(*) AS rows, min(row) AS first_row FROM manifest"
            " GROUP BY ALL ORDER BY first_row LIMIT $most",
            {"most": _MOST_GROUPS + 1},
        )
        if len(rows) > _MOST_GROUPS:
            raise InvalidInput(f"has more than {_MOST_GROUPS} kinds of rows: check its columns", self.path)
        return tuple(RowGroup(**row) for row in rows)

    def write_rows(self, verdicts: Mapping[RowGroup, str], path: Path) -> int:
        """Write number and verdict of every row whose group has a verdict, as CSV; returns how many.
        InvalidInput where the file cannot be written."""
        groups = list(verdicts)
        values = {
            "sources": [group.source for group in groups],
            "licenses": [group.license for group in groups],
            "envs": [group.allowed_envs for group in groups],
            "listed": [group.listed for group in groups],
            "verdicts": [verdicts[group] for group in groups],
        }
        # Not the row's own words: in a spreadsheet a cell that begins with = would be run.
        joined = f"SELECT row, verdict FROM manifest JOIN verdicts USING ({', '.join(KEYS)}, listed) ORDER BY row"
        try:
            self._con.execute(
                "CREATE OR REPLACE TEMP TABLE verdicts AS SELECT unnest($sources::VARCHAR[]) AS source,"
                " unnest($licenses::VARCHAR[]) AS license, unnest($envs::VARCHAR[]) AS allowed_envs,"
                " unnest($listed::BOOLEAN[]) AS listed, unnest($verdicts::VARCHAR[]) AS verdict",
                values,
            )
            copy = f"COPY ({joined}) TO $path (FORMAT csv, HEADER, USE_TMP_FILE false)"
            done = self._con.execute(copy, {"path": str(path.resolve())}).fetchone()
        except duckdb.Error as error:
            raise InvalidInput(f"cannot be written ({one_line(error)})", path) from error
        return 0 if done is None else int(done[0])


def _load(con: duckdb.DuckDBPyConnection, file: Path, reader: str, told: Path) -> tuple[str, ...]:
    described = con.execute(f"DESCRIBE SELECT * FROM {reader}", {"path": str(file)}).fetchall()
    names = {str(row[0]).casefold(): str(row[0]) for row in described}
    missing = tuple(key for key in KEYS if key not in names)
    if "source" in missing:
        raise InvalidInput(f"has no column 'source' but {', '.join(sorted(names.values())[:12])}", told)
    columns = ", ".join(
        f"'' AS {key}" if key in missing else f"coalesce(trim(CAST({_quoted(names[key])} AS VARCHAR)), '') AS {key}"
        for key in KEYS
    )
    # Only rows of a part of a source are looked up by their track.
    track = f"CAST({_quoted(names['track_path'])} AS VARCHAR)" if "track_path" in names else "NULL"
    source = f"CAST({_quoted(names['source'])} AS VARCHAR)"
    con.execute(
        f"CREATE TEMP TABLE manifest AS SELECT row_number() OVER () AS row, {columns},"
        f" CASE WHEN contains({source}, ':') THEN {track} END AS track, false AS listed FROM {reader}",
        {"path": str(file)},
    )
    return missing


def _mark_listed(con: duckdb.DuckDBPyConnection, lists: Mapping[str, Path]) -> None:
    """Mark the rows that the list of their part has, with the same license and environments."""
    for part, file in lists.items():
        con.execute(
            "UPDATE manifest SET listed = true FROM (SELECT DISTINCT track_path, license, allowed_envs"
            f" FROM {_READERS['.csv']}) AS l WHERE manifest.source = $part AND manifest.track = l.track_path"
            " AND lower(manifest.license) = lower(l.license) AND manifest.allowed_envs = l.allowed_envs",
            {"path": str(file.resolve()), "part": part},
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

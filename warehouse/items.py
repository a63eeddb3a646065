"""Tables of items with a license each, read by DuckDB in memory: spellings counted, lists written.

The file is a stranger's: it is the only one DuckDB may open, everything in it is text, values are bound,
and what is written is inert in a spreadsheet and on a terminal.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from domain.errors import InvalidInput
from warehouse import item_files
from warehouse.item_files import MANIFEST_COLUMNS, PASSED_ON

__all__ = ["MANIFEST_COLUMNS", "MOST_SPELLINGS", "PASSED_ON", "ItemTable", "RowVerdict", "Spelling"]

MOST_SPELLINGS = 10_000
_NO_TRACK = 2147483647
"""The rank of rows that no verdict covers: narrower than every other."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One license cell, with the license address beside it (empty: none), and how many rows have it."""

    cell: str
    address: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerdict:
    """What the rows of one spelling get. `rank` grows as the verdict narrows: of several rows about one
    item the narrowest counts for all of them."""

    cell: str
    address: str
    rank: int
    part: str
    license: str
    license_url: str
    allowed_envs: str
    reason: str


class ItemTable:
    """An item table loaded for one classification. Use as a context manager."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, columns: Mapping[str, str], sha256: str) -> None:
        self.columns = dict(columns)
        self.sha256 = sha256
        self._con = con
        self._folder = folder

    @classmethod
    def open(cls, path: Path, license_column: str, mapping: Mapping[str, str]) -> Self:
        """Load the columns of a CSV, TSV, JSON Lines or Parquet file that matter (`.gz` too).

        `mapping` names the table's column for a manifest column; others are found by their own names.
        InvalidInput when the file cannot be read or has no such column.
        """
        kind, packed = item_files.kind_of(path)
        folder = Path(tempfile.mkdtemp(prefix="clearance-items-"))
        try:
            # A neutral name: DuckDB takes * ? [ and :// in a path for other things.
            link = folder / f"table{kind}{packed}"
            link.symlink_to(path.resolve(strict=True))
            digest = item_files.sha256_of(path)
            con = item_files.connect(folder, link.resolve())
            with item_files.told(path):
                names = item_files.column_names(con, kind, link)
                columns = item_files.chosen(path, names, license_column, mapping)
                item_files.load(con, kind, link, columns)
            return cls(con, folder, columns, digest)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise InvalidInput(f"cannot be read: {error.strerror or error}", path) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def rows(self) -> int:
        """How many rows the table has."""
        return int(self._con.execute("SELECT count(*) FROM items").fetchall()[0][0])

    def spellings(self) -> tuple[Spelling, ...]:
        """Every distinct spelling, the most frequent first. InvalidInput for more than `MOST_SPELLINGS`."""
        found = self._con.execute(
            "SELECT cell, address, count(*) AS n FROM items GROUP BY ALL ORDER BY n DESC, cell, address LIMIT $most",
            {"most": MOST_SPELLINGS + 1},
        ).fetchall()
        if len(found) > MOST_SPELLINGS:
            name = self.columns["license"]
            raise InvalidInput(f"column {name!r} has more than {MOST_SPELLINGS} different values: is it the license?")
        return tuple(Spelling(cell, address, int(number)) for cell, address, number in found)

    def judge(self, verdicts: Sequence[RowVerdict]) -> dict[str, dict[str, int]]:
        """Give every row its verdict and return rows by part and license.

        A row without a track, and a row whose spelling has no verdict, goes to the rest; rows about one
        track share the narrowest verdict among them.
        """
        names = ("cell", "address", "rank", "part", "license", "license_url", "allowed_envs", "reason")
        types = {"rank": "INTEGER"}
        picked = ", ".join(f"unnest(${name}::{types.get(name, 'VARCHAR')}[]) AS {name}" for name in names)
        self._con.execute(
            f"CREATE OR REPLACE TABLE verdicts AS SELECT {picked}",
            {name: [getattr(verdict, name) for verdict in verdicts] for name in names},
        )
        self._con.execute(_RANKED)
        self._con.execute(_JUDGE)
        counted: dict[str, dict[str, int]] = {}
        for part, name, number in self._con.execute(
            "SELECT part, license, sum(n) AS n FROM (SELECT rank, count(*) AS n FROM judged GROUP BY rank)"
            " JOIN ranked USING (rank) GROUP BY ALL ORDER BY part, n DESC, license"
        ).fetchall():
            counted.setdefault(part, {})[name] = int(number)
        return counted

    def narrowed_rows(self) -> int:
        """How many rows took a narrower verdict than their own, because another row is about the same track."""
        return int(self._con.execute("SELECT count(*) FROM judged WHERE rank > own_rank").fetchall()[0][0])

    def envs(self) -> dict[str, int]:
        """Rows by where they may go; `none` for those that may go nowhere."""
        found = self._con.execute(
            "SELECT CASE WHEN allowed_envs = '' THEN 'none' ELSE allowed_envs END AS envs, count(*) FROM judged"
            " JOIN ranked USING (rank) GROUP BY ALL ORDER BY envs"
        ).fetchall()
        return {str(envs): int(number) for envs, number in found}

    def write_allowlist(self, part: str, source: str, target: Path) -> int:
        """Write the rows of a part in the manifest's columns; returns how many."""
        return self._copy(_ALLOWLIST, {"part": part, "source": source}, target)

    def write_rest(self, part: str, source: str, target: Path) -> int:
        """Write the rows of the part that may not be used, with the cell as spelled and the reason. The
        columns are not a manifest's, so that nobody loads the file as one."""
        return self._copy(_REST, {"part": part, "source": source}, target)

    def _copy(self, select: str, values: Mapping[str, str], target: Path) -> int:
        inside = self._folder / "list.csv"
        written = self._con.execute(
            f"COPY ({select}) TO $target (FORMAT csv, HEADER true)", {**values, "target": str(inside)}
        ).fetchall()
        partial = target.with_name(f".{target.name}.partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(inside, partial)
            os.replace(partial, target)
        except OSError as error:
            raise InvalidInput(f"cannot be written: {error.strerror or error}", target) from error
        return int(written[0][0])


# What a rank means, once; rows carry the number only.
_RANKED = f"""
CREATE OR REPLACE TABLE ranked AS
SELECT DISTINCT ON (rank) rank, part, license, license_url, allowed_envs, reason FROM verdicts
UNION ALL
SELECT {_NO_TRACK}, 'rest', 'NOASSERTION', '', '', 'the row names no track'
"""
_JUDGE = f"""
CREATE OR REPLACE TABLE judged AS
WITH owned AS (
    SELECT
        i.*,
        CASE WHEN i.track_path IS NULL THEN {_NO_TRACK} ELSE coalesce(v.rank, {_NO_TRACK}) END AS own_rank
    FROM items AS i
    LEFT JOIN verdicts AS v ON v.cell = i.cell AND v.address = i.address
),
shared AS (
    SELECT track_path, max(own_rank) AS rank FROM owned WHERE track_path IS NOT NULL GROUP BY track_path
)
SELECT o.*, coalesce(s.rank, {_NO_TRACK}) AS rank
FROM owned AS o
LEFT JOIN shared AS s ON s.track_path = o.track_path
"""
_ALLOWLIST = """
SELECT
    $source AS source, inert(track_path) AS track_path, license, license_url, allowed_envs,
    inert(checksum) AS checksum, inert(duration_ms) AS duration_ms, inert(track_juke_id) AS track_juke_id,
    inert(mbid_candidate) AS mbid_candidate, inert(fingerprint) AS fingerprint, inert(ingested_at) AS ingested_at
FROM judged JOIN ranked USING (rank)
WHERE part = $part AND allowed_envs <> ''
ORDER BY line
"""
_REST = """
SELECT
    $source AS source, inert(track_path) AS track_path, inert(cell) AS license_cell,
    inert(address) AS license_address, reason
FROM judged JOIN ranked USING (rank)
WHERE part = $part OR allowed_envs = ''
ORDER BY line
"""

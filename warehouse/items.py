"""Tables of items with a license each, read by DuckDB in memory: spellings counted, lists written.

The file is a stranger's: it is the only one DuckDB may open, everything in it is text, values are bound,
and what is written is inert in a spreadsheet and on a terminal.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from domain.errors import InvalidInput
from warehouse.codec import storable
from warehouse.connection import one_line

MANIFEST_COLUMNS = (
    "source", "track_path", "license", "license_url", "allowed_envs", "checksum", "duration_ms", "track_juke_id",
    "mbid_candidate", "fingerprint", "ingested_at",
)  # fmt: skip
"""The columns of a corpus manifest, in order."""

PASSED_ON = ("track_path", "checksum", "duration_ms", "track_juke_id", "mbid_candidate", "fingerprint", "ingested_at")
"""Those of them that an item table may fill; the others are decided."""

MOST_SPELLINGS = 10_000
_AS_TEXT = "all_varchar = true, header = true, quote = '\"', escape = '\"', sample_size = 1"
_FORMATS = {
    ".csv": f"read_csv($path, {_AS_TEXT}, delim = ',')",
    ".tsv": f"read_csv($path, {_AS_TEXT}, delim = '\t')",
    ".parquet": "read_parquet($path)",
    ".jsonl": "read_ndjson_objects($path)",
    ".ndjson": "read_ndjson_objects($path)",
}
_MEMORY = "2GB"
_INERT = r"""
CREATE MACRO inert(cell) AS CASE
    WHEN regexp_matches(cell, '^[\s\p{Cc}\p{Cf}]*[=+@＝＋＠－-]')
    THEN '''' || regexp_replace(cell, '[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]', ' ', 'g')
    ELSE regexp_replace(cell, '[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]', ' ', 'g')
END
"""


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
        kind, packed = _kind_of(path)
        folder = Path(tempfile.mkdtemp(prefix="clearance-items-"))
        try:
            # A neutral name: DuckDB takes * ? [ and :// in a path for other things.
            link = folder / f"table{kind}{packed}"
            link.symlink_to(path.resolve(strict=True))
            digest = _sha256(path)
            con = _connect(folder, link.resolve())
            with _told(path):
                names = _column_names(con, kind, link)
                columns = _chosen(path, names, license_column, mapping)
                _load(con, kind, link, columns)
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
        self._con.execute(_JUDGE)
        counted: dict[str, dict[str, int]] = {}
        for part, name, number in self._con.execute(
            "SELECT part, license, count(*) FROM judged GROUP BY ALL ORDER BY part, count(*) DESC, license"
        ).fetchall():
            counted.setdefault(part, {})[name] = int(number)
        return counted

    def narrowed_rows(self) -> int:
        """How many rows took a narrower verdict than their own, because another row is about the same track."""
        return int(self._con.execute("SELECT count(*) FROM judged WHERE rank > own_rank").fetchall()[0][0])

    def envs(self) -> dict[str, int]:
        """Rows by where they may go; `none` for those that may go nowhere."""
        found = self._con.execute(
            "SELECT CASE WHEN allowed_envs = '' THEN 'none' ELSE allowed_envs END AS envs, count(*) FROM judged "
            "GROUP BY ALL ORDER BY envs"
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


_JUDGE = """
CREATE OR REPLACE TABLE judged AS
WITH owned AS (
    SELECT
        i.*,
        CASE WHEN i.track_path IS NULL THEN 2147483647 ELSE coalesce(v.rank, 2147483647) END AS own_rank
    FROM items AS i
    LEFT JOIN verdicts AS v ON v.cell = i.cell AND v.address = i.address
),
shared AS (
    SELECT track_path, max(own_rank) AS rank FROM owned WHERE track_path IS NOT NULL GROUP BY track_path
)
SELECT
    o.*,
    coalesce(s.rank, 2147483647) AS rank,
    coalesce(v.part, 'rest') AS part,
    coalesce(v.license, 'NOASSERTION') AS license,
    coalesce(v.license_url, '') AS license_url,
    coalesce(v.allowed_envs, '') AS allowed_envs,
    coalesce(v.reason, 'the row names no track') AS reason
FROM owned AS o
LEFT JOIN shared AS s ON s.track_path = o.track_path
LEFT JOIN (SELECT DISTINCT ON (rank) * FROM verdicts) AS v ON v.rank = coalesce(s.rank, 2147483647)
"""
_ALLOWLIST = """
SELECT
    $source AS source, inert(track_path) AS track_path, license, license_url, allowed_envs,
    inert(checksum) AS checksum, inert(duration_ms) AS duration_ms, inert(track_juke_id) AS track_juke_id,
    inert(mbid_candidate) AS mbid_candidate, inert(fingerprint) AS fingerprint, inert(ingested_at) AS ingested_at
FROM judged
WHERE part = $part AND allowed_envs <> ''
ORDER BY line
"""
_REST = """
SELECT
    $source AS source, inert(track_path) AS track_path, inert(cell) AS license_cell,
    inert(address) AS license_address, reason
FROM judged
WHERE part = $part OR allowed_envs = ''
ORDER BY line
"""


def _kind_of(path: Path) -> tuple[str, str]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = ".gz" if suffixes and suffixes[-1] == ".gz" else ""
    kind = (suffixes[:-1] if packed else suffixes)[-1:]
    if not kind or kind[0] not in _FORMATS or (packed and kind[0] == ".parquet"):
        raise InvalidInput("is no table we read: .csv, .tsv, .jsonl, .ndjson (also .gz) or .parquet", path)
    return kind[0], packed


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _connect(folder: Path, table: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(
        ":memory:",
        config={
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "memory_limit": _MEMORY,
            "temp_directory": str(folder / "spill"),
        },
    )
    con.execute("SET allowed_directories = $folders", {"folders": [str(folder)]})
    con.execute("SET allowed_paths = $paths", {"paths": [str(table)]})
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET python_enable_replacements = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    con.execute(_INERT)
    return con


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise InvalidInput(f"needs more than {_MEMORY} of memory", path) from error
    except duckdb.Error as error:
        raise InvalidInput(f"cannot be read as a table: {one_line(error)}", path) from error


def _column_names(con: duckdb.DuckDBPyConnection, kind: str, link: Path) -> list[str]:
    if kind in (".jsonl", ".ndjson"):
        source = f"{_FORMATS[kind]} WHERE json_type(json) = 'OBJECT'"
        # Two answers under one key: whichever is taken, the other may be the narrower.
        twice = con.execute(
            f"SELECT 1 FROM {source} AND len(json_keys(json)) <> len(list_distinct(json_keys(json))) LIMIT 1",
            {"path": str(link)},
        ).fetchall()
        if twice:
            raise InvalidInput("a line has a key twice: say which of its values counts")
        found = con.execute(f"SELECT DISTINCT unnest(json_keys(json)) FROM {source}", {"path": str(link)}).fetchall()
        return sorted(str(row[0]) for row in found)
    if kind in (".csv", ".tsv"):
        # DuckDB would rename the second of two columns of a name, and so drop it.
        [head] = con.execute(
            f"SELECT * FROM {_FORMATS[kind].replace('header = true', 'header = false')} LIMIT 1", {"path": str(link)}
        ).fetchall() or [()]
        named = [str(name).strip().casefold() for name in head if name is not None]
        if len(named) > len({*named}):
            raise InvalidInput("the first line names a column twice: rename one of them")
    con.execute(f"SELECT * FROM {_FORMATS[kind]} LIMIT 0", {"path": str(link)})
    return [str(column[0]) for column in con.description or ()]


def _chosen(path: Path, names: Sequence[str], license_column: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """The table's column for each of ours: `license`, `license_url` and those that are passed on."""
    if strangers := sorted({*mapping} - {*PASSED_ON, "license_url"}):
        raise InvalidInput(f"no manifest column is called {', '.join(strangers)}: write one of {', '.join(PASSED_ON)}")
    wanted = {"license": license_column, **mapping}
    for column in wanted.values():
        if column not in names:
            raise InvalidInput(f"has no column {column!r}: it has {', '.join(map(repr, names[:20]))}", path)
    for name in (*PASSED_ON, "license_url"):
        if name in names and name != license_column:
            wanted.setdefault(name, name)
    if "track_path" not in wanted:
        lowered = {name.lower(): name for name in reversed(names) if name != license_column}
        known = next((lowered[name] for name in _TRACK_NAMES if name in lowered), None)
        if known is not None:
            wanted["track_path"] = known
    return wanted


_TRACK_NAMES = ("path", "file_path", "filename", "file", "track_id", "trackid", "track", "item_id", "item", "id", "url")


def _load(con: duckdb.DuckDBPyConnection, kind: str, link: Path, columns: Mapping[str, str]) -> None:
    """The table `items`: our columns as text, empty cells NULL; license cells never NULL."""
    values: dict[str, object] = {"path": str(link)}
    picked = []
    for number, name in enumerate(("license", "license_url", *PASSED_ON)):
        column = columns.get(name)
        if column is None:
            cell = "NULL::VARCHAR"
        elif kind in (".jsonl", ".ndjson"):
            values[f"key{number}"] = "/" + storable(column).replace("~", "~0").replace("/", "~1")
            cell = f"json_extract_string(json, $key{number})"
        else:
            cell = f'CAST("{column.replace(chr(34), chr(34) * 2)}" AS VARCHAR)'
        picked.append(f"{cell} AS {name}")
    con.execute(
        f"""
        CREATE TABLE items AS
        SELECT
            row_number() OVER () AS line,
            coalesce(license, '') AS cell,
            -- Only addresses of licenses: an item's own page differs from row to row and says nothing here.
            CASE
                WHEN regexp_matches(lower(license_url), '^\\s*https?://(www\\.)?(creativecommons|opendatacommons)\\.org/')
                THEN trim(license_url) ELSE ''
            END AS address,
            {", ".join(f"nullif(trim({name}), '') AS {name}" if name == "track_path" else name for name in PASSED_ON)}
        FROM (SELECT {", ".join(picked)} FROM {_FORMATS[kind]})
        """,
        values,
    )

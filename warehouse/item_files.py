"""Reading a stranger's item table into DuckDB: the columns that matter, as text, and nothing else of the machine.

The file is the only one DuckDB may open, everything in it is text, and values are bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

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
    -- Nearly all cells: printable ASCII that begins like a name or a number.
    WHEN cell IS NULL OR regexp_full_match(cell, '[0-9A-Za-z/._][ -~]*') THEN cell
    WHEN regexp_matches(cell, '^[\s\p{Cc}\p{Cf}]*[=+@＝＋＠－-]')
    THEN '''' || regexp_replace(cell, '[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]', ' ', 'g')
    ELSE regexp_replace(cell, '[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]', ' ', 'g')
END
"""


def kind_of(path: Path) -> tuple[str, str]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = ".gz" if suffixes and suffixes[-1] == ".gz" else ""
    kind = (suffixes[:-1] if packed else suffixes)[-1:]
    if not kind or kind[0] not in _FORMATS or (packed and kind[0] == ".parquet"):
        raise InvalidInput("is no table we read: .csv, .tsv, .jsonl, .ndjson (also .gz) or .parquet", path)
    return kind[0], packed


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def connect(folder: Path, table: Path) -> duckdb.DuckDBPyConnection:
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
def told(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise InvalidInput(f"needs more than {_MEMORY} of memory", path) from error
    except duckdb.Error as error:
        raise InvalidInput(f"cannot be read as a table: {one_line(error)}", path) from error


def column_names(con: duckdb.DuckDBPyConnection, kind: str, link: Path) -> list[str]:
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


def chosen(path: Path, names: Sequence[str], license_column: str, mapping: Mapping[str, str]) -> dict[str, str]:
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


def load(con: duckdb.DuckDBPyConnection, kind: str, link: Path, columns: Mapping[str, str]) -> None:
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

"""Every view as a file: CSV or Parquet, written from the read copy."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from domain.errors import InvalidInput
from warehouse.connection import one_line
from warehouse.query import Reader

VIEWS = (
    "tier_now", "tier_history", "changes", "license_history", "evidence", "open_gates", "contradictions", "stale_pages",
    "runs", "alerts", "license_claims", "reservations",
)  # fmt: skip
"""The views other programs rely on; macros take an argument and are not exported."""

_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+@＝＋＠－-]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_MOST_ROWS = 5_000_000


def export_views(warehouse: Path, folder: Path, kind: str) -> dict[str, int]:
    """Write each view to `folder/VIEW.csv` or `.parquet`; returns rows by view.

    In CSV a cell a spreadsheet would take for a formula begins with an apostrophe, and control characters
    are blanks; Parquet holds the values as they are. InvalidInput where a file cannot be written.
    """
    written = {}
    with Reader.open(warehouse) as reader:
        for view in VIEWS:
            names, rows = reader.query(f"SELECT * FROM {view}", seconds=300.0, max_rows=_MOST_ROWS)
            types = _types(reader, view)
            target = folder / f"{view}.{kind}"
            partial = folder / f".{view}.{kind}.partial"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                if kind == "csv":
                    _write_csv(partial, names, rows)
                else:
                    _write_parquet(partial, names, types, rows)
                os.replace(partial, target)
            except OSError as error:
                raise InvalidInput(f"cannot be written: {error.strerror or error}", target) from error
            written[view] = len(rows)
    return written


def _types(reader: Reader, view: str) -> list[str]:
    return [str(row[1]) for row in reader.query(f"DESCRIBE SELECT * FROM {view}")[1]]


def _write_csv(path: Path, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(names)
        lines.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    text = _UNSEEN.sub(" ", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _write_parquet(path: Path, names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    con = duckdb.connect(
        ":memory:", config={"autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}
    )
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET allowed_directories = $folders", {"folders": [str(path.parent.resolve())]})
        con.execute("SET enable_external_access = false")
        # Names and types are those of our own views.
        kinds = ["VARCHAR" if kind == "JSON" else kind for kind in types]
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, kinds, strict=True))
        con.execute(f"CREATE TABLE exported ({columns})")
        if rows:
            # One list a column: row by row would take minutes for a long history.
            values = {f"c{at}": [row[at] for row in rows] for at in range(len(names))}
            cells = ", ".join(f"unnest($c{at}::{kind}[])" for at, kind in enumerate(kinds))
            con.execute(f"INSERT INTO exported SELECT {cells}", values)
        con.execute("COPY exported TO $path (FORMAT parquet)", {"path": str(path.resolve())})
    except duckdb.Error as error:
        raise InvalidInput(f"cannot be written: {one_line(error)}", path) from error
    finally:
        con.close()

"""Whole tables at the sizes of the real ones: counts, lists, and what a hostile table cannot do."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest
from item_tables import FMA, JAMENDO, cells_of, write_table

from catalog import load_policy
from domain.errors import InvalidInput
from flows.classify_items import ItemsResult, classify_items
from terms.reader import Reader
from warehouse.items import MANIFEST_COLUMNS, MOST_SPELLINGS

POLICY = load_policy(Path(__file__).parents[2] / "policy")
READER = Reader(POLICY.families)


class CountingReader(Reader):
    """Counts what it is asked."""

    asked = 0

    def read_text(self, *arguments: object, **more: object) -> object:  # type: ignore[override]
        self.asked += 1
        return super().read_text(*arguments, **more)  # type: ignore[arg-type]


def classify(path: Path, column: str, out: Path | None = None, **mapping: str) -> ItemsResult:
    return classify_items(path, column, POLICY, READER, mapping=mapping, out=out)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = ("track_path", "license")) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_the_jamendo_sized_table_splits_by_the_counts_told_of_it(tmp_path: Path) -> None:
    write_table(tmp_path / "jamendo.tsv", cells_of(JAMENDO, 7), "license_url", "\t")
    result = classify(tmp_path / "jamendo.tsv", "license_url", tmp_path / "out", track_path="file")
    assert result.rows == 55_701
    assert result.determinations == {
        "production-commercial": 9_933 + 3_122,
        "research-only": 21_399 + 2_274,
        "prohibited-unclear": 15_584 + 3_303 + 86,
    }
    assert result.parts == {"commercial": 13_055, "research": 23_673, "rest": 18_973}
    commercial = rows_of(tmp_path / "out" / "jamendo.commercial.csv")
    assert tuple(commercial[0]) == MANIFEST_COLUMNS
    assert {row["source"] for row in commercial} == {"jamendo:commercial"}
    assert {row["license"] for row in commercial} == {"CC-BY-SA-3.0", "CC-BY-3.0"}
    assert len(rows_of(tmp_path / "out" / "jamendo.research.csv")) == 23_673


def test_the_fma_sized_table_is_read_once_a_spelling(tmp_path: Path) -> None:
    write_table(tmp_path / "fma.csv", cells_of(FMA, 7), "track.license")
    reader = CountingReader(POLICY.families)
    result = classify_items(
        tmp_path / "fma.csv", "track.license", POLICY, reader, mapping={"track_path": "file"}, out=tmp_path / "out"
    )
    assert result.rows == 106_574
    assert reader.asked == len(FMA) - 1
    by_cell = {spelling.cell: verdict.part.value for spelling, verdict in result.spellings}
    assert by_cell["Attribution"] == by_cell["Attribution-ShareAlike"] == "commercial"
    assert by_cell["FMA-Limited: Download Only"] == by_cell["other"] == by_cell[""] == "rest"
    noncommercial = [cell for cell in FMA if "noncommercial" in cell.lower()]
    assert sum(FMA[cell] for cell in noncommercial) == 88_845
    assert "commercial" not in {by_cell[cell] for cell in noncommercial}
    listed = rows_of(tmp_path / "out" / "fma.commercial.csv")
    assert len(listed) == 4_991 + 1_549 + 1_300 + 450
    assert json.loads((tmp_path / "out" / "fma.items.json").read_text())["rows"] == 106_574


def test_each_of_a_million_rows_is_counted_once(tmp_path: Path) -> None:
    write_table(tmp_path / "million.csv", (cells_of(FMA, 7) * 10)[:1_000_000], "license")
    result = classify(tmp_path / "million.csv", "license", tmp_path / "out", track_path="file")
    assert result.rows == sum(result.parts.values()) == 1_000_000


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_every_format_gives_the_same_answer(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t[1]*?.{kind}"
    cells = ["CC0 1.0", "CC BY-NC 4.0", "", "00123", "2024-01-01"]
    if kind in ("csv", "tsv"):
        write_table(path, cells, "license", "," if kind == "csv" else "\t")
    elif kind == "jsonl":
        lines = [{"file": f"{at}.mp3", "license": cell} for at, cell in enumerate(cells)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    else:
        duckdb.execute(
            "COPY (SELECT unnest($files) AS file, unnest($cells) AS license) TO $path (FORMAT parquet)",
            {"files": [f"{at}.mp3" for at in range(len(cells))], "cells": cells, "path": str(path)},
        )
    result = classify(path, "license", track_path="file")
    assert result.parts == {"commercial": 1, "research": 1, "rest": 3}
    assert sorted(spelling.cell for spelling, _ in result.spellings) == sorted(cells)


def test_a_track_listed_twice_takes_the_narrower_answer(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.csv", ("a.mp3", "CC0 1.0"), ("a.mp3", "CC BY-NC 4.0"), ("b.mp3", "CC0"), ("b.mp3", "other")
    )
    result = classify(path, "license", tmp_path / "out")
    assert result.parts == {"commercial": 0, "research": 2, "rest": 2}
    assert result.narrowed_rows == 2
    assert rows_of(tmp_path / "out" / "t.commercial.csv") == []


def test_a_row_without_a_track_is_never_listed(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", ("", "CC0 1.0"), ("  ", "CC0 1.0"), ("a.mp3", "CC0 1.0"))
    classify(path, "license", tmp_path / "out")
    assert [row["track_path"] for row in rows_of(tmp_path / "out" / "t.commercial.csv")] == ["a.mp3"]


def test_an_address_beside_the_name_only_narrows(tmp_path: Path) -> None:
    rows = [
        ("a.mp3", "CC BY 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("b.mp3", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("c.mp3", "other", "https://creativecommons.org/licenses/by/4.0/"),
        ("d.mp3", "CC BY 4.0", "https://example.org/track/17"),
    ]
    path = table(tmp_path / "t.csv", *rows, header=("track_path", "license", "license_url"))
    result = classify(path, "license", tmp_path / "out")
    assert result.parts == {"commercial": 2, "research": 1, "rest": 1}
    assert [row["track_path"] for row in rows_of(tmp_path / "out" / "t.commercial.csv")] == ["b.mp3", "d.mp3"]


@pytest.mark.parametrize(
    "cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\x1b[31m=1"]
)
def test_cells_are_inert_in_a_spreadsheet_and_on_a_terminal(tmp_path: Path, cell: str) -> None:
    path = table(
        tmp_path / "t.csv", ("a.mp3", "CC0 1.0", cell), (f"x{cell}\x1b]0;t\x07\u202e", f"{cell} CC0", cell),
        header=("track_path", "license", "checksum"),
    )  # fmt: skip
    classify(path, "license", tmp_path / "out")
    for file in (tmp_path / "out").glob("*.csv"):
        for row in rows_of(file):
            for value in row.values():
                assert not value.lstrip().startswith(("=", "+", "-", "@", "＝"))
                assert not any(char in value for char in "\x1b\x07\u202e\t\r\n")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", b"track_path,license\na,\xff\xfe\n", "cannot be read as a table"),
        ("t.csv", b'track_path,license\na,"CC0\n', "cannot be read as a table"),
        ("t.csv", b"track_path,rights\na,CC0\n", "has no column 'license'"),
        ("t.jsonl", b'{"license": "CC0"\n', "cannot be read as a table"),
        ("t.parquet", b"PAR1 nothing", "cannot be read as a table"),
        ("t.xlsx", b"", "is no table we read"),
        ("t.csv", b"track_path,license,license\na,CC0 1.0,other\n", "names a column twice"),
        ("t.csv", b"track_path,license,License\na,CC0 1.0,other\n", "names a column twice"),
        ("t.jsonl", b'{"track_path": "a", "license": "CC0 1.0", "license": "other"}\n', "has a key twice"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput, match=says) as told:
        classify(tmp_path / name, "license")
    assert "\n" not in str(told.value)


def test_a_column_of_something_else_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", *((f"{at}.mp3", f"title {at}") for at in range(MOST_SPELLINGS + 1)))
    with pytest.raises(InvalidInput, match="is it the license"):
        classify(path, "license")


def test_a_source_nobody_decided_about_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", ("a.mp3", "CC0 1.0"))
    with pytest.raises(InvalidInput, match="run `clearance run` first"):
        classify_items(path, "license", POLICY, READER, mapping={}, source="nobody", warehouse=tmp_path / "w.duckdb")


def test_without_a_decided_source_nothing_goes_to_production(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", ("a.mp3", "CC0 1.0"))
    assert classify(path, "license").envs == {"research": 1}

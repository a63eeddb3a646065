"""The queries of docs/cookbook.md and what they give; run this file to write the results anew.

`python tests/docs/cookbook_pages.py` with the project on the path.
"""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from songdust_story import ROOT, tell_songdust

from reports.terminal import rows_table
from warehouse.query import Reader

COOKBOOK = ROOT / "docs" / "cookbook.md"
_RECIPE = re.compile(
    r"^## (?P<question>[^\n]+)\n(?:(?!^## ).)*?^```sql\n(?P<sql>.*?)^```\n\n^```text\n(?P<shown>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One question, its query, and the result as the cookbook prints it."""

    question: str
    sql: str
    shown: str


def recipes(text: str) -> list[Recipe]:
    """All recipes of the cookbook, in order."""
    return [Recipe(match["question"], match["sql"], match["shown"]) for match in _RECIPE.finditer(text)]


def table_of(reader: Reader, sql: str) -> str:
    """What `clearance query` prints where nobody watches, without the blanks at the ends of lines."""
    stream = io.StringIO()
    Console(file=stream, width=200, highlight=False, emoji=False, markup=False).print(rows_table(*reader.query(sql)))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _write_results() -> None:
    text = COOKBOOK.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, Reader.open(tell_songdust(Path(folder))) as reader:
        for match in reversed(list(_RECIPE.finditer(text))):
            text = text[: match.start("shown")] + table_of(reader, match["sql"]) + text[match.end("shown") :]
    COOKBOOK.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write_results()

"""The documents of this project as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = tuple(sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]))

_FENCE = re.compile(r"^(```+).*?^\1\s*$", re.M | re.S)
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.M)


def read(name: str) -> str:
    """A document by its path from the project's folder."""
    return (ROOT / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return _FENCE.sub("", text)


def section(text: str, heading: str) -> str:
    """What stands under a heading, to the next of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(heading)}\s*$", text, re.M)
    assert found, f"there is no heading {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.M)
    return rest[: end.start()] if end else rest


def anchors(text: str) -> set[str]:
    """The names by which a document's headings can be linked to."""
    return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for words in _HEADING.findall(prose(text))}


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, escaped bars kept."""
    lines = (line for line in text.splitlines() if line.startswith("|"))
    cells = ([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines)
    return [row for row in cells if not set("".join(row)) <= set("-: ")]


def code_words(cell: str) -> list[str]:
    """The words of a cell that stand as code."""
    return re.findall(r"`([^`]+)`", cell)

"""What the shape of a piece of markup says: tables of data, titles in bold, terms with short values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from terms.builder import CellPieces

_SHORT_VALUE = 200
_LONGEST_TITLE = 80
_NOTE_MARK = re.compile(r"[a-z\d]")
_NOTE_BLOCKS = frozenset({"p", "li", "div", "small", "td", "dd"})
_TITLES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})
_NO_LINES = frozenset({"li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})
_LARGE_CELL = 1_200


def notes_of(root: Any) -> frozenset[str]:
    """The raised letters and figures that begin a block: marks of notes, not powers."""
    marks = set()
    for raised in root.iter("sup"):
        mark, parent = raised.text_content().strip(), raised.getparent()
        before = raised.getprevious()
        first = parent is not None and (
            not (parent.text or "").strip()
            if before is None
            else before.tag == "br" and not (before.tail or "").strip()
        )
        if first and _NOTE_MARK.fullmatch(mark) and parent.tag in _NOTE_BLOCKS and raised.tail:
            marks.add(mark)
    return frozenset(marks)


def is_title(paragraph: Any) -> bool:
    """Whether a paragraph is nothing but a few bold words: a title, whatever its tag."""
    if len(paragraph) != 1 or (paragraph.text or "").strip() or paragraph[0].tag not in ("b", "strong"):
        return False
    words = paragraph[0].text_content().strip()
    return not (paragraph[0].tail or "").strip() and 0 < len(words) < _LONGEST_TITLE and words[-1] not in ".!?;,"


def is_title_line(bold: Any) -> bool:
    """Whether bold words stand alone on a line of a text that line breaks part."""
    before, after = bold.getprevious(), bold.getnext()
    if bold.getparent().tag in _NO_LINES or after is None or after.tag != "br" or (bold.tail or "").strip():
        return False
    words = (bold.text_content() or "").strip()
    alone = (
        not (bold.getparent().text or "").strip()
        if before is None
        else before.tag == "br" and not (before.tail or "").strip()
    )
    return alone and 0 < len(words) < _LONGEST_TITLE and words[-1] not in ".!?;,:"


def heading_around(element: Any) -> Any:
    """The heading, summary or term an element stands in, if any."""
    return next((above for above in element.iterancestors() if above.tag in _TITLES), None)


def short_value(term: Any) -> Any:
    """The definition that follows a term when it is only a few words, else None."""
    if term is None or term.tag != "dt":
        return None
    value = term.getnext()
    if value is None or value.tag != "dd" or len(value.text_content()) > _SHORT_VALUE:
        return None
    if len(term.text_content()) > _SHORT_VALUE or value.find(".//ul") is not None or value.find(".//pre") is not None:
        return None
    following = value.getnext()
    return value if following is None or following.tag != "dd" else None


def rows_of(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def span(value: str | None) -> int:
    return max(1, min(int(value), 1000)) if value and value.strip().isdigit() else 1


def names_columns(cells: list[CellPieces]) -> bool:
    """Whether a first row of plain cells names columns: short, without links, one of them a word for
    licenses or names."""
    words = ["".join(text for text, _ in cell.pieces).strip().lower() for cell in cells]
    linked = any(href for cell in cells for _, href in cell.pieces)
    return (
        not linked
        and all(len(word) < 40 for word in words)
        and any(
            re.fullmatch(
                r"(?:data ?)?(?:licen[sc]es?|name|data ?set|corpus|rights|terms|lizenz|licence|licencia|collection|title)(?: name| of use)?",
                word,
            )
            for word in words
        )
    )


def is_layout(table: Any) -> bool:
    """Whether a table only arranges the page: other tables, headings or long text in its cells."""
    if table.get("role") in ("presentation", "none"):
        return True
    for element in table.iter():
        if element is not table and element.tag in ("table", "h1", "h2", "h3", "h4"):
            return True
        if element.tag == "td" and len(element) > 3 and len(element.text_content()) > _LARGE_CELL:
            return True
    return False

"""What the shape of a piece of markup says: tables of data, titles in bold, terms with short values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from terms.builder import CellPieces

_SHORT_VALUE = 200
_LONGEST_TITLE = 80
_NOTE_MARK = re.compile(r"[a-z\d]")
_NOTE_BLOCKS = frozenset({"p", "li", "div", "small", "td", "dd"})
_TITLES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})
_OF_WHOLE = re.compile(
    r"(?:(?:and|the|&|how|to|of|for|data(?: ?sets?)?|about|overview|introduction|descriptions?|details|downloads?|files?|usage|use|code|models?|papers?|citations?|cite"
    r"|contact|home|news|team|people|faq|examples?|preview|versions?|metadata|activity|discussions?|readme|licen[sc]es?|licensing|terms|conditions|rights|access|license agreement)\W*)+",
    re.I,
)
_NO_LINES = frozenset({"li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})
_FEWEST_NAMED = 2
_LATER = 4
"""How many elements behind its last a paragraph may end at, where the last itself is not shown."""
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


def names_one_thing(label: str) -> bool:
    """Whether a label can be the name of one of several things, as "License" and "Download" cannot."""
    return _OF_WHOLE.fullmatch(label) is None


def named_paragraphs(parent: Any) -> dict[Any, frozenset[Any]]:
    """The paragraphs of an element that begin with a name in bold, each with the children it ends at: as many as
    before the next name, and for the last as many as for the one before it."""
    children = [child for child in parent if isinstance(child.tag, str)]
    names = [index for index, child in enumerate(children) if _begins_with_name(child)]
    if len(names) < _FEWEST_NAMED or not all(
        names_one_thing(_name_of(children[index]).text_content()) for index in names
    ):
        return {}
    sizes = [after - before for before, after in pairwise(names)]
    return {
        children[index]: frozenset((parent, *children[index + size - 1 : index + size + _LATER]))
        for index, size in zip(names, [*sizes, sizes[-1]], strict=True)
    }


def _begins_with_name(element: Any) -> bool:
    name = _name_of(element)
    if element.tag != "p" or name is None:
        return False
    words = name.text_content().strip()
    return 0 < len(words) < _LONGEST_TITLE and len(element.text_content().strip()) > len(words) + 1


def _name_of(paragraph: Any) -> Any:
    """The bold words a paragraph begins with, pictures before them aside."""
    if (paragraph.text or "").strip():
        return None
    for child in paragraph:
        if child.tag != "img":
            return child if child.tag in ("b", "strong") else None
        if (child.tail or "").strip():
            return None
    return None


def is_named_box(table: Any) -> bool:
    """Whether a table's first row is one cell that names what stands in the rows below."""
    rows = list(rows_of(table))
    return len(rows) > 1 and [cell.tag for cell in rows[0] if isinstance(cell.tag, str)] == ["th"]


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


def follows_label(inline: Any) -> bool:
    """Whether inline words begin right where others end which only a style sheet sets apart: "48 kHz" and "CC0"."""
    before = inline.getprevious()
    if before is None or before.tail or not inline.text:
        return False
    words = (before.text_content() or "")[-1:]
    return words.islower() and (inline.text[0].isupper() or (before.tag == inline.tag and inline.text[0].isdigit()))


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

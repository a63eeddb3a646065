"""Tables of data as rows of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from terms.builder import Builder, CellPieces
from terms.document import BlockKind
from terms.html_controls import is_box
from terms.html_furniture import Furniture
from terms.html_shapes import names_columns, rows_of, span


class Tables:
    """Feeds a builder with tables. `notes` are the raised letters and figures that point to notes; `opens` has
    the boxes that controls open, which are read where their controls stand."""

    def __init__(self, builder: Builder, furniture: Furniture, notes: frozenset[str], opens: Mapping[Any, Any]) -> None:
        self._builder = builder
        self._furniture = furniture
        self._notes = notes
        self._opens = opens

    def add(self, table: Any) -> None:
        """A table of data, row by row."""
        rows, anchors = [], []
        for row in rows_of(table):
            cells, ids = [], [row.get("id")] if row.get("id") else []
            for cell in row:
                if cell.tag not in ("td", "th") or self._furniture.is_skipped(cell, in_unit=True):
                    continue
                if len(cell) or cell in self._opens:
                    ids.extend(filter(None, (inner.get("id") for inner in cell.iter("*"))))
                    pieces = list(self.pieces(cell))
                else:
                    ids.extend(filter(None, (cell.get("id"),)))
                    pieces = [(cell.text, None)] if cell.text else []
                cells.append(CellPieces(pieces, cell.tag == "th", span(cell.get("rowspan")), span(cell.get("colspan"))))
            rows.append(cells)
            anchors.append(tuple(dict.fromkeys(ids)))
        start, caption = self._builder.length, table.find("caption")
        if caption is not None:
            self._builder.block(BlockKind.TEXT, [(caption.text_content(), None)])
        if len(rows) > 1 and not any(cell.header for cell in rows[0]) and names_columns(rows[0]):
            rows[0] = [CellPieces(cell.pieces, True, cell.rows, cell.columns) for cell in rows[0]]
        self._builder.table(rows, anchors)
        if caption is not None and rows and not all(cell.header for cell in rows[0]):
            # A box of fields, of what its caption names.
            self._builder.unit(start)

    def pieces(self, cell: Any) -> Iterator[tuple[str, str | None]]:
        """The visible text of a cell with its links."""
        stack: list[tuple[Any, str | None, bool]] = [(cell, None, False)]
        boxes = set()
        while stack:
            element, href, tail = stack.pop()
            if tail:
                if element.tail and element not in boxes:
                    yield element.tail, href
                continue
            if element is not cell:
                stack.append((element, href, True))
            if not isinstance(element.tag, str):
                if element.tag is etree.Comment and element.text:
                    self._builder.mark("comment", "comment", element.text)
                continue
            if (box := self._opens.get(element)) is not None:
                boxes.add(box)
                stack.append((box, None, False))
            if (
                element is not cell
                and not (boxes and is_box(element))
                and self._furniture.is_skipped(element, in_unit=True)
            ):
                continue
            if element.tag == "sup" and (mark := element.text_content().strip()) in self._notes:
                yield f"[{mark}]", href
                continue
            inner = element.get("href") if element.tag == "a" else href
            if element.tag == "img":
                yield element.get("alt") or "", inner or element.get("src")
            elif element.tag == "a" and inner and not (element.text_content() or "").strip():
                yield "", inner
            if element.tag in ("br", "p", "div", "ul") and element is not cell:
                yield " ", None
            elif element.tag == "li":
                yield " ; " if element.getprevious() is not None else " ", None
            if element.text:
                yield element.text, inner
            stack.extend((child, inner, False) for child in reversed(element))

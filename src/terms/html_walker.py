"""Walking a parsed page once: what a person sees of it, block by block."""

from __future__ import annotations

import re
from enum import Enum
from itertools import islice
from typing import Any

from lxml import etree

from terms.builder import Builder
from terms.document import BlockKind
from terms.html_controls import Controls, is_box
from terms.html_furniture import Furniture
from terms.html_preformatted import Paragraph, paragraphs_of
from terms.html_shapes import (
    follows_label,
    is_layout,
    is_title,
    is_title_line,
    names_one_thing,
    notes_of,
    short_value,
)
from terms.html_tables import Tables
from terms.html_units import OpenUnits
from terms.markdown_inline import Pieces

_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "ul", "ol", "dl", "dd", "dt", "blockquote", "table", "tbody",
    "thead", "tfoot", "header", "figure", "figcaption", "address", "details", "summary", "pre", "body",
    "center", "fieldset", "hr", "form", "aside", "label",
})  # fmt: skip
_INLINE = frozenset(
    {"span", "em", "strong", "b", "i", "code", "sup", "sub", "small", "abbr", "u", "font", "time", "cite", "q"}
)
_BOLD = ("b", "strong")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NOTE = re.compile(r"(?:\*{1,3}|[†‡§¶•–-])(?=\s|\w)|\[\d\]\s")
_DASHED = re.compile(r"\s*[^.]{2,60}?\s[-–]\s")
_TITLE_LEVEL = 6
_FIRST_PIECES = 12


class _Step(Enum):
    ENTER = 1
    LEAVE = 2
    OPEN = 3


class Walker:
    """Walks the tree once, iteratively, and feeds the builder block by block. `hidden` are the ids
    and classes ("#x", ".y") the page's own style sheet hides."""

    def __init__(self, builder: Builder, hidden: frozenset[str] = frozenset()) -> None:
        self._builder = builder
        self._hidden = hidden
        self._pieces: Pieces = []
        self._kind = BlockKind.TEXT
        self._level = 0
        self._anchors: list[str] = []
        self._href: str | None = None
        self._code_depth = 0
        self._list_depth = 0
        self._units = OpenUnits(builder)
        self._furniture = Furniture(0)
        self._controls = Controls()
        self._tables = Tables(builder, self._furniture, frozenset(), {})
        self._boxes: list[Any] = []
        self._notes: frozenset[str] = frozenset()

    def walk(self, root: Any) -> None:
        """Feed the builder with the visible blocks under an element."""
        self._furniture = Furniture(len(root.text_content()), self._hidden)
        self._notes = notes_of(root)
        self._controls = Controls(root.getroottree().getroot())
        self._tables = Tables(self._builder, self._furniture, self._notes, self._controls.opens)
        stack: list[tuple[Any, _Step]] = [(root, _Step.ENTER)]
        while stack:
            element, step = stack.pop()
            if step is _Step.LEAVE:
                self._leave(element)
                if not self._end_box(element) and element.tail and element is not root:
                    self._text(element.tail)
                continue
            box = self._controls.opens.get(element)
            if not isinstance(element.tag, str):
                if element.tag is etree.Comment and element.text:
                    self._builder.mark("comment", "comment", element.text)
            elif element is root or step is _Step.OPEN or self._is_shown(element):
                if element.tag == "table" and not is_layout(element):
                    self._flush()
                    self._tables.add(element)
                elif element.tag == "sup" and (mark := element.text_content().strip()) in self._notes:
                    self._text(f"[{mark}]")
                elif element.tag == "pre" and (paragraphs := paragraphs_of(element)):
                    self._preformatted(paragraphs)
                elif element.tag == "dt" and (value := short_value(element)) is not None:
                    self._pair(element, value)
                elif element.tag == "dd" and short_value(element.getprevious()) is element:
                    pass  # written with its term
                else:
                    if step is _Step.OPEN:
                        self._begin_box(element)
                    self._enter(element)
                    stack.append((element, _Step.LEAVE))
                    if box is not None:
                        stack.append((box, _Step.OPEN))
                    if element.text:
                        self._text(element.text)
                    stack.extend((child, _Step.ENTER) for child in reversed(element))
                    continue
            elif box is not None:
                stack.append((box, _Step.OPEN))
            if element.tail and element is not root and step is not _Step.OPEN:
                self._text(element.tail)
        self._flush()

    def _is_shown(self, element: Any) -> bool:
        """Whether a person sees an element where it stands. A box that a control opens is read at the control."""
        if element in self._controls.boxes:
            return False
        if element in self._controls.labels or (self._boxes and is_box(element)):
            return True
        return not self._furniture.is_skipped(element, bool(self._units))

    def _begin_box(self, box: Any) -> None:
        self._flush()
        self._href = None
        self._boxes.append(box)

    def _end_box(self, element: Any) -> bool:
        """Whether an element is the box that was opened last, which ends here."""
        if not self._boxes or self._boxes[-1] is not element:
            return False
        self._flush()
        self._boxes.pop()
        return True

    def _begin_panel(self, panel: Any) -> None:
        """A panel that a tab or button names begins with that name."""
        label = self._controls.labels[panel]
        self._flush()
        if not names_one_thing(label):
            self._builder.block(BlockKind.HEADING, [(label, None)], _TITLE_LEVEL)
            return
        self._units.open(panel)
        if not " ".join(" ".join(islice(panel.itertext(), _FIRST_PIECES)).split()).startswith(label):
            self._builder.block(BlockKind.TEXT, [(label, None)])

    def _flush(self) -> None:
        """End the block that is being collected."""
        if not self._pieces:
            self._kind, self._level = BlockKind.TEXT, 0
            return
        if any(href or not text.isspace() for text, href in self._pieces if text or href):
            kind = BlockKind.CODE if self._code_depth and self._kind is BlockKind.TEXT else self._kind
            level = self._list_depth if kind is BlockKind.ITEM else self._level
            anchors = tuple(dict.fromkeys(self._anchors))
            self._builder.block(kind, self._pieces, level, anchors, keep_lines=kind is BlockKind.CODE)
            self._anchors = []
        self._pieces = []
        self._kind, self._level = BlockKind.TEXT, 0

    def _text(self, text: str) -> None:
        self._pieces.append((text, self._href))

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag in _INLINE:
            if follows_label(element):
                self._pieces.append((" ", self._href))
            if tag in _BOLD and self._kind is BlockKind.TEXT and is_title_line(element):
                self._flush()
                self._kind, self._level = BlockKind.HEADING, _TITLE_LEVEL
            if anchor := element.get("id"):
                self._anchors.append(anchor)
            return
        if tag in _HEADINGS:
            self._flush()
            self._units.end_paragraph()
            # A title in a box that opens is no title of the page.
            self._kind, self._level = BlockKind.HEADING, _TITLE_LEVEL if self._boxes else _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self._flush()
            self._list_depth += 1
        elif tag == "li":
            self._flush()
            self._kind = BlockKind.ITEM
        elif tag == "pre":
            self._flush()
            self._code_depth += 1
        elif tag == "br":
            self._break(element)
        elif tag in ("td", "th", "tr") or tag in _BLOCKS:
            self._flush()
            if tag == "p":
                self._units.paragraph(element)
                if is_title(element):
                    self._kind, self._level = BlockKind.HEADING, _TITLE_LEVEL
            elif tag == "dt":
                self._units.definition()
            elif tag == "dl":
                self._units.end_definition()
        elif tag == "a":
            self._href = element.get("href")
            if self._href and not (element.text_content() or "").strip() and not element.findall(".//img"):
                self._pieces.append(("", self._href))
        elif tag == "img":
            self._image(element)
        if element in self._controls.labels:
            self._begin_panel(element)
        elif self._units.is_one_thing(element):
            self._units.open(element)
        anchor = element.get("id") or (element.get("name") if tag == "a" else None)
        if anchor:
            self._anchors.append(anchor)

    def _break(self, element: Any) -> None:
        """A line break. Before bold words it begins what they name, before a mark a note of its own; a second break
        begins a paragraph; and lines that are all set out with dashes are of one thing each."""
        following, tail = element.getnext(), (element.tail or "").strip()
        begins = (
            following is not None
            and not tail
            and (
                following.tag in (*_BOLD, "br")
                or (following.tag == "sup" and following.text_content().strip() in self._notes)
            )
        )
        if not begins and tail:
            line = "".join(text for text, _ in self._pieces)
            begins = bool(_NOTE.match(tail) or (_DASHED.match(tail) and _DASHED.match(line)))
        before = element.getprevious()
        if self._kind is BlockKind.HEADING and before is not None and before.tag in _BOLD and is_title_line(before):
            self._flush()
        elif begins:
            kind, level = self._kind, self._level
            self._flush()
            self._kind, self._level = kind, level
        else:
            self._pieces.append((" ", self._href))

    def _preformatted(self, paragraphs: list[Paragraph]) -> None:
        """Prose shown as it was typed, paragraph by paragraph."""
        self._flush()
        for paragraph in paragraphs:
            start = self._builder.length
            pieces: Pieces = [(paragraph.words, None), *(("", link) for link in paragraph.links)]
            if paragraph.is_item:
                self._builder.block(BlockKind.ITEM, pieces, self._list_depth + 1)
                self._builder.unit(start)
            else:
                self._builder.block(BlockKind.TEXT, pieces)

    def _image(self, element: Any) -> None:
        source = element.get("src") or ""
        if "licen" in source or "creativecommons" in source:
            self._pieces.append(("", source))
        self._pieces.append((element.get("alt") or "", self._href))

    def _pair(self, term: Any, value: Any) -> None:
        """A term and its value of a few words as one block, "License: MIT"."""
        self._flush()
        self._units.term(" ".join((term.text_content() or "").split()))
        start = self._builder.length
        said = [(text.rstrip(" \n:"), href) for text, href in self._tables.pieces(term) if text.strip(" \n:")]
        self._builder.block(
            BlockKind.TEXT,
            [*said, (": ", None), *((" ".join(text.split("\n")), href) for text, href in self._tables.pieces(value))],
        )
        self._builder.unit(start)

    def _leave(self, element: Any) -> None:
        tag = element.tag
        if tag in _INLINE:
            return
        if tag == "a":
            self._href = None
        if tag in _HEADINGS or tag in ("td", "th", "tr"):
            self._flush()
        elif tag == "pre":
            self._flush()
            self._code_depth = max(0, self._code_depth - 1)
        elif tag in ("ul", "ol"):
            self._flush()
            self._list_depth = max(0, self._list_depth - 1)
        elif tag in _BLOCKS or tag == "li":
            self._flush()
            if tag == "dl":
                self._units.end_definition()
                self._units.end_record()
        self._units.leave(element)

"""Walking a parsed page once: what a person sees of it, block by block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from terms.builder import Builder, CellPieces
from terms.document import BlockKind
from terms.html_shapes import is_layout, is_title, names_columns, notes_of, rows_of, short_value, span
from terms.markdown_inline import Pieces

_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "footer", "svg", "canvas", "iframe", "object", "select",
    "button", "dialog", "head", "del", "s", "strike", "datalist", "textarea", "input",
})  # fmt: skip
_BULKY = frozenset({"form", "aside"})
"""Left out only when they hold little text: some sites wrap whole pages in a form."""

_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "ul", "ol", "dl", "dd", "dt", "blockquote", "table", "tbody",
    "thead", "tfoot", "header", "figure", "figcaption", "address", "details", "summary", "pre", "body",
    "center", "fieldset", "hr", "form", "aside", "label",
})  # fmt: skip
_UNITS = frozenset({"article", "li", "details"})
_INLINE = frozenset(
    {"span", "em", "strong", "b", "i", "code", "sup", "sub", "small", "abbr", "u", "font", "time", "cite", "q"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|footer|sidebar|breadcrumbs?|cookies?|consent|gdpr|related|share|sharing|social|skip-?link|"
    r"toolbar|banner|advert\w*|popup|modal|toc|table-of-contents|tableofcontents|recommend\w*|pagination|site-header|masthead|hidden|d-none|invisible)(?:$|[\s_-])",
    re.I,
)
_BOXES = frozenset({"div", "ul", "section", "header", "span", "p", "ol"})
_HOLDS_PAGE = re.compile(
    r"(?:nav|header|banner)[\w-]*(?:content|main|article)|^(?:has|with|no)-|^(?:card|item|entry|post|box|panel|tile|media)[\w-]*?-(?:footer|menu|header)",
    re.I,
)
_VISIBLE_AGAIN = re.compile(r":(?:block|flex|inline|grid)\b")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.I,
)
_RIGHTS_BOX = re.compile(r"\b(?:licen[sc]e|rights|terms of use|copyright)\b", re.I)
_OTHERS_BOX = re.compile(
    r"\b(?:related|similar|recommended|you may also|more (?:datasets|like)|popular|footer|cookies?|stars|forks)\b", re.I
)
_NAME_KEY = re.compile(
    r"(?:data ?-?set|corpus|collection|resource)? ?(?:name|title)\W?|data ?-?set\W?|corpus\W?|titre|titel|título|nombre",
    re.I,
)
_NOTE = re.compile(r"(?:\*{1,3}|[†‡§¶•–-])(?=\s|\w)|\[\d\]\s")
_DASHED = re.compile(r"\s*[^.]{2,60}?\s[-–]\s")
_FEW = 600
_TITLE_LEVEL = 6


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
        self._units: list[tuple[Any, int]] = []
        self._cards: dict[Any, Counter[tuple[str, str]]] = {}
        self._definition: int | None = None
        self._record: int | None = None
        self._size = 0
        self._notes: frozenset[str] = frozenset()

    def walk(self, root: Any) -> None:
        """Feed the builder with the visible blocks under an element."""
        self._size = len(root.text_content())
        self._notes = notes_of(root)
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            if leaving:
                self._leave(element)
                if element.tail and element is not root:
                    self._text(element.tail)
                continue
            if not isinstance(element.tag, str):
                if element.tag is etree.Comment and element.text:
                    self._builder.mark("comment", "comment", element.text)
            elif element is root or not self._is_skipped(element):
                if element.tag == "table" and not is_layout(element):
                    self._flush()
                    self._table(element)
                elif element.tag == "sup" and (mark := element.text_content().strip()) in self._notes:
                    self._text(f"[{mark}]")
                elif element.tag == "dt" and (value := short_value(element)) is not None:
                    self._pair(element, value)
                elif element.tag == "dd" and short_value(element.getprevious()) is element:
                    pass  # written with its term
                else:
                    self._enter(element)
                    stack.append((element, True))
                    if element.text:
                        self._text(element.text)
                    stack.extend((child, False) for child in reversed(element))
                    continue
            if element.tail and element is not root:
                self._text(element.tail)
        self._flush()

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

    def _is_skipped(self, element: Any) -> bool:
        tag, attributes = element.tag, element.keys()
        if tag in _SKIPPED or "hidden" in attributes:
            # The footer of a card or an article is part of what it says.
            return tag != "footer" or not self._units
        if not attributes and tag not in _BULKY:
            return False
        if "aria-hidden" in attributes and element.get("aria-hidden") == "true":
            return True
        if "style" in attributes and _HIDDEN_STYLE.search(element.get("style")):
            return True
        if self._hidden and (
            f"#{element.get('id')}" in self._hidden
            or any(f".{name}" in self._hidden for name in (element.get("class") or "").split())
        ):
            return True
        role = element.get("role") if "role" in attributes else None
        if role in ("navigation", "contentinfo", "search", "dialog"):
            return True
        if tag in _BULKY or role in ("complementary", "banner"):
            return self._is_beside(element)
        if tag in _BOXES and _is_furniture(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return self._is_beside(element)
        return False

    def _is_beside(self, element: Any) -> bool:
        """Whether an element that looks like furniture is: it does not hold most of the page, and is
        no box that states the rights of the record beside it."""
        text = " ".join(element.itertext())
        if element.tag == "form" and len(text) > _FEW:
            return False
        if element.find(".//h1") is not None or element.find(".//main") is not None:
            return False
        aside = element.tag == "aside" or element.get("role") == "complementary"
        if not aside and len(text) > 0.5 * self._size:
            return False
        if aside or re.search(r"sidebar", f"{element.get('class') or ''} {element.get('id') or ''}", re.I):
            return not (_RIGHTS_BOX.search(text) and not _OTHERS_BOX.search(text) and len(text) < 3_000)
        return True

    def _text(self, text: str) -> None:
        self._pieces.append((text, self._href))

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag in _INLINE:
            if anchor := element.get("id"):
                self._anchors.append(anchor)
            return
        if tag in _HEADINGS:
            self._flush()
            self._kind, self._level = BlockKind.HEADING, _HEADINGS[tag]
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
            if tag == "p" and is_title(element):
                self._kind, self._level = BlockKind.HEADING, _TITLE_LEVEL
            if tag == "dt":
                self._end_definition()
                self._definition = self._builder.length
            if tag == "dl":
                self._end_definition()
        elif tag == "a":
            self._href = element.get("href")
            if self._href and not (element.text_content() or "").strip() and not element.findall(".//img"):
                self._pieces.append(("", self._href))
        elif tag == "img":
            self._image(element)
        if tag in _UNITS or (tag in ("div", "section") and self._is_card(element)):
            self._units.append((element, self._builder.length))
            self._builder.inside = self._builder.length
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
                following.tag in ("b", "strong", "br")
                or (following.tag == "sup" and following.text_content().strip() in self._notes)
            )
        )
        if not begins and tail:
            line = "".join(text for text, _ in self._pieces)
            begins = bool(_NOTE.match(tail) or (_DASHED.match(tail) and _DASHED.match(line)))
        if begins:
            kind, level = self._kind, self._level
            self._flush()
            self._kind, self._level = kind, level
        else:
            self._pieces.append((" ", self._href))

    def _image(self, element: Any) -> None:
        source = element.get("src") or ""
        if "licen" in source or "creativecommons" in source:
            self._pieces.append(("", source))
        self._pieces.append((element.get("alt") or "", self._href))

    def _is_card(self, element: Any) -> bool:
        """Whether an element is one of several alike under one parent."""
        parent = element.getparent()
        if parent is None:
            return False
        if parent not in self._cards:
            self._cards[parent] = Counter(
                (child.tag, child.get("class") or "") for child in parent if isinstance(child.tag, str)
            )
        return self._cards[parent][element.tag, element.get("class") or ""] > 1

    def _pair(self, term: Any, value: Any) -> None:
        """A term and its value of a few words as one block, "License: MIT"."""
        self._flush()
        start = self._builder.length
        if _NAME_KEY.fullmatch(" ".join((term.text_content() or "").split())):
            self._end_record()
            self._record = start
        said = [(text.rstrip(" \n:"), href) for text, href in self._cell(term) if text.strip(" \n:")]
        self._builder.block(
            BlockKind.TEXT,
            [*said, (": ", None), *((" ".join(text.split("\n")), href) for text, href in self._cell(value))],
        )
        self._builder.unit(start)

    def _end_record(self) -> None:
        """End the unit of terms and values that began with a name ("Title: …")."""
        if self._record is not None:
            self._builder.unit(self._record)
        self._record = None

    def _end_definition(self) -> None:
        if self._definition is not None:
            self._builder.unit(self._definition)
        self._definition = None

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
                self._end_definition()
                self._end_record()
        if self._units and self._units[-1][0] is element:
            self._builder.unit(self._units.pop()[1])
            self._builder.inside = self._units[-1][1] if self._units else 0

    def _table(self, table: Any) -> None:
        """A table of data, row by row."""
        rows, anchors = [], []
        for row in rows_of(table):
            cells, ids = [], [row.get("id")] if row.get("id") else []
            for cell in row:
                if cell.tag not in ("td", "th") or self._is_skipped(cell):
                    continue
                ids.extend(
                    filter(
                        None,
                        (inner.get("id") for inner in cell.iter("*")),
                    )
                )
                cells.append(
                    CellPieces(
                        list(self._cell(cell)), cell.tag == "th", span(cell.get("rowspan")), span(cell.get("colspan"))
                    )
                )
            rows.append(cells)
            anchors.append(tuple(dict.fromkeys(ids)))
        caption = table.find("caption")
        if caption is not None:
            self._builder.block(BlockKind.TEXT, [(caption.text_content(), None)])
        if len(rows) > 1 and not any(cell.header for cell in rows[0]) and names_columns(rows[0]):
            rows[0] = [CellPieces(cell.pieces, True, cell.rows, cell.columns) for cell in rows[0]]
        self._builder.table(rows, anchors)

    def _cell(self, cell: Any) -> Iterator[tuple[str, str | None]]:
        """The visible text of a cell with its links."""
        stack: list[tuple[Any, str | None, bool]] = [(cell, None, False)]
        while stack:
            element, href, tail = stack.pop()
            if tail:
                if element.tail:
                    yield element.tail, href
                continue
            if element is not cell:
                stack.append((element, href, True))
            if not isinstance(element.tag, str):
                if element.tag is etree.Comment and element.text:
                    self._builder.mark("comment", "comment", element.text)
                continue
            if element is not cell and self._is_skipped(element):
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


@lru_cache(maxsize=4096)
def _is_furniture(names: str) -> bool:
    """Whether a class or id says that an element frames the page; "nav-content-wrap" holds it."""
    return not _VISIBLE_AGAIN.search(names) and any(
        _FURNITURE.search(name) and not _HOLDS_PAGE.search(name) for name in names.split()
    )

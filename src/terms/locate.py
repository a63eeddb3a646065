"""Which part of a page a watch rests on."""

from __future__ import annotations

import re

from domain.catalog import Watch
from terms.document import BlockKind, Document
from terms.shadow import squeezed

Spans = tuple[tuple[int, int], ...]


def select_html(text: str, selector: str) -> str | None:
    """The markup of the elements a CSS selector takes, or None when it takes none."""
    # Imported here: few watches select, and the import costs more than all others of this package.
    from bs4 import BeautifulSoup

    found = BeautifulSoup(text, "lxml").select(selector)
    return "\n".join(str(element) for element in found) if found else None


def located(document: Document, watch: Watch | None) -> tuple[Spans | None, str]:
    """The spans a watch's anchor or heading takes (None: it matches nothing), and its words."""
    if watch is not None and watch.anchor is not None:
        return by_anchor(document, watch.anchor), f"anchor {watch.anchor!r}"
    if watch is not None and watch.heading is not None:
        return by_heading(document, watch.heading), f"heading {watch.heading!r}"
    return ((0, len(document.text)),), ""


def by_anchor(document: Document, anchor: str) -> Spans | None:
    """From the block that bears an id or name to the next heading of the same or a higher level."""
    for index, block in enumerate(document.blocks):
        if anchor in block.anchors:
            return (_section(document, index),)
    return None


def by_heading(document: Document, heading: str) -> Spans | None:
    """The sections under every heading of these words (letter case and punctuation aside)."""
    wanted = _plain(heading)
    spans = tuple(
        document.section_of(index)
        for index, block in enumerate(document.blocks)
        if block.kind is BlockKind.HEADING and _plain(document.text[block.start : block.end]) == wanted
    )
    return spans or None


def _section(document: Document, index: int) -> tuple[int, int]:
    if document.blocks[index].kind is BlockKind.HEADING:
        return document.section_of(index)
    start = document.blocks[index].start
    for block in document.blocks[index + 1 :]:
        if block.kind is BlockKind.HEADING:
            return start, block.start
    return start, len(document.text)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]+", " ", squeezed(text).replace("_", " ")).split())

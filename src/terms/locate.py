"""Which part of a page a watch rests on."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from terms.document import BlockKind, Document
from terms.shadow import squeezed

Spans = tuple[tuple[int, int], ...]


def select_html(text: str, selector: str) -> str | None:
    """The markup of the elements a CSS selector takes, or None when it takes none."""
    found = BeautifulSoup(text, "lxml").select(selector)
    return "\n".join(str(element) for element in found) if found else None


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


def by_name(document: Document, name: str) -> Spans | None:
    """Where a named dataset is spoken of: the sections headed by its name, else the rows, items and
    paragraphs that name it. None when nothing names it."""
    pattern = re.compile(rf"(?<![\w]){re.escape(_plain(name))}(?![\w])")
    sections = tuple(
        document.section_of(index)
        for index, block in enumerate(document.blocks)
        if block.kind is BlockKind.HEADING and pattern.search(_plain(document.text[block.start : block.end]))
    )
    if sections and sum(end - start for start, end in sections) < 0.95 * len(document.text):
        return sections
    blocks = tuple(
        (block.start, block.end)
        for block in document.blocks
        if block.kind is not BlockKind.HEADING and pattern.search(_plain(document.text[block.start : block.end]))
    )
    return blocks or sections or None


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

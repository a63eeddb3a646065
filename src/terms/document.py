"""A page as text: blocks with offsets, links kept as links, machine-readable statements apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from terms.shadow import tidy


class BlockKind(StrEnum):
    """What a run of text is on its page."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: `text[start:end]`; `level` 1 to 6 for headings, 0 otherwise. `anchors` are the ids
    and names by which the block can be linked to."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """`text[start:end]` is a link to `href`; an image counts as a link to its source."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A machine-readable statement: `place` (rel_license, json_ld, meta, front_matter, comment,
    microdata), the property's `name`, its `value`, and the offset in the text nearest to it."""

    place: str
    name: str
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Document:
    """The normalized text of a page with everything that is known about its parts."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    scripts_only: bool = False

    def block_at(self, offset: int) -> Block | None:
        """The block that holds an offset, if any."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        if index >= 0 and self.blocks[index].end > offset:
            return self.blocks[index]
        return None

    def headings_above(self, offset: int) -> tuple[str, ...]:
        """The texts of the headings an offset stands under, outermost first."""
        path: list[tuple[int, str]] = []
        for block in self.blocks:
            if block.start > offset:
                break
            if block.kind is BlockKind.HEADING:
                while path and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, self.text[block.start : block.end]))
        return tuple(text for _, text in path)

    def section_of(self, index: int) -> tuple[int, int]:
        """The span from heading block `index` to the next heading of the same or a higher level."""
        start = self.blocks[index]
        for block in self.blocks[index + 1 :]:
            if block.kind is BlockKind.HEADING and block.level <= start.level:
                return start.start, block.start
        return start.start, len(self.text)


_BARE_URL = re.compile(r"https?://[^\s<>\"'`\])|]+")


class Builder:
    """Collects blocks into a Document. Blocks are parted by one newline."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._links: list[Link] = []
        self._marks: list[Mark] = []

    @property
    def length(self) -> int:
        return self._length

    def mark(self, place: str, name: str, value: str) -> None:
        """Keep a machine-readable statement at the present end of the text."""
        value = " ".join(tidy(value).split())
        if value:
            self._marks.append(Mark(place, name, value[:2000], self._length))

    def block(
        self,
        kind: BlockKind,
        pieces: list[tuple[str, str | None]],
        level: int = 0,
        anchors: tuple[str, ...] = (),
        keep_lines: bool = False,
    ) -> None:
        """Add a block made of pieces (text, href or None). Blank blocks leave no trace, except that
        links without words (badges, empty anchors) are kept as marks."""
        start = self._length
        text = ""
        spans: list[tuple[int, int, str]] = []
        for raw, href in pieces:
            piece = tidy(raw)
            if not keep_lines:
                piece = " ".join(piece.split("\n")) if "\n" in piece else piece
            if (not text or text[-1] in " \n") and piece[:1] == " ":
                piece = piece[1:]
            if href is not None:
                spans.append((len(text), len(text) + len(piece.rstrip()), href))
            text += piece
        text = text.rstrip()
        for begin, end, href in spans:
            if end > begin:
                self._links.append(Link(start + begin, start + min(end, len(text)), href))
            else:
                self._marks.append(Mark("link_target", "href", href, start))
        if not text.strip():
            return
        for bare in _BARE_URL.finditer(text):
            url = bare.group().rstrip(".,;:)")
            self._links.append(Link(start + bare.start(), start + bare.start() + len(url), url))
        self._blocks.append(Block(kind, start, start + len(text), level, anchors))
        self._parts.append(text)
        self._length += len(text) + 1

    def document(self, scripts_only: bool = False) -> Document:
        """The finished document."""
        return Document(
            "\n".join(self._parts), tuple(self._blocks), tuple(self._links), tuple(self._marks), scripts_only
        )

"""Collects blocks, tables and marks into a Document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.reading import Subject
from terms.document import Block, BlockKind, Cell, Document, Link, Mark, Table
from terms.markdown_inline import Pieces
from terms.shadow import tidy

_BARE_URL = re.compile(r"https?://[^\s<>\"'`\])|]{1,2000}")
_LONGEST_MARK = 2_000
_MOST_SPANNED = 200
_MOST_CELLS = 200
_MOST_ROWS = 30_000
_MOST_CELLS_OF_TABLE = 200_000


@dataclass(frozen=True, slots=True)
class CellPieces:
    """One cell as it stands in the source: its text with links, and how many rows and columns it spans."""

    pieces: Pieces
    header: bool = False
    rows: int = 1
    columns: int = 1


class Builder:
    """Collects blocks into a Document. Blocks are parted by one newline."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._links: list[Link] = []
        self._marks: list[Mark] = []
        self._tables: list[Table] = []
        self._units: list[tuple[int, int]] = []
        self.inside = 0
        """Where the innermost unit that is open began."""

    @property
    def length(self) -> int:
        """Where the next block will start."""
        return self._length

    def mark(self, place: str, name: str, value: str, owner: str = "", subject: Subject = Subject.DATA) -> None:
        """Keep a machine-readable statement at the present end of the text."""
        value = " ".join(tidy(value[: 4 * _LONGEST_MARK]).split())
        if value:
            self._marks.append(Mark(place, name, value[:_LONGEST_MARK], self._length, owner, subject))

    def unit(self, start: int) -> None:
        """Everything since `start` speaks of one thing."""
        if self._length > start:
            self._units.append((start, self._length))

    def block(
        self, kind: BlockKind, pieces: Pieces, level: int = 0, anchors: tuple[str, ...] = (), keep_lines: bool = False
    ) -> None:
        """Add a block made of pieces (text, href or None). Blank blocks leave no trace, except that
        links without words (badges, empty anchors) are kept as marks."""
        before = len(self._marks)
        text, links = self._compose(pieces, keep_lines)
        if text.strip():
            self._add(kind, text, links, level, anchors)
            return
        # A badge by itself belongs to what stands above it, unless it is the first of its unit.
        at = max(self._length - 1, self.inside)
        self._marks[before:] = [replace(mark, at=at) for mark in self._marks[before:]]

    def table(self, rows: Sequence[Sequence[CellPieces]], anchors: Sequence[tuple[str, ...]] = ()) -> None:
        """Add a table, a block a row, its cells parted by " | "."""
        cells: list[Cell] = []
        spanning: dict[int, tuple[Cell, int]] = {}
        for row, entries in enumerate(rows[:_MOST_ROWS]):
            text = ""
            links: list[tuple[int, int, str]] = []
            column = 0
            for entry in entries[:_MOST_CELLS]:
                column = self._carried(cells, spanning, row, column)
                words, own = self._compose(entry.pieces, keep_lines=False)
                words = words.strip()
                if text and words:
                    text += " | "
                begin = len(text)
                text += words
                links.extend((begin + left, min(begin + right, len(text)), href) for left, right, href in own)
                for _ in range(min(entry.columns, _MOST_SPANNED)):
                    cell = Cell(self._length + begin, self._length + len(text), row, column, entry.header)
                    cells.append(cell)
                    if entry.rows > 1:
                        spanning[column] = (cell, row + min(entry.rows, _MOST_SPANNED) - 1)
                    column += 1
            self._carried(cells, spanning, row, column, to_end=True)
            if len(cells) > _MOST_CELLS_OF_TABLE:
                spanning.clear()
                break
            if text.strip():
                self._add(BlockKind.ROW, text, links, 0, anchors[row] if row < len(anchors) else ())
        if cells:
            self._tables.append(Table(tuple(cells)))

    @staticmethod
    def _carried(
        cells: list[Cell], spanning: dict[int, tuple[Cell, int]], row: int, column: int, to_end: bool = False
    ) -> int:
        """Put cells that span down into this row in its place; returns the next free column."""
        while column in spanning or (to_end and spanning and column < max(spanning)):
            if column in spanning:
                cell, last = spanning[column]
                if row > last:
                    del spanning[column]
                    if not to_end:
                        break
                elif row > cell.row:
                    cells.append(Cell(cell.start, cell.end, row, column, cell.header))
                elif not to_end:
                    break
            column += 1
        return column

    def _compose(self, pieces: Pieces, keep_lines: bool) -> tuple[str, list[tuple[int, int, str]]]:
        """The text of pieces and the links in it; links without words become marks."""
        if len(pieces) == 1 and pieces[0][1] is None:
            return _one_line(tidy(pieces[0][0]), keep_lines).removeprefix(" ").rstrip(), []
        parts: list[str] = []
        links: list[tuple[int, int, str]] = []
        length = 0
        for raw, href in pieces:
            piece = _one_line(tidy(raw), keep_lines)
            last = parts[-1][-1] if parts else " "
            if last in " \n" and piece[:1] == " ":
                piece = piece[1:]
            if href is not None:
                links.append((length, length + len(piece.rstrip()), href))
            if piece:
                parts.append(piece)
                length += len(piece)
        text = "".join(parts).rstrip()
        kept = []
        for begin, end, href in links:
            if end > begin and begin < len(text):
                kept.append((begin, min(end, len(text)), href))
            else:
                self._marks.append(Mark("link_target", "href", href[:_LONGEST_MARK], self._length))
        return text, kept

    def _add(
        self, kind: BlockKind, text: str, links: Sequence[tuple[int, int, str]], level: int, anchors: tuple[str, ...]
    ) -> None:
        start = self._length
        self._links.extend(Link(start + begin, start + end, href) for begin, end, href in links)
        if "://" in text:
            for bare in _BARE_URL.finditer(text):
                url = bare.group().rstrip(".,;:)")
                self._links.append(Link(start + bare.start(), start + bare.start() + len(url), url))
        self._blocks.append(Block(kind, start, start + len(text), level, anchors))
        self._parts.append(text)
        self._length += len(text) + 1

    def document(self, scripts_only: bool = False) -> Document:
        """The finished document."""
        return Document(
            "\n".join(self._parts),
            tuple(self._blocks),
            tuple(self._links),
            tuple(self._marks),
            scripts_only,
            tuple(self._tables),
            tuple(self._units),
        )


def _one_line(text: str, keep_lines: bool) -> str:
    if keep_lines or "\n" not in text:
        return text
    text = text.replace("\n", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text

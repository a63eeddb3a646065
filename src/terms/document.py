"""A page as text: blocks with offsets, links kept as links, machine-readable statements apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from domain.reading import Subject


class BlockKind(StrEnum):
    """What a run of text is on its page."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    FIELD = "field"


class Block(NamedTuple):
    """One block: `text[start:end]`; `level` 1 to 6 for headings, 0 otherwise. `anchors` are the ids
    and names by which the block can be linked to. A tuple, because pages have thousands of them."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    anchors: tuple[str, ...] = ()


class Link(NamedTuple):
    """`text[start:end]` is a link to `href`; an image counts as a link to its source."""

    start: int
    end: int
    href: str


class Cell(NamedTuple):
    """A table cell `text[start:end]` in its row and column; a cell that spans several stands in the
    table once for each. `header` is true for cells that name their row or column. A tuple as blocks are."""

    start: int
    end: int
    row: int
    column: int
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one table in reading order."""

    cells: tuple[Cell, ...]

    @property
    def start(self) -> int:
        """Where the table's text starts."""
        return min(cell.start for cell in self.cells)

    @property
    def end(self) -> int:
        """Where the table's text ends."""
        return max(cell.end for cell in self.cells)

    def headers(self) -> dict[int, Cell]:
        """Column -> the cell that names it: that of the first row, if that row only names."""
        first = [cell for cell in self.cells if cell.row == 0]
        if not first or not all(cell.header for cell in first):
            return {}
        return {cell.column: cell for cell in first}


@dataclass(frozen=True, slots=True)
class Mark:
    """A machine-readable statement: `place` (rel_license, json_ld, meta, front_matter, comment,
    microdata, link_target, remark), the property's `name`, its `value`, and the offset in the text nearest
    to it. `owner` is the name of the thing it is a property of, `subject` what that thing is."""

    place: str
    name: str
    value: str
    at: int
    owner: str = ""
    subject: Subject = Subject.DATA


@dataclass(frozen=True, slots=True)
class Document:
    """The normalized text of a page with everything that is known about its parts. `units` are the
    spans of list items, cards, definitions and the like, each of which speaks of one thing."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    scripts_only: bool = False
    tables: tuple[Table, ...] = ()
    units: tuple[tuple[int, int], ...] = ()

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

"""The line machine shared by Markdown, reStructuredText and plain text: paragraphs, headings, items,
tables, code, fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from terms.builder import Builder, CellPieces
from terms.document import BlockKind
from terms.field_names import LICENSE_FIELDS
from terms.markdown_inline import Pieces

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^\s*([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_UNDERLINES = frozenset("=-~^\"'`#*+.:_")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_ITEM = re.compile(r"^(\s*)(?:[-*+•·]|\d{1,3}[.)]|#\.|\([a-z0-9]{1,3}\))\s+(.*)$")
_ITEM_SIGNS = frozenset("-*+•·#(")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|+=-]+\|?\s*$")
_RST_RULE = re.compile(r"^\s*=+(?:\s+=+)+\s*$")
_GRID_RULE = re.compile(r"^\s*\+[-=+]{3,}\+\s*$")
_PROSE = re.compile(r"^\s+[A-Z][\w'-]*(?: [\w',()/-]+){4,}[.:]?\s*$")
_DIRECTIVE = re.compile(r"^\.\. (?:[\w:-]+::)?\s*(.*)$")
_SKIPPED_DIRECTIVE = re.compile(
    r"^\.\. (?:toctree|automodule|autofunction|autoclass|image|figure|code|code-block|highlight|raw|include|contents)::|^\.\. _|^\.\. \|"
)

_USAGE = re.compile(r"usage\W*\Z", re.I)
_LICENSE = re.compile(r"\bcc0?\b|creative commons|public domain|licen[sc]e", re.I)
"""What the value of "Usage" names where that is no way of calling a program."""
_FIELD_LINE = re.compile(r"^[\s>*_+-]{0,8}([A-Za-z][\w -]{0,40}?)[\s*_`]{0,4}[:：][\s*_`]{0,6}(\S.{0,400})$")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the line machine does for one markup: how a run of text splits into links, and which
    constructs there are."""

    pieces: Callable[[str], Pieces]
    markdown: bool = False
    rst: bool = False
    is_definition: Callable[[str], bool] = lambda _: False


class LineMachine:
    """Feeds a builder with the blocks of some lines."""

    def __init__(self, lines: Sequence[str], builder: Builder, dialect: Dialect) -> None:
        self._lines = lines
        self._builder = builder
        self._dialect = dialect
        self._paragraph: list[str] = []
        self._kind = BlockKind.TEXT
        self._depth = 0
        self._underlines: dict[str, int] = {}
        self._table: list[tuple[list[str], bool]] = []
        self._at = 0

    def run(self) -> None:
        """Read all lines."""
        while self._at < len(self._lines):
            self._line(self._lines[self._at])
            self._at += 1
        self._flush()

    def _flush(self) -> None:
        if self._table:
            self._end_table()
        if self._paragraph:
            text = " ".join(map(str.strip, self._paragraph))
            self._builder.block(
                self._kind, self._dialect.pieces(text), self._depth if self._kind is BlockKind.ITEM else 0
            )
            self._paragraph.clear()
        self._kind = BlockKind.TEXT

    def _end_table(self) -> None:
        rows = [(cells, header) for cells, header in self._table]
        self._table = []
        self._builder.table(
            [[CellPieces(self._dialect.pieces(cell), header) for cell in cells] for cells, header in rows]
        )

    def _line(self, line: str) -> None:
        stripped = line.strip()
        if self._paragraph and not self._table and stripped[:1].isalpha() and not _may_be_field(stripped):
            # What all else begins with is no letter.
            self._paragraph.append(stripped)
            return
        markdown = self._dialect.markdown
        if self._table and not stripped.startswith("|") and "|" not in stripped:
            self._flush()
        first = stripped[:1]
        if markdown and first in ("`", "~") and (fence := _FENCE.match(line)):
            self._code(fence[1][:3])
        elif not stripped:
            self._flush()
        elif markdown and first == "#" and (heading := _HEADING.match(line)):
            self._flush()
            self._heading(heading[2], len(heading[1]))
        elif (markdown or self._dialect.rst) and stripped.startswith("|") and stripped.count("|") > 1:
            self._row(line)
        elif self._dialect.rst and (_RST_RULE.match(line) or _GRID_RULE.match(line)):
            self._flush()
            if _RST_RULE.match(line):
                self._simple_table(line)
        elif not self._paragraph and first in _UNDERLINES and _UNDERLINE.match(line):
            pass  # an overline, a rule, or front matter's fence
        elif self._underlined(stripped):
            self._at += 1
        elif (first in _ITEM_SIGNS or first.isdigit()) and (item := _ITEM.match(line)):
            self._flush()
            self._kind, self._depth = BlockKind.ITEM, 1 + len(item[1].expandtabs(4)) // 2
            if not self._field(stripped):
                self._paragraph.append(item[2])
        elif self._dialect.rst and stripped.startswith(".. "):
            self._flush()
            if _SKIPPED_DIRECTIVE.match(stripped):
                self._skip_body(line)
            elif directive := _DIRECTIVE.match(stripped):
                self._builder.block(BlockKind.TEXT, self._dialect.pieces(directive[1]))
        elif markdown and not self._paragraph and self._is_indented_code(line):
            self._builder.block(BlockKind.CODE, [(line, None)], keep_lines=True)
        elif self._dialect.is_definition(line):
            self._flush()
        elif not self._field(stripped):
            self._paragraph.append(stripped.lstrip(">").strip() if markdown else stripped)

    def _field(self, stripped: str) -> bool:
        """A line "License: …" is a field of its own, wherever it stands."""
        if not _may_be_field(stripped):
            return False
        match = _FIELD_LINE.match(stripped)
        if match is None:
            return False
        value = match[2]
        if not LICENSE_FIELDS.match(match[1].strip()) and not (_USAGE.match(match[1]) and _LICENSE.search(value)):
            return False
        if len(value) > 160 or value.count(". ") > 0:
            return False
        self._flush()
        self._builder.block(
            BlockKind.FIELD, [(f"{match[1].strip()}: ", None), *self._dialect.pieces(value.strip(" *_`"))]
        )
        return True

    def _underlined(self, stripped: str) -> bool:
        """A line over an underline is a heading."""
        if self._paragraph or len(stripped) > 120 or self._at + 1 >= len(self._lines):
            return False
        following = self._lines[self._at + 1]
        under = _UNDERLINE.match(following) if following.lstrip()[:1] in _UNDERLINES else None
        if not under:
            return False
        if (self._dialect.markdown and under[1] not in "=-") or len(following.strip()) < min(len(stripped), 3):
            return False
        self._flush()
        level = self._underlines.setdefault(under[1], len(self._underlines) + 1)
        self._heading(stripped, min(level, 6))
        return True

    def _heading(self, title: str, level: int) -> None:
        self._builder.block(BlockKind.HEADING, self._dialect.pieces(title), level, (_slug(title),))

    def _code(self, closing: str) -> None:
        self._flush()
        code: list[str] = []
        self._at += 1
        while self._at < len(self._lines) and not self._lines[self._at].strip().startswith(closing):
            if self._is_section(self._at):
                # The fence was never closed: a section begins.
                self._at -= 1
                break
            code.append(self._lines[self._at])
            self._at += 1
        self._builder.block(BlockKind.CODE, [("\n".join(code), None)], keep_lines=True)

    def _is_indented_code(self, line: str) -> bool:
        """A deeply indented line is code unless it reads like a sentence, as in the text of a program."""
        return line.startswith(("    ", "\t")) and self._kind is not BlockKind.ITEM and not _PROSE.match(line)

    def _is_section(self, at: int) -> bool:
        """Whether a line inside of code is a heading of the text around it, blank lines on both sides."""
        heading = _HEADING.match(self._lines[at])
        around = [*self._lines[at - 1 : at], *self._lines[at + 1 : at + 2]]
        return (
            heading is not None
            and len(heading[1]) > 1
            and len(around) == 2
            and not any(line.strip() for line in around)
        )

    def _row(self, line: str) -> None:
        if not self._table:
            self._flush()
        if _TABLE_RULE.match(line):
            if len(self._table) == 1:
                self._table[0] = (self._table[0][0], True)
            return
        self._table.append(([cell.strip() for cell in line.strip().strip("|").split("|")], False))

    def _simple_table(self, rule: str) -> None:
        """A reStructuredText simple table: columns under the signs of its rules."""
        starts = [match.start() for match in re.finditer(r"=+", rule)]
        rows: list[list[str]] = []
        rules = 1
        header = 0
        while self._at + 1 < len(self._lines) and rules < 3:
            self._at += 1
            line = self._lines[self._at]
            if _RST_RULE.match(line):
                rules += 1
                header = len(rows) if rules == 2 else header
                if rules == 2 and not any(
                    _RST_RULE.match(later) for later in self._lines[self._at + 1 : self._at + 200]
                ):
                    header = 0
                    break
            elif line.strip():
                bounds = [*starts, len(line) + 1]
                cells = [line[left:right].strip() for left, right in pairwise(bounds)]
                if rows and not cells[0]:
                    rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)]
                else:
                    rows.append(cells)
        self._table = [(cells, index < header) for index, cells in enumerate(rows)]
        self._flush()

    def _skip_body(self, line: str) -> None:
        """Pass over the indented body of a directive that holds no text."""
        indent = len(line) - len(line.lstrip())
        while self._at + 1 < len(self._lines):
            following = self._lines[self._at + 1]
            if following.strip() and len(following) - len(following.lstrip()) <= indent:
                break
            self._at += 1


def _may_be_field(stripped: str) -> bool:
    beginning = stripped[:60]
    return ":" in beginning or "：" in beginning


def _slug(title: str) -> str:
    """The anchor code hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever its line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")

"""From the painted lines of a PDF to blocks: paragraphs, headings and items, links on their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from terms.builder import Builder
from terms.document import BlockKind
from terms.markdown_inline import Pieces


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its pieces of text, each with the place (in points, from the lower left) at which it
    begins, its size in points, and whether it is bold. Never empty."""

    pieces: tuple[tuple[str, float, float, float, bool], ...]

    @property
    def text(self) -> str:
        return "".join(piece[0] for piece in self.pieces)

    @property
    def x(self) -> float:
        return self.pieces[0][1]

    @property
    def y(self) -> float:
        return self.pieces[0][2]

    @property
    def size(self) -> float:
        """The size of most of its letters, in half points."""
        sizes: Counter[float] = Counter()
        for text, _, _, size, _ in self.pieces:
            sizes[round(2 * size) / 2] += len(text)
        return max(sizes, key=lambda size: (sizes[size], size))

    @property
    def bold(self) -> bool:
        return all(bold for text, _, _, _, bold in self.pieces if text.strip())


@dataclass(frozen=True, slots=True)
class Anchor:
    """A rectangle of a page that links to an address."""

    href: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of one page in the order they are painted, and its links."""

    lines: tuple[Line, ...]
    links: tuple[Anchor, ...] = ()


_ITEM = re.compile(r"^\s*(?:[•▪◦●■○‣·–*-]|\d{1,2}[.)]|\([a-z0-9]{1,3}\)|[a-z][.)])\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;][\"')\]”’]*\s*\Z")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?\W*", re.I
)
_LEADERS = re.compile(r"(?:\s*\.){4,}\s*")
_SAYS = re.compile(
    r"\b(?:not?|non|only|must|may|shall|cannot|never|without|except|prohibit\w*|forbid\w*|restrict\w*|permi\w*|grant\w*|allow\w*|"
    r"nicht|kein\w*|nur|ne|pas|interdit\w*|solo|prohibid\w*)\b|\.\s",
    re.I,
)
"""A line that says any of this is a sentence, however large it is set: headings are not read as such."""

_KEEPS_HYPHEN = re.compile(r"(?:(?i:\b(?:non|cc|by|nc|sa|nd|share|odc|third|royalty))|-\w+|[A-Z0-9]|/\S*)-\Z")
_LONGEST_HEADING = 100
_LARGER = 1.12
_WIDTH = 0.48
"""The usual width of a letter in parts of its size."""


def write_lines(pages: Sequence[PageText], builder: Builder) -> None:
    """Feed a builder with the lines of all pages. What pages repeat at their edges is written once."""
    furniture = _repeated(pages)
    kept = [
        (number, line, _with_links(line, page.links))
        for number, page in enumerate(pages)
        for at, line in enumerate(page.lines)
        if not _is_furniture(number, at, page, furniture)
    ]
    written = _Writer(builder, [line for _, line, _ in kept])
    for number, line, pieces in kept:
        written.line(number, line, pieces)
    written.end()
    # A link without words, as on a picture: it permits nothing, for nobody can tell what it is about;
    # what it restricts is heard. That is how a page's comments are read.
    for page in pages:
        worded = {href for line in page.lines for _, href in _with_links(line, page.links) if href}
        for link in page.links:
            if link.href not in worded:
                builder.mark("comment", "href", link.href)


def _edge(page: PageText) -> Iterator[int]:
    last = len(page.lines)
    yield from dict.fromkeys((*range(min(2, last)), *range(max(0, last - 2), last)))


def _same(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.strip())


def _repeated(pages: Sequence[PageText]) -> dict[str, int]:
    """Lines at the edges of at least three pages, and the page where each stands first."""
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for number, page in enumerate(pages):
        for words in {_same(page.lines[at]) for at in _edge(page)}:
            first.setdefault(words, number)
            counts[words] += 1
    return {words: first[words] for words, count in counts.items() if count >= 3}


def _is_furniture(number: int, at: int, page: PageText, furniture: dict[str, int]) -> bool:
    if at not in _edge(page):
        return False
    line = page.lines[at]
    return bool(_PAGE_NUMBER.fullmatch(line.text.strip())) or furniture.get(_same(line), number) != number


class _Writer:
    """Joins lines to paragraphs and gives them to a builder."""

    def __init__(self, builder: Builder, lines: Sequence[Line]) -> None:
        self._builder = builder
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        self._body = max(sizes, key=lambda size: sizes[size], default=10.0)
        gaps = Counter(
            round(2 * (left.y - right.y)) / 2
            for left, right in pairwise(lines)
            if left.size == right.size and 0 < left.y - right.y < 4 * left.size
        )
        self._pitch = max(gaps, key=lambda gap: (gaps[gap], -gap), default=1.2 * self._body)
        larger = sorted({line.size for line in lines if line.size > _LARGER * self._body}, reverse=True)
        self._levels = {size: min(level, 5) for level, size in enumerate(larger, start=1)}
        self._pieces: Pieces = []
        self._item = False
        self._last: tuple[int, Line] | None = None

    def line(self, page: int, line: Line, pieces: Pieces) -> None:
        item = _ITEM.match(line.text)
        if self._last is not None and (item or self._begins(page, line)):
            self.end()
        if not self._pieces:
            self._item = item is not None
            if item is not None:
                pieces = _without_start(pieces, item.end())
        self._join(pieces)
        self._last = (page, line)

    def _begins(self, page: int, line: Line) -> bool:
        """Whether a line begins another paragraph than the line before it."""
        if self._last is None:
            return True
        before, last = self._last
        if abs(line.size - last.size) > 0.12 * self._body or (line.bold != last.bold):
            return True
        gap = last.y - line.y
        if page != before or gap < -0.5 * line.size:
            # Another page or column: a sentence that has not ended goes on.
            return bool(_ENDS.search(last.text)) or not line.text.lstrip()[:1].islower()
        if gap > max(1.25 * self._pitch, 1.2 * line.size):
            return True
        return line.x > last.x + 0.8 * line.size and bool(_ENDS.search(last.text))

    def _join(self, pieces: Pieces) -> None:
        if self._pieces:
            text, href = self._pieces[-1]
            first = next((char for words, _ in pieces for char in words.lstrip()), "")
            bare = text.rstrip()
            if bare.endswith(("-", "\u2010", "\u00ad")) and (
                first.islower() or first.isdigit() or bare[-2:-1].isupper()
            ):
                keeps = bare[-1] != "\u00ad" and (_KEEPS_HYPHEN.search(bare[-40:]) or not first.islower())
                self._pieces[-1] = (bare if keeps else bare[:-1], href)
                pieces = [(pieces[0][0].lstrip(), pieces[0][1]), *pieces[1:]] if pieces else pieces
            else:
                self._pieces.append((" ", None))
        self._pieces.extend(pieces)

    def end(self) -> None:
        """End the paragraph that is being collected."""
        if self._pieces and self._last is not None:
            text = "".join(words for words, _ in self._pieces).strip()
            level = self._level(text, self._last[1])
            kind = BlockKind.ITEM if self._item else BlockKind.HEADING if level else BlockKind.TEXT
            self._builder.block(kind, self._pieces, 1 if self._item else level)
        self._pieces = []

    def _level(self, text: str, line: Line) -> int:
        """The level of a paragraph as a heading, 0 where it is none."""
        if self._item or len(text) > _LONGEST_HEADING or _ENDS.search(text) or _SAYS.search(text):
            return 0
        return self._levels.get(line.size, 6 if line.bold else 0)


def _without_start(pieces: Pieces, length: int) -> Pieces:
    result: Pieces = []
    for text, href in pieces:
        cut = min(length, len(text))
        length -= cut
        if text[cut:]:
            result.append((text[cut:], href))
    return result


def _with_links(line: Line, links: Sequence[Anchor]) -> Pieces:
    """The pieces of a line with the addresses its words link to, by where the words must stand."""
    over = [link for link in links if link.bottom - 2 <= line.y <= link.top and link.right > line.x]
    result: Pieces = []
    for index, (text, x, _, size, _) in enumerate(line.pieces):
        words = _LEADERS.sub(" ", text)
        if not over or not words:
            result.append((words, None))
            continue
        end = line.pieces[index + 1][1] if index + 1 < len(line.pieces) else 0.0
        step = (end - x) / len(words) if end > x else _WIDTH * size
        for part in re.finditer(r"\s+|\S+", words):
            middle = x + step * (part.start() + part.end()) / 2
            href = next((link.href for link in over if link.left - 1 <= middle <= link.right + 1), None)
            if result and result[-1][1] == href:
                result[-1] = (result[-1][0] + part.group(), href)
            elif result and part.group().isspace():
                result[-1] = (result[-1][0] + part.group(), result[-1][1])
            else:
                result.append((part.group(), href))
    return result

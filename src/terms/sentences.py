"""A document cut into sentences, with quick answers to where an offset stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from typing import NamedTuple

from terms.dates import begun
from terms.document import Block, BlockKind, Document

_LONGEST = 3_000
_SLUG = r"[a-z]{2,}[-_][\w-]+ (?:is|was|are|were|has|contains|comes|can|may)\b"
"""A name in small letters that begins a sentence: "… 2.0. alder-mini is under …"."""
_SENTENCE_END = re.compile(rf"(?<=[.!?。])[\"')\]]*\s+(?=[A-Z0-9(\[\"'*À-ÞΑ-ΩЀ-Я]|{_SLUG})|\n+")
_END_OF_ONE_LINE = re.compile(rf"[.!?。]([\"')\]]*\s+)(?=[A-Z0-9(\[\"'*À-ÞΑ-ΩЀ-Я]|{_SLUG})")
"""The same for a text of one line, in a form that passes over what is no stop much faster."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no|vol|v|fig|dr|mr|mrs|st|inc|ltd|et al|approx|art|sec|ver|bzw|z\.b|abs|nr|p\. ex|núm)|\b[A-Z])\.$",
    re.I,
)
_GERMAN_DAY = re.compile(
    r"\b\d{1,2}\.\s(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_MAY_ABBREVIATE = (
    "e.g.", "i.e.", "etc.", "cf.", "vs.", "no.", "vol.", "fig.", "dr.", "mr.", "mrs.", "st.", "inc.", "ltd.", "al.", "approx.", "art.",
    "sec.", "ver.", "bzw.", "z.b.", "abs.", "nr.", "ex.", "núm.",
)  # fmt: skip
"""What an abbreviation of several letters ends with; whether it is one is for the pattern above."""

LICENSE_HEADING = re.compile(
    r"licen[sc]|copyright|\bterms\b|legal|\brights\b|usage|redistribut|data use|permission|disclaimer|availability|lizenz|licencia|nutzungsbedingungen|urheberrecht|"
    r"droits|conditions d|mentions l|derechos|condiciones|términos|use of (?:the )?data|how to use|reuse|re-use"
)


class Sentence(NamedTuple):
    """`text[start:end]` inside one block. A tuple, because pages have thousands of them."""

    start: int
    end: int
    kind: BlockKind


_DATA_AT_ALL = re.compile(
    r"\b(?:data ?-?sets?|corpus|corpora|databases?|annotat(?:ed|ions?)|recordings?|benchmarks?|treebank|lexicon|audio|music|songs?|clips|captions|challenge|set of|meta-?data|aufnahmen|enregistrements|grabaciones|korpus|(?<!use, )data)\b"
)


class Context:
    """A document cut into sentences, with quick answers to where an offset stands."""

    def __init__(self, document: Document, shadow: str, at: date | None = None) -> None:
        self.document = document
        self.shadow = shadow
        self.at = at
        """The day of the look; None where nobody knows it."""
        self.sentences = tuple(_sentences(document, shadow))
        self._starts = [sentence.start for sentence in self.sentences]
        self._block_starts = [block.start for block in document.blocks]
        self._paths: list[tuple[tuple[Block, ...], tuple[str, ...]]] = []
        path: list[Block] = []
        for block in document.blocks:
            if block.kind is BlockKind.HEADING:
                while path and path[-1].level >= block.level:
                    path.pop()
                path.append(block)
                self._paths.append((tuple(path), tuple(shadow[above.start : above.end] for above in path)))
        self._path_starts = [path[-1].start for path, _ in self._paths]
        code = [block.end - block.start for block in document.blocks if block.kind is BlockKind.CODE]
        self.mostly_code = len(code) == 1 and code[0] > 0.9 * len(document.text)
        """Whether the text is set as code as a whole: then that is only its looks."""
        self._cells = sorted(
            (cell.start, cell.end, heads[cell.column].start, heads[cell.column].end)
            for table in document.tables
            if (heads := table.headers())
            for cell in table.cells
            if cell.row and cell.column in heads
        )
        self.speaks_of_data = bool(_DATA_AT_ALL.search(shadow))
        """False: whatever the page calls itself (software, file, document) is what it licenses."""
        self.holds_license_text = False
        """Whether a standard license text stands in the document: what is said beside it may change it."""
        self.reads_as_terms = _is_terms(document, shadow)
        """Whether the whole page is terms of a service: what it grants, it grants to visitors of a site."""

    def column(self, offset: int) -> str:
        """The shadowed header of the table column an offset stands in; empty outside of tables."""
        index = bisect_right(self._cells, offset, key=lambda cell: cell[0]) - 1
        if index < 0 or self._cells[index][1] <= offset:
            return ""
        _, _, start, end = self._cells[index]
        return self.shadow[start:end]

    def license_column(self, offset: int) -> bool:
        """Whether an offset stands in a table column headed by a word for licenses."""
        return bool(LICENSE_HEADING.search(self.column(offset)))

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence holding an offset; for a gap, the one before it."""
        index = bisect_right(self._starts, offset) - 1
        return self.sentences[index] if index >= 0 else None

    def block_at(self, offset: int) -> Block | None:
        """The block that holds an offset, if any."""
        index = bisect_right(self._block_starts, offset) - 1
        if index >= 0 and self.document.blocks[index].end > offset:
            return self.document.blocks[index]
        return None

    def begun(self, sentence: Sentence) -> bool | None:
        """Whether what a sentence states has begun at the day of the look; None: it names no beginning."""
        return begun(self.shadow[sentence.start : sentence.end], self.at)

    def sentence_before(self, sentence: Sentence) -> Sentence | None:
        """The sentence before a sentence."""
        index = bisect_right(self._starts, sentence.start) - 2
        return self.sentences[index] if index >= 0 else None

    def sentence_after(self, sentence: Sentence) -> Sentence | None:
        """The sentence after a sentence."""
        index = bisect_right(self._starts, sentence.start)
        return self.sentences[index] if index < len(self.sentences) else None

    def headings(self, offset: int) -> tuple[str, ...]:
        """The shadowed headings above an offset, outermost first."""
        index = bisect_right(self._path_starts, offset) - 1
        return self._paths[index][1] if index >= 0 else ()

    def headings_over(self, offset: int) -> tuple[Block, ...]:
        """The blocks of the headings above an offset, outermost first."""
        index = bisect_right(self._path_starts, offset) - 1
        return self._paths[index][0] if index >= 0 else ()

    def in_license_section(self, offset: int) -> bool:
        """Whether the nearest headings speak of licenses or terms."""
        path = self.headings(offset)
        return bool(path) and any(LICENSE_HEADING.search(heading) for heading in path[-2:])


_TERMS_TITLE = re.compile(
    r"terms (?:of|and|&) (?:service|use|conditions)|terms\b.{0,20}\bconditions|user agreement|acceptable use|publisher agreement|service agreement|terms of \w+|developer (?:terms|policies|policy|agreement)|"
    r"privacy (?:policy|notice)|end[ -]user licen[sc]e|commercial terms|community guidelines|nutzungsbedingungen|conditions (?:générales|d'utilisation)|condiciones de uso"
)
_VISITOR = re.compile(r"\b(?:our|the|this|these) (?:services?|site|website|platform|app|apis?|terms|policies|policy)\b")


def _is_terms(document: Document, shadow: str) -> bool:
    head = shadow[:400]
    return len(shadow) > 2_000 and bool(_TERMS_TITLE.search(head)) and len(_VISITOR.findall(shadow[:20_000])) >= 8


def _sentences(document: Document, shadow: str) -> list[Sentence]:
    result: list[Sentence] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        begin = 0
        if block.kind not in (BlockKind.HEADING, BlockKind.FIELD) and _may_end(text):
            one_line = "\n" not in text
            for match in (_END_OF_ONE_LINE if one_line else _SENTENCE_END).finditer(text):
                end = match.start() + one_line
                if text[end - 1] == "." and _abbreviates(text, begin, end, shadow, block.start):
                    continue
                if text[end - 1] == "." and _GERMAN_DAY.search(text, max(begin, end - 3), match.end() + 10):
                    continue
                _add(result, document.text, block, begin, end)
                begin = match.end()
        _add(result, document.text, block, begin, len(text))
    return result


def _may_end(text: str) -> bool:
    """Whether a text holds what may end a sentence within it; most short ones do not."""
    return (
        ". " in text
        or "\n" in text
        or "! " in text
        or "? " in text
        or ".)" in text
        or '."' in text
        or ".'" in text
        or ".]" in text
        or "。" in text
    )


def _abbreviates(text: str, begin: int, end: int, shadow: str, at: int) -> bool:
    """Whether `text[begin:end]` ends with an abbreviation and not with its sentence; `text` begins at `at`."""
    start = max(begin, end - 12)
    letter = end - 2 >= start and text[end - 2].isalpha() and not (end - 3 >= start and text[end - 3].isalnum())
    return (letter or shadow.endswith(_MAY_ABBREVIATE, at + start, at + end)) and bool(
        _ABBREVIATION.search(text, start, end)
    )


def _add(result: list[Sentence], text: str, block: Block, begin: int, end: int) -> None:
    """Add `block[begin:end]` as a sentence, or as several when it is longer than people write."""
    start, stop = block.start + begin, block.start + end
    while stop - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = cut if cut > 0 else start + _LONGEST
        result.append(Sentence(start, cut, block.kind))
        start = cut
    if stop > start and not (text[start].isspace() and text[start:stop].isspace()):
        result.append(Sentence(start, stop, block.kind))

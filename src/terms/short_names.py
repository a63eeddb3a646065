"""A dataset's name without the words it shares with its family: "Read" on a page about "VoxHarbor Read" and
"VoxHarbor Kids"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from terms.document import BlockKind, Document
from terms.shadow import shadow as shadow_of
from terms.shadow import tidy

_OF_SETS = (
    r"(?:data ?-?sets?|sets?|corpus|corpora|collections?|data|subsets?|parts?|portions?|recordings|files|releases?)"
)
_SAYS = r"carr(?:y|ies)|is|are|was|were|ha[sv]e?|may|can|cannot|must|comes?|falls?|stands?"
_TAIL = r"[A-Z\d][\w-]*(?:\.\d[\w-]*)*"
_FEWEST_LETTERS = 4
_LONGEST_TAIL = 40
_MOST = 200


def short_names(document: Document, low: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a shadowed text means the dataset by the end of its name: what a block begins with, the subject of a
    question, or "the Read collection". Only where the page names the family's others in full, too."""
    yield from _headings(document, low, name)
    for brand, tail in _cuts(tidy(name).strip()):
        if not _has_siblings(document.text, brand, tail):
            continue
        short = r"[\W_]{1,3}".join(map(re.escape, re.findall(r"\w+", shadow_of(tail))))
        # "The Day and Dusk collections": the names of others may stand between.
        joined = r"(?:[\w-]+,? (?:and |or |& )?){0,4}?"
        within = (
            re.compile(rf"\bthe {joined}({short})(?=,? (?:(?:and|or|&) (?:the )?[\w-]+ )?{_OF_SETS}\b)"),
            re.compile(rf"\b(?:the|for) ({short})(?!\w)(?=[^.!?]{{0,60}}\?)"),
            re.compile(rf"(?:(?<![^\W])|(?<=[.!?:]\s))the ({short})(?= (?:{_SAYS})\b)"),
            re.compile(rf"\b(?:version|release|edition) ({short})(?![\w.]*\w)"),
        )
        as_spelled = re.compile(rf"\b(?:for|of|on) ({re.escape(tail)})(?![\w-]| [A-Z\d])")
        label = re.compile(rf"\W{{0,3}}({short})(?=\W{{0,2}}(?:[:|]|\s[-\u2013\u2014]\s|\Z))")
        for block in document.blocks:
            if found := label.match(low, block.start, block.end):
                yield found.span(1)
            for pattern in within:
                for found in pattern.finditer(low, block.start, block.end):
                    yield found.span(1)
            for found in as_spelled.finditer(document.text, block.start, block.end):
                yield found.span(1)
        return


def _headings(document: Document, low: str, name: str) -> Iterator[tuple[int, int]]:
    """Headings that are the first word of a name which their section says in full: "Halley" over "The Halley Atlas"."""
    first, _, rest = shadow_of(tidy(name)).strip().partition(" ")
    spelled, _, tail = tidy(name).strip().partition(" ")
    if len(first) < _FEWEST_LETTERS or not rest or _has_siblings(document.text, spelled, tail):
        return
    whole = re.compile(rf"(?<!\w){re.escape(first)} {re.escape(rest)}(?!\w)")
    title = next((block for block in document.blocks if block.kind is BlockKind.HEADING), None)
    for index, block in enumerate(document.blocks):
        if (
            block.kind is BlockKind.HEADING
            and block is not title
            and low[block.start : block.end].strip(" :.") == first
        ):
            start, end = document.section_of(index)
            if whole.search(low, block.end, end):
                yield start, start + len(first)


def _cuts(name: str) -> Iterator[tuple[str, str]]:
    """The ways to part a name into the family's words and its own, the longest family first."""
    words = name.split()
    for size in range(len(words) - 1, 0, -1):
        brand, tail = " ".join(words[:size]), " ".join(words[size:])
        if re.search(r"[^\W\d_]{2}", brand) and 2 < len(tail) <= _LONGEST_TAIL and re.match(_TAIL, tail):
            yield brand, tail


def _has_siblings(text: str, brand: str, tail: str) -> bool:
    """Whether a page names others of a family as well as this one, and none whose name goes on from this one's."""
    spelled = " ".join(map(re.escape, brand.split()))
    tails = {
        match[1]
        for match, _ in zip(re.finditer(rf"(?<!\w){spelled} ({_TAIL}(?: {_TAIL})*)", text), range(_MOST), strict=False)
    }
    own = {found for found in tails if found == tail or found.startswith(f"{tail} ")}
    others = {found for found in tails - own if not tail.startswith(f"{found} ")}
    return bool(own) and bool(others)

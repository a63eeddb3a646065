"""Words that stand for a dataset: by its place in a list ("the former", "the first two"), or the end of its name."""

from __future__ import annotations

import re
from bisect import bisect_right

from terms.document import Block, BlockKind, Document
from terms.naming import STAND_IN, Name
from terms.short_names import short_names

_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "zwei": 2,
    "drei": 3,
    "deux": 2,
    "trois": 3,
    "dos": 2,
    "tres": 3,
}
_ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "former": 0, "latter": -1, "last": -1,
    "erste": 0, "ersten": 0, "zweite": 1, "dritte": 2, "letzte": -1, "letzten": -1, "erstere": 0, "letztere": -1,
    "premier": 0, "première": 0, "premiers": 0, "premières": 0, "deuxième": 1, "troisième": 2, "dernier": -1, "dernière": -1,
    "primero": 0, "primera": 0, "primeros": 0, "primeras": 0, "segundo": 1, "segunda": 1, "tercero": 2, "tercera": 2, "último": -1, "última": -1,
}  # fmt: skip
_STANDS = re.compile(
    rf"\b(?:the|der|die|das|den|le|la|les|el|los|las) (?P<first>(?:{'|'.join(_NUMBERS)}) )?(?P<place>{'|'.join(map(str.strip, _ORDINALS))})(?: (?P<number>{'|'.join(_NUMBERS)}))?"
    r"(?: (?:data ?-?sets?|sets?|corpora|corpus|collections?|ones?|parts?|subsets?|of (?:these|them)|datensätze|datensatz|jeux de données|conjuntos(?: de datos)?))?"
    r"(?=\W{0,2}(?:is|are|was|were|may|can|cannot|must|comes?|has|have|under|licen[sc]\w+|released|distributed|available|falls?|for|ist|sind|darf|dürfen|steht|stehen|est|sont|es|son|puede\w*|cc|cc0)\b|\s?[:(])"
)
_NAME = r"(?:[A-Z][\w.+-]*|\d[\w.-]*[A-Z][\w-]*)(?: (?:[A-Z\d][\w.+-]*|of|de)){0,4}(?:\s?\([^()]{1,40}\))?"
_LISTED = re.compile(rf"{_NAME}(?:, (?:the )?{_NAME}){{0,8}},? (?:and|&|und|et|y) (?:the )?{_NAME}")
_PARTED = re.compile(r",? (?:and|&|und|et|y) |, ")
_FARTHEST = 4
_MOST = 200


def with_stand_ins(document: Document, low: str, name: Name, spelled: str) -> str:
    """A shadowed text in which the words that stand for a dataset, `spelled` so, are signs that its name matches,
    as many as there were letters."""
    low = low.replace(STAND_IN, " ")
    for start, end in short_names(document, low, spelled):
        low = f"{low[:start]}{STAND_IN * (end - start)}{low[end:]}"
    parts: list[str] = []
    at = 0
    for match in list(_STANDS.finditer(low))[:_MOST]:
        listed = _list_before(document, low, match.start())
        places = [index for index, (start, end) in enumerate(listed) if name.within(low, start, end)]
        if len(places) == 1 and places[0] in _meant(match, len(listed)):
            end = match.end("number") if match["number"] else match.end("place")
            parts.extend((low[at : match.start()], STAND_IN * (end - match.start())))
            at = end
    return "".join((*parts, low[at:])) if parts else low


def _meant(match: re.Match[str], size: int) -> range:
    """The places in a list of a size that an ordinal means; none where the list is too short for it."""
    place = _ORDINALS[match["place"]]
    number = _NUMBERS.get((match["number"] or match["first"] or "").strip(), 1)
    if number >= size or size < 2 or (match["place"] in ("former", "latter") and number == 1 and size != 2):
        return range(0)
    return range(place, place + number) if place >= 0 else range(size - number, size)


def _list_before(document: Document, low: str, offset: int) -> list[tuple[int, int]]:
    """The names of the nearest enumeration before an offset: in its block, in the items above it, or in the block above."""
    blocks = document.blocks
    index = bisect_right(blocks, offset, key=lambda block: block.start) - 1
    for back, block in enumerate(reversed(blocks[max(0, index - _FARTHEST) : index + 1])):
        if back and block.kind in (BlockKind.ITEM, BlockKind.ROW):
            return _titles(document, low, index - back)
        found = list(_LISTED.finditer(document.text, block.start, min(block.end, offset)))
        if found:
            return _split(document.text, *found[-1].span())
        if back and block.kind is not BlockKind.HEADING:
            return []
    return []


def _titles(document: Document, low: str, last: int) -> list[tuple[int, int]]:
    """What the run of items or rows that ends with a block begins with, one stretch each."""
    kind, level = document.blocks[last].kind, document.blocks[last].level
    found: list[Block] = []
    for block in reversed(document.blocks[max(0, last - _MOST) : last + 1]):
        if block.kind is not kind:
            break
        if block.level == level:
            found.append(block)
    if kind is BlockKind.ROW:
        header = {table.start for table in document.tables if table.headers()}
        found = [block for block in found if block.start not in header]
    return [
        (
            block.start,
            block.start + len(re.split(r"[|:;,(]|\s[-–]\s|\.\s", low[block.start : block.end], maxsplit=1)[0]),
        )
        for block in reversed(found)
    ]


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans, at = [], start
    for sign in _PARTED.finditer(text, start, end):
        spans.append((at, sign.start()))
        at = sign.end()
    return [*spans, (at, end)]

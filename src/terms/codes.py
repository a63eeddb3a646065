"""Codes and icons in a table's column for licenses, and the legend that says what they mean: "A = CC BY 4.0", or a
table of its own, "A | CC BY 4.0"."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from terms.document import BlockKind, Table
from terms.sentences import LICENSE_HEADING, Context
from terms.spans import Spans, touches
from terms.units import states_terms

_MEANS = r"\s?(?:=|:|–|—|-|→|means|stands for)\s"
_CODE = re.compile(r"[\[(]?[^\s|]{1,14}[\])]?")
_SHORT_CODE = re.compile(r"[\[(]?[a-z\d*+-]{1,4}[\])]?")
_LABEL = re.compile(
    r"\b(?:access|licen[sc]e|terms|rights|status|availability|use)\s?:\s"
    r"(?!licen|terms|rights|access|use\b)([a-z][\w-]{2,20})(?=[\s.,;]|\Z)"
)
_LABEL_TOLD = re.compile(rf"\W{{0,3}}([a-z][\w-]{{2,20}}){_MEANS}")
_MOST_LABELS = 2_000
_SIGN = re.compile("[\u26aa\u26ab\u2705\u274c\u2b1b\u2b1c\U0001f534\U0001f535\U0001f7e0-\U0001f7eb]")
_OF_SIGNS = re.compile(r"\bmean|\bkey\b|legend|symbol|\bdots?\b|\bicons?\b|colou?r")
_FEWEST_ROWS = 3
_MOST_TOLD = 500
_MOST_KEYED = 4
"""How many columns of a table are compared with the page's legends."""
_LONGEST_LEGEND = 800
_MOST_CODES = 40
_MOST_TABLES = 8


def meanings(context: Context, own: Spans) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What the legend says of the codes in a dataset's rows, and what it says of the other codes of their column."""
    mine, others = list[tuple[int, int]](), list[tuple[int, int]]()
    with_own = (table for table in context.document.tables if touches((table.start, table.end), own))
    for table in islice(with_own, _MOST_TABLES):
        said = _codes(context, table)
        if not 1 < len(said) <= _MOST_CODES:
            continue
        borne = {code for code, spans in said.items() if any(touches(span, own) for span in spans)}
        if not borne:
            continue
        for code, span in _legend(context, table, set(said)):
            (mine if code in borne else others).append(span)
    return (mine, others) if mine else ([], [])


def labels(context: Context, own: Spans) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What a page says of the label a dataset bears ("Access: open") where it explains labels, and of the others."""
    low, borne = context.shadow, dict[str, bool]()
    for match in islice(_LABEL.finditer(low), _MOST_LABELS):
        borne[match[1]] = borne.get(match[1], False) or touches(match.span(), own)
    if not any(borne.values()) or not 1 < len(borne) <= _MOST_CODES:
        return [], []
    mine, others = list[tuple[int, int]](), list[tuple[int, int]]()
    for block in context.document.blocks:
        told = _LABEL_TOLD.match(low, block.start, block.end)
        if told and told[1] in borne and not touches((block.start, block.end), own):
            (mine if borne[told[1]] else others).append((block.start, block.end))
    # One line alone is a field like others.
    return (mine, others) if mine and others else ([], [])


def icons(context: Context, own: Spans) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What the legend of a page's coloured signs says of the one a dataset bears, and of the others."""
    text = context.document.text
    borne = {sign[0] for start, end in own for sign in _SIGN.finditer(text, start, end)}
    if len(borne) != 1:
        return [], []
    mine, others = list[tuple[int, int]](), list[tuple[int, int]]()
    for block in context.document.blocks:
        sign = _SIGN.match(text, block.start, block.end)
        over = context.headings(block.start) if sign else ()
        if sign and over and _OF_SIGNS.search(over[-1]) and not touches((block.start, block.end), own):
            (mine if sign[0] in borne else others).append((block.start, block.end))
    return (mine, others) if mine and others else ([], [])


def _codes(context: Context, table: Table) -> dict[str, list[tuple[int, int]]]:
    """Every code in the columns for licenses -> its cells."""
    columns = {
        column
        for column, cell in table.headers().items()
        if LICENSE_HEADING.search(context.shadow[cell.start : cell.end])
    } or _keyed(context, table)
    found: dict[str, list[tuple[int, int]]] = {}
    for cell in table.cells:
        words = context.shadow[cell.start : cell.end].strip()
        if cell.row and cell.column in columns and _CODE.fullmatch(words):
            found.setdefault(words, []).append((cell.start, cell.end))
    return found


def _keyed(context: Context, table: Table) -> set[int]:
    """The columns whose header says nothing and whose cells are all codes that a legend explains by terms."""
    columns: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.row:
            columns.setdefault(cell.column, []).append(context.shadow[cell.start : cell.end].strip())
    short = (
        (column, set(cells))
        for column, cells in columns.items()
        if len(cells) >= _FEWEST_ROWS and len(set(cells)) < len(cells) and all(map(_SHORT_CODE.fullmatch, cells))
    )
    found = set[int]()
    for column, codes in islice(short, _MOST_KEYED):
        told = _legend(context, table, codes) if 1 < len(codes) <= _MOST_CODES else []
        of_terms = {code for code, span in told if states_terms(context.shadow[span[0] : span[1]])}
        if {code for code, _ in told} == codes and len(of_terms) > 1:
            found.add(column)
    return found


def _legend(context: Context, table: Table, codes: set[str]) -> list[tuple[str, tuple[int, int]]]:
    """The meanings of codes that are told outside of their table: each to the next code or the end of its block."""
    one_of = "|".join(re.escape(code) for code in sorted(codes, key=len, reverse=True))
    told = re.compile(rf"(?:(?<=[\s;,(:])|(?<![^\n]))({one_of})(?:{_MEANS}|(?<=[\])])\s|(?P<cell>\s\|\s))")
    starts = [block.start for block in context.document.blocks]
    found: list[tuple[str, int, int, int]] = []
    for match in islice(told.finditer(context.shadow), _MOST_TOLD):
        index = bisect_right(starts, match.start()) - 1
        block = context.document.blocks[index]
        if block.kind is BlockKind.ROW and table.start <= block.start < table.end:
            continue
        if match["cell"] and not (block.kind is BlockKind.ROW and match.start() == block.start):
            continue
        if block.end - block.start <= _LONGEST_LEGEND:
            found.append((match[1], match.start(), match.end(), block.end))
    return [
        (code, (start, min(end, next((after[1] for after in found[index + 1 : index + 2]), end))))
        for index, (code, start, _, end) in enumerate(found)
    ]

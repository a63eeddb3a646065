"""Codes and icons in a table's column for licenses, and the legend that says what they mean: "A = CC BY 4.0", or a
table of its own, "A | CC BY 4.0"."""

from __future__ import annotations

import re
from bisect import bisect_right

from terms.document import BlockKind, Table
from terms.sentences import LICENSE_HEADING, Context
from terms.spans import Spans, touches
from terms.units import states_terms

_CODE = re.compile(r"[\[(]?[^\s|]{1,14}[\])]?")
_MEANS = r"\s?(?:=|:|–|—|-|→|means|stands for)\s"
_SHORT_CODE = re.compile(r"[\[(]?[a-z\d*+-]{1,4}[\])]?")
_FEWEST_ROWS = 3
_LONGEST_LEGEND = 800
_MOST_CODES = 40
_MOST_TABLES = 40


def meanings(context: Context, own: Spans) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What the legend says of the codes in a dataset's rows, and what it says of the other codes of their column."""
    mine, others = list[tuple[int, int]](), list[tuple[int, int]]()
    for table in context.document.tables[:_MOST_TABLES]:
        said = _codes(context, table)
        if not 1 < len(said) <= _MOST_CODES:
            continue
        borne = {code for code, spans in said.items() if any(touches(span, own) for span in spans)}
        if not borne:
            continue
        for code, span in _legend(context, table, set(said)):
            (mine if code in borne else others).append(span)
    return (mine, others) if mine else ([], [])


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
    found = set[int]()
    for column, cells in columns.items():
        codes = set(cells)
        few = 1 < len(codes) <= _MOST_CODES and len(codes) < len(cells) >= _FEWEST_ROWS
        if few and all(_SHORT_CODE.fullmatch(code) for code in codes):
            told = _legend(context, table, codes)
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
    for match in told.finditer(context.shadow):
        index = bisect_right(starts, match.start()) - 1
        block = context.document.blocks[index]
        if block.kind is BlockKind.ROW and table.start <= block.start < table.end:
            continue
        if match["cell"] and not (block.kind is BlockKind.ROW and match.start() == block.start):
            continue
        if block.end - block.start <= _LONGEST_LEGEND:
            found.append((match[1], match.start(), match.end(), block.end))
    return [
        (code, (start, min(end, next((after[1] for after in found[index + 1 :][:1]), end))))
        for index, (code, start, _, end) in enumerate(found)
    ]

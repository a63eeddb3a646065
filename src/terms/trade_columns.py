"""Tables that say for each dataset whether trade may use it: "Commercial use | yes", prices in a column of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.reading import Finding, FindingKind, Scope
from domain.rights import Right, Rights
from domain.vocabulary import Action, Basis, Condition, RightValue
from terms.document import Cell, Table
from terms.place import Place
from terms.sentences import Context

RULE = "clause/commercial_column"

_TRADE = re.compile(
    r"\W*(?:for )?commercial(?: (?:use|usage|licen[sc]e|users?|purposes|price|fee))?(?: (?:allowed|permitted))?\W*|\W*(?:industry|companies)\W*"
)
_NO = re.compile(
    r"\W*(?:no|not (?:allowed|permitted|available|possible)|never|prohibited|forbidden|none|n|x)\W*|[✗✘❌×]\W*"
)
_YES = re.compile(r"\W*(?:yes|allowed|permitted|y|free)\W*|[✓✔✅☑]\W*")
_PRICE = re.compile(r"\W*(?:[€$£¥]|eur|usd|gbp|chf)?\s?\d[\d,.' ]*\s?(?:[€$£¥]|eur|euros?|usd|dollars|gbp|chf|k)?\W*")
_ASKED = re.compile(r".*\b(?:request|contact|ask|consent|permission|agreement|negotiable|quote)\b.*")


def of_trade_columns(context: Context, place: Place) -> Iterator[Finding]:
    """What the cells of a named dataset say in columns, or rows, that tell of commercial use.

    Only for a dataset that is asked about: in a page read as a whole the rows of a table are many datasets'.
    """
    if place.name is None:
        return
    for table in context.document.tables:
        heads = list(_heads(context, table))
        for cell in table.cells if heads else ():
            named = any((cell.column == c if across else cell.row == r) for r, c, across in heads)
            own = named and cell.end > cell.start and place.holds(cell.start)
            if own and (right := _said(context.shadow[cell.start : cell.end].strip())) is not None:
                yield Finding(
                    FindingKind.CLAUSE,
                    RULE,
                    context.document.text[cell.start : cell.end],
                    cell.start,
                    cell.end,
                    Scope(),
                    rights=Rights().with_right(Action.COMMERCIAL_USE, right),
                )


def _heads(context: Context, table: Table) -> Iterator[tuple[int, int, bool]]:
    """The cells that name a column (True) or a row (False) of commercial use."""
    for cell in table.cells:
        if _is_edge(cell) and cell.end > cell.start and _TRADE.fullmatch(context.shadow, cell.start, cell.end):
            yield cell.row, cell.column, cell.row <= 1 and cell.column > 0


def _is_edge(cell: Cell) -> bool:
    """Whether a cell stands where columns or rows are named; names of columns may take two rows."""
    return cell.row == 0 or cell.column == 0 or (cell.row == 1 and cell.header)


def _said(words: str) -> Right | None:
    if _NO.fullmatch(words):
        return Right(RightValue.PROHIBITED, Basis.STATED)
    if _YES.fullmatch(words):
        return Right(RightValue.PERMITTED, Basis.STATED)
    if _PRICE.fullmatch(words):
        return Right(RightValue.CONDITIONAL, Basis.STATED, conditions=(Condition.FEE,))
    if _ASKED.fullmatch(words):
        return Right(RightValue.CONDITIONAL, Basis.STATED, conditions=(Condition.PERMISSION,))
    return None

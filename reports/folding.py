"""Long lists: a few items stand on one line, many are folded, a few a line, so that no line is a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.escape import Safe, listed

ON_ONE_LINE = 8
"""Items that still stand on the line that names them."""

_A_LINE = 6


@dataclass(frozen=True, slots=True)
class Fold:
    """A named list. `inline` holds short ones whole; otherwise `lines` stand folded below the title."""

    title: Safe
    inline: Safe
    lines: tuple[Safe, ...]


def fold(title: Safe, items: Iterable[Safe]) -> Fold:
    """The list under its title, folded when it is long."""
    found = tuple(items)
    if len(found) <= ON_ONE_LINE:
        return Fold(title, listed(found), ())
    return Fold(title, Safe(""), tuple(listed(found[at : at + _A_LINE]) for at in range(0, len(found), _A_LINE)))


def folded_lines(title: Safe, items: Iterable[Safe]) -> Fold:
    """Sentences under a title, one a line, folded however few they are."""
    return Fold(title, Safe(""), tuple(items))

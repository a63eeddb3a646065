"""`clearance status`: one row a source. Set by hand and not by `rich`, which takes longer for it than all the rest
of the command."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

from domain.deciding import Decision
from domain.vocabulary import Tier
from reports.escape import plain
from reports.recommend import first_closing
from reports.words import days, moment

_HEAD = ("source", "license", "tier", "if verified", "closes first", "owner", "verified", "days")
_GAP = "  "
_BOLD = "1"
_COLORS = {Tier.PRODUCTION_APPROVED.value: "32", Tier.RESEARCH_ONLY.value: "33", Tier.BLOCKED.value: "31"}


def status_table(decisions: Sequence[Decision], width: int, *, color: bool) -> str:
    """The sources by id, in lines of at most `width` columns; with `color` for a terminal that shows it."""
    rows = [_row(decision) for decision in sorted(decisions, key=lambda decision: decision.source_id)]
    natural = [max(map(_columns, cells)) for cells in zip(_HEAD, *rows, strict=True)]
    widths = _fitted(natural, width - len(_GAP) * (len(_HEAD) - 1))
    lines = _lines(_HEAD, widths, (_BOLD if color else "",) * len(_HEAD))
    for row in rows:
        lines += _lines(row, widths, [_COLORS.get(cell, "") if color else "" for cell in row])
    return "\n".join(lines)


def _row(decision: Decision) -> tuple[str, ...]:
    closes, owner = first_closing(decision)
    effort = decision.effort
    cells = (
        decision.source_id,
        decision.license_concluded if decision.verified_at else f"[{decision.license_declared}]",
        decision.tier.value,
        decision.tier_if_verified.value,
        closes,
        owner,
        "never" if decision.verified_at is None else moment(decision.verified_at),
        f"{days(effort.low)}/{days(effort.likely)}/{days(effort.high)}",
    )
    return tuple(plain(cell) for cell in cells)


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """The widths of columns after the widest have given up what there is no room for."""
    fitted = list(widths)
    while (excess := sum(fitted) - room) > 0 and (widest := max(fitted)) > 1:
        of_them = [index for index, width in enumerate(fitted) if width == widest]
        second = max((width for width in fitted if width < widest), default=1)
        for index in of_them:
            fitted[index] = max(second, widest - -(-excess // len(of_them)))
    return fitted


def _lines(cells: Sequence[str], widths: Sequence[int], styles: Sequence[str]) -> list[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for at in range(max(map(len, wrapped))):
        parts = [part[at] if at < len(part) else "" for part in wrapped]
        line = _GAP.join(
            (f"\x1b[{style}m{part}\x1b[0m" if style and part else part) + " " * (width - _columns(part))
            for part, width, style in zip(parts, widths, styles, strict=True)
        )
        lines.append(line.rstrip())
    return lines


def _wrapped(cell: str, width: int) -> list[str]:
    if _columns(cell) <= width:
        return [cell]
    # A sign that takes two columns may not stand at the end of a line that has room for one.
    room = width if cell.isascii() else max(1, width // 2)
    return textwrap.wrap(cell, room, break_on_hyphens=False)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )

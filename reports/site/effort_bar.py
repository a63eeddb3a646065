"""A source's effort as a bar: the likely person-days by part, and the range they may come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import Decision, Effort
from domain.vocabulary import EffortPart
from reports.words import days

WIDTH = 640
"""Of the bar at full scale, in the drawing's own units."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part: where it begins, how wide it is, both in the drawing's units."""

    part: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the scale."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortBar:
    """All that the drawing needs. The scale is the same on every page."""

    segments: tuple[Segment, ...]
    low: float
    likely: float
    high: float
    ticks: tuple[Tick, ...]
    words: str


def scale_of(decisions: Sequence[Decision]) -> float:
    """Person-days at the right end: the next ten above the highest estimate."""
    highest = max((decision.effort.high for decision in decisions), default=0.0)
    return 10.0 * (int(highest // 10) + 1)


def effort_bar(effort: Effort, scale: float) -> EffortBar:
    """The bar of one source; `scale` is in person-days."""
    segments: list[Segment] = []
    at = 0.0
    for part in EffortPart:
        likely = effort.of(part).likely
        segments.append(Segment(part.value, _units(at, scale), _units(likely, scale)))
        at += likely
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if scale / step <= 8)
    ticks = tuple(Tick(_units(day, scale), str(day)) for day in range(0, int(scale) + 1, step))
    shares = ", ".join(f"{part.value} {days(effort.of(part).likely)}" for part in EffortPart)
    return EffortBar(
        segments=tuple(segments),
        low=_units(effort.low, scale),
        likely=_units(effort.likely, scale),
        high=_units(effort.high, scale),
        ticks=ticks,
        words=f"Likely {days(effort.likely)} person-days, from {days(effort.low)} to {days(effort.high)}: {shares}.",
    )


def _units(amount: float, scale: float) -> float:
    return round(WIDTH * amount / scale, 1)

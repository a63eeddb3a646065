"""The figures and the numbers in them: every drawing stands above a table that says the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from domain.history import ChangeRecord
from domain.vocabulary import Direction, Tier
from reports.change_section import is_material
from reports.escape import plain
from reports.site.plots import Point, Series, scattered, stacked_bars
from reports.words import count, days, moment

Entry = tuple[Provider, Dataset, Source]

_MOST_FAMILIES = 25
_MOST_NAMED = 12
_SHORT = {Tier.PRODUCTION_APPROVED: "P", Tier.RESEARCH_ONLY: "R", Tier.BLOCKED: "B"}
_DIRECTIONS = {
    Direction.TIGHTENED: "T",
    Direction.LOOSENED: "L",
    Direction.CLARIFIED: "C",
    Direction.WITHDRAWN: "W",
    Direction.MIXED: "M",
}
_NEVER = "never looked at"
# A stray number in a note must not stretch the axis over ten thousand years.
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One figure. `svg` is None where there is nothing to draw; `nothing` then says so."""

    anchor: str
    title: str
    words: str
    svg: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: str = ""


def figure_views(
    entries: Mapping[str, Entry], decisions: Sequence[Decision], changes: Sequence[ChangeRecord]
) -> tuple[FigureView, ...]:
    """All figures; they draw the rows and nothing else, the present time neither."""
    by_id = sorted(decisions, key=lambda decision: decision.source_id)
    return (
        _by_layer(by_id),
        _by_family(by_id, entries),
        _effort(by_id, entries),
        _freshness(by_id),
        _drift(changes, entries),
    )


def _tiers(
    anchor: str, title: str, words: str, decisions: Sequence[Decision], group: Callable[[Decision], str], first: str
) -> FigureView:
    counts: defaultdict[str, Counter[Tier]] = defaultdict(Counter)
    for decision in decisions:
        counts[plain(group(decision))][decision.tier] += 1
    order = sorted(counts, key=lambda name: (name.startswith("other "), -counts[name].total(), name))
    return _tier_bars(anchor, title, words, order, counts, first)


def _tier_bars(
    anchor: str, title: str, words: str, order: Sequence[str], counts: Mapping[str, Counter[Tier]], first: str
) -> FigureView:
    series = [Series(tier, f"{tier} ({_SHORT[tier]})", _SHORT[tier], _of(order, counts, tier)) for tier in Tier]
    return FigureView(
        anchor=anchor,
        title=title,
        words=words,
        svg=stacked_bars(anchor, title, words, order, series, "sources") if order else None,
        columns=(first, *Tier, "all"),
        rows=tuple((name, *(str(counts[name][tier]) for tier in Tier), str(counts[name].total())) for name in order),
        nothing="No source is decided.",
    )


def _of(order: Sequence[str], counts: Mapping[str, Counter[Tier]], tier: Tier) -> tuple[int, ...]:
    return tuple(counts[name][tier] for name in order)


def _by_layer(decisions: Sequence[Decision]) -> FigureView:
    words = "How many sources of each layer have which tier today."
    return _tiers("tier-by-layer", "Tier by layer", words, decisions, lambda decision: decision.layer, "Layer")


def _by_family(decisions: Sequence[Decision], entries: Mapping[str, Entry]) -> FigureView:
    def family(decision: Decision) -> str:
        provider, dataset, _ = entries[decision.source_id]
        return dataset.family or provider.provider

    sizes = Counter(family(decision) for decision in decisions)
    large = {name for name, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FAMILIES]}
    rest = f"other ({count(len(sizes) - len(large), 'family').replace('familys', 'families')})"
    words = "How many sources of each family have which tier today; the smallest families are taken together."

    def group(decision: Decision) -> str:
        return name if (name := family(decision)) in large else rest

    return _tiers("tier-by-family", "Tier by family", words, decisions, group, "Family")


def _effort(decisions: Sequence[Decision], entries: Mapping[str, Entry]) -> FigureView:
    title = "Effort against what a source unlocks"
    words = (
        "Likely person-days against the number of applications a source serves and workflows it unlocks, with its "
        "tier if verified. Towards the upper left a day buys most; points of the same height are drawn apart."
    )
    gains = {d.source_id: _gain(entries[d.source_id][2]) for d in decisions}
    best = sorted(
        (d for d in decisions if d.tier_if_verified is not Tier.BLOCKED),
        key=lambda d: (d.tier_if_verified.rank, -gains[d.source_id], d.effort.likely, d.source_id),
    )
    ordered = sorted(decisions, key=lambda d: (-gains[d.source_id], d.effort.likely, d.source_id))
    points = _apart(ordered, gains, {d.source_id for d in best[:_MOST_NAMED]})
    labels = {tier.value: f"{tier}, if verified" for tier in Tier}
    axes = ("likely person-days", "applications served and workflows unlocked")
    return FigureView(
        anchor="effort-against-unlocks",
        title=title,
        words=words,
        svg=scattered("effort-against-unlocks", title, words, points, labels, *axes) if points else None,
        columns=("Source", "Tier if verified", "Likely person-days", "Serves and unlocks"),
        rows=tuple((d.source_id, d.tier_if_verified, days(d.effort.likely), str(gains[d.source_id])) for d in ordered),
        nothing="No source is decided.",
    )


def _gain(source: Source) -> int:
    return len(dict.fromkeys(fit.application for fit in source.applications)) + len(source.unlocks)


def _apart(decisions: Sequence[Decision], gains: Mapping[str, int], named: set[str]) -> list[Point]:
    # Sources that gain alike would lie on one line, and their names on each other.
    taken: Counter[int] = Counter()
    points: list[Point] = []
    longest = max((decision.effort.likely for decision in decisions), default=0.0)
    for decision in decisions:
        gain = gains[decision.source_id]
        lane = taken[gain] % 9
        taken[gain] += 1
        x, y = decision.effort.likely, gain + (lane - 4) * 0.085
        # A name that would lie on another is left to the table.
        free = all(abs(y - other.y) > 0.16 or abs(x - other.x) > longest / 4 for other in points if other.label)
        label = decision.source_id if decision.source_id in named and free else ""
        points.append(Point(decision.tier_if_verified, x, y, label))
    return points


def _freshness(decisions: Sequence[Decision]) -> FigureView:
    counts: defaultdict[str, Counter[Tier]] = defaultdict(Counter)
    looked = [moment(decision.verified_at) for decision in decisions if decision.verified_at is not None]
    width = len("2023") if len({at[:4] for at in looked}) > 3 else len("2023-05")
    for decision in decisions:
        period = _NEVER if decision.verified_at is None else moment(decision.verified_at)[:width]
        counts[period][decision.tier] += 1
    order = sorted(counts, key=lambda name: (name == _NEVER, name))
    title = "Freshness of the evidence"
    words = "When the newest look that supports the conclusion was taken, and the tier the source has today."
    return _tier_bars("freshness", title, words, order, counts, "Newest look")


def _drift(changes: Sequence[ChangeRecord], entries: Mapping[str, Entry]) -> FigureView:
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    unique = {record.change_id: record for record in changes if record.confirmed and is_material(record)}
    for record in unique.values():
        seen[moment(record.at)[:4]][record.change.direction or Direction.MIXED] += 1
    for _, _, source in entries.values():
        for note in source.drift:
            if year := _YEAR.match(note.when):
                seen[year[0]]["known"] += 1
    order = [str(year) for year in range(int(min(seen)), int(max(seen)) + 1)] if seen else []
    kinds = {**{direction.value: short for direction, short in _DIRECTIONS.items()}, "known": "K"}
    labels = {"known": "known from the catalog"}
    series = [
        Series(kind, f"{labels.get(kind, kind)} ({short})", short, tuple(seen[year][kind] for year in order))
        for kind, short in kinds.items()
        if any(seen[year][kind] for year in order)
    ]
    title = "Drift of terms over time"
    words = "Confirmed changes of terms by year and direction, beside those that the catalog tells of the past."
    return FigureView(
        anchor="drift",
        title=title,
        words=words,
        svg=stacked_bars("drift", title, words, order, series, "changes") if series else None,
        columns=("Year", *(labels.get(kind, kind) for kind in kinds)),
        rows=tuple((year, *(str(seen[year][kind]) for kind in kinds)) for year in order),
        nothing="No change of terms is on record.",
    )

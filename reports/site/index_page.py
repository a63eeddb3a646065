"""The first page: the decision summary of every source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from domain.vocabulary import Tier
from reports import recommend
from reports.acts import Act, next_gates
from reports.compose import only_declared
from reports.site.addresses import Link, source_link
from reports.words import days, moment

Entry = tuple[Provider, Dataset, Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many sources have a tier now, and how many once verified."""

    tier: str
    now: int
    if_verified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A source whose pages could not be looked at, and why."""

    source: Link
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One source; `gate` is the one to close first, `closes` the act. `declared_only`: nobody has looked
    at the page, so the license is a claim."""

    source: Link
    dataset: str
    layer: str
    license: str
    declared_only: bool
    determination: str
    tier: str
    tier_rank: int
    tier_if_verified: str
    if_verified_rank: int
    gate: str
    closes: str
    owner: str
    days: str
    looked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """The whole page."""

    tallies: tuple[Tally, ...]
    rows: tuple[SummaryRow, ...]
    layers: tuple[str, ...]
    most_useful: Act | None
    pages_looked_at: int
    pages_total: int
    problems: tuple[Problem, ...]
    undecided: tuple[str, ...]
    catalog: str
    policy: str


def index_page(
    entries: Mapping[str, Entry],
    decisions: Sequence[Decision],
    found: Sequence[Act],
    *,
    problems: Mapping[str, str],
    pages_looked_at: int,
    pages_total: int,
    versions: tuple[str, str],
) -> IndexPage:
    """The summary; `found` are the acts, the most useful first, `versions` those of catalog and policy."""
    by_id = sorted(decisions, key=lambda decision: decision.source_id)
    return IndexPage(
        tallies=tuple(
            Tally(
                tier=tier,
                now=sum(decision.tier is tier for decision in by_id),
                if_verified=sum(decision.tier_if_verified is tier for decision in by_id),
            )
            for tier in Tier
        ),
        rows=tuple(_row(decision, entries[decision.source_id][1]) for decision in by_id),
        layers=tuple(sorted({decision.layer for decision in by_id})),
        most_useful=found[0] if found else None,
        pages_looked_at=pages_looked_at,
        pages_total=pages_total,
        problems=tuple(
            Problem(source=source_link(source_id, ""), why=why) for source_id, why in sorted(problems.items())
        ),
        undecided=tuple(sorted(entries.keys() - {decision.source_id for decision in by_id})),
        catalog=versions[0][:16],
        policy=versions[1][:16],
    )


def _row(decision: Decision, dataset: Dataset) -> SummaryRow:
    closes, owner = recommend.first_closing(decision)
    declared_only = only_declared(decision)
    return SummaryRow(
        source=source_link(decision.source_id, ""),
        dataset=dataset.name,
        layer=decision.layer,
        license=decision.license_declared if declared_only else decision.license_concluded,
        declared_only=declared_only,
        determination=decision.determination,
        tier=decision.tier,
        tier_rank=decision.tier.rank,
        tier_if_verified=decision.tier_if_verified,
        if_verified_rank=decision.tier_if_verified.rank,
        gate=next((gate.gate for gate in next_gates(decision)), ""),
        closes=closes,
        owner=owner,
        days=days(decision.effort.likely),
        looked="never" if decision.verified_at is None else moment(decision.verified_at)[:10],
    )

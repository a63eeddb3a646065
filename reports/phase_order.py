"""In which order the sources of a phase are taken: by rank, none before what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision
from domain.ordering import needed_first
from domain.policy import Phase, Policy
from domain.vocabulary import Tier

TABLES = (Tier.PRODUCTION_APPROVED, Tier.RESEARCH_ONLY)
"""The tables of a phase in order, by what a source is worth once verified; blocked ones are in none."""


def phases_of(decisions: Sequence[Decision], policy: Policy) -> tuple[Phase, ...]:
    """The policy's phases in order, then those that only decisions name."""
    used = {decision.phase for decision in decisions if decision.tier_if_verified in TABLES}
    unnamed = sorted(used - {phase.id for phase in policy.phases})
    return (*policy.phases, *(Phase(id=phase, name="not named in the policy") for phase in unnamed))


def in_order_of_phases(
    by_rank: Sequence[Decision], sources: Mapping[str, Source], policy: Policy
) -> tuple[Decision, ...]:
    """Every decision in the order of the phase tables, table by table; blocked ones follow by rank."""
    ordered: list[Decision] = []
    for phase in phases_of(by_rank, policy):
        for tier in TABLES:
            table = [d for d in by_rank if d.phase == phase.id and d.tier_if_verified is tier]
            ordered += _needed_first(table, sources, {d.source_id for d in ordered}, by_rank)
    placed = {decision.source_id for decision in ordered}
    return (*ordered, *(decision for decision in by_rank if decision.source_id not in placed))


def upstreams_of(source: Source) -> tuple[str, ...]:
    """The sources it was made from, each once."""
    return tuple(dict.fromkeys(origin.upstream for origin in source.derivation))


def _needed_first(
    table: Sequence[Decision], sources: Mapping[str, Source], before: set[str], by_rank: Sequence[Decision]
) -> list[Decision]:
    """One table by rank, but what another needs before it, and what needs a later table last. Where sources
    need each other in a circle, rank decides."""
    tables = {decision.source_id: decision for decision in table}
    usable = {decision.source_id for decision in by_rank if decision.tier_if_verified in TABLES}
    needs = {name: ({*upstreams_of(sources[name])} & usable) - {name} for name in tables}
    late = {name for name, needed in needs.items() if not needed <= before | {*tables}}
    return [tables[name] for name in needed_first([*tables], needs, late)]

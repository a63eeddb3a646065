"""The families: what each source unlocks, what it supplements, and what it does not provide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Source
from domain.deciding import Decision
from domain.vocabulary import Tier
from reports.overview import family_of
from reports.site.addresses import Link, anchor, source_link
from reports.site.index_page import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One source of a family. `supplements` link where they name sources of the catalog."""

    source: Link
    tier: str
    tier_if_verified: str
    unlocks: tuple[str, ...]
    workflows: tuple[str, ...]
    supplements: tuple[Link, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """One family: how many of its sources are usable once verified, and all of them, the most useful first."""

    anchor: str
    name: str
    usable: int
    members: tuple[MemberView, ...]


def families_page(entries: Mapping[str, Entry], decisions: Sequence[Decision]) -> tuple[FamilyView, ...]:
    """Every family by name; links are from the site's top."""
    found: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        provider, dataset, _ = entries[decision.source_id]
        found[family_of(provider, dataset)].append(decision)
    return tuple(
        FamilyView(
            anchor=anchor("family", name),
            name=name,
            usable=sum(d.tier_if_verified is not Tier.BLOCKED for d in members),
            members=tuple(
                _member(entries[d.source_id][2], d, entries.keys())
                for d in sorted(members, key=lambda d: (d.tier_if_verified.rank, d.source_id))
            ),
        )
        for name, members in sorted(found.items(), key=lambda item: item[0].casefold())
    )


def _member(source: Source, decision: Decision, known: Collection[str]) -> MemberView:
    return MemberView(
        source=source_link(source.id, ""),
        tier=decision.tier,
        tier_if_verified=decision.tier_if_verified,
        unlocks=source.unlocks,
        workflows=tuple(dict.fromkeys(fit.application.value for fit in source.applications)),
        supplements=tuple(source_link(name, "") if name in known else Link(name) for name in source.supplements),
        lacks=source.does_not_provide,
    )

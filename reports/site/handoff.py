"""The hand-off: what is done, what comes next, and what blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import Decision
from domain.vocabulary import Tier
from reports.acts import Act, blocking
from reports.change_section import is_material
from reports.site.addresses import Link, source_link
from reports.site.plan_page import ActView, act_view
from reports.site.rows import SiteRows
from reports.words import count

_ACTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Blocker:
    """A gate and the sources it blocks."""

    gate: str
    sources: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """The three parts; `ready` are the sources whose ingestion may begin."""

    completed: tuple[str, ...]
    next: tuple[ActView, ...]
    ready: tuple[Link, ...]
    blockers: tuple[Blocker, ...]


def hand_off(rows: SiteRows, found: Sequence[Act]) -> HandOff:
    """From the rows and the acts, the most useful first; links are from the site's top."""
    by_id = sorted(rows.decisions, key=lambda decision: decision.source_id)
    changes = {change.change_id for change in rows.changes if change.confirmed and is_material(change)}
    return HandOff(
        completed=(
            f"{count(len(by_id), 'source')} decided, each with its evidence, gates and effort",
            f"{rows.pages_looked_at} of {count(rows.pages_total, 'page')} looked at",
            f"{count(len(changes), 'confirmed change')} of terms on record",
        ),
        next=tuple(act_view(act) for act in found[:_ACTS_SHOWN]),
        ready=tuple(source_link(d.source_id, "") for d in by_id if d.tier is Tier.PRODUCTION_APPROVED),
        blockers=_blockers(by_id),
    )


def _blockers(decisions: Sequence[Decision]) -> tuple[Blocker, ...]:
    held: defaultdict[str, list[Link]] = defaultdict(list)
    for decision in decisions:
        if decision.tier is Tier.BLOCKED:
            gates = blocking(decision)
            held[gates[0].gate if gates else "the license itself"].append(source_link(decision.source_id, ""))
    ordered = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Blocker(gate, tuple(links)) for gate, links in ordered)

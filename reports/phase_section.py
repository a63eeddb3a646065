"""The order of adoption by phase: what may come to production first, what serves research below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision
from domain.policy import Phase, Policy
from domain.vocabulary import Tier
from reports.escape import Safe, listed, markdown, md, source_link
from reports.phase_order import TABLES, phases_of, upstreams_of
from reports.source_section import serves
from reports.view import AdoptionRow, PhaseView
from reports.words import span


def phase_views(ordered: Sequence[Decision], sources: Mapping[str, Source], policy: Policy) -> tuple[PhaseView, ...]:
    """The phases with their tables; `ordered` are the decisions in the order of phases."""
    usable = [decision for decision in ordered if decision.tier_if_verified in TABLES]
    place = {decision.source_id: at for at, decision in enumerate(usable)}
    phase_of = {decision.source_id: decision.phase for decision in usable}
    views = []
    for phase in phases_of(ordered, policy):
        rows = {
            tier: tuple(
                _adoption(d, sources[d.source_id], place, phase_of)
                for d in usable
                if d.phase == phase.id and d.tier_if_verified is tier
            )
            for tier in TABLES
        }
        views.append(
            PhaseView(
                title=f"Phase {phase.id}: {phase.name}",
                notes=_phase_notes(phase),
                production=rows[Tier.PRODUCTION_APPROVED],
                research=rows[Tier.RESEARCH_ONLY],
            )
        )
    return tuple(views)


def needs_first(source: Source, place: Mapping[str, int], phase_of: Mapping[str, str]) -> Safe:
    """The sources it was made from that come later in the order: those must come before it."""
    later = [name for name in upstreams_of(source) if name in place and place[name] > place[source.id]]
    named = (
        source_link(name)
        if phase_of[name] == phase_of[source.id]
        else markdown("{} of phase {}", source_link(name), phase_of[name])
        for name in later
    )
    return markdown("needs {} first", listed(named)) if later else Safe("")


def _phase_notes(phase: Phase) -> tuple[Safe, ...]:
    needs = (markdown("Needs: {}", listed(md(need.value) for need in phase.needs)),) if phase.needs else ()
    done = (markdown("Done when: {}", phase.done_when),) if phase.done_when else ()
    return (*needs, *done)


def _adoption(decision: Decision, source: Source, place: Mapping[str, int], phase_of: Mapping[str, str]) -> AdoptionRow:
    return AdoptionRow(
        source=source_link(decision.source_id),
        tier=decision.tier,
        availability="not recorded" if source.availability is None else source.availability.status,
        days=span(decision.effort),
        layer=decision.layer,
        serves=serves(source),
        needs=needs_first(source, place, phase_of),
    )

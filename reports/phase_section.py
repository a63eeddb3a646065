"""The order of adoption by phase: what may come to production first, what serves research below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision
from domain.policy import Phase, Policy
from domain.vocabulary import Tier
from reports.escape import Safe, listed, markdown, md, source_link
from reports.source_section import serves
from reports.view import AdoptionRow, PhaseView
from reports.words import span


def phase_views(decisions: Sequence[Decision], sources: Mapping[str, Source], policy: Policy) -> tuple[PhaseView, ...]:
    """The adoption order by phase; sources of a phase the policy does not name come last."""
    usable = [decision for decision in decisions if decision.tier_if_verified is not Tier.BLOCKED]
    named = {phase.id for phase in policy.phases}
    unnamed = sorted({decision.phase for decision in usable} - named)
    phases = (*policy.phases, *(Phase(id=phase, name="not named in the policy") for phase in unnamed))
    place = {decision.source_id: at for at, decision in enumerate(usable)}
    views = []
    for phase in phases:
        own = [decision for decision in usable if decision.phase == phase.id]
        rows = {
            tier: tuple(_adoption(d, sources[d.source_id], place) for d in own if d.tier_if_verified is tier)
            for tier in (Tier.PRODUCTION_APPROVED, Tier.RESEARCH_ONLY)
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


def needs_first(source: Source, place: Mapping[str, int]) -> Safe:
    """The sources it was made from that come later in the order: those must come before it."""
    needed = dict.fromkeys(origin.upstream for origin in source.derivation)
    later = [name for name in needed if name in place and place[name] > place[source.id]]
    return markdown("needs {} first", listed(map(source_link, later))) if later else Safe("")


def _phase_notes(phase: Phase) -> tuple[Safe, ...]:
    needs = (markdown("Needs: {}", listed(md(need.value) for need in phase.needs)),) if phase.needs else ()
    done = (markdown("Done when: {}", phase.done_when),) if phase.done_when else ()
    return (*needs, *done)


def _adoption(decision: Decision, source: Source, place: Mapping[str, int]) -> AdoptionRow:
    return AdoptionRow(
        source=source_link(decision.source_id),
        tier=decision.tier,
        availability="not recorded" if source.availability is None else source.availability.status,
        days=span(decision.effort),
        layer=decision.layer,
        serves=serves(source),
        needs=needs_first(source, place),
    )

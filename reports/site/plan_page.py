"""What to do next: the acts that raise sources, what may enter production, and the order of adoption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import OpenQuestion, RequiredCheck, Source
from domain.deciding import Decision, Gate
from domain.policy import Phase, Policy
from domain.vocabulary import Tier
from reports.acts import Act, conditions, next_gates
from reports.production import blocks_something
from reports.site.addresses import Link, source_link
from reports.words import days

_ACTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Raised:
    """A source an act raises, and to what."""

    source: Link
    to: str
    after_a_look: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """One act that closes a gate."""

    act: str
    gate: str
    owner: str
    production: int
    research: int
    raised: tuple[Raised, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source for production: today's, or what still stands before it."""

    source: Link
    tier: str
    closing: tuple[Gate, ...]
    conditions: tuple[Gate, ...]
    duties: tuple[str, ...]
    checks: tuple[RequiredCheck, ...]
    questions: tuple[OpenQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRow:
    """One source in the order of adoption."""

    source: Link
    tier: str
    tier_if_verified: str
    availability: str
    low: str
    likely: str
    high: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """One phase of MLCore."""

    title: str
    needs: tuple[str, ...]
    done_when: str
    rows: tuple[AdoptionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """The whole page."""

    acts: tuple[ActView, ...]
    production_now: tuple[Candidate, ...]
    production_next: tuple[Candidate, ...]
    phases: tuple[PhaseView, ...]


def act_view(act: Act) -> ActView:
    """An act with links to the sources it raises; links are from the site's top."""
    return ActView(
        act=act.closes,
        gate=act.gate,
        owner=act.owner,
        production=act.count(Tier.PRODUCTION_APPROVED),
        research=act.count(Tier.RESEARCH_ONLY),
        raised=tuple(Raised(source_link(item.source_id, ""), item.to, item.after_a_look) for item in act.raised),
    )


def plan_page(
    decisions: Sequence[Decision], found: Sequence[Act], sources: Mapping[str, Source], policy: Policy
) -> PlanPage:
    """The plan; `found` are the acts, the most useful first, `sources` are keyed by id."""
    by_rank = sorted(decisions, key=lambda decision: (decision.adoption_rank, decision.source_id))
    usable = [decision for decision in by_rank if decision.tier_if_verified is not Tier.BLOCKED]
    unnamed = sorted({decision.phase for decision in usable} - {phase.id for phase in policy.phases})
    phases = (*policy.phases, *(Phase(id=phase, name="not named in the policy") for phase in unnamed))
    return PlanPage(
        acts=tuple(act_view(act) for act in found[:_ACTS_SHOWN]),
        production_now=tuple(
            _candidate(d, sources[d.source_id]) for d in by_rank if d.tier is Tier.PRODUCTION_APPROVED
        ),
        production_next=tuple(
            _candidate(d, sources[d.source_id])
            for d in usable
            if d.tier is not Tier.PRODUCTION_APPROVED and d.tier_if_verified is Tier.PRODUCTION_APPROVED
        ),
        phases=tuple(
            PhaseView(
                title=f"Phase {phase.id}: {phase.name}",
                needs=tuple(phase.needs),
                done_when=phase.done_when,
                rows=tuple(_adoption(d, sources[d.source_id]) for d in usable if d.phase == phase.id),
            )
            for phase in phases
        ),
    )


def _candidate(decision: Decision, source: Source) -> Candidate:
    return Candidate(
        source=source_link(decision.source_id, ""),
        tier=decision.tier,
        closing=tuple(dict.fromkeys(next_gates(decision))),
        conditions=tuple(dict.fromkeys(conditions(decision))),
        duties=tuple(decision.duties),
        checks=source.checks,
        questions=tuple(question for question in source.questions if blocks_something(question)),
    )


def _adoption(decision: Decision, source: Source) -> AdoptionRow:
    return AdoptionRow(
        source=source_link(decision.source_id, ""),
        tier=decision.tier,
        tier_if_verified=decision.tier_if_verified,
        availability="not recorded" if source.availability is None else source.availability.status,
        low=days(decision.effort.low),
        likely=days(decision.effort.likely),
        high=days(decision.effort.high),
        serves=tuple(dict.fromkeys(fit.application.value for fit in source.applications)),
    )

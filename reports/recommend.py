"""What to do next: production candidates, the acts that unlock, adoption order, open decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision
from domain.policy import Phase, Policy
from domain.vocabulary import Owner, Tier
from reports.acts import Act, blocking, conditions, next_gates
from reports.escape import Safe, code, listed, markdown, md, source_link
from reports.source_section import serves
from reports.view import ActRow, AdoptionRow, OwnerView, PhaseView
from reports.words import count, days

_ACTS_SHOWN = 10


def production_now(decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """Sources that production may use today, with what goes with them."""
    return tuple(
        markdown(
            "{}, with duties {} and conditions {}",
            source_link(decision.source_id),
            listed(md(duty.value) for duty in decision.duties),
            listed(code(gate.gate) for gate in conditions(decision)),
        )
        for decision in decisions
        if decision.tier is Tier.PRODUCTION_APPROVED
    )


def production_next(decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """Sources that are production-worthy once verified, and the gates they still have to pass."""
    return tuple(
        markdown(
            "{} (now {}): close {}; conditions {}",
            source_link(decision.source_id),
            decision.tier,
            listed((_closing(gate.gate, gate.closes, gate.owner) for gate in next_gates(decision)), "no gate known"),
            listed(code(gate.gate) for gate in conditions(decision)),
        )
        for decision in decisions
        if decision.tier is not Tier.PRODUCTION_APPROVED and decision.tier_if_verified is Tier.PRODUCTION_APPROVED
    )


def unlocks_most(found: Sequence[Act]) -> Safe:
    """The single act that raises most, with every source it raises."""
    if not found:
        return Safe("No single act raises a source: each one that is held back is held back by several.")
    act = found[0]
    return markdown(
        "{} ({}, owner: {}). It raises {}: {}.",
        act.closes.rstrip("."),
        code(act.gate),
        act.owner,
        count(len(act.raised), "source"),
        _raised(act),
    )


def act_rows(found: Sequence[Act]) -> tuple[ActRow, ...]:
    """The most useful acts, one a row."""
    return tuple(
        ActRow(
            act=act.closes,
            gate=code(act.gate),
            owner=act.owner,
            production=act.count(Tier.PRODUCTION_APPROVED),
            research=act.count(Tier.RESEARCH_ONLY),
            sources=_raised(act),
        )
        for act in found[:_ACTS_SHOWN]
    )


def phase_views(decisions: Sequence[Decision], sources: Mapping[str, Source], policy: Policy) -> tuple[PhaseView, ...]:
    """The adoption order by phase; sources of a phase the policy does not name come last."""
    usable = [decision for decision in decisions if decision.tier_if_verified is not Tier.BLOCKED]
    named = {phase.id for phase in policy.phases}
    unnamed = sorted({decision.phase for decision in usable} - named)
    phases = (*policy.phases, *(Phase(id=phase, name="not named in the policy") for phase in unnamed))
    return tuple(
        PhaseView(
            title=f"Phase {phase.id}: {phase.name}",
            notes=_phase_notes(phase),
            rows=tuple(_adoption(d, sources[d.source_id]) for d in usable if d.phase == phase.id),
        )
        for phase in phases
    )


def not_adopted(decisions: Iterable[Decision]) -> tuple[Safe, ...]:
    """Sources that stay blocked even when all is verified, and what would have to happen."""
    return tuple(
        markdown("{}: {}", source_link(decision.source_id), _why_held(decision))
        for decision in decisions
        if decision.tier_if_verified is Tier.BLOCKED
    )


def owner_views(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[OwnerView, ...]:
    """Questions and open blocking gates by who must answer them; gates in the same words are one."""
    items: defaultdict[Owner, list[Safe]] = defaultdict(list)
    waiting: defaultdict[tuple[Owner, str, str], list[Safe]] = defaultdict(list)
    for decision in decisions:
        for question in sources[decision.source_id].questions:
            asked = markdown("{} Blocks: {} ({})", question.question, question.blocks, source_link(decision.source_id))
            items[question.owner].append(asked)
        for gate in blocking(decision):
            waiting[gate.owner, gate.gate, gate.closes].append(source_link(decision.source_id))
    for (owner, gate_id, closes), held in sorted(waiting.items()):
        items[owner].append(markdown("{}: {} Blocks: {}", code(gate_id), closes, listed(dict.fromkeys(held))))
    return tuple(OwnerView(title=owner.capitalize(), items=tuple(items[owner])) for owner in Owner if items[owner])


def next_steps(found: Sequence[Act], decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """The acts worth doing first, then the ingestion that may begin."""
    steps = [
        markdown("{}: {} (raises {})", act.owner, act.closes.rstrip("."), count(len(act.raised), "source"))
        for act in found[:5]
    ]
    ready = [
        markdown("engineering: ingest {}, about {} person-days", source_link(d.source_id), days(d.effort.likely))
        for d in decisions
        if d.tier is Tier.PRODUCTION_APPROVED
    ]
    return (*steps, *ready)


def blockers(decisions: Iterable[Decision]) -> tuple[Safe, ...]:
    """Each blocked source with the cap that decides."""
    return tuple(
        markdown("{}: {}", source_link(decision.source_id), _why_held(decision))
        for decision in decisions
        if decision.tier is Tier.BLOCKED
    )


def first_closing(decision: Decision) -> tuple[str, str]:
    """What closes the gate to close first, and who must; for an approved source nothing is left."""
    held = next_gates(decision)
    if held:
        return held[0].closes, held[0].owner
    if decision.tier is Tier.PRODUCTION_APPROVED:
        return "nothing is open", ""
    return "only other terms from the publisher", Owner.PUBLISHER


def _why_held(decision: Decision) -> Safe:
    held = blocking(decision)
    if not held:
        return markdown("the license itself is {}", decision.determination)
    return markdown("{}. To close: {} ({})", held[0].reason.rstrip("."), held[0].closes, held[0].owner)


def _closing(gate: str, closes: str, owner: Owner) -> Safe:
    return markdown("{} ({}: {})", code(gate), owner, closes)


def _raised(act: Act) -> Safe:
    return listed(
        markdown(
            "{} to {}{}",
            source_link(raised.source_id),
            raised.to,
            Safe(" after a look") if raised.after_a_look else Safe(""),
        )
        for raised in act.raised
    )


def _phase_notes(phase: Phase) -> tuple[Safe, ...]:
    needs = (markdown("Needs: {}", listed(md(need.value) for need in phase.needs)),) if phase.needs else ()
    done = (markdown("Done when: {}", phase.done_when),) if phase.done_when else ()
    return (*needs, *done)


def _adoption(decision: Decision, source: Source) -> AdoptionRow:
    return AdoptionRow(
        source=source_link(decision.source_id),
        tier=decision.tier,
        tier_if_verified=decision.tier_if_verified,
        availability="not recorded" if source.availability is None else source.availability.status,
        days=f"{days(decision.effort.low)} / {days(decision.effort.likely)} / {days(decision.effort.high)}",
        serves=serves(source),
    )

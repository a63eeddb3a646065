"""What to do next: production candidates, the acts that unlock, adoption order, open decisions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision, Gate
from domain.policy import Phase, Policy
from domain.vocabulary import Owner, Tier
from reports.acts import LOOKING, Act, blocking, conditions, next_gates
from reports.escape import Safe, listed, markdown, md, source_link
from reports.gate_words import gate_link
from reports.source_section import serves
from reports.view import ActRow, AdoptionRow, CountRow, HeldRow, OwnerView, PhaseView
from reports.words import count, days

_ACTS_SHOWN = 10


def production_now(decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """Sources that production may use today, with what goes with them."""
    return tuple(
        markdown(
            "{}, with duties {} and conditions {}",
            source_link(decision.source_id),
            listed(md(duty.value) for duty in decision.duties),
            listed(gate_link(gate.gate) for gate in conditions(decision)),
        )
        for decision in decisions
        if decision.tier is Tier.PRODUCTION_APPROVED
    )


def production_next(decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """Sources that are production-worthy once verified, and the gates they still have to pass."""
    return tuple(
        markdown(
            "{} (now {}, phase {}, {} days): close {}; conditions {}",
            source_link(decision.source_id),
            decision.tier,
            decision.phase,
            days(decision.effort.likely),
            listed(map(_closer, next_gates(decision)), "no gate known"),
            listed(gate_link(gate.gate) for gate in conditions(decision)),
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
        gate_link(act.gate),
        act.owner,
        count(len(act.raised), "source"),
        _raised(act),
    )


def held_rows(decisions: Sequence[Decision], found: Sequence[Act]) -> tuple[HeldRow, ...]:
    """One row a blocking gate: how many sources it holds, how many closing it raises, and who must."""
    held: Counter[str] = Counter()
    owners: defaultdict[str, Counter[str]] = defaultdict(Counter)
    closings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for decision in decisions:
        gates = {gate.gate: gate for gate in blocking(decision)}
        held.update(list(gates))
        for name, gate in gates.items():
            owners[name][gate.owner] += 1
            closings[name][gate.closes] += 1
    rows = []
    for name, number in held.items():
        acts = [act for act in found if act.gate == name]
        act, times = closings[name].most_common(1)[0]
        rows.append(
            HeldRow(
                gate=gate_link(name),
                held=number,
                production=sum(act.count(Tier.PRODUCTION_APPROVED) for act in acts),
                research=sum(act.count(Tier.RESEARCH_ONLY) for act in acts),
                owner=", ".join(sorted(owners[name])),
                act=act if times == number or number == 1 else "",
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.production, -row.research, -row.held, row.gate)))


def unlocks_first(found: Sequence[Act], decisions: Sequence[Decision]) -> Safe:
    """The same act on one line, and the first one beyond looking at pages."""
    if not found:
        return Safe("no single act.")
    beyond = [act for act in found if act.gate not in LOOKING]
    shown = dict.fromkeys((*found[:1], *beyond[:1]))
    likely = {decision.source_id: decision.effort.likely for decision in decisions}
    return listed(
        markdown(
            "{} ({}: {} to production, {} to research, {} days to take in)",
            gate_link(act.gate),
            act.owner,
            str(act.count(Tier.PRODUCTION_APPROVED)),
            str(act.count(Tier.RESEARCH_ONLY)),
            days(sum(likely[raised.source_id] for raised in act.raised)),
        )
        for act in shown
    )


def act_rows(found: Sequence[Act], decisions: Sequence[Decision]) -> tuple[ActRow, ...]:
    """The most useful acts, one a row; the days are the likely ones of taking in what they raise."""
    likely = {decision.source_id: decision.effort.likely for decision in decisions}
    return tuple(
        ActRow(
            act=act.closes,
            gate=gate_link(act.gate),
            owner=act.owner,
            production=act.count(Tier.PRODUCTION_APPROVED),
            research=act.count(Tier.RESEARCH_ONLY),
            days=days(sum(likely[raised.source_id] for raised in act.raised)),
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


def not_adopted(decisions: Iterable[Decision]) -> tuple[CountRow, ...]:
    """Sources that stay blocked even when all is verified, by the gate that decides."""
    return _by_gate(decision for decision in decisions if decision.tier_if_verified is Tier.BLOCKED)


def owner_views(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[OwnerView, ...]:
    """Questions, in the order of the decisions, and open blocking gates by who must answer them."""
    items: defaultdict[Owner, list[Safe]] = defaultdict(list)
    waiting: defaultdict[tuple[Owner, str], list[str]] = defaultdict(list)
    for decision in decisions:
        for question in sources[decision.source_id].questions:
            asked = markdown("{} Blocks: {} ({})", question.question, question.blocks, source_link(decision.source_id))
            items[question.owner].append(asked)
        for gate in blocking(decision):
            waiting[gate.owner, gate.gate].append(decision.source_id)
    for (owner, gate_id), held in sorted(waiting.items(), key=lambda item: (-len(set(item[1])), item[0])):
        items[owner].append(markdown("{} holds {}", gate_link(gate_id), count(len(set(held)), "source")))
    return tuple(OwnerView(title=owner.capitalize(), items=tuple(items[owner])) for owner in Owner if items[owner])


def next_steps(found: Sequence[Act], decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """The acts worth doing first, then the ingestion that may begin."""
    steps = [
        markdown(
            "{}: {} ({}, raises {})",
            act.owner,
            act.closes.rstrip("."),
            gate_link(act.gate),
            count(len(act.raised), "source"),
        )
        for act in found[:5]
    ]
    ready = [
        markdown("engineering: ingest {}, about {} person-days", source_link(d.source_id), days(d.effort.likely))
        for d in decisions
        if d.tier is Tier.PRODUCTION_APPROVED
    ]
    return (*steps, *ready)


def blockers(decisions: Iterable[Decision]) -> tuple[CountRow, ...]:
    """The blocked sources, by the gate that decides."""
    return _by_gate(decision for decision in decisions if decision.tier is Tier.BLOCKED)


def first_gate(decision: Decision) -> tuple[Safe, str]:
    """The gate to close first and who must, as `first_closing` has it in words."""
    held = next_gates(decision)
    if held:
        return gate_link(held[0].gate), held[0].owner
    return Safe("none"), "" if decision.tier is Tier.PRODUCTION_APPROVED else Owner.PUBLISHER


def first_closing(decision: Decision) -> tuple[str, str]:
    """What closes the gate to close first, and who must; for an approved source nothing is left."""
    held = next_gates(decision)
    if held:
        return held[0].closes, held[0].owner
    if decision.tier is Tier.PRODUCTION_APPROVED:
        return "nothing is open", ""
    return "only other terms from the publisher", Owner.PUBLISHER


def _closer(gate: Gate) -> Safe:
    return markdown("{} ({})", gate_link(gate.gate), gate.owner)


def _by_gate(decisions: Iterable[Decision]) -> tuple[CountRow, ...]:
    held: defaultdict[Safe, list[Safe]] = defaultdict(list)
    for decision in decisions:
        gates = blocking(decision)
        why = gate_link(gates[0].gate) if gates else md(f"the license itself: {decision.determination}")
        held[why].append(source_link(decision.source_id))
    rows = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(CountRow(why, (str(len(links)), listed(links))) for why, links in rows)


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

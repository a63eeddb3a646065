"""What to do next: the acts that unlock, what holds sources back, and the first steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision
from domain.policy import Policy
from domain.vocabulary import Owner, Tier
from reports.acts import LOOKING, Act, Raised, blocking, next_gates
from reports.escape import Safe, code, listed, markdown, md, source_link, worded
from reports.folding import Fold, fold
from reports.gate_words import GateText, gate_link
from reports.production import blocks_something
from reports.view import ActRow, HeldRow
from reports.words import count, days

_ACTS_SHOWN = 12
_NAMED = 4
_BEGUN = 6


def unlocks_most(found: Sequence[Act]) -> Safe:
    """The single act that raises most; its sources stand below it."""
    if not found:
        return Safe("No single act raises a source: each one that is held back is held back by several.")
    act = found[0]
    return markdown(
        "{} ({}, owner: {}). It raises {}:",
        worded(act.closes.rstrip(".")),
        gate_link(act.gate),
        act.owner,
        count(len(act.raised), "source"),
    )


def unlocked(found: Sequence[Act]) -> tuple[Safe, ...]:
    """The sources that the act which unlocks most raises, one a line."""
    return _raised(found[0].raised) if found else ()


def held_rows(decisions: Sequence[Decision], found: Sequence[Act]) -> tuple[HeldRow, ...]:
    """One row a blocking gate and owner: how many sources it holds, how many closing it raises, by how many acts."""
    held: defaultdict[tuple[str, Owner], set[str]] = defaultdict(set)
    for decision in decisions:
        for gate in blocking(decision):
            held[gate.gate, gate.owner].add(decision.source_id)
    rows = []
    for (name, owner), holding in held.items():
        acts = [act for act in found if (act.gate, act.owner) == (name, owner)]
        production, research = (_sum(acts, tier) for tier in (Tier.PRODUCTION_APPROVED, Tier.RESEARCH_ONLY))
        row = HeldRow(
            gate=gate_link(name),
            held=len(holding),
            production=production,
            research=research,
            by=f"by {len(acts)} acts" if len(acts) > 1 else "",
            owner=owner,
        )
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (-row.production, -row.research, -row.held, row.gate, row.owner)))


def unlocks_first(found: Sequence[Act], decisions: Sequence[Decision]) -> Safe:
    """The same act on one line, and the first one beyond looking at pages."""
    if not found:
        return Safe("no single act.")
    beyond = [act for act in found if act.gate not in LOOKING]
    shown = dict.fromkeys((*found[:1], *beyond[:1]))
    likely = {decision.source_id: decision.effort.likely for decision in decisions}
    return listed(
        markdown(
            "{} ({}: {} to production, {} to research{}; taking these in is {} days)",
            gate_link(act.gate),
            act.owner,
            str(act.count(Tier.PRODUCTION_APPROVED)),
            str(act.count(Tier.RESEARCH_ONLY)),
            _after_a_look(act.raised),
            days(sum(likely[raised.source_id] for raised in act.raised)),
        )
        for act in shown
    )


def act_rows(found: Sequence[Act], decisions: Sequence[Decision], texts: Mapping[str, GateText]) -> tuple[ActRow, ...]:
    """The most useful acts; those of one gate and owner that are done source by source share a row. The days
    are the likely ones of taking in what they raise."""
    likely = {decision.source_id: decision.effort.likely for decision in decisions}
    together: defaultdict[tuple[str, Owner], list[Act]] = defaultdict(list)
    for act in found:
        together[act.gate, act.owner].append(act)
    rows = []
    for (gate, owner), acts in together.items():
        raised = [gain for act in acts for gain in act.raised]
        words = {act.closes for act in acts}
        rows.append(
            ActRow(
                act=worded(words.pop() if len(words) == 1 else texts[gate].closes or acts[0].closes),
                gate=gate_link(gate),
                owner=owner,
                acts="one act" if len(acts) == 1 else f"{len(acts)} acts",
                production=_sum(acts, Tier.PRODUCTION_APPROVED),
                research=_sum(acts, Tier.RESEARCH_ONLY),
                days=days(sum(likely[gain.source_id] for gain in raised)),
                sources=fold(
                    markdown("{} ({}): {}", gate_link(gate), owner, count(len(raised), "source")), _raised(raised)
                ),
            )
        )
    rows.sort(key=lambda row: (-row.production, -row.research, row.gate, row.owner))
    return tuple(rows[:_ACTS_SHOWN])


def path_costs(found: Sequence[Act], policy: Policy) -> tuple[Safe, ...]:
    """What building a missing capability costs, as far as the policy estimates it."""
    drivers = {driver.id: driver for driver in policy.effort}
    lines = []
    for name in dict.fromkeys(act.gate for act in found if act.gate.startswith("needs_")):
        driver = drivers.get(f"duty_{name.removeprefix('needs_')}")
        if driver is None:
            lines.append(markdown("{}: what the act itself costs is not estimated.", gate_link(name)))
            continue
        spans = " / ".join(map(days, (driver.low, driver.likely, driver.high)))
        lines.append(
            markdown(
                "{}: what building the path once costs is not estimated; what it adds to each source is, {} days ({}), "
                "and the intake days hold that already.",
                gate_link(name),
                spans,
                code(driver.id),
            )
        )
    return tuple(lines)


def not_adopted(decisions: Iterable[Decision]) -> tuple[Fold, ...]:
    """Sources that stay blocked even when all is verified, by the gate that decides."""
    return _by_gate(decision for decision in decisions if decision.tier_if_verified is Tier.BLOCKED)


def beyond_verified(decisions: Sequence[Decision], found: Sequence[Act]) -> dict[str, Safe]:
    """By source, the single act that would raise it above its tier if verified, in a few words."""
    verified = {decision.source_id: decision.tier_if_verified for decision in decisions}
    told: dict[str, Safe] = {}
    for act in found:
        for gain in act.raised:
            if gain.to.rank < verified[gain.source_id].rank and gain.source_id not in told:
                look = "a look and " if gain.after_a_look else ""
                told[gain.source_id] = markdown("; {} after {}closing {}", gain.to, Safe(look), gate_link(act.gate))
    return told


def this_week(found: Sequence[Act], decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[Safe, ...]:
    """A handful of acts that somebody can begin with: who, what, and what for."""
    lines = []
    approved = [decision for decision in decisions if decision.tier is Tier.PRODUCTION_APPROVED]
    asked: defaultdict[Owner, list[str]] = defaultdict(list)
    for decision in approved:
        for question in sources[decision.source_id].questions:
            if blocks_something(question) and decision.source_id not in asked[question.owner]:
                asked[question.owner].append(decision.source_id)
    for owner, source_ids in sorted(asked.items()):
        lines.append(
            markdown(
                "{}: answer the open questions of {}, before anybody trains on them for production",
                owner,
                listed(map(source_link, source_ids)),
            )
        )
    looks = [act for act in found if act.gate in LOOKING]
    others = [act for act in found if act.gate not in LOOKING]
    lines += [_begin(act) for act in (*looks, *others[:1])]
    if approved:
        first = approved[0]
        lines.append(
            markdown(
                "engineering: begin with {} ({} intake days); its conditions hold from the first row on",
                source_link(first.source_id),
                days(first.effort.likely),
            )
        )
    return tuple(lines[:_BEGUN])


def _begin(act: Act) -> Safe:
    return markdown(
        "{}: {}, for {} to production and {} to research{}",
        act.owner,
        worded(act.closes.rstrip(".")),
        str(act.count(Tier.PRODUCTION_APPROVED)),
        str(act.count(Tier.RESEARCH_ONLY)),
        _after_a_look(act.raised),
    )


def next_steps(found: Sequence[Act], decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """The acts worth doing first, then the ingestion that may begin."""
    steps = [
        markdown(
            "{}: {} ({}, raises {}{})",
            act.owner,
            worded(act.closes.rstrip(".")),
            gate_link(act.gate),
            listed(source_link(gain.source_id) for gain in act.raised)
            if len(act.raised) <= _NAMED
            else md(count(len(act.raised), "source")),
            _after_a_look(act.raised),
        )
        for act in found[:5]
    ]
    ready = [
        markdown("engineering: ingest {}, about {} person-days", source_link(d.source_id), days(d.effort.likely))
        for d in decisions
        if d.tier is Tier.PRODUCTION_APPROVED
    ]
    return (*steps, *ready)


def blockers(decisions: Iterable[Decision]) -> tuple[Fold, ...]:
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


def _by_gate(decisions: Iterable[Decision]) -> tuple[Fold, ...]:
    held: defaultdict[Safe, list[Safe]] = defaultdict(list)
    for decision in decisions:
        gates = blocking(decision)
        why = gate_link(gates[0].gate) if gates else md(f"the license itself: {decision.determination}")
        held[why].append(source_link(decision.source_id))
    rows = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(fold(markdown("{}: {}", why, count(len(links), "source")), links) for why, links in rows)


def _raised(raised: Iterable[Raised]) -> tuple[Safe, ...]:
    return tuple(
        markdown(
            "{} to {}{}",
            source_link(gain.source_id),
            gain.to,
            Safe(" after a look") if gain.after_a_look else Safe(""),
        )
        for gain in raised
    )


def _after_a_look(raised: Sequence[Raised]) -> Safe:
    """Says so where some of what is raised must be looked at as well."""
    looks = sum(gain.after_a_look for gain in raised)
    if not looks:
        return Safe("")
    return Safe(", after a look") if looks == len(raised) else markdown(", {} of them after a look", str(looks))


def _sum(acts: Iterable[Act], tier: Tier) -> int:
    return sum(act.count(tier) for act in acts)

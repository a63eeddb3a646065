"""What production may use today and what it may use next, each with all that goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.catalog import OpenQuestion, Source
from domain.deciding import Decision, Gate
from domain.vocabulary import DerivationFlow, Owner, Tier
from reports.acts import LOOKING, blocking, conditions, next_gates
from reports.escape import Safe, link_to, listed, markdown, md, source_link, worded
from reports.gate_words import GateText, gate_link
from reports.view import ListBlock
from reports.words import count, days

_BINDING = frozenset({DerivationFlow.COPIES, DerivationFlow.JOINS, DerivationFlow.FILTERS})
"""The ways of derivation by which an upstream's rights bind."""


def blocks_something(question: OpenQuestion) -> bool:
    """Whether a question holds anything up today, by the catalog's own words."""
    return not question.blocks.casefold().startswith("nothing") and bool(question.blocks)


def ready_by_looks(decision: Decision) -> bool:
    """Whether looks alone, at its own pages or its upstream's, would put a source into production."""
    return decision.tier is not Tier.PRODUCTION_APPROVED and decision.tier_if_verified is Tier.PRODUCTION_APPROVED


def upstreams_to_look_at(
    decision: Decision, sources: Mapping[str, Source], decided: Mapping[str, Decision]
) -> tuple[str, ...]:
    """The upstream sources whose own look must come first: their rights bind, and today they hold this one."""
    origins = sources[decision.source_id].derivation
    known = (decided.get(origin.upstream) for origin in origins if origin.flow in _BINDING)
    return tuple(dict.fromkeys(d.source_id for d in known if d is not None and ready_by_looks(d)))


def answer(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[Safe, ...]:
    """The first sentences: what may be used in production, and what a look or the owner's word would add."""
    now = [_approved(d, sources[d.source_id]) for d in decisions if d.tier is Tier.PRODUCTION_APPROVED]
    lines = [
        markdown("**In production today**: {}.", listed(now))
        if now
        else Safe("**In production today**: nothing may be used.")
    ]
    if now:
        lines.append(
            Safe(
                "An approval holds with its [conditions, checks and open questions](#in-production-now). A question is "
                "no gate: nothing here stops a run for it."
            )
        )
    decided = {d.source_id: d for d in decisions}
    own, others, declared = [], [], []
    for decision in filter(ready_by_looks, decisions):
        looks = [gate for gate in blocking(decision) if gate.gate in LOOKING]
        if any(gate.owner is not Owner.CLEARANCE for gate in looks):
            declared.append(source_link(decision.source_id))
        elif upstream := upstreams_to_look_at(decision, sources, decided):
            seen = listed(map(source_link, upstream))
            others.append(
                markdown("{} after {}{}", source_link(decision.source_id), seen, Safe(" and itself" if looks else ""))
            )
        else:
            own.append(source_link(decision.source_id))
    lines.append(
        markdown("**After a look at their own pages, without any other act**: {}.", listed(own, "no further source"))
    )
    if others:
        lines.append(markdown("**After a look at another source first**: {}.", listed(others)))
    if declared:
        lines.append(markdown("**After the owner has declared it the house's own**: {}.", listed(declared)))
    return tuple(lines)


def production_now(
    decisions: Sequence[Decision], sources: Mapping[str, Source], texts: Mapping[str, GateText]
) -> tuple[ListBlock, ...]:
    """Every source that production may use today: duties, conditions in words, checks, open questions."""
    return tuple(
        ListBlock(
            markdown("{} ({} intake days)", source_link(d.source_id), days(d.effort.likely)),
            (
                markdown("Duties: {}", listed(md(duty.value) for duty in d.duties)),
                *(_condition(gate, texts) for gate in conditions(d)),
                *(
                    markdown("Check before use ({}): {}", check.owner, worded(check.check))
                    for check in sources[d.source_id].checks
                ),
                *_questions(sources[d.source_id]),
            ),
        )
        for d in decisions
        if d.tier is Tier.PRODUCTION_APPROVED
    )


def production_next(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[Safe, ...]:
    """Sources that are production-worthy once verified, and the gates they still have to pass."""
    decided = {decision.source_id: decision for decision in decisions}
    return tuple(
        markdown(
            "{} (now {}, phase {}, {} days): {}; conditions {}",
            source_link(decision.source_id),
            decision.tier,
            decision.phase,
            days(decision.effort.likely),
            _way(decision, sources, decided),
            listed(gate_link(gate.gate) for gate in conditions(decision)),
        )
        for decision in decisions
        if ready_by_looks(decision)
    )


def _way(decision: Decision, sources: Mapping[str, Source], decided: Mapping[str, Decision]) -> Safe:
    first = next_gates(decision)
    upstream = listed(map(source_link, upstreams_to_look_at(decision, sources, decided)), "")
    if any(gate.gate in LOOKING for gate in first):
        also = markdown(", after {} is looked at", upstream) if upstream else Safe("")
        return markdown("close {}{}", listed(map(_closer, first)), also)
    if upstream:
        return markdown("after {} is looked at, which closes {}", upstream, listed(gate_link(g.gate) for g in first))
    return markdown("close {}", listed(map(_closer, first), "no gate known"))


def _approved(decision: Decision, source: Source) -> Safe:
    """An approved source, with how much goes with the approval."""
    beside, checks = len(conditions(decision)), len(source.checks)
    asked = sum(map(blocks_something, source.questions))
    told = [count(number, noun) for number, noun in ((beside, "condition"), (checks, "check")) if number]
    notes: list[str] = [md(words) for words in told]
    if asked:
        notes.append(link_to("in-production-now", count(asked, "open question")))
    shown = source_link(decision.source_id)
    return markdown("{} (approved, with {})", shown, listed(notes)) if notes else shown


def _condition(gate: Gate, texts: Mapping[str, GateText]) -> Safe:
    text = texts[gate.gate]
    particular = text.particular_reason(gate).strip(" .;")
    return markdown(
        "Condition {} ({}): {}{}",
        gate_link(gate.gate),
        gate.owner,
        worded(gate.closes),
        markdown(". Here: {}", worded(particular)) if particular else Safe(""),
    )


def _questions(source: Source) -> list[Safe]:
    asked = sorted(source.questions, key=lambda question: not blocks_something(question))
    return [
        markdown("Open question ({}): {} Blocks: {}", question.owner, question.question, question.blocks or "not said")
        for question in asked
    ]


def _closer(gate: Gate) -> Safe:
    return markdown("{} ({})", gate_link(gate.gate), gate.owner)

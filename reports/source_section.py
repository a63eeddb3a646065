"""One source's section: everything about it and nothing about any other, so that a change of its
terms touches no other section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.catalog import Dataset, Provider, Source, StatedFacts
from domain.claims import NOTHING_STATED, MachineWords
from domain.deciding import Decision, Effort, EvidenceItem
from domain.probing import DatasetFact
from domain.reading import Contradiction
from domain.rights import Right
from domain.vocabulary import Action, EffortPart, GateKind
from reports.acts import blocking, conditions
from reports.escape import Safe, code, link, listed, markdown, md, quoted, shortened
from reports.stated_lines import license_blocks, reservation_blocks
from reports.view import EffortRow, EvidenceView, Fact, GateRow, ListBlock, RightRow, SourceView
from reports.words import days, grade_words, moment

_ROUNDING = 0.1
"""Stated sizes are rounded: up to a tenth is no difference."""

_REASON_LIMIT = 600
"""Longest reason shown, in characters: reasons may repeat upstream words."""


def source_view(
    provider: Provider,
    dataset: Dataset,
    source: Source,
    decision: Decision,
    facts: Sequence[DatasetFact],
    stated: MachineWords = NOTHING_STATED,
) -> SourceView:
    """The section of one source; `facts` and what machines `stated` are those of this source."""
    effort = decision.effort
    return SourceView(
        heading=code(source.id),
        facts=_head(provider, dataset, source, decision),
        evidence=tuple(_evidence(item) for item in _ordered(decision.evidence)),
        reasons=tuple(shortened(reason, _REASON_LIMIT) for reason in decision.reasons),
        rights=tuple(_right(action, right) for action, right in decision.rights),
        gates=_gates(decision),
        before_effort=_before_effort(source, decision),
        effort=(*(_effort(part.value, effort.of(part)) for part in EffortPart), _effort("total", effort)),
        drivers=tuple(
            markdown("{}, {}: {} / {} / {}. {}", c.part, c.driver, days(c.low), days(c.likely), days(c.high), c.fact)
            for c in sorted(effort.contributions, key=lambda c: list(EffortPart).index(c.part))
        ),
        after_effort=_after_effort(source, decision, facts, stated),
    )


def _head(provider: Provider, dataset: Dataset, source: Source, decision: Decision) -> tuple[Fact, ...]:
    return (
        Fact("What", source.name or dataset.name),
        Fact("Dataset", markdown("{} by {}", dataset.name, provider.name or provider.provider)),
        Fact("Layer", decision.layer),
        Fact("Tier", markdown("**{}**", decision.tier)),
        Fact("Tier if verified", markdown("**{}**", decision.tier_if_verified)),
        Fact("Classification", markdown("**{}**", decision.determination)),
        Fact("License declared", decision.license_declared),
        Fact("License concluded", decision.license_concluded),
        Fact("Best evidence", "none" if decision.evidence_grade is None else grade_words(decision.evidence_grade)),
        Fact("Authority", "none" if decision.authority is None else decision.authority),
        Fact(
            "This version first seen", "never looked at" if decision.first_seen is None else moment(decision.first_seen)
        ),
        Fact("Decided by", decision.decided_by),
        Fact("Phase", decision.phase),
        Fact("Owner", source.owner or "nobody named"),
    )


def _ordered(evidence: Iterable[EvidenceItem]) -> list[EvidenceItem]:
    return sorted(evidence, key=lambda e: (e.grade, e.url or "", e.watch_id or "", e.rule, e.quote, e.sha256 or ""))


def _evidence(item: EvidenceItem) -> EvidenceView:
    # Bytes were kept, or somebody only wrote down what they saw: two different dates.
    dated = "This version first seen" if item.sha256 else "Words seen"
    return EvidenceView(
        quote=quoted(item.quote),
        facts=(
            Fact("License", item.license or "none named"),
            Fact("Page", link(item.url)),
            Fact(dated, moment(item.at)),
            Fact("sha256", code(item.sha256[:16]) if item.sha256 else "none: no bytes were kept"),
            Fact("Grade", grade_words(item.grade)),
            Fact("Speaks for", item.authority),
            Fact("Found by", code(item.rule) if item.rule else "the catalog"),
        ),
    )


def _right(action: Action, right: Right) -> RightRow:
    return RightRow(
        action=action,
        value=right.value,
        basis="" if right.basis is None else right.basis,
        purpose=right.purpose if right.speaks else "",
        assignee=right.assignee if right.speaks else "",
        conditions=", ".join(right.conditions),
    )


def _gates(decision: Decision) -> tuple[GateRow, ...]:
    return tuple(
        GateRow(
            gate=code(gate.gate),
            kind=gate.kind,
            caps_at="" if gate.kind is GateKind.CONDITION or gate.caps_at is None else gate.caps_at,
            reason=shortened(gate.reason, _REASON_LIMIT),
            closes=gate.closes,
            owner=gate.owner,
        )
        for gate in (*blocking(decision), *conditions(decision))
    )


def _effort(part: str, effort: Effort) -> EffortRow:
    names = ", ".join(dict.fromkeys(c.driver for c in effort.contributions))
    return EffortRow(part=part, low=days(effort.low), likely=days(effort.likely), high=days(effort.high), drivers=names)


def _before_effort(source: Source, decision: Decision) -> tuple[ListBlock, ...]:
    fit = (markdown("{}: {}", fit.application, fit.fit) for fit in source.applications)
    checks = (markdown("{} (owner: {})", check.check, check.owner) for check in source.checks)
    benefit = () if source.production_benefit else (f"no production benefit: {source.production_benefit_note}",)
    return (
        _block("Duties", (duty.value for duty in decision.duties), "none found"),
        _block("Application fit", (*fit, *benefit), "none recorded"),
        _block("Risks", source.risks, "none recorded"),
        _block("Required checks", checks, "none recorded"),
    )


def _after_effort(
    source: Source, decision: Decision, facts: Sequence[DatasetFact], stated: MachineWords
) -> tuple[ListBlock, ...]:
    work = source.engineering
    steps = [
        markdown("{}: {}", part, step)
        for part, steps in (
            (EffortPart.INGESTION, work.ingestion),
            (EffortPart.NORMALIZATION, work.normalization),
            (EffortPart.GOVERNANCE, work.governance),
        )
        for step in steps
    ]
    derived = [
        markdown(
            "{} {}: {}{}",
            origin.flow,
            code(origin.upstream),
            origin.note,
            "; the upstream terms prohibit this" if origin.upstream_prohibits else "",
        )
        for origin in source.derivation
    ]
    drift = [
        markdown("{}: {}{}", note.when, note.what, _cited(note.url, note.quote))
        for note in sorted(source.drift, key=lambda note: (note.when, note.what))
    ]
    optional = (
        _block("Licenses stated by metadata interfaces", license_blocks(stated, decision), ""),
        _block("What hosts say about training", reservation_blocks(stated.reservations), ""),
        _block("Notes that bind nobody", decision.notes, ""),
        _block("Known changes of the past", drift, ""),
        _block("Identifiers", source.identifiers, ""),
        _block("Used by", source.used_by, ""),
        _block("Unlocks", source.unlocks, ""),
        _block("Supplements", source.supplements, ""),
        _block("Does not provide", source.does_not_provide, ""),
    )
    return (
        _block("Engineering work", steps, "none recorded"),
        _block("Derivation", derived, "no upstream recorded"),
        _block("Privacy", _privacy(source), ""),
        _block("Availability", _availability(source), ""),
        _block("The data itself", (*_measured(facts), *_stated(source.stated, facts)), "nothing measured or stated"),
        _block("Contradictions", map(_contradiction, decision.contradictions), "none known"),
        *(block for block in optional if block.items != ("",)),
    )


def _privacy(source: Source) -> tuple[str, ...]:
    if source.privacy is None:
        return ("personal data: not assessed",)
    return (f"personal data: {source.privacy.personal_data}", *filter(None, (source.privacy.note,)))


def _availability(source: Source) -> tuple[str, ...]:
    access = f"access: {'not recorded' if source.access is None else source.access}"
    hosting = source.availability
    if hosting is None:
        return ("status: not recorded", access)
    where = (markdown("where: {}", link(hosting.url)),) if hosting.url else ()
    return (f"status: {hosting.status}", *filter(None, (hosting.note,)), access, *where)


def _measured(facts: Sequence[DatasetFact]) -> list[Safe]:
    # One value a name: measured beats stated, newer beats older. The time of measuring changes every
    # run and stays out.
    best: dict[str, DatasetFact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.measured, fact.seen_at, fact.value)):
        best[fact.name] = fact
    return [
        markdown("{}: {} ({}, {})", name, fact.value, "measured" if fact.measured else "stated", link(fact.url))
        for name, fact in sorted(best.items())
    ]


def _stated(stated: StatedFacts, facts: Sequence[DatasetFact]) -> list[Safe]:
    """What the publisher says, beside what was measured; where the two differ it says so."""
    said: dict[str, tuple[str, float | None]] = {
        "size_bytes": (
            stated.size or ("" if stated.size_bytes is None else f"{stated.size_bytes} bytes"),
            stated.size_bytes,
        ),
        "items": ("" if stated.items is None else str(stated.items), stated.items),
        "formats": (", ".join(stated.formats), None),
        "cadence_days": (
            stated.cadence or ("" if stated.cadence_days is None else f"{stated.cadence_days:g} days"),
            stated.cadence_days,
        ),
        "newest_release": (stated.newest_release or "", None),
    }
    measured = {fact.name: fact for fact in sorted(facts, key=lambda f: f.seen_at) if fact.measured}
    where = f", {link(stated.url)}" if stated.url else ""
    return [
        markdown("{}: {} (stated{}){}", name, value, Safe(where), _differs(value, number, measured.get(name)))
        for name, (value, number) in said.items()
        if value
    ]


def _differs(value: str, number: float | None, fact: DatasetFact | None) -> str:
    if fact is None:
        return ""
    if number is not None and fact.number is not None:
        same = abs(number - fact.number) <= _ROUNDING * max(abs(number), abs(fact.number))
    elif fact.name == "formats":
        same = {*value.casefold().split(", ")} == {*fact.value.casefold().split(", ")}
    else:
        same = number is None and value.casefold() == fact.value.casefold()
    return "" if same else f"; differs from what was measured, {fact.value}"


def _contradiction(contradiction: Contradiction) -> Safe:
    about = "the terms" if contradiction.action is None else contradiction.action.value
    return markdown(
        "{}: one statement says {}; the other says {}. {} The narrower one counts until a person rules.",
        about,
        quoted(contradiction.wider),
        quoted(contradiction.narrower),
        _sentence(contradiction.why),
    )


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else text + "."


def _cited(url: str | None, words: str | None) -> Safe:
    said = f" {quoted(words)}" if words else ""
    return Safe(said + (f" ({link(url)})" if url else ""))


def _block(title: str, items: Iterable[str], empty: str) -> ListBlock:
    return ListBlock(title, tuple(items) or (empty,))


def serves(source: Source) -> Safe:
    """The applications a source serves, on one line."""
    return listed(dict.fromkeys(md(fit.application) for fit in source.applications), "nothing recorded")

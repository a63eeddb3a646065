"""One source's section: everything about it and nothing about any other, so that a change of its
terms touches no other section. What holds for many sources alike (a gate's words, a driver's days)
stands once, elsewhere, and is named here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.catalog import Dataset, Provider, Source
from domain.claims import MachineWords
from domain.deciding import Decision, EvidenceItem, Gate
from domain.probing import DatasetFact
from domain.rights import Right
from domain.vocabulary import Action, EffortPart, GateKind
from reports.acts import blocking, conditions
from reports.data_section import availability, data_facts
from reports.disputes import disputes
from reports.document_days import day_of, is_later
from reports.effort_section import effort_lines
from reports.escape import Safe, code, host_link, link, listed, markdown, md, quoted, shortened, worded
from reports.gate_words import GateText, gate_link
from reports.overview import family_link
from reports.stated_lines import license_blocks, reservation_blocks
from reports.view import EvidenceView, Fact, ListBlock, SourceView
from reports.words import determination_cap, moment, span

_REASON_LIMIT = 600
"""Longest reason shown, in characters: reasons may repeat upstream words."""

_PER_ITEM = "every item carries its own license"
"""How the reason begins where rights differ from item to item."""

_OF_AN_ACTION = re.compile(f"({'|'.join(action.value for action in Action)}) (.+)")


def source_view(
    provider: Provider,
    dataset: Dataset,
    source: Source,
    decision: Decision,
    facts: Sequence[DatasetFact],
    stated: MachineWords,
    texts: Mapping[str, GateText],
    *,
    further: Safe,
    at: datetime | None,
) -> SourceView:
    """The section of one source; `facts` and what machines `stated` are its own, `texts` the gates' words for
    all. `further` says which act would raise it beyond its tier if verified (empty: none), `at` is the time the
    decision was made for: what was recorded later is marked."""
    work = source.engineering
    steps = [
        markdown("{}: {}", part, worded(step))
        for part, steps in (
            (EffortPart.INGESTION, work.ingestion),
            (EffortPart.NORMALIZATION, work.normalization),
            (EffortPart.GOVERNANCE, work.governance),
        )
        for step in steps
    ]
    fit = (markdown("{}: {}", fit.application, fit.fit) for fit in source.applications)
    benefit = () if source.production_benefit else (f"no production benefit: {source.production_benefit_note}",)
    checks = (markdown("{} (owner: {})", worded(check.check), check.owner) for check in source.checks)
    questions = (
        markdown("{} Blocks: {} (owner: {})", asked.question, asked.blocks or "not said", asked.owner)
        for asked in source.questions
    )
    blocks = (
        _block("Why this classification", _reasons(decision)),
        _block("Rights", _rights(decision)),
        _block("Gates", _gates(source, decision, texts)),
        _block("Application fit", (*fit, *benefit) or ("none recorded",)),
        _block("Risks", source.risks or ("none recorded",)),
        _block("Required checks", tuple(checks) or ("none recorded",)),
        _block("Open questions", questions),
        _block("Does not provide", source.does_not_provide),
        _block("Effort in person-days, low / likely / high", effort_lines(source, decision)),
        _block("Engineering work", steps or ("none recorded",)),
        _block("The data itself", (*availability(source), *data_facts(source, facts))),
        _block("Licenses stated by metadata interfaces", license_blocks(stated, decision)),
        _block("What hosts say about training", reservation_blocks(stated.reservations)),
        _block("Privacy", _privacy(source)),
        _block("Derivation", _derivation(source)),
        _block("Contradictions", _contradictions(decision)),
        _block("Notes that bind nobody", decision.notes),
        _block("Known changes of the past", _drift(source, at)),
        _block("Joins by", (listed(source.identifiers),) if source.identifiers else ()),
        _block("Used by", source.used_by),
    )
    return SourceView(
        heading=code(source.id),
        facts=_head(provider, dataset, source, decision, further),
        evidence=_evidence(decision.evidence, at),
        blocks=tuple(block for block in blocks if block.items),
    )


def _head(provider: Provider, dataset: Dataset, source: Source, decision: Decision, further: Safe) -> tuple[Fact, ...]:
    by_person = () if decision.decided_by == "machine" else (Fact("Decided by", decision.decided_by),)
    return (
        Fact("What", source.name or dataset.name),
        Fact("Dataset", markdown("{} by {}", dataset.name, provider.name or provider.provider)),
        Fact("Tier", markdown("**{}**", decision.tier)),
        Fact("Tier if verified", markdown("**{}**{}", decision.tier_if_verified, further)),
        Fact("Classification", _classification(decision)),
        Fact("License", _license(decision)),
        Fact("Duties", listed(duty.value for duty in decision.duties)),
        Fact("Evidence", _standing(decision)),
        Fact("Layer", decision.layer),
        Fact("Phase", decision.phase),
        Fact("Person-days", span(decision.effort)),
        Fact("Family", family_link(provider, dataset)),
        *by_person,
        Fact("Owner", source.owner or "nobody named"),
    )


def _classification(decision: Decision) -> Safe:
    """What the words of the terms alone would allow; where the tier is narrower, what holds it."""
    if decision.tier.rank <= determination_cap(decision.determination).rank:
        return markdown("**{}**, by the terms alone", decision.determination)
    held = dict.fromkeys(gate_link(gate.gate) for gate in blocking(decision) if gate.gate != "determination")
    return markdown(
        "**{}**, by the terms alone; the tier is lower because of {}",
        decision.determination,
        listed(held, "what a person decided"),
    )


def _license(decision: Decision) -> Safe:
    if decision.license_declared == decision.license_concluded:
        return markdown("{}, declared and concluded", decision.license_concluded)
    return markdown("{} declared, {} concluded", decision.license_declared, decision.license_concluded)


def _standing(decision: Decision) -> Safe:
    if decision.evidence_grade is None:
        return Safe("none")
    speaks = "" if decision.authority is None else f"{decision.authority}, "
    first = decision.first_seen
    seen = "never looked at" if first is None else f"this version first seen {moment(first)}"
    shown = any(item.grade is decision.evidence_grade for item in decision.evidence)
    nothing = "" if shown else "; no words are quoted"
    return markdown("grade {}, {}{}{}", decision.evidence_grade, Safe(speaks), seen, Safe(nothing))


def _evidence(evidence: Iterable[EvidenceItem], at: datetime | None) -> tuple[EvidenceView, ...]:
    pages: dict[Safe, dict[Safe, None]] = {}
    ordered = sorted(evidence, key=lambda e: (e.grade, e.url or "", e.watch_id or "", e.rule, e.quote, e.sha256 or ""))
    for item in ordered:
        # Bytes were kept, or somebody only wrote down what they saw: two different dates.
        dated = "this version first seen" if item.sha256 else "words seen"
        kept = markdown(", sha256 {}", code(item.sha256[:16])) if item.sha256 else Safe("")
        seen = f"{item.authority}, {dated} {moment(item.at)}"
        later = Safe(" (recorded later than this day)" if is_later(item.at, at) else "")
        page = markdown("{}, grade {}, {}{}{}", link(item.url), item.grade, seen, later, kept)
        found = markdown(", by {}", code(item.rule)) if item.rule and item.sha256 else Safe("")
        named = item.license or "no license named"
        pages.setdefault(page, {})[markdown("{}: {}{}", quoted(item.quote), named, found)] = None
    return tuple(EvidenceView(page=page, quotes=tuple(quotes)) for page, quotes in pages.items())


def _reasons(decision: Decision) -> list[str]:
    """Reasons in order; what is said of several actions alike is said once, and silence stands with the rights."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for reason in decision.reasons:
        found = _OF_AN_ACTION.fullmatch(reason)
        if found is None:
            alike[reason] = []
        elif decision.rights[Action(found[1])].speaks:
            alike[found[2]].append(found[1])
    said = [f"{', '.join(dict.fromkeys(actions))} {what}" if actions else what for what, actions in alike.items()]
    return [shortened(reason, _REASON_LIMIT) for reason in said] or ["the terms are silent on what production needs"]


def _rights(decision: Decision) -> list[Safe]:
    alike: defaultdict[Right, list[Action]] = defaultdict(list)
    for action, right in decision.rights:
        alike[right].append(action)
    lines = [markdown("{}: {}", _right(right), listed(actions)) for right, actions in alike.items()]
    if any(reason.startswith(_PER_ITEM) for reason in decision.reasons):
        lines.append(
            Safe("this is what is said of the whole; each item has the rights of its own license, see its list")
        )
    return lines


def _right(right: Right) -> Safe:
    if not right.speaks:
        return markdown("{}", right.value)
    limits = [] if right.basis is None else [right.basis.value]
    limits += [f"purpose {right.purpose}", f"for {right.assignee}"]
    limits += [f"if {condition}" for condition in right.conditions]
    return markdown("{} ({})", right.value, "; ".join(limits))


def _gates(source: Source, decision: Decision, texts: Mapping[str, GateText]) -> list[Safe]:
    notes = [origin.note for origin in source.derivation]
    notes += [] if source.privacy is None else [source.privacy.note]
    notes += [] if source.availability is None else [source.availability.note]
    lines = [_gate(gate, texts[gate.gate], notes) for gate in (*blocking(decision), *conditions(decision))]
    return list(dict.fromkeys(lines)) or [Safe("none is open")]


def _gate(gate: Gate, text: GateText, notes: Iterable[str]) -> Safe:
    """One gate with what is particular to the source; `notes` stand further down in its section."""
    effect = "condition" if gate.kind is GateKind.CONDITION else f"caps at {gate.caps_at or 'blocked'}"
    # The reasons of the determination are those of the classification, a few lines above.
    why = "" if gate.gate == "determination" and text.reason else text.particular_reason(gate)
    for note in filter(None, (note.rstrip(".") for note in notes)):
        why = why.replace(f": {note}", "").replace(note, "")
    why = why.strip(" .;")
    closing = text.particular_closing(gate)
    return markdown(
        "{}, {} ({}){}{}",
        gate_link(gate.gate),
        effect,
        gate.owner,
        Safe(f": {worded(_sentence(shortened(why, _REASON_LIMIT)))}") if why else Safe(""),
        Safe(f" To close: {worded(_sentence(closing))}") if closing else Safe(""),
    )


def _derivation(source: Source) -> list[Safe]:
    return [
        markdown(
            "{} {}: {}{}",
            origin.flow,
            code(origin.upstream),
            _sentence(origin.note),
            Safe(" The upstream terms prohibit this." if origin.upstream_prohibits else ""),
        )
        for origin in source.derivation
    ]


def _drift(source: Source, at: datetime | None) -> list[Safe]:
    """Known changes, without those after the day that the document speaks of."""
    return [
        markdown("{}: {}{}", note.when, note.what, _cited(note.url, note.quote))
        for note in sorted(source.drift, key=lambda note: (note.when, note.what))
        if at is None or note.when[:10] <= day_of(at).isoformat()
    ]


def _privacy(source: Source) -> tuple[Safe, ...]:
    if source.privacy is None:
        return (Safe("personal data: not assessed"),)
    if not source.privacy.note:
        return (markdown("personal data: {}", source.privacy.personal_data),)
    return (markdown("personal data: {}. {}", source.privacy.personal_data, source.privacy.note),)


def _contradictions(decision: Decision) -> list[Safe]:
    """About what and why; the statements themselves stand side by side in their own section."""
    lines = (
        markdown("{}: [both statements](#contradictions). {}", item.about, _sentence(item.why))
        for item in disputes(decision)
    )
    return list(dict.fromkeys(lines))


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else text + "."


def _cited(url: str | None, words: str | None) -> Safe:
    said = f" {quoted(words)}" if words else ""
    return Safe(said + (f" ({host_link(url)})" if url else ""))


def _block(title: str, items: Iterable[str]) -> ListBlock:
    return ListBlock(title, tuple(items))


def serves(source: Source) -> Safe:
    """The applications a source serves, on one line."""
    return listed(dict.fromkeys(md(fit.application) for fit in source.applications), "nothing recorded")

"""One source's page: what was decided, why, on whose words, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision, Effort, Gate
from domain.history import ChangeRecord, TierStep, Version
from domain.probing import DatasetFact
from domain.vocabulary import EffortPart, GateKind
from reports.acts import blocking, conditions, next_gates
from reports.escape import shortened
from reports.question import draft_question
from reports.site.change_views import ChangeView, material_changes
from reports.site.contradictions_page import DisputeView, dispute_views
from reports.site.data_facts import DataFact, data_facts
from reports.site.effort_bar import EffortBar, effort_bar
from reports.site.proofs import Proof, proofs
from reports.site.rights_quotes import QUOTE_LIMIT, RightView, rights_views
from reports.site.timeline import Happening, timeline
from reports.words import days, exact, grade_words, moment


@dataclass(frozen=True, slots=True)
class Named:
    """A name and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateView:
    """One open gate. `first` marks the one to close first."""

    gate: str
    kind: str
    caps_at: str
    reason: str
    closes: str
    owner: str
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortRow:
    """One part of the estimate, in person-days."""

    part: str
    low: str
    likely: str
    high: str
    drivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """A titled list, never empty."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """Everything about one source."""

    source_id: str
    name: str
    dataset: str
    provider: str
    tier: str
    tier_if_verified: str
    facts: tuple[Named, ...]
    problem: str
    reasons: tuple[str, ...]
    gates: tuple[GateView, ...]
    rights: tuple[RightView, ...]
    evidence: tuple[Proof, ...]
    contradictions: tuple[DisputeView, ...]
    mail: tuple[str, ...]
    happenings: tuple[Happening, ...]
    changes: tuple[ChangeView, ...]
    bar: EffortBar
    effort: tuple[EffortRow, ...]
    use: tuple[ListView, ...]
    open: tuple[ListView, ...]
    work: tuple[ListView, ...]
    data: tuple[DataFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of one source."""

    versions: Sequence[Version] = ()
    accepted: Sequence[Version] = ()
    changes: Sequence[ChangeRecord] = ()
    steps: Sequence[TierStep] = ()


def source_page(
    entry: tuple[Provider, Dataset, Source],
    decision: Decision,
    facts: Sequence[DatasetFact],
    history: History,
    *,
    scale: float,
    problem: str,
) -> SourcePage:
    """The page of one source; `scale` is the right end of its effort bar in person-days, `problem` why
    its pages could not be looked at (empty: they could)."""
    provider, dataset, source = entry
    versions: Mapping[str, Version] = {version.version_id: version for version in history.versions}
    asks = bool(decision.contradictions) or any(not right.speaks for _, right in decision.rights)
    return SourcePage(
        source_id=source.id,
        name=source.name or dataset.name,
        dataset=dataset.name,
        provider=provider.name or provider.provider,
        tier=decision.tier,
        tier_if_verified=decision.tier_if_verified,
        facts=_facts(decision, source),
        problem=problem,
        reasons=tuple(shortened(reason, QUOTE_LIMIT) for reason in decision.reasons),
        gates=_gates(decision),
        rights=rights_views(decision, history.accepted),
        evidence=proofs(decision.evidence),
        contradictions=dispute_views(decision),
        mail=tuple(draft_question(source, decision).splitlines()) if asks else (),
        happenings=timeline(source, history.versions, history.steps),
        changes=material_changes(history.changes, "../", versions),
        bar=effort_bar(decision.effort, scale),
        effort=(*(_effort(part, decision.effort.of(part)) for part in EffortPart), _effort("total", decision.effort)),
        use=_use(source, decision),
        open=_open(source),
        work=_work(source),
        data=data_facts(source, facts),
    )


def _facts(decision: Decision, source: Source) -> tuple[Named, ...]:
    return (
        Named("License concluded", decision.license_concluded),
        Named("License declared", decision.license_declared),
        Named("Classification", decision.determination),
        Named("Duties", ", ".join(decision.duties) or "none found"),
        Named("Layer", decision.layer),
        Named("Best evidence", "none" if decision.evidence_grade is None else grade_words(decision.evidence_grade)),
        Named("Authority", "none" if decision.authority is None else decision.authority),
        Named(
            "This version first seen",
            "never looked at" if decision.first_seen is None else moment(decision.first_seen),
        ),
        Named("Last look", "never looked at" if decision.verified_at is None else moment(decision.verified_at)),
        Named("Evidence good until", "not dated" if decision.valid_until is None else moment(decision.valid_until)),
        Named("Decided by", decision.decided_by),
        Named("Phase", decision.phase),
        Named("Owner", source.owner or "nobody named"),
    )


def _gates(decision: Decision) -> tuple[GateView, ...]:
    first = next_gates(decision)
    ordered = dict.fromkeys((*first, *blocking(decision), *conditions(decision)))
    return tuple(_gate(gate, first=gate in first[:1]) for gate in ordered)


def _gate(gate: Gate, *, first: bool) -> GateView:
    return GateView(
        gate=gate.gate,
        kind=gate.kind,
        caps_at="" if gate.kind is GateKind.CONDITION or gate.caps_at is None else gate.caps_at,
        reason=shortened(gate.reason, QUOTE_LIMIT),
        closes=shortened(gate.closes, QUOTE_LIMIT),
        owner=gate.owner,
        first=first,
    )


def _effort(part: str, effort: Effort) -> EffortRow:
    return EffortRow(
        part=part,
        low=days(effort.low),
        likely=days(effort.likely),
        high=days(effort.high),
        drivers=()
        if part == "total"
        else tuple(
            f"{c.driver}: {exact(c.low)} / {exact(c.likely)} / {exact(c.high)}. {c.fact}" for c in effort.contributions
        ),
    )


def _use(source: Source, decision: Decision) -> tuple[ListView, ...]:
    benefit = () if source.production_benefit else (f"no production benefit: {source.production_benefit_note}",)
    fits = [f"{fit.application}: {fit.fit}" for fit in source.applications]
    return (
        ListView("Applications", (*fits, *benefit) or ("none recorded",)),
        *_lists(
            ("Unlocks", source.unlocks),
            ("Supplements", source.supplements),
            ("Does not provide", source.does_not_provide),
            ("Identifiers", source.identifiers),
            ("Used by", source.used_by),
            ("Notes that bind nobody", decision.notes),
        ),
    )


def _open(source: Source) -> tuple[ListView, ...]:
    return (
        ListView("Risks", source.risks or ("none recorded",)),
        *_lists(
            ("Questions", [f"{q.question} Blocks: {q.blocks} (who decides: {q.owner})" for q in source.questions]),
            ("Required checks", [f"{check.check} (owner: {check.owner})" for check in source.checks]),
            (
                "Derivation",
                [
                    f"{d.flow} {d.upstream}: {d.note}"
                    + ("; the upstream terms prohibit this" if d.upstream_prohibits else "")
                    for d in source.derivation
                ],
            ),
            ("Privacy", () if source.privacy is None else _privacy(source.privacy.personal_data, source.privacy.note)),
        ),
    )


def _privacy(personal_data: str, note: str) -> tuple[str, ...]:
    return (f"personal data: {personal_data}", note) if note else (f"personal data: {personal_data}",)


def _work(source: Source) -> tuple[ListView, ...]:
    work = source.engineering
    return _lists(
        ("Ingestion work", work.ingestion),
        ("Normalization work", work.normalization),
        ("Governance work", work.governance),
    )


def _lists(*lists: tuple[str, Sequence[str]]) -> tuple[ListView, ...]:
    return tuple(ListView(title, tuple(items)) for title, items in lists if items)

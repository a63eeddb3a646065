"""The gates that follow from facts about a source other than its license."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from domain.catalog import Source
from domain.deciding import Gate, WatchEvidence
from domain.policy import Policy
from domain.vocabulary import Access, Availability, Determination, GateKind, Layer, PersonalData
from scoring.conclusion import Conclusion, custom_terms
from scoring.gates import open_gate

_DATABASES = frozenset({Layer.METADATA, Layer.BEHAVIOR, Layer.ANNOTATIONS, Layer.FEATURES})
_NOTE_GATES = ("support_requested", "stated_intent", "reservation")


def circumstance_gates(
    conclusion: Conclusion, source: Source, evidence: Sequence[WatchEvidence], policy: Policy
) -> tuple[Gate, ...]:
    """Privacy, usefulness, availability, notes of the pages, and the health of the watches."""
    return (
        *_privacy(source, policy),
        *_usefulness(source, policy),
        *_availability(conclusion, source, policy),
        *_database_right(conclusion, source, policy),
        *_notes(conclusion, evidence, policy),
        *_watches(conclusion, evidence, policy),
    )


def notes_of(evidence: Sequence[WatchEvidence]) -> tuple[str, ...]:
    """What the pages say that binds nobody, in order and once each."""
    readings = (item.reading for item in evidence if item.reading is not None and item.reading.suspect is None)
    return tuple(dict.fromkeys(note for reading in readings for note in reading.notes))


def _privacy(source: Source, policy: Policy) -> Iterable[Gate]:
    if source.privacy is None:
        return
    match source.privacy.personal_data:
        case PersonalData.NONE:
            return
        case PersonalData.PSEUDONYMOUS:
            yield open_gate(policy, "privacy_pseudonymous", detail=source.privacy.note)
        case PersonalData.IDENTIFYING | PersonalData.SPECIAL:
            yield open_gate(policy, "privacy_assessment", detail=source.privacy.note)
        case _:
            assert_never(source.privacy.personal_data)


def _usefulness(source: Source, policy: Policy) -> Iterable[Gate]:
    if not source.production_benefit:
        yield open_gate(policy, "no_benefit", detail=source.production_benefit_note)


def _availability(conclusion: Conclusion, source: Source, policy: Policy) -> Iterable[Gate]:
    hosting = source.availability
    gone = source.access is Access.WITHDRAWN or (hosting is not None and hosting.status is Availability.WITHDRAWN)
    if gone:
        # A standard license lasts for copies already received; other terms end with the offer.
        kind = None if custom_terms(conclusion, source, policy) else GateKind.CONDITION
        yield open_gate(policy, "withdrawn", kind=kind, detail="" if hosting is None else hosting.note)


def _database_right(conclusion: Conclusion, source: Source, policy: Policy) -> Iterable[Gate]:
    if source.layer not in _DATABASES or source.house_owned:
        return
    families = {license_id: policy.family_of(license_id) for license_id in conclusion.licenses}
    silent = [i for i, family in families.items() if family is not None and family.leaves_out_database_right(i)]
    if silent:
        yield open_gate(policy, "database_right", kind=GateKind.CONDITION, detail=", ".join(silent))


def _notes(conclusion: Conclusion, evidence: Sequence[WatchEvidence], policy: Policy) -> Iterable[Gate]:
    for note in notes_of(evidence):
        name, _, words = note.partition(":")
        rule = name.strip().replace(" ", "_").casefold()
        if rule == "reservation":
            # A reservation limits what rests on statute or silence, never a license that grants training.
            kind = GateKind.CONDITION if conclusion.rights.train_model.usable and conclusion.authoritative else None
            yield open_gate(policy, rule, kind=kind, detail=words.strip())
        elif rule in _NOTE_GATES:
            yield open_gate(policy, rule, kind=GateKind.CONDITION, detail=words.strip())


def _watches(conclusion: Conclusion, evidence: Sequence[WatchEvidence], policy: Policy) -> Iterable[Gate]:
    for item in evidence:
        if item.failing:
            yield open_gate(policy, "watch_failing", detail=f"{item.watch.url}: {item.failing}")
        if item.unstable:
            yield open_gate(policy, "watch_unstable", detail=item.watch.url)
        production = conclusion.determination is Determination.PRODUCTION_COMMERCIAL
        if item.widened_unreviewed and production and policy.house.widening_needs_review:
            yield open_gate(policy, "widening_unreviewed", detail=item.watch.url)

"""What the assessment's templates print, prepared: frozen values, in order, already in words.

Templates loop over these and decide nothing. Strings that are not `Safe` are escaped on output.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.escape import Safe


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what is said, and the value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A titled list; shown with all its items, never empty."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One source in the decision summary."""

    source: Safe
    dataset: str
    layer: str
    license: str
    determination: str
    tier: str
    tier_if_verified: str
    closes: str
    owner: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """A named row of counts or short lists."""

    name: Safe
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family of sources; a row is source, unlocks, supplements, does not provide."""

    title: Safe
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """Two statements of one source that cannot both hold, and how to ask about them."""

    source: Safe
    about: str
    wider: Safe
    narrower: Safe
    question: Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """One act that closes a gate, and what it raises."""

    act: str
    gate: Safe
    owner: str
    production: int
    research: int
    sources: Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRow:
    """One source in the adoption order."""

    source: Safe
    tier: str
    tier_if_verified: str
    availability: str
    days: str
    serves: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """One phase of MLCore and the sources for it, in adoption order."""

    title: str
    notes: tuple[str, ...]
    rows: tuple[AdoptionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One confirmed material change."""

    title: Safe
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One proof, each of its facts on a line of its own."""

    quote: Safe
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RightRow:
    """One action of the rights table."""

    action: str
    value: str
    basis: str
    purpose: str
    assignee: str
    conditions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """One open gate."""

    gate: Safe
    kind: str
    caps_at: str
    reason: str
    closes: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortRow:
    """One part of the estimate, in person-days."""

    part: str
    low: str
    likely: str
    high: str
    drivers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """Everything about one source."""

    heading: Safe
    facts: tuple[Fact, ...]
    evidence: tuple[EvidenceView, ...]
    reasons: tuple[str, ...]
    rights: tuple[RightRow, ...]
    gates: tuple[GateRow, ...]
    before_effort: tuple[ListBlock, ...]
    effort: tuple[EffortRow, ...]
    drivers: tuple[str, ...]
    after_effort: tuple[ListBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """What one owner has to decide or do, and what waits for it."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """The whole document."""

    banner: tuple[str, ...]
    tiers: tuple[CountRow, ...]
    applications: tuple[CountRow, ...]
    families: tuple[FamilyView, ...]
    contradictions: tuple[ContradictionView, ...]
    summary: tuple[SummaryRow, ...]
    production_now: tuple[str, ...]
    production_next: tuple[str, ...]
    unlocks_most: str
    acts: tuple[ActRow, ...]
    phases: tuple[PhaseView, ...]
    not_adopted: tuple[str, ...]
    changes: tuple[ChangeView, ...]
    sources: tuple[SourceView, ...]
    owners: tuple[OwnerView, ...]
    completed: tuple[str, ...]
    next: tuple[str, ...]
    blockers: tuple[str, ...]
    machine_alone: str
    versions: tuple[Fact, ...]

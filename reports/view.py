"""What the assessment's templates print, prepared: frozen values, in order, already in words.

Templates loop over these and decide nothing. Strings that are not `Safe` are escaped on output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.escape import Safe
from reports.folding import Fold

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Each(Generic[T]):
    """Values that are made when they are printed, one after the other: there may be thousands, and large ones."""

    made: Callable[[], Iterator[T]]

    def __iter__(self) -> Iterator[T]:
        return self.made()


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
    """One source in the table of all; `gate` is the one to close first."""

    source: Safe
    dataset: str
    layer: str
    license: str
    determination: str
    tier: str
    tier_if_verified: str
    phase: str
    days: str
    gate: str
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
    size: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """Two statements of one source that cannot both hold, each with its page."""

    source: Safe
    about: str
    wider: Safe
    narrower: Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """One kind of act that closes a gate, what it raises, and the likely days of ingesting that."""

    act: Safe
    gate: Safe
    owner: str
    acts: str
    production: int
    research: int
    days: str
    raised: Safe
    sources: Fold


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """One gate on the first screen: how many sources it holds and who must close it, `by` how many acts."""

    gate: Safe
    held: int
    production: int
    research: int
    by: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A judgment or agreement that a person filed."""

    source: Safe
    what: str
    by: str
    made_on: str
    expires: str
    closes: Safe
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRow:
    """One source in the adoption order; `needs` says what must come first."""

    source: Safe
    tier: str
    availability: str
    days: str
    layer: str
    serves: str
    needs: Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """One phase of MLCore and the sources for it, in adoption order: fit for production, or for research."""

    title: str
    notes: tuple[str, ...]
    production: tuple[AdoptionRow, ...]
    research: tuple[AdoptionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One confirmed material change."""

    title: Safe
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One page as it was seen at one time, and the words taken from it."""

    page: Safe
    quotes: tuple[Safe, ...]


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate as it is for all sources."""

    heading: Safe
    facts: tuple[Fact, ...]
    carrying: tuple[Fold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """Everything about one source that is not said once for all."""

    heading: Safe
    facts: tuple[Fact, ...]
    evidence: tuple[EvidenceView, ...]
    blocks: tuple[ListBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """What one owner has to decide or do, and what waits for it."""

    title: str
    acts: tuple[str, ...]
    questions: tuple[str, ...]
    checks: tuple[str, ...]
    conditions: tuple[str, ...]
    later: tuple[Fold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """A drafted question to a publisher, line by line, and whom to ask."""

    title: Safe
    addressee: Safe
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """The whole document."""

    banner: tuple[str, ...]
    days: tuple[str, ...]
    later: Safe
    tiers: tuple[CountRow, ...]
    applications: tuple[CountRow, ...]
    families: tuple[FamilyView, ...]
    contradictions: tuple[ContradictionView, ...]
    letters: tuple[LetterView, ...]
    without_letter: tuple[str, ...]
    hosting: tuple[Fold, ...]
    persons: tuple[Fold, ...]
    shared_terms: tuple[Fold, ...]
    credits: tuple[str, ...]
    summary: tuple[SummaryRow, ...]
    answer: tuple[str, ...]
    held: tuple[HeldRow, ...]
    held_more: int
    gates: tuple[GateView, ...]
    drivers: tuple[tuple[str, ...], ...]
    reviews: tuple[ReviewRow, ...]
    moved: tuple[str, ...]
    identifiers: tuple[Fold, ...]
    evidence_days: int
    this_week: tuple[str, ...]
    production_now: tuple[ListBlock, ...]
    production_next: tuple[str, ...]
    unlocks_first: str
    unlocks_most: str
    unlocked: Fold
    path_costs: tuple[str, ...]
    acts: tuple[ActRow, ...]
    phases: tuple[PhaseView, ...]
    not_adopted: tuple[Fold, ...]
    changes: tuple[ChangeView, ...]
    sources: Each[SourceView]
    owners: tuple[OwnerView, ...]
    completed: tuple[str, ...]
    next: tuple[str, ...]
    blockers: tuple[Fold, ...]
    machine_alone: str
    versions: tuple[Fact, ...]

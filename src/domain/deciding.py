"""What is concluded about a source: evidence, gates, tier, effort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from domain.catalog import Watch
from domain.reading import Contradiction, Reading
from domain.rights import Rights
from domain.vocabulary import (
    Determination,
    Duty,
    EffortPart,
    EvidenceGrade,
    GateKind,
    Origin,
    Outcome,
    Owner,
    SpeaksFor,
    Tier,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEvidence:
    """What one watch knows at the time of deciding.

    `reading` is the accepted baseline (None: never looked at successfully). `pending` is a newer
    reading with an unconfirmed material change, `variants` are others that a page which flips among them
    showed; while they are there, the narrowest counts.
    `first_seen` is when this version's bytes were first seen, `last_look_at` the newest look that
    supports it. `failing` holds the reason when looks have failed since. `archived`: an independent
    archive holds a copy with the same words. Where the page widened into production and nobody read
    it yet, `widened_at` is when that was seen and `text_before` what the page said until then.
    """

    watch_id: str
    watch: Watch
    reading: Reading | None = None
    pending: Reading | None = None
    variants: tuple[Reading, ...] = ()
    first_seen: datetime | None = None
    last_look_at: datetime | None = None
    sha256: str | None = None
    origin: Origin | None = None
    last_outcome: Outcome | None = None
    failing: str | None = None
    unstable: bool = False
    widened_unreviewed: bool = False
    widened_at: datetime | None = None
    text_before: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's judgment about a source. `quote` is the sentence it rests on (None: it rests on no
    page), `quote_sha256` the digest of its normalized words, so that nobody mends the sentence
    afterwards; `closes` lists the gates it closes, `scope` says in words what it was given for."""

    source_id: str
    role: str
    by: str
    reason: str
    made_on: date
    closes: tuple[str, ...] = ()
    expires: date | None = None
    scope: str | None = None
    quote: str | None = None
    quote_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """A license that the house bought or negotiated for one source.

    `rights` are what the agreement grants or forbids, per action; what it does not mention stays as
    the publisher's pages have it. `quote` holds the words that grant, `reference` finds the agreement,
    `document_sha256` proves it. It counts from the day an owner approved it until `expires`
    (inclusive); production also needs counsel. `waives` are duties of the public license that it
    lifts, `covers_items` whether it reaches items that carry licenses of their own.
    """

    source_id: str
    licensor: str
    reference: str
    scope: str
    quote: str
    rights: Rights
    signed_on: date
    expires: date
    approved_by: str
    approved_on: date
    counsel: str | None = None
    duties: tuple[Duty, ...] = ()
    waives: tuple[Duty, ...] = ()
    covers_items: bool = False
    document_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortRecord:
    """What one part of adopting a source really took, in person-days, beside the likely estimate it
    had when the work began."""

    source_id: str
    part: EffortPart
    days: float
    estimated: float
    made_on: date
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate that is open for one source, in final words."""

    gate: str
    kind: GateKind
    caps_at: Tier | None
    reason: str
    closes: str
    owner: Owner


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One proof shown beside a conclusion. `at` is when these bytes were first seen (for a catalog
    claim: the day somebody saw the words)."""

    url: str | None
    at: datetime | date | None
    sha256: str | None
    quote: str
    grade: EvidenceGrade
    authority: SpeaksFor
    license: str | None = None
    rule: str = ""
    watch_id: str | None = None


LAPSING = ("entitlement:", "review of a block:")
"""How `decided_by` begins where a tier is wider than `blocked` only by a person's word: when that
expires, the source is blocked at once and not merely out of production."""


def quote_digest(quote: str) -> str:
    """The SHA-256 of a quote's words, blanks and case aside."""
    return sha256(normalized_words(quote).encode()).hexdigest()


def normalized_words(text: str) -> str:
    """Words as quotes are compared: one blank between them, case folded."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class EffortContribution:
    """What one driver adds to one part, in person-days, and the fact it stands on."""

    driver: str
    part: EffortPart
    low: float
    likely: float
    high: float
    fact: str


@dataclass(frozen=True, slots=True)
class Effort:
    """Person-days low, likely, high: the sum of the contributions."""

    contributions: tuple[EffortContribution, ...] = ()

    @property
    def low(self) -> float:
        return round(sum(c.low for c in self.contributions), 1)

    @property
    def likely(self) -> float:
        return round(sum(c.likely for c in self.contributions), 1)

    @property
    def high(self) -> float:
        return round(sum(c.high for c in self.contributions), 1)

    def of(self, part: EffortPart) -> Effort:
        """The same, of one part only."""
        return Effort(tuple(c for c in self.contributions if c.part is part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything decided about one source from one set of rows. `verified_at` is the newest look
    that supports the conclusion; None when nothing was ever looked at."""

    source_id: str
    dataset_id: str
    layer: str
    license_declared: str
    license_concluded: str
    determination: Determination
    tier: Tier
    tier_if_verified: Tier
    gates: tuple[Gate, ...]
    rights: Rights
    duties: tuple[Duty, ...]
    evidence: tuple[EvidenceItem, ...]
    evidence_grade: EvidenceGrade | None
    authority: SpeaksFor | None
    effort: Effort
    phase: str
    adoption_rank: int = 0
    contradictions: tuple[Contradiction, ...] = ()
    notes: tuple[str, ...] = ()
    verified_at: datetime | None = None
    first_seen: datetime | None = None
    valid_until: datetime | None = None
    decided_by: str = "machine"
    reasons: tuple[str, ...] = ()
    looks: Mapping[str, datetime] = field(default_factory=dict)

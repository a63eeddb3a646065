"""What persons ruled: which gates their reviews close, and which reviews no longer hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.deciding import Gate, Review, WatchEvidence
from scoring.statements import readable

NEVER_REVIEWED = frozenset(
    {
        "determination",
        "item_allowlist",
        "authority",
        "not_looked_at",
        "evidence_stale",
        "evidence_grade",
        "change_unconfirmed",
    }
)
"""What the terms themselves or a look must answer: no judgment of a person stands for it."""

COUNSEL_ONLY = frozenset({"production_requires_review", "copyleft_counsel", "upstream_trained_on"})
DECLARING_ROLES = frozenset({"owner", "product"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The reviews that hold at a time, and why the others do not."""

    reviews: tuple[Review, ...] = ()
    suspended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruled:
    """The gates still open, the reviews that closed the others, and refusals in words."""

    gates: tuple[Gate, ...]
    used: tuple[Review, ...] = ()
    refused: tuple[str, ...] = ()


def standing(reviews: Iterable[Review], source_id: str, evidence: Sequence[WatchEvidence], now: datetime) -> Standing:
    """Sort a source's reviews. One made after `now` is unknown at that time; one that expired, or
    whose sentence the pages no longer carry, holds nothing."""
    hold, suspended = [], []
    today = now.astimezone(UTC).date() if now.tzinfo is not None else now.date()
    for review in reviews:
        if review.source_id != source_id or review.made_on > today:
            continue
        name = f"review by {review.role} of {review.made_on.isoformat()}"
        if review.expires is not None and review.expires < today:
            suspended.append(f"{name} expired on {review.expires.isoformat()}")
        elif review.quote is not None and not _stands(review.quote, evidence):
            suspended.append(f"{name} is suspended: the sentence it rests on no longer stands on a watched page")
        else:
            hold.append(review)
    return Standing(tuple(hold), tuple(suspended))


def ruled(gates: Sequence[Gate], reviews: Sequence[Review]) -> Ruled:
    """Close what standing reviews name and may close."""
    left, refused = [], []
    used: list[Review] = []
    for gate in gates:
        closing = [review for review in reviews if gate.gate in review.closes]
        allowed = [review for review in closing if _may_close(gate.gate, review)]
        if allowed:
            used.extend(review for review in allowed if review not in used)
            continue
        left.append(gate)
        refused += [f"review by {review.role} cannot close {gate.gate}" for review in closing]
    return Ruled(tuple(left), tuple(used), tuple(dict.fromkeys(refused)))


def declaration(reviews: Sequence[Review]) -> Review | None:
    """The newest standing word of an owner that data is the house's own."""
    declaring = [
        review
        for review in reviews
        if review.role.casefold() in DECLARING_ROLES and (not review.closes or "not_looked_at" in review.closes)
    ]
    return max(declaring, key=lambda review: review.made_on, default=None)


def expiry(reviews: Iterable[Review]) -> datetime | None:
    """The end (UTC) of the earliest last day among reviews that expire."""
    days: list[date] = [review.expires for review in reviews if review.expires is not None]
    return datetime.combine(min(days), time.min, UTC) + timedelta(days=1) if days else None


def _may_close(gate: str, review: Review) -> bool:
    if gate in NEVER_REVIEWED:
        return False
    return gate not in COUNSEL_ONLY or review.role.casefold() == "counsel"


def _stands(quote: str, evidence: Sequence[WatchEvidence]) -> bool:
    """Whether a page carries the sentence, and still carries it in a newer reading of it."""
    wanted = _normalized(quote)
    if not wanted:
        return False
    for item in evidence:
        accepted, pending = readable(item.reading), readable(item.pending)
        if accepted is None or wanted not in _normalized(accepted.text):
            continue
        if pending is None or wanted in _normalized(pending.text):
            return True
    return False


def _normalized(text: str) -> str:
    return " ".join(text.split()).casefold()

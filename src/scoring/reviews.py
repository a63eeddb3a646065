"""What persons ruled: which gates their reviews close, and which reviews no longer hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.deciding import Gate, Review, WatchEvidence, normalized_words
from domain.vocabulary import GateKind, Owner
from scoring.statements import readable, unconfirmed

NEVER_REVIEWED = frozenset(
    {
        "determination",
        "item_allowlist",
        "authority",
        "not_eligible",
        "not_looked_at",
        "evidence_stale",
        "evidence_grade",
        "change_unconfirmed",
        "not_in_catalog",
    }
)
"""What the terms, an agreement or a look must answer: no judgment of a person stands for it. The same
goes for every `needs_<duty>`, which the house closes by being able to do it."""

COUNSEL_ONLY = frozenset(
    {
        "production_requires_review",
        "share_alike_scope",
        "copyleft_counsel",
        "use_restrictions",
        "widening_unreviewed",
        "contradiction",
        "upstream_trained_on",
    }
)
"""What only counsel may close, whomever policy names as the owner of the gate."""

RESTS_ON_WORDS = frozenset({"production_requires_review", "use_restrictions", "widening_unreviewed", "contradiction"})
"""What is a matter of the page's words, so that a review must quote them and falls with them."""

DECLARING_ROLES = frozenset({"owner", "product"})
_LEGAL_ROLES = frozenset({"counsel"})
_PRIVACY_ROLES = frozenset({"counsel", "privacy"})


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
        elif review.quote is not None and not quote_stands(review.quote, evidence):
            suspended.append(f"{name} is suspended: the sentence it rests on no longer stands on a watched page")
        else:
            hold.append(review)
    return Standing(tuple(hold), tuple(suspended))


def ruled(gates: Sequence[Gate], reviews: Sequence[Review], evidence: Sequence[WatchEvidence] = ()) -> Ruled:
    """Close what standing reviews name and may close. `evidence` tells which words a widening brought."""
    left, refused = [], []
    used: list[Review] = []
    for gate in gates:
        closing = [review for review in reviews if gate.gate in review.closes]
        why = {id(review): _objection(gate, review) for review in closing}
        allowed = [review for review in closing if not why[id(review)]]
        if allowed and gate.gate == "widening_unreviewed":
            widened = [item for item in evidence if item.widened_unreviewed]
            answered = [[review for review in allowed if _read_the_new_words(review, item)] for item in widened]
            if not answered or not all(answered):
                refused.append("no review of the widened words was made after they appeared")
                left.append(gate)
                continue
            allowed = [review for reviews_of in answered for review in reviews_of]
        if allowed:
            used.extend(review for review in allowed if review not in used)
            continue
        left.append(gate)
        refused += [f"review by {review.role} cannot close {gate.gate}: {why[id(review)]}" for review in closing]
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


def may_close(gate: Gate) -> frozenset[str] | None:
    """The roles whose review closes a gate; none for what no review closes, None for any role."""
    if gate.gate in NEVER_REVIEWED or gate.gate.startswith("needs_"):
        return frozenset()
    if gate.gate in COUNSEL_ONLY:
        return _LEGAL_ROLES
    if gate.kind is GateKind.CONDITION:
        return None
    match gate.owner:
        case Owner.LEGAL:
            return _PRIVACY_ROLES if gate.gate == "privacy_assessment" else _LEGAL_ROLES
        case Owner.PRODUCT:
            return DECLARING_ROLES
        case Owner.ENGINEERING | Owner.OPERATIONS | Owner.PUBLISHER | Owner.CLEARANCE:
            return None


def unclosable(review: Review) -> str:
    """Why a review closes nothing whatever the pages say; empty when it may close what it names."""
    for name in review.closes:
        if name in NEVER_REVIEWED - {"not_looked_at"} or name.startswith("needs_"):
            return f"no review closes {name}"
        if name in COUNSEL_ONLY and review.role.casefold() not in _LEGAL_ROLES:
            return f"only counsel closes {name}"
        if name in RESTS_ON_WORDS and review.quote is None:
            return f"to close {name} it must quote the sentence it rests on (--quote)"
    return ""


def _objection(gate: Gate, review: Review) -> str:
    """Why a review does not close a gate; empty when it does."""
    roles = may_close(gate)
    if roles is not None and not roles:
        return "no review can"
    if roles is not None and review.role.casefold() not in roles:
        return f"it takes {' or '.join(sorted(roles))}"
    if gate.gate in RESTS_ON_WORDS and review.quote is None:
        return "it must quote the sentence it rests on"
    return ""


def _read_the_new_words(review: Review, item: WatchEvidence) -> bool:
    """Whether a review quotes the widened page and was made after it widened. On the day of the
    widening only words that were not there before tell the order of the two."""
    if review.quote is None or item.widened_at is None or not _carries(item, normalized_words(review.quote)):
        return False
    day = item.widened_at.astimezone(UTC).date()
    if review.made_on == day:
        return normalized_words(review.quote) not in normalized_words(item.text_before)
    return review.made_on > day


def quote_stands(quote: str, evidence: Sequence[WatchEvidence]) -> bool:
    """Whether a page carries the sentence, and still carries it in a newer reading of it."""
    wanted = normalized_words(quote)
    return bool(wanted) and any(_carries(item, wanted) for item in evidence)


def _carries(item: WatchEvidence, wanted: str) -> bool:
    accepted = readable(item.reading)
    if accepted is None or not _found(wanted, accepted.text):
        return False
    return all(_found(wanted, reading.text) for reading in unconfirmed(item))


def _found(wanted: str, text: str) -> bool:
    """Whole words only: the judgment on "no" must not rest on "notice"."""
    page = normalized_words(text)
    at = page.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        inside_before = at > 0 and page[at - 1].isalnum() and wanted[0].isalnum()
        inside_after = end < len(page) and page[end].isalnum() and wanted[-1].isalnum()
        if not inside_before and not inside_after:
            return True
        at = page.find(wanted, at + 1)
    return False

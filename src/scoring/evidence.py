"""How good and how old the evidence for a conclusion is, and the quotes it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from domain.deciding import EvidenceItem, Review, WatchEvidence, normalized_words
from domain.reading import Finding
from domain.vocabulary import EvidenceGrade, Origin, SpeaksFor
from scoring.conclusion import Conclusion
from scoring.determination import breadth, determine
from scoring.statements import AUTHORITATIVE, Statement

DIRECT_GRADES = frozenset({EvidenceGrade.A, EvidenceGrade.B})
_NEVER = datetime.min.replace(tzinfo=UTC)
_STRONGEST_FIRST = list(SpeaksFor)
_BEST_FIRST = list(EvidenceGrade)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The look a conclusion rests on; of several that are needed together, the weakest of each."""

    grade: EvidenceGrade
    authority: SpeaksFor
    last_look_at: datetime | None
    first_seen: datetime | None

    def valid_until(self, max_age_days: int) -> datetime | None:
        """When this evidence is too old to approve anything."""
        return None if self.last_look_at is None else self.last_look_at + timedelta(days=max_age_days)


def grade_of(origin: Origin | None, *, archived: bool = False) -> EvidenceGrade:
    """The grade of bytes by the way they reached us; bytes of no known origin are hearsay. What was
    looked at directly is better where an independent archive holds the same words."""
    match origin:
        case Origin.DIRECT | Origin.RECORDING:
            return EvidenceGrade.A if archived else EvidenceGrade.B
        case Origin.ARCHIVE:
            return EvidenceGrade.C
        case Origin.IMPORT:
            return EvidenceGrade.E
        case None:
            return EvidenceGrade.D
    assert_never(origin)


def witness(
    conclusion: Conclusion, looked: Sequence[Statement], *, needs_rights_holder: bool = False
) -> Witness | None:
    """The newest and best look that alone supports the conclusion; if none does, all it needs.

    A statement supports a conclusion when by itself it comes to the same determination, or failing
    that to a wider one. None when no page was looked at.
    """
    parts = [part for part in conclusion.parts if part.evidence is not None] or list(looked)
    if needs_rights_holder:
        parts = [part for part in parts if part.authority is SpeaksFor.RIGHTS_HOLDER] or parts
    if not parts:
        return None
    concluded = breadth(determine(conclusion.rights))
    alone = {id(part): breadth(determine(part.rights)) for part in parts}
    same = [part for part in parts if alone[id(part)] == concluded]
    wider = [part for part in parts if alone[id(part)] < concluded]
    supporting = same or wider
    if supporting:
        return max((_single(part) for part in supporting), key=_strength)
    return _together([_single(part) for part in parts])


def evidence_items(
    conclusion: Conclusion, reviews: Sequence[Review] = (), looked: Sequence[Statement] = ()
) -> tuple[EvidenceItem, ...]:
    """The quotes a conclusion rests on: findings of pages, words of claims, and what persons of the
    house judged. Where no page said anything, the pages `looked` at stand there all the same: the
    grade rests on them, and that they are silent is what they prove."""
    items = [item for part in conclusion.parts for item in _quotes(part)]
    if not any(item.sha256 for item in items):
        items += [_silent_page(part, part.evidence) for part in looked if part.evidence is not None]
    items += [review_item(review) for review in reviews]
    return tuple(dict.fromkeys(items))


def review_item(review: Review) -> EvidenceItem:
    """A person's judgment as evidence of grade E. It is not quoted from a page, so it names none."""
    rule = f"review by {review.role}"
    if review.closes:
        rule += f" of {', '.join(review.closes)}"
    return EvidenceItem(None, review.made_on, None, review.reason, EvidenceGrade.E, SpeaksFor.HOUSE, None, rule)


def _quotes(part: Statement) -> Iterable[EvidenceItem]:
    if part.evidence is not None:
        seen = part.evidence
        for finding in _fullest(part.findings):
            yield EvidenceItem(
                url=seen.watch.url,
                at=seen.first_seen,
                sha256=seen.sha256,
                quote=finding.quote,
                grade=grade_of(seen.origin, archived=seen.archived),
                authority=part.authority,
                license=finding.license,
                rule=finding.rule,
                watch_id=seen.watch_id,
            )
    elif part.claim is not None and part.claim.quote and part.where is not None:
        yield claim_item(part)


def _silent_page(part: Statement, seen: WatchEvidence) -> EvidenceItem:
    """A page that was looked at and concludes nothing, with the first words it was noticed for. Without
    words it names no watch: an item that does is a quote which its reading holds."""
    words = part.findings[0].quote if part.findings else ""
    return EvidenceItem(
        url=seen.watch.url,
        at=seen.first_seen,
        sha256=seen.sha256,
        quote=words,
        grade=grade_of(seen.origin, archived=seen.archived),
        authority=part.authority,
        rule="nothing concluded",
        watch_id=seen.watch_id if words else None,
    )


def _fullest(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that conclude something, without those whose words stand in a longer quote that
    concludes at least as much: one statement is one proof, however many rules found it."""
    saying = [f for f in findings if f.license is not None or f.rights.speaks or f.duties]
    words = [normalized_words(finding.quote) for finding in saying]
    order = sorted(range(len(saying)), key=lambda place: (-len(words[place]), place))
    kept: list[int] = []
    for place in order:
        if not any(words[place] in words[other] and _says_as_much(saying[other], saying[place]) for other in kept):
            kept.append(place)
    return [saying[place] for place in sorted(kept)]


def _says_as_much(fuller: Finding, other: Finding) -> bool:
    if fuller.scope != other.scope or not set(other.duties) <= set(fuller.duties):
        return False
    if other.license is not None:
        return fuller.license == other.license
    return all(fuller.rights[action] == right for action, right in other.rights if right.speaks)


def claim_item(part: Statement) -> EvidenceItem:
    """A catalog claim as evidence of grade D; its quote is empty where nobody saw the words."""
    claim = part.claim
    quote = "" if claim is None or claim.quote is None else claim.quote
    at = None if claim is None else claim.seen
    return EvidenceItem(part.where, at, None, quote, EvidenceGrade.D, part.authority, part.expression, part.rule)


def _single(part: Statement) -> Witness:
    seen = part.evidence
    return Witness(
        grade=EvidenceGrade.D if seen is None else grade_of(seen.origin, archived=seen.archived),
        authority=part.authority,
        last_look_at=None if seen is None else seen.last_look_at,
        first_seen=None if seen is None else seen.first_seen,
    )


def _strength(one: Witness) -> tuple[bool, bool, datetime]:
    return (one.authority in AUTHORITATIVE, one.grade in DIRECT_GRADES, one.last_look_at or _NEVER)


def _together(needed: Sequence[Witness]) -> Witness:
    looks = [one.last_look_at for one in needed if one.last_look_at is not None]
    firsts = [one.first_seen for one in needed if one.first_seen is not None]
    return Witness(
        grade=max((one.grade for one in needed), key=_BEST_FIRST.index),
        authority=max((one.authority for one in needed), key=_STRONGEST_FIRST.index),
        last_look_at=min(looks) if len(looks) == len(needed) else None,
        first_seen=max(firsts, default=None),
    )

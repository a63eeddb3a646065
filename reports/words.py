"""Values in words: moments, person-days, and the names of things as sentences use them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import assert_never

from domain.deciding import Effort
from domain.vocabulary import Determination, EvidenceGrade, Tier


def moment(at: datetime | date | None) -> str:
    """A time as `2023-05-20 01:34 UTC`, a day as `2023-05-20`. Times without a zone are UTC."""
    if at is None:
        return "no date"
    if not isinstance(at, datetime):
        return at.isoformat()
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M UTC")


def days(amount: float) -> str:
    """Person-days with at most one decimal place."""
    return f"{round(amount, 1):g}"


def span(effort: Effort) -> str:
    """Person-days low / likely / high, exact, so that the parts of a sum add up to it."""
    found = effort.contributions
    sums = (sum(c.low for c in found), sum(c.likely for c in found), sum(c.high for c in found))
    return " / ".join(f"{round(amount, 2):g}" for amount in sums)


def count(number: int, noun: str) -> str:
    """`1 page`, `3 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def grade_words(grade: EvidenceGrade) -> str:
    """A grade with what it means, so that nobody has to look the letter up."""
    match grade:
        case EvidenceGrade.A:
            return "A (looked at directly, confirmed by an independent archive)"
        case EvidenceGrade.B:
            return "B (looked at directly)"
        case EvidenceGrade.C:
            return "C (an archive's copy)"
        case EvidenceGrade.D:
            return "D (a quoted claim, not looked at)"
        case EvidenceGrade.E:
            return "E (a person's note or import)"
        case _:
            assert_never(grade)


def determination_cap(determination: Determination) -> Tier:
    """The widest tier a license allows for anybody."""
    match determination:
        case Determination.PRODUCTION_COMMERCIAL:
            return Tier.PRODUCTION_APPROVED
        case Determination.RESEARCH_ONLY:
            return Tier.RESEARCH_ONLY
        case Determination.PROHIBITED_UNCLEAR:
            return Tier.BLOCKED
        case _:
            assert_never(determination)


CAUSES = {
    "publisher": "publisher (the page says something else, or was looked at)",
    "review": "review (a person's judgment or agreement was filed, withdrawn or ended)",
    "policy": "policy (the house's rules changed)",
    "catalog": "catalog (what we watch or know changed)",
    "reader": "reader (the same bytes are read otherwise)",
    "age": "age (the evidence or a judgment is past its date)",
}
"""Why a tier moved, by the word under which it is stored."""

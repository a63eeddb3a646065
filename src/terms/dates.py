"""The days a sentence names, and whether what it says has begun on the day of the look.

Nothing that widens counts before its day, nor where the day cannot be read; so a month means its last
day, a year its 31 December, and of two ways to read "01/02/2027" the later one counts.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import date

NOT_YET = "not_yet"

_MONTHS = (
    ("jan", "ene"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"), ("may", "mai"),
    ("jun", "juin"), ("jul", "juil"), ("aug", "aoû", "aou", "ago"), ("sep",), ("oct", "okt"), ("nov",),
    ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_MONTH = (
    r"(?P<month>jan(?:uary|uar|vier)?|ene(?:ro)?|feb(?:ruary|ruar|rero)?|f[ée]v(?:rier)?|mar(?:ch|s|zo)?|märz|mrz|apr(?:il)?|avr(?:il)?|abr(?:il)?|may(?:o)?|mai|june?|juni?|juin|junio|july?|"
    r"juli?|juil(?:let)?|julio|aug(?:ust)?|ao[uû]t|agosto|sept?(?:ember|embre|iembre)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|de[cz](?:ember)?|d[ée]c(?:embre)?|dic(?:iembre)?)\b\.?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)? (?:of |de )?{_MONTH},? (?:de |del )?{_YEAR}\b",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b",
        rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?P<first>\d{{1,2}})[./](?P<second>\d{{1,2}})[./]{_YEAR}\b",
        rf"\b{_MONTH},? (?:de |of )?{_YEAR}\b",
        rf"(?<![\d.:/-]){_YEAR}(?![\d:/-]|\.\d)",
    )
)
_DIGIT = re.compile(r"\d")
_FROM = re.compile(
    r"\b(?:from|starting|beginning|as of|as from|effective|with effect|after|not before|(?:moves?|moved|changes?|changed|switch(?:es|ed)?|relicensed|becomes?|available|licensed|released|force|effect)\b(?:[^.;]|\.(?=\d)){0,50} (?:on|in|by)"
    r"|ab|zum|à (?:partir|compter)|a partir|desde)\b[^.;\d]{0,30}\Z"
)
_NO_DAY = re.compile(
    r"\beffective (?:soon|upon|once|when|later|after|with the)\b|\b(?:available|licensed|released|published)\b(?:[^.;]|\.(?=\d)){0,50}(?:\bsoon\b|\bshortly\b|\bupon (?:publication|acceptance)|\bnext (?:year|month|week|release)|in the (?:near )?future|\bafter (?:the )?(?:review|acceptance|publication|embargo))"
)


def days_in(words: str) -> Iterator[tuple[int, date]]:
    """The days some shadowed words name, each with where its words start; what no calendar knows never comes."""
    if not _DIGIT.search(words):
        return
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for found in form.finditer(words):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            taken.append(found.span())
            yield found.start(), _day(found.groupdict()) or date.max


def has_come(words: str, at: date | None) -> bool:
    """Whether every day some words name has come at the day of the look: not where they name none, nor
    where nobody knows when the look was."""
    named = [day for _, day in days_in(words)]
    return at is not None and bool(named) and max(named) <= at


def begun(words: str, at: date | None) -> bool | None:
    """Whether what a sentence states has begun at the day of the look. None: it speaks of no beginning;
    False also where its day, or that of the look, is not known."""
    starts = [day for start, day in days_in(words) if _FROM.search(words, max(0, start - 90), start)]
    if starts:
        return at is not None and max(starts) <= at
    return False if _NO_DAY.search(words) else None


def not_yet(words: str) -> str:
    """The note of a statement that waits for the last day its words name."""
    named = [day for _, day in days_in(words)]
    return f"{NOT_YET}: {max(named).isoformat() if named and max(named) != date.max else 'no day can be read'}"


def awaited(notes: Iterable[str]) -> tuple[str, ...]:
    """Those notes of a reading that say what it waits for."""
    return tuple(note for note in notes if note.startswith(NOT_YET))


def came_by(notes: Iterable[str], at: date) -> bool:
    """Whether a day that a reading waited for has come: the same words read differently now."""
    return any(has_come(note, at) for note in awaited(notes))


def _day(parts: dict[str, str | None]) -> date | None:
    year = int(parts["year"] or 0)
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        return max((d for d in (_of(year, second, first), _of(year, first, second)) if d is not None), default=None)
    spelled, number, day = parts.get("month"), parts.get("number"), parts.get("day")
    month = int(number) if number else _month(spelled) if spelled else 12
    return _of(year, month, int(day) if day else None)


def _month(spelled: str) -> int:
    return next(n for n, starts in enumerate(_MONTHS, start=1) if spelled.startswith(starts))


def _of(year: int, month: int, day: int | None) -> date | None:
    """A day of the calendar; the last of its month where none is named."""
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, last if day is None else day) if day is None or 1 <= day <= last else None

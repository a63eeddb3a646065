"""What stays of a sentence when all that changes by itself is taken out: dates, counters, addresses, typography."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from terms.shadow import squeezed

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+")
_MAIL = re.compile(r"\b[\w.+-]+(?:@| at | \[at\] )[\w-]+(?:\.| dot )[\w.-]+")
# A word of eight and more that mixes letters and digits is a nonce, a digest or a build number.
_NONCE = re.compile(r"\b(?=[a-z_-]*\d)(?=[\d_-]*[a-z])[a-z0-9_-]{8,}\b")
_MONTH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b(?=[.,]* *[\d#])"
    r"|(?<=\d )(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
)
_AGO = re.compile(
    r"(?:\b(?:an?|one|two|three|a few)|#) (?:second|minute|hour|day|week|month|year)s? ago\b|\byesterday\b"
)
_DIGITS = re.compile(r"\d+(?:[.,:/-]\d+)*(?:st|nd|rd|th)?")
_TYPOGRAPHY = re.compile(r"[^\w#@%+*]+")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")


def parts_of(text: str) -> list[str]:
    """A text in sentences, as they are compared."""
    return _SENTENCE_END.split(text)


def sentences(text: str, spans: Iterable[tuple[int, int]]) -> Counter[str]:
    """The sentences of some spans without what changes by itself: dates, counters, addresses, typography."""
    parts = (part for start, end in spans for part in parts_of(text[start:end]))
    return Counter(words for part in parts if (words := steady(part)))


def steady(sentence: str) -> str:
    """A sentence as it is compared: folded, with addresses, nonces, dates and numbers made alike."""
    words = squeezed(sentence)
    for pattern, mark in ((_URL, "@"), (_MAIL, "@"), (_NONCE, "#"), (_MONTH, "#"), (_DIGITS, "#"), (_AGO, "#")):
        words = pattern.sub(mark, words)
    return re.sub(r"#(?: #)+", "#", _TYPOGRAPHY.sub(" ", words).strip())

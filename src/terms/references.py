"""Terms that are another dataset's: "License: same as Alder", "as above", "see Birch"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from terms.document import BlockKind
from terms.naming import Name, name_of
from terms.parts import Parts
from terms.sentences import LICENSE_HEADING, Context, Sentence
from terms.spans import touches
from terms.units import title_of

_ABOVE = re.compile(
    r"\b(?:(?:same )?as|see|like) (?:the )?(?:above|previous|preceding)\b|\bditto\b|\bibid\b|\bidem\b|\b(?:siehe|wie) oben\b|\bcomme ci-dessus\b|\bvoir ci-dessus\b"
    r"|\b(?:igual que|ver) (?:el )?(?:anterior|arriba)\b"
)
_LIKE = re.compile(
    r"\b(?:(?:the )?(?:same|identical|equal|equivalent)(?: (?:licen[sc]es?|terms|conditions|rules|restrictions))?(?: apply| applies)? (?:as|to|like)|see|cf\.?|like|wie(?: bei)?|siehe"
    r"|(?:la )?même(?: licence)? que|voir|(?:la )?misma(?: licencia)? que|igual que|ver)"
    r"(?: (?:for|of|in|with|that|the|those|those of|that of|on|für|pour|de|para))*\s+"
)
_NAMED = re.compile(r"[\w.-]+(?: [\w.-]+){0,5}")
_TERMS = r"\b(?:licen[sc]\w*|terms|conditions|rights|restrictions|lizenz\w*|nutzungsbedingungen|licencia)\b"
_OF_TERMS = re.compile(_TERMS)
_AFTER_TERMS = re.compile(
    rf"{_TERMS}(?: (?:of use|and conditions|agreement|information|details|statement|type|terms))?\W{{0,3}}(?:(?:is|are|apply|remain|stays?|ist|sind|est|es)\s)?(?:also\s)?(?:the\s)?\Z"
)
_MOST_WORDS = 6
_FARTHEST = 12
_MOST = 20


def referred(context: Context, name: Name, parts: Parts) -> Name | None:
    """The other dataset whose terms a dataset's part says are its own, too."""
    own = (s for s in context.sentences if touches((s.start, s.end), parts.own))
    likening = (
        s for s in own if _ABOVE.search(context.shadow, s.start, s.end) or _LIKE.search(context.shadow, s.start, s.end)
    )
    for sentence in islice(likening, _MOST):
        if found := _said_in(context, name, sentence, parts):
            return found
    return None


def _said_in(context: Context, name: Name, sentence: Sentence, parts: Parts) -> Name | None:
    low = context.shadow
    for match in _ABOVE.finditer(low, sentence.start, sentence.end):
        if _is_of_terms(context, sentence, match):
            return next(_above(context, name, sentence, parts), None)
    for match in _LIKE.finditer(low, sentence.start, sentence.end):
        if not _is_of_terms(context, sentence, match):
            continue
        words = _NAMED.match(low, match.end(), sentence.end)
        told = words[0].split() if words else []
        for size in range(min(len(told), _MOST_WORDS), 0, -1):
            other = name_of(" ".join(told[:size]).rstrip("."), low)
            if (
                other.words
                and not name.within(low, match.end(), sentence.end)
                and _is_elsewhere(context, other, sentence)
            ):
                return other
    return None


def _is_of_terms(context: Context, sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether a likening is said of terms: in their column or right behind a word for them."""
    offset = match.start()
    if sentence.kind is BlockKind.ROW and context.license_column(offset):
        return True
    lead = context.shadow[max(sentence.start, offset - 60) : offset]
    if _AFTER_TERMS.search(lead) or _OF_TERMS.search(match.group()):
        return True
    path = context.headings(offset)
    return not lead.strip() and bool(path) and LICENSE_HEADING.search(path[-1]) is not None


def _is_elsewhere(context: Context, other: Name, sentence: Sentence) -> bool:
    """Whether a title, an item or a row outside of a sentence has a name."""
    for block in context.document.blocks:
        if block.kind is not BlockKind.CODE and not block.start <= sentence.start < block.end:
            start, end = title_of(context, (block.start, block.end))
            if other.rank(context.shadow[start:end]) is not None:
                return True
    return False


def _above(context: Context, name: Name, sentence: Sentence, parts: Parts) -> Iterator[Name]:
    """The names of the parts before a dataset's own, the nearest first."""
    low = context.shadow
    if sentence.kind is BlockKind.ROW:
        rows = [block for block in context.document.blocks if block.kind is BlockKind.ROW]
        spans = [(block.start, block.end) for block in rows if block.end <= sentence.start]
    else:
        spans = [span for span in parts.others if span[1] <= parts.own[0][0] + 1]
    for span in sorted(spans, reverse=True)[:_FARTHEST]:
        start, end = title_of(context, span)
        words = " ".join(re.findall(r"[\w-]+", low[start:end])[:_MOST_WORDS])
        if words and not name.within(low, start, end):
            yield name_of(words, low)
            return

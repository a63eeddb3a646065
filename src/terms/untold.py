"""Where the license of a named dataset is said to be unknown ("License | unknown") or to stand elsewhere ("see readme")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.reading import Finding, FindingKind, Scope
from terms.document import BlockKind
from terms.place import Place
from terms.sentences import LICENSE_HEADING, Context

RULE = "clause/terms_unknown"
NOTE = "terms_unknown"
_LONGEST_KEY = 40

_UNTOLD = re.compile(
    r"\W*(?:unknown|unclear|unspecified|undefined|none|n/?a|nil|missing|pending|tb[acd]|to be (?:announced|confirmed|defined|determined)|"
    r"(?:currently |still )?(?:not|none) (?:yet )?(?:specified|stated|known|given|available|provided|defined|declared|entered|set|found|selected)(?: (?:by|yet)\b[\w ]{0,40})?|"
    r"no licen[sc]e(?: (?:specified|stated|given|known|found|information|provided|selected))?|licen[sc]e (?:not (?:specified|stated|known|given|provided)|unknown|pending)|"
    r"unbekannt|keine angabe|ungeklärt|inconnue?|non précisée?|non spécifiée?|desconocid[oa]|pendiente(?: de \w+)?|no especificad[oa]|-{1,3}|\?{1,3})\W*"
)


_ELSEWHERE = re.compile(
    r"\b(?:for|about|regarding) (?:the |its |their )?(?:terms|licen[sc]e\w*|conditions|rights)\b[^.:]{0,20}\b(?:see|check|consult|refer|ask)\b"
    r"|\b(?:terms|licen[sc]e|rights|conditions)(?: of use)?\s?[:|\u2013-]\s?(?:please )?(?:see|check|cf\.?|in) (?:the |its |their )?(?:record|readme|source|web ?site|original|archive|paper|terms|page|link|publisher|file)\b"
)


def of_terms_elsewhere(context: Context, place: Place) -> Iterator[Finding]:
    """Findings that the terms are unknown, where a dataset's own part, which names no license, points to them."""
    low = context.shadow
    for sentence in place.sentences:
        if (found := _ELSEWHERE.search(low, sentence.start, sentence.end)) and place.holds(found.start()):
            quote = context.document.text[sentence.start : sentence.end]
            yield Finding(FindingKind.CLAUSE, RULE, quote, sentence.start, sentence.end, Scope(), note=NOTE)


def of_untold_licenses(context: Context, place: Place) -> Iterator[Finding]:
    """Findings that the terms are unknown, for a dataset that is asked about: what the page says of other datasets,
    or of none, is no answer for one of which it says so."""
    if place.name is None:
        return
    low = context.shadow
    spans = [
        (cell.start, cell.end)
        for table in context.document.tables
        for cell in table.cells
        if cell.row and cell.end > cell.start and place.holds(cell.start) and context.license_column(cell.start)
    ]
    for block in context.document.blocks:
        if block.kind in (BlockKind.FIELD, BlockKind.TEXT, BlockKind.ITEM) and place.holds(block.start):
            key, sign, value = low[block.start : block.end].partition(":")
            if sign and len(key) < _LONGEST_KEY and LICENSE_HEADING.search(key):
                spans.append((block.end - len(value), block.end))
    for start, end in spans:
        if _UNTOLD.fullmatch(low, start, end):
            words = context.document.text[start:end]
            begin = start + len(words) - len(words.lstrip())
            quote = words.strip()
            yield Finding(FindingKind.CLAUSE, RULE, quote, begin, begin + len(quote), Scope(), note=NOTE)

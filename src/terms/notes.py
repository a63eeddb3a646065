"""Notes and the marks that point to them: "Birch *" and "* research only"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from terms.document import BlockKind
from terms.sentences import Context, Sentence
from terms.spans import Spans, merged, without

_MARK = re.compile(r"(?:\*{1,3}|[†‡§¶]|\[(?:[\da-z]|[a-z][a-z-]{1,7})\])(?=[\s|,;.]|\Z)")
_CITES = re.compile(r"\b(?:cite|citing|in|see|of|from|by|ref|reference|to)\Z")
"""Words before a mark that points to a reference and not to a note."""
_BEARER = re.compile(r"[\w.)]")
_LONGEST_WORD = 12
_NOTE = re.compile(r"\*{1,3}|[†‡§¶]|\[(?:[\da-z]|[a-z][a-z-]{1,7})\]")


def footnotes(context: Context, own: Spans) -> list[tuple[int, int]]:
    """The notes that a dataset's part points to with a mark: sentences that begin with the same mark."""
    borne = marks(context, own, _CITES)
    return [span for mark, span in notes(context) if mark in borne] if borne else []


def notes_of_others(context: Context, own: Spans) -> Spans:
    """Notes that stand in a dataset's part, as at the end of the page's last section, and whose mark only others bear."""
    elsewhere = marks(context, without(((0, len(context.shadow)),), own)) - marks(context, own)
    return merged(span for mark, span in notes(context) if mark in elsewhere) if elsewhere else ()


def notes(context: Context) -> Iterable[tuple[str, tuple[int, int]]]:
    """Every note with its mark: from the mark to the next one or the end of the block."""
    mark, block = "", None
    for sentence in context.sentences:
        here = context.block_at(sentence.start)
        said = _note(context, sentence)
        if said or here != block:
            mark, block = said, here
        if mark:
            yield mark, (sentence.start, sentence.end)


def marks(context: Context, spans: Spans, unless_after: re.Pattern[str] | None = None) -> set[str]:
    """The marks of notes some spans bear; those that begin a note are not borne."""
    low, borne = context.shadow, set[str]()
    for start, end in spans:
        # The sign is looked for first: signs are rare, the letters before them are not.
        for mark in _MARK.finditer(low, max(start, 1), end):
            at = mark.start()
            before = at - 1 if low[at - 1].isspace() else at
            if not _BEARER.match(low, before - 1) or context.document.text[at - 1] == "\n":
                continue
            if unless_after is None or not unless_after.search(low, max(start, before - _LONGEST_WORD), before):
                borne.add(mark[0])
    return borne


def _note(context: Context, sentence: Sentence) -> str:
    """The mark a sentence begins with as a note does; empty for one that is none."""
    mark = _NOTE.match(context.shadow, sentence.start, sentence.end)
    return mark[0] if mark and sentence.kind is not BlockKind.HEADING else ""

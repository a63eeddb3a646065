"""Lists under words that lead to them: "You may not:" speaks in every item below it."""

from __future__ import annotations

import re

from terms.document import BlockKind
from terms.sentences import Context, Sentence

LIST_MARKER = re.compile(r"^[\W_]{0,3}(?:\(?(?:[a-z]|[ivx]{1,5}|\d{1,3})[.):]|[-*•–])\s+")
_FORBIDS = re.compile(
    r"\b(?:not|never|cannot|neither|nor|no|prohibit\w*|forbid\w*|forbidden|refrain|without)\b|n't\b"
    r"|\b(?:nicht|kein\w*|untersagt|verboten)\b|\b(?:ne|pas|interdit\w*)\b|\b(?:prohibid\w*|queda)\b"
)
_LONGEST_LEAD = 600
_MOST_ITEMS = 60


def list_leads(context: Context) -> dict[int, Sentence]:
    """The start of every list item that stands under a lead-in which forbids -> that lead-in.

    An item is a list item of the page, or a paragraph that begins with a list's mark. A list ends at a
    heading or at a paragraph without a mark.
    """
    leads: dict[int, Sentence] = {}
    lead: Sentence | None = None
    items = 0
    for sentence in context.sentences:
        words = context.shadow[sentence.start : sentence.end]
        if sentence.kind is BlockKind.HEADING:
            lead = None
            continue
        opens = words.rstrip(" *_").endswith(":") and len(words) <= _LONGEST_LEAD
        if lead is None and not opens:
            continue
        is_item = sentence.kind is BlockKind.ITEM or LIST_MARKER.match(words) is not None
        if opens and _FORBIDS.search(words):
            lead, items = sentence, 0
        elif opens and not is_item:
            lead = None
        elif lead is not None and is_item and items < _MOST_ITEMS:
            leads[sentence.start] = lead
            items += 1
        elif lead is not None and not is_item and items:
            # The second sentence of an item belongs to it; a paragraph after the list ends it.
            lead = lead if sentence.kind is BlockKind.ITEM else None
    return leads

"""Recognizing a document that is, as a whole, the text of a standard license.

CC-BY and CC-BY-NC texts resemble each other by 98 %, so similarity alone never decides between
members of one family: the name in the text must agree. Sentences the standard text does not have
are handed back, because one added sentence of restriction changes everything.
"""

from __future__ import annotations

import re

from terms import creative_commons, spdx
from terms.document import Document
from terms.scoping import Context, Sentence

_LEGAL = re.compile(
    r"licensor|hereby grant|permission (?:is|to)|as is|redistributions?|warrant(?:y|ies)|the work|covered (?:code|work|software)|copyright holder|"
    r"public domain|no copyright|you may|terms and conditions"
)
_MARGIN = 0.03


def recognize(document: Document, shadow: str) -> tuple[str, float] | None:
    """The license whose text the whole document is, and the Dice similarity; None for others."""
    if len(_LEGAL.findall(shadow)) < 3:
        return None
    words = spdx.word_list(document.text)
    best = spdx.best_texts(words, _MARGIN)
    if not best:
        return None
    top_id, top_score = best[0]
    if top_id.startswith("CC-BY"):
        rivals = {license_id for license_id, _ in best}
        named = [lid for _, _, lid in creative_commons.names_in(shadow) if lid in rivals]
        if named:
            return named[0], dict(best)[named[0]]
        # Without its name in the text only the narrowest of the rivals is safe.
        narrow = sorted(rivals, key=lambda lid: (-("NC" in lid) - ("ND" in lid), lid))
        return narrow[0], dict(best)[narrow[0]]
    return top_id, top_score


def added_sentences(context: Context, license_id: str) -> tuple[Sentence, ...]:
    """The sentences of a document that the standard text does not contain."""
    standard = " ".join(spdx.word_list(spdx.text_of(license_id)))
    result = []
    for sentence in context.sentences:
        words = " ".join(spdx.word_list(context.document.text[sentence.start : sentence.end]))
        if words and words not in standard:
            result.append(sentence)
    return tuple(result)

"""Which language a text is written in, by its commonest words. A language we do not read gives no
permission: its restrictions could not be seen."""

from __future__ import annotations

import re
from collections import Counter

from terms.document import BlockKind
from terms.sentences import Context

_STOPWORDS = {
    "en": "the of and to in is that for with as are this be by or on you not from it at may any your an",
    "de": "der die und das von zu den mit ist des im dem nicht ein eine für auf werden als auch sie oder wird",
    "fr": "le la les de des et un une du est dans pour que sur par au vous qui ne pas avec sont ou",
    "es": "el la los las de y en que un una es por con para del se no al su como más o sus",
    "pt": "o a os as de e em que um uma é por com para do da não se ao na no dos das",
    "it": "il la di e che un una è per con del della non si da in dei le i al gli sono",
    "nl": "de het een en van in is dat op te voor met zijn niet aan door of als bij ook",
    "pl": "i w na z do nie się jest że to o jak dla od po przez oraz są",
    "sv": "och i att det som en på är av för med den till inte om ett",
}  # fmt: skip
_TABLE = {
    language: frozenset(word for word in words.split() if len(word) > 1) for language, words in _STOPWORDS.items()
}
_WORD = re.compile(r"[^\W\d_]+")
_NO_LATIN = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")
_SAMPLE = 20_000

READ = frozenset({"en", "de", "fr", "es"})
"""Languages whose statements of license, grant and restriction the clause rules know."""


def language_of(context: Context) -> str:
    """The ISO 639-1 code of the likeliest language of the running text; `und` for scripts other than
    Latin, and `en` for texts too short to tell."""
    parts: list[str] = []
    size = 0
    for block in context.document.blocks:
        if block.kind in (BlockKind.CODE, BlockKind.FIELD):
            continue
        parts.append(context.shadow[block.start : min(block.end, block.start + 4_000)])
        size += len(parts[-1])
        if size > _SAMPLE:
            break
    sample = " ".join(parts)
    words = _WORD.findall(sample)
    letters = sum(map(len, words))
    if letters > 60 and len(_NO_LATIN.findall(sample)) > letters * 0.5:
        return "und"
    if len(words) < 40:
        return _of_short(words)
    numbers = Counter(words)
    counts = {language: sum(numbers[word] for word in table) / len(words) for language, table in _TABLE.items()}
    best = max(counts, key=lambda language: counts[language])
    if best != "en" and counts[best] > 0.12 and counts[best] > 1.5 * counts["en"]:
        return best
    return "en"


def _of_short(words: list[str]) -> str:
    """A text of a few words is English unless more of its words are another language's."""
    if len(words) < 6:
        return "en"
    counts = {language: sum(word in table for word in words) for language, table in _TABLE.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if best in READ and counts[best] >= 3 and counts[best] > 2 * counts["en"] else "en"

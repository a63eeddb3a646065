"""Which language a text is written in, by its commonest words. A language we do not read gives no
permission: its restrictions could not be seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from terms.document import BlockKind
from terms.sentences import Context, Sentence

_STOPWORDS = {
    "en": "the of and to in is that for with as are this be by or on you not from it at may any your an all we can was has have been which use used under only if but our their",
    "de": "der die und das von zu den mit ist des im dem nicht ein eine für auf werden als auch sie oder wird sind unter dürfen darf nur wir bei durch einer einem kann können zur zum",
    "fr": "le la les de des et un une du est dans pour que sur par au vous qui ne pas avec sont ou ce cette ces aux être leur sous selon nous peut peuvent mis",
    "es": "el la los las de y en que un una es por con para del se no al su como más o sus están está bajo puede pueden esta este estas estos sin",
    "pt": "o a os as de e em que um uma é por com para do da não se ao na no dos das são sob pode podem mas seu sua pelo pela ser",
    "it": "la il di e che un una è per con del della non si da in dei le i al gli sono delle degli nel nella possono essere solo ma senza",
    "nl": "de het een en van in is dat op te voor met zijn niet aan door of als bij ook worden deze mag mogen onder kan alleen wordt",
    "pl": "i w na z do nie się jest że to o jak dla od po przez oraz są lub mogą być jednak które który bez tylko ich ani pod",
    "sv": "och i att det som en på är av för med den till inte om ett får under eller endast kan dessa",
    "da": "og i at det som en på er af for med den til ikke om et må under eller kun kan disse de",
    "fi": "ja on ei se että tämä ovat tai vain voi olla mutta sekä ilman saa niiden",
    "cs": "a v na je se že do z pro nebo jsou pouze jako za není může být tato jejich pod ale",
    "hu": "a az és nem hogy is egy ez csak vagy alatt lehet meg van de",
    "tr": "ve bir bu için ile da de olarak veya sadece ancak değil olan",
    "ro": "și în de la cu nu pe este sunt care pentru sau doar sub din",
    "id": "yang dan di untuk dengan ini dari tidak pada adalah atau dapat hanya oleh",
    "vi": "và của là các được cho không trong một có này",
}  # fmt: skip
_TABLE = {
    language: frozenset(word for word in words.split() if len(word) > 1) for language, words in _STOPWORDS.items()
}
_LETTERS = {
    "pl": re.compile("[ąęłńśźż]"), "cs": re.compile("[ěřůďťň]"), "hu": re.compile("[őű]"), "ro": re.compile("[șțăţ]"), "tr": re.compile("[ğış]"),
    "pt": re.compile("[ãõ]"), "sv": re.compile("å"), "da": re.compile("[øæ]"), "vi": re.compile("[đơưạảấầẩậắằẳặẹẻẽếềểệ]"),
}  # fmt: skip
"""Letters that only a language we do not read has."""

_WORD = re.compile(r"[^\W\d_]+")
_ONLY_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}
_NO_LATIN = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")
_SAMPLE = 12_000
_OF_BLOCK = 4_000
_TELLING = 6
_MOST_SENTENCES = 300
_PLAINLY = 4
_GOOD_PART = 0.4
_ALL_ENGLISH = 0.3
"""Of English prose four words in ten are in its list: where two fifths are another language's, fewer than three."""

READ = frozenset({"en", "de", "fr", "es"})
"""Languages whose statements of license, grant and restriction the clause rules know."""


def language_of(context: Context) -> tuple[str, bool]:
    """The ISO 639-1 code of the likeliest language of the running text; `und` for scripts other than
    Latin, and `en` for texts too short to tell. True with it: all of the text is so plainly in that
    language that no good part of it can be in another."""
    parts: list[str] = []
    size, whole = 0, True
    for block in context.document.blocks:
        if block.kind in (BlockKind.CODE, BlockKind.FIELD):
            continue
        parts.append(context.shadow[block.start : min(block.end, block.start + _OF_BLOCK)])
        size += len(parts[-1])
        whole = whole and block.end - block.start <= _OF_BLOCK
        if size > _SAMPLE:
            break
    sample = " ".join(parts)
    words = _words(sample)
    if not sample.isascii():
        letters = sum(map(len, words))
        if letters > 8 and len(_NO_LATIN.findall(sample)) > letters * 0.5:
            return "und", False
    if len(words) < 40:
        return _of_short(words), False
    if sum(map(_TABLE["en"].__contains__, words)) > _ALL_ENGLISH * len(words):
        return "en", whole and size <= _SAMPLE
    numbers = Counter(words)
    counts = {
        language: sum(map(numbers.__getitem__, table & numbers.keys())) / len(words)
        for language, table in _TABLE.items()
    }
    best = max(counts, key=lambda language: counts[language])
    if best != "en" and counts[best] > 0.12 and counts[best] > 1.5 * counts["en"]:
        return best, False
    return "en", False


def unread_language(context: Context, sentences: Sequence[Sentence], main: str = "en") -> str | None:
    """The language that a good part of some sentences is in and that we do not read, if any: what a
    page restricts in it could not be seen. Short sentences of a page are taken for its `main` language
    where they could as well be in that."""
    sizes: Counter[str] = Counter()
    for sentence in sentences[:_MOST_SENTENCES]:
        if sentence.kind in (BlockKind.CODE, BlockKind.FIELD, BlockKind.HEADING):
            continue
        language, size = _of_sentence(context.shadow[sentence.start : min(sentence.end, sentence.start + 400)], main)
        sizes[language] += size
    total = sum(sizes.values())
    unread = {language: size for language, size in sizes.items() if language not in READ}
    if not unread or sum(unread.values()) < _GOOD_PART * total:
        return None
    return max(unread, key=lambda language: unread[language])


@lru_cache(maxsize=8_192)
def _of_sentence(shadow: str, main: str) -> tuple[str, int]:
    """The language of a sentence and its number of words; 0 where they are too few to tell."""
    # Most sentences are plainly English with all their punctuation on.
    rough = shadow.split()
    if len(rough) >= _TELLING and sum(map(_TABLE["en"].__contains__, rough)) * _PLAINLY > len(rough):
        return "en", len(rough)
    words = _words(shadow)
    if len(words) < _TELLING:
        return "en", 0
    language = _of_short(words)
    if language not in READ and main in READ and main != "en":
        said, own = (sum(map(_TABLE[one].__contains__, words)) for one in (language, main))
        if own and said <= own + 1 and not (language in _LETTERS and _LETTERS[language].search(shadow)):
            language = main
    return language, len(words)


def _words(text: str) -> list[str]:
    # ASCII is cut up at once, which is faster than by the pattern.
    return text.translate(_ONLY_LETTERS).split() if text.isascii() else _WORD.findall(text)


def _of_short(words: list[str]) -> str:
    """A text of a few words is English unless more of its words are another language's."""
    if len(words) < 5:
        return "en"
    english = sum(map(_TABLE["en"].__contains__, words))
    if english * _PLAINLY >= len(words):
        return "en"
    counts = {language: sum(map(table.__contains__, words)) for language, table in _TABLE.items()}
    if any(not word.isascii() for word in words):
        for language, letters in _LETTERS.items():
            counts[language] += sum(bool(letters.search(word)) for word in words)
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= 2 and counts[best] > counts["en"] + (best not in READ) else "en"

"""Names of datasets as pages write them, and where a text says them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from terms.shadow import shadow as shadow_of
from terms.shadow import tidy

_GENERIC = frozenset({
    "the", "a", "an", "of", "for", "data", "dataset", "datasets", "set", "sets", "database", "databases",
    "corpus", "corpora", "collection", "collections", "archive", "license", "licence", "licensing", "terms",
    "and",
})  # fmt: skip
_VARIANT = re.compile(
    r"[\s:,(-]{1,3}(?:small|smaller|big|large|larger|medium|mini|tiny|full|hard|easy|lite|light|extra|extended|plus|pro|max|core|hq|hd|test|train|training|eval|"
    r"dev|clean|noisy|raw|subset|sample|samples|demo|aqa|qa|ii|iii|iv|xl|xs|s|m|l)\b(?! (?:data|for|to|from)\b)(?!(?:,? (?:and|or|/) \w+)? (?:sets?|splits?|parts?|portions?)\b)"
)
"""Words that make another dataset's name out of one: "FMA small"."""
_NUMBER = re.compile(r"\A\W*(?:(?:section|part|no\.?|#) ?)?(?:\d+(?:\.\d+)*[.):]?|[a-z][.)]|[ivx]+[.)])\s+(?=\S)")
"""What titles are numbered with: "2.1 Alder", "(b) Birch"."""
STAND_IN = "\ue000"
"""A sign of private use that shadowed texts have in place of words like "the former" where these mean the dataset."""
_STANDS_FIRST = re.compile(rf"[\s\"'*_(]*{STAND_IN}+")
_WORD = re.compile(r"[^\W_]+")
_TELLING_LENGTH = 3
_BETWEEN = r"[\W_]{0,3}"


@dataclass(frozen=True, slots=True)
class Name:
    """A dataset's name: a pattern for it in shadowed text, and its telling words."""

    pattern: re.Pattern[str]
    words: tuple[tuple[str, ...], ...]

    def occurrences(self, shadow: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the name stands as a whole name; one that goes on with a hyphen is another's."""
        for match in self.pattern.finditer(shadow, start, end):
            after = shadow[match.end() : match.end() + 2]
            before = shadow[max(0, match.start() - 2) : match.start()]
            if re.match(r"[-_]\w", after) or re.search(r"\w[-_]$", before):
                continue
            if _VARIANT.match(shadow, match.end(), end):
                continue
            yield match.span()

    def within(self, shadow: str, start: int, end: int) -> bool:
        """Whether a stretch says the name."""
        return next(self.occurrences(shadow, start, end), None) is not None

    def begins(self, shadow: str, start: int, end: int) -> bool:
        """Whether a stretch begins with the name."""
        return next(self.occurrences(shadow, start, end), (end, end))[0] == start

    def is_varied(self, title: str) -> bool:
        """Whether a shadowed title names another dataset whose name begins with this one's: "Alder-Mini", "Alder2"."""
        start = _NUMBER.sub("", title).lstrip(" \"'*_(")
        return not self.within(title, 0, len(title)) and any(
            re.match(_BETWEEN.join(map(re.escape, words)) + r"(?:[-_]?\d|[-_]\w|\s)", start) for words in self.words
        )

    def rank(self, title: str) -> int | None:
        """How well a shadowed title fits: 0 it is the name, 1 it begins with it, 2 it holds it, None
        it does not."""
        if not self.within(title, 0, len(title)):
            return None
        title = _NUMBER.sub("", title)
        if stand_in := _STANDS_FIRST.match(title):
            return 0 if not title[stand_in.end() :].strip(" .:*_") else 1
        said = _telling(title), tuple(_WORD.findall(title))
        if said[0] in self.words or said[1] in self.words:
            return 0
        if any(words in (said[0][: len(words)], said[1][: len(words)]) for words in self.words):
            return 1
        return 2


def _telling(text: str) -> tuple[str, ...]:
    words = tuple(_WORD.findall(text))
    last = len(words) - 1
    kept = tuple(word for at, word in enumerate(words) if word not in _GENERIC or (word == "a" and 0 < at == last))
    if all(len(word) < _TELLING_LENGTH or word.isdigit() for word in kept):
        # "Set B" and "Dataset 2" are told by all of their words.
        return words
    return kept


def name_of(name: str, shadow: str) -> Name:
    """The name with the short or long form a page gives beside it in brackets."""
    low = shadow_of(tidy(name))
    forms = [low]
    bracketed = re.fullmatch(r"\s*(.+?)\s*\(([^()]{2,40})\)\s*", low)
    if bracketed:
        forms = [low, bracketed[1], bracketed[2]]
    else:
        forms.extend(_beside(low, shadow))
    words = tuple(dict.fromkeys(_telling(form) for form in forms if _telling(form)))
    spelled = [_spelled(form) for form in sorted(forms, key=lambda form: -len(form)) if _telling(form)]
    return Name(re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)|{STAND_IN}+"), words)


def _spelled(form: str) -> str:
    """A pattern for a form of a name; common words inside of it ("Voices Corpus 17") may be left out."""
    words, telling = _WORD.findall(form), _telling(form)
    first, last = words.index(telling[0]), len(words) - words[::-1].index(telling[-1])
    pattern = ""
    for word in words[first:last]:
        common = word not in telling
        pattern += f"(?:{_BETWEEN}{word})?" if common else f"{_BETWEEN if pattern else ''}{re.escape(word)}"
    return pattern


def _beside(low: str, shadow: str) -> Iterator[str]:
    """The abbreviation in brackets behind a long name, or the long name before a bracketed short one."""
    spelled = _BETWEEN.join(map(re.escape, _telling(low)))
    if match := re.search(
        rf"(?<!\w){spelled}(?:\s+(?:data ?-?sets?|corpus|database|archive|collection|set|data))*\s*\(([\w-]{{2,20}})\)",
        shadow,
    ):
        initials = "".join(word[0] for word in _telling(low))
        if match[1].replace("-", "").startswith(initials[:2]):
            yield match[1]
    if len(_telling(low)) == 1 and (match := re.search(rf"\(\s*{spelled}\s*\)", shadow)):
        before = _WORD.findall(shadow[max(0, match.start() - 120) : match.start()])
        letters = re.sub(r"\W", "", low)
        for size in range(2, min(len(before), 8) + 1):
            tail = [word for word in before[-size:] if word not in ("of", "the", "for", "and")]
            if "".join(word[0] for word in tail) == letters and before[-size] not in ("of", "the", "for", "and"):
                yield " ".join(before[-size:])
                return

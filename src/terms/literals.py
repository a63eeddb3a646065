"""Which of many phrases a text may hold, by one look at its words instead of a search for each phrase.

A phrase may stand where its first word does: inside a word of the text ("distribut" in "redistribution"), or
at its end where a blank follows in the phrase. Texts share most of their words, so what may begin in a word
is kept for the next text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

_MOST_WORDS = 100_000
_LONGEST_KEPT = 40


class Literals:
    """Phrases that are looked for together; none begins with a blank."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for phrase in dict.fromkeys(phrases):
            first, blank, _ = phrase.partition(" ")
            self._by_start.setdefault(first + blank, []).append(phrase)
        self._known: dict[str, tuple[str, ...]] = {}

    def among(self, words: set[str] | frozenset[str]) -> dict[str, tuple[str, ...]]:
        """The words of a text, as they stand between blanks, in which phrases may begin, with those phrases."""
        known = self._known
        new = words.difference(known)
        found = {word: phrases for word in words if (phrases := known.get(word))}
        if new:
            begin = self._beginning_in(list(new))
            found.update(begin)
            if len(known) > _MOST_WORDS:
                self._known = known = {}
            known.update((word, begin.get(word, ())) for word in new if len(word) <= _LONGEST_KEPT)
        return found

    def _beginning_in(self, words: list[str]) -> dict[str, tuple[str, ...]]:
        """The same for words that are looked at for the first time, all of them at once."""
        line = " ".join(words) + " "
        starts = list(accumulate((len(word) + 1 for word in words), initial=0))
        found: dict[str, tuple[str, ...]] = {}
        for start, phrases in self._by_start.items():
            at = line.find(start)
            while at >= 0:
                index = bisect_right(starts, at) - 1
                word = words[index]
                found[word] = (*found.get(word, ()), *phrases)
                at = line.find(start, starts[index + 1])
        return found

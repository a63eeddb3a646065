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

    def __init__(self, phrases: Iterable[str], *, at_beginnings: bool = False) -> None:
        """With `at_beginnings` a phrase does not stand after a letter or digit ("mit" is not in "permit")."""
        self._at_beginnings = at_beginnings
        self._by_start: dict[str, list[str]] = {}
        for phrase in dict.fromkeys(phrases):
            first, blank, _ = phrase.partition(" ")
            self._by_start.setdefault(first + blank, []).append(phrase)
        self._hot: dict[str, tuple[str, ...]] = {}
        self._cold: set[str] = set()

    def among(self, words: set[str] | frozenset[str]) -> dict[str, tuple[str, ...]]:
        """The words of a text, as they stand between blanks, in which phrases may begin, with those phrases."""
        hot, cold = self._hot, self._cold
        found = {word: hot[word] for word in hot.keys() & words}
        if new := words.difference(hot).difference(cold):
            begin = self._beginning_in(list(new))
            found.update(begin)
            self._keep(begin, new)
        return found

    def _keep(self, begin: dict[str, tuple[str, ...]], words: Iterable[str]) -> None:
        if len(self._hot) + len(self._cold) > _MOST_WORDS:
            self._hot, self._cold = {}, set()
        short = [word for word in words if len(word) <= _LONGEST_KEPT]
        self._hot.update((word, begin[word]) for word in short if word in begin)
        self._cold.update(word for word in short if word not in begin)

    def _beginning_in(self, words: list[str]) -> dict[str, tuple[str, ...]]:
        """The same for words that are looked at for the first time, all of them at once."""
        line = " ".join(words) + " "
        starts = list(accumulate((len(word) + 1 for word in words), initial=0))
        found: dict[str, tuple[str, ...]] = {}
        for start, phrases in self._by_start.items():
            at = line.find(start)
            while at >= 0:
                if self._at_beginnings and at and line[at - 1].isalnum():
                    at = line.find(start, at + 1)
                    continue
                index = bisect_right(starts, at) - 1
                word = words[index]
                found[word] = (*found.get(word, ()), *phrases)
                at = line.find(start, starts[index + 1])
        return found

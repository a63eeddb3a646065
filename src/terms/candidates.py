"""Which clause rules are worth trying where in a text: those one of whose words begins there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick

from terms import clauses
from terms.clauses import AT_BEGINNING, ClauseRule


class _Table:
    """The words that call for rules, looked for all at once."""

    def __init__(self) -> None:
        numbers: dict[str, set[int]] = {}
        for number, rule in enumerate(clauses.rules()):
            for phrase in rule.has:
                numbers.setdefault(phrase, set()).add(number)
        self._numbers = tuple(numbers.values())
        self._at_beginnings = tuple(phrase.startswith(AT_BEGINNING) for phrase in numbers)
        self._phrases = AhoCorasick(phrase.removeprefix(AT_BEGINNING) for phrase in numbers)
        self._called = lru_cache(maxsize=8_192)(self._called_by)

    def candidates(self, shadow: str, starts: Sequence[int]) -> dict[int, tuple[ClauseRule, ...]]:
        """See `candidates`."""
        phrases: dict[int, set[int]] = {}
        for phrase, at, _ in self._phrases.find_matches_as_indexes(shadow, overlapping=True):
            # "nda" calls for rules in "an NDA", and not in "standard".
            if not self._at_beginnings[phrase] or not at or not shadow[at - 1].isalnum():
                phrases.setdefault(bisect_right(starts, at) - 1, set()).add(phrase)
        phrases.pop(-1, None)
        return {index: self._called(frozenset(phrases[index])) for index in sorted(phrases)}

    def _called_by(self, phrases: frozenset[int]) -> tuple[ClauseRule, ...]:
        every = clauses.rules()
        return tuple(every[number] for number in sorted(set().union(*(self._numbers[phrase] for phrase in phrases))))


@cache
def _table() -> _Table:
    return _Table()


def candidates(shadow: str, starts: Sequence[int]) -> dict[int, tuple[ClauseRule, ...]]:
    """Which rules are worth trying where: index of a start -> rules one of whose words begins
    between that start and the next, in the order of the rules."""
    return _table().candidates(shadow, starts)

"""Which clause rules are worth trying where in a text: those one of whose words begins there.

Licenses and notices are made of the same sentences, so what a short stretch of text calls for is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from terms import clauses
from terms.clauses import ClauseRule
from terms.literals import Literals

_MOST_KEPT = 30_000
_LONGEST_KEPT = 1_000

_Stretch = tuple[str, int]
"""A stretch of a text with as much of what follows as the longest word that calls for a rule may reach
into, and how long it is without."""


class _Table:
    """The words that call for rules, and what is known of stretches of text."""

    def __init__(self) -> None:
        self._numbers: dict[str, set[int]] = {}
        for number, rule in enumerate(clauses.rules()):
            for phrase in rule.has:
                self._numbers.setdefault(phrase, set()).add(number)
        self._literals = Literals(phrase for phrase in self._numbers if phrase[0] != " ")
        # The blank before a word may be the end of another stretch than the word's.
        self._after_blank = tuple(phrase for phrase in self._numbers if phrase[0] == " ")
        self.reach = max(map(len, self._numbers)) - 1
        self._known: dict[_Stretch, tuple[ClauseRule, ...]] = {}

    def called(self, stretches: Sequence[_Stretch]) -> list[tuple[ClauseRule, ...]]:
        """For each stretch the rules one of whose words begins in it, in the order of the rules."""
        known = self._known
        new = [stretch for stretch in stretches if stretch not in known]
        found = dict(zip(new, self._look(new), strict=True)) if new else {}
        if len(known) > _MOST_KEPT:
            self._known = {}
        self._known.update((stretch, those) for stretch, those in found.items() if stretch[1] <= _LONGEST_KEPT)
        return [found[stretch] if stretch in found else known[stretch] for stretch in stretches]

    def _look(self, stretches: Sequence[_Stretch]) -> Iterable[tuple[ClauseRule, ...]]:
        every, table = clauses.rules(), self._numbers
        whole_text = "\n".join(text for text, _ in stretches)
        after_blank = [phrase for phrase in self._after_blank if phrase in whole_text]
        words = [set(text[: _end_of_words(text, length)].split()) for text, length in stretches]
        hot = self._literals.among(set().union(*words))
        for (text, length), own in zip(stretches, words, strict=True):
            phrases = {phrase for word in own & hot.keys() for phrase in hot[word]}
            phrases.update(phrase for phrase in after_blank if phrase in text)
            if not phrases:
                yield ()
                continue
            whole = text[length - 1] == " "
            numbers: set[int] = set()
            for phrase in phrases:
                # Of several words only the first is known to be there.
                if (whole and " " not in phrase) or text.find(phrase, 0, length + len(phrase) - 1) >= 0:
                    numbers |= table[phrase]
            yield tuple(every[number] for number in sorted(numbers))


def _end_of_words(text: str, length: int) -> int:
    """Where the word ends that begins last within the first characters of a text."""
    if text[length - 1 : length] == " ":
        return length
    blank = text.find(" ", length)
    return blank if blank >= 0 else len(text)


@cache
def _table() -> _Table:
    return _Table()


def candidates(shadow: str, starts: Sequence[int]) -> dict[int, tuple[ClauseRule, ...]]:
    """Which rules are worth trying where: index of a start -> rules one of whose words begins
    between that start and the next, in the order of the rules."""
    table = _table()
    reach = table.reach
    stretches = [(shadow[start : end + reach], end - start) for start, end in pairwise((*starts, len(shadow)))]
    return {index: those for index, those in enumerate(table.called(stretches)) if those}

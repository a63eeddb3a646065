"""The part of a text that counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from terms.fulltext import Recognized
from terms.locate import Spans
from terms.naming import Name
from terms.sentences import Context, Sentence


class Owned(Protocol):
    """What may be a property of one of several things on a page."""

    @property
    def owner(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a text that counts, and the sentences that stand in it. In sentences that begin in
    `prose` only what is said of `name` counts. `machine` says which machine-readable statements count; what is said `of_rest`, of all that nothing else
    was said of, counts too."""

    spans: Spans
    sentences: tuple[Sentence, ...]
    name: Name | None = None
    prose: Spans = ()
    others: tuple[re.Pattern[str], ...] = ()
    machine: Callable[[Owned], bool] = lambda _: True
    of_rest: bool = False

    @staticmethod
    def of(context: Context, spans: Spans, recognized: Sequence[Recognized] = ()) -> Place:
        """The sentences of some spans but for those that are a standard license's own."""
        own = {(s.start, s.end) for found in recognized for s in found.sentences}
        bounds = sorted(spans)
        starts = [start for start, _ in bounds]
        sentences = []
        for sentence in context.sentences:
            index = bisect_right(starts, sentence.end - 1) - 1
            if index >= 0 and bounds[index][1] > sentence.start and (sentence.start, sentence.end) not in own:
                sentences.append(sentence)
        return Place(tuple(bounds), tuple(sentences))

    def holds(self, offset: int) -> bool:
        """Whether an offset lies in the part."""
        index = bisect_right(self.spans, offset, key=lambda span: span[0]) - 1
        return index >= 0 and offset < self.spans[index][1]

    def is_prose(self, sentence: Sentence) -> bool:
        """Whether only what is said of the name counts in a sentence."""
        index = bisect_right(self.prose, sentence.start, key=lambda span: span[0]) - 1
        return index >= 0 and sentence.start < self.prose[index][1]

"""Where a document's statements stand: which mentions count, and whether a sentence speaks of the dataset asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from terms.attribution import belongs, leaves_to_others
from terms.document import BlockKind
from terms.identify import Mention
from terms.place import Place
from terms.sentences import LICENSE_HEADING, Context, Sentence

_NOTICE = 900
"""A text up to this many characters is a notice: all it says is about terms."""
_LEAD = 300
_TOLD_OF = re.compile(
    r"\s*(?:\b(?:data ?-?sets?|corpus|collection|database|data)\b\s*)?(?:\(\s*|,? (?:which|that) (?:is|are|was|were|has been|have been|comes?)\b[^.;:]{0,80})\Z"
)
"""What stands between a name and what is told of it."""
_BEFORE_SUBJECT = re.compile(
    r"\W*(?:(?:and|but|only|also|however|though|by contrast|in contrast|on the other hand|meanwhile|the|our|for|its|data ?-?set|corpus|collection)\W+){0,4}"
)
"""What may stand before the subject of a sentence."""
COMMENT = "machine_readable/comment"
_IN_PLACE = frozenset({COMMENT, "machine_readable/link_target"})


class Standing:
    """A document, the part of it that counts, and the mentions of licenses in that part."""

    def __init__(self, context: Context, place: Place, found: Sequence[Mention]) -> None:
        self.context = context
        self.place = place
        self.short = len(context.document.text) <= _NOTICE
        own = {(s.start, s.end) for s in place.sentences}
        self.mentions = [m for m in found if self._counts(m, own)]
        self.starts = [m.start for m in self.mentions]

    def _counts(self, mention: Mention, own: set[tuple[int, int]]) -> bool:
        if mention.start == mention.end:
            if mention.rule in _IN_PLACE:
                return self.place.holds(mention.start) or (
                    len(self.context.document.text) <= self.place.spans[-1][1] <= mention.start
                )
            return self.place.machine(mention)
        sentence = self.context.sentence_at(mention.start)
        return sentence is not None and (sentence.start, sentence.end) in own and self.place.holds(mention.start)

    def is_own(self, sentence: Sentence) -> bool:
        """Whether a sentence stands in the part of the dataset that is asked about, or begins with it as
        with a title ("Alder: …")."""
        name = self.place.name
        if name is None or not self.place.is_prose(sentence):
            return name is not None
        title, colon, _ = self.context.shadow[sentence.start : min(sentence.end, sentence.start + 80)].partition(":")
        return bool(colon) and name.rank(title) in (0, 1)

    def _is_told_of_another(self, sentence: Sentence, start: int) -> bool:
        """Whether a statement is told of another by name: "see Birch (CC BY)", "beside Birch, which is under CC BY"."""
        lead = self.context.shadow[max(sentence.start, start - _LEAD) : start]
        told = _TOLD_OF.search(lead)
        if told is None:
            return False
        return any(match.end() == told.start() for other in self.place.others for match in other.finditer(lead))

    def is_of_another(self, sentence: Sentence, at: int) -> bool:
        """Whether the subject of what is stated at an offset is another by name: "Birch is under CC BY" in the part of
        Alder."""
        name, low = self.place.name, self.context.shadow
        if name is None or sentence.kind is BlockKind.ROW:
            return False
        start = max(sentence.start, low.rfind(";", sentence.start, at) + 1)
        if name.within(low, start, at):
            return False
        return any(
            _BEFORE_SUBJECT.fullmatch(low, start, told.start()) is not None
            for other in self.place.others
            for told in other.finditer(low, start, at)
            if not LICENSE_HEADING.search(low, told.start(), told.end())
        )

    def is_of_name(self, sentence: Sentence, start: int, end: int, neighbors: tuple[int, int]) -> bool:
        place = self.place
        if place.of_rest and leaves_to_others(self.context, start):
            return False
        if place.name is None:
            return True
        if self._is_told_of_another(sentence, start):
            return False
        if not place.is_prose(sentence) and "respectively" not in self.context.shadow[sentence.start : sentence.end]:
            return True
        return belongs(self.context, place.name, (sentence.start, sentence.end), start, end, neighbors)

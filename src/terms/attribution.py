"""Whose a statement is, in a sentence that names several datasets."""

from __future__ import annotations

import re

from terms import creative_commons
from terms.naming import Name
from terms.sentences import Context

EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|excluding|other than|but not|apart from|with the exception of|does not (?:apply|cover|include)|not (?:for|to|covered))\b"
)
_FOR = re.compile(r"\W{0,3}(?:licen[sc]e[sd]?\W{0,2})?(?:[:(]|for\b|to\b|appl(?:y|ies)\b|covers?\b|is the\b|are\b)")
_SAYS = re.compile(r"\b(?:is|are|was|were|has|have|comes?|falls?)\b")


def belongs(
    context: Context, name: Name, sentence: tuple[int, int], start: int, end: int, neighbors: tuple[int, int]
) -> bool:
    """Whether a statement at `text[start:end]` of a sentence that names several datasets is this one's."""
    low = context.shadow
    if not name.within(low, *sentence):
        return True
    if "respectively" in low[sentence[0] : sentence[1]]:
        return _in_turn(context, name, sentence, start)
    before = max(sentence[0], neighbors[0]), start
    if name.within(low, *before):
        return not EXCEPT.search(low[before[0] : before[1]])
    if name.within(low, sentence[0], start):
        return False
    stop = min(sentence[1], neighbors[1])
    leads_on = _FOR.match(low, end, stop) or not _SAYS.search(low, *before)
    return bool(leads_on) and name.within(low, end, stop)


def _in_turn(context: Context, name: Name, sentence: tuple[int, int], start: int) -> bool:
    """Of "A and B are under X and Y, respectively": whether the license at an offset stands in the
    same place among the licenses as the name among the names; True when they cannot be counted."""
    low = context.shadow
    verb = _SAYS.search(low, *sentence)
    if verb is None:
        return True
    names = re.split(r",? and |, | or ", low[sentence[0] : verb.start()].strip())
    after = low[verb.end() : sentence[1]]
    licenses = [at for at, _, _ in creative_commons.names_in(after)]
    at = start - verb.end()
    places = [index for index, one in enumerate(names) if name.within(one, 0, len(one))]
    if len(names) != len(licenses) or len(places) != 1 or at not in licenses:
        return True
    return licenses.index(at) == places[0]

"""What in a sentence is said of other days and other things than the dataset, and when it comes back to it."""

from __future__ import annotations

import re

from terms import scope_words
from terms.document import BlockKind
from terms.naming import Name
from terms.sentences import Context, Sentence


def subject_words(before: str) -> str:
    """What stands before the verb of a statement: its grammatical subject, roughly."""
    match = scope_words.VERB.search(before)
    return before[: match.start()] if match and match.start() > 3 else before


def is_past(lead: str) -> bool:
    """Whether the words before a statement tell of earlier days, and do not come to the present after that."""
    told = list(scope_words.PAST.finditer(lead))
    return bool(told) and re.search(r"\bnow\b", lead[told[-1].end() :]) is None


def is_facet(context: Context, sentence: Sentence) -> bool:
    """Whether an item is one of several that a search can be narrowed by, with their numbers of hits: "CC0 (61)"."""
    if sentence.kind not in (BlockKind.ITEM, BlockKind.TEXT) or not scope_words.FACET.fullmatch(
        context.shadow, sentence.start, sentence.end
    ):
        return False
    before, after = context.sentence_before(sentence), context.sentence_after(sentence)
    return any(
        other is not None
        and other.kind in (BlockKind.ITEM, BlockKind.TEXT)
        and scope_words.FACET.fullmatch(context.shadow, other.start, other.end)
        for other in (before, after)
    )


def is_of_program(context: Context, sentence: Sentence, at: int) -> bool:
    """Whether the subject of a statement is "it", and "it" was said to be a program: "X is a Python library that
    loads the corpus; it is released under …". The data that a program loads is not what it is licensed as."""
    low = context.shadow
    said = scope_words.IS_PROGRAM.search(low, sentence.start, at)
    if said is None and scope_words.OF_WHAT_WAS_SAID.match(low, sentence.start, at):
        before = context.sentence_before(sentence)
        if before is not None and context.block_at(before.start) == context.block_at(sentence.start):
            said = scope_words.IS_PROGRAM.search(low, before.start, before.end)
    if said is None:
        return False
    last = re.split(r"[;,:]|\band\b", low[max(said.end(), sentence.start) : at])[-1].strip()
    return not last.startswith(("which ", "that ", "whose ")) and not scope_words.DATA.search(subject_words(last))


def begins_elsewhere(context: Context, sentence: Sentence, of_rest: bool) -> bool:
    """Whether a sentence speaks of what stands beside the dataset, and of the dataset not at all."""
    low = context.shadow
    if of_rest and scope_words.REST.match(low, sentence.start, sentence.end):
        return False
    begins = scope_words.OTHER_THING.match(low, sentence.start, sentence.end)
    return begins is not None and scope_words.SELF.search(low, begins.end(), sentence.end) is None


def follows(name: Name | None, lead: str, at: int) -> bool:
    """Whether the dataset that is asked about is named right before an offset: "except B, which is …"."""
    return name is not None and any(end == at for _, end in name.occurrences(lead, 0, at))


def turns_to(name: Name | None, lead: str, at: int) -> bool:
    """Whether the sentence comes to the dataset that is asked about: "Unlike A, B is …"."""
    comma = lead.find(",", at)
    return name is not None and comma >= 0 and name.within(lead, comma, len(lead))


def stands_beside(foreign: str, after: str) -> bool:
    """Whether a license at the end of an item is the item's and not that of what it was made from."""
    return (
        scope_words.BESIDE_FOREIGN.search(foreign) is not None
        and foreign.count("(") <= foreign.count(")")
        and (not after.strip(" .") or not foreign.endswith((", ", "; ")))
    )

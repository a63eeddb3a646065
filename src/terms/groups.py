"""What a page says of a group of datasets over them: right under the group's heading, or in the list item they
are listed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from terms.document import Block, BlockKind
from terms.sentences import LICENSE_HEADING, Context, Sentence
from terms.spans import Spans, inside, touches
from terms.units import states_terms

_LABELED = re.compile(
    r"\W*(?:(?:the|these|all|our|common|shared) )?(?:terms|licen[sc]es?|licen[sc]ing|rights|usage|lizenz|nutzung|licencia|droits|derechos)\b[^.:|]{0,60}:\s"
)
"""How an item begins that tells the terms of those beside it: "Terms for everything here: CC BY"."""
_THESE = re.compile(r"\b(?:these|them|they)\b")
_OF_LABELED = re.compile(
    r"\W*(restricted|controlled|closed|registered|limited|special)\b(?: (?:data|access|use|usage|licen[sc]e|terms|agreement|collections?|sets)){1,3}\W*\Z"
)
"""A heading of terms that some rows are labeled with."""
_NUMBERED = re.compile(r"\W*(?:shelf|group|tier|level|class|category|list|batch|series) [a-z\d]{1,3}\b")
"""How the heading of a group begins whatever terms it goes on to tell: "Shelf B: in copyright"."""
_RANKS = 2
"""A page's title and the heading of a group."""
_LONGEST = 600
_MOST = 40


def of_groups(context: Context, own: Spans, others: Spans) -> Spans:
    """The sentences over some parts that speak of all of their group."""
    first = next((block for block in context.document.blocks if block.kind is BlockKind.HEADING), None)
    blocks = [*_under_headings(context, own, others, first), *_of_lists(context, own)]
    spans = tuple(sorted({(block.start, block.end) for block in blocks}))
    return tuple((s.start, s.end) for s in context.sentences if touches((s.start, s.end), spans))


@dataclass(frozen=True, slots=True)
class OtherGroups:
    """Where the headings of others' groups start: those that name what others' parts are `labeled` with, and those
    of the rank of the part's own group (`ranked`)."""

    labeled: frozenset[int]
    ranked: frozenset[int]

    def hold(self, context: Context, sentence: Sentence) -> bool:
        """Whether a sentence tells of a label that others bear, or says "these" under the heading of another group."""
        here = context.headings_over(sentence.start)
        if not here:
            return False
        block = context.block_at(sentence.start)
        these = _THESE.search(context.shadow, block.start if block else sentence.start, sentence.end)
        return here[-1].start in self.labeled or (here[-1].start in self.ranked and these is not None)


def other_groups(context: Context, own: Spans, others: Spans) -> OtherGroups:
    """The headings of a page under which others are told of."""
    blocks, low = context.document.blocks, context.shadow
    over = [context.headings_over(start) for start, _ in own]
    # The ranks at which every part has a heading over it that is not its own.
    ranks = [{b.level: b.start for b in path if not touches((b.start, b.end), own)} for path in over]
    borne: dict[str, bool] = {}
    labeled, ranked = set[int](), set[int]()
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING:
            continue
        if label := _OF_LABELED.match(low, block.start, block.end):
            # "Restricted license" is that of the rows that say "restricted".
            word = label[1]
            if word not in borne:
                borne[word] = _is_borne(context, word, others) and not _is_borne(context, word, own)
            if borne[word]:
                labeled.add(block.start)
            continue
        apart = bool(ranks) and all(rank.get(block.level, block.start) != block.start for rank in ranks)
        deep = len(context.headings_over(block.start)) >= _RANKS
        if apart and deep and not is_of_terms(low[block.start : block.end]) and _has_members(blocks, index):
            ranked.add(block.start)
    return OtherGroups(frozenset(labeled), frozenset(ranked))


def is_of_terms(heading: str) -> bool:
    """Whether terms stand under a heading, and not a group of datasets that is headed by its terms."""
    return LICENSE_HEADING.search(heading) is not None and _NUMBERED.match(heading) is None


def _is_borne(context: Context, word: str, spans: Spans) -> bool:
    return any(touches(found.span(), spans) for found in re.finditer(rf"\b{re.escape(word)}\b", context.shadow))


def _has_members(blocks: Sequence[Block], index: int) -> bool:
    """Whether lists, tables or deeper sections stand under a heading."""
    for at in range(index + 1, len(blocks)):
        if blocks[at].kind is BlockKind.HEADING:
            return blocks[at].level > blocks[index].level
        if blocks[at].kind in (BlockKind.ITEM, BlockKind.ROW):
            return True
    return False


def _under_headings(context: Context, own: Spans, others: Spans, title: Block | None) -> Iterator[Block]:
    """What stands between a group's heading and its first member. The page's title heads no group."""
    blocks = context.document.blocks
    for start, _ in own:
        above = [b for b in context.headings_over(start) if b != title and not touches((b.start, b.end), own)]
        for heading in above[-1:]:
            lead = []
            for block in blocks[blocks.index(heading) + 1 :]:
                if (
                    block.kind is not BlockKind.TEXT
                    or block.start >= start
                    or touches((block.start, block.end), others)
                ):
                    break
                lead.append(block)
            if sum(block.end - block.start for block in lead) <= _LONGEST:
                yield from lead


def _of_lists(context: Context, own: Spans) -> Iterator[Block]:
    """The items beside those that a part stands in, and their own first lines, where they tell terms."""
    units = context.document.units
    around = {unit for unit in units if any(inside(part, unit) and unit != part for part in own[:_MOST])}
    for group in around:
        if (line := context.block_at(group[0])) is not None and states_terms(context.shadow[line.start : line.end]):
            yield line
    told = (context.block_at(start) for start, _ in units)
    labeled = (item for item in told if item is not None and _LABELED.match(context.shadow, item.start, item.end))
    for item in islice(labeled, _MOST):
        holders = [u for u in units if inside((item.start, item.end), u) and u[0] != item.start]
        if holders and min(holders, key=lambda unit: unit[1] - unit[0]) in around:
            yield item

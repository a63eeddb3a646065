"""What a page says of a group of datasets over them: right under the group's heading, or in the list item they
are listed in."""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def of_other_group(context: Context, sentence: Sentence, own: Spans, others: Spans) -> bool:
    """Whether a sentence is told of what others' parts are labeled with, or says "these" of what stands under another
    heading of the rank of a part's own group."""
    here = context.headings_over(sentence.start)
    if here and (label := _OF_LABELED.match(context.shadow, here[-1].start, here[-1].end)):
        # "Restricted license" is that of the rows that say "restricted".
        borne = re.compile(rf"\b{re.escape(label[1])}\b")
        mine = any(borne.search(context.shadow, *span) for span in own)
        return not mine and any(borne.search(context.shadow, *span) for span in others)
    if _THESE.search(context.shadow, sentence.start, sentence.end) is None:
        return False
    over = [context.headings_over(start) for start, _ in own]
    if len(here) < _RANKS or LICENSE_HEADING.search(context.shadow, here[-1].start, here[-1].end):
        return False
    if not _has_members(context, here[-1]):
        return False
    return all(
        any(
            block.level == here[-1].level and block != here[-1] and not touches((block.start, block.end), own)
            for block in path
        )
        for path in over
    )


def _has_members(context: Context, heading: Block) -> bool:
    """Whether lists, tables or deeper sections stand under a heading."""
    blocks = context.document.blocks
    for block in blocks[blocks.index(heading) + 1 :]:
        if block.kind is BlockKind.HEADING and block.level <= heading.level:
            return False
        if block.kind in (BlockKind.HEADING, BlockKind.ITEM, BlockKind.ROW):
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
    for part in own[:_MOST]:
        around = [unit for unit in units if inside(part, unit) and unit != part]
        for group in around:
            if (line := context.block_at(group[0])) is not None and states_terms(context.shadow[line.start : line.end]):
                yield line
            for unit in units:
                beside = unit != group and inside(unit, group) and not inside(part, unit)
                if beside and (item := context.block_at(unit[0])) is not None and _is_of_group(context, item, around):
                    yield item


def _is_of_group(context: Context, item: Block, around: list[tuple[int, int]]) -> bool:
    """Whether an item tells the terms of those that one of the items around it holds directly."""
    if _LABELED.match(context.shadow, item.start, item.end) is None:
        return False
    holders = [u for u in context.document.units if inside((item.start, item.end), u) and u[0] != item.start]
    return bool(holders) and min(holders, key=lambda unit: unit[1] - unit[0]) in around

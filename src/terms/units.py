"""List items, definitions and cards, and the names they begin with."""

from __future__ import annotations

import re

from terms import creative_commons
from terms.document import Block, BlockKind
from terms.naming import Name
from terms.sentences import Context
from terms.spans import Spans, inside, merged, touches

NAME_CELL = re.compile(
    r"\W*(?:\w+:)?(?:(?:data ?-?set|corpus|collection|resource) )?(?:name|title|titre|titel|título|nombre)\W*"
)
"""The first cell of a row that names what the rows below it tell of: "dct:title", "Name"."""
_NAME_KEY = re.compile(
    r"(?:(?:data ?-?set|corpus|collection|resource) )?(?:name|title|titre|titel|título|nombre): |(?:data ?-?set|corpus): "
)
MANY = 300
_INITIALS = 2
_LISTED = (BlockKind.ITEM, BlockKind.ROW)
_LEADS = re.compile(
    r"\b(?:(?:the |these )?following(?: \w+){0,2} (?:data ?-?sets?|sets|corpora|collections|databases|resources|files|recordings|subsets|parts)|these (?:data ?-?sets|sets|corpora|collections)"
    r"|folgende\w* (?:datensätze|daten|korpora|sammlungen)|(?:jeux de données|corpus) suivants|siguientes (?:conjuntos|corpus))\b.*:\W*\Z"
)
_TERMS_IN_HEADING = re.compile(
    r"\bonly\b|\bnon-?commercial|\b(?:no|not for|prohibited) commercial|\blicen[sc]ed\b|\bpublic domain\b|\bopen (?:data ?base|data commons|government)\b|\b(?:apache|mit|bsd|odc|odbl|pddl|cdla|ogl)\b"
)
"""What in a heading speaks of the terms of all that stands under it."""


def units_of(context: Context, name: Name, taken: Spans) -> tuple[Spans, Spans]:
    """The list items, definitions and cards that begin with the name, and the others."""
    ranked: list[tuple[int | None, tuple[int, int]]] = []
    for span in context.document.units or _items(context):
        title = title_of(context, span)
        rank = name.rank(context.shadow[title[0] : title[1]])
        if rank is None and name.begins(context.shadow, title[0], span[1]):
            # A name with a sign in it that titles end at: "Data for: Ballots".
            rank = 1
        ranked.append((rank, span))
    hits = [(rank, span) for rank, span in ranked if rank is not None]
    if not hits:
        return (), ()
    best = min(rank for rank, _ in hits)
    own = [span for rank, span in hits if rank == best]
    if len(own) > MANY:
        return merged(own), ()
    # Of units within each other the inner ones that have something beside the name count.
    own = [
        span
        for span in own
        if not any(other != span and inside(other, span) and _more_than_title(context, other) for other in own)
    ]
    if taken and not any(touches(span, taken) for span in own) and best > 0:
        own = []
    own = [span for span in own if _more_than_title(context, span) or not taken]
    spans = merged(own)
    others = [
        span
        for _, span in ranked
        if not touches(span, spans) and not (best == 2 and name.within(context.shadow, *span))
    ]
    return spans, tuple(others)


def name_is_varied(context: Context, name: Name, others: Spans) -> bool:
    """Whether other units begin with names that go on from this one: "Alder-Mini" beside "Alder"."""
    for span in others[:MANY]:
        title = title_of(context, span)
        if name.is_varied(context.shadow[title[0] : title[1]]):
            return True
    return False


def headings_that_state(context: Context, own: Spans) -> list[tuple[int, int]]:
    """The headings over some parts that say under which terms all below them stands ("CC BY 4.0", "For research only")."""
    found: list[tuple[int, int]] = []
    for start, _ in own:
        above = context.headings_over(start)
        found.extend(
            (block.start, block.end) for block in above if states_terms(context.shadow[block.start : block.end])
        )
    return found


def leads_of_lists(context: Context) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The words that lead to lists or tables of datasets ("The following sets are under CC BY:"), each with the
    stretch of the list."""
    blocks = context.document.blocks
    found = []
    for index, block in enumerate(blocks[:-1]):
        if block.kind is not BlockKind.TEXT or blocks[index + 1].kind not in _LISTED:
            continue
        start = max(block.start, context.shadow.rfind(". ", block.start, block.end) + 2)
        if not _LEADS.search(context.shadow, start, block.end):
            continue
        last = index + 1
        while last + 1 < len(blocks) and blocks[last + 1].kind is blocks[index + 1].kind:
            last += 1
        found.append(((start, block.end), (blocks[index + 1].start, blocks[last].end)))
    return found


def states_terms(heading: str) -> bool:
    """Whether a title says under which terms all below it stands."""
    return _TERMS_IN_HEADING.search(heading) is not None or any(True for _ in creative_commons.names_in(heading))


def _items(context: Context) -> tuple[tuple[int, int], ...]:
    """List items of a text without markup for them: each with the deeper items under it."""
    blocks = context.document.blocks
    result = []
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.ITEM:
            continue
        end = block.end
        for later in blocks[index + 1 :]:
            if (later.kind is not BlockKind.ITEM and later.kind is not BlockKind.FIELD) or (
                later.kind is BlockKind.ITEM and later.level <= block.level
            ):
                break
            end = later.end
        result.append((block.start, end))
    return tuple(result)


def title_of(context: Context, span: tuple[int, int]) -> tuple[int, int]:
    """What a unit begins with: its first heading or block, up to a sign that ends a title."""
    block = _first_block(context, span)
    if block is None:
        return span
    start, end = block.start, min(block.end, block.start + 160)
    if key := _NAME_KEY.match(context.shadow, start, end):
        start = key.end()
    sign = re.search(
        r"\s[-|]\s|[:;]\s|\.\s|,\s(?=licen|released|cc)|\s(?:is|are|was|were|has|licen[sc]ed)\b",
        context.shadow[start:end],
    )
    return start, start + sign.start() if sign else end


def _first_block(context: Context, span: tuple[int, int]) -> Block | None:
    """The first block of a unit; a letter in place of a picture is no title."""
    block = context.block_at(span[0])
    if block is not None and block.end - block.start <= _INITIALS and block.end + 1 < span[1]:
        return context.block_at(block.end + 1) or block
    return block


def _more_than_title(context: Context, span: tuple[int, int]) -> bool:
    title = title_of(context, span)
    return span[1] - title[1] > 3

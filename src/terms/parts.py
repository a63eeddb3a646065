"""Which parts of a page speak of a named dataset, when the page describes several.

A dataset's own part is the section under a heading with its name, the table row or column, the list
item, definition or card that begins with it, or else the sentences that say it. What a page states for
everything on it stands outside of every such part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from terms.codes import icons, labels, meanings
from terms.document import BlockKind, Table
from terms.general import HERE, any_of, is_general, is_loose, of_other_section, of_unmarked, reaches_back, titles_of
from terms.groups import is_of_terms, of_groups, other_groups
from terms.naming import Name
from terms.notes import footnotes, marks, notes, notes_of_others
from terms.sentences import LICENSE_HEADING, Context, Sentence
from terms.spans import Spans, inside, length, merged, touches, without
from terms.units import NAME_CELL, headings_that_state, leads_of_lists, name_is_varied, units_of

_ANAPHORA = re.compile(
    r"(?:it|its (?:licen|use|data|audio|files)|this|that|they|these|both|also|licen[sc]ed?|released|available|distributed|commercial|use|usage"
    r"|the (?:data ?-?set|corpus|data|collection|licen[sc]e|files|recordings|clips|audio|annotations|set|whole)|all (?:data|files|of it))\b"
)
_OF_ALL = re.compile(
    r"\W*(?:important|notes?|notice|rules|access|faq|questions|agreement|polic(?:y|ies)|conditions?|ethics|privacy|contact|overview|introduction|"
    r"how to|who (?:can|may)|what you (?:can|may)|getting|obtaining|requests?|please|attention|warnings?|restrictions?|commercial|general|summary|disclaimer)\b(?! (?:set|data ?set|corpus|collection)\b)"
)
"""Headings of sections that are about no dataset."""
_SAME_FOR = re.compile(
    r"\W*(?:the same|this|that) (?:also )?(?:goes|applies|holds|is true|is the case|counts)(?: also| too| as well)? (?:for|to|of)\b"
    r"|\W*(?:dasselbe|das gleiche) gilt(?: auch)? für\b|\W*il en va de même pour\b|\W*lo mismo (?:vale|se aplica) (?:para|a)\b"
)
_FRAGMENT = re.compile(r"\s*[-|·•(\[]")
_MOST_OF_PAGE = 0.9


@dataclass(frozen=True, slots=True)
class Parts:
    """`own` speaks of the dataset; in `prose` sentences only what is said of its name counts;
    `general` speaks of everything on the page; `loose` sentences stand in nobody's part and name nobody: what
    they forbid is heard, as it is of sentences in other sections that have the name `mentioned`. `titles` are the
    names other parts begin with, `others` the sections and units among those."""

    own: Spans
    prose: Spans
    general: Spans
    loose: Spans = ()
    mentioned: Spans = ()
    titles: tuple[re.Pattern[str], ...] = ()
    others: Spans = ()


def parts_of(context: Context, name: Name) -> Parts | None:
    """The parts that speak of a name, None when the page never says it."""
    if not any(name.within(context.shadow, block.start, block.end) for block in context.document.blocks):
        return None
    sections, siblings = _sections(context, name)
    tables, other_rows = _tables(context, name)
    units, other_units = units_of(context, name, merged((*sections, *tables)))
    if units and name_is_varied(context, name, other_units) and not all(touches(unit, tables) for unit in units):
        # A page about a family of datasets, of which this is one.
        sections, siblings = tuple(span for span in sections if any(inside(span, unit) for unit in units)), ()
    own = merged((*sections, *tables, *units))
    leads = leads_of_lists(context)
    led = [span for span, items in leads if touches(items, own)]
    own = merged((*own, *led, *headings_that_state(context, own)))
    own = merged((*own, *_likened(context, name)))
    meant, meant_of_others = meanings(context, tables) if tables else labels(context, own)
    if not meant:
        meant, meant_of_others = icons(context, own)
    own = without(merged((*own, *meant, *footnotes(context, own))), notes_of_others(context, own))
    if length(own) > _MOST_OF_PAGE * len(context.shadow):
        # The page is about this one; rows of a table in which it has its own are still others'.
        rest = without(((0, len(context.shadow)),), other_rows) if tables else ((0, len(context.shadow)),)
        return Parts(rest, (), ())
    leads_of_others = [span for span, _ in leads if not touches(span, own)]
    others = merged((*siblings, *other_rows, *other_units, *meant_of_others, *leads_of_others))
    taken = merged((*own, *others))
    prose = _prose(context, name, own, others)
    outside = [s for s in context.sentences if not touches((s.start, s.end), taken)]
    titles = titles_of(context, name, (*siblings, *other_rows, *other_units))
    names = any_of(titles)
    marked = bool(marks(context, own))
    borne = marks(context, taken)
    elsewhere = other_groups(context, own, others)
    noted = merged(span for mark, span in notes(context) if mark in borne)
    general = tuple(
        (s.start, s.end)
        for s in outside
        if not touches((s.start, s.end), noted)
        and is_general(context, name, s, titles, others)
        and not elsewhere.hold(context, s)
        and not (marked and of_unmarked(context, s))
    )
    general += of_groups(context, own, taken)
    general += tuple((s.start, s.end) for s in within(context, siblings) if reaches_back(context, s, own))
    general = tuple(sorted(set(general)))
    said = merged((*general, *prose))
    loose = tuple(
        (s.start, s.end)
        for s in outside
        if not touches((s.start, s.end), said)
        and not touches((s.start, s.end), noted)
        and is_loose(context, s, names)
        and not (
            HERE.match(context.shadow, s.start)
            and not any(map(is_of_terms, context.headings(s.start)[-1:]))
            and of_other_section(context, name, s, others)
        )
        and not elsewhere.hold(context, s)
    )
    mentioned = tuple(
        (s.start, s.end)
        for s in context.sentences
        if s.kind in (BlockKind.TEXT, BlockKind.ITEM)
        and touches((s.start, s.end), siblings)
        and not touches((s.start, s.end), own)
        and name.within(context.shadow, s.start, s.end)
    )
    return Parts(own, prose, general, loose, mentioned, tuple(titles), tuple(sorted({*siblings, *other_units})))


def within(context: Context, spans: Spans) -> Iterator[Sentence]:
    """The sentences that stand in some spans."""
    return (s for s in context.sentences if touches((s.start, s.end), spans))


def _sections(context: Context, name: Name) -> tuple[Spans, Spans]:
    """The sections headed by the name, and their siblings."""
    headings = [(i, block) for i, block in enumerate(context.document.blocks) if block.kind is BlockKind.HEADING]
    ranked = [(name.rank(context.shadow[b.start : b.end]), i, b) for i, b in headings]
    best = min((rank for rank, _, _ in ranked if rank is not None), default=None)
    if best is None:
        return (), ()
    own = [(i, b) for rank, i, b in ranked if rank == best]
    varied = {b.level for _, b in headings if name.is_varied(context.shadow[b.start : b.end])}
    if inner := [(i, b) for rank, i, b in ranked if rank in (0, 1) and b.level in varied]:
        # "Alder" and "Alder-Mini" under "Alder": the family and its members.
        own, best = inner, min(rank for rank, _, b in ranked if rank is not None and b.level in varied)
    levels = {b.level for _, b in own}
    spans = merged(context.document.section_of(i) for i, _ in own)
    siblings = tuple(
        context.document.section_of(i)
        for rank, i, b in ranked
        if b.level in levels
        and (i, b) not in own
        and not LICENSE_HEADING.search(context.shadow[b.start : b.end])
        and not _OF_ALL.match(context.shadow, b.start, b.end)
    )
    return spans, tuple(span for span in siblings if not touches(span, spans))


def _tables(context: Context, name: Name) -> tuple[Spans, Spans]:
    """The rows and columns of tables that are the name's, and the other rows."""
    own: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for table in context.document.tables:
        ranks = {
            (cell.row, cell.column): rank
            for cell in table.cells
            if cell.end > cell.start and (rank := name.rank(context.shadow[cell.start : cell.end])) is not None
        }
        if not ranks:
            continue
        first_column = {place: rank for place, rank in ranks.items() if place[1] == 0}
        chosen = first_column or ranks
        best = min(chosen.values())
        places = {place for place, rank in chosen.items() if rank == best}
        named = bool(table.headers()) or any(cell.header and cell.row > 0 and cell.column == 0 for cell in table.cells)
        columns = {column for row, column in places if row == 0 and column > 0 and named}
        rows = {row for row, column in places if row > 0 or column == 0 or not named}
        rows |= _rows_under(table, rows) | _rows_of_record(context, table, rows)
        if rows == {0} and best == 0 and not any(cell.column for cell in table.cells):
            # A box with the name at its head.
            rows = {cell.row for cell in table.cells}
        own.extend(_cells(table, rows, columns if not rows else set()))
        own.extend(_group_titles(table, rows))
        others.extend((cell.start, cell.end) for cell in table.cells if cell.row > 0)
    spans = merged(own)
    return spans, tuple(span for span in others if not touches(span, spans))


def _cells(table: Table, rows: set[int], columns: set[int]) -> Iterable[tuple[int, int]]:
    return [
        (cell.start, cell.end)
        for cell in table.cells
        if cell.end > cell.start and (cell.row in rows or cell.column in columns)
    ]


def _title_rows(table: Table) -> list[int]:
    """The rows that are one cell across the table."""
    by_row: dict[int, set[tuple[int, int]]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, set()).add((cell.start, cell.end))
    wide = any(cell.column for cell in table.cells)
    return sorted(row for row, spans in by_row.items() if len(spans) == 1 and wide)


def _rows_under(table: Table, rows: set[int]) -> set[int]:
    """The rows under those of some rows that are one cell across the table, up to the next such."""
    titles = [row for row in _title_rows(table) if sum(cell.row == row for cell in table.cells) > 1]
    found = set[int]()
    for title in rows.intersection(titles):
        stop = next((row for row in titles if row > title), max(cell.row for cell in table.cells) + 1)
        found.update(range(title, stop))
    return found


def _rows_of_record(context: Context, table: Table, rows: set[int]) -> set[int]:
    """The rows of a sheet of fields and values, from the one that names a dataset to the next such."""
    names = [
        cell.row
        for cell in table.cells
        if cell.column == 0 and NAME_CELL.fullmatch(context.shadow, cell.start, cell.end)
    ]
    last = max(cell.row for cell in table.cells)
    if any(cell.column > 1 for cell in table.cells):
        return set()
    ends = [*names[1:], last + 1]
    return {row for name, end in zip(names, ends, strict=False) if name in rows for row in range(name, end)}


def _group_titles(table: Table, rows: set[int]) -> list[tuple[int, int]]:
    """The nearest row over each row that is one cell across the table: it speaks of all under it."""
    titles = _title_rows(table)
    found: list[tuple[int, int]] = []
    for row in rows:
        above = [title for title in titles if title < row]
        if above and row not in titles:
            found.extend((cell.start, cell.end) for cell in table.cells if cell.row == above[-1])
    return found


def _likened(context: Context, name: Name) -> Iterator[tuple[int, int]]:
    """The sentences before those that say of the dataset "the same goes for" it."""
    for sentence in context.sentences:
        likened = _SAME_FOR.match(context.shadow, sentence.start, sentence.end)
        before = context.sentence_before(sentence) if likened else None
        if likened is None or before is None or context.block_at(before.start) != context.block_at(sentence.start):
            continue
        if name.within(context.shadow, likened.end(), sentence.end):
            yield before.start, before.end


def _prose(context: Context, name: Name, own: Spans, others: Spans) -> Spans:
    """Sentences that say the name outside of the parts of this and other datasets, with the
    sentences after them that go on about it."""
    result: list[tuple[int, int]] = []
    going_on = False
    for sentence in context.sentences:
        span = (sentence.start, sentence.end)
        if touches(span, own) or touches(span, others) or sentence.kind in (BlockKind.HEADING, BlockKind.CODE):
            going_on = False
            continue
        if name.within(context.shadow, *span):
            result.append(span)
            going_on = True
        elif going_on and _goes_on(context, result[-1], span):
            result.append(span)
        else:
            going_on = False
    return tuple(result)


def _goes_on(context: Context, before: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether a sentence goes on about what the one before it names: it refers back, or is the rest of a line
    that is set out with dashes ("Alder - songs. - CC BY")."""
    if context.block_at(before[0]) != context.block_at(span[0]):
        return False
    if _ANAPHORA.match(context.shadow, span[0]):
        return True
    return (
        "\n" not in context.document.text[before[1] : span[0]] and _FRAGMENT.match(context.shadow, span[0]) is not None
    )

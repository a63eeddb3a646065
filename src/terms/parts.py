"""Which parts of a page speak of a named dataset, when the page describes several.

A dataset's own part is the section under a heading with its name, the table row or column, the list
item, definition or card that begins with it, or else the sentences that say it. What a page states for
everything on it stands outside of every such part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from terms import creative_commons
from terms.attribution import EXCEPT
from terms.document import Block, BlockKind, Table
from terms.naming import Name
from terms.scope_words import DATA, VERB
from terms.sentences import LICENSE_HEADING, Context, Sentence

Spans = tuple[tuple[int, int], ...]

_ANAPHORA = re.compile(
    r"(?:it|its (?:licen|use|data|audio|files)|this|that|they|these|both|also|licen[sc]ed?|released|available|distributed|commercial|use|usage"
    r"|the (?:data ?-?set|corpus|data|collection|licen[sc]e|files|recordings|clips|audio|annotations|set|whole)|all (?:data|files|of it))\b"
)
_GENERAL = re.compile(
    r"\b(?:all|every|each|any)(?: of)?(?: the| our| these| other| remaining)?(?: \w+){0,3} (?:data ?-?sets?|data|corpora|collections?|resources|files|material|contents?|recordings|downloads|dumps|releases|subsets)\b"
    r"|unless (?:\w+ ){0,3}(?:otherwise|noted|stated|specified|indicated)|except where|if not (?:\w+ )?(?:otherwise|stated|noted)|(?:these|our|the) (?:data ?-?sets|collections|corpora|databases|resources)\b|everything (?:on|in)"
    r"|\b(?:data|content) on this (?:site|page|website|portal)"
)
_HEDGED = re.compile(r"\b(?:most|mostly|usually|generally|typically|normally|often|some|many) ")
_NOT_ALL = re.compile(
    r"\s(?:loaders?|readers?|tools?|scripts?|loading|processing|code|software|parsers?)\b"
    r"|\s(?:that (?:was|were|is|are) )?(?:produced|created|collected|owned|made|recorded|contributed|provided) by (?!us\b|our\b)"
)
_HEADED_OF = re.compile(
    r"\b(?:of|for) (?!(?:the |our |all |these )*(?:data|use|corpora|collections?|files|website|content))"
)
_COMMON_TITLE = re.compile(
    r"^(?:(?:the|our|all|data|datasets?|corpora|download|downloads|license|licence|licenses|terms|contact|about|news|overview|introduction|audio|metadata|annotations?|code|size|name|title|version|use|usage|citation|code|files)\s?)+$"
)
_OF_ALL = re.compile(
    r"\W*(?:important|notes?|notice|rules|access|faq|questions|agreement|polic(?:y|ies)|conditions?|ethics|privacy|contact|overview|introduction|"
    r"how to|getting|obtaining|requests?|please|attention|warnings?|restrictions?|commercial|general|summary|disclaimer)\b(?! (?:set|data ?set|corpus|collection)\b)"
)
"""Headings of sections that are about no dataset."""
_HERE = re.compile(r"these\b|all (?:of )?these\b|both\b")
"""Words that speak of all that stands in the same section."""
_LOOSE = re.compile(
    r"\W*(?:please\b|note that\b|by (?:downloading|using|accessing)\b|(?!the (?:last|first|second|third|latter|former|other|remaining)\b)(?:the|these|our|all|any|no|none|every|each|your|for|if you|you|users?|anyone|nobody"
    r"|use|usage|access|commercial|re-?distribution|reproduction|copying|download\w*|permission|data ?-?sets?|data|files|recordings|audio|material|content|companies|only|academic|researchers?|we|do not|not for|non-commercial)\b)"
)
"""How a sentence begins that speaks of no one dataset in particular."""
_MARK = re.compile(r"(?<=[\w.)])\s?(\*{1,3}|[†‡§¶]|\[[\da-z]\])(?=[\s|,;.]|\Z)")
_CITES = re.compile(r"\b(?:cite|citing|in|see|of|from|by|ref|reference|to)\Z")
"""Words before a mark that points to a reference and not to a note."""
_NOTE = re.compile(r"\*{1,3}|[†‡§¶]|\[[\da-z]\]")
_NAME_KEY = re.compile(
    r"(?:(?:data ?-?set|corpus|collection|resource) )?(?:name|title|titre|titel|título|nombre): |(?:data ?-?set|corpus): "
)
_FRAGMENT = re.compile(r"\s*[-|·•(\[]")
_MOST_OF_PAGE = 0.9
_MANY = 300


@dataclass(frozen=True, slots=True)
class Parts:
    """`own` speaks of the dataset; in `prose` sentences only what is said of its name counts;
    `general` speaks of everything on the page; `loose` sentences stand in nobody's part and name nobody: what
    they forbid is heard, as it is of sentences in other sections that have the name `mentioned`. `titles` are the
    names other parts begin with."""

    own: Spans
    prose: Spans
    general: Spans
    loose: Spans = ()
    mentioned: Spans = ()
    titles: tuple[re.Pattern[str], ...] = ()


def parts_of(context: Context, name: Name) -> Parts | None:
    """The parts that speak of a name, None when the page never says it."""
    if not name.within(context.shadow, 0, len(context.shadow)):
        return None
    sections, siblings = _sections(context, name)
    tables, other_rows = _tables(context, name)
    units, other_units = _units(context, name, _merged((*sections, *tables)))
    own = _merged((*sections, *tables, *units))
    own = _without(_merged((*own, *_footnotes(context, own))), _notes_of_others(context, own))
    if _length(own) > _MOST_OF_PAGE * len(context.shadow):
        # The page is about this one; rows of a table in which it has its own are still others'.
        rest = _without(((0, len(context.shadow)),), other_rows) if tables else ((0, len(context.shadow)),)
        return Parts(rest, (), ())
    others = _merged((*siblings, *other_rows, *other_units))
    taken = _merged((*own, *others))
    prose = _prose(context, name, own, others)
    outside = [s for s in context.sentences if not _touches((s.start, s.end), taken)]
    titles = _titles(context, name, others)
    general = tuple((s.start, s.end) for s in outside if _is_general(context, name, s, titles, others))
    said = _merged((*general, *prose))
    marks = _marks(context, taken)
    loose = tuple(
        (s.start, s.end)
        for s in outside
        if not _touches((s.start, s.end), said)
        and _note(context, s) not in marks
        and _is_loose(context, s)
        and not (_HERE.match(context.shadow, s.start) and _of_other_section(context, name, s, others))
    )
    mentioned = tuple(
        (s.start, s.end)
        for s in context.sentences
        if s.kind in (BlockKind.TEXT, BlockKind.ITEM)
        and _touches((s.start, s.end), siblings)
        and not _touches((s.start, s.end), own)
        and name.within(context.shadow, s.start, s.end)
        and not any(title.search(context.shadow, s.start, s.end) for title in titles)
    )
    return Parts(own, prose, general, loose, mentioned, tuple(titles))


def _sections(context: Context, name: Name) -> tuple[Spans, Spans]:
    """The sections headed by the name, and their siblings."""
    headings = [(i, block) for i, block in enumerate(context.document.blocks) if block.kind is BlockKind.HEADING]
    ranked = [(name.rank(context.shadow[b.start : b.end]), i, b) for i, b in headings]
    best = min((rank for rank, _, _ in ranked if rank is not None), default=None)
    if best is None:
        return (), ()
    own = [(i, b) for rank, i, b in ranked if rank == best]
    levels = {b.level for _, b in own}
    spans = _merged(context.document.section_of(i) for i, _ in own)
    siblings = tuple(
        context.document.section_of(i)
        for rank, i, b in ranked
        if b.level in levels
        and rank != best
        and not LICENSE_HEADING.search(context.shadow[b.start : b.end])
        and not _OF_ALL.match(context.shadow, b.start, b.end)
    )
    return spans, tuple(span for span in siblings if not _touches(span, spans))


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
        if rows == {0} and not any(cell.column for cell in table.cells):
            # A box with the name at its head.
            rows = {cell.row for cell in table.cells}
        own.extend(_cells(table, rows, columns if not rows else set()))
        own.extend(_group_titles(table, rows))
        others.extend((cell.start, cell.end) for cell in table.cells if cell.row > 0)
    spans = _merged(own)
    return spans, tuple(span for span in others if not _touches(span, spans))


def _cells(table: Table, rows: set[int], columns: set[int]) -> Iterable[tuple[int, int]]:
    return [
        (cell.start, cell.end)
        for cell in table.cells
        if cell.end > cell.start and (cell.row in rows or cell.column in columns)
    ]


def _group_titles(table: Table, rows: set[int]) -> list[tuple[int, int]]:
    """The nearest row over each row that is one cell across the table: it speaks of all under it."""
    by_row: dict[int, set[tuple[int, int]]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, set()).add((cell.start, cell.end))
    width = max(cell.column for cell in table.cells)
    titles = sorted(row for row, spans in by_row.items() if len(spans) == 1 and width > 0)
    found: list[tuple[int, int]] = []
    for row in rows:
        above = [title for title in titles if title < row]
        if above and row not in titles:
            found.extend(by_row[above[-1]])
    return found


def _units(context: Context, name: Name, taken: Spans) -> tuple[Spans, Spans]:
    """The list items, definitions and cards that begin with the name, and the others."""
    ranked: list[tuple[int | None, tuple[int, int]]] = []
    for span in context.document.units or _items(context):
        title = _title(context, span)
        ranked.append((name.rank(context.shadow[title[0] : title[1]]), span))
    hits = [(rank, span) for rank, span in ranked if rank is not None]
    if not hits:
        return (), ()
    best = min(rank for rank, _ in hits)
    own = [span for rank, span in hits if rank == best]
    if len(own) > _MANY:
        return _merged(own), ()
    # Of units within each other the inner ones that have something beside the name count.
    own = [
        span
        for span in own
        if not any(other != span and _inside(other, span) and _more_than_title(context, other) for other in own)
    ]
    if taken and not any(_touches(span, taken) for span in own) and best > 0:
        own = []
    own = [span for span in own if _more_than_title(context, span) or not taken]
    spans = _merged([*own, *_license_headings(context, own)])
    others = [
        span
        for _, span in ranked
        if not _touches(span, spans) and not (best == 2 and name.within(context.shadow, *span))
    ]
    return spans, tuple(others)


def _license_headings(context: Context, units: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The headings right above units that are lists of names under a license ("CC BY 4.0: A, B, C")."""
    headings = [block for block in context.document.blocks if block.kind is BlockKind.HEADING]
    found: list[tuple[int, int]] = []
    for unit in units:
        index = bisect_right(headings, unit[0], key=lambda block: block.start) - 1
        if index >= 0:
            start, end = headings[index].start, headings[index].end
            if any(True for _ in creative_commons.names_in(context.shadow[start:end])):
                found.append((start, end))
    return found


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


def _title(context: Context, span: tuple[int, int]) -> tuple[int, int]:
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
    return context.block_at(span[0])


def _more_than_title(context: Context, span: tuple[int, int]) -> bool:
    title = _title(context, span)
    return span[1] - title[1] > 3


def _prose(context: Context, name: Name, own: Spans, others: Spans) -> Spans:
    """Sentences that say the name outside of the parts of this and other datasets, with the
    sentences after them that go on about it."""
    result: list[tuple[int, int]] = []
    going_on = False
    for sentence in context.sentences:
        span = (sentence.start, sentence.end)
        if _touches(span, own) or _touches(span, others) or sentence.kind in (BlockKind.HEADING, BlockKind.CODE):
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


def _footnotes(context: Context, own: Spans) -> list[tuple[int, int]]:
    """The notes that a dataset's part points to with a mark: sentences that begin with the same mark."""
    marks = _marks(context, own, _CITES)
    return [span for mark, span in _notes(context) if mark in marks] if marks else []


def _notes_of_others(context: Context, own: Spans) -> Spans:
    """Notes that stand in a dataset's part, as at the end of the page's last section, and whose mark only others bear."""
    elsewhere = _marks(context, _without(((0, len(context.shadow)),), own)) - _marks(context, own)
    return _merged(span for mark, span in _notes(context) if mark in elsewhere) if elsewhere else ()


def _notes(context: Context) -> Iterable[tuple[str, tuple[int, int]]]:
    """Every note with its mark: from the mark to the next one or the end of the block."""
    mark, block = "", None
    for sentence in context.sentences:
        here = context.block_at(sentence.start)
        said = _note(context, sentence)
        if said or here != block:
            mark, block = said, here
        if mark:
            yield mark, (sentence.start, sentence.end)


def _marks(context: Context, spans: Spans, unless_after: re.Pattern[str] | None = None) -> set[str]:
    """The marks of notes some spans bear; those that begin a note are not borne."""
    return {
        mark[1]
        for start, end in spans
        for mark in _MARK.finditer(context.shadow, start, end)
        if context.document.text[mark.start(1) - 1] != "\n"
        and not (unless_after and unless_after.search(context.shadow, start, mark.start()))
    }


def _note(context: Context, sentence: Sentence) -> str:
    """The mark a sentence begins with as a note does; empty for one that is none."""
    mark = _NOTE.match(context.shadow, sentence.start, sentence.end)
    return mark[0] if mark and sentence.kind is not BlockKind.HEADING else ""


def _is_loose(context: Context, sentence: Sentence) -> bool:
    """Whether a sentence of running text speaks of no one dataset: it begins with a common word, and its subject
    holds no name."""
    if sentence.kind not in (BlockKind.TEXT, BlockKind.ITEM) or not _LOOSE.match(context.shadow, sentence.start):
        return False
    verb = VERB.search(context.shadow, sentence.start, sentence.end)
    subject = context.document.text[sentence.start : verb.start() if verb else sentence.end]
    return not any(re.search(r"[A-Z\d]", word) for word in subject.split()[1:])


def _is_general(
    context: Context, name: Name, sentence: Sentence, titles: Sequence[re.Pattern[str]], others: Spans
) -> bool:
    """Whether a sentence speaks of everything on the page, this dataset not left out."""
    words = context.shadow[sentence.start : sentence.end]
    if _HEDGED.search(words):
        return False
    left_out = EXCEPT.search(words)
    if left_out and name.within(words, left_out.end(), len(words)):
        return False
    if said := _GENERAL.search(words):
        if _is_of_some(context, sentence, said) and not name.within(words, 0, len(words)):
            return False
        return not _of_other_section(context, name, sentence, others)
    path = context.headings(sentence.start)
    if not path or not LICENSE_HEADING.search(path[-1]) or name.within(words, 0, len(words)):
        return False
    return not _HEADED_OF.search(path[-1]) and not any(title.search(words) for title in titles)


def _is_of_some(context: Context, sentence: Sentence, said: re.Match[str]) -> bool:
    """Whether words like "all … data" speak of only some: of what bears a name, was made by somebody, or of tools."""
    at = sentence.start + said.start()
    words = re.findall(r"[\w-]+", context.document.text[at : sentence.start + said.end()])[1:]
    named = any(word[0].isupper() and not DATA.fullmatch(word.lower()) for word in words)
    sets = re.search(r"(?:sets|corpora|collections|databases|resources)\Z", said.group()) is not None
    return (named and not sets) or _NOT_ALL.match(said.string, said.end()) is not None


def _titles(context: Context, name: Name, spans: Iterable[tuple[int, int]]) -> list[re.Pattern[str]]:
    """Patterns for the names that other parts of the page begin with."""
    found = set()
    for start, end in list(spans)[:_MANY]:
        title = _title(context, (start, end))
        words = " ".join(re.findall(r"[\w-]+", context.shadow[title[0] : title[1]])[:4])
        if len(words) > 2 and not _COMMON_TITLE.search(words) and name.rank(words) is None:
            found.add(words)
    return [re.compile(rf"(?<!\w){re.escape(words)}(?!\w)") for words in found]


def _of_other_section(context: Context, name: Name, sentence: Sentence, others: Spans) -> bool:
    """Whether a sentence stands in a section with other datasets' parts, and the name only outside of it."""
    for index, block in enumerate(context.document.blocks):
        if block.start > sentence.start:
            return False
        if block.kind is not BlockKind.HEADING or LICENSE_HEADING.fullmatch(context.shadow[block.start : block.end]):
            continue
        section = context.document.section_of(index)
        if (
            section[0] <= sentence.start < section[1]
            and _touches(section, others)
            and not name.within(context.shadow, *section)
        ):
            return True
    return False


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    result: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def _without(spans: Spans, taken: Spans) -> Spans:
    result: list[tuple[int, int]] = []
    for start, end in spans:
        for cut in _merged(taken):
            if cut[0] >= end or cut[1] <= start:
                continue
            if cut[0] > start:
                result.append((start, cut[0]))
            start = cut[1]
        if start < end:
            result.append((start, end))
    return tuple(result)


def _length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _touches(span: tuple[int, int], spans: Spans) -> bool:
    """Whether a span overlaps any of some spans that are sorted and apart."""
    index = bisect_right(spans, span[1] - 1, key=lambda other: other[0]) - 1
    return index >= 0 and spans[index][1] > span[0]

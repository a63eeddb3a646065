"""What a page of several datasets says of everything on it, or of nobody in particular."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from terms.attribution import EXCEPT
from terms.document import BlockKind
from terms.naming import Name
from terms.scope_words import DATA, OF_TOOLS_OR_SITE, REST, VERB
from terms.sentences import LICENSE_HEADING, Context, Sentence
from terms.spans import Spans, touches
from terms.units import MANY, title_of

_ABOVE = r"\b(?:all (?:of )?(?:the |these )?|both (?:of the |of these |the )?|the |these )(?:(?:two|three|four|five|six|seven|eight|nine|ten|\d+) )?(?:data ?-?sets|sets|corpora|collections|files|resources) (?:named |listed |described )?(?:above|on this page)\b"
_UNMARKED = r"\b(?:data ?-?sets|sets|corpora|collections|files|rows|resources|entries|products|those|ones) (?:without|with no|that (?:bear|have|carry) no) (?:an? |any )?(?:marks?|asterisks?|stars?|daggers?|symbols?|notes?|\*)|\bunmarked (?:data ?-?sets|sets|corpora|files|rows|entries|products|ones)\b"
_REACHES_BACK = re.compile(rf"\W*{_ABOVE}")
_OF_UNMARKED = re.compile(_UNMARKED)
_GENERAL = re.compile(
    r"\b(?:all|every|each|any)(?: of)?(?: the| our| these| other| remaining)?(?: \w+){0,3} (?:data ?-?sets?|data|corpora|collections?|resources|files|material|contents?|recordings|downloads|dumps|releases|subsets|sets|parts|editions|versions|others)\b"
    r"|unless (?:\w+ ){0,3}(?:otherwise|noted|stated|specified|indicated)|except where|if not (?:\w+ )?(?:otherwise|stated|noted)|(?:these|our|the) (?:data ?-?sets|collections|corpora|databases|resources)\b|everything (?:on|in)"
    r"|\b(?:everything|anything) else\b|\b(?:all|everything) (?:but|except)\b|\ball of them\b|\bthe (?:others|rest|remaining|other (?:data ?-?sets|sets|corpora|collections))\b|\ball (?:the )?others\b"
    r"|\b(?:alle|sämtliche)(?: anderen| übrigen| unsere)? (?:daten|datensätze|korpora|sammlungen)\b|\btous (?:les |nos )(?:autres )?(?:jeux de données|corpus)\b|\btodos (?:los |nuestros )(?:demás )?(?:conjuntos de datos|corpus|datos)\b"
    rf"|{_ABOVE}|{_UNMARKED}"
    r"|\b(?:data|content) on this (?:site|page|website|portal)"
)
_HEDGED = re.compile(r"\b(?:most|mostly|usually|generally|typically|normally|often|some|many) ")
_NOT_ALL = re.compile(
    r"\s(?:loaders?|readers?|tools?|scripts?|loading|processing|code|software|parsers?)\b"
    r"|\s(?:that (?:was|were|is|are) )?(?:produced|created|collected|owned|made|recorded|contributed|provided) by (?!us\b|our\b)"
)
_NEAR = 12
"""How many sentences before it a sentence about "all others" can look back to."""
_OF_NAMED = re.compile(r"\s(?:of|in|from) (?:the )?([A-Z][\w-]*)")
_OF_TERMS = re.compile(
    r"\b(?:may|must|can|cannot|only|licen[sc]\w*|restrict\w*|request\w*|permi\w+|agree\w*|commercial\w*|non-?commercial|terms|cc)\b"
)
_HEADED_OF = re.compile(
    r"\b(?:of|for) (?!(?:the |our |all |these )*(?:data|use|corpora|collections?|files|website|content))"
)
_IN_BRACKETS = re.compile(r"\([^()]*\)|,? (?:such as|e\.g\.|for example|like|including) [^,;]*")
_OF_ONE = re.compile(r"\b(?:of|for|in|from|on) (?:the )?\W{0,2}\Z")
_ASKED_OF = re.compile(r"(?<![.?!] )\b[A-Z][\w-]{2,}(?: [A-Z\d][\w-]*){0,3}")
_ASKERS = frozenset(
    {"faq", "api", "can", "what", "how", "who", "where", "why", "when", "may", "ftp", "cd", "dvd", "gpu"}
)
_COMMON_TITLE = re.compile(
    r"^(?:(?:the|our|all|data|datasets?|corpora|download|downloads|license|licence|licenses|terms|contact|about|news|overview|introduction|audio|metadata|annotations?|code|size|name|title|version|use|usage|citation|code|files)\s?)+$"
)
_OF_TERMS_ALONE = re.compile(
    r"(?:\W|\d)*(?:(?:the|our|data ?-?sets?|data|corpora|collections?|of|and|for|on|use|usage|how|to|access|legal|notice|policy|information|info|details?|statements?|terms|conditions|licen[sc]es?|licen[sc]ing|copyrights?|rights|download|permissions?|citation|attribution|disclaimer|reuse|availability|lizenz(?:en)?|licencias?|nutzungsbedingungen|restrictions?)\W*)+"
)
"""A heading of nothing but terms, which speaks of the whole page; "Shelf B: in copyright" heads some."""
HERE = re.compile(r"these\b|all (?:of )?these\b|both\b")
"""Words that speak of all that stands in the same section."""
_LOOSE = re.compile(
    r"\W*(?:please\b|note that\b|by (?:downloading|using|accessing)\b|(?!the (?:last|first|second|third|latter|former|other|remaining)\b)(?:the|these|our|all|any|no|none|every|each|your|for|if you|you|users?|anyone|nobody"
    r"|use|usage|access|commercial|re-?distribution|reproduction|copying|download\w*|permission|data ?-?sets?|data|files|recordings|audio|material|content|companies|only|academic|researchers?|we|do not|not for|non-commercial)\b)"
)
"""How a sentence begins that speaks of no one dataset in particular."""


def is_general(
    context: Context, name: Name, sentence: Sentence, titles: Sequence[re.Pattern[str]], others: Spans
) -> bool:
    """Whether a sentence speaks of everything on the page, this dataset not left out."""
    words = context.shadow[sentence.start : sentence.end]
    if _HEDGED.search(words):
        return False
    left_out = EXCEPT.search(words)
    if left_out and name.within(words, left_out.end(), len(words)):
        return False
    if REST.match(words) and _is_said_before(context, name, sentence):
        return False
    if said := _GENERAL.search(words):
        if _is_of_some(context, sentence, said) and not name.within(words, 0, len(words)):
            return False
        return not of_other_section(context, name, sentence, others)
    path = context.headings(sentence.start)
    if not path or not LICENSE_HEADING.search(path[-1]) or name.within(words, 0, len(words)):
        return False
    if path[-1].rstrip().endswith("?") and OF_TOOLS_OR_SITE.search(path[-1]) and not DATA.search(path[-1]):
        return False
    if not _OF_TERMS_ALONE.fullmatch(path[-1]) and of_other_section(context, name, sentence, others):
        return False
    return not _HEADED_OF.search(path[-1]) and not any(title.search(words) for title in titles)


def of_unmarked(context: Context, sentence: Sentence) -> bool:
    """Whether a sentence speaks of what bears no mark: "Sets without a star are under …"."""
    return _OF_UNMARKED.search(context.shadow, sentence.start, sentence.end) is not None


def reaches_back(context: Context, sentence: Sentence, own: Spans) -> bool:
    """Whether a sentence at the end of one part speaks of the parts above it, too, which have the same heading over
    them: "The two data sets above are …"."""
    if not _REACHES_BACK.match(context.shadow, sentence.start, sentence.end):
        return False
    over = context.headings(sentence.start)[:-1]
    return any(end <= sentence.start and context.headings(start)[:-1] == over for start, end in own)


def _is_said_before(context: Context, name: Name, sentence: Sentence) -> bool:
    """Whether terms of the dataset stand right before a sentence about all others, in the same block or the one above."""
    index = bisect_right(context.document.blocks, sentence.start, key=lambda block: block.start) - 1
    start = context.document.blocks[max(0, index - 1)].start
    before = context.sentence_before(sentence)
    for _ in range(_NEAR):
        if before is None or before.start < start:
            return False
        bounds = before.start, before.end
        if name.within(context.shadow, *bounds) and _OF_TERMS.search(context.shadow, *bounds):
            return True
        before = context.sentence_before(before)
    return False


def _is_of_some(context: Context, sentence: Sentence, said: re.Match[str]) -> bool:
    """Whether words like "all … data" speak of only some: of what bears a name, was made by somebody, or of tools."""
    if (whose := _OF_NAMED.match(context.document.text, sentence.start + said.end())) and not _is_title(
        context, whose[1].lower()
    ):
        return True
    at = sentence.start + said.start()
    words = re.findall(r"[\w-]+", context.document.text[at : sentence.start + said.end()])[1:]
    named = any(word[0].isupper() and not DATA.fullmatch(word.lower()) for word in words)
    sets = (
        re.search(
            r"(?:sets|corpora|collections|databases|resources|daten|datensätze|korpora|sammlungen)\Z", said.group()
        )
        is not None
    )
    return (named and not sets) or _NOT_ALL.match(said.string, said.end()) is not None


def _is_title(context: Context, words: str) -> bool:
    """Whether words stand in the first heading of the page: what is said of all of that is said of the whole page."""
    first = next((block for block in context.document.blocks if block.kind is BlockKind.HEADING), None)
    return first is not None and words in context.shadow[first.start : first.end]


def titles_of(context: Context, name: Name, spans: Iterable[tuple[int, int]]) -> list[re.Pattern[str]]:
    """Patterns for the names that other parts of the page begin with."""
    found = set[str]()
    for start, end in list(spans)[:MANY]:
        title = title_of(context, (start, end))
        if context.shadow[title[0] : title[1]].rstrip().endswith("?"):
            # "And Birch?" asks of Birch.
            asked = _ASKED_OF.finditer(context.document.text, title[0] + 1, title[1])
            found.update(low for match in asked if name.rank(low := match[0].lower()) is None and low not in _ASKERS)
            continue
        words = " ".join(re.findall(r"[\w-]+", context.shadow[title[0] : title[1]])[:4])
        if len(words) > 2 and not _COMMON_TITLE.search(words) and name.rank(words) is None:
            found.add(words)
    return [re.compile(rf"(?<!\w){re.escape(words)}(?!\w)") for words in found]


def of_other_section(context: Context, name: Name, sentence: Sentence, others: Spans) -> bool:
    """Whether a sentence stands in a section with other datasets' parts, and the name only outside of it."""
    for index, block in enumerate(context.document.blocks):
        if block.start > sentence.start:
            return False
        if block.kind is not BlockKind.HEADING or _OF_TERMS_ALONE.fullmatch(context.shadow, block.start, block.end):
            continue
        section = context.document.section_of(index)
        if (
            section[0] <= sentence.start < section[1]
            and touches(section, others)
            and not name.within(context.shadow, *section)
        ):
            return True
    return False


def _is_name(context: Context, match: re.Match[str]) -> bool:
    """Whether words are spelled as only names are (a capital, digit or hyphen inside of one, or two with capitals), and
    something is said of what they name alone: "the labels of Birch-2"."""
    words = context.document.text[match.start() : match.end()]
    if _OF_ONE.search(context.shadow, max(0, match.start() - 12), match.start()) is None:
        return False
    return re.search(r"[\w]-\w|\w_\w|[a-z][A-Z]|[A-Za-z]\d|[A-Z]\w+ [A-Z\d]", words) is not None


def is_loose(context: Context, sentence: Sentence, names: re.Pattern[str] | None) -> bool:
    """Whether a sentence of running text speaks of no one dataset: it begins with a common word, its subject holds
    no name, and nowhere in it stands one of the others' `names` that no common word could be."""
    if sentence.kind not in (BlockKind.TEXT, BlockKind.ITEM) or not _LOOSE.match(context.shadow, sentence.start):
        return False
    verb = VERB.search(context.shadow, sentence.start, sentence.end)
    subject = _IN_BRACKETS.sub("", context.document.text[sentence.start : verb.start() if verb else sentence.end])
    if any(re.search(r"[A-Z\d]", word) for word in subject.split()[1:]):
        return False
    said = names.finditer(context.shadow, sentence.start, sentence.end) if names else ()
    return not any(_is_name(context, match) for match in said)


def any_of(titles: Sequence[re.Pattern[str]]) -> re.Pattern[str] | None:
    """A pattern for any of some names, the longer before those they begin with; None for none."""
    told = sorted((title.pattern for title in titles), key=len, reverse=True)
    return re.compile("|".join(told)) if told else None

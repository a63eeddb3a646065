"""Whose a statement is, in a sentence that names several datasets."""

from __future__ import annotations

import re

from terms import creative_commons
from terms.naming import Name
from terms.sentences import Context

EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|(?:all|everything|any|each) but|mit ausnahme (?:von|der|des)|außer|ausgenommen|bis auf|à l'exception d[eu]|sauf|hormis|excepto|salvo|con (?:la )?excepción de|excluding|other than|but not|apart from|with the exception of|does not (?:apply|cover|include)|not (?:for|to|covered))\b"
)
_WORDS = r"(?!(?:which|that|whose|qui|que|it|they|these|this)\b)[\w-]+(?:\s[\w-]+){0,2}?"
_JOINED = re.compile(r"\W*(?:and|or|under|as|via|licen[sc]ed?|the|an?)?(?:\W+(?:the|an?|under))?\W*")
"""What stands between two statements of one subject: "in the public domain (CC0)"."""
_REFERS = re.compile(
    r"[\s;,]*(?:(?:and|but|however|yet)\W+)?(?:it|they|its (?:use|licen[sc]e)|this (?:data ?-?set|corpus|collection)|the (?:data|data ?-?set|corpus|collection))\b"
)
"""How a clause begins that goes on about what the one before it names: "Alder holds songs; it may …"."""
_JOINT_SUBJECT = re.compile(r"(?:(?:,|,? and|,? or|,? &) (?:the )?[A-Z\d][\w-]*(?: [A-Z\d][\w.-]*){0,4})+\s*")
_VERB_NEXT = re.compile(r"\W?(?:may|can|must|shall|should|are|cannot|have|were)\b")
_FOR = re.compile(r"\W{0,3}(?:licen[sc]e[sd]?\W{0,2})?(?:[:(]|for\b|to\b|appl(?:y|ies)\b|covers?\b|is the\b|are\b)")
_LEFT_OUT = rf"(?:(?:,|;|/|&|,? and|,? or)\s+(?:the\s+)?{_WORDS})*"
_TOLD = re.compile(
    rf"{_LEFT_OUT}(?:\s?(?:data ?-?sets?|corp(?:us|ora)|ones))?(?:\s?[(:]\s?|,? (?:which|that) (?:is|are|comes?|have|has) (?:\w+ ){{0,3}}(?:the |a )?)"
)
"""What may stand between a name and what is said of it."""
_RESUMES = re.compile(
    rf"\s(?:for |the |of |der |die |das |de |la |le )*{_WORDS}{_LEFT_OUT}(?:\s(?:data ?-?sets?|corp(?:us|ora)|ones))?,?\s(?:is|are|was|were|may|can|has|have|comes?|falls?|stehen|sind|sont|son|están)\b"
)
"""After "all but Alder" the sentence goes on about all: "all but Alder are under CC BY"."""
_ENDS = re.compile(r"\s?[);]")
_NAMED = re.compile(r"[A-Z\d]|\w*[A-Z]")
_COMMON = frozenset({
    "under", "the", "a", "an", "our", "we", "this", "these", "all", "both", "licensed", "licenced", "license", "licence",
    "licenses", "released", "available", "distributed", "data", "datasets", "for", "in", "with", "as", "and", "open",
    "free", "creative", "commons", "public", "domain", "cc", "terms", "rights", "you", "use", "published", "using",
})  # fmt: skip
_LISTED = r"(?:[,;.]|\b(?:and|or|while|whereas|but))\s+(?:the\s+)?[A-Z][\w-]*(?:\s[A-Z0-9][\w.-]*)*\s*"
_NEXT = re.compile(rf"{_LISTED}(?:[:(,]|\Z)")
_NEXT_SUBJECT = re.compile(rf"{_LISTED}(?:[:(]|\b(?:is|are|was|has|comes?|falls?|under|uses?)\b)")
"""How a list goes on to its next name, and what is said of it."""
_ONLY = re.compile(r"\b[Oo]nly\s+(?:the\s+)?[A-Z]")
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
    if name.within(low, start, end):
        return True
    joined = start > neighbors[0] > sentence[0] and _JOINED.fullmatch(low, neighbors[0], start) is not None
    referring = _REFERS.match(low, neighbors[0], start) is not None
    before = sentence[0] if joined or referring else max(sentence[0], neighbors[0]), start
    if name.within(low, *before):
        *_, (named, _) = name.occurrences(low, *before)
        # What a clause forbids behind the name ("… not for sale") takes the name out of nothing.
        left_out = EXCEPT.search(low, before[0], named if start == end else start)
        if left_out:
            return _is_told_of(name, low, before)
        *_, (_, named) = name.occurrences(low, *before)
        between = context.document.text[named:start]
        if _JOINT_SUBJECT.fullmatch(between) and _VERB_NEXT.match(low, start, end):
            return True
        return not _goes_on_to_another(between)
    if name.within(low, sentence[0], start):
        return False
    stop = min(sentence[1], neighbors[1])
    leads_on = _FOR.match(low, end, stop) or not (
        _SAYS.search(low, *before)
        or _ENDS.match(low, end, stop)
        or _names_another(context.document.text[slice(*before)])
    )
    if not leads_on or not name.within(low, end, stop):
        return False
    named, _ = next(name.occurrences(low, end, stop))
    return EXCEPT.search(low, end, named) is None


def leaves_to_others(context: Context, offset: int) -> bool:
    """Whether a statement about everything is at an offset told of what it leaves out: "all but Birch (CC BY-NC)"."""
    sentence = context.sentence_at(offset)
    if sentence is None or sentence.start >= offset:
        return False
    left_out = EXCEPT.search(context.shadow, sentence.start, offset)
    if left_out is None:
        return False
    if resumed := _RESUMES.match(context.shadow, left_out.end(), offset):
        return _NEXT_SUBJECT.search(context.document.text, resumed.end(), offset) is not None
    return _names_another(context.document.text[left_out.end() : offset])


def _goes_on_to_another(between: str) -> bool:
    """Whether between a name and a statement another name begins to be spoken of: "Alder (5 h), Birch (CC BY)",
    "Alder is ours; Birch: CC BY"; not "Alder, Birch and Cedar are under CC BY"."""
    if _ONLY.search(between):
        return True
    verb = _SAYS.search(between)
    if verb is None:
        return _NEXT.search(between) is not None
    return _NEXT_SUBJECT.search(between, verb.end()) is not None or (
        "(" in between and between.count("(") > between.count(")") and _NEXT.search(between) is not None
    )


def _is_told_of(name: Name, low: str, before: tuple[int, int]) -> bool:
    """Whether what stands before a statement ends with the name, as in "all but Birch (CC BY-NC)"."""
    *_, (_, end) = name.occurrences(low, *before)
    return bool(_TOLD.fullmatch(low, end, before[1]))


def _names_another(before: str) -> bool:
    """Whether the words before a statement hold a name, which it then belongs to ("Alder, CC BY, Birch")."""
    return any(_NAMED.match(word) and word.lower() not in _COMMON for word in re.findall(r"[\w-]+", before))


def _in_turn(context: Context, name: Name, sentence: tuple[int, int], start: int) -> bool:
    """Of "A and B are under X and Y, respectively": whether the license at an offset stands in the
    same place among what is said as the name among the names. When they cannot be counted: True for what is no
    license, and for a license only where there are more of them than names."""
    low = context.shadow
    verb = _SAYS.search(low, *sentence)
    if verb is None:
        return True
    names = re.split(r",? and |, | or ", low[sentence[0] : verb.start()].strip())
    after = low[verb.end() : sentence[1]]
    at = start - verb.end()
    places = [index for index, one in enumerate(names) if name.within(one, 0, len(one))]
    if len(places) != 1 or at < 0:
        return True
    items = list(re.finditer(r"(?:(?!, | and | or ).)+", after[: after.index("respectively")].rstrip(" ,")))
    if len(names) == len(items):
        return items[places[0]].start() <= at < items[places[0]].end()
    licenses = [place for place, _, _ in creative_commons.names_in(after)]
    if at not in licenses:
        return True
    if len(names) == len(licenses):
        return licenses.index(at) == places[0]
    return len(names) < len(licenses)

"""What a statement is about: data, code, website or something else; which layers; in whose words.

Judged from what stands around it: the sentence, the item or table row, the heading path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading import Scope, Subject
from domain.vocabulary import Layer
from terms import scope_words
from terms.asides import (
    begins_elsewhere,
    follows,
    is_facet,
    is_of_program,
    is_past,
    stands_beside,
    subject_words,
    turns_to,
)
from terms.document import BlockKind
from terms.layers import layers_in
from terms.naming import Name
from terms.sentences import LICENSE_HEADING, Context, Sentence

_LEAD = 500
_LONGEST_SITE_LINE = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """A scope; whether the statement is `unsure` to be about the data (a repository, a software that
    may be the thing itself, a relative clause, a guess): such a one narrows but never permits beside a
    `firm` one; and whether it speaks of what the dataset was made from."""

    scope: Scope
    unsure: bool = False
    upstream: bool = False
    guess: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """A statement's sentence and place, its own words, and the words around it: from the sentence's
    start (`lead`), from the statement before (`before`), to the statement after (`after`)."""

    sentence: Sentence
    start: int
    lead: str
    before: str
    after: str
    named: str
    own_part: bool
    narrows: bool
    name: Name | None
    of_rest: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement at `text[start:end]`. `neighbors` are the end of the statement before it and the
    start of the one after it in the same sentence (or the sentence's bounds); in a dataset's `own_part`
    the heading above does not make it another's; a `clause` is no license name that could stand as an
    adjective; one that `narrows` permits nothing for any purpose; `name` is the dataset that is asked about;
    it counts among the others `of_rest` where a sentence speaks of "all other datasets"."""

    start: int
    end: int
    neighbors: tuple[int, int]
    own_part: bool = False
    clause: bool = False
    narrows: bool = False
    name: Name | None = None
    of_rest: bool = False


def judge(context: Context, statement: Statement) -> Judged:
    """The scope of a statement."""
    start, end, neighbors = statement.start, statement.end, statement.neighbors
    sentence = context.sentence_at(start)
    if sentence is None:
        return Judged(Scope())
    path = context.headings(start)
    before = context.shadow[max(sentence.start, neighbors[0], start - _LEAD) : start]
    after = context.shadow[end : min(sentence.end, neighbors[1])]
    lead = context.shadow[max(sentence.start, start - _LEAD) : start]
    if scope_words.JOINS.fullmatch(before) and sentence.kind is not BlockKind.ROW:
        # "… under Apache 2.0 and WTFPL": the second has the subject of the first.
        before = lead
    if concession := scope_words.CONCESSION.search(before):
        # "While the code is under MIT, the data …": what is said is said of the main clause's subject.
        before = before[concession.end() :]
    words = _scope_words(before, after)
    if sentence.kind is BlockKind.ROW:
        before, lead = _in_row(before, lead, context.column(start))
    elif cut := lead.rfind(";") + 1:
        lead = lead[cut:]
    named = "" if statement.clause else context.shadow[start:end]
    if named and scope_words.FOR_DATA.match(after):
        # What stands before is of the license before: "MIT for code, CC BY 4.0 for data".
        before = ""
    judged = _subject(
        context,
        _Around(
            sentence,
            start,
            lead,
            before,
            after,
            named,
            statement.own_part,
            statement.narrows,
            statement.name,
            statement.of_rest,
        ),
    )
    layers = layers_in(subject_words(before)) or layers_in(words)
    if not layers and path and not LICENSE_HEADING.fullmatch(path[-1]) and not words:
        layers = layers_in(path[-1])
    if judged.scope.subject is Subject.CODE:
        layers = (Layer.CODE,)
    return Judged(Scope(judged.scope.subject, layers, words), judged.unsure, judged.upstream, judged.guess, judged.firm)


def _in_row(before: str, lead: str, column: str) -> tuple[str, str]:
    """What a statement in a table row stands under: its column's name, else its row's first cell."""
    if column and (layers_in(column) or scope_words.CODE.search(column) or scope_words.DATA.search(column)):
        return f"{column}: ", f"{column}: "
    if "|" in lead:
        first, _, rest = lead.partition("|")
        cell = rest.rpartition("|")[2]
        return (
            (f"{first}: {cell}", f"{first}: {cell}")
            if layers_in(first) or scope_words.CODE.search(first)
            else (cell, cell)
        )
    return before, lead


def _scope_words(before: str, after: str) -> str:
    """The page's own words for the part a statement covers: "… for core data" behind it, or
    "Core data: …", "The core data is …" before it."""
    behind = re.match(
        r"[\s\"'()\]*|]{0,4}(?:licen[sc]e\s)?(?:for|on|covers|covering|applies to)\s(?:all\s|the\s|our\s)?([\w' -]{3,60}?)(?=\s*(?:[./;,|()]|\band\b|$))",
        after,
    )
    if behind:
        return behind[1].strip()
    ahead = re.search(
        r"(?:^|[.;/|,]|\band\b)\s*(?:all |the |our |this )?([\w' -]{3,60}?)(?:\s(?:is|are|has|have been|was|were)\b|:)",
        before,
    )
    return ahead[1].strip() if ahead else ""


def _subject(context: Context, around: _Around) -> Judged:
    sentence, lead, before, after, named = around.sentence, around.lead, around.before, around.after, around.named
    path = context.headings(around.start)
    last = path[-1] if path else ""
    if sentence.kind is BlockKind.FIELD and not (named and scope_words.FOR_CODE.match(after)):
        key = context.shadow[sentence.start : sentence.end].partition(":")[0]
        return Judged(Scope(Subject.CODE if scope_words.FIELD_OF_CODE.search(key) else Subject.DATA))
    if (
        sentence.kind is not BlockKind.ROW
        and not around.narrows
        and sentence.end - sentence.start <= _LONGEST_SITE_LINE
        and scope_words.SITE_LINE.search(context.shadow, sentence.start, sentence.end)
    ):
        return Judged(Scope(Subject.WEBSITE))
    in_code = sentence.kind is BlockKind.CODE and not context.mostly_code
    if in_code and not LICENSE_HEADING.search(last) and context.speaks_of_data:
        return Judged(Scope(Subject.OTHER))
    if named and is_facet(context, sentence):
        return Judged(Scope(Subject.OTHER))
    if scope_words.BIBTEX.search(lead):
        return Judged(Scope(Subject.OTHER))
    said = around.name is not None and around.name.within(context.shadow, sentence.start, sentence.end)
    elsewhere = (
        # What news tell of the dataset by name is its own.
        (scope_words.OTHER_HEADING.search(last) and not (said and scope_words.NEWS_HEADING.search(last)))
        or (not around.narrows and not said and not around.own_part and scope_words.QUESTIONS_HEADING.search(last))
        or (not around.own_part and scope_words.OTHER_SETS.search(last))
    )
    if elsewhere and not re.search(r"licen[sc]", last):
        return Judged(Scope(Subject.OTHER), upstream=bool(scope_words.ORIGIN_HEADING.search(last)))
    if (named and (scope_words.ATTRIBUTIVE.match(after) and not scope_words.GRANT.search(lead))) or (
        scope_words.LICENSED_NOUN.match(after)
        and named.endswith(("licensed", "licenced"))
        and not scope_words.PREDICATE.search(lead)
    ):
        own = scope_words.OWN_NOUN.match(after) and re.search(
            r"\b(?:is|are|this|our) (?:an? |the )?(?:\w+ ){0,3}\W{0,2}\Z", lead
        )
        return Judged(Scope(Subject.DATA if own else Subject.OTHER))
    if (
        named
        and context.speaks_of_data
        and (scope_words.LABELED_OTHER.search(lead) or scope_words.NOT_YET_AFTER.match(after))
    ):
        return Judged(Scope(Subject.OTHER))
    if named and (scope_words.COVERS_CODE.match(after) or scope_words.FOR_CODE.match(after)):
        return Judged(Scope(Subject.CODE))
    if context.speaks_of_data and (
        begins_elsewhere(context, sentence, around.of_rest) or scope_words.OLD_VERSION.search(lead)
    ):
        return Judged(Scope(Subject.OTHER))
    if (
        scope_words.NOT_AFTER.match(after)
        or scope_words.NEGATED.search(lead)
        or (scope_words.FROM_WHICH.search(lead) and scope_words.TO_WHICH.match(after))
        or is_past(lead)
    ):
        return Judged(Scope(Subject.OTHER))
    foreign = scope_words.FOREIGN.search(lead)
    if foreign is not None and around.narrows and foreign.group() in scope_words.EXAMPLES:
        # "The recordings, such as Birch, may not be sold": what is forbidden is not forbidden for the example alone.
        foreign = None
    relative = scope_words.RELATIVE_CLAUSE.search(lead)
    if foreign is not None:
        of_itself = (
            bool(scope_words.SELF.search(lead, 0, foreign.start()))
            or scope_words.COMES_FROM.match(lead) is not None
            or turns_to(around.name, lead, foreign.end())
            or (around.own_part and bool(named) and stands_beside(lead[foreign.start() :], after))
        )
        if not of_itself or scope_words.RELATIVE.search(lead, foreign.end()):
            return Judged(Scope(Subject.OTHER), upstream=not scope_words.COMPARISON.search(foreign.group()))
    if context.shadow[around.start : sentence.end].rstrip(" \"')*_").endswith("?") or (
        scope_words.HEDGED.search(lead) and context.begun(sentence) is not True
    ):
        return Judged(Scope(), guess=True)
    if (
        relative is not None
        and not follows(around.name, lead, relative.start())
        and scope_words.VERB.search(lead, 0, relative.start())
        and not scope_words.OWN_ACT.search(lead, 0, relative.start())
    ):
        return Judged(Scope(), guess=True)
    if scope_words.INBOUND.search(subject_words(before)):
        # What contributors grant is no offer to us, though what they reserve may bind us.
        return Judged(Scope(), guess=True)
    if not around.narrows and context.speaks_of_data and is_of_program(context, sentence, around.start):
        return Judged(Scope(Subject.CODE))
    subject = subject_words(before)
    if around.narrows and scope_words.OTHER_SUBJECT.search(subject):
        # "The site is gone and we know of no license": the site is the subject of the first half only.
        subject = ""
    if scope_words.OF_INSTITUTION.search(context.shadow, max(sentence.start, around.start - 40), sentence.end):
        subject = subject.removesuffix("library ")
    of_page = around.narrows or around.of_rest
    judged = _named_subject(context, subject, last, before, of_page)
    if said and around.narrows and judged.scope.subject is Subject.OTHER:
        # "For Alder the firms agreed to publication, not to trade": what limits the dataset by name binds it.
        return Judged(Scope())
    return judged


def _named_subject(context: Context, subject: str, last: str, before: str, of_page: bool) -> Judged:
    """What the words before the verb name: code, data, the site, or a repository that may hold any. "The data on
    this page" is data where something is forbidden or given `of_page`, of all its datasets."""
    if scope_words.OF_SITE.search(subject) and not (of_page and scope_words.DATA_OF_SITE.search(subject)):
        return Judged(Scope(Subject.WEBSITE))
    code, data, site = (
        scope_words.CODE.search(subject) or scope_words.CODE_AT_END.search(subject),
        scope_words.DATA.search(subject),
        scope_words.SITE.search(subject),
    )
    repository = scope_words.REPOSITORY.search(subject)
    if (scope_words.PAPER.search(subject) or scope_words.ASSETS.search(subject)) and not data:
        return Judged(Scope(Subject.OTHER))
    if code and not context.speaks_of_data:
        return Judged(Scope(), unsure=True)
    if code and data:
        # "the code of the dataset" and "the dataset's code" are code, "a corpus of code" is data,
        # "code and data" is both.
        first, second = sorted((code, data), key=lambda match: match.start())
        between = subject[first.end() : max(first.end(), second.start())]
        joined = re.search(r"\b(?:and|or|as well as|und|et|y)\b|[,&/]", between)
        holds = first is data and re.search(r"\b(?:of|from|containing|with|about)\b", between)
        return Judged(Scope(Subject.DATA if joined or holds else Subject.CODE), firm=True)
    if code:
        return Judged(Scope(Subject.CODE))
    if data:
        return Judged(Scope(), firm=True)
    if repository:
        return Judged(Scope(), unsure=not scope_words.DATA.search(before))
    if site and (context.speaks_of_data or "site" in site.group()):
        return Judged(Scope(Subject.WEBSITE))
    if last and (
        scope_words.TOOLS_HEADING.search(last) or (scope_words.CODE_HEADING.search(last) and context.speaks_of_data)
    ):
        return Judged(Scope(Subject.CODE))
    if last and scope_words.SITE_HEADING.search(last):
        return Judged(Scope(Subject.WEBSITE))
    return Judged(Scope())

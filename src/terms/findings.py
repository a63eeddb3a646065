"""From mentions and sentences to findings: what is stated, about what, with its quote."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from domain.reading import Finding, FindingKind, Scope, Subject
from domain.rights import Rights
from domain.vocabulary import RightValue
from terms import clauses
from terms.clauses import ClauseRule
from terms.document import BlockKind
from terms.families import Families
from terms.fulltext import Recognized
from terms.identify import Mention
from terms.locate import Spans
from terms.naming import Name
from terms.parts import belongs
from terms.scoping import GRANT, Judged, judge
from terms.sentences import Context, Sentence
from terms.shadow import shadow

_NOTICE = 900
"""A text up to this many characters is a notice: all it says is about terms."""

_TO_US = re.compile(
    r"\b(?:you|users?|uploaders?|contributors?|authors?) (?:\w+ )?(?:hereby )?(?:agree to )?(?:grant|give)s?\b|\bgrant(?:s|ing|ed)? (?:to )?(?:us|the company)\b"
)
_CONTRAST = re.compile(r";|,? (?:while|whereas|but|however|and (?=\w+(?: \w+){0,4} (?:is|are|may|can|must) ))")
_COMMENT = "machine_readable/comment"
_IN_PLACE = frozenset({_COMMENT, "machine_readable/link_target"})
_OF_DATA = re.compile(r"\b(?:data ?sets?|databases?|(?:open|public|our|the|this) data)\b")
_LONGEST_QUOTE = 400
_LONGEST_SENTENCE = 3_000


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a text that counts, and the sentences that stand in it. In sentences that begin in
    `prose` only what is said of `name` counts. `machine` says which machine-readable statements count."""

    spans: Spans
    sentences: tuple[Sentence, ...]
    name: Name | None = None
    prose: Spans = ()
    machine: Callable[[Mention], bool] = lambda _: True

    @staticmethod
    def of(context: Context, spans: Spans, recognized: Sequence[Recognized] = ()) -> Place:
        """The sentences of some spans but for those that are a standard license's own."""
        own = {(s.start, s.end) for found in recognized for s in found.sentences}
        bounds = sorted(spans)
        starts = [start for start, _ in bounds]
        sentences = []
        for sentence in context.sentences:
            index = bisect_right(starts, sentence.end - 1) - 1
            if index >= 0 and bounds[index][1] > sentence.start and (sentence.start, sentence.end) not in own:
                sentences.append(sentence)
        return Place(tuple(bounds), tuple(sentences))

    def holds(self, offset: int) -> bool:
        """Whether an offset lies in the part."""
        return any(start <= offset < end for start, end in self.spans)

    def is_prose(self, sentence: Sentence) -> bool:
        """Whether only what is said of the name counts in a sentence."""
        return any(start <= sentence.start < end for start, end in self.prose)


def of_license_texts(context: Context, families: Families, recognized: Sequence[Recognized]) -> list[Finding]:
    """A finding for each standard license text a document holds, quoted by its first sentence."""
    result = []
    for found in recognized:
        first = found.sentences[0]
        end = min(first.end, first.start + 200)
        result.append(
            Finding(
                FindingKind.LICENSE_TEXT,
                "full_text/spdx",
                context.document.text[first.start : end],
                first.start,
                end,
                Scope(),
                found.license_id,
                families.rights(found.license_id),
                families.duties(found.license_id),
                f"similarity {found.score:.3f}",
            )
        )
    return result


class Statements:
    """Makes findings of one document's mentions and sentences."""

    def __init__(self, context: Context, families: Families, place: Place, found: Sequence[Mention]) -> None:
        self._context = context
        self._families = families
        self._place = place
        self._short = len(context.document.text) <= _NOTICE
        own = {(s.start, s.end) for s in place.sentences}
        self._mentions = [m for m in found if self._counts(m, own)]
        self._starts = [m.start for m in self._mentions]

    def _counts(self, mention: Mention, own: set[tuple[int, int]]) -> bool:
        if mention.start == mention.end:
            if mention.rule in _IN_PLACE:
                return self._place.holds(mention.start) or self._place.spans[-1][1] <= mention.start
            return self._place.machine(mention)
        sentence = self._context.sentence_at(mention.start)
        return sentence is not None and (sentence.start, sentence.end) in own and self._place.holds(mention.start)

    def licenses(self) -> list[Finding]:
        """Findings of the licenses mentioned."""
        judged = [self._license(mention) for mention in self._mentions]
        kept = [item for item in judged if item is not None]
        firm = any(f.scope.subject is Subject.DATA and not j.repository for f, j in kept)
        result = []
        for finding, item in kept:
            widens = finding.scope.subject is Subject.DATA and finding.rights.commercial_use.usable
            if item.repository and widens and (firm or not self._repository_is_data(finding)):
                # "This repository is under MIT" beside a statement about the data is about the code;
                # one that narrows counts in either case.
                finding = replace(finding, scope=replace(finding.scope, subject=Subject.CODE))
            result.append(finding)
        return result

    def _repository_is_data(self, finding: Finding) -> bool:
        return self._short or self._context.in_license_section(finding.start) or not self._context.speaks_of_data

    def _license(self, mention: Mention) -> tuple[Finding, Judged] | None:
        if mention.start == mention.end:
            scope = Scope(mention.subject)
            if mention.rule == _COMMENT and self._families.rights(mention.license).commercial_use.usable:
                # What was commented out permits nothing; a restriction in it still narrows.
                scope = Scope(Subject.OTHER)
            return self._finding(mention, scope), Judged(scope)
        context = self._context
        sentence = context.sentence_at(mention.start)
        if sentence is None:
            return None
        neighbors = self._neighbors(mention, sentence)
        if not self._is_of_name(sentence, mention.start, mention.end, neighbors):
            return None
        judged = judge(context, mention.start, mention.end, neighbors, context.column(mention.start))
        words = context.shadow[sentence.start : sentence.end]
        field = sentence.kind is BlockKind.FIELD
        section = context.in_license_section(mention.start)
        strong = field or section or self._short or bool(GRANT.search(words)) or context.license_column(mention.start)
        if mention.weak and not (field or (strong and len(words) < 250)):
            return None
        scope = judged.scope
        if not strong:
            scope = replace(scope, subject=Subject.OTHER)
        return self._finding(mention, scope), judged

    def _is_of_name(self, sentence: Sentence, start: int, end: int, neighbors: tuple[int, int]) -> bool:
        place = self._place
        if place.name is None or not place.is_prose(sentence):
            return True
        return belongs(self._context, place.name, (sentence.start, sentence.end), start, end, neighbors)

    def _neighbors(self, mention: Mention, sentence: Sentence) -> tuple[int, int]:
        """Where the statement before a mention ends and the one after it starts, in its sentence."""
        low = bisect_left(self._starts, sentence.start)
        high = bisect_right(self._starts, sentence.end)
        around = self._mentions[low:high]
        before = max((m.end for m in around if m.end <= mention.start and m.end > m.start), default=sentence.start)
        after = min((m.start for m in around if m.start >= mention.end and m.end > m.start), default=sentence.end)
        return before, after

    def _finding(self, mention: Mention, scope: Scope) -> Finding:
        quote = self._context.document.text[mention.start : mention.end] or mention.raw
        return Finding(
            mention.kind,
            mention.rule,
            quote,
            mention.start,
            mention.end,
            scope,
            mention.license,
            self._families.rights(mention.license),
            self._families.duties(mention.license),
            mention.raw if mention.raw and mention.raw != quote else "",
        )

    def clauses(self) -> list[Finding]:
        """Clauses in the sentences that count. Words inside a license's name or in headings make no
        clause."""
        pieces = [
            (sentence, start)
            for sentence in self._place.sentences
            if sentence.kind is not BlockKind.HEADING
            for start in range(sentence.start, sentence.end, _LONGEST_SENTENCE)
        ]
        found = clauses.candidates(self._context.shadow, [start for _, start in pieces])
        result = []
        for index in sorted(found):
            sentence, start = pieces[index]
            end = min(sentence.end, start + _LONGEST_SENTENCE + 300)
            result.extend(self._clauses_of(sentence, start, end, found[index]))
        return result

    def _clauses_of(self, sentence: Sentence, start: int, end: int, rules: Sequence[ClauseRule]) -> list[Finding]:
        context = self._context
        words = self._masked(start, end)
        result = []
        stated: bool | None = None
        for rule in rules:
            match = rule.match(words)
            if match is None or (rule.widens and self._is_of_service(words)):
                continue
            if not rule.anywhere:
                if stated is None:
                    stated = self._states_terms(sentence)
                if not stated:
                    continue
            at = start + match.start()
            if not self._place.holds(at) or not self._is_of_name(sentence, *self._part(sentence, at)):
                continue
            judged = judge(context, at, start + match.end(), (sentence.start, sentence.end), context.column(at))
            scope = judged.scope
            if judged.upstream and rule.upstream:
                scope = replace(scope, subject=Subject.DATA)
            left, right = sentence.start, sentence.end
            if right - left > _LONGEST_QUOTE:
                left, right = max(left, at - 150), min(right, start + match.end() + 150)
            quote = context.document.text[left:right]
            kind, name = FindingKind.CLAUSE, f"clause/{rule.id}"
            result.append(Finding(kind, name, quote, left, right, scope, None, rule.rights, rule.duties, rule.note))
        return result

    def _part(self, sentence: Sentence, at: int) -> tuple[int, int, tuple[int, int]]:
        """The part of a sentence between semicolons and contrasts that holds an offset, as the start
        and end of an empty statement at its end."""
        low = self._context.shadow
        cuts = [m.start() for m in _CONTRAST.finditer(low, sentence.start, sentence.end)]
        start = max((cut for cut in cuts if cut <= at), default=sentence.start)
        end = min((cut for cut in cuts if cut > at), default=sentence.end)
        return end, end, (start, end)

    def comments(self) -> list[Finding]:
        """Restrictions that stand only in comments of the page's source."""
        result = []
        for mark in self._context.document.marks:
            if mark.place != "comment" or not self._place.holds(min(mark.at, max(0, self._place.spans[-1][1] - 1))):
                continue
            words = shadow(mark.value)
            for rule in clauses.rules():
                restricts = Rights()
                for action, right in rule.rights:
                    if right.value is RightValue.PROHIBITED:
                        restricts = restricts.with_right(action, right)
                if restricts.speaks and rule.match(words) is not None:
                    kind = FindingKind.MACHINE_READABLE
                    result.append(Finding(kind, f"clause/{rule.id}", mark.value, mark.at, mark.at, rights=restricts))
        return result

    def _is_of_service(self, words: str) -> bool:
        """Whether a sentence grants something to the operator of a site, or the use of a service."""
        return bool(_TO_US.search(words)) or (self._context.reads_as_terms and not _OF_DATA.search(words))

    def _states_terms(self, sentence: Sentence) -> bool:
        """Whether a sentence stands where terms are being stated."""
        context = self._context
        return (
            self._short
            or sentence.kind is BlockKind.FIELD
            or context.in_license_section(sentence.start)
            or context.reads_as_terms
            or bool(GRANT.search(context.shadow[sentence.start : sentence.end]))
        )

    def _masked(self, start: int, end: int) -> str:
        """The shadow with license names blotted out."""
        words = self._context.shadow[start:end]
        for mention in self._mentions[bisect_left(self._starts, start - 200) : bisect_left(self._starts, end)]:
            if mention.kind is FindingKind.LICENSE_NAME and mention.end > start:
                begin, stop = max(0, mention.start - start), min(len(words), mention.end - start)
                words = words[:begin] + "x" * (stop - begin) + words[stop:]
        return words

"""From mentions of licenses to findings: which license is stated, about what, with its quote."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from domain.reading import Finding, FindingKind, Scope, Subject
from terms import scope_words
from terms.dates import not_yet
from terms.document import BlockKind
from terms.families import Families, family_name
from terms.fulltext import Recognized
from terms.identify import Mention
from terms.later import ends, of_another_day
from terms.layers import layers_in
from terms.scope_words import GRANT
from terms.scoping import Judged, Statement, judge
from terms.sentences import Context, Sentence
from terms.spans import length, merged
from terms.standing import COMMENT, Standing

_STATES = re.compile(r"(?:\bunder|licen[sc]\w*|lizenz\w*|licencia|:|\||=|\bor|\band|/|,)\W*(?:\w+\W+){0,4}\Z")
_LICENSE_NEXT = re.compile(
    r"\W{0,3}(?:open[ -]source )?(?:licen[sc]|lizenz)|\W{0,3}https?://\S{0,80}licen|\W{0,2}(?:or|and|/)\b[^.]{0,25}licen"
)
_INTRODUCES = re.compile(r"licen[sc]|\bunder\b|:\W*\Z")
_LICENSED = re.compile(r"\b(?:licen[sc]ed|marked)(?: with)?(?: (?:the|an?))?\W{0,2}\Z")
_IS = re.compile(r"\b(?:is|are|under|ist|sind|est|sont|es|son)(?: an?| the)?\W{0,3}\Z")


def of_license_texts(context: Context, families: Families, recognized: Sequence[Recognized]) -> list[Finding]:
    """A finding for each standard license text a document holds, quoted by its first sentence."""
    result = []
    for found in recognized:
        first = found.sentences[0]
        before = context.sentence_before(first)
        said = context.shadow[before.start : before.end] if before else ""
        layers = layers_in(said) if _INTRODUCES.search(said) else ()
        end = min(first.end, first.start + 200)
        result.append(
            Finding(
                FindingKind.LICENSE_TEXT,
                "full_text/spdx",
                context.document.text[first.start : end],
                first.start,
                end,
                Scope(layers=layers),
                found.license_id,
                families.rights(found.license_id),
                families.duties(found.license_id),
                f"similarity {found.score:.3f}",
            )
        )
    return result


_FEWEST_BESIDE = 6
"""A sentence with fewer characters beside the names in it is nothing but a license: "CC BY 4.0 (Attribution 4.0)"."""


class LicenseStatements:
    """Makes findings of the licenses one document mentions."""

    def __init__(self, standing: Standing, families: Families) -> None:
        self._context = standing.context
        self._families = families
        self._place = standing.place
        self._standing = standing

    def licenses(self) -> list[Finding]:
        """Findings of the licenses mentioned."""
        judged = [self._license(mention) for mention in self._standing.mentions]
        kept = [item for item in judged if item is not None]
        data = [(f, j) for f, j in kept if f.scope.subject is Subject.DATA and not j.guess]
        firm = any(j.firm for _, j in data)
        others = {family_name(str(f.license)) for f, j in data if not j.unsure}
        of_code = {f.license for f, _ in kept if f.scope.subject is Subject.CODE and self._covers_code(f)}
        result = []
        for finding, item in kept:
            if finding.license in of_code and self._is_tag(finding):
                finding = replace(finding, scope=Scope(Subject.CODE))
            if finding.scope.subject is Subject.DATA and finding.rights.commercial_use.usable:
                beside = firm or bool(others - {family_name(str(finding.license))})
                sentence = self._context.sentence_at(finding.start)
                if sentence is not None and self._standing.is_of_another(sentence, finding.start):
                    finding = replace(finding, scope=replace(finding.scope, subject=Subject.OTHER))
                elif item.guess:
                    # A guess, a plan, a question grants nothing; the narrow ones are heard.
                    finding = replace(finding, scope=replace(finding.scope, subject=Subject.OTHER))
                elif item.unsure and (beside or not self._may_be_data(finding)):
                    # "This repository is under MIT" beside a statement about the data is about the code.
                    finding = replace(finding, scope=replace(finding.scope, subject=Subject.CODE))
            result.append(finding)
        return result

    def _may_be_data(self, finding: Finding) -> bool:
        context = self._context
        return self._standing.short or context.in_license_section(finding.start) or not context.speaks_of_data

    def _covers_code(self, finding: Finding) -> bool:
        """Whether a license is said to be the code's: "The MIT license covers the code"."""
        return scope_words.COVERS_CODE.match(self._context.shadow, finding.end) is not None

    def _is_tag(self, finding: Finding) -> bool:
        """Whether a license stands in a field, in words of nobody."""
        sentence = self._context.sentence_at(finding.start)
        return sentence is not None and sentence.kind is BlockKind.FIELD

    def _license(self, mention: Mention) -> tuple[Finding, Judged] | None:
        if mention.start == mention.end:
            scope = Scope(mention.subject)
            if mention.rule == COMMENT and self._families.rights(mention.license).commercial_use.usable:
                # What was commented out permits nothing; a restriction in it still narrows.
                scope = Scope(Subject.OTHER)
            return self._finding(mention, scope), Judged(scope)
        context = self._context
        sentence = context.sentence_at(mention.start)
        if sentence is None:
            return None
        neighbors = self._neighbors(mention, sentence)
        if not self._standing.is_of_name(sentence, mention.start, mention.end, neighbors):
            return None
        judged = judge(
            context,
            Statement(
                mention.start,
                mention.end,
                neighbors,
                self._standing.is_own(sentence),
                name=self._place.name,
                of_rest=self._place.of_rest,
            ),
        )
        field = sentence.kind is BlockKind.FIELD
        section = context.in_license_section(mention.start)
        strong = (
            field
            or section
            or self._standing.short
            or self._standing.is_own(sentence)
            or self._is_stated(mention, sentence)
        )
        if not strong and sentence.kind in (BlockKind.ITEM, BlockKind.ROW):
            # A list that names licenses without a verb permits nothing, but what narrows is heard.
            strong = not self._families.rights(mention.license).commercial_use.usable
        if mention.weak and not (field or self._is_weak_stated(mention, sentence)):
            return None
        scope = judged.scope
        if not strong:
            scope = replace(scope, subject=Subject.OTHER)
        finding = self._finding(mention, scope)
        if ends(context.shadow[mention.end : sentence.end]) or context.begun(sentence) is False:
            finding = of_another_day(finding, not_yet(context.shadow[sentence.start : sentence.end]))
        return finding, judged

    def _is_stated(self, mention: Mention, sentence: Sentence) -> bool:
        """Whether a sentence states a license rather than mentions it: by its words, by naming it after
        the verb, by being nothing else, or by its column."""
        context = self._context
        words = context.shadow[sentence.start : sentence.end]
        alone = sentence.kind in (BlockKind.TEXT, BlockKind.HEADING) and self._beside_names(sentence) < _FEWEST_BESIDE
        return (
            alone
            or bool(GRANT.search(words))
            or bool(_IS.search(context.shadow[max(sentence.start, mention.start - 20) : mention.start]))
            or bool(_LICENSED.search(context.shadow[max(sentence.start, mention.start - 30) : mention.start]))
            or context.license_column(mention.start)
        )

    def _beside_names(self, sentence: Sentence) -> int:
        """How many characters of a sentence stand in no name of a license."""
        low = bisect_left(self._standing.starts, sentence.start)
        high = bisect_right(self._standing.starts, sentence.end)
        named = merged((m.start, m.end) for m in self._standing.mentions[low:high] if m.start < m.end <= sentence.end)
        return sentence.end - sentence.start - length(named)

    def _is_weak_stated(self, mention: Mention, sentence: Sentence) -> bool:
        """Whether a word that is also something else (MIT, Apache) stands for a license: written as a
        name, with words of licensing beside it or nothing but itself."""
        context = self._context
        spelled = context.document.text[mention.start : mention.end]
        if spelled.islower() and " " not in spelled and not context.license_column(mention.start):
            return False
        before = context.shadow[max(sentence.start, mention.start - 80) : mention.start]
        after = context.shadow[mention.end : min(sentence.end, mention.end + 120)]
        if re.match(r"-\w", after):
            return False
        alone = sentence.end - sentence.start - (mention.end - mention.start) < 12 and (
            context.in_license_section(mention.start) or len(context.document.text) < 80
        )
        return (
            alone or bool(_STATES.search(before) or _LICENSE_NEXT.match(after)) or context.license_column(mention.start)
        )

    def _neighbors(self, mention: Mention, sentence: Sentence) -> tuple[int, int]:
        """Where the statement before a mention ends and the one after it starts, in its sentence."""
        low = bisect_left(self._standing.starts, sentence.start)
        high = bisect_right(self._standing.starts, sentence.end)
        around = self._standing.mentions[low:high]
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

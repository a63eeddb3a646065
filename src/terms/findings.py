"""From mentions and sentences to findings: what is stated, about what, with its quote."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from domain.reading import Finding, FindingKind, Scope, Subject
from terms import clauses
from terms.attribution import belongs
from terms.clauses import ClauseRule
from terms.dates import has_come, not_yet
from terms.document import BlockKind
from terms.families import Families, family_name
from terms.fulltext import Recognized
from terms.identify import Mention
from terms.later import ends, of_another_day
from terms.layers import layers_in, layers_left_out
from terms.lists import LIST_MARKER, list_leads
from terms.place import Place
from terms.scoping import GRANT, Judged, Statement, judge
from terms.sentences import Context, Sentence
from terms.shadow import shadow

_NOTICE = 900
"""A text up to this many characters is a notice: all it says is about terms."""

_TO_US = re.compile(
    r"\b(?:you|users?|uploaders?|contributors?|authors?) (?:\w+ )?(?:hereby )?(?:agree to )?(?:grant|give)s?\b|\bgrant(?:s|ing|ed)? (?:to )?(?:us|the company)\b"
)
_STATES = re.compile(r"(?:\bunder|licen[sc]\w*|lizenz\w*|licencia|:|\||=|\bor|\band|/|,)\W*(?:\w+\W+){0,4}\Z")
_LICENSE_NEXT = re.compile(
    r"\W{0,3}(?:open[ -]source )?(?:licen[sc]|lizenz)|\W{0,3}https?://\S{0,80}licen|\W{0,2}(?:or|and|/)\b[^.]{0,25}licen"
)
_INTRODUCES = re.compile(r"licen[sc]|\bunder\b|:\W*\Z")
_IS = re.compile(r"\b(?:is|are|under|ist|sind|est|sont|es|son)(?: an?| the)?\W{0,3}\Z")
_CONTRAST = re.compile(r";|,? (?:while|whereas|but|however|and (?=\w+(?: \w+){0,4} (?:is|are|may|can|must) ))")
_COMMENT = "machine_readable/comment"
_IN_PLACE = frozenset({_COMMENT, "machine_readable/link_target"})
_OF_DATA = re.compile(r"\b(?:data ?sets?|databases?|(?:open|public|our|the|this) data)\b")
_LONGEST_QUOTE = 400
_LONGEST_NOTE = 500
"""A paragraph up to this many characters is a remark; a longer one is legal text or a description."""
_LONGEST_LIMIT = 300
"""A sentence up to this many characters is taken for a limit wherever it stands."""
_ABOUT_LICENSES = re.compile(
    r"licen[sc]|copyright|\bterms\b|legal|\brights\b|permission|lizenz|nutzungsbedingungen|urheberrecht|droits|derechos"
)
"""Headings of licenses alone: under "Usage" pages also tell how the files are opened."""
_BARE = frozenset({BlockKind.FIELD, BlockKind.CODE, BlockKind.ROW})
_OWNER = re.compile(
    r"\b(?:property of|owned by|held by|belongs? to|(?:remains?|rests?|lies?|stays?) with|copyrighted by|reserved by) (?:the |its |their )?(?:\w+ )?(?:labels?|texts?|images?)\b"
)
_ENDS = re.compile(
    r"\A[^.;,]{0,25}?\b(?:until|till|through|bis|jusqu'au|jusqu'en|hasta)\b[^.;,\d]{0,15}(?:\d|jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec|further|the end)"
)


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
        data = [(f, j) for f, j in kept if f.scope.subject is Subject.DATA and not j.guess]
        firm = any(j.firm for _, j in data)
        others = {family_name(str(f.license)) for f, j in data if not j.unsure}
        result = []
        for finding, item in kept:
            if finding.scope.subject is Subject.DATA and finding.rights.commercial_use.usable:
                beside = firm or bool(others - {family_name(str(finding.license))})
                if item.guess:
                    # A guess, a plan, a question grants nothing; the narrow ones are heard.
                    finding = replace(finding, scope=replace(finding.scope, subject=Subject.OTHER))
                elif item.unsure and (beside or not self._may_be_data(finding)):
                    # "This repository is under MIT" beside a statement about the data is about the code.
                    finding = replace(finding, scope=replace(finding.scope, subject=Subject.CODE))
            result.append(finding)
        return result

    def _may_be_data(self, finding: Finding) -> bool:
        context = self._context
        return self._short or context.in_license_section(finding.start) or not context.speaks_of_data

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
        judged = judge(
            context, Statement(mention.start, mention.end, neighbors, self._is_own(sentence), name=self._place.name)
        )
        field = sentence.kind is BlockKind.FIELD
        section = context.in_license_section(mention.start)
        strong = field or section or self._short or self._is_own(sentence) or self._is_stated(mention, sentence)
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
        alone = sentence.kind in (BlockKind.TEXT, BlockKind.HEADING) and len(words) - (mention.end - mention.start) < 4
        return (
            alone
            or bool(GRANT.search(words))
            or bool(_IS.search(context.shadow[max(sentence.start, mention.start - 20) : mention.start]))
            or context.license_column(mention.start)
        )

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

    def _is_own(self, sentence: Sentence) -> bool:
        """Whether a sentence stands in the part of the dataset that is asked about, or begins with it as
        with a title ("Alder: …")."""
        name = self._place.name
        if name is None or not self._place.is_prose(sentence):
            return name is not None
        title, colon, _ = self._context.shadow[sentence.start : min(sentence.end, sentence.start + 80)].partition(":")
        return bool(colon) and name.rank(title) in (0, 1)

    def _is_of_name(self, sentence: Sentence, start: int, end: int, neighbors: tuple[int, int]) -> bool:
        place = self._place
        if place.name is None:
            return True
        if not place.is_prose(sentence) and "respectively" not in self._context.shadow[sentence.start : sentence.end]:
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
        pieces = [sentence for sentence in self._place.sentences if sentence.kind is not BlockKind.HEADING]
        found = clauses.candidates(self._context.shadow, [sentence.start for sentence in pieces])
        result = []
        leads = list_leads(self._context)
        for index in sorted(found):
            sentence = pieces[index]
            result.extend(self._clauses_of(sentence, found[index]))
            lead = leads.get(sentence.start)
            if lead is not None:
                result.extend(self._forbidden_item(sentence, lead, found[index]))
        return result

    def _forbidden_item(self, item: Sentence, lead: Sentence, rules: Sequence[ClauseRule]) -> list[Finding]:
        """What an item says together with the words that lead to its list ("You may not:"). Only what
        narrows is taken from a lead: its other items may say the opposite of what it permits."""
        low = self._context.shadow
        opening = low[lead.start : lead.end].rstrip(": ")
        said = f"{opening} {LIST_MARKER.sub('', low[item.start : item.end])}"
        if not self._place.holds(item.start):
            return []
        judged = judge(
            self._context,
            Statement(item.start, item.end, (item.start, item.end), self._is_own(item), clause=True),
        )
        result = []
        for rule in rules:
            match = None if rule.widens else rule.match(said)
            if match is None or match.start() >= len(opening) or match.end() <= len(opening):
                continue
            quote = self._context.document.text[item.start : item.end]
            kind, name = FindingKind.CLAUSE, f"clause/{rule.id}"
            result.append(
                Finding(
                    kind, name, quote, item.start, item.end, judged.scope, None, rule.rights, rule.duties, rule.note
                )
            )
        return result

    def _clauses_of(self, sentence: Sentence, rules: Sequence[ClauseRule]) -> list[Finding]:
        context = self._context
        start, end = sentence.start, sentence.end
        words, bare = self._masked(start, end), context.shadow[start:end]
        result: list[Finding] = []
        if bare.rstrip(" \"')*_").endswith("?"):
            # Who asks states nothing.
            return result
        explained: set[str] = set()
        stated: bool | None = None
        for rule in rules:
            if rule.fallback and (result or not self._is_heard(rule.fallback, sentence)):
                continue
            match = _in_parts(rule, bare) if rule.per_item or rule.unknown else rule.match(words)
            if match is None or (rule.widens and self._is_of_service(words)):
                continue
            if rule.under is not None and not self._is_under(rule.under, start):
                continue
            if rule.starts:
                if has_come(words, context.at):
                    continue
                rule = replace(rule, note=not_yet(words))
            if rule.rights.grants and context.begun(sentence) is False:
                # What is to be permitted is not permitted yet; what is to be forbidden is heard at once.
                rule = replace(rule, rights=rule.rights.without_grants(), note=not_yet(words))
            if not rule.anywhere:
                if stated is None:
                    stated = self._states_terms(sentence)
                if not stated:
                    continue
            at = start + match.start()
            if not self._place.holds(at) or not self._is_of_name(sentence, *self._part(sentence, at)):
                continue
            part = self._part(sentence, at)[2]
            judged = judge(
                context,
                Statement(
                    at, start + match.end(), part, self._is_own(sentence), True, not rule.widens, self._place.name
                ),
            )
            scope = judged.scope
            if judged.upstream and rule.upstream:
                scope = replace(scope, subject=Subject.DATA)
            if rule.part:
                scope = replace(scope, layers=layers_left_out(match.group(), rule.rest))
            left, right = sentence.start, sentence.end
            if right - left > _LONGEST_QUOTE:
                left, right = max(left, at - 150), min(right, start + match.end() + 150)
            quote = context.document.text[left:right]
            kind, name = FindingKind.CLAUSE, f"clause/{rule.id}"
            explained.update(f"clause/{other}" for other in rule.instead_of)
            result.append(Finding(kind, name, quote, left, right, scope, None, rule.rights, rule.duties, rule.note))
        return [finding for finding in result if finding.rule not in explained]

    def _is_under(self, heading: re.Pattern[str], offset: int) -> bool:
        """Whether an offset stands right under a heading of that kind, on a page about data."""
        context = self._context
        path = context.headings(offset)
        return bool(path) and not context.reads_as_terms and heading.search(path[-1]) is not None

    def _is_heard(self, reach: str, sentence: Sentence) -> bool:
        """Whether a rule for what no other rule explains counts in a sentence."""
        if reach == "beside":
            return self._beside_license(sentence)
        context = self._context
        return (
            context.speaks_of_data
            and not context.reads_as_terms
            and sentence.kind not in _BARE
            and sentence.end - sentence.start <= _LONGEST_LIMIT
        )

    def _beside_license(self, sentence: Sentence) -> bool:
        """Whether a sentence that names no license stands in a section about licenses, or in the paragraph of one."""
        context = self._context
        block = context.document.block_at(sentence.start)
        if (
            block is None
            or block.end - block.start > _LONGEST_NOTE
            or not context.speaks_of_data
            or context.reads_as_terms
            or sentence.kind in _BARE
        ):
            return False
        low, high = bisect_left(self._starts, block.start), bisect_right(self._starts, block.end)
        named = [m for m in self._mentions[low:high] if m.start < m.end]
        if any(sentence.start <= m.start < sentence.end for m in named):
            return False
        path = context.headings(sentence.start)
        return bool(named) or (bool(path) and _ABOUT_LICENSES.search(path[-1]) is not None)

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
                restricts = rule.rights.only_prohibited()
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


def _in_parts(rule: ClauseRule, words: str) -> re.Match[str] | None:
    """The rule's match in one of the parts between semicolons, names of licenses left in: who has a
    license of his own is often said with its name."""
    if ";" not in words:
        return rule.match(words)
    at = 0
    for part in words.split(";"):
        blank = " " * at + part
        if (match := rule.match(blank)) is not None:
            return match
        at += len(part) + 1
    return None

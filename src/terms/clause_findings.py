"""From sentences to findings: what clauses state about actions, about what, with their quotes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from domain.reading import Finding, FindingKind, Scope, Subject
from terms import clauses
from terms.candidates import candidates
from terms.clauses import ClauseRule, Searched
from terms.dates import has_come, not_yet
from terms.document import BlockKind
from terms.layers import layers_in, layers_left_out
from terms.lists import LIST_MARKER, list_leads
from terms.scope_words import GRANT
from terms.scoping import Statement, judge
from terms.sentences import Sentence
from terms.standing import Standing
from terms.unread import unread

_TO_US = re.compile(
    r"\b(?:you|users?|uploaders?|contributors?|authors?) (?:\w+ )?(?:hereby )?(?:agree to )?(?:grant|give)s?\b|\bgrant(?:s|ing|ed)? (?:to )?(?:us|the company)\b"
)
_CONTRAST = re.compile(r";|,? (?:while|whereas|but|however|and (?=\w+(?: \w+){0,4} (?:is|are|may|can|must) ))")
_OF_DATA = re.compile(r"\b(?:data ?sets?|databases?|(?:open|public|our|the|this) data)\b")
_LIMITS = re.compile(r"\bonly\b|\bno commercial\b|\bnot for\b|\bprohibited\b")
_LONGEST_QUOTE = 400
_BANS = re.compile(r"\b(?:may|must|shall|can) ?not\b|\b(?:prohibit(?:s|ed)?|forbid(?:s|den)?|taken down)\b")
"""Words that forbid for whoever has the data, the part that came from elsewhere included."""
_LONGEST_NOTE = 500
"""A paragraph up to this many characters is a remark; a longer one is legal text or a description."""
_LONGEST_LIMIT = 300
"""A sentence up to this many characters is taken for a limit wherever it stands."""
_LONGEST_CHANGE = 1_000
"""Inside a license text sentences are longer, and one that the standard does not have counts."""
_FEWEST_BLANKS = 4
_ABOUT_LICENSES = re.compile(
    r"licen[sc]|copyright|\bterms\b|legal|\brights\b|permission|lizenz|nutzungsbedingungen|urheberrecht|droits|derechos"
)
"""Headings of licenses alone: under "Usage" pages also tell how the files are opened."""
_BARE = frozenset({BlockKind.FIELD, BlockKind.CODE, BlockKind.ROW})


class ClauseStatements:
    """Makes findings of the clauses in one document's sentences."""

    def __init__(self, standing: Standing) -> None:
        self._context = standing.context
        self._place = standing.place
        self._standing = standing

    def clauses(self) -> list[Finding]:
        """Clauses in the sentences that count. Words inside a license's name or in headings make no
        clause, unless a heading is a sentence."""
        pieces = [sentence for sentence in self._place.sentences if self._is_said(sentence)]
        found = candidates(self._context.shadow, [sentence.start for sentence in pieces])
        result = []
        leads = list_leads(self._context)
        for index in sorted(found):
            sentence = pieces[index]
            result.extend(self._clauses_of(sentence, found[index]))
            lead = leads.get(sentence.start)
            if lead is not None:
                result.extend(self._forbidden_item(sentence, lead, found[index]))
        for sentence in pieces:
            if sentence.kind is BlockKind.ROW and self._context.column(sentence.end - 1):
                result.extend(self._forbidden_cells(sentence))
        result.extend(unread(self._standing, result, leads.keys()))
        return result

    def _forbidden_cells(self, row: Sentence) -> list[Finding]:
        """What the cells of a row deny under columns for commercial use ("Commercial use? | no")."""
        context, result = self._context, list[Finding]()
        at = row.start
        for cell in context.document.text[row.start : row.end].split(" | "):
            start, at = at, at + len(cell) + 3
            column = context.column(start)
            if "commercial" not in column or not self._place.holds(start):
                continue
            said = f"{column.strip()}: {context.shadow[start : start + len(cell)].strip()}"
            rule = next(rule for rule in clauses.rules() if rule.id == "commercial_prohibited")
            if rule.match(said) is not None:
                kind, name = FindingKind.CLAUSE, f"clause/{rule.id}"
                scope = Scope(Subject.DATA, layers_in(column))
                result.append(Finding(kind, name, cell, start, start + len(cell), scope, None, rule.rights))
        return result

    def _is_said(self, sentence: Sentence) -> bool:
        """Whether words say something rather than head what does: no heading, or one that is a sentence, or that
        limits the parts of datasets under it ("For research only")."""
        if sentence.kind is not BlockKind.HEADING:
            return True
        words = self._context.shadow[sentence.start : sentence.end].rstrip(" *_")
        if self._place.name is not None and _LIMITS.search(words):
            return True
        return words.endswith((".", "!")) and words.count(" ") >= _FEWEST_BLANKS

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
            Statement(item.start, item.end, (item.start, item.end), self._standing.is_own(item), clause=True),
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
        known, known_bare = _matches_of(words), _matches_of(bare)
        for rule in rules:
            if rule.fallback and (_explained(result, rule) or not self._is_heard(rule.fallback, sentence)):
                continue
            match = _match_of(rule, *((bare, known_bare) if rule.per_item or rule.unknown else (words, known)))
            if match is None or (rule.widens and (sentence.kind is BlockKind.HEADING or self._is_of_service(words))):
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
            # A match may begin with the sign that parts two cells, which is in neither.
            at = start + match.end() - len(match.group().lstrip(" |;,."))
            if not self._place.holds(at) or not self._standing.is_of_name(sentence, *self._part(sentence, at)):
                continue
            if rule.rights.grants and self._standing.is_of_another(sentence, at):
                continue
            part = self._part(sentence, at)[2]
            judged = judge(
                context,
                Statement(
                    at,
                    start + match.end(),
                    part,
                    self._standing.is_own(sentence),
                    True,
                    not rule.widens,
                    self._place.name,
                    self._place.of_rest,
                ),
            )
            scope = judged.scope
            if judged.upstream and (rule.upstream or (not rule.widens and _BANS.search(words))):
                scope = replace(scope, subject=Subject.DATA)
            limits = rule.rights.commercial_use.speaks and not rule.widens
            if (context.holds_license_text and limits) or rule.fallback == "notice":
                # Where no data is spoken of, whatever is licensed is meant.
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

    def _is_under(self, heading: Searched, offset: int) -> bool:
        """Whether an offset stands right under a heading of that kind, on a page about data."""
        context = self._context
        path = context.headings(offset)
        return bool(path) and not context.reads_as_terms and heading.search(path[-1]) is not None

    def _is_heard(self, reach: str, sentence: Sentence) -> bool:
        """Whether a rule for what no other rule explains counts in a sentence."""
        if reach == "beside":
            return self._beside_license(sentence)
        context = self._context
        if reach == "notice":
            return not context.speaks_of_data
        if reach == "text":
            return context.holds_license_text and sentence.end - sentence.start <= _LONGEST_CHANGE
        return (
            context.speaks_of_data
            and not context.reads_as_terms
            and sentence.kind not in _BARE
            and sentence.end - sentence.start <= _LONGEST_LIMIT
        )

    def _beside_license(self, sentence: Sentence) -> bool:
        """Whether a sentence that names no license stands in a section about licenses, or in the paragraph of one."""
        context = self._context
        if not context.speaks_of_data or context.reads_as_terms or sentence.kind in _BARE:
            return False
        block = context.block_at(sentence.start)
        if block is None or block.end - block.start > _LONGEST_NOTE:
            return False
        low, high = bisect_left(self._standing.starts, block.start), bisect_right(self._standing.starts, block.end)
        named = [m for m in self._standing.mentions[low:high] if m.start < m.end]
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

    def _is_of_service(self, words: str) -> bool:
        """Whether a sentence grants something to the operator of a site, or the use of a service."""
        return bool(_TO_US.search(words)) or (self._context.reads_as_terms and not _OF_DATA.search(words))

    def _states_terms(self, sentence: Sentence) -> bool:
        """Whether a sentence stands where terms are being stated."""
        context = self._context
        return (
            self._standing.short
            or sentence.kind is BlockKind.FIELD
            or (sentence.kind is BlockKind.ROW and self._place.name is not None)
            or context.in_license_section(sentence.start)
            or context.reads_as_terms
            or bool(GRANT.search(context.shadow[sentence.start : sentence.end]))
        )

    def _masked(self, start: int, end: int) -> str:
        """The shadow with license names blotted out."""
        words = self._context.shadow[start:end]
        for mention in self._standing.mentions[
            bisect_left(self._standing.starts, start - 200) : bisect_left(self._standing.starts, end)
        ]:
            if mention.kind is FindingKind.LICENSE_NAME and mention.end > start:
                begin, stop = max(0, mention.start - start), min(len(words), mention.end - start)
                words = words[:begin] + "x" * (stop - begin) + words[stop:]
        return words


def _explained(result: Sequence[Finding], rule: ClauseRule) -> bool:
    """Whether the rules before a fallback explain a sentence. Inside a license text "for research" is no passing
    remark: there only what narrows explains."""
    if rule.fallback == "notice":
        return False
    if rule.fallback != "text":
        return bool(result)
    return any(f.rights.commercial_use.speaks and not f.rights.commercial_use.usable for f in result)


def _match_of(rule: ClauseRule, words: str, known: dict[str, re.Match[str] | None]) -> re.Match[str] | None:
    """The rule's match in a sentence, looked for once."""
    if rule.id not in known:
        in_parts = rule.per_item or rule.unknown or rule.fallback == "text"
        known[rule.id] = _in_parts(rule, words) if in_parts else rule.match(words)
    return known[rule.id]


@lru_cache(maxsize=8_192)
def _matches_of(words: str) -> dict[str, re.Match[str] | None]:
    """The matches of the rules that were tried on a sentence: licenses and notices are made of the same ones."""
    return {}


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

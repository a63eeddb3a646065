"""Settling what findings name: link against words, versions said elsewhere, choices."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from domain.reading import Contradiction, Finding, FindingKind, Subject
from domain.rights import Rights
from domain.vocabulary import Action
from terms.creative_commons import UNSPECIFIED
from terms.document import BlockKind
from terms.families import Families, family_name
from terms.gnu import ANY_VERSION
from terms.sentences import Context

_LONGEST_NAME = 300
_OR = re.compile(
    r"\A[\s\"'()\]*,/]{0,4}(?:licen[sc]e\s)?(?:,? ?\bor\b|/|,? ?\band/or\b|\|)(?:\s(?:under )?(?:the |a )?|\b|\s)"
)
_CHOICE = re.compile(
    r"\b(?:dual|multi|tri|double)[ -]?licen[sc]|at your (?:option|choice)|\beither\b|your choice of|choose (?:between|one|either|whichever)|alternatively|under one of"
)
_NO_CHOICE = re.compile(r"\bdepend|\brespectively|\bvar(?:y|ies)|\bsome\b|\bothers?\b|\bwhile\b|\bwhereas\b|\beach\b")
_DUAL_DOCUMENT = re.compile(
    r"(?:available|licen[sc]ed|released) under (?:2|two|3|three) licen[sc]es.{0,40}?(?:choose|choice|either|prefer|option)|dual[ -]?licen[sc]ed"
)


def settle(findings: Sequence[Finding], families: Families) -> tuple[list[Finding], list[Contradiction]]:
    """The findings with versions settled. A link that goes elsewhere than its words say gives a
    contradiction, and the wider of the two no longer counts."""
    findings, contradictions = _against_links(findings, families)
    return _with_versions(findings), contradictions


def _against_links(findings: Sequence[Finding], families: Families) -> tuple[list[Finding], list[Contradiction]]:
    links = [f for f in findings if f.kind is FindingKind.LICENSE_URL and f.end > f.start]
    names = sorted((f for f in findings if f.kind is FindingKind.LICENSE_NAME), key=lambda f: f.start)
    dropped: set[int] = set()
    contradictions = []
    starts = [name.start for name in names]
    for link in links:
        for name in names[bisect_left(starts, link.start - _LONGEST_NAME) : bisect_left(starts, link.end)]:
            if name.end <= link.start or name.license == link.license:
                continue
            words, target = str(name.license), str(link.license)
            if family_name(words) == family_name(target):
                continue
            if UNSPECIFIED in (words, target):
                continue
            wide, narrow = (name, link) if _width(families, words) > _width(families, target) else (link, name)
            if _width(families, str(wide.license)) == _width(families, str(narrow.license)):
                continue
            dropped.add(id(wide))
            contradictions.append(
                Contradiction(
                    Action.COMMERCIAL_USE,
                    f"{wide.license}: {wide.note or wide.quote}",
                    f"{narrow.license}: {narrow.quote}",
                    "the link and its words name different licenses",
                )
            )
    return [f for f in findings if id(f) not in dropped], contradictions


def _width(families: Families, license_id: str) -> int:
    rights = families.rights(license_id)
    return sum(right.width for _, right in rights)


def _with_versions(findings: Sequence[Finding]) -> list[Finding]:
    """An unspecified version gives way to a version said elsewhere for the data; a GNU license
    without any means all of them."""
    said: dict[str, str] = {}
    for finding in findings:
        if finding.license and finding.scope.subject is Subject.DATA and "unspecified" not in finding.license:
            said.setdefault(family_name(finding.license), finding.license)
    result = []
    for finding in findings:
        if finding.license and "unspecified" in finding.license:
            settled = said.get(family_name(finding.license)) or ANY_VERSION.get(finding.license)
            if settled and finding.scope.subject is Subject.DATA:
                finding = replace(finding, license=settled)
        result.append(finding)
    return result


def is_choice(context: Context, findings: Sequence[Finding]) -> bool:
    """Whether the licenses stated for the data are alternatives for the licensee ("Apache-2.0 or
    MIT"): named in one sentence that gives a choice, or under words that offer it for all."""
    spans = sorted({(f.start, f.end, str(f.license)) for f in findings if f.end > f.start})
    if len({license_id for _, _, license_id in spans}) < 2:
        return False
    first = spans[0][0]
    if _DUAL_DOCUMENT.search(context.shadow[max(0, first - 300) : first + 200]) and not context.speaks_of_data:
        return True
    sentences = {s.start: s for start, _, _ in spans if (s := context.sentence_at(start)) is not None}
    if len(sentences) > 1:
        return False
    sentence = next(iter(sentences.values()))
    words = context.shadow[sentence.start : sentence.end]
    if _NO_CHOICE.search(words):
        return False
    if _CHOICE.search(words):
        return True
    if sentence.kind is BlockKind.ROW:
        # The bar between two cells parts two columns.
        return False
    pairs = [(left, right) for left, right in itertools.pairwise(spans) if left[1] <= right[0] and left[2] != right[2]]
    overlapping = any(left[1] > right[0] and left[2] != right[2] for left, right in itertools.pairwise(spans))
    return (
        bool(pairs)
        and not overlapping
        and all(_OR.match(context.shadow[left[1] : right[0]] + " ") for left, right in pairs)
    )


def silent_on_terms(licenses: Sequence[str], rights: Rights) -> bool:
    """Whether nothing at all was concluded."""
    return not licenses and not rights.speaks

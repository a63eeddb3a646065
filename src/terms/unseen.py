"""Restrictions nobody sees on the page: in comments of its source, and in fields of records and metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.reading import Finding, FindingKind
from domain.rights import Rights
from terms.candidates import candidates
from terms.clauses import ClauseRule
from terms.document import Mark
from terms.field_names import holds_access
from terms.place import Place
from terms.sentences import Context
from terms.shadow import shadow

_SENTENCE = re.compile(r"(?<=[.;!?])\s")


def unseen_restrictions(context: Context, place: Place) -> list[Finding]:
    """What comments and fields that state no license forbid in a place. Nothing they say permits anything."""
    marks = [mark for mark in context.document.marks if mark.place in ("comment", "remark") and _is_meant(mark, place)]
    return [
        Finding(FindingKind.MACHINE_READABLE, f"clause/{rule.id}", mark.value, mark.at, mark.at, rights=restricts)
        for mark in marks
        for rule, restricts in _restrictions(mark)
    ]


def _restrictions(mark: Mark) -> Iterator[tuple[ClauseRule, Rights]]:
    comment = mark.place == "comment"
    # A field that says who gets at the data states terms; of any other only what no context is needed for counts.
    stating = comment or holds_access(mark.name)
    for said in _SENTENCE.split(mark.value):
        words = shadow(said)
        for rule in candidates(words, [0]).get(0, ()):
            if rule.under is not None or (not stating and (rule.fallback or not rule.anywhere)):
                continue
            restricts = rule.rights.only_prohibited() if comment else rule.rights.without_grants()
            if restricts.speaks and rule.match(words) is not None:
                yield rule, restricts


def _is_meant(mark: Mark, place: Place) -> bool:
    """Whether a statement for machines is about what is read: by its owner where it has one, else by its place."""
    if mark.owner:
        return place.machine(mark)
    return place.holds(min(mark.at, max(0, place.spans[-1][1] - 1)))

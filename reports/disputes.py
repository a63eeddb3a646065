"""Contradictions as people read them: two statements face each other once, with all they differ about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import Decision, EvidenceItem
from domain.vocabulary import Action, RightValue
from reports.escape import plain

_STATED = re.compile(
    rf"(?:(?P<value>{'|'.join(RightValue)}))?(?:(?:^|: )“(?P<words>.*)”)?(?: \((?P<url>https?://\S+)\))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: its words, and the page it stands on as far as anybody noted it."""

    words: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two statements that cannot both hold. `actions` are what they differ about (none: the terms as
    such), each with what the wider and the narrower one make of it where that is known."""

    actions: tuple[tuple[Action, str], ...]
    wider: Said
    narrower: Said
    why: str

    @property
    def about(self) -> str:
        """What the two differ about, in words."""
        alike: dict[str, list[str]] = {}
        for action, values in self.actions:
            alike.setdefault(values, []).append(action.value)
        told = [", ".join(names) + (f" ({values})" if values else "") for values, names in alike.items()]
        return "; ".join(told) or "the terms"


def disputes(decision: Decision) -> tuple[Dispute, ...]:
    """The contradictions of a decision in order; those between the same two statements are one."""
    together: dict[tuple[Said, Said, str], list[tuple[Action, str]]] = {}
    for item in decision.contradictions:
        (high, wider), (low, narrower) = (_said(words, decision.evidence) for words in (item.wider, item.narrower))
        actions = together.setdefault((wider, narrower, item.why), [])
        if item.action is not None and (turned := (item.action, _values(high, low))) not in actions:
            actions.append(turned)
    return tuple(
        Dispute(actions=tuple(actions), wider=wider, narrower=narrower, why=why)
        for (wider, narrower, why), actions in together.items()
    )


def _values(wider: str, narrower: str) -> str:
    return f"{wider} or {narrower}" if wider and narrower and wider != narrower else ""


def _said(statement: str, evidence: Sequence[EvidenceItem]) -> tuple[str, Said]:
    """The value a statement begins with (empty: none), and the rest of it."""
    found = _STATED.fullmatch(statement)
    if found is None or not any(found.groups()):
        return "", Said(statement, _page_of(statement, evidence))
    words = found["words"] or ""
    # A value alone is all that was noted.
    return found["value"] or "", Said(words or statement.split(" (")[0], found["url"] or _page_of(words, evidence))


def _page_of(statement: str, evidence: Sequence[EvidenceItem]) -> str | None:
    words = plain(statement)
    for item in evidence:
        found = plain(item.quote)
        if item.url and words and found and (words in found or found in words):
            return item.url
    return None

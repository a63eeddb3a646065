"""Rights by action, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from domain.deciding import Decision, EvidenceItem
from domain.history import Version
from domain.reading import Finding, Subject
from domain.rights import Right
from domain.vocabulary import Action, Basis
from reports.escape import plain, shortened
from reports.site.addresses import Link, outside_link

QUOTE_LIMIT = 700
"""Longest quote on a page, in characters."""

_MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, what follows from them, and the page they stand on."""

    words: str
    gives: str
    page: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class RightView:
    """One action."""

    action: str
    value: str
    basis: str
    limits: tuple[str, ...]
    quotes: tuple[Quote, ...]


def rights_views(decision: Decision, accepted: Sequence[Version]) -> tuple[RightView, ...]:
    """One a action, in the order of the vocabulary; `accepted` are the source's versions that count today."""
    return tuple(_view(action, right, decision, accepted) for action, right in decision.rights)


def _view(action: Action, right: Right, decision: Decision, accepted: Sequence[Version]) -> RightView:
    limits: tuple[str, ...] = ()
    if right.speaks:
        limits = (f"purpose: {right.purpose}", f"for: {right.assignee}", *(f"if: {c}" for c in right.conditions))
    return RightView(
        action=action,
        value=right.value,
        basis="" if right.basis is None else right.basis,
        limits=limits,
        quotes=_quotes(action, right, decision, accepted) if right.speaks else (),
    )


def _quotes(action: Action, right: Right, decision: Decision, accepted: Sequence[Version]) -> tuple[Quote, ...]:
    # What a page says of other parts and other layers is no proof: only what the decision rests on is shown.
    counts = {(item.watch_id, item.rule, item.quote) for item in decision.evidence}
    stated = [
        (version, finding)
        for version, finding in _stated(action, accepted)
        if (version.watch_id, finding.rule, finding.quote) in counts
    ]
    if right.basis is not Basis.LICENSE and any(finding.license is None for _, finding in stated):
        stated = [(version, finding) for version, finding in stated if finding.license is None]
    found = [Quote(_words(finding.quote), _gives(action, finding), _host(version.url)) for version, finding in stated]
    # Never looked at: the catalog's quoted claims are all there is.
    found = found or [_claimed(item) for item in decision.evidence if item.quote.strip()]
    return tuple(_different(found))[:_MOST_QUOTES]


def _stated(action: Action, accepted: Sequence[Version]) -> Iterator[tuple[Version, Finding]]:
    for version in sorted(accepted, key=lambda version: version.watch_id):
        for finding in version.reading.findings:
            if finding.scope.subject is Subject.DATA and finding.rights[action].speaks:
                yield version, finding


def _gives(action: Action, finding: Finding) -> str:
    return f"{finding.license or 'stated'}: {finding.rights[action].value}"


def _claimed(item: EvidenceItem) -> Quote:
    return Quote(_words(item.quote), item.license or "claim", _host(item.url))


def _host(url: str | None) -> Link:
    # The whole address stands with the evidence; here it would bury the words.
    link = outside_link(url)
    return link if link.href is None else replace(link, text=plain(urlsplit(link.href).hostname or link.text))


def _words(text: str) -> str:
    return shortened(text, QUOTE_LIMIT)


def _different(quotes: Iterable[Quote]) -> Iterator[Quote]:
    seen: set[tuple[str, str]] = set()
    for quote in quotes:
        key = (quote.words, quote.gives)
        if key not in seen:
            seen.add(key)
            yield quote

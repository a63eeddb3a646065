"""Unresolved decisions, by who must take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Source
from domain.deciding import Decision
from domain.vocabulary import Owner
from reports.acts import blocking, worth
from reports.site.addresses import Link, source_link


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question nobody has answered."""

    question: str
    blocks: str
    source: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """What closes a gate, and the sources that wait for it."""

    gate: str
    closes: str
    sources: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """One owner's part."""

    owner: str
    questions: tuple[QuestionView, ...]
    waiting: tuple[WaitingView, ...]


def owner_views(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[OwnerView, ...]:
    """Questions and open blocking gates; gates in the same words are one, those that hold most come
    first, and questions about what is worth most."""
    questions: defaultdict[Owner, list[QuestionView]] = defaultdict(list)
    held: defaultdict[tuple[Owner, str, str], dict[str, Link]] = defaultdict(dict)
    for decision in sorted(decisions, key=worth):
        link = source_link(decision.source_id, "")
        for asked in sources[decision.source_id].questions:
            questions[asked.owner].append(QuestionView(question=asked.question, blocks=asked.blocks, source=link))
        for gate in blocking(decision):
            held[gate.owner, gate.gate, gate.closes][decision.source_id] = link
    waiting: defaultdict[Owner, list[WaitingView]] = defaultdict(list)
    for (owner, gate_id, closes), links in sorted(held.items(), key=lambda item: (-len(item[1]), item[0])):
        waiting[owner].append(WaitingView(gate=gate_id, closes=closes, sources=tuple(links.values())))
    return tuple(
        OwnerView(owner=owner, questions=tuple(questions[owner]), waiting=tuple(waiting[owner]))
        for owner in Owner
        if questions[owner] or waiting[owner]
    )

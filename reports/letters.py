"""The drafted questions to publishers, ready to copy, with whom to send them to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from reports.disputes import disputes
from reports.escape import link, markdown, source_link
from reports.question import draft_question
from reports.view import LetterView


def letters(
    decisions: Sequence[Decision], entries: Mapping[str, tuple[Provider, Dataset, Source]]
) -> tuple[LetterView, ...]:
    """One letter for every source with a contradiction of which some words are known."""
    found = []
    for decision in decisions:
        if not any(dispute.quotes for dispute in disputes(decision)):
            continue
        provider, dataset, source = entries[decision.source_id]
        home = dataset.homepage or provider.homepage
        publisher = provider.name or provider.provider
        addressee = (
            markdown("{}, {}", publisher, link(home))
            if home
            else markdown("{}, no contact page in the catalog", publisher)
        )
        lines = tuple(draft_question(source, decision).strip().splitlines())
        found.append(LetterView(title=source_link(decision.source_id), addressee=addressee, lines=lines))
    return tuple(found)

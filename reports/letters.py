"""The drafted questions to publishers, ready to copy, with whom to send them to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from reports.escape import Safe, link, markdown, source_link
from reports.question import draft_question, not_drafted
from reports.view import LetterView


def letters(
    decisions: Sequence[Decision], entries: Mapping[str, tuple[Provider, Dataset, Source]], at: datetime | None
) -> tuple[LetterView, ...]:
    """One letter for every source with a contradiction whose two statements can be put before the publisher."""
    found = []
    for decision in decisions:
        if not decision.contradictions or not_drafted(decision):
            continue
        provider, dataset, source = entries[decision.source_id]
        home = dataset.homepage or provider.homepage
        publisher = provider.name or provider.provider
        addressee = (
            markdown("{}, {}", publisher, link(home))
            if home
            else markdown("{}, no contact page in the catalog", publisher)
        )
        lines = tuple(draft_question(source, decision, at).strip().splitlines())
        found.append(LetterView(title=source_link(decision.source_id), addressee=addressee, lines=lines))
    return tuple(found)


def without_letter(decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """Every other source with a contradiction, and why no letter is drafted about it."""
    reasons = ((decision.source_id, not_drafted(decision)) for decision in decisions)
    return tuple(markdown("{}: {}", source_link(source_id), why) for source_id, why in reasons if why)

"""Statements that cannot both hold, side by side, with the mail that asks the publisher which does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Source
from domain.deciding import Decision
from reports.disputes import Said, disputes
from reports.escape import shortened
from reports.question import draft_question
from reports.site.addresses import Link, anchor, outside_link, source_link
from reports.site.rights_quotes import QUOTE_LIMIT


@dataclass(frozen=True, slots=True)
class SaidView:
    """One statement and the page it stands on."""

    words: str
    page: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeView:
    """Two statements that cannot both hold."""

    about: str
    wider: SaidView
    narrower: SaidView
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedSource:
    """A source with its contradictions and the drafted mail, line by line."""

    anchor: str
    source: Link
    tier: str
    disputes: tuple[DisputeView, ...]
    mail: tuple[str, ...]


def contradictions_page(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[DisputedSource, ...]:
    """Every source whose statements contradict each other, by id; links are from the site's top."""
    return tuple(
        DisputedSource(
            anchor=anchor("dispute", decision.source_id),
            source=source_link(decision.source_id, ""),
            tier=decision.tier,
            disputes=dispute_views(decision),
            mail=tuple(draft_question(sources[decision.source_id], decision).splitlines()),
        )
        for decision in sorted(decisions, key=lambda decision: decision.source_id)
        if decision.contradictions
    )


def dispute_views(decision: Decision) -> tuple[DisputeView, ...]:
    """The contradictions of one source."""
    return tuple(
        DisputeView(
            about=item.about,
            wider=_view(item.wider),
            narrower=_view(item.narrower),
            why=shortened(item.why, QUOTE_LIMIT),
        )
        for item in disputes(decision)
    )


def _view(said: Said) -> SaidView:
    return SaidView(shortened(said.shown, QUOTE_LIMIT), None if said.url is None else outside_link(said.url))

"""What is known of the data itself: measured before stated, newer before older."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.catalog import Source, StatedFacts
from domain.probing import DatasetFact
from reports.site.addresses import Link, outside_link


@dataclass(frozen=True, slots=True)
class DataFact:
    """One fact, how it is known, and where from."""

    name: str
    value: str
    how: str
    link: Link | None


def data_facts(source: Source, facts: Sequence[DatasetFact]) -> tuple[DataFact, ...]:
    """One value a name. The time of measuring changes every run and stays out."""
    best: dict[str, DatasetFact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.measured, fact.seen_at, fact.value)):
        best[fact.name] = fact
    measured = [
        DataFact(name, fact.value, "measured" if fact.measured else "stated", outside_link(fact.url))
        for name, fact in sorted(best.items())
    ]
    return (*_availability(source), *measured, *_stated(source.stated, frozenset(best)))


def _availability(source: Source) -> Iterator[DataFact]:
    if source.access is not None:
        yield DataFact("access", source.access, "catalog", None)
    hosting = source.availability
    if hosting is not None:
        words = f"{hosting.status}: {hosting.note}" if hosting.note else hosting.status
        yield DataFact("availability", words, "catalog", outside_link(hosting.url) if hosting.url else None)


def _stated(stated: StatedFacts, known: frozenset[str]) -> Iterator[DataFact]:
    said = {
        "size_bytes": stated.size or ("" if stated.size_bytes is None else f"{stated.size_bytes} bytes"),
        "items": "" if stated.items is None else str(stated.items),
        "formats": ", ".join(stated.formats),
        "cadence_days": stated.cadence or ("" if stated.cadence_days is None else f"{stated.cadence_days:g} days"),
        "newest_release": stated.newest_release or "",
    }
    where = outside_link(stated.url) if stated.url else None
    return (DataFact(name, value, "stated", where) for name, value in said.items() if value and name not in known)

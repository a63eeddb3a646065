"""The data itself: where it lies, how big it is, in which formats it comes and how often."""

from __future__ import annotations

from collections.abc import Sequence

from domain.catalog import Source, StatedFacts
from domain.probing import DatasetFact
from reports.escape import Safe, host_link, markdown


def availability(source: Source) -> tuple[Safe, ...]:
    """Whether and where the data can be had, on one line."""
    access = "access not recorded" if source.access is None else f"access {source.access}"
    hosting = source.availability
    if hosting is None:
        return (markdown("availability: not recorded, {}", access),)
    where = markdown(", at {}", host_link(hosting.url)) if hosting.url else Safe("")
    note = markdown(". {}", hosting.note) if hosting.note else Safe("")
    return (markdown("availability: {}, {}{}{}", hosting.status, access, where, note),)


def data_facts(source: Source, facts: Sequence[DatasetFact]) -> tuple[Safe, ...]:
    """Measured values, then what is only stated; facts from one page name it once."""
    return (*_measured(facts), *_stated(source.stated, facts))


def _measured(facts: Sequence[DatasetFact]) -> list[Safe]:
    # One value a name: measured beats stated, newer beats older. The time of measuring changes every
    # run and stays out.
    best: dict[str, DatasetFact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.measured, fact.seen_at, fact.value)):
        best[fact.name] = fact
    return [
        markdown("{}: {} ({}, {})", name, fact.value, "measured" if fact.measured else "stated", host_link(fact.url))
        for name, fact in sorted(best.items())
    ]


def _stated(stated: StatedFacts, facts: Sequence[DatasetFact]) -> list[Safe]:
    # One look of a person at one page: one line.
    said = {
        ("size_bytes", "size"): stated.size or ("" if stated.size_bytes is None else f"{stated.size_bytes} bytes"),
        ("items", "items"): "" if stated.items is None else str(stated.items),
        ("formats", "formats"): ", ".join(stated.formats),
        ("cadence_days", "cadence"): stated.cadence
        or ("" if stated.cadence_days is None else f"every {stated.cadence_days:g} days"),
        ("newest_release", "newest release"): stated.newest_release or "",
    }
    known = {fact.name for fact in facts}
    told = [f"{label} {value}" for (name, label), value in said.items() if value and name not in known]
    if not told:
        return []
    where = markdown(" on {}", host_link(stated.url)) if stated.url else Safe("")
    return [markdown("stated{}: {}", where, "; ".join(told))]

"""The data itself: where it lies, how big it is, in which formats it comes and how often."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.catalog import Source, StatedFacts
from domain.probing import DatasetFact
from reports.escape import Safe, host_link, markdown

_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_ROUNDING = 0.1
"""Stated sizes are rounded: up to a tenth is no difference."""


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
    """What the publisher says, beside what was measured; where the two differ it says so."""
    # One look of a person at one page: one line.
    said: dict[tuple[str, str], tuple[str, float | None]] = {
        ("size_bytes", "size"): (
            stated.size or ("" if stated.size_bytes is None else f"{stated.size_bytes} bytes"),
            stated.size_bytes,
        ),
        ("items", "items"): ("" if stated.items is None else str(stated.items), stated.items),
        ("formats", "formats"): (", ".join(stated.formats), None),
        ("cadence_days", "cadence"): (
            stated.cadence or ("" if stated.cadence_days is None else f"every {stated.cadence_days:g} days"),
            stated.cadence_days,
        ),
        ("newest_release", "newest release"): (stated.newest_release or "", None),
    }
    measured = {fact.name: fact for fact in sorted(facts, key=lambda f: f.seen_at) if fact.measured}
    told = [
        f"{label} {value}{_differs(value, number, measured.get(name))}"
        for (name, label), (value, number) in said.items()
        if value
    ]
    if not told:
        return []
    where = markdown(" on {}", host_link(stated.url)) if stated.url else Safe("")
    return [markdown("stated{}: {}", where, "; ".join(told))]


def _differs(value: str, number: float | None, fact: DatasetFact | None) -> str:
    """Where numbers or days differ; words are left to stand side by side."""
    if fact is None:
        return ""
    if number is not None and fact.number is not None:
        differs = abs(number - fact.number) > _ROUNDING * max(abs(number), abs(fact.number))
    else:
        differs = bool(_DAY.fullmatch(value) and _DAY.fullmatch(fact.value)) and not fact.value.startswith(value)
    return f" (differs from what was measured, {fact.value})" if differs else ""

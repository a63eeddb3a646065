"""Facts about the data an estimate stands on: measured ones before stated ones, each in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.catalog import Source
from domain.probing import DatasetFact

GB = 10**9
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": GB, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
_SIZE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(bytes|[kmgt]i?b)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number and where it comes from, in words."""

    number: float
    words: str


def size(source: Source, facts: Sequence[DatasetFact]) -> Measure | None:
    """Bytes, or None when nobody says. Of several sizes in one stated sentence the largest counts."""
    fact = newest(source, facts, "size_bytes")
    if fact is not None and fact.number is not None:
        return Measure(fact.number, f"{_kind(fact)} size {_bytes(fact.number)}")
    if source.stated.size_bytes is not None:
        return Measure(source.stated.size_bytes, f"stated size {_bytes(source.stated.size_bytes)}")
    found = [_parsed(number, unit) for number, unit in _SIZE.findall(source.stated.size or "")]
    return Measure(max(found), f"stated size {_bytes(max(found))}") if found else None


def formats(source: Source, facts: Sequence[DatasetFact]) -> tuple[str, str]:
    """The formats in one lower-case line and the fact in words; both empty when nobody says."""
    fact = newest(source, facts, "formats")
    if fact is not None and fact.value.strip():
        return fact.value.casefold(), f"{_kind(fact)} formats {fact.value}"
    line = ", ".join(source.stated.formats)
    return line.casefold(), f"stated formats {line}" if line else ""


def cadence(source: Source, facts: Sequence[DatasetFact]) -> Measure | None:
    """Days between releases, or None when nobody says."""
    fact = newest(source, facts, "cadence_days")
    if fact is not None and fact.number is not None:
        return Measure(fact.number, f"{_kind(fact)} cadence of {fact.number:g} days")
    stated = source.stated.cadence_days
    return None if stated is None else Measure(stated, f"stated cadence of {stated:g} days")


def newest(source: Source, facts: Sequence[DatasetFact], name: str) -> DatasetFact | None:
    """The newest fact of a name about a source, a measured one before any stated one."""
    named = [fact for fact in facts if fact.source_id == source.id and fact.name == name]
    return max(named, key=lambda fact: (fact.measured, fact.seen_at, fact.url), default=None)


def _kind(fact: DatasetFact) -> str:
    return "measured" if fact.measured else "stated"


def _parsed(number: str, unit: str) -> float:
    return float(number.replace(",", "")) * _UNITS.get(unit.casefold(), 1)


def _bytes(number: float) -> str:
    for unit, factor in (("TB", 10**12), ("GB", GB), ("MB", 10**6), ("KB", 10**3)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number:.0f} bytes"

"""Reading the whole stored history with today's reader and policy: which past answers would be others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.catalog import Source
from domain.errors import WarehouseDamaged
from domain.history import Version
from domain.identity import watch_id
from domain.policy import Policy
from domain.reading import Change
from domain.vocabulary import ChangeClass, Determination
from flows.read_guarded import GuardedReader
from flows.read_version import determination_of, version_of
from terms.compare import compare
from terms.reader import Reader
from warehouse.query import Reader as History


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """One stored version that reads differently today. Nothing of it is a change of the publisher's."""

    before: Version
    after: Version
    change: Change
    determination_before: Determination
    determination_after: Determination


@dataclass(frozen=True, slots=True)
class Reread:
    """`versions` were read anew; `other` are those that give another answer, `lost` those whose bytes are missing."""

    versions: int
    other: tuple[OtherAnswer, ...]
    lost: int


def reread_history(warehouse: Path, sources: Sequence[Source], policy: Policy) -> Reread:
    """Read every stored version of the sources' watches anew and compare; nothing is stored."""
    name = Reader(policy.families).name
    other: list[OtherAnswer] = []
    count = lost = 0
    with History.open(warehouse) as history, GuardedReader(name, policy.families) as reader:
        for source in sources:
            watches = {watch_id(source.id, watch): watch for watch in source.watches}
            for before in history.versions_of(source.id):
                watch = watches.get(before.watch_id)
                if watch is None or before.reader == reader.name:
                    continue
                try:
                    snapshot = history.snapshot(before.url, before.sha256)
                except WarehouseDamaged:
                    snapshot = None
                if snapshot is None:
                    lost += 1
                    continue
                count += 1
                after = version_of(before.watch_id, source.id, watch, snapshot, reader, source.layer)
                change = compare(before.reading, after.reading)
                if change.kind is ChangeClass.MATERIAL:
                    determined = determination_of(before.reading), determination_of(after.reading)
                    other.append(OtherAnswer(before, after, change, *determined))
    return Reread(count, tuple(other), lost)

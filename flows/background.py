"""What deciding needs to know of watches beyond their state: widenings nobody read, independent copies,
and in whose name a person's copy speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.catalog import Watch
from domain.deciding import normalized_words
from domain.errors import WarehouseDamaged
from domain.history import ChangeRecord, Version, WatchState
from domain.identity import watch_id
from domain.reading import Reading
from domain.vocabulary import Determination, Origin, SpeaksFor
from flows.run_settings import Inputs
from warehouse.store import Warehouse

AUTHORITY_HEADER = "x-clearance-authority"
"""Where an imported snapshot says who speaks in it."""


@dataclass(frozen=True, slots=True)
class Widening:
    """When a page was seen to say production where it did not before, and what it said until then."""

    at: datetime
    text_before: str


@dataclass(frozen=True, slots=True)
class Background:
    """Keyed by watch id. `archived` are the watches whose words an independent archive holds."""

    widenings: Mapping[str, Widening] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()
    voices: Mapping[str, SpeaksFor] = field(default_factory=dict)

    def spoken_for(self, name: str, watch: Watch) -> Watch:
        """The watch with the weaker of its own authority and that of the imported copy it rests on."""
        voice = self.voices.get(name)
        strength = list(SpeaksFor)
        if voice is None or strength.index(voice) <= strength.index(watch.speaks_for):
            return watch
        return replace(watch, speaks_for=voice)


def background_of(warehouse: Warehouse, inputs: Inputs, states: Mapping[str, WatchState]) -> Background:
    """The background of all watches of a catalog."""
    watches = {watch_id(source.id, watch): watch for _, _, source in inputs.catalog.sources for watch in source.watches}
    return Background(
        widenings=_widenings(warehouse),
        archived=_archived(warehouse, inputs, states, watches),
        voices=_voices(warehouse, states),
    )


def widened_changes(material: Sequence[ChangeRecord]) -> dict[str, ChangeRecord]:
    """Per watch the newest of the confirmed material changes, where it made the page say production and it did not
    before."""
    newest = {record.watch_id: record for record in material}
    production = Determination.PRODUCTION_COMMERCIAL
    return {
        name: record
        for name, record in newest.items()
        if record.determination_after is production and record.determination_before not in (production, None)
    }


def _widenings(warehouse: Warehouse) -> dict[str, Widening]:
    found = {}
    for name, record in widened_changes(warehouse.material_changes()).items():
        versions = {version.version_id: version for version in warehouse.versions_of(record.source_id)}
        before = versions.get(record.version_before or "")
        found[name] = Widening(record.at, "" if before is None else before.reading.text)
    return found


def _voices(warehouse: Warehouse, states: Mapping[str, WatchState]) -> dict[str, SpeaksFor]:
    found = {}
    for name, state in states.items():
        if state.accepted is None or state.accepted.origin is not Origin.IMPORT:
            continue
        snapshot = warehouse.snapshot(state.accepted.url, state.accepted.sha256)
        said = None if snapshot is None else snapshot.headers.get(AUTHORITY_HEADER)
        if said is not None:
            found[name] = SpeaksFor(said)
    return found


def _archived(
    warehouse: Warehouse,
    inputs: Inputs,
    states: Mapping[str, WatchState],
    watches: Mapping[str, Watch],
) -> frozenset[str]:
    direct = {
        name: state.accepted
        for name, state in states.items()
        if name in watches and state.accepted is not None and state.accepted.origin in (Origin.DIRECT, Origin.RECORDING)
    }
    copies = warehouse.copies_of(sorted({version.url for version in direct.values()}), Origin.ARCHIVE)
    return frozenset(
        name
        for name, version in direct.items()
        if any(_same_words(warehouse, inputs, version, digest, watches[name]) for digest in copies.get(version.url, ()))
    )


def _same_words(warehouse: Warehouse, inputs: Inputs, version: Version, digest: str, watch: Watch) -> bool:
    if digest == version.sha256:
        return True
    try:
        copy = warehouse.snapshot(version.url, digest)
    except WarehouseDamaged:
        # `clearance verify` names the hole; a copy nobody can read confirms nothing.
        return False
    if copy is None:
        return False
    reading = inputs.reader.read_bytes(
        copy.body, copy.media_type, copy.charset, copy.url, watch, version.seen_at.date()
    )
    return reading.suspect is None and _words(reading) == _words(version.reading)


def _words(reading: Reading) -> str:
    return normalized_words(" ".join(reading.text[start:end] for start, end in reading.located))

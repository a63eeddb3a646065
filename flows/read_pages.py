"""Reading what was looked at, watch by watch, and keeping what changed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.catalog import Source, Watch
from domain.errors import WarehouseDamaged
from domain.history import Alert, ChangeRecord, Version, WatchState, WatchStep
from domain.identity import watch_id
from domain.probing import Snapshot
from domain.vocabulary import ChangeClass, Determination, Outcome
from flows.follow_watch import Followed, Follower, Observation, Patience
from flows.look_at_pages import LookNote
from flows.read_anew import by_another_reader
from flows.read_guarded import GuardedReader, PageReader
from flows.read_version import determination_of, version_of
from flows.run_settings import SECOND_LOOK_WITHIN, Inputs, Run
from flows.which_version import SECOND_HAND
from terms.dates import came_by
from warehouse.store import Warehouse

_BATCH = 200

ReadBefore = Callable[[str, Snapshot], Version | None]
"""What somebody else has read of a snapshot for the watch that goes by a name, if anything."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What reading came to. `changes` counts what the looks showed, by class; `unconfirmed` are the
    pages on which a change waits for a second look; `touched` the sources whose statements moved,
    `reread` those of which old bytes were read anew."""

    changes: Mapping[str, int] = field(default_factory=dict)
    records: tuple[ChangeRecord, ...] = ()
    alerts: tuple[Alert, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    touched: frozenset[str] = frozenset()
    reread: frozenset[str] = frozenset()
    read_seconds: float = 0.0
    store_seconds: float = 0.0


def follower_of(run: Run, inputs: Inputs) -> Follower:
    """The follower with the patience the policy asks for."""
    house = inputs.policy.house
    patience = Patience(
        unstable_window=timedelta(days=house.unstable_window_days),
        failing_after=house.failing_after,
        confirm_after=timedelta(seconds=confirm_after(run, inputs)),
    )
    # A run holds its turn, so its looks are the newest there are.
    in_order = not run.settings.replay
    return Follower(run_id=run.run_id, determine=determination_of, patience=patience, in_order=in_order)


def confirm_after(run: Run, inputs: Inputs) -> float:
    """Seconds that must pass before a second look confirms a change."""
    asked = run.settings.confirm_after
    return inputs.policy.house.confirm_after if asked is None else asked


def read_pages(
    warehouse: Warehouse,
    run: Run,
    inputs: Inputs,
    sources: Sequence[Source],
    notes: Sequence[LookNote],
    *,
    second_look: bool = False,
    read_ahead: ReadBefore | None = None,
    reader: PageReader | None = None,
) -> ReadReport:
    """Take every watch of the looked-at pages one step further and store the steps in batches.

    What was not looked at is read anew where another reader read it: no decision rests on two readers.
    What `read_ahead` knows, read by this reader, is not read again. `reader` reads, and stays open (None: one
    of its own).
    """
    with GuardedReader(inputs.reader.name, inputs.policy.families) if reader is None else nullcontext(reader) as chosen:
        reading = _Reading(warehouse, run, inputs, chosen, second_look, read_ahead)
        reading.follow(sources, notes)
        reading.renew([source for _, _, source in inputs.catalog.sources])
        reading.save()
        return reading.report()


def reread_pages(
    warehouse: Warehouse, run: Run, inputs: Inputs, *, keep: bool
) -> tuple[Mapping[str, WatchState], ReadReport]:
    """Read the stored bytes anew wherever another reader read them; returns every state as this reader sees it.

    Nothing of it is a change of the publisher's. With `keep` the new versions are stored.
    """
    with GuardedReader(inputs.reader.name, inputs.policy.families) as reader:
        reading = _Reading(warehouse, run, inputs, reader, second_look=False)
        reading.renew([source for _, _, source in inputs.catalog.sources])
        if keep:
            reading.save()
        return reading.states, reading.report()


class _Reading:
    """One round of reading; collects steps and stores them batch by batch."""

    def __init__(
        self,
        warehouse: Warehouse,
        run: Run,
        inputs: Inputs,
        reader: PageReader,
        second_look: bool,
        read_ahead: ReadBefore | None = None,
    ) -> None:
        self._warehouse = warehouse
        self._run = run
        self._reader = reader
        self._follower = follower_of(run, inputs)
        self._waits = confirm_after(run, inputs) <= SECOND_LOOK_WITHIN and not run.settings.replay
        self._second_look = second_look
        self._read_ahead = read_ahead
        self.states = warehouse.watch_states()
        self._snapshots: dict[tuple[str, str], Snapshot | None] = {}
        self._unsaved: list[WatchStep] = []
        self._kinds: Counter[str] = Counter()
        self._records: list[ChangeRecord] = []
        self._alerts: list[Alert] = []
        self._unconfirmed: dict[str, None] = {}
        self._touched: set[str] = set()
        self._reread: set[str] = set()
        self._storing = 0.0
        self._began = time.monotonic()

    def follow(self, sources: Sequence[Source], notes: Sequence[LookNote]) -> None:
        watches: dict[str, list[tuple[Source, Watch]]] = {}
        for source in sources:
            for watch in source.watches:
                watches.setdefault(watch.url, []).append((source, watch))
        for note in notes:
            for source, watch in watches.get(note.url, ()):
                self._one(source, watch, note)
            self._snapshots.clear()

    def renew(self, sources: Sequence[Source]) -> None:
        for source in sources:
            for watch in source.watches:
                name = watch_id(source.id, watch)
                if name in self.states:
                    self.states[name] = self._by_this_reader(self.states[name], source, watch, self._run.now)
            self._snapshots.clear()

    def report(self) -> ReadReport:
        return ReadReport(
            changes=dict(self._kinds),
            records=tuple(self._records),
            alerts=tuple(self._alerts),
            unconfirmed=tuple(self._unconfirmed),
            touched=frozenset(self._touched),
            reread=frozenset(self._reread),
            read_seconds=time.monotonic() - self._began - self._storing,
            store_seconds=self._storing,
        )

    def _one(self, source: Source, watch: Watch, note: LookNote) -> None:
        name = watch_id(source.id, watch)
        state = self.states.get(name) or WatchState(watch_id=name, source_id=source.id, url=watch.url)
        state = self._by_this_reader(state, source, watch, note.at)
        version = self._version(state, source, watch, note)
        outcome, reason = note.outcome, note.reason
        if version is None and outcome in (Outcome.SNAPSHOT, Outcome.NOT_MODIFIED) and note.sha256 is not None:
            outcome, reason = Outcome.UNREACHABLE, "the stored bytes are missing"
        followed = self._follower.follow(
            state, Observation(note.at, outcome, reason, version), second_look=self._second_look
        )
        self._keep(state, followed, outcome in (Outcome.SNAPSHOT, Outcome.NOT_MODIFIED))

    def _keep(self, before: WatchState, followed: Followed, readable: bool) -> None:
        step = followed.step
        self.states[before.watch_id] = step.state
        self._unsaved.append(step)
        if readable or followed.change.kind is not ChangeClass.NONE:
            # A page that could not be read did not stay the same.
            self._kinds[followed.change.kind.value] += 1
        self._records += step.changes
        self._alerts += step.alerts
        if _decides(before) != _decides(step.state):
            self._touched.add(before.source_id)
        if step.state.pending is not None and not step.state.unstable and self._waits:
            self._unconfirmed[before.url] = None
        if len(self._unsaved) >= _BATCH:
            self.save()

    def _version(self, state: WatchState, source: Source, watch: Watch, note: LookNote) -> Version | None:
        """What the look shows: a version that is known by its bytes, else the bytes read now."""
        if note.outcome not in (Outcome.SNAPSHOT, Outcome.NOT_MODIFIED) or note.sha256 is None:
            return None
        for known in (state.accepted, state.pending, *(variant.version for variant in state.variants)):
            if known is None or known.sha256 != note.sha256 or known.origin in SECOND_HAND:
                continue
            if not came_by(known.outline.notes, note.at.date()):
                return known
        snapshot = self._snapshot(note.url, note.sha256)
        if snapshot is None:
            return None
        ahead = None if self._read_ahead is None else self._read_ahead(state.watch_id, snapshot)
        if ahead is not None and ahead.reader == self._reader.name:
            return ahead
        return version_of(state.watch_id, source.id, watch, snapshot, self._reader, source.layer, note.at)

    def _by_this_reader(self, state: WatchState, source: Source, watch: Watch, at: datetime) -> WatchState:
        """What differs because another reader read the stored bytes is ours, not the publisher's."""

        def anew(version: Version) -> Version:
            return self._anew(version, source, watch)

        step = by_another_reader(state, anew, self._run.run_id, at)
        if step is None:
            return state
        self._kinds[ChangeClass.RE_EXTRACTION.value] += len(step.changes)
        if step.state.accepted is not state.accepted:
            self._reread.add(state.source_id)
        self._unsaved.append(step)
        return step.state

    def _anew(self, version: Version, source: Source, watch: Watch) -> Version:
        if version.reader == self._reader.name:
            return version
        snapshot = self._snapshot(version.url, version.sha256)
        if snapshot is None:
            return version
        read = version_of(version.watch_id, version.source_id, watch, snapshot, self._reader, source.layer)
        return replace(read, seen_at=version.seen_at)

    def _snapshot(self, url: str, digest: str) -> Snapshot | None:
        key = (url, digest)
        if key not in self._snapshots:
            try:
                self._snapshots[key] = self._warehouse.snapshot(url, digest)
            except WarehouseDamaged:
                # `clearance verify` names the hole; here the page counts as not read.
                self._snapshots[key] = None
        return self._snapshots[key]

    def save(self) -> None:
        if not self._unsaved:
            return
        began = time.monotonic()
        versions = (version for step in self._unsaved for version in step.new_versions)
        self._warehouse.save_steps(self._run.run_id, self._unsaved, _determinations(versions))
        for step in self._unsaved:
            if self.states[step.state.watch_id] is step.state:
                self.states[step.state.watch_id] = self._warehouse.at_rest(step.state)
        self._unsaved.clear()
        self._storing += time.monotonic() - began


def _decides(state: WatchState) -> tuple[object, ...]:
    """What of a state a decision rests on."""
    return state.accepted, state.pending, state.counted_variants, state.unstable, state.failing_alerted


def _determinations(versions: Iterable[Version]) -> dict[str, Determination]:
    return {version.version_id: determination_of(version.reading) for version in versions}

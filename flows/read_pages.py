"""Reading what was looked at, watch by watch, and keeping what changed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from domain.catalog import Source, Watch
from domain.errors import WarehouseDamaged
from domain.history import Alert, ChangeRecord, Version, WatchState, WatchStep
from domain.identity import page_id, watch_id
from domain.probing import Snapshot
from domain.reading import Change, Reading
from domain.vocabulary import ChangeClass, Determination, Layer, Origin, Outcome
from flows.follow_watch import SECOND_HAND, Followed, Follower, Observation, Patience
from flows.look_at_pages import LookNote
from flows.read_guarded import GuardedReader, PageReader
from flows.run_settings import SECOND_LOOK_WITHIN, Inputs, Run
from scoring.determination import determine
from terms.compare import compare
from terms.dates import awaited, came_by
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


def determination_of(reading: Reading) -> Determination:
    """What a reading as a whole means for anybody."""
    return determine(reading.rights, reading.per_item)


def follower_of(run: Run, inputs: Inputs) -> Follower:
    """The follower with the patience the policy asks for."""
    house = inputs.policy.house
    patience = Patience(
        unstable_window=timedelta(days=house.unstable_window_days),
        failing_after=house.failing_after,
        confirm_after=timedelta(seconds=confirm_after(run, inputs)),
    )
    return Follower(run_id=run.run_id, determine=determination_of, patience=patience)


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
) -> ReadReport:
    """Take every watch of the looked-at pages one step further and store the steps in batches.

    What was not looked at is read anew where another reader read it: no decision rests on two readers.
    What `read_ahead` knows, read by this reader, is not read again.
    """
    with GuardedReader(inputs.reader.name, inputs.policy.families) as reader:
        reading = _Reading(warehouse, run, inputs, reader, second_look, read_ahead)
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


def version_of(
    name: str,
    source_id: str,
    watch: Watch,
    snapshot: Snapshot,
    reader: PageReader,
    layer: Layer | None = None,
    at: datetime | None = None,
) -> Version:
    """Read a snapshot for the watch that goes by `name`. A version's id is that of watch, bytes and reader,
    and of the days the words wait for. `at` is when it was last seen, if not when it was first.

    `layer` is the source's. What a page says of its code is no answer about data, so it is kept as
    findings and not as a layer unless the source is code.
    """
    if snapshot.origin is Origin.IMPORT and "html" not in snapshot.media_type:
        # A mail or a quoted sentence has none of the page's headings: all of it is about the watch.
        watch = replace(watch, select=None, anchor=None, heading=None, min_chars=0)
    day = (at or snapshot.seen_at).date()
    reading = reader.read_bytes(snapshot.body, snapshot.media_type, snapshot.charset, snapshot.url, watch, day)
    layers = reading.layers
    if (watch.layer or layer) is not Layer.CODE:
        layers = {part: answer for part, answer in layers.items() if part is not Layer.CODE}
    length = sum(end - start for start, end in reading.located)
    if reading.suspect is None and length < watch.min_chars:
        reading = replace(
            reading, suspect=f"shrunken: {length} characters where at least {watch.min_chars} are expected"
        )
    # What somebody else kept is another version than what the publisher's server gave, in the same bytes.
    kept = (snapshot.origin.value,) if snapshot.origin in SECOND_HAND else ()
    identity = "\x00".join((name, snapshot.sha256, reader.name, *kept, *awaited(reading.notes)))
    return Version(
        version_id=sha256(identity.encode()).hexdigest()[:16],
        watch_id=name,
        source_id=source_id,
        url=watch.url,
        sha256=snapshot.sha256,
        seen_at=snapshot.seen_at,
        origin=snapshot.origin,
        reading=replace(reading, layers=layers, reader=reader.name),
    )


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
        moved = (before.accepted, before.pending) != (step.state.accepted, step.state.pending)
        if moved or before.unstable != step.state.unstable or before.failing_alerted != step.state.failing_alerted:
            self._touched.add(before.source_id)
        if step.state.pending is not None and not step.state.unstable and self._waits:
            self._unconfirmed[before.url] = None
        if len(self._unsaved) >= _BATCH:
            self.save()

    def _version(self, state: WatchState, source: Source, watch: Watch, note: LookNote) -> Version | None:
        """What the look shows: a version that is known by its bytes, else the bytes read now."""
        if note.outcome not in (Outcome.SNAPSHOT, Outcome.NOT_MODIFIED) or note.sha256 is None:
            return None
        for known in (state.accepted, state.pending):
            if known is None or known.sha256 != note.sha256 or known.origin in SECOND_HAND:
                continue
            if not came_by(known.reading.notes, note.at.date()):
                return known
        snapshot = self._snapshot(note.url, note.sha256)
        if snapshot is None:
            return None
        ahead = None if self._read_ahead is None else self._read_ahead(state.watch_id, snapshot)
        if ahead is not None and ahead.reading.reader == self._reader.name:
            return ahead
        return version_of(state.watch_id, source.id, watch, snapshot, self._reader, source.layer, note.at)

    def _by_this_reader(self, state: WatchState, source: Source, watch: Watch, at: datetime) -> WatchState:
        """Read the baseline anew where another reader read it: what differs then is ours, not the publisher's."""
        accepted = self._anew(state.accepted, source, watch)
        pending = self._anew(state.pending, source, watch)
        if (accepted, pending) == (state.accepted, state.pending):
            return state
        if (
            pending is not None
            and accepted is not None
            and compare(accepted.reading, pending.reading).kind not in (ChangeClass.MATERIAL,)
        ):
            # To this reader the two say the same: nothing waits any more.
            pending = None
        renewed = replace(
            state, accepted=accepted, pending=pending, pending_since=state.pending_since if pending else None
        )
        changes = []
        if state.accepted is not None and accepted is not None and state.accepted is not accepted:
            change = compare(state.accepted.reading, accepted.reading)
            if change.kind is ChangeClass.MATERIAL:
                changes.append(self._re_extraction(state.accepted, accepted, change, at))
                self._kinds[ChangeClass.RE_EXTRACTION.value] += 1
            self._reread.add(state.source_id)
        new = tuple(v for v in (accepted, pending) if v is not None and v not in (state.accepted, state.pending))
        self._unsaved.append(WatchStep(state=renewed, new_versions=new, changes=tuple(changes)))
        return renewed

    def _anew(self, version: Version | None, source: Source, watch: Watch) -> Version | None:
        if version is None or version.reading.reader == self._reader.name:
            return version
        snapshot = self._snapshot(version.url, version.sha256)
        if snapshot is None:
            return version
        read = version_of(version.watch_id, version.source_id, watch, snapshot, self._reader, source.layer)
        return replace(read, seen_at=version.seen_at)

    def _re_extraction(self, before: Version, after: Version, change: Change, at: datetime) -> ChangeRecord:
        identity = "\x00".join((before.version_id, after.version_id))
        return ChangeRecord(
            change_id=sha256(identity.encode()).hexdigest()[:16],
            run_id=self._run.run_id,
            source_id=before.source_id,
            page_id=page_id(before.url),
            watch_id=before.watch_id,
            url=before.url,
            at=at,
            change=replace(change, kind=ChangeClass.RE_EXTRACTION, reason=f"read by another reader: {change.reason}"),
            confirmed=True,
            alert=False,
            determination_before=determination_of(before.reading),
            determination_after=determination_of(after.reading),
            version_before=before.version_id,
            version_after=after.version_id,
        )

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
        self._unsaved.clear()
        self._storing += time.monotonic() - began


def _differ(accepted: Version, pending: Version) -> bool:
    return compare(accepted.reading, pending.reading).kind is ChangeClass.MATERIAL


def _determinations(versions: Iterable[Version]) -> dict[str, Determination]:
    return {version.version_id: determination_of(version.reading) for version in versions}

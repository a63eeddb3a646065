"""Replaying a recording response by response, as if each had been looked at in its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.catalog import Source, Watch
from domain.history import AlertKind, ChangeRecord, RunStart, RunSummary, WatchState, WatchStep
from domain.identity import watch_id
from domain.policy import Policy
from domain.probing import Look
from domain.reading import Change
from domain.vocabulary import ChangeClass, Layer, Outcome, SpeaksFor, WatchRole
from flows.follow_watch import Follower, Observation, Patience
from flows.read_guarded import GuardedReader, PageReader
from flows.read_version import determination_of, version_of
from flows.run_settings import Run, RunSettings
from flows.which_version import doubt_of
from probes.recording import Recording, page_address
from probes.screening import screened
from terms.reader import Reader
from warehouse.store import Warehouse

_BATCH = 100
_QUIET = frozenset({AlertKind.WATCH_RECOVERED, AlertKind.TIER_CHANGED})


@dataclass(frozen=True, slots=True)
class ReplayLine:
    """What one response did to one watch. `confirmed`: the next response did not take the change back."""

    look: Look
    source_id: str
    watch_id: str
    change: Change
    record: ChangeRecord | None
    confirmed: bool
    alert: bool


@dataclass(slots=True)
class Watched:
    """One watch on its way through a recording."""

    source_id: str
    name: str
    watch: Watch
    state: WatchState
    layer: Layer | None = None
    body: bytes | None = None


def watches_of(recording: Recording, sources: Sequence[Source] | None, urls: Sequence[str]) -> list[Watched]:
    """The watches to replay: those of a catalog, else each page with one watch on its whole text."""
    if sources is None:
        whole = [Watch(url=url, role=WatchRole.LICENSE, speaks_for=SpeaksFor.PUBLISHER) for url in recording.urls]
        found = [_watched(watch.url, watch.url, watch, None) for watch in whole]
    else:
        found = [
            _watched(source.id, watch_id(source.id, watch), watch, source.layer)
            for source in sources
            for watch in source.watches
        ]
    wanted = {page_address(url) for url in urls}
    return [item for item in found if not wanted or page_address(item.watch.url) in wanted]


def _watched(source_id: str, name: str, watch: Watch, layer: Layer | None) -> Watched:
    return Watched(source_id, name, watch, WatchState(watch_id=name, source_id=source_id, url=watch.url), layer)


def replay(
    recording: Recording,
    watches: Sequence[Watched],
    reader: PageReader,
    policy: Policy,
    *,
    confirm_next: bool,
    run_id: str,
    warehouse: Warehouse | None = None,
) -> list[ReplayLine]:
    """One line a response and watch, in the order of the responses' dates. Stores what a run would
    store when there is a warehouse."""
    house = policy.house
    follower = Follower(
        run_id=run_id,
        determine=determination_of,
        patience=Patience(
            unstable_window=timedelta(days=house.unstable_window_days),
            failing_after=house.failing_after,
            confirm_now=not confirm_next,
        ),
    )
    by_page: dict[str, list[Watched]] = {}
    for watched in watches:
        by_page.setdefault(page_address(watched.watch.url), []).append(watched)
    keeper = _Keeper(warehouse, run_id)
    lines: list[ReplayLine] = []
    shown_by: dict[str, int] = {}
    for look in _looks(recording, by_page):
        for watched in by_page[page_address(look.url)]:
            line, records = _step(follower, reader, watched, look, keeper)
            for record in records:
                # The record that confirms a change belongs to the response that showed it.
                at = shown_by.get(_key(record))
                if at is not None and record is not line.record:
                    lines[at] = _confirmed(lines[at], record)
                elif record is line.record:
                    shown_by[_key(record)] = len(lines)
            lines.append(line)
    keeper.save()
    return _none_follows(lines, by_page, shown_by) if confirm_next else lines


def _looks(recording: Recording, by_page: dict[str, list[Watched]]) -> Iterator[Look]:
    return (look for look in recording.looks() if page_address(look.url) in by_page)


def _step(
    follower: Follower, reader: PageReader, watched: Watched, look: Look, keeper: _Keeper
) -> tuple[ReplayLine, tuple[ChangeRecord, ...]]:
    look = screened(look, None if watched.body is None else len(watched.body), lambda: watched.body)
    version = None
    if look.outcome is Outcome.SNAPSHOT and look.snapshot is not None:
        body = look.snapshot.body
        version = version_of(watched.name, watched.source_id, watched.watch, look.snapshot, reader, watched.layer)
        doubt = doubt_of(watched.state.accepted, version)
        if doubt is not None:
            look = replace(look, outcome=Outcome.SUSPECT, reason=doubt)
        else:
            watched.body = body
    followed = follower.follow(watched.state, Observation(look.at, look.outcome, look.reason, version))
    watched.state = followed.step.state
    keeper.keep(look, followed.step)
    records = followed.step.changes
    own = next((record for record in reversed(records) if record.at == look.at), None)
    told = any(alert.kind not in _QUIET and alert.at == look.at for alert in followed.step.alerts)
    line = ReplayLine(
        look=look,
        source_id=watched.source_id,
        watch_id=watched.name,
        change=followed.change,
        record=own,
        confirmed=own is not None and own.confirmed,
        alert=told,
    )
    return line, records


def _key(record: ChangeRecord) -> str:
    return f"{record.watch_id}\x00{record.at.isoformat()}"


def _confirmed(line: ReplayLine, record: ChangeRecord) -> ReplayLine:
    if line.change.kind is ChangeClass.UNSTABLE:
        return replace(line, confirmed=True)
    return replace(line, change=record.change, record=record, confirmed=True, alert=line.alert or record.alert)


def _none_follows(
    lines: list[ReplayLine], by_page: dict[str, list[Watched]], shown_by: dict[str, int]
) -> list[ReplayLine]:
    """A change that no later response takes back is confirmed by the end of the recording."""
    for watched in (item for group in by_page.values() for item in group):
        state = watched.state
        if state.pending is None or state.pending_since is None or state.unstable:
            continue
        at = shown_by.get(f"{state.watch_id}\x00{state.pending_since.isoformat()}")
        if at is not None:
            lines[at] = replace(lines[at], confirmed=True, alert=True)
    return lines


class _Keeper:
    """Stores looks and steps in batches, or nothing without a warehouse."""

    def __init__(self, warehouse: Warehouse | None, run_id: str) -> None:
        self._warehouse = warehouse
        self._run_id = run_id
        self._looks: dict[tuple[str, datetime], Look] = {}
        self._steps: list[WatchStep] = []

    def keep(self, look: Look, step: WatchStep) -> None:
        if self._warehouse is None:
            return
        self._looks.setdefault((look.url, look.at), look)
        self._steps.append(step)
        if len(self._steps) >= _BATCH:
            self.save()

    def save(self) -> None:
        if self._warehouse is None or not self._steps:
            return
        self._warehouse.save_looks(self._run_id, list(self._looks.values()))
        versions = [version for step in self._steps for version in step.new_versions]
        determined = {version.version_id: determination_of(version.reading) for version in versions}
        self._warehouse.save_steps(self._run_id, self._steps, determined)
        self._looks.clear()
        self._steps.clear()


def replay_files(
    paths: Sequence[Path],
    sources: Sequence[Source] | None,
    urls: Sequence[str],
    policy: Policy,
    *,
    confirm_next: bool,
    warehouse: Path | None,
    catalog_name: str,
    note: Callable[[str], None],
) -> list[ReplayLine]:
    """Replay WARC files, keeping everything in a warehouse when one is named. InvalidInput for a broken file."""
    recording = Recording.open(paths)
    reader = GuardedReader(Reader(policy.families).name, policy.families)
    run = Run.begin(RunSettings(catalog=catalog_name, replay=tuple(map(str, paths))))
    try:
        watches = watches_of(recording, sources, urls)
        if warehouse is None:
            return replay(recording, watches, reader, policy, confirm_next=confirm_next, run_id=run.run_id)
        with Warehouse.open(warehouse, note=note) as store:
            store.start_run(
                RunStart(
                    run_id=run.run_id,
                    started_at=run.started_at,
                    kind="replay",
                    parameters=run.settings.as_parameters(),
                    catalog_sha256="",
                    policy_sha256=policy.sha256,
                    reader=reader.name,
                )
            )
            lines = replay(
                recording, watches, reader, policy, confirm_next=confirm_next, run_id=run.run_id, warehouse=store
            )
            store.finish_run(_summary(run, lines))
            store.publish_read_copy()
            return lines
    finally:
        reader.close()
        recording.close()


def _summary(run: Run, lines: Sequence[ReplayLine]) -> RunSummary:
    finished = datetime.now(UTC)
    return RunSummary(
        run_id=run.run_id,
        finished_at=finished,
        pages=len({line.look.url for line in lines}),
        outcomes=dict(Counter(line.look.outcome.value for line in lines)),
        changes=dict(Counter(line.change.kind.value for line in lines)),
        alerts=sum(line.alert for line in lines),
        assessment="kept",
        why="a replay decides nothing",
        seconds={"total": (finished - run.started_at).total_seconds()},
    )

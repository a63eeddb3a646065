"""Filling a source's history from a web archive, at the time each copy was made.

Nothing of it decides: archived looks and versions stand beside the direct ones, for `show --history` and
queries, and never become a baseline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from domain.catalog import Source
from domain.history import RunStart, RunSummary, Version, WatchState, WatchStep
from domain.identity import watch_id
from domain.probing import Look
from domain.vocabulary import Origin, Outcome
from flows.look_at_pages import pages_of
from flows.read_version import determination_of, version_of
from flows.run_settings import Inputs, Run, RunSettings, load_inputs
from probes.network import NetworkTransport
from probes.screening import screened
from probes.wayback import BASE, DELAY_SECONDS, Archive, settings_for, telling
from warehouse.store import Warehouse

# An archive gives about one copy in three seconds: a killed import loses half a minute.
_BATCH = 10

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSettings:
    """What to import. `delay` is in seconds between two requests to the archive."""

    source_id: str
    since: datetime
    until: datetime
    archive: str = BASE
    allow_hosts: tuple[str, ...] = ()
    delay: float = DELAY_SECONDS
    catalog: str = "catalog"
    policy: str = "policy"
    warehouse: str = ".clearance/clearance.duckdb"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to: copies the index holds that tell something, those stored before, those
    fetched now, those the archive failed to give, and the versions that are new in the history."""

    run_id: str
    pages: int
    captures: int
    known: int
    fetched: int
    failed: int
    versions: int


@dataclass(frozen=True, slots=True)
class _Page:
    captures: int
    known: int
    fetched: int
    failed: int


def import_wayback(settings: ImportSettings, note: Note) -> Imported:
    """Import every telling capture of a source's pages. Whatever was stored before is not fetched again.

    ArchiveUnavailable when the index cannot be had; InvalidInput for a source the catalog does not have.
    """
    run = Run.begin(RunSettings(catalog=settings.catalog, policy=settings.policy, warehouse=settings.warehouse))
    inputs = load_inputs(settings.catalog, settings.policy, run.run_id)
    [(_, _, source)] = inputs.chosen((settings.source_id,))
    path = Path(settings.warehouse)
    with Warehouse.open(path, note=note) as warehouse:
        warehouse.start_run(_start(run, settings, inputs))
    pages = [asyncio.run(_fetch_page(path, run, settings, url, note)) for url in pages_of([source])]
    with Warehouse.open(path, note=note) as warehouse:
        done = Imported(
            run_id=run.run_id,
            pages=len(pages),
            captures=sum(page.captures for page in pages),
            known=sum(page.known for page in pages),
            fetched=sum(page.fetched for page in pages),
            failed=sum(page.failed for page in pages),
            versions=_read(warehouse, run, inputs, source),
        )
        warehouse.finish_run(_summary(run, done))
        warehouse.publish_read_copy()
    return done


async def _fetch_page(path: Path, run: Run, settings: ImportSettings, url: str, note: Note) -> _Page:
    archive = Archive(NetworkTransport(settings_for(settings.allow_hosts, settings.delay)), settings.archive)
    fetched = failed = 0
    unsaved: list[Look] = []
    try:
        captures = telling(await archive.captures(url, settings.since, settings.until))
        with Warehouse.open(path, note=note) as warehouse:
            stored = {look.looked_at for look in warehouse.looks_of(url)}
        missing = [memento for memento in captures if memento.at not in stored]
        note(f"clearance: {url}: {len(captures)} copies tell something, {len(missing)} are still to be fetched")
        for memento in missing:
            look = screened(await archive.look(url, memento), None)
            if look.snapshot is None:
                # What the archive fails to give says nothing of the publisher; the next import asks again.
                failed += 1
                note(f"clearance: {url} of {memento.at:%Y-%m-%d}: {look.outcome.value}, {look.reason}")
                continue
            fetched += 1
            if look.at not in stored:
                stored.add(look.at)
                unsaved.append(look)
            if len(unsaved) >= _BATCH:
                _save(path, run, unsaved, note)
        return _Page(len(captures), len(captures) - len(missing), fetched, failed)
    finally:
        _save(path, run, unsaved, note)
        await archive.transport.aclose()


def _save(path: Path, run: Run, unsaved: list[Look], note: Note) -> None:
    if unsaved:
        # Opened for each batch: a run may take its turn while the archive makes us wait.
        with Warehouse.open(path, note=note) as warehouse:
            warehouse.save_looks(run.run_id, unsaved)
        unsaved.clear()


def _read(warehouse: Warehouse, run: Run, inputs: Inputs, source: Source) -> int:
    """Read every archived copy for every watch; returns how many versions are new."""
    known = {version.version_id for version in warehouse.versions_of(source.id)}
    states = warehouse.watch_states()
    new = 0
    for watch in source.watches:
        name = watch_id(source.id, watch)
        fresh: dict[str, Version] = {}
        for look in warehouse.looks_of(watch.url):
            if look.sha256 is None or look.outcome is not Outcome.SNAPSHOT:
                continue
            identity = archived_version_id(name, look.sha256, inputs.reader.name)
            snapshot = None
            if identity not in known and identity not in fresh:
                snapshot = warehouse.snapshot(watch.url, look.sha256, origin=Origin.ARCHIVE)
            if snapshot is None:
                continue
            version = version_of(name, source.id, watch, snapshot, inputs.reader)
            if version.reading.suspect is None:
                fresh[identity] = replace(version, version_id=identity)
        if fresh:
            # The state is stored as it was: what an archive shows is history, not the present.
            state = states.get(name) or WatchState(watch_id=name, source_id=source.id, url=watch.url)
            determined = {version.version_id: determination_of(version.reading) for version in fresh.values()}
            warehouse.save_steps(run.run_id, [WatchStep(state=state, new_versions=tuple(fresh.values()))], determined)
        new += len(fresh)
    return new


def archived_version_id(watch: str, digest: str, reader: str) -> str:
    """The name of what a reader understood of archived bytes. Another than that of the same bytes received
    directly, whose version must say so: the grade of the evidence hangs on it."""
    return sha256("\x00".join((watch, digest, reader, Origin.ARCHIVE.value)).encode()).hexdigest()[:16]


def _start(run: Run, settings: ImportSettings, inputs: Inputs) -> RunStart:
    return RunStart(
        run_id=run.run_id,
        started_at=run.started_at,
        kind="wayback",
        parameters={
            "source_id": settings.source_id,
            "archive": settings.archive,
            "since": settings.since.isoformat(),
            "until": settings.until.isoformat(),
        },
        catalog_sha256=inputs.catalog.sha256,
        policy_sha256=inputs.policy.sha256,
        reader=inputs.reader.name,
    )


def _summary(run: Run, done: Imported) -> RunSummary:
    finished = datetime.now(UTC)
    return RunSummary(
        run_id=run.run_id,
        finished_at=finished,
        pages=done.pages,
        outcomes={},
        changes={},
        alerts=0,
        assessment="kept",
        why="an import decides nothing",
        seconds={"total": round((finished - run.started_at).total_seconds(), 3)},
    )

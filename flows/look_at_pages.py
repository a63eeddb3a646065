"""Looking at pages and keeping what came: nothing is judged here."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from domain.catalog import FetchMethod, Source
from domain.errors import WarehouseDamaged
from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome
from flows.run_settings import Inputs, Run
from probes.look_all import look_all
from probes.network import NetworkTransport
from probes.recording import NO_RECORDING, Recording, RecordingTransport
from probes.robots import RobotsMemory
from probes.screening import screened
from probes.settings import NetworkSettings
from probes.transport import Transport
from warehouse.looks import LastSnapshot, Wait

_BATCH = 100
_BATCH_BYTES = 8_000_000
_LONGEST_UNSAVED = 0.25
# Saving a look or two costs as much as saving many: where that is slow, more are waited for.
_TIMES_A_SAVE = 3.0
_LONGEST_OF_ALL = 1.0

Progress = Callable[[int, int], None]
"""Told after every page: how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class LookNote:
    """What reading needs to know of a stored look. `sha256` names the bytes the page shows: those
    that came, or those it confirmed as not modified."""

    url: str
    at: datetime
    outcome: Outcome
    reason: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Looked:
    """Every look of a round, in the order it was stored, and the seconds spent."""

    notes: tuple[LookNote, ...]
    fetch_seconds: float
    store_seconds: float


class LooksStore(Protocol):
    """Where looks are kept: the warehouse, or what one shard writes for it."""

    def last_snapshots(self, urls: Sequence[str]) -> dict[str, LastSnapshot]:
        """The newest good snapshot of each URL that has one."""
        ...

    def save_looks(self, run_id: str, found: Sequence[Look]) -> None:
        """Keep looks for good."""
        ...

    def body(self, sha256: str) -> bytes:
        """The bytes of this digest. WarehouseDamaged when they are missing or wrong."""
        ...


def pages_of(sources: Sequence[Source]) -> tuple[str, ...]:
    """The pages of some sources, each once."""
    return tuple(dict.fromkeys(watch.url for source in sources for watch in source.watches))


def look_at_pages(
    warehouse: LooksStore,
    run: Run,
    inputs: Inputs,
    urls: Sequence[str],
    *,
    unconditional: bool = False,
    progress: Progress | None = None,
    waits: Sequence[Wait] = (),
) -> Looked:
    """Look once at each page and store every look in small batches, so that a killed run loses next to nothing.

    A page whose bytes did not come for `unconditional_after_days` of the house is asked for whole: no server can
    hide a change for longer behind "not modified". Pages of which a recording has nothing were not looked at
    and leave no trace. Where a server asked in an earlier run to be left alone until later (`waits`), nothing is
    asked, and the look says so.
    """
    left_alone = _left_alone(urls, waits)
    if left_alone:
        warehouse.save_looks(run.run_id, list(left_alone.values()))
        looked = look_at_pages(
            warehouse,
            run,
            inputs,
            [url for url in urls if url not in left_alone],
            unconditional=unconditional,
            progress=progress,
        )
        return replace(looked, notes=(*(note_of(look, None) for look in left_alone.values()), *looked.notes))
    last = warehouse.last_snapshots(urls)
    plain = unconditional or run.settings.force
    shown = {
        watch.url
        for _, _, source in inputs.catalog.sources
        for watch in source.watches
        if watch.fetch is FetchMethod.BROWSER
    }
    # What scripts show may change while the page that loads them does not.
    requests = [
        PageRequest(url, browser=url in shown) if plain or url in shown else _request(url, last.get(url), run, inputs)
        for url in urls
    ]
    recording = Recording.open([Path(path) for path in run.settings.replay]) if run.settings.replay else None
    try:
        if recording is not None:
            transport: Transport = RecordingTransport(recording, run.now)
        else:
            transport = run_transport(run, inputs)
        return asyncio.run(_look(warehouse, run, requests, last, transport, progress))
    finally:
        if recording is not None:
            recording.close()


def _left_alone(urls: Sequence[str], waits: Sequence[Wait]) -> dict[str, Look]:
    pages = {wait.url: wait for wait in waits}
    # "Too many requests" is said to us and not of a page: it holds for the whole host.
    hosts = {urlsplit(wait.url).netloc: wait for wait in waits if wait.status == HTTPStatus.TOO_MANY_REQUESTS}
    found: dict[str, Look] = {}
    for url in urls:
        wait = pages.get(url) or hosts.get(urlsplit(url).netloc)
        if wait is not None:
            found[url] = Look(
                url=url,
                at=datetime.now(UTC),
                outcome=Outcome.UNREACHABLE,
                reason=f"retry_after: the server asked not to be asked before {wait.until:%Y-%m-%d %H:%M} UTC",
                status=wait.status,
                attempts=0,
                retry_after=wait.until,
            )
    return found


def network_settings(run: Run, inputs: Inputs) -> NetworkSettings:
    """How this run may use the network. `CLEARANCE_CONTACT` is where a site's owner can reach us."""
    contact = os.environ.get("CLEARANCE_CONTACT", "").strip()
    return NetworkSettings(allow=run.settings.allow_hosts, delay=run.settings.delay, contact=contact)


def run_transport(run: Run, inputs: Inputs) -> NetworkTransport:
    """A transport of its own connections that asks no host for a robots.txt which this process had in this run."""
    return NetworkTransport(network_settings(run, inputs), robots=_robots_of(run.run_id))


@lru_cache(maxsize=2)
def _robots_of(_: str) -> RobotsMemory:
    """What the hosts of a run answered, by its id: the steps of a run share nothing else but the warehouse."""
    return RobotsMemory()


def _request(url: str, known: LastSnapshot | None, run: Run, inputs: Inputs) -> PageRequest:
    if known is None:
        return PageRequest(url)
    if not run.settings.replay and _long_unseen(known, run.now, inputs.policy.house.unconditional_after_days):
        return PageRequest(url)
    return PageRequest(url, known.etag, known.last_modified, known.sha256)


def _long_unseen(known: LastSnapshot, now: datetime, days: int) -> bool:
    # In either direction: a clock that once ran ahead must not put the next whole look off by years.
    return abs(now - known.brought_at) >= timedelta(days=days)


async def _look(
    warehouse: LooksStore,
    run: Run,
    requests: Sequence[PageRequest],
    last: Mapping[str, LastSnapshot],
    transport: Transport,
    progress: Progress | None,
) -> Looked:
    began = time.monotonic()
    storing = 0.0
    notes: list[LookNote] = []
    unsaved = _Unsaved()
    try:
        async for look in _or_a_pause(look_all(requests, transport), unsaved):
            if look is None:
                storing += unsaved.save(warehouse, run)
                continue
            if look.outcome is Outcome.UNREACHABLE and look.reason == NO_RECORDING:
                continue
            before = last.get(look.url)
            look = _screened(warehouse, look, before)
            unsaved.add(look)
            notes.append(note_of(look, before))
            if unsaved.full:
                storing += unsaved.save(warehouse, run)
            if progress is not None:
                progress(len(notes), len(requests))
    finally:
        storing += unsaved.save(warehouse, run)
        await transport.aclose()
    return Looked(tuple(notes), time.monotonic() - began - storing, storing)


def _screened(warehouse: LooksStore, look: Look, before: LastSnapshot | None) -> Look:
    if before is None:
        return screened(look, None)
    if (
        look.snapshot is not None
        and look.snapshot.sha256 == before.sha256
        and look.snapshot.url == look.snapshot.final_url
    ):
        # The bytes that passed when they came first.
        return look

    def previous() -> bytes | None:
        try:
            return warehouse.body(before.sha256)
        except WarehouseDamaged:
            return None

    return screened(look, before.bytes, previous)


async def _or_a_pause(looks: AsyncIterator[Look], unsaved: _Unsaved) -> AsyncIterator[Look | None]:
    """Every look, and None when the first of those unsaved has waited long enough: a killed run loses
    what is not saved, and the next look may be a slow host's."""
    since: float | None = None
    arriving: asyncio.Future[Look | None] | None = None
    try:
        while True:
            since = (since or time.monotonic()) if unsaved.looks else None
            if since is not None and time.monotonic() - since >= unsaved.patience:
                since = None
                yield None
                continue
            arriving = arriving or asyncio.ensure_future(_next(looks))
            patience = None if since is None else unsaved.patience - (time.monotonic() - since)
            done, _ = await asyncio.wait({arriving}, timeout=patience)
            if done:
                look, arriving = arriving.result(), None
                if look is None:
                    return
                yield look
    finally:
        if arriving is not None:
            arriving.cancel()
            await asyncio.gather(arriving, return_exceptions=True)


async def _next(looks: AsyncIterator[Look]) -> Look | None:
    return await anext(looks, None)


@dataclass(slots=True)
class _Unsaved:
    """The looks that no file holds yet, and the seconds the first of them may wait."""

    looks: list[Look] = field(default_factory=list)
    bytes: int = 0
    patience: float = _LONGEST_UNSAVED

    @property
    def full(self) -> bool:
        """Whether there are so many that they are to be stored at once."""
        return len(self.looks) >= _BATCH or self.bytes >= _BATCH_BYTES

    def add(self, look: Look) -> None:
        """One more."""
        self.looks.append(look)
        self.bytes += 0 if look.snapshot is None else len(look.snapshot.body)

    def save(self, warehouse: LooksStore, run: Run) -> float:
        """Store them; returns the seconds it took."""
        if not self.looks:
            return 0.0
        began = time.monotonic()
        warehouse.save_looks(run.run_id, self.looks)
        self.looks.clear()
        self.bytes = 0
        took = time.monotonic() - began
        self.patience = min(max(_LONGEST_UNSAVED, took * _TIMES_A_SAVE), _LONGEST_OF_ALL)
        return took


def note_of(look: Look, before: LastSnapshot | None) -> LookNote:
    """What reading needs to know of a look; `before` is the newest good snapshot before it."""
    shown = look.snapshot.sha256 if look.snapshot is not None else None
    if look.outcome is Outcome.NOT_MODIFIED and before is not None:
        shown = before.sha256
    return LookNote(look.url, look.at, look.outcome, look.reason, shown)

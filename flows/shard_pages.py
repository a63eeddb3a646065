"""A run's pages in shards: split by host, looked at and read anywhere, taken in by the one writer.

A shard needs the catalog, the policy and the warehouse's folder under the same paths as the writer,
and never opens the warehouse. Whatever a shard did not read, the writer reads itself: shards save
time, and decide nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from domain.catalog import Source, Watch
from domain.errors import InvalidInput
from domain.history import Version
from domain.identity import watch_id
from domain.probing import Look
from domain.vocabulary import Outcome
from flows.look_at_pages import LookNote, look_at_pages, note_of, pages_of
from flows.measure_datasets import measure_datasets, with_statements
from flows.read_pages import ReadReport, read_pages
from flows.read_version import version_of
from flows.run_pipeline import Fetched, answered_of
from flows.run_settings import Inputs, Run, inputs_of
from flows.shard_manifest import ShardManifest, looks_in, read_ahead, urls_in
from flows.which_version import SECOND_HAND
from warehouse.bodies import Bodies
from warehouse.looks import LastSnapshot
from warehouse.store import Warehouse

_BATCH = 50

Watches = dict[str, list[tuple[Source, Watch]]]
"""The watches of each page."""


@dataclass(frozen=True, slots=True)
class ShardPage:
    """One page of a shard. `last` makes the request conditional; `known` are digests of bytes that
    every watch of the page has read already."""

    url: str
    last: LastSnapshot | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShardWork:
    """What one shard is to do: plain values that cross to another machine. `folder` takes what it
    saw and read, `bodies` the bytes; both are paths that worker and writer share."""

    run: Run
    number: int
    pages: tuple[ShardPage, ...]
    folder: str
    bodies: str
    catalog_sha256: str
    policy_sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class ShardDone:
    """How a shard went; seconds of its own clock."""

    number: int
    looks: int
    versions: int
    fetch_seconds: float
    store_seconds: float
    read_seconds: float


def host_of(url: str) -> str:
    """The host whose turn a request to this URL takes."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def split_pages(urls: Sequence[str], shards: int) -> tuple[tuple[str, ...], ...]:
    """At most `shards` parts of about equal size, none empty: every page in exactly one, every host whole.

    A host stays whole so that one request at a time and the pause between hold without anybody
    coordinating. The largest hosts are placed first; equal ones keep the catalog's order.
    """
    if shards < 1:
        raise InvalidInput(f"a run needs at least one shard, not {shards}")
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        hosts.setdefault(host_of(url), []).append(url)
    parts: list[list[str]] = [[] for _ in range(min(shards, len(hosts)))]
    for pages in sorted(hosts.values(), key=len, reverse=True):
        min(parts, key=len).extend(pages)
    return tuple(map(tuple, parts))


def plan_shards(run: Run, shards: int) -> tuple[ShardWork, ...]:
    """The work of every shard, from what the warehouse knows. First takes in what killed runs left."""
    inputs = inputs_of(run)
    sources = _sources(run, inputs)
    urls = pages_of(sources)
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        _take_in_leftovers(warehouse)
        last = warehouse.last_snapshots(urls)
        known = _known(warehouse, sources)
        folder, bodies = _folder(warehouse.path) / run.run_id, warehouse.bodies.folder
    anywhere = _with_whole_paths(run)
    return tuple(
        ShardWork(
            run=anywhere,
            number=number,
            pages=tuple(ShardPage(url, last.get(url), known.get(url, ())) for url in part),
            folder=str(folder.resolve()),
            bodies=str(bodies.resolve()),
            catalog_sha256=inputs.catalog.sha256,
            policy_sha256=inputs.policy.sha256,
            reader=inputs.reader.name,
        )
        for number, part in enumerate(split_pages(urls, shards))
    )


def look_and_read(work: ShardWork) -> ShardDone:
    """Look at a shard's pages and read what is new. Pages that an earlier attempt looked at are not asked again.

    InvalidInput where this worker's catalog, policy or release is not the writer's.
    """
    run, folder, bodies = work.run, Path(work.folder), Bodies(Path(work.bodies))
    inputs = inputs_of(run)
    here = (inputs.catalog.sha256, inputs.policy.sha256, inputs.reader.name)
    if here != (work.catalog_sha256, work.policy_sha256, work.reader):
        raise InvalidInput("this worker has another catalog, policy or release of Clearance than the run")
    seen = urls_in(folder, work.number)
    pages = [page for page in work.pages if page.url not in seen]
    manifest = ShardManifest(folder, work.number, bodies, {page.url: page.last for page in pages if page.last})
    looked = look_at_pages(manifest, run, inputs, [page.url for page in pages])
    began, storing, versions = time.monotonic(), 0.0, 0
    known = {page.url: page.known for page in work.pages}
    watches = _watches(_sources(run, inputs))
    looks = looks_in(folder, work.number, bodies)
    while batch := list(islice(looks, _BATCH)):
        read = [version for look in batch for version in _read(look, inputs, watches, known)]
        saving = time.monotonic()
        manifest.save_versions(read)
        storing += time.monotonic() - saving
        versions += len(read)
    return ShardDone(
        number=work.number,
        looks=len(looked.notes),
        versions=versions,
        fetch_seconds=looked.fetch_seconds,
        store_seconds=looked.store_seconds + storing,
        read_seconds=time.monotonic() - began - storing,
    )


def merge_shards(run: Run, works: Sequence[ShardWork], done: Sequence[ShardDone]) -> tuple[Fetched, ReadReport]:
    """Take the shards into the warehouse in order, follow every watch, and measure the datasets.

    InvalidInput where a shard is missing: half a look at the catalog is none.
    """
    if missing := sorted({work.number for work in works} - {shard.number for shard in done}):
        raise InvalidInput(f"shards {', '.join(map(str, missing))} of the run are missing")
    inputs = inputs_of(run)
    sources = _sources(run, inputs)
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        folder = _folder(warehouse.path) / run.run_id
        began = time.monotonic()
        notes: dict[str, LookNote] = {}
        for work in works:
            last = {page.url: page.last for page in work.pages}
            for look in _take_in(warehouse, run.run_id, folder, work.number):
                # A second attempt looks at nothing twice, unless the first was only thought dead.
                notes.setdefault(look.url, note_of(look, last.get(look.url)))
        storing = time.monotonic() - began
        ahead = read_ahead(folder, warehouse.bodies)
        report = read_pages(warehouse, run, inputs, sources, tuple(notes.values()), read_ahead=ahead.find)
        # Interfaces may live on the hosts of pages: they are asked when no shard asks any more.
        measuring = time.monotonic()
        stated = measure_datasets(warehouse, run, inputs, sources, answered_of(tuple(notes.values())))
        report = with_statements(report, stated)
        measured = time.monotonic() - measuring
        shutil.rmtree(folder, ignore_errors=True)
    slowest = max((shard.fetch_seconds for shard in done), default=0.0)
    reading = max((shard.read_seconds for shard in done), default=0.0)
    storing += max((shard.store_seconds for shard in done), default=0.0)
    report = replace(report, read_seconds=report.read_seconds + reading)
    return Fetched(tuple(notes.values()), slowest + measured, storing), report


def _sources(run: Run, inputs: Inputs) -> list[Source]:
    return [source for _, _, source in inputs.chosen(run.settings.only)]


def _watches(sources: Sequence[Source]) -> Watches:
    watches: Watches = {}
    for source in sources:
        for watch in source.watches:
            watches.setdefault(watch.url, []).append((source, watch))
    return watches


def _known(warehouse: Warehouse, sources: Sequence[Source]) -> dict[str, tuple[str, ...]]:
    states = warehouse.watch_states()
    known: dict[str, set[str]] = {}
    for source in sources:
        for watch in source.watches:
            state = states.get(watch_id(source.id, watch))
            held = () if state is None else (state.accepted, state.pending)
            read = {version.sha256 for version in held if version is not None and version.origin not in SECOND_HAND}
            known[watch.url] = known[watch.url] & read if watch.url in known else read
    return {url: tuple(sorted(digests)) for url, digests in known.items() if digests}


def _read(look: Look, inputs: Inputs, watches: Watches, known: Mapping[str, Sequence[str]]) -> list[Version]:
    snapshot = look.snapshot
    if look.outcome is not Outcome.SNAPSHOT or snapshot is None or snapshot.sha256 in known.get(look.url, ()):
        return []
    return [
        version_of(watch_id(source.id, watch), source.id, watch, snapshot, inputs.reader, source.layer)
        for source, watch in watches.get(look.url, ())
    ]


def _with_whole_paths(run: Run) -> Run:
    """The run for a worker that stands in another folder."""
    settings = run.settings
    whole = replace(
        settings,
        catalog=str(Path(settings.catalog).resolve()),
        policy=str(Path(settings.policy).resolve()),
        warehouse=str(Path(settings.warehouse).resolve()),
        replay=tuple(str(Path(path).resolve()) for path in settings.replay),
    )
    return replace(run, settings=whole)


def _folder(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.shards")


def _take_in(warehouse: Warehouse, run_id: str, folder: Path, number: int | None) -> Iterator[Look]:
    """Store the looks of a shard (None: of all) batch by batch; each comes back once it is stored."""
    looks = looks_in(folder, number, warehouse.bodies)
    while batch := list(islice(looks, _BATCH)):
        warehouse.save_looks(run_id, batch)
        yield from batch


def _take_in_leftovers(warehouse: Warehouse) -> None:
    """Store what shards of killed runs saw, under the run that saw it: no fetched snapshot is lost."""
    for left in sorted(_folder(warehouse.path).glob("*")):
        for _ in _take_in(warehouse, left.name, left, None):
            pass
        shutil.rmtree(left, ignore_errors=True)

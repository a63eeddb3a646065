"""Reading beside fetching: what is kept already is read on another core while more pages arrive.

One thread hands page after page to the guarded process and keeps its answers, packed, until reading takes
them. An answer belongs to all that reading asks with (bytes, media type, charset, address, watch, day), so it
is the answer that reading would get by itself. What was not read ahead, or was lost, is read in its turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Condition, Thread

import zstandard

from domain.catalog import Source, Watch
from domain.errors import WarehouseDamaged
from domain.policy import Family
from domain.probing import Look, Snapshot
from domain.reading import Reading
from domain.vocabulary import Outcome
from flows.read_guarded import GuardedReader, ReaderLost, ReadingLimits
from flows.run_settings import Run, inputs_of
from warehouse.codec import from_json, to_json
from warehouse.looks import LastSnapshot
from warehouse.packing import digest
from warehouse.store import Warehouse

_WORTH_A_PROCESS = 40
"""To start the process costs about as much as to read this many pages."""

_MOST_HELD = 8 * 1024 * 1024
"""Packed bytes of answers nobody took yet: with more, the reading ahead pauses."""

_LEVEL = 3

Load = Callable[[str], bytes]
"""Gives the bytes of a digest, from any thread; WarehouseDamaged where they are missing or wrong."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a reading depends on, the reader itself aside."""

    sha256: str
    media_type: str | None
    charset: str | None
    url: str | None
    watch: Watch | None
    at: date | None


class ReadingBeside:
    """A `PageReader` that may have read already. Offers come, and answers are taken, from one thread at a time."""

    def __init__(self, name: str, families: Sequence[Family], limits: ReadingLimits | None = None) -> None:
        self.name = name
        self._guarded = GuardedReader(name, families, limits)
        self._changed = Condition()
        self._waiting: dict[Asked, Load] = {}
        self._ready: dict[Asked, bytes] = {}
        self._held = 0
        self._reading: Asked | None = None
        self._claimed = False
        self._closed = False
        self._thread: Thread | None = None

    @property
    def started(self) -> bool:
        """Whether there was enough to read to begin."""
        return self._thread is not None

    def offer(self, asked: Asked, load: Load) -> None:
        """Reading will ask this: read it when its turn comes."""
        with self._changed:
            self._waiting[asked] = load
            self._changed.notify_all()
            if self._thread is None and len(self._waiting) > _WORTH_A_PROCESS:
                # A daemon: whatever ends this process ends the reading ahead, too.
                self._thread = Thread(target=self._read_on, name="reading beside", daemon=True)
                self._thread.start()

    def read_bytes(
        self,
        body: bytes,
        media_type: str | None,
        charset: str | None,
        url: str | None,
        watch: Watch | None = None,
        at: date | None = None,
    ) -> Reading:
        """See `GuardedReader.read_bytes`."""
        asked = Asked(digest(body), media_type, charset, url, watch, at)
        packed = self._taken(asked)
        if packed is not None:
            return from_json(Reading, _unpacked(packed, body))
        try:
            return self._guarded.read_bytes(body, media_type, charset, url, watch, at)
        finally:
            with self._changed:
                self._reading = None
                self._changed.notify_all()

    def close(self) -> None:
        """End the process and the thread, whatever they are at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._guarded.stop()
        if self._thread is not None:
            self._thread.join()
        self._guarded.close()

    def _taken(self, asked: Asked) -> bytes | None:
        """The answer where it was read ahead; None when the process is the caller's, to read it now."""
        with self._changed:
            self._changed.wait_for(lambda: self._reading != asked)
            packed = self._ready.pop(asked, None)
            if packed is not None:
                self._held -= len(packed)
                self._changed.notify_all()
                return packed
            self._waiting.pop(asked, None)
            self._claimed = True
            try:
                self._changed.wait_for(lambda: self._reading is None)
                self._reading = asked
            finally:
                self._claimed = False
            return None

    def _read_on(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._may_begin())
                if self._closed:
                    return
                asked = next(iter(self._waiting))
                load = self._waiting.pop(asked)
                self._reading = asked
            packed = None
            try:
                packed = self._answer(asked, load)
            finally:
                with self._changed:
                    if packed is not None:
                        self._ready[asked] = packed
                        self._held += len(packed)
                    self._reading = None
                    self._changed.notify_all()

    def _may_begin(self) -> bool:
        return bool(self._waiting) and self._reading is None and not self._claimed and self._held < _MOST_HELD

    def _answer(self, asked: Asked, load: Load) -> bytes | None:
        """The packed answer; None where the page is to be read in its turn."""
        try:
            body = load(asked.sha256)
            answer = self._guarded.answer(body, asked.media_type, asked.charset, asked.url, asked.watch, asked.at)
        except WarehouseDamaged:
            return None
        except ReaderLost as lost:
            if not lost.costly:
                return None
            answer = to_json(self._guarded.unread(lost)).encode()
        return _packed(answer, body)


def _packed(answer: bytes, body: bytes) -> bytes:
    # Most of a reading is what its page says: on the page it takes a tenth of its size, alone a quarter.
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(body)).compress(answer)


def _unpacked(packed: bytes, body: bytes) -> str:
    return zstandard.ZstdDecompressor(dict_data=_dictionary(body)).decompress(packed).decode()


def _dictionary(body: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


# Like the hosts' robots.txt: the steps of a run share nothing else but the warehouse. A step that runs in
# another process finds nothing here and reads by itself.
_OF_RUNS: dict[str, ReadingBeside] = {}


@contextmanager
def reading_beside(run: Run) -> Iterator[None]:
    """While it is entered, the pages of a run may be read as they are kept; needs a second core."""
    if _cores() < 2:
        yield
        return
    inputs = inputs_of(run)
    beside = _OF_RUNS[run.run_id] = ReadingBeside(inputs.reader.name, inputs.policy.families)
    try:
        yield
    finally:
        del _OF_RUNS[run.run_id]
        beside.close()


def started_beside(run: Run) -> ReadingBeside | None:
    """The reader that reads beside this run, where it had enough to begin."""
    beside = _OF_RUNS.get(run.run_id)
    return beside if beside is not None and beside.started else None


class KeptAndRead:
    """A `LooksStore` that offers what it keeps to the reader beside: each watch of a page that shows new bytes."""

    def __init__(self, warehouse: Warehouse, run: Run, sources: Sequence[Source]) -> None:
        self._warehouse = warehouse
        self._beside = _OF_RUNS.get(run.run_id)
        self._known: dict[str, str] = {}
        self._watches: dict[str, list[Watch]] = {}
        for source in sources:
            for watch in source.watches:
                self._watches.setdefault(watch.url, []).append(watch)

    def last_snapshots(self, urls: Sequence[str]) -> dict[str, LastSnapshot]:
        """See `Warehouse.last_snapshots`."""
        last = self._warehouse.last_snapshots(urls)
        self._known |= {url: snapshot.sha256 for url, snapshot in last.items()}
        return last

    def save_looks(self, run_id: str, found: Sequence[Look]) -> None:
        """See `Warehouse.save_looks`."""
        self._warehouse.save_looks(run_id, found)
        for look in found:
            seen = look.snapshot
            if seen is not None and look.outcome is Outcome.SNAPSHOT and seen.sha256 != self._known.get(look.url):
                self._offer(look, seen)

    def body(self, sha256: str) -> bytes:
        """See `Warehouse.body`."""
        return self._warehouse.body(sha256)

    def _offer(self, look: Look, seen: Snapshot) -> None:
        if self._beside is None:
            return
        for watch in self._watches.get(look.url, ()):
            asked = Asked(seen.sha256, seen.media_type, seen.charset, seen.url, watch, look.at.date())
            self._beside.offer(asked, self._warehouse.bodies.load)


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

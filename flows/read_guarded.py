"""Reading in a process of its own: a page that is built to stop the reader stops that process, not the run.

One process reads page after page, each within its processor seconds, memory and wall time. One that dies
is replaced for the next page; the page that killed it comes back as `suspect`, which no decision counts.
What the process answers is JSON, so that nothing a page did to it can reach further than a wrong reading.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Protocol, Self

from domain.catalog import Watch
from domain.policy import Family
from domain.reading import Reading
from domain.rights import Rights
from warehouse.codec import from_json, to_json

_OUT_OF_MEMORY = 3
# A parser that is refused memory may go on with half a page. At this room a page always passes
# `memory_bytes` before anything is refused.
_ROOM = 2
_LONGEST_ANSWER = 256 * 1024 * 1024


class PageReader(Protocol):
    """Whatever reads pages: the reader itself, or one behind a guard."""

    @property
    def name(self) -> str: ...

    def read_bytes(
        self,
        body: bytes,
        media_type: str | None,
        charset: str | None,
        url: str | None,
        watch: Watch | None = None,
        at: date | None = None,
    ) -> Reading: ...


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one page may cost: processor seconds, wall seconds, and bytes beyond what the process has at rest.

    No answer counts that needed more than `memory_bytes`; no allocation gets beyond `_ROOM` times that.
    """

    cpu_seconds: int = 4
    wall_seconds: float = 60.0
    memory_bytes: int = 240 * 1024 * 1024


class ReaderLost(Exception):
    """The process ended over a page; `args[0]` says how. `costly`: because the page cost more than the limits
    allow, and not because somebody ended the process or it broke."""

    def __init__(self, how: str, *, costly: bool) -> None:
        super().__init__(how)
        self.costly = costly


class GuardedReader:
    """A `PageReader` whose process starts with the first page. Close it, or use it as a context manager.
    Use from one thread at a time; `stop` may come from any."""

    def __init__(self, name: str, families: Sequence[Family], limits: ReadingLimits | None = None) -> None:
        self.name = name
        self._families = tuple(families)
        self._limits = ReadingLimits() if limits is None else limits
        self._worker: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._starting = Lock()
        self._stopped = False

    def read_bytes(
        self,
        body: bytes,
        media_type: str | None,
        charset: str | None,
        url: str | None,
        watch: Watch | None = None,
        at: date | None = None,
    ) -> Reading:
        """See `Reader.read_bytes`; `suspect` also where the page costs more than the limits allow."""
        try:
            return from_json(Reading, self.answer(body, media_type, charset, url, watch, at).decode())
        except ReaderLost as lost:
            return self.unread(lost)

    def answer(
        self,
        body: bytes,
        media_type: str | None,
        charset: str | None,
        url: str | None,
        watch: Watch | None,
        at: date | None,
    ) -> bytes:
        """The JSON of a page's reading. ReaderLost where there is none; the next page gets a new process."""
        fresh = self._pipe is None
        pipe = self._started()
        try:
            if fresh:
                pipe.send((self._families, self._limits))
            pipe.send((body, media_type, charset, url, watch, at))
            if not pipe.poll(self._limits.wall_seconds):
                self.close()
                raise ReaderLost(f"no answer within {self._limits.wall_seconds:g} s", costly=True)
            return pipe.recv_bytes(_LONGEST_ANSWER)
        except (EOFError, OSError) as error:
            code = self._worker.wait() if self._worker is not None else 0
            self.close()
            # What grew may have been the pages before it.
            if code == _OUT_OF_MEMORY and not fresh:
                return self.answer(body, media_type, charset, url, watch, at)
            how = _cause(code, self._limits)
            raise ReaderLost(how, costly=code in (-signal.SIGXCPU, _OUT_OF_MEMORY)) from error

    def unread(self, lost: ReaderLost) -> Reading:
        """What a page comes to over which the process ended."""
        reason = f"not read: too complex ({lost})"
        return Reading(self.name, "", (), (), (), "NOASSERTION", Rights(), reasons=(reason,), suspect=reason)

    def stop(self) -> None:
        """End the process for good, whatever it is at: a page under way is lost, and no other is read."""
        with self._starting:
            self._stopped = True
            worker = self._worker
        if worker is not None:
            worker.kill()

    def close(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
        self._pipe = self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> Connection:
        if self._pipe is not None:
            return self._pipe
        with self._starting:
            if self._stopped:
                raise ReaderLost("the reader was stopped", costly=False)
            ours, theirs = Pipe()
            # Not multiprocessing: it would run the caller's main module once more.
            self._worker = subprocess.Popen(  # noqa: S603 - this module, by this Python
                [sys.executable, "-m", "flows.read_guarded", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Ctrl-C is for the one that asks, which then ends this one.
                process_group=0,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            theirs.close()
            self._pipe = ours
        return ours


def _cause(code: int, limits: ReadingLimits) -> str:
    match code:
        case _ if code == -signal.SIGXCPU:
            return f"more than {limits.cpu_seconds} s of processor time"
        case _ if code == _OUT_OF_MEMORY:
            return f"more than {limits.memory_bytes // 1024**2} MB of memory, or nested too deep"
        case _:
            return f"the reader died, exit code {code}"


def serve(pipe: Connection) -> int:
    """Read what comes through the pipe until it is closed; the exit code of the process."""
    # Imported here: only the process that reads needs the rules and names.
    from terms.reader import Reader

    families, limits = pipe.recv()
    reader = Reader(families)
    # Rules and names load with the first text; what they take is no page's doing.
    reader.read_text("The data is licensed under CC BY 4.0.", "text/plain")
    # They stay for good, too: no collection needs to look at them again.
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    at_rest, mapped = _kilobytes("VmRSS"), _kilobytes("VmSize")
    resource.setrlimit(resource.RLIMIT_AS, (mapped * 1024 + _ROOM * limits.memory_bytes,) * 2)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    while True:
        try:
            request = pipe.recv()
        except (EOFError, OSError):
            return 0
        used = resource.getrusage(resource.RUSAGE_SELF)
        # The limit counts from the start of the process, in whole seconds.
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + limits.cpu_seconds, hard))
        try:
            answer = to_json(reader.read_bytes(*request)).encode()
        except (MemoryError, RecursionError):
            return _OUT_OF_MEMORY
        grown = _kilobytes("VmHWM") - at_rest
        if grown * 1024 > limits.memory_bytes:
            return _OUT_OF_MEMORY
        try:
            pipe.send_bytes(answer)
        except OSError:
            # Nobody waits for it any more.
            return 0


def _kilobytes(name: str) -> int:
    # Not getrusage: what it calls our peak may be that of the process that started us.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))


if __name__ == "__main__":
    sys.exit(serve(Connection(int(sys.argv[1]))))

"""Server, schedules and worker on one machine, started together and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from domain.errors import ClearanceError, InvalidInput

HOST = "127.0.0.1"
POOL = "clearance"
_PREFECT = [sys.executable, "-m", "prefect"]
_START_SECONDS = 180.0
_STOP_SECONDS = 25.0
_POLL_SECONDS = 0.5

Note = Callable[[str], None]


class ServeFailed(ClearanceError):
    """A part did not start, or ended by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Where the server listens (always on loopback) and which deployments it gets.

    `home` is Prefect's folder, with its database of runs; `watch_every` is in seconds between two calls
    of what is given to `serve` to be done now and then.
    """

    port: int = 4200
    prefect_file: str = "prefect.yaml"
    home: str = ".clearance/prefect"
    watch_every: float = 300.0

    @property
    def api_url(self) -> str:
        """Where the server answers."""
        return f"http://{HOST}:{self.port}/api"


def serve(settings: ServeSettings, note: Note, watch: Callable[[], None]) -> None:
    """Run until told to stop by SIGINT or SIGTERM; then stop worker, runs and server in this order.

    `watch` is called when all is up and every `watch_every` seconds. ServeFailed when a part does not
    come up or ends by itself, InvalidInput when there is nothing to serve or the port is taken.
    """
    _check(settings)
    environment = _environment(settings)
    with _stop_signals() as stopped, _Parts(environment, note) as parts:
        parts.start("server", ["server", "start", "--host", HOST, "--port", str(settings.port)])
        if not _wait_until(lambda: _answers(settings), stopped, parts):
            return
        note(f"clearance: server at http://{HOST}:{settings.port}")
        # In processes of their own, as Prefect reads its settings when it is first imported.
        _finished("the server could not be prepared", [sys.executable, "-m", "flows.clean_start"], environment)
        deploy = [*_PREFECT, "--no-prompt", "deploy", "--all", "--prefect-file", settings.prefect_file]
        _finished("the deployments could not be made", deploy, environment)
        parts.start("worker", ["worker", "start", "--pool", POOL, "--type", "process", "--name", "clearance"])
        note("clearance: schedules and worker are up; Ctrl-C stops everything")
        due = time.monotonic()
        while not stopped():
            parts.check()
            if time.monotonic() >= due:
                watch()
                due = time.monotonic() + settings.watch_every
            time.sleep(_POLL_SECONDS)


def _check(settings: ServeSettings) -> None:
    if not Path(settings.prefect_file).is_file():
        raise InvalidInput("there are no deployments: serve from the project's folder", settings.prefect_file)
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, settings.port))
        except OSError as error:
            raise InvalidInput(f"port {settings.port} is taken ({error.strerror}): choose another --port") from error


def _environment(settings: ServeSettings) -> dict[str, str]:
    """What server, worker and runs get; says where the server is to all of them."""
    given = {
        "PREFECT_HOME": str(Path(settings.home).absolute()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
    }
    environment = {**given, **os.environ, "PREFECT_API_URL": settings.api_url}
    # Without compiled files every run would compile all of Prefect again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _answers(settings: ServeSettings) -> bool:
    connection = HTTPConnection(HOST, settings.port, timeout=2.0)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _finished(what: str, command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        command, env=dict(environment), capture_output=True, text=True, timeout=_START_SECONDS, check=False
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise ServeFailed(f"{what}: {words[-1] if words else f'exit {done.returncode}'}")


class _Parts:
    """The processes under way. Leaving the context ends them, the last started first."""

    def __init__(self, environment: Mapping[str, str], note: Note) -> None:
        self._environment = dict(environment)
        self._note = note
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, arguments: list[str]) -> None:
        # A session of its own: a Ctrl-C reaches us alone, and we stop the parts in order.
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own interpreter
            [*_PREFECT, "--no-prompt", *arguments], env=self._environment, start_new_session=True
        )

    def check(self) -> None:
        """ServeFailed when a part has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ServeFailed(f"the {name} ended by itself with {process.returncode}: its last words are above")

    def __enter__(self) -> _Parts:
        return self

    def __exit__(self, *_: object) -> None:
        for name, process in reversed(self._running.items()):
            _ended(process)
            self._note(f"clearance: {name} stopped")


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started; politely, and after a while not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
    # A run that outlives its worker would hold the warehouse; what it stored so far is kept.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _stop_signals() -> Iterator[Callable[[], bool]]:
    """Whether somebody asked to stop, by Ctrl-C or as a service manager does."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_until(ready: Callable[[], bool], stopped: Callable[[], bool], parts: _Parts) -> bool:
    """True once it is ready, False when told to stop before. ServeFailed when it takes too long."""
    latest = time.monotonic() + _START_SECONDS
    while not ready():
        if stopped():
            return False
        parts.check()
        if time.monotonic() > latest:
            raise ServeFailed(f"the server does not answer after {_START_SECONDS:g} s")
        time.sleep(_POLL_SECONDS)
    return True

"""A Prefect server on loopback for as long as it is needed, on a database of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import glob
from pathlib import Path

_PATIENCE = 180.0
_OWNER = "postgres"


@contextmanager
def prefect_server(folder: Path, database: str | None = None) -> Iterator[Mapping[str, str]]:
    """A running server; yields the environment in which flows find it, and its SERVER_PID. `database` is the URL of a
    PostgreSQL database (None: SQLite in `folder`). RuntimeError when it does not come up."""
    port = free_port()
    environment = {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    if database is not None:
        environment["PREFECT_API_DATABASE_CONNECTION_URL"] = database
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "server.log"
    with log.open("wb") as file:
        server = subprocess.Popen(command, env={**os.environ, **environment}, stdout=file, stderr=file)
        try:
            _wait_for(f"{environment['PREFECT_API_URL']}/health", server, log)
            yield {**environment, "SERVER_PID": str(server.pid)}
        finally:
            server.terminate()
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextmanager
def postgresql() -> Iterator[str]:
    """A private PostgreSQL cluster in a temporary folder, on loopback; yields the URL for Prefect.

    RuntimeError when none can be started here.
    """
    found = sorted(glob("/usr/lib/postgresql/*/bin"))
    programs = Path(shutil.which("initdb") or f"{found[-1]}/initdb").parent if found or shutil.which("initdb") else None
    if programs is None:
        raise RuntimeError("no PostgreSQL server is installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="postgresql-") as scratch:
        data = Path(scratch) / "data"
        if os.getuid() == 0:
            # The server refuses to run as root.
            owner = pwd.getpwnam(_OWNER)
            os.chown(scratch, owner.pw_uid, owner.pw_gid)
        _as_owner(
            [programs / "initdb", "-D", data, "-U", "clearance", "--auth=trust", "--no-sync", "-E", "UTF8"], scratch
        )
        settings = f"-h 127.0.0.1 -p {port} -k {scratch}"
        control = [programs / "pg_ctl", "-D", data, "-w", "-l", data / "server.log"]
        _as_owner([*control, "-o", settings, "start"], scratch)
        try:
            yield f"postgresql+asyncpg://clearance@127.0.0.1:{port}/postgres"
        finally:
            _as_owner([*control, "-m", "fast", "stop"], scratch)


def _as_owner(command: list[str | Path], folder: str) -> None:
    user = _OWNER if os.getuid() == 0 else None
    # Not piped: the server would inherit the pipe, and its end would be waited for.
    with open(Path(folder) / "control.log", "ab") as log:
        ended = subprocess.run([*map(str, command)], user=user, cwd=folder, stdout=log, stderr=log, check=False)
    if ended.returncode:
        said = (Path(folder) / "control.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise RuntimeError(f"{Path(command[0]).name} failed: {said[-1] if said else 'no reason given'}")


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError(f"the Prefect server did not come up; its last words: {log.read_text(errors='replace')[-500:]}")

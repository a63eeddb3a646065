"""What a command costs: processor seconds, wall seconds and memory of it and all that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

_EVERY = 0.1
_STREAMS = ("stdout", "stderr")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor and wall; `peak_mib` is the most resident memory of all processes together,
    sampled ten times a second."""

    cpu: float
    wall: float
    peak_mib: float
    output: str


def cost_of(command: Sequence[str], env: Mapping[str, str], cwd: Path, accept: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end. RuntimeError, with its last words, when it fails."""
    began = monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    peak, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(_EVERY):
            peak = max(peak, resident_mib(process.pid))

    said: dict[str, str] = {}

    def drain(name: str) -> None:
        said[name] = getattr(process, name).read()

    threads = [threading.Thread(target=watch), *(threading.Thread(target=drain, args=(n,)) for n in _STREAMS)]
    for thread in threads:
        thread.start()
    # Not `wait`: only this tells what the children used, those of their own that they waited for included.
    _, status, used = os.wait4(process.pid, 0)
    wall = monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    for thread in threads:
        thread.join()
    if process.returncode not in accept:
        raise RuntimeError(f"{command[:6]} ended with {process.returncode}: {said['stderr'][-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, peak, said["stdout"])


def resident_mib(pid: int) -> float:
    """Resident MiB of a process and everything below it; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * _PAGE / 2**20 + sum(map(resident_mib, children))


def bytes_in(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

"""`python -m bench.prefect_dies`: Prefect's server is killed in the middle of a run.

Exit 1 where that costs more than the run. The run must end by itself, with its work done or with one clear line; the
next run, without that server, must complete, and `clearance verify` must find no hole.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.scale.prefect_server import prefect_server
from bench.speed.web import ROOT, LoopbackWeb, loopback_web
from warehouse.query import Reader

_PAGES = 300
_PATIENCE = 300.0
_LONGEST_LINE = 600


def main() -> int:
    """Kill it once, tell what was seen."""
    with tempfile.TemporaryDirectory(prefix="prefect-dies-") as scratch:
        folder = Path(scratch)
        (folder / "prefect").mkdir()
        with loopback_web(_PAGES) as web:
            web.write_catalog(folder / "catalog")
            problems = _killed(folder, web) + _next(folder)
    for problem in problems:
        print(f"WRONG: {problem}")
    print("held" if not problems else "not held")
    return 1 if problems else 0


def _command(folder: Path, *more: str) -> list[str]:
    ours = [sys.executable, "-m", "clearance.main", "run", "--catalog", str(folder / "catalog"), *more]
    ours += ["--policy", str(ROOT / "policy"), "--warehouse", str(folder / "w" / "clearance.duckdb")]
    return [*ours, "--out", str(folder / "out"), "--allow-host", "127.0.0.0/8", "--delay", "0", "--confirm-after", "0"]


def _environment() -> dict[str, str]:
    dropped = ("CLEARANCE_ALERT_URLS", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


def _killed(folder: Path, web: LoopbackWeb) -> list[str]:
    with prefect_server(folder / "prefect") as server:
        run = subprocess.Popen(
            _command(folder), cwd=ROOT, env=_environment() | dict(server), stderr=subprocess.PIPE, text=True
        )
        pages = 0
        # In the middle of the looks, when the flow and its first task are under way.
        while run.poll() is None and pages < _PAGES // 10:
            pages += web.counts().get("pages", 0)
            time.sleep(0.1)
        os.kill(int(server["SERVER_PID"]), signal.SIGKILL)
        began = time.monotonic()
        print(f"killed the server after {pages} of {_PAGES} pages")
        try:
            said = run.communicate(timeout=_PATIENCE)[1]
        except subprocess.TimeoutExpired:
            run.kill()
            said = run.communicate()[1]
            print(said[-2000:])
            return [f"the run had not ended {_PATIENCE:.0f} s after the server was killed"]
    print(f"the run ended with {run.returncode} after {time.monotonic() - began:.0f} s and said:\n{said}")
    problems = ["the run showed a traceback"] if "Traceback" in said else []
    if run.returncode not in (0, 1):
        problems.append(f"the run ended with {run.returncode}")
    last = said.strip().splitlines()[-1:] or [""]
    if run.returncode and (not last[0].startswith("clearance: ") or len(last[0]) > _LONGEST_LINE):
        problems.append("the run failed without a clear last line")
    return problems


def _next(folder: Path) -> list[str]:
    ended = subprocess.run(
        _command(folder, "--no-prefect"), cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    print(f"the next run ended with {ended.returncode}: {ended.stdout.strip().splitlines()[:1]}")
    problems = [] if ended.returncode == 0 else [f"the next run ended with {ended.returncode}: {ended.stderr[-500:]}"]
    with Reader.open(folder / "w" / "clearance.duckdb") as reader:
        holes = reader.verify().holes
        decided = reader.query("SELECT count(*) FROM tier_now")[1][0][0]
    problems += [f"verify: {hole}" for hole in holes]
    if decided != _PAGES:
        problems.append(f"{decided} of {_PAGES} sources decided")
    return problems


if __name__ == "__main__":
    raise SystemExit(main())

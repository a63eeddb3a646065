"""`python -m bench.speed.load [--pages N] [--readers M]`: a web of which a fifth fails, with people reading meanwhile.

Every fifth page fails in one of ten ways. While the run goes on, readers ask the read copy again and again. Nothing may
be lost: one look a page, each with the outcome its way of failing calls for, one decision a source, no hole in
`clearance verify`. Exit 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.speed.web import FAILING_EVERY, FAILURES, ROOT, loopback_web
from warehouse.query import Reader

_RUN_SECONDS = 3600


def load_lines(folder: Path, pages: int, readers: int, say: Callable[[str], None]) -> list[str]:
    """Run twice, the second time with readers; what was seen, in lines. The last begins with "held" or "LOST"."""
    folder.mkdir(parents=True, exist_ok=True)
    warehouse = folder / "w" / "clearance.duckdb"
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    for name in ("CLEARANCE_ALERT_URLS", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    command = [sys.executable, "-m", "clearance.main", "run", "--no-prefect", "--catalog", str(folder / "catalog")]
    command += ["--warehouse", str(warehouse), "--out", str(folder / "out"), "--delay", "0", "--confirm-after", "0"]
    command += ["--policy", str(ROOT / "policy"), "--allow-host", "127.0.0.0/8"]
    seconds: list[float] = []
    with ExitStack() as stack:
        web = stack.enter_context(loopback_web(pages, failing=True))
        web.write_catalog(folder / "catalog")
        _run(command, env, seconds)
        say(f"{pages:,} pages, a fifth of them failing: {seconds[-1]:.0f} s")
        asked = Asking(warehouse, readers)
        with asked:
            _run(command, env, seconds)
        say(f"the same with {readers} readers: {seconds[-1]:.0f} s, {asked.answers:,} answers")
    problems = list(asked.problems)
    with Reader.open(warehouse) as reader:
        found = reader.query("SELECT run_id, outcome, count(*) FROM looks GROUP BY ALL ORDER BY 1, 2")[1]
        decided = reader.query("SELECT count(*) FROM tier_now")[1][0][0]
        runs = [row[0] for row in reader.query("SELECT run_id FROM runs WHERE finished ORDER BY seq")[1]]
        verified = reader.verify()
    by_run = {run: Counter({outcome: n for of, outcome, n in found if of == run}) for run in runs}
    failed = sum(1 for number in range(pages) if number % FAILING_EVERY == 0)
    for run, outcomes in by_run.items():
        good = outcomes["snapshot"] + outcomes["not_modified"]
        if outcomes.total() != pages or good != pages - failed:
            problems.append(f"run {run}: {dict(outcomes)} of {pages} pages, {failed} of them failing")
    if len(runs) != 2 or decided != pages:
        problems.append(f"{len(runs)} runs finished, {decided} of {pages} sources decided")
    problems += [f"verify: {hole}" for hole in verified.holes[:5]]
    held = f"held: {decided:,} sources decided, verify finds no hole"
    told = [", ".join(f"{n:,} {outcome}" for outcome, n in sorted(outcomes.items())) for outcomes in by_run.values()]
    return [
        f"{pages:,} pages, {failed:,} of them failing in {len(FAILURES)} ways: {', '.join(FAILURES)}. The second run "
        f"had {readers} readers, who got {asked.answers:,} answers, the slowest after {asked.slowest:.2f} s.",
        "",
        f"- first run, {seconds[0]:.0f} s: {told[0] if told else 'not finished'}",
        f"- second run, {seconds[1]:.0f} s: {told[1] if len(told) > 1 else 'not finished'}",
        f"- {'LOST: ' + '; '.join(problems) if problems else held}",
    ]


class Asking:
    """Readers in threads, each with its own connection, for as long as the block runs."""

    def __init__(self, warehouse: Path, readers: int) -> None:
        self.answers, self.slowest = 0, 0.0
        self.problems: list[str] = []
        self._warehouse, self._ended, self._lock = warehouse, threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(readers)]

    def _ask(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            try:
                with Reader.open(self._warehouse) as reader:
                    tiers = reader.query("SELECT tier, count(*) FROM tier_now GROUP BY ALL")[1]
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is a finding
                with self._lock:
                    self.problems.append(f"a reader met {type(error).__name__}: {error}")
                return
            with self._lock:
                self.answers += 1
                self.slowest = max(self.slowest, time.monotonic() - began)
                if not tiers:
                    self.problems.append("a reader found an empty warehouse")
            # A person reads what came before asking again.
            self._ended.wait(5.0)

    def __enter__(self) -> Asking:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


def _run(command: list[str], env: dict[str, str], seconds: list[float]) -> None:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=_RUN_SECONDS)
    seconds.append(time.monotonic() - began)
    if done.returncode:
        raise RuntimeError(f"the run ended with {done.returncode}: {done.stderr[-1000:]}")


def main() -> int:
    """0 when nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed.load", description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--readers", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="load-") as scratch:
        lines = load_lines(Path(scratch), chosen.pages, chosen.readers, print)
    print("\n".join(lines))
    return int(lines[-1].startswith("- LOST"))


if __name__ == "__main__":
    sys.exit(main())

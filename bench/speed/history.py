"""`python -m bench.speed.history`: whether a run costs more after a hundred runs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.speed.measure import bytes_in
from bench.speed.results import table
from bench.speed.web import ROOT, loopback_web

_SHOWN = 10


def history_lines(folder: Path, pages: int, runs: int, say: Callable[[str], None]) -> list[str]:
    """The same unchanged pages, looked at again and again by one process without Prefect."""
    from flows.run_pipeline import run_pipeline
    from flows.run_settings import Run, RunSettings

    taken: list[tuple[float, int]] = []
    with loopback_web(pages) as web:
        web.write_catalog(folder / "catalog")
        settings = RunSettings(
            catalog=str(folder / "catalog"),
            policy=str(ROOT / "policy"),
            warehouse=str(folder / "w" / "clearance.duckdb"),
            out=str(folder / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        for _ in range(runs + _SHOWN):
            began = time.process_time()
            run_pipeline(Run.begin(settings))
            taken.append((time.process_time() - began, bytes_in(folder / "w")))
    say(f"{len(taken)} runs over {pages} pages that stay the same")
    # The first run reads; the two after it may still bring what it left.
    early, late = taken[3 : 3 + _SHOWN], taken[-_SHOWN:]
    rows = [
        (name, f"{median(seconds for seconds, _ in some):.2f}", f"{some[-1][1] / 1e6:.1f}")
        for name, some in ((f"runs 4 to {3 + _SHOWN}", early), (f"runs {runs + 1} to {runs + _SHOWN}", late))
    ]
    grown = (late[-1][1] - early[-1][1]) / (len(taken) - 3 - _SHOWN) / 1e6
    return [
        f"{pages} pages that stay the same, in one process without Prefect. Processor seconds are medians.",
        "",
        *table(("", "processor seconds a run", "MB on disk after"), rows),
        "",
        f"An unchanged run of {pages} pages adds {grown:.3f} MB.",
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="history-") as scratch:
        print("\n".join(history_lines(Path(scratch), 50, 100, print)))

"""What a person waits for: `clearance status` over the shipped catalog, and `clearance read FILE`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.drift.render import render
from bench.drift.web import build_web
from bench.speed.measure import cost_of

ROOT = Path(__file__).resolve().parents[2]
_TIMES = 5


def answer_seconds(folder: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Median processor seconds of whole commands, start of Python included."""
    folder.mkdir()
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    ours = [sys.executable, "-m", "clearance.main"]
    warehouse = str(folder / "w" / "clearance.duckdb")
    # No page can be reached: every source is decided all the same. Exit code 3 says so.
    run = [*ours, "run", "--no-prefect", "--warehouse", warehouse, "--out", str(folder / "out"), "--delay", "0"]
    cost_of(run, env, ROOT, accept=(0, 3))
    page = next(site.page for site in build_web(20, 1) if site.page.media == "text/html")
    (folder / "page.html").write_text(render(page).text, encoding="utf-8")
    asked = {
        "clearance status": [*ours, "status", "--warehouse", warehouse],
        "clearance read FILE": [*ours, "read", str(folder / "page.html")],
    }
    found = {name: median(cost_of(command, env, ROOT).cpu for _ in range(_TIMES)) for name, command in asked.items()}
    say(", ".join(f"{name} {seconds:.2f} s" for name, seconds in found.items()))
    return found

"""Who is measured: our whole run, two bare loops, and urlwatch with its selector."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.speed.measure import Cost, cost_of

ROOT = Path(__file__).resolve().parents[2]
# What holds the terms and not the furniture, on every HTML page of this web.
SELECTOR = "main, #content"
_URLWATCH_CONFIG = {
    "display": {"new": True, "error": True, "unchanged": False},
    "report": {"stdout": {"enabled": True, "color": False}, "text": {"line_length": 75}},
}

OURS = ("clearance run", "clearance run --no-prefect")

Look = Callable[[], Cost]


@dataclass(frozen=True, slots=True)
class Subject:
    """A name, and how it begins anew in a folder with some URLs: what comes back looks once at each call."""

    name: str
    begin: Callable[[Path, Path, Sequence[str]], Look]


def clearance(server: Mapping[str, str] | None) -> Subject:
    """Our whole run, as `clearance run` does it: with Prefect's `server` or (None) without Prefect."""

    def begin(folder: Path, catalog: Path, urls: Sequence[str]) -> Look:
        env = {**os.environ, **(server or {}), "DO_NOT_TRACK": "1", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        for name in ("CLEARANCE_ALERT_URLS", "PYTHONDONTWRITEBYTECODE"):
            env.pop(name, None)
        command = [sys.executable, "-m", "clearance.main", "run", "--catalog", str(catalog), "--json"]
        command += ["--policy", str(ROOT / "policy"), "--warehouse", str(folder / "w" / "clearance.duckdb")]
        command += ["--out", str(folder / "out"), "--allow-host", "127.0.0.0/8", "--delay", "0", "--confirm-after", "0"]
        command += [] if server is not None else ["--no-prefect"]
        return lambda: cost_of(command, env, ROOT)

    return Subject(OURS[server is None], begin)


def bare_loop(way: str, python: Path) -> Subject:
    """The loop of `bench/speed/loop.py` over httpx or aiohttp."""

    def begin(folder: Path, _: Path, urls: Sequence[str]) -> Look:
        folder.mkdir(parents=True)
        (folder / "urls").write_text("\n".join(urls))
        command = [str(python), str(ROOT / "bench/speed/loop.py"), way, str(folder / "urls"), str(folder / "state")]
        return lambda: cost_of(command, _plain_environment(), folder)

    return Subject(f"bare {way}", begin)


def urlwatch(python: Path, text: str) -> Subject:
    """urlwatch, one job a page, each with a CSS selector and its filter `html2text` by a method (`re` is its
    default, `bs4` keeps words apart)."""

    def begin(folder: Path, _: Path, urls: Sequence[str]) -> Look:
        folder.mkdir(parents=True)
        jobs = [
            {"url": url, "filter": [] if url.endswith((".md", ".txt")) else [{"css": SELECTOR}, {"html2text": text}]}
            for url in urls
        ]
        # JSON is YAML; urlwatch wants a document a job.
        (folder / "urls.yaml").write_text("\n---\n".join(map(json.dumps, jobs)))
        (folder / "config.yaml").write_text(json.dumps(_URLWATCH_CONFIG))
        (folder / "hooks.py").write_text("")
        command = [str(python.with_name("urlwatch")), "--urls", "urls.yaml", "--config", "config.yaml"]
        command += ["--hooks", "hooks.py", "--cache", "cache.db"]
        return lambda: cost_of(command, _plain_environment() | {"HOME": str(folder)}, folder)

    return Subject(f"urlwatch, selector, text by {text}", begin)


def _plain_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}

"""`make demo`: six looks at a small recorded web, from first sight to recovery.

The web is written for this purpose: a dataset whose page is relicensed, tightened in one clause, edited without
meaning, out of order for a day, and back again. Everything else is the product: recording, run, alert, assessment.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

URL = "https://songdust.example/data"
CC0 = '<a href="https://creativecommons.org/publicdomain/zero/1.0/">CC0 1.0</a>'
BY_NC = '<a href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC 4.0</a>'
OPEN = {
    "updated": "5 January 2026",
    "songs": "812,455",
    "metadata_terms": f"The metadata is dedicated to the public domain under {CC0}.",
    "plays_terms": f"Play counts may be used by anyone under {CC0}.",
}
COSMETIC = OPEN | {"updated": "2 February 2026", "songs": "815,020"}
RELICENSED = COSMETIC | {"updated": "1 March 2026", "metadata_terms": f"The metadata is licensed under {BY_NC}."}
TIGHTENED = RELICENSED | {
    "plays_terms": f"Play counts may be used by anyone under {CC0}. "
    "You may not use them to train machine learning models.",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One look: the day, what happens on the page that day, and its words (None: the server is down)."""

    day: str
    what: str
    words: dict[str, str] | None


SCENES = (
    Scene("2026-01-05", "first look: both parts are CC0", OPEN),
    Scene("2026-02-02", "only a date and a number changed", COSMETIC),
    Scene("2026-03-01", "the metadata is relicensed to CC BY-NC; it counts at once, nobody is told yet", RELICENSED),
    Scene("2026-03-02", "a second look confirms it: alert", RELICENSED),
    Scene("2026-04-10", "the server is down", None),
    Scene("2026-04-11", "back, with a new clause against training on the play counts", TIGHTENED),
    Scene("2026-04-12", "a second look confirms it: alert", TIGHTENED),
)


def record(path: Path) -> None:
    """Write the web as a WARC file, one response a scene."""
    template = files("bench").joinpath("demo_web/page.html").read_text(encoding="utf-8")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for scene in SCENES:
            if scene.words is None:
                status, body = "503 Service Unavailable", b"back soon"
            else:
                status, body = "200 OK", template.format(**scene.words).encode()
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
            writer.write_record(
                writer.create_warc_record(
                    URL,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": f"{scene.day}T06:00:00Z"},
                )
            )


def main() -> int:
    """Run the scenes and show what a person would see."""
    root = Path(tempfile.mkdtemp(prefix="clearance-demo-"))
    try:
        catalog = root / "catalog"
        catalog.mkdir()
        source = files("bench").joinpath("demo_web/catalog.yaml").read_text(encoding="utf-8")
        (catalog / "songdust.yaml").write_text(source, encoding="utf-8")
        record(root / "songdust.warc.gz")
        for scene in SCENES:
            print(f"\n== {scene.day}: {scene.what}", flush=True)
            clearance(
                "run",
                "--no-prefect",
                *("--catalog", str(catalog), "--warehouse", str(root / "c.duckdb"), "--out", str(root)),
                *("--replay", str(root / "songdust.warc.gz"), "--at", f"{scene.day}T07:00:00Z"),
                allowed=0 if scene.words else 3,
            )
        print("\n== clearance drift", flush=True)
        clearance("drift", "--warehouse", str(root / "c.duckdb"))
        print("\n== clearance gate songdust_plays songdust_metadata", flush=True)
        clearance(
            "gate",
            "songdust_plays",
            "songdust_metadata",
            *("--warehouse", str(root / "c.duckdb"), "--at", "2026-04-12T08:00:00Z"),
            allowed=1,
        )
        print("\n== clearance verify", flush=True)
        clearance("verify", "--warehouse", str(root / "c.duckdb"))
        written = (root / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md").read_text(encoding="utf-8")
        print("\n== what changed, in the regenerated assessment\n")
        print(written[written.index("## What changed") : written.index("## Contradictions")].strip())
    finally:
        shutil.rmtree(root)
    return 0


def clearance(*arguments: str, allowed: int = 0) -> None:
    """Run one command of the product; anything but the expected exit ends the demonstration."""
    done = subprocess.run([sys.executable, "-m", "clearance.main", *arguments], check=False, env=dict(os.environ))
    if done.returncode not in (0, allowed):
        raise SystemExit(f"clearance {arguments[0]} ended with {done.returncode}")


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m bench.scale [--pages N]`: the same pages in one piece, in threads, and on a Dask cluster.

Each way has a warehouse of its own and looks three times at the same loopback web, before and after
its pages changed and when the broken ones are back. Exit code 0 when all warehouses hold the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.drift.catalog_folder import write_catalog
from bench.drift.exhibits import exhibit
from bench.drift.model import Epoch
from bench.drift.server import Web, serving
from bench.drift.web import build_web
from bench.scale.prefect_server import postgresql, prefect_server
from bench.scale.same_warehouse import differences, substance

ROOT = Path(__file__).resolve().parents[2]
WAYS = ("plain", "threads", "dask")
RUN_SECONDS = 3600


class SteadyWeb(Web):
    """A web that begins anew for each way: what it shows once, it shows once to each."""

    def again(self, epoch: Epoch) -> None:
        self.epoch = epoch
        self._asked.clear()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs every way and compares the warehouses with the first one's."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2, help="processes of the Dask cluster")
    parser.add_argument(
        "--ways", default=",".join(WAYS), help="separated by commas; the first is what the rest must equal"
    )
    parser.add_argument("--epochs", type=int, default=3, help="how many looks: 1 to 3")
    parser.add_argument("--postgresql", action="store_true", help="Prefect's server on a private PostgreSQL")
    parser.add_argument("--out", type=Path, help="where to write the measurements as JSON")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scale-")))
        (work / "prefect").mkdir()
        database = stack.enter_context(postgresql()) if chosen.postgresql else None
        server = stack.enter_context(prefect_server(work / "prefect", database))
        # Live nonces would make every answer other bytes, and no two warehouses the same.
        exhibits = [replace(exhibit(site), nonces=()) for site in build_web(chosen.pages, chosen.seed)]
        web = SteadyWeb(exhibits)
        stack.enter_context(serving(web))
        write_catalog(work / "catalog", exhibits, web)
        measured = {
            way: [
                look(way, epoch, web, work, server, chosen.shards, chosen.workers)
                for epoch in list(Epoch)[: chosen.epochs]
            ]
            for way in chosen.ways.split(",")
        }
        return verdict(measured, work, chosen.out)


def look(
    way: str, epoch: Epoch, web: SteadyWeb, work: Path, server: Mapping[str, str], shards: int, workers: int
) -> dict[str, Any]:
    """One look at the web at an epoch. Returns the run's measurements."""
    web.again(epoch)
    parameters = {
        "catalog": str(work / "catalog"),
        "policy": str(ROOT / "policy"),
        "warehouse": str(work / way / "clearance.duckdb"),
        "out": str(work / way / "report"),
        "allow_hosts": ["127.0.0.0/8"],
        "delay": 0,
        "confirm_after": 0,
    }
    command = [sys.executable, "-m", "bench.scale.one_run", way, json.dumps(parameters)]
    command += ["--shards", str(shards), "--workers", str(workers)]
    environment = {**os.environ, **server}
    environment.pop("CLEARANCE_ALERT_URLS", None)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=RUN_SECONDS, check=False
    )
    if done.returncode:
        raise SystemExit(f"{way} failed at {epoch}: {done.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{way:8} {epoch}: {json.dumps(result)}", file=sys.stderr, flush=True)
    return result


def verdict(measured: Mapping[str, Sequence[Mapping[str, Any]]], work: Path, out: Path | None) -> int:
    """Prints whether the warehouses are equal; 0 when they are."""
    first, *others = measured
    held = substance(work / first / "clearance.duckdb")
    print(f"{first}: " + ", ".join(f"{rows.total()} {name}" for name, rows in held.items()))
    found = {other: differences(held, substance(work / other / "clearance.duckdb")) for other in others}
    for other, lines in found.items():
        print(f"{other}: " + ("equal" if not lines else "\n  ".join(["NOT equal", *lines])))
    if out is not None:
        rows = {name: count.total() for name, count in held.items()}
        out.write_text(json.dumps({"runs": measured, "rows": rows, "differences": found}, indent=1) + "\n")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())

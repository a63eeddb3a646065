"""Item tables and corpus manifests by the million: what the commands take, beside what DuckDB alone takes.

`python -m bench.items [--rows 1000000] [--folder DIR]` makes its tables by a seed, so that two runs compare. The
physical limit is DuckDB reading the same file, grouping it by license and copying its rows out, with nothing judged.
CPU seconds are of the process and its children; on a shared machine they say more than the wall clock.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[1]
SEED = 20_261_124
LIMIT_SECONDS = 5.0
SMALLER = (55_701, 106_574)
"""The track counts of two well-known collections of freely licensed music."""

# Spellings as uploaders and hosts write them, with their weights in thousandths.
SPELLINGS = (
    ("Attribution-Noncommercial-Share Alike 3.0 United States", 180),
    ("Attribution-NonCommercial-NoDerivatives (aka Music Sharing) 3.0 International", 170),
    ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0", 140),
    ("Attribution-NonCommercial", 110),
    ("Attribution", 90),
    ("CC BY 4.0", 80),
    ("https://creativecommons.org/licenses/by-nc-sa/4.0/", 70),
    ("CC BY-SA 3.0", 50),
    ("CC0 1.0", 40),
    ("Public Domain", 20),
    ("other", 20),
    ("", 20),
    ("FMA-Limited: Download Only", 10),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock and CPU, and the most memory (MB) one process held."""

    wall: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s wall {self.cpu:6.2f} s CPU {self.memory:7.0f} MB"


def make_table(target: Path, rows: int) -> None:
    """An item table of so many rows, the spellings spread by the seed."""
    bounds, upto = [], 0
    for spelling, weight in SPELLINGS:
        upto += weight
        bounds.append((upto, spelling))
    cases = " ".join(f"WHEN roll < {bound} THEN '{spelling}'" for bound, spelling in bounds)
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT 'audio/' || i || '.mp3' AS track_path, CASE {cases} END AS license,"
            " md5(i::VARCHAR) AS checksum, 180000 + i % 90000 AS duration_ms, 'Title ' || i AS title,"
            f" 'Artist ' || (i % 10000) AS artist FROM (SELECT i, hash(i + {SEED}) % 1000 AS roll FROM"
            f" range({rows}) AS t(i))) TO '{target}' (FORMAT csv, HEADER)"
        )


def by_duckdb_alone(table: Path, target: Path) -> None:
    """Read, group, copy: nothing is understood."""
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE items AS SELECT * FROM read_csv('{table}', all_varchar = true)")
        con.execute("SELECT license, count(*) FROM items GROUP BY license").fetchall()
        con.execute(f"COPY (SELECT track_path, license, checksum, duration_ms FROM items) TO '{target}' (HEADER)")


def cost_of(work: Callable[[], None]) -> Cost:
    """What a piece of work costs in a process of its own."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the child has nobody above it to tell
            print(f"failed: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    if status != 0:
        raise SystemExit("the work that was to be measured failed")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def clearance(*arguments: str, allowed: Sequence[int] = (0,)) -> Cost:
    """What one command costs, start-up included."""
    began = time.monotonic()
    command = [sys.executable, "-c", "from clearance.main import main; main()", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise SystemExit(f"clearance {' '.join(arguments)} ended with {process.returncode}")
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    """Measure and print; exit 1 where a command on the large table takes longer than the limit."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--folder", type=Path)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-items-") as made:
        folder = asked.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        warehouse = _warehouse(folder)
        slow = []
        for rows in (*SMALLER, asked.rows):
            print(f"{rows:,} rows (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs)")
            for name, cost in _measured(folder, warehouse, rows):
                print(f"  {name:<28} {cost}")
                if rows == asked.rows and name.startswith("clearance") and cost.wall > LIMIT_SECONDS:
                    slow.append(name)
    if slow:
        raise SystemExit(f"longer than {LIMIT_SECONDS:g} s: {', '.join(slow)}")


def _measured(folder: Path, warehouse: Path, rows: int) -> list[tuple[str, Cost]]:
    table, lists = folder / f"items-{rows}.csv", folder / f"lists-{rows}"
    make_table(table, rows)
    shared = ("--policy", str(ROOT / "policy"), "--warehouse", str(warehouse))
    alone = cost_of(lambda: by_duckdb_alone(table, folder / "copy.csv"))
    items = clearance("items", str(table), "--license-column", "license", "--out", str(lists), *shared, "--json")
    result = json.loads((lists / f"items_{rows}.items.json").read_text(encoding="utf-8"))
    print(f"  parts {result['parts']}, determinations {result['determinations']}, {len(SPELLINGS)} spellings")
    manifest = folder / f"manifest-{rows}.csv"
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT 'tiny_tunes_metadata' AS source, track_path, 'CC0-1.0' AS license, '' AS license_url,"
            f" 'both' AS allowed_envs, checksum, duration_ms FROM read_csv('{table}', all_varchar = true))"
            f" TO '{manifest}' (HEADER)"
        )
    gate = clearance("gate", "--manifest", str(manifest), "--items", str(lists), *shared, "--json", allowed=(0, 1))
    listed = folder / f"listed-{rows}.csv"
    with duckdb.connect() as con:
        both = f"['{lists}/items_{rows}.commercial.csv', '{lists}/items_{rows}.research.csv']"
        con.execute(f"COPY (SELECT * FROM read_csv({both}, all_varchar = true)) TO '{listed}' (HEADER)")
    parts = clearance("gate", "--manifest", str(listed), "--items", str(lists), *shared, "--json", allowed=(0, 1))
    return [
        ("DuckDB alone", alone),
        ("clearance items", items),
        ("clearance gate --manifest", gate),
        ("clearance gate, listed items", parts),
    ]


def _warehouse(folder: Path) -> Path:
    """A warehouse with one decided source, on which nothing was looked at."""
    catalog = folder / "catalog"
    catalog.mkdir(exist_ok=True)
    (catalog / "example.yaml").write_text(
        "provider: example\ndatasets:\n  - id: tiny_tunes\n    name: Tiny Tunes\n    sources:\n"
        "      - {id: tiny_tunes_metadata, layer: metadata, watches: [{url: 'http://127.0.0.1:9/p', role: license,"
        " speaks_for: publisher}]}\n",
        encoding="utf-8",
    )
    warehouse = folder / "w" / "clearance.duckdb"
    where = ("--catalog", str(catalog), "--policy", str(ROOT / "policy"), "--warehouse", str(warehouse))
    clearance("run", "--no-prefect", *where, "--out", str(folder / "out"), allowed=(0, 3))
    return warehouse


if __name__ == "__main__":
    main()

"""Kill runs at every named boundary and at random times, run two at once, and compare what is left.

Exit 1 on any difference from what an undisturbed run leaves.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.interruptions.trials import BOUNDARIES, FIRST_BOUNDARIES, Ground, Trial, failed
from bench.interruptions.web import loopback_web
from bench.scale.prefect_server import prefect_server


def main() -> int:
    """All trials, one after the other; prints a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.interruptions", description=__doc__)
    parser.add_argument("--pages", type=int, default=40, help="pages of the web (at least 40)")
    parser.add_argument("--random", type=int, default=50, help="kills at random times")
    parser.add_argument("--twice", type=int, default=10, help="times two runs go at once")
    parser.add_argument("--prefect", type=int, default=3, help="kills of runs through Prefect")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--only", choices=("boundaries", "random", "twice", "prefect"))
    asked = parser.parse_args()
    if asked.pages < 40:
        parser.error("the web needs 40 pages to show every kind of change and failure")
    with tempfile.TemporaryDirectory(prefix="clearance-interruptions-") as folder, loopback_web() as web:
        ground = Ground(web, Path(folder), asked.pages)
        print(f"{asked.pages} pages; an undisturbed run takes {ground.seconds:.1f} s", flush=True)
        rows = []
        if asked.only in (None, "boundaries"):
            rows.append(("kill -9 at a named boundary", _told(ground.killed_at(point) for point in BOUNDARIES)))
            first = _told(ground.killed_at(point, base=False) for point in FIRST_BOUNDARIES)
            rows.append(("the same, in the first run", first))
        if asked.only in (None, "random"):
            rows.append(("kill -9 at a random time", _told(_random(ground, asked.random, asked.seed))))
        if asked.only in (None, "twice"):
            twice = _told(ground.two_at_once(number) for number in range(1, asked.twice + 1))
            rows.append(("two runs at once and a reader", twice))
        if asked.only in (None, "prefect"):
            (home := Path(folder) / "prefect").mkdir()
            with prefect_server(home) as server:
                ground.take_to(server)
                print(f"through Prefect an undisturbed run takes {ground.seconds:.1f} s", flush=True)
                rows.append(("kill -9 of a run through Prefect", _told(_spread(ground, asked.prefect))))
    print(f"\n{'':32}{'trials':>8}{'as undisturbed':>16}{'unsaved pages':>15}{'reads':>8}")
    for name, trials in rows:
        good = len(trials) - len(failed(trials))
        unsaved = max((trial.unsaved for trial in trials), default=0)
        print(f"{name:32}{len(trials):8}{good:16}{unsaved:15}{sum(trial.reads for trial in trials):8}")
    return 1 if any(failed(trials) for _, trials in rows) else 0


def _random(ground: Ground, number: int, seed: int) -> Iterator[Trial]:
    chance = random.Random(seed)
    for turn in range(number):
        yield ground.killed_after(chance.uniform(0, ground.seconds), base=turn % 2 == 0)


def _spread(ground: Ground, number: int) -> Iterator[Trial]:
    # The first third is the start of Prefect's client, which touches nothing of ours.
    for turn in range(number):
        yield ground.killed_after(ground.seconds * (0.35 + 0.6 * turn / max(1, number - 1)))


def _told(trials: Iterable[Trial]) -> list[Trial]:
    done = []
    for trial in trials:
        done.append(trial)
        if trial.wrong:
            print(f"DIFFERS {trial.name}", *trial.wrong, sep="\n  ", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())

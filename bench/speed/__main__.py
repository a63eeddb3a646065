"""`python -m bench.speed`: what whole runs cost, beside bare loops and urlwatch, into `bench/RESULTS.md`.

Every subject looks three times at the same loopback web: first, with nothing changed, and with 5 % of the pages
changed. `--quick` is one round at 200 pages and nothing else. The file is written anew after every measurement;
targets that are missed are told there.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.drift.model import Epoch
from bench.scale.prefect_server import prefect_server
from bench.speed.answers import answer_seconds
from bench.speed.history import history_lines
from bench.speed.licenses import license_lines
from bench.speed.load import load_lines
from bench.speed.measure import bytes_in
from bench.speed.results import Results, Round
from bench.speed.subjects import OURS, Subject, bare_loop, clearance, urlwatch
from bench.speed.targets import target_lines
from bench.speed.task_runs import task_runs
from bench.speed.views import view_lines
from bench.speed.web import LoopbackWeb, loopback_web

ROOT = Path(__file__).resolve().parents[2]
LOOKS = (Epoch.BASELINE, Epoch.BASELINE, Epoch.MUTATED)

Say = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and write the results as they come."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round at 200 pages, nothing else")
    parser.add_argument("--pages", default="200,1000", help="sizes of webs, separated by commas")
    parser.add_argument("--rounds", type=int, default=5, help="rounds a size; the results give medians")
    parser.add_argument("--once", type=int, default=10_000, help="pages of the one large round, 0 for none")
    parser.add_argument("--no-extras", action="store_true", help="only the rounds, the commands and the targets")
    parser.add_argument("--peers", type=Path, help="python of the environment of requirements-bench.lock")
    parser.add_argument("--out", type=Path, default=ROOT / "bench/RESULTS.md")
    chosen = parser.parse_args(arguments)
    # Not resolved: the python of an environment is a link out of it. Peers run in folders of their own.
    peers = None if chosen.peers is None else chosen.peers.absolute()
    sizes = [200] if chosen.quick else [int(size) for size in chosen.pages.split(",")]
    rounds, once = (1, 0) if chosen.quick else (chosen.rounds, chosen.once)
    asked = " ".join(arguments if arguments is not None else sys.argv[1:])
    how = f"Written by `python -m bench.speed {asked}`."
    results = Results(chosen.out, how)
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        work = Path(scratch)
        (work / "prefect").mkdir()
        with prefect_server(work / "prefect") as server:
            say("Prefect's server is up")
            subjects = [clearance(server), clearance(None)]
            if peers is not None:
                subjects += [bare_loop("httpx", peers), bare_loop("aiohttp", peers)]
                subjects += [urlwatch(peers, "re"), urlwatch(peers, "bs4")]
            # What each needs before it looks at any page shows at one page.
            for pages in (1, *sizes):
                measured(results, subjects, pages, min(rounds, 3) if pages == 1 else rounds, work, say)
                results.task_runs[pages] = task_runs(server)
            results.answers = answer_seconds(work / "answers", say)
            results.section("Targets", target_lines(results))
            if not (chosen.quick or chosen.no_extras):
                results.section("Views over five years of daily runs", view_lines(work / "years", 1000, 5 * 365, say))
                results.section("A hundred past runs", history_lines(work / "history", 50, 100, say))
                results.section("A web that fails", load_lines(work / "load", 500, 10, say))
                results.section("Licenses of our dependencies", license_lines())
            if once:
                measured(results, subjects[:1], once, 1, work, say)
                results.section("Targets", target_lines(results))
    say(f"written to {chosen.out}")
    return 0


def measured(results: Results, subjects: Sequence[Subject], pages: int, rounds: int, work: Path, say: Say) -> None:
    """Every subject in turn, round by round, at a web of so many pages."""
    with loopback_web(pages) as web:
        web.write_catalog(work / "catalog")
        results.compressed[pages] = web.counts()["compressed"]
        say(f"a web of {pages:,} pages is up")
        for number in range(rounds):
            for subject in subjects:
                found = one_round(subject, web, work, say)
                results.add(pages, subject.name, found)
                told = ", ".join(f"{cost.cpu:.1f}" for cost in found.costs)
                say(f"round {number + 1} of {rounds}, {subject.name}: {told} s of processor")
        shutil.rmtree(work / "catalog")


def one_round(subject: Subject, web: LoopbackWeb, work: Path, say: Say) -> Round:
    """Three looks of one subject that begins anew."""
    folder = work / "subject"
    look = subject.begin(folder, work / "catalog", web.urls)
    costs, disk = [], []
    for epoch in LOOKS:
        web.turn(epoch)
        costs.append(look())
        disk.append(bytes_in(folder / "w") if subject.name in OURS else 0)
    shutil.rmtree(folder)
    return Round(tuple(costs), tuple(disk))


if __name__ == "__main__":
    raise SystemExit(main())

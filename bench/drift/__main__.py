"""`python -m bench.drift [--pages N] [--only-kind KIND] …`: watch a web whose changes are known, and judge.

Exit code 0 when every material change was told and nothing else was, 1 when not, 2 for wrong arguments,
3 when the program under test did not run.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.drift.catalog_folder import write_catalog
from bench.drift.exhibits import Exhibit, exhibit
from bench.drift.model import Epoch
from bench.drift.observed import Observed, Program, RunFailed, by_source
from bench.drift.recorded import recorded_exhibits
from bench.drift.server import Web, serving
from bench.drift.verdict import Verdict, judge, table
from bench.drift.web import build_web

ROOT = Path(__file__).resolve().parents[2]
RECORDING = ROOT.parent / "shared" / "recordings" / "real-pages.warc.gz"
COMMAND = shlex.join([sys.executable, "-c", "import sys; from clearance.main import main; sys.exit(main())"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds the web, looks at it three times through the program, and judges. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only-kind",
        action="append",
        default=[],
        help="half of the pages meet this kind, the rest stay as they are; may be repeated",
    )
    parser.add_argument(
        "--recorded", type=Path, default=RECORDING, help="recorded real pages; left out where the file is not there"
    )
    parser.add_argument("--no-recorded", action="store_true")
    parser.add_argument("--command", default=COMMAND, help="the program under test")
    parser.add_argument("--policy", type=Path, default=ROOT / "policy")
    parser.add_argument(
        "--work", type=Path, help="where to keep catalog, warehouse and logs; else a folder that is removed"
    )
    parser.add_argument("--out", type=Path, help="where to write the verdict as JSON")
    chosen = parser.parse_args(arguments)
    try:
        exhibits = [exhibit(site) for site in build_web(chosen.pages, chosen.seed, chosen.only_kind)]
    except ValueError as error:
        parser.error(str(error))
    if not chosen.no_recorded and chosen.recorded.is_file():
        exhibits += recorded_exhibits(chosen.recorded, chosen.seed, chosen.only_kind)
    with tempfile.TemporaryDirectory(prefix="drift-") as scratch:
        work = chosen.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        try:
            verdict = watch(exhibits, tuple(shlex.split(chosen.command)), chosen.policy, work)
        except RunFailed as error:
            print(f"the program under test failed: {error}", file=sys.stderr)
            return 3
    print(table(verdict))
    if chosen.out:
        chosen.out.write_text(json.dumps(verdict.as_json(), indent=1) + "\n", encoding="utf-8")
    return 0 if verdict.passed else 1


def watch(
    exhibits: Sequence[Exhibit], command: tuple[str, ...], policy: Path, work: Path, options: tuple[str, ...] = ()
) -> Verdict:
    """Three looks at the web, one an epoch, then the verdict. `options` go to every run. Raises RunFailed."""
    observed: dict[Epoch, Observed] = {}
    with serving(Web(exhibits)) as web:
        write_catalog(work / "catalog", exhibits, web)
        program = Program(
            command, work / "catalog", policy, work / "clearance.duckdb", work / "report", web.hook, options
        )
        for epoch in Epoch:
            web.epoch = epoch
            web.delivered.clear()
            since = _next_second()
            began = time.monotonic()
            summary = program.run(work / "program.log")
            changes = program.changes(since, work / "program.log")
            observed[epoch] = Observed(summary, changes, by_source(web.delivered))
            print(
                f"{epoch}: {len(exhibits)} pages in {time.monotonic() - began:.0f} s, "
                f"outcomes {summary.get('outcomes')}, changes {summary.get('changes')}, alerts {summary.get('alerts')}",
                file=sys.stderr,
            )
    return judge(exhibits, observed)


def _next_second() -> datetime:
    """A time in whole seconds before which nothing of the coming run happened, and after which all of it did."""
    now = datetime.now(UTC)
    time.sleep(1 - now.microsecond / 1_000_000)
    return datetime.now(UTC).replace(microsecond=0)


if __name__ == "__main__":
    sys.exit(main())

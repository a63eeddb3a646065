"""`python -m bench.drift.breakages [--pages N]`: does the bench notice a broken comparison?

Each breakage meets the kind of change it must get wrong, and so does the program as it is, which must get it right.
Exit code 0 when the bench is content with the program as it is and with no broken one, else 1.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.drift.__main__ import COMMAND, ROOT, watch
from bench.drift.broken import BREAKAGES
from bench.drift.exhibits import exhibit
from bench.drift.model import CosmeticKind, MaterialKind, OutageKind, VariantKind
from bench.drift.observed import RunFailed
from bench.drift.verdict import Verdict
from bench.drift.web import build_web

SHOWS_ON: dict[str, str] = {
    "ignore_link_targets": MaterialKind.LINK_TARGET_ONLY,
    "ignore_json_ld": MaterialKind.JSON_LD_ONLY,
    "treat_suspect_as_snapshot": OutageKind.LOGIN_WALL,
    "confirm_nothing": MaterialKind.LICENSE_SWAPPED,
    "compare_whole_page": CosmeticKind.RELATED_LINKS,
    "alert_at_first_sight": VariantKind.SHOWN_ONCE,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the bench broken and unbroken on each breakage's kind. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift.breakages", description=__doc__)
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(BREAKAGES))
    parser.add_argument("--command", default=COMMAND, help="the program as it is")
    parser.add_argument("--broken", default=shlex.join([sys.executable, "-m", "bench.drift.broken"]))
    parser.add_argument("--policy", type=Path, default=ROOT / "policy")
    chosen = parser.parse_args(arguments)
    wrong = 0
    for kind in chosen.only or BREAKAGES:
        exhibits = [exhibit(site) for site in build_web(chosen.pages, chosen.seed, SHOWS_ON[kind])]
        for command, expected in ((chosen.command, True), (f"{chosen.broken} {kind}", False)):
            with tempfile.TemporaryDirectory(prefix="drift-") as work:
                try:
                    verdict = watch(exhibits, tuple(shlex.split(command)), chosen.policy, Path(work))
                except RunFailed as error:
                    print(f"{kind}: the program did not run: {error}")
                    wrong += 1
                    continue
            wrong += verdict.passed is not expected
            print(_line(kind, verdict, expected))
    return 1 if wrong else 0


def _line(kind: str, verdict: Verdict, expected: bool) -> str:
    return (
        f"{kind:<26}{'as it is' if expected else 'broken':<9} material {verdict.expected - verdict.missed} of "
        f"{verdict.expected}, false alerts {verdict.false_alerts}: {'content' if verdict.passed else 'not content'}, "
        f"{'as it should be' if verdict.passed is expected else 'WHICH IS WRONG'}"
    )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench.drift.breakages [--pages N]`: does the bench notice a broken comparison?

One web holds every kind of change that a breakage must get wrong. The program as it is must get all of them right, and
each broken one its own wrong. Exit code 0 when that is so, else 1.
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
    "compare_whole_page": CosmeticKind.MOVED_PARAGRAPHS,
    "alert_at_first_sight": VariantKind.SHOWN_ONCE,
}


# A run needs no server to be judged, and would take longer to start with one than to look.
_OPTIONS = ("--no-prefect",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the bench on one web, with the program as it is and with every broken one. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift.breakages", description=__doc__)
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(BREAKAGES))
    parser.add_argument("--command", default=COMMAND, help="the program as it is")
    parser.add_argument("--broken", default=shlex.join([sys.executable, "-m", "bench.drift.broken"]))
    parser.add_argument("--policy", type=Path, default=ROOT / "policy")
    chosen = parser.parse_args(arguments)
    exhibits = [exhibit(site) for site in build_web(chosen.pages, chosen.seed, tuple(SHOWS_ON.values()))]
    wrong = 0
    for kind in (None, *(chosen.only or BREAKAGES)):
        command = chosen.command if kind is None else f"{chosen.broken} {kind}"
        with tempfile.TemporaryDirectory(prefix="drift-") as work:
            try:
                verdict = watch(exhibits, tuple(shlex.split(command)), chosen.policy, Path(work), _OPTIONS)
            except RunFailed as error:
                print(f"{kind or 'as it is'}: the program did not run: {error}", flush=True)
                wrong += 1
                continue
        as_it_should = verdict.passed if kind is None else SHOWS_ON[kind] in _failed(verdict)
        wrong += not as_it_should
        print(_line(kind or "as it is", verdict, as_it_should), flush=True)
    return 1 if wrong else 0


def _failed(verdict: Verdict) -> list[str]:
    """The kinds of change that were missed, or told of though nobody should be."""
    found = {row.kind.partition(",")[0]: None for row in verdict.rows if row.missed or row.false_alerts}
    return [*found]


def _line(kind: str, verdict: Verdict, as_it_should: bool) -> str:
    return (
        f"{kind:<26} material {verdict.expected - verdict.missed} of {verdict.expected}, false alerts "
        f"{verdict.false_alerts}: {'content' if verdict.passed else 'not content'}, "
        f"{'as it should be' if as_it_should else 'WHICH IS WRONG'}"
        + (f" ({', '.join(_failed(verdict))})" if _failed(verdict) else "")
    )


if __name__ == "__main__":
    sys.exit(main())

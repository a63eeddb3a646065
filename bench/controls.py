"""`python -m bench.controls [NAME …]`: without its guard, exactly the test that is said to prove it fails.

Every control takes one guard away and runs the file of tests that holds its proof, in a process of its
own. Exit 1 when a test passes without its guard, or when another fails with it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from bench.control_table import CONTROLS, Control

ROOT = Path(__file__).parents[1]
TESTS = "tests/security"
_ENV = "CLEARANCE_CONTROL"


def pytest_configure() -> None:
    """As a plugin of pytest: take the guard away that the environment names."""
    next(control for control in CONTROLS if control.guard == os.environ[_ENV]).off()


def failed_without(control: Control) -> frozenset[str]:
    """The tests of the control's file that fail without the guard."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "bench.controls", "-rfE", "--tb=no", f"{TESTS}/{control.file}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, _ENV: control.guard},
    )
    if done.returncode not in (0, 1):
        return frozenset([f"pytest itself: {done.stdout[-300:]} {done.stderr[-300:]}"])
    return frozenset(re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+)", done.stdout, re.MULTILINE))


def main(names: list[str]) -> int:
    """Run the controls, all or those named, and print a line each."""
    worst = 0
    for control in CONTROLS:
        if names and control.guard not in names:
            continue
        failed = failed_without(control)
        right = failed == control.fails
        worst |= not right
        print(
            f"{'ok' if right else 'WRONG'}: without {control.guard}: {', '.join(sorted(failed)) or 'nothing fails'}",
            flush=True,
        )
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

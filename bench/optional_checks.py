"""`make test-all`: the checks that need more than Python, each run where its tool is there.

What cannot run is named in one line and fails nothing; what ran and failed does.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from glob import glob
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NO_TESTS = 5
_PIP = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")


@dataclass(frozen=True, slots=True)
class Check:
    """Tests with a marker. `missing` says what they lack on this machine, or None; `lock` holds the
    packages they need beside the usual ones and `module` is one of them."""

    name: str
    marker: str
    missing: Callable[[], str | None]
    lock: str | None = None
    module: str | None = None


def chromium_missing() -> str | None:
    """Why no browser can be driven, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return None if any(map(shutil.which, names)) else "no Chromium is installed"


def postgresql_missing() -> str | None:
    """Why no database server can be started, or None."""
    found = shutil.which("initdb") or glob("/usr/lib/postgresql/*/bin/initdb")
    return None if found else "no PostgreSQL server is installed"


def nothing_missing() -> str | None:
    """None: the packages of the lock are all it takes."""
    return None


CHECKS = (
    Check("browser", "browser", chromium_missing, "requirements-browser.lock", "playwright"),
    Check("PostgreSQL", "postgresql", postgresql_missing),
    Check("exports", "exports", nothing_missing, "requirements-exports.lock", "mlcroissant"),
    Check("Dask", "dask", nothing_missing, "requirements-scale.lock", "prefect_dask"),
)


def main() -> int:
    """Run what can be run; 1 when any of it failed."""
    failed = False
    for check in CHECKS:
        why = check.missing() or _packages_missing(check)
        if why is None:
            ended = subprocess.run([sys.executable, "-m", "pytest", "-m", check.marker, "tests"], cwd=ROOT)
            why = "there is no test of it" if ended.returncode == _NO_TESTS else None
            failed = failed or ended.returncode not in (0, _NO_TESTS)
        if why is not None:
            print(f"not run: {check.name}: {why}", flush=True)
    return int(failed)


def _packages_missing(check: Check) -> str | None:
    if check.lock is None or check.module is None or importlib.util.find_spec(check.module):
        return None
    install = [sys.executable, "-m", "pip", "install", *_PIP, "-r", check.lock]
    ended = subprocess.run(install, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode == 0:
        return None
    last = ended.stderr.strip().splitlines() or ["no reason given"]
    return f"the packages of {check.lock} cannot be installed ({last[-1]})"


if __name__ == "__main__":
    raise SystemExit(main())

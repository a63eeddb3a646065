"""How the tests are run: in rings from the pure core outwards, so that what is cheap to find is found first.

Properties are tried on the same examples every time, and with no deadline on a machine that others share.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("clearance", deadline=None, derandomize=True)
settings.load_profile("clearance")

_PURE = {"scoring", "catalog", "terms"}
# Pure, too, but each reads hundreds of whole pages.
_LONG = {"test_golden_corpus", "test_hostile_texts", "test_real_pages"}
_WHOLE_RUNS = {"flows", "security", "clearance"}


def _ring(item: pytest.Item) -> int:
    if item.get_closest_marker("prefect"):
        return 3
    folder = item.path.parent.name
    if folder in _WHOLE_RUNS:
        return 2
    return 0 if folder in _PURE and item.path.stem not in _LONG else 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts by ring; within a ring the order of files stays."""
    items.sort(key=_ring)


@pytest.fixture
def clearance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run one command in an empty folder: exit code, stdout, stderr."""
    # Imported here: the pure core does not know the command line.
    from clearance.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLEARANCE_ALERT_URLS", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["clearance", *arguments])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call

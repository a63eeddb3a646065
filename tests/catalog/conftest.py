from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from catalog import load_catalog
from domain.errors import InvalidInput

TODAY = date(2026, 7, 10)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file into a catalog folder of its own and return its path."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def errors(tmp_path: Path) -> Callable[[], list[str]]:
    """Load that folder, which must fail, and return the lines of the message without the folder's name."""

    def lines() -> list[str]:
        with pytest.raises(InvalidInput) as caught:
            load_catalog(tmp_path, today=TODAY)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return lines

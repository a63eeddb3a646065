"""The threat model names tests and controls that exist, and every control."""

from __future__ import annotations

import re
from pathlib import Path

from bench.controls import CONTROLS

ROOT = Path(__file__).parents[2]


def test_every_test_and_control_that_the_threat_model_names_exists() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    tests = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", text))
    assert named - tests == set()
    assert {name for control in CONTROLS for name in control.fails} - named == set()
    rows = [row for row in text.splitlines() if row.startswith("| ") and "`test_" in row]
    columns = [row.rsplit("|", 2)[1].strip() for row in rows]
    assert [row for row, column in zip(rows, columns, strict=True) if not column] == []
    told = {part for column in columns for part in column.split("; ") if not part.startswith("(")}
    assert {control.guard for control in CONTROLS} == told

"""Strangers' bytes through everything that parses them, always the same examples; `bench.fuzz` runs them for long."""

from __future__ import annotations

import pytest

from bench.fuzz import TARGETS, run


@pytest.mark.parametrize("target", TARGETS)
def test_no_bytes_raise_what_is_not_promised(target: str) -> None:
    run(target, 25)

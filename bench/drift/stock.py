"""The stock of prose in `stock.toml`, loaded."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

_STOCK: dict[str, Any] = tomllib.loads((files("bench.drift") / "stock.toml").read_text(encoding="utf-8"))

SENTENCES: dict[str, list[str]] = _STOCK["sentences"]
WORDS: dict[str, list[str]] = _STOCK["words"]
FIRST: list[str] = _STOCK["first"]
SECOND: list[str] = _STOCK["second"]
ORGANIZATIONS: list[str] = _STOCK["organizations"]

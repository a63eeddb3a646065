"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

CatalogFolder = Annotated[Path, typer.Option("--catalog", help="Folder of the catalog's YAML files.")]
PolicyFolder = Annotated[Path, typer.Option("--policy", help="Folder of the policy's YAML files.")]
WarehouseFile = Annotated[Path, typer.Option("--warehouse", help="The DuckDB file that remembers everything.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AtTime = Annotated[str | None, typer.Option("--at", help="As of this time, such as 2026-11-24.")]

CATALOG = Path("catalog")
POLICY = Path("policy")
WAREHOUSE = Path(".clearance/clearance.duckdb")


class DiffForm(StrEnum):
    """For whom a difference is written."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from warehouse_cases import tell_story

from warehouse.query import Reader
from warehouse.store import Warehouse


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the story, published and closed. Copy its folder to change anything."""
    path = tmp_path_factory.mktemp("story") / "clearance.duckdb"
    tell_story(path)
    return path


@pytest.fixture(scope="session")
def reader(story: Path) -> Iterator[Reader]:
    """The story's read copy, open."""
    with Reader.open(story) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse of its own, open for writing."""
    with Warehouse.open(tmp_path / "clearance.duckdb") as opened:
        yield opened


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Starts processes that have everything slow imported already and no DuckDB open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "warehouse.query", "warehouse_cases", "warmed_contracts"])
    with pytest.MonkeyPatch.context() as here:
        here.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
        forkserver.ensure_running()
    return context

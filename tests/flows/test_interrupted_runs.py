"""Runs killed by the system between and within steps: the next run leaves what an undisturbed run leaves."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_catalog

from bench.interruptions.contents import Contents, contents_of, differences, holes_of
from bench.interruptions.victim import Point
from domain.history import AlertKind
from domain.probing import Look
from domain.vocabulary import Outcome
from flows import decide_sources, look_at_pages, run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse import decisions
from warehouse.lock import wait_for_turn
from warehouse.query import Reader
from warehouse.store import Warehouse

ROOT = Path(__file__).parents[2]
MISSING = "<html><head><title>Page not found</title></head><body>Nothing here</body></html>"
PATHS = ("/p/1", "/p/2", "/p/3", "/p/4")
BOUNDARIES = (
    Point("after", "flows.run_pipeline.fetch"),
    Point("after", "warehouse.store.append", 2),
    Point("after", "flows.run_pipeline.read"),
    Point("after", "warehouse.decisions.append"),
    Point("before", "flows.run_pipeline.tell"),
    Point("before", "warehouse.store.Warehouse.publish_read_copy"),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """A web that changed since the warehouse `base` saw it, and what an undisturbed run leaves of that."""

    web: Web
    folder: Path
    settings: RunSettings
    expected: Contents

    def settings_in(self, name: str) -> RunSettings:
        warehouse = self.folder / name / "clearance.duckdb"
        return replace(self.settings, warehouse=str(warehouse), out=str(self.folder / name / "out"))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    with loopback_web() as web, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
        web.pages.update(dict.fromkeys(PATHS, OPEN))
        settings = RunSettings(
            catalog=str(smallest_catalog(folder / "catalog", web, PATHS)),
            policy=str(ROOT / "policy"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        here = Ground(web, folder, settings, {})
        finish(here.settings_in("base"))
        web.pages |= {"/p/1": CLOSED, "/p/2": OPEN.replace("Blog", "News"), "/p/3": MISSING}
        shutil.copytree(folder / "base", folder / "undisturbed")
        finish(here.settings_in("undisturbed"))
        yield replace(here, expected=contents_of(folder / "undisturbed" / "clearance.duckdb"))


def finish(settings: RunSettings) -> None:
    run_pipeline.run_pipeline(Run.begin(settings))


def kill(settings: RunSettings, point: Point) -> None:
    """Run as a process of its own that the system kills at a point."""
    options = {"--catalog": settings.catalog, "--policy": settings.policy, "--warehouse": settings.warehouse}
    more = ("--out", settings.out, "--allow-host", *settings.allow_hosts, "--delay", "0", "--confirm-after", "0")
    victim = subprocess.run(
        [
            *(sys.executable, "-m", "bench.interruptions.victim", *point.arguments(), "run", "--no-prefect"),
            *(word for pair in options.items() for word in pair),
            *more,
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert victim.returncode == -signal.SIGKILL, victim.stderr


@pytest.mark.parametrize("point", BOUNDARIES, ids=str)
def test_the_run_after_a_killed_one_leaves_what_an_undisturbed_run_leaves(
    ground: Ground, point: Point, tmp_path: Path
) -> None:
    settings = replace(ground.settings_in("base"), warehouse=str(tmp_path / "w" / "clearance.duckdb"))
    shutil.copytree(ground.folder / "base", tmp_path / "w")
    kill(settings, point)
    finish(settings)
    warehouse = Path(settings.warehouse)
    assert holes_of(warehouse) == []
    assert differences(ground.expected, contents_of(warehouse)) == []
    assert ground.web.posted


def test_a_run_killed_while_it_made_the_warehouse_leaves_one_that_opens(ground: Ground, tmp_path: Path) -> None:
    settings = replace(ground.settings, warehouse=str(tmp_path / "clearance.duckdb"), out=str(tmp_path / "out"))
    kill(settings, Point("after", "warehouse.migrate._apply"))
    finish(settings)
    assert holes_of(Path(settings.warehouse)) == []


def test_a_new_file_left_half_written_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    with Warehouse.open(path):
        head = path.read_bytes()[:4096]
    path.unlink()
    path.with_name(".clearance.duckdb.partial").write_bytes(head)
    with Warehouse.open(path) as warehouse:
        assert warehouse.last_run() is None


def alone(ground: Ground, tmp_path: Path, page: str | int) -> RunSettings:
    """A warehouse of its own in which the first source was read once, as open; then its page is another."""
    settings = replace(ground.settings, warehouse=str(tmp_path / "w" / "c.duckdb"), out=str(tmp_path / "out"))
    ground.web.pages["/p/1"] = OPEN
    finish(settings)
    ground.web.pages["/p/1"] = page
    return settings


class Killed(Exception):
    """Stands for the end of the process."""


def killed(*_: object, **__: object) -> None:
    raise Killed


def test_a_decision_is_never_stored_without_the_alert_it_raises(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(alone(ground, tmp_path, MISSING), at=datetime.now(UTC) + timedelta(days=400), only=("tiny_1",))
    with monkeypatch.context() as patch:
        patch.setattr(decisions, "append_alerts", killed)
        with pytest.raises(Killed):
            finish(settings)
    finish(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        told = [alert.source_id for alert in reader.alerts() if alert.kind is AlertKind.TIER_CHANGED]
    assert told.count("tiny_1") == 1


def test_what_a_killed_run_read_counts_as_the_publishers_doing(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = alone(ground, tmp_path, MISSING)
    for _ in range(2):
        finish(settings)
    with monkeypatch.context() as patch:
        # The third failure makes the watch failing, and no change record says so.
        patch.setattr(run_pipeline, "judge", killed)
        with pytest.raises(Killed):
            finish(settings)
    finish(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        sql = "SELECT cause FROM decisions WHERE source_id = 'tiny_1' ORDER BY seq"
        assert reader.query(sql)[1] == [("first",), ("publisher",)]


def test_what_another_reader_understands_is_never_the_publishers_doing(ground: Ground, tmp_path: Path) -> None:
    settings = alone(ground, tmp_path, OPEN)
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    families = tmp_path / "policy" / "families.yaml"
    families.write_text(families.read_text(encoding="utf-8").replace("CC0-1.0", "CC0-9.9"), encoding="utf-8")
    finish(replace(settings, policy=str(tmp_path / "policy")))
    with Reader.open(Path(settings.warehouse)) as reader:
        sql = "SELECT cause FROM decisions WHERE source_id = 'tiny_1' ORDER BY seq"
        assert reader.query(sql)[1] == [("first",), ("policy",)]


def test_a_run_that_had_to_keep_what_stood_decided_nothing(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = alone(ground, tmp_path, CLOSED)

    def broken(*_: object, **__: object) -> None:
        raise run_pipeline.ContractViolation("decisions", "as told")

    with monkeypatch.context() as patch:
        patch.setattr(decide_sources, "decide_all", broken)
        finish(settings)
    finish(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        sql = "SELECT cause FROM decisions WHERE source_id = 'tiny_1' ORDER BY seq"
        assert reader.query(sql)[1] == [("first",), ("publisher",)]


def test_a_run_that_had_to_queue_is_dated_when_its_turn_comes(ground: Ground, tmp_path: Path) -> None:
    settings = replace(ground.settings, warehouse=str(tmp_path / "w" / "c.duckdb"), out=str(tmp_path / "out"))
    Path(settings.warehouse).parent.mkdir()
    asked = Run.begin(settings)
    before = wait_for_turn(Path(f"{settings.warehouse}.run"), 0, None)
    ended: list[datetime] = []

    def told_to_wait(_: str) -> None:
        ended.append(datetime.now(UTC))
        before.release()

    called = datetime.now(UTC)
    run_pipeline.run_pipeline(asked, note=told_to_wait)
    with Reader.open(Path(settings.warehouse)) as reader:
        [[decided]] = reader.query("SELECT min(decided_at) FROM decisions")[1]
    assert decided - asked.started_at >= ended[0] - called


def test_a_look_does_not_wait_unsaved_for_a_slow_host() -> None:
    async def story() -> list[str]:
        slow = asyncio.Event()

        async def looks() -> AsyncIterator[Look]:
            yield Look(url="https://quick.example/", at=datetime.now(UTC), outcome=Outcome.GONE)
            await slow.wait()
            yield Look(url="https://slow.example/", at=datetime.now(UTC), outcome=Outcome.GONE)

        unsaved = look_at_pages._Unsaved()
        seen = []
        async for look in look_at_pages._or_a_pause(looks(), unsaved):
            if look is None:
                seen.append("saved")
                unsaved.looks.clear()
                slow.set()
            else:
                seen.append(look.url)
                unsaved.looks.append(look)
        return seen

    assert asyncio.run(story()) == ["https://quick.example/", "saved", "https://slow.example/"]

"""One trial: a warehouse as it was, a run that is killed or has company, the run after it, and the difference."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path

from bench.interruptions.contents import Contents, contents_of, differences, holes_of
from bench.interruptions.victim import Point
from bench.interruptions.web import Web, pages_after, pages_before, write_catalog
from domain.errors import ClearanceError
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
# Seconds after which a run hangs; on a machine that others share, an ordinary one takes minutes.
_PATIENCE = 1200
_STEPS = ("start", "fetch", "read", "confirm", "judge", "tell", "finish")
_WRITES = (
    "start_run",
    "save_looks",
    "save_steps",
    "save_decisions",
    "save_assessment",
    "record_delivery",
    "finish_run",
    "publish_read_copy",
)
BOUNDARIES = (
    *(Point(when, f"flows.run_pipeline.{step}") for step in _STEPS for when in ("before", "after")),
    *(Point(when, f"warehouse.store.Warehouse.{write}") for write in _WRITES for when in ("before", "after")),
    # The second look's own writes.
    *(Point(when, f"warehouse.store.Warehouse.{write}", 2) for write in _WRITES[2:3] for when in ("before", "after")),
    # Within one write: bodies without rows, half a transaction, a file not yet in its place.
    Point("after", "warehouse.bodies._write_synced"),
    Point("after", "warehouse.bodies._write_synced", 3),
    *(Point("after", "warehouse.looks.append", nth) for nth in (1, 2, 3, 4)),
    *(Point("after", "warehouse.store.append", nth) for nth in (1, 2, 3, 4)),
    *(Point("after", "warehouse.states.append", nth) for nth in (1, 2)),
    Point("after", "warehouse.outbox.append"),
    *(Point("after", "warehouse.decisions.append", nth) for nth in (1, 2)),
    Point("before", "flows.write_assessment.put_in_place"),
    Point("after", "flows.write_assessment.put_in_place"),
)
FIRST_BOUNDARIES = (
    Point("after", "warehouse.store.connect_writer"),
    *(Point("after", "warehouse.migrate._apply", nth) for nth in (1, 2)),
    Point("before", "warehouse.store.refresh_views"),
    Point("after", "flows.run_pipeline.start"),
    Point("after", "flows.run_pipeline.fetch"),
    Point("after", "flows.run_pipeline.read"),
    Point("after", "flows.run_pipeline.judge"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial came to. `wrong` names every difference; `unsaved` counts the pages that went out
    whole and of which the killed run kept nothing."""

    name: str
    wrong: tuple[str, ...]
    unsaved: int = 0
    reads: int = 0


class Ground:
    """The web, the warehouse before it changed, and what an undisturbed run leaves after it did."""

    def __init__(self, web: Web, folder: Path, pages: int) -> None:
        self.web = web
        self.folder = folder
        self.pages = pages
        self._server: Mapping[str, str] | None = None
        self.before = write_catalog(folder / "catalog-before", web, pages, leaves=False)
        self.after = write_catalog(folder / "catalog-after", web, pages, leaves=True)
        web.pages = pages_before(pages, failing=False)
        self._finish("base", self.before)
        web.pages = pages_before(pages, failing=True)
        for _ in range(2):
            self._finish("base", self.before)
        web.pages = pages_after(pages)
        self.expected = self._undisturbed("changed", base=True)
        self.seconds = self._seconds()
        self.expected_first = self._undisturbed("first", base=False)

    def take_to(self, server: Mapping[str, str]) -> None:
        """Victims run through Prefect from now on; `server` is the environment in which they find it."""
        self._server = server
        self.seconds = self._seconds()

    def _seconds(self) -> float:
        """How long a run takes as a process of its own, so that random kills fall into all of it."""
        self.fresh("trial", base=True)
        began = time.monotonic()
        if wrong := _ended(self.start("trial", self.after)):
            raise RuntimeError(f"the undisturbed run failed: {wrong}")
        return time.monotonic() - began

    def _undisturbed(self, name: str, *, base: bool) -> Contents:
        self.fresh(name, base=base)
        self._finish(name, self.after)
        return contents_of(self.warehouse(name))

    def warehouse(self, name: str) -> Path:
        """The warehouse of a trial."""
        return self.folder / name / "clearance.duckdb"

    def fresh(self, name: str, *, base: bool) -> None:
        """A folder for a trial: empty, or with the warehouse as it was before the web changed."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        if base:
            shutil.copytree(self.folder / "base", self.folder / name)

    def start(self, name: str, catalog: Path, point: Point | None = None) -> subprocess.Popen[str]:
        """A run as a process of its own."""
        program = (
            ("-m", "clearance.main") if point is None else ("-m", "bench.interruptions.victim", *point.arguments())
        )
        options = {
            "--catalog": catalog,
            "--policy": ROOT / "policy",
            "--warehouse": self.warehouse(name),
            "--out": self.folder / name / "out",
            "--allow-host": "127.0.0.0/8",
            "--delay": 0,
            "--confirm-after": 0,
        }
        arguments = [str(word) for pair in options.items() for word in pair]
        path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        return subprocess.Popen(
            [sys.executable, *program, "run", *(() if self._server else ("--no-prefect",)), *arguments],
            env={**os.environ, **(self._server or {}), "CLEARANCE_ALERT_URLS": self.web.hook, "PYTHONPATH": path},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _finish(self, name: str, catalog: Path) -> None:
        # In this process: a run that is not to be killed needs none of its own.
        settings = RunSettings(
            catalog=str(catalog),
            policy=str(ROOT / "policy"),
            warehouse=str(self.warehouse(name)),
            out=str(self.folder / name / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        os.environ["CLEARANCE_ALERT_URLS"] = self.web.hook
        with redirect_stderr(io.StringIO()):
            run_pipeline(Run.begin(settings))

    def killed_at(self, point: Point, *, base: bool = True) -> Trial:
        """Kill a run at a named point, then let the next one finish."""
        self.fresh("trial", base=base)
        self.web.served.clear()
        victim = self.start("trial", self.after, point)
        _, errors = victim.communicate(timeout=_PATIENCE)
        name = f"{point}{'' if base else ', first run'}"
        if victim.returncode != -signal.SIGKILL:
            return Trial(name, (f"the run never came there (exit {victim.returncode}): {errors.strip()[-200:]}",))
        return self._recovered(name, base)

    def killed_after(self, seconds: float, *, base: bool = True) -> Trial:
        """Kill a run some seconds after its start, then let the next one finish."""
        self.fresh("trial", base=base)
        self.web.served.clear()
        victim = self.start("trial", self.after)
        try:
            victim.wait(seconds)
        except subprocess.TimeoutExpired:
            victim.kill()
        victim.communicate(timeout=_PATIENCE)
        return self._recovered(f"after {seconds:.2f} s{'' if base else ', first run'}", base)

    def _recovered(self, name: str, base: bool) -> Trial:
        served = {*self.web.served}
        try:
            self._finish("trial", self.after)
        except ClearanceError as error:
            return Trial(name, (f"the next run failed: {error}",))
        unsaved = len(served) - len(served & self._kept_by_the_killed("trial"))
        wrong = self._wrong("trial", self.expected if base else self.expected_first)
        return Trial(name, tuple(wrong), unsaved)

    def _kept_by_the_killed(self, name: str) -> set[str]:
        # Asked of the read copy after recovery: looks name the run that took them.
        sql = (
            "SELECT DISTINCT l.url FROM looks AS l JOIN run_starts AS r ON r.run_id = l.run_id"
            " WHERE l.outcome IN ('snapshot', 'suspect') AND r.seq = (SELECT max(seq) - 1 FROM run_starts)"
        )
        try:
            with Reader.open(self.warehouse(name)) as reader:
                return {"/p/" + str(url).rsplit("/", 1)[1] for (url,) in reader.query(sql)[1]}
        except ClearanceError:
            return set()

    def two_at_once(self, number: int) -> Trial:
        """Two runs at once while a reader reads in a loop."""
        self.fresh("trial", base=True)
        runs = [self.start("trial", self.after) for _ in range(2)]
        wrong: list[str] = []
        reads, most = 0, 0
        while any(run.poll() is None for run in runs):
            try:
                rows = self._read("trial")
            except ClearanceError as error:
                wrong.append(f"the reader met: {error}")
                break
            if rows < most:
                wrong.append(f"the reader saw {most} rows, then {rows}")
            reads, most = reads + 1, max(rows, most)
        wrong += [_ended(run) for run in runs]
        wrong += self._wrong("trial", self.expected)
        return Trial(f"two at once, {number}", tuple(filter(None, wrong)), reads=reads)

    def _read(self, name: str) -> int:
        with Reader.open(self.warehouse(name)) as reader:
            reader.status_rows()
            reader.recent_changes()
            [(rows,)] = reader.query(
                "SELECT (SELECT count(*) FROM looks) + (SELECT count(*) FROM versions)"
                " + (SELECT count(*) FROM change_rows)"
                " + (SELECT count(*) FROM decisions) + (SELECT count(*) FROM alert_outbox)"
            )[1]
        return int(rows)

    def _wrong(self, name: str, expected: Contents) -> list[str]:
        try:
            untold = self._untold(name)
            return holes_of(self.warehouse(name)) + differences(expected, contents_of(self.warehouse(name))) + untold
        except ClearanceError as error:
            return [f"cannot be read: {error}"]

    def _untold(self, name: str) -> list[str]:
        with Reader.open(self.warehouse(name)) as reader:
            lost = [alert.title for alert in reader.alerts() if alert.alert_id not in self.web.told]
        return [f"{len(lost)} alerts reached nobody, such as {lost[0]!r}"] if lost else []


def _ended(run: subprocess.Popen[str]) -> str:
    """Why a run did not end well, empty where it did."""
    _, errors = run.communicate(timeout=_PATIENCE)
    return "" if run.returncode == 0 else f"the run failed (exit {run.returncode}): {errors.strip()[-300:]}"


def failed(trials: Sequence[Trial]) -> list[Trial]:
    """The trials that left something else than an undisturbed run."""
    return [trial for trial in trials if trial.wrong]

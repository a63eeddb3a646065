"""Two runs at once on one warehouse while a reader reads: they queue, and nobody notices."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, loopback_web, smallest_catalog

from bench.interruptions.contents import contents_of, differences, holes_of
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
PATHS = ("/p/1", "/p/2")


def test_two_runs_queue_and_a_reader_reads_throughout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback_web() as web:
        monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
        web.pages.update(dict.fromkeys(PATHS, OPEN))
        catalog = smallest_catalog(tmp_path / "catalog", web, PATHS)

        def settings(name: str) -> RunSettings:
            return RunSettings(
                catalog=str(catalog),
                policy=str(ROOT / "policy"),
                warehouse=str(tmp_path / name / "clearance.duckdb"),
                out=str(tmp_path / name),
                allow_hosts=("127.0.0.0/8",),
                delay=0,
                confirm_after=0,
            )

        for name in ("alone", "together"):
            run_pipeline(Run.begin(settings(name)))
        web.pages["/p/1"] = CLOSED
        run_pipeline(Run.begin(settings("alone")))
        web.posted.clear()
        together = settings("together")
        words = ("--catalog", together.catalog, "--policy", together.policy, "--warehouse", together.warehouse)
        more = ("--out", together.out, "--allow-host", "127.0.0.0/8", "--delay", "0", "--confirm-after", "0")
        runs = [
            subprocess.Popen(
                [sys.executable, "-m", "clearance.main", "run", "--no-prefect", *words, *more],
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        seen = [0]
        while any(run.poll() is None for run in runs):
            with Reader.open(Path(together.warehouse)) as reader:
                seen.append(len(reader.status_rows()) + int(reader.query("SELECT count(*) FROM looks")[1][0][0]))
        errors = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], errors
    assert seen == sorted(seen)
    assert seen[-1] > 0
    assert holes_of(Path(together.warehouse)) == []
    expected = contents_of(tmp_path / "alone" / "clearance.duckdb")
    assert differences(expected, contents_of(Path(together.warehouse))) == []
    assert len(web.posted) == 1

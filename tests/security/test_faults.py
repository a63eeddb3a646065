"""Disks, clocks, names and servers fail: the summary says so, the next run completes, nothing is left half."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_catalog

from domain.errors import InvalidInput
from domain.history import RunSummary
from domain.vocabulary import Tier
from flows import look_at_pages, read_pages
from flows.run_pipeline import could_not_look, run_pipeline
from flows.run_settings import Run, RunSettings
from probes.settings import NetworkSettings
from terms.reader import Reader as PageReader
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages.update({"/p/1": OPEN, "/p/2": OPEN})
        yield running


@pytest.fixture
def asked(web: Web, tmp_path: Path) -> RunSettings:
    return RunSettings(
        catalog=str(smallest_catalog(tmp_path / "catalog", web, ("/p/1", "/p/2"))),
        policy=str(ROOT / "policy"),
        warehouse=str(tmp_path / "w" / "clearance.duckdb"),
        out=str(tmp_path / "out"),
        allow_hosts=("127.0.0.0/8",),
        delay=0,
        confirm_after=0,
    )


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def settings(run: Run, _: object) -> NetworkSettings:
        return NetworkSettings(allow=run.settings.allow_hosts, delay=0, backoff=0.001, time_limit=0.7)

    monkeypatch.setattr(look_at_pages, "network_settings", settings)
    # What is at stake here is not the reading: no process of its own for each of many runs.
    monkeypatch.setattr(read_pages, "GuardedReader", lambda _, families: nullcontext(PageReader(families)))


def approved_and_whole(asked: RunSettings) -> bool:
    """Whether both sources are approved and no row lacks its proof."""
    with Reader.open(Path(asked.warehouse)) as reader:
        assert reader.verify().holes == ()
        return {decision.tier for decision in reader.decisions().values()} == {Tier.PRODUCTION_APPROVED}


def run(asked: RunSettings) -> RunSummary:
    return run_pipeline(Run.begin(asked))


_RUN = """
import json, resource, sys
from pathlib import Path
from domain.errors import ClearanceError
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
given = json.loads(sys.argv[1])
try:
    run_pipeline(Run.begin(RunSettings(**{**given, "allow_hosts": tuple(given["allow_hosts"])})))
except ClearanceError as error:
    print(f"clearance: {error}")
    sys.exit(2)
"""


@pytest.mark.parametrize("most_bytes", [300, 300_000])
def test_a_full_disk_is_told_in_one_line_and_the_next_run_completes(asked: RunSettings, most_bytes: int) -> None:
    given = {"allow_hosts": list(asked.allow_hosts), "delay": 0, "confirm_after": 0}
    given |= {name: getattr(asked, name) for name in ("catalog", "policy", "warehouse", "out")}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(given), str(most_bytes)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 2, done
    assert done.stdout.startswith("clearance: ")
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    summary = run(asked)
    assert summary.assessment in ("regenerated", "unchanged")
    assert approved_and_whole(asked)


def test_a_disk_that_takes_nothing_is_told_in_one_line(asked: RunSettings) -> None:
    for wrong in (replace(asked, warehouse="/proc/nowhere/clearance.duckdb"), replace(asked, out="/proc/nowhere")):
        with pytest.raises(InvalidInput, match="/proc/nowhere") as caught:
            run(wrong)
        assert "\n" not in str(caught.value)
    run(asked)
    assert approved_and_whole(asked)


def test_a_clock_that_jumps_back_loses_nothing(asked: RunSettings) -> None:
    run(asked)
    now = Run.begin(asked)
    earlier = replace(now, run_id=f"{now.run_id}-early", started_at=now.started_at - timedelta(days=4000))
    summary = run_pipeline(earlier)
    assert summary.run_id == earlier.run_id
    assert approved_and_whole(asked)
    run(asked)
    assert approved_and_whole(asked)


def test_what_a_clock_that_was_ahead_approved_does_not_come_back_on_that_day(web: Web, asked: RunSettings) -> None:
    now = Run.begin(asked)
    ahead = now.started_at + timedelta(days=31)
    run_pipeline(replace(now, run_id=f"{now.run_id}-ahead", started_at=ahead))
    web.pages["/p/1"] = CLOSED
    run(asked)
    with Reader.open(Path(asked.warehouse)) as reader:
        for moment in (now.started_at + timedelta(hours=1), ahead, ahead + timedelta(days=1)):
            tiers = dict(reader.query(f"SELECT source_id, tier FROM tier_as_of('{moment}')")[1])
            assert tiers == {"tiny_1": Tier.RESEARCH_ONLY, "tiny_2": Tier.PRODUCTION_APPROVED}
            assert reader.decisions(moment)["tiny_1"].tier is Tier.RESEARCH_ONLY
        assert reader.verify().holes == ()


def test_names_that_do_not_resolve_are_an_outcome(
    web: Web, asked: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(asked)
    catalog = Path(asked.catalog) / "example.yaml"
    before = catalog.read_text(encoding="utf-8")
    port = web.base.rpartition(":")[2]
    catalog.write_text(before.replace("127.0.0.1", "data.example.org"), encoding="utf-8")

    def down(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with monkeypatch.context() as here:
        here.setattr(socket, "getaddrinfo", down)
        summary = run(asked)
    assert (summary.outcomes, could_not_look(summary)) == ({"unreachable": 2}, True)
    catalog.write_text(before, encoding="utf-8")
    run(asked)
    assert approved_and_whole(asked)
    assert port.isdigit()


def test_a_day_of_500s_changes_no_tier(web: Web, asked: RunSettings) -> None:
    run(asked)
    web.pages.update({"/p/1": 500, "/p/2": 500})
    summary = run(asked)
    assert (summary.outcomes, could_not_look(summary)) == ({"unreachable": 2}, True)
    assert approved_and_whole(asked)
    web.pages.update({"/p/1": OPEN, "/p/2": OPEN})
    assert run(asked).outcomes == {"snapshot": 2}
    assert approved_and_whole(asked)


def test_hosts_that_hang_cost_their_own_looks_only(web: Web, asked: RunSettings) -> None:
    with socket.create_server(("127.0.0.2", 0)) as hanging:
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(hanging.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        catalog = Path(asked.catalog) / "example.yaml"
        text = catalog.read_text(encoding="utf-8")
        dead = f"http://127.0.0.2:{hanging.getsockname()[1]}"
        catalog.write_text(text.replace(f"{web.base}/p/2", f"{dead}/p/2"), encoding="utf-8")
        summary = run(asked)
        hanging.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()
    assert summary.outcomes == {"snapshot": 1, "unreachable": 1}
    assert summary.seconds["fetch"] < 5
    catalog.write_text(text, encoding="utf-8")
    assert run(asked).outcomes["snapshot"] >= 1
    assert approved_and_whole(asked)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY

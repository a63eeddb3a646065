"""Runs in shards: every page in one shard, hosts whole, and the same warehouse as a run in one piece."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from glob import glob
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_catalog

from bench.scale.prefect_server import postgresql, prefect_server
from bench.scale.same_warehouse import differences, substance
from domain.errors import InvalidInput
from domain.history import RunSummary
from flows.run_pipeline import confirm, finish, judge, reread_by, run_pipeline, start, tell, touched_by
from flows.run_settings import Run, RunSettings
from flows.shard_manifest import looks_in, read_ahead
from flows.shard_pages import ShardWork, host_of, look_and_read, merge_shards, plan_shards, split_pages
from warehouse.bodies import Bodies
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
PATHS = tuple(f"/p/{number}" for number in range(1, 6))

urls = st.lists(
    st.builds(
        lambda host, path: f"https://{host}.example/{path}", st.sampled_from("abcdefgh"), st.integers(0, 40).map(str)
    ),
    max_size=60,
)


@given(urls, st.integers(1, 9))
def test_every_page_is_in_exactly_one_shard_and_no_host_in_two(pages: list[str], shards: int) -> None:
    parts = split_pages(pages, shards)
    assert Counter(url for part in parts for url in part) == Counter(dict.fromkeys(pages, 1))
    hosts = [{host_of(url) for url in part} for part in parts]
    assert all(not one & other for at, one in enumerate(hosts) for other in hosts[at + 1 :])
    assert len(parts) <= shards
    assert all(parts)


@given(urls, st.integers(1, 9))
def test_no_shard_outweighs_the_lightest_by_more_than_one_host(pages: list[str], shards: int) -> None:
    parts = split_pages(pages, shards)
    largest = max(Counter(map(host_of, set(pages))).values(), default=0)
    assert max(map(len, parts), default=0) - min(map(len, parts), default=0) <= largest


def test_the_host_of_a_page_is_the_same_in_any_spelling_and_on_any_port() -> None:
    spellings = ("https://Data.Example/a", "http://data.example:8080/b", "https://user@data.example/c")
    assert {host_of(url) for url in spellings} == {"data.example"}
    assert host_of("http://[broken") == "http://[broken"


def test_a_run_has_at_least_one_shard() -> None:
    with pytest.raises(InvalidInput, match="at least one shard"):
        split_pages(["https://a.example/"], 0)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.delenv("CLEARANCE_ALERT_URLS", raising=False)
    with loopback_web() as running:
        running.pages.update(dict.fromkeys(PATHS, OPEN))
        yield running


@pytest.fixture
def settings(web: Web, tmp_path: Path) -> RunSettings:
    return RunSettings(
        catalog=str(several_hosts(tmp_path / "catalog", web)),
        policy=str(ROOT / "policy"),
        warehouse=str(tmp_path / "sharded" / "clearance.duckdb"),
        out=str(tmp_path / "sharded" / "out"),
        allow_hosts=("127.0.0.0/8",),
        delay=0,
        confirm_after=0,
    )


def several_hosts(folder: Path, web: Web) -> Path:
    """The smallest catalog with two names of loopback in it, so that there is something to split."""
    smallest_catalog(folder, web, PATHS)
    file = folder / "example.yaml"
    text = file.read_text(encoding="utf-8")
    for path in PATHS[:2]:
        text = text.replace(
            f"127.0.0.1:{web.base.rsplit(':', 1)[1]}{path}", f"localhost:{web.base.rsplit(':', 1)[1]}{path}"
        )
    file.write_text(text, encoding="utf-8")
    return folder


def planned(settings: RunSettings, shards: int = 3) -> tuple[Run, tuple[ShardWork, ...]]:
    run = Run.begin(settings)
    start(run)
    return run, plan_shards(run, shards)


def run_in_shards(settings: RunSettings, shards: int = 3) -> RunSummary:
    """What the flow does, without Prefect."""
    run, works = planned(settings, shards)
    first, report = merge_shards(run, works, [look_and_read(work) for work in works])
    fetched, reports = [first], [report]
    if report.unconfirmed:
        again, second = confirm(run, report.unconfirmed)
        fetched.append(again)
        reports.append(second)
    return finish(run, fetched, reports, judge(run, touched_by(reports), reread_by(reports)), tell(run))


def in_one_piece(settings: RunSettings) -> RunSettings:
    home = Path(settings.warehouse).parents[1] / "plain"
    return replace(settings, warehouse=str(home / "clearance.duckdb"), out=str(home / "out"))


def test_a_run_in_shards_leaves_the_same_warehouse_as_a_run_in_one_piece(web: Web, settings: RunSettings) -> None:
    plain = in_one_piece(settings)
    for changed in ({}, {"/p/1": CLOSED, "/p/3": CLOSED, "/p/5": 404}):
        web.pages.update(changed)
        sharded = run_in_shards(settings)
        whole = run_pipeline(Run.begin(plain))
        assert (sharded.outcomes, sharded.changes, sharded.alerts) == (whole.outcomes, whole.changes, whole.alerts)
    held = substance(Path(settings.warehouse))
    assert differences(held, substance(Path(plain.warehouse))) == []
    assert held["alerts"].total() == 2
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.verify().holes == ()
    assert list(Path(f"{settings.warehouse}.shards").iterdir()) == []


def test_a_warehouse_that_holds_something_else_is_not_the_same(web: Web, settings: RunSettings) -> None:
    run_in_shards(settings)
    web.pages["/p/1"] = CLOSED
    run_in_shards(in_one_piece(settings))
    found = differences(substance(Path(settings.warehouse)), substance(Path(in_one_piece(settings).warehouse)))
    assert {line.split(":")[0] for line in found} >= {"versions", "decisions"}


def test_a_shard_that_is_tried_again_asks_no_page_twice(web: Web, settings: RunSettings) -> None:
    run, works = planned(settings)
    done = [look_and_read(work) for work in works]
    asked = Counter(web.asked)
    again = [look_and_read(work) for work in works]
    assert Counter(web.asked) == asked
    assert [shard.looks for shard in again] == [0] * len(works)
    fetched, report = merge_shards(run, works, [*done, *again])
    assert len(fetched.notes) == len(PATHS)
    assert report.changes == {"first": len(PATHS)}


def test_what_a_killed_run_fetched_is_in_the_warehouse_after_the_next(web: Web, settings: RunSettings) -> None:
    killed, works = planned(settings)
    look_and_read(works[0])
    [manifest] = Path(works[0].folder).glob("*.jsonl")
    with manifest.open("a", encoding="utf-8") as file:
        file.write('{"look": {"url": "http://cut.exam')
    run_in_shards(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        looks = dict(reader.query("SELECT run_id, count(*) FROM looks GROUP BY run_id")[1])
    assert looks.pop(killed.run_id) == len(works[0].pages)
    assert list(looks.values()) == [len(PATHS)]


def test_a_run_of_which_a_shard_is_missing_decides_nothing(web: Web, settings: RunSettings) -> None:
    run, works = planned(settings)
    with pytest.raises(InvalidInput, match="shards 1 of the run are missing"):
        merge_shards(run, works, [look_and_read(works[0])])


@pytest.mark.parametrize("other", ["catalog_sha256", "policy_sha256", "reader"])
def test_a_worker_with_another_catalog_policy_or_release_does_nothing(
    web: Web, settings: RunSettings, other: str
) -> None:
    _, works = planned(settings)
    stranger = {"catalog_sha256": "0", "policy_sha256": "0", "reader": "0"}[other]
    with pytest.raises(InvalidInput, match="another catalog, policy or release"):
        look_and_read(replace(works[0], **{other: stranger}))
    assert web.asked == []


def test_bytes_seen_before_are_read_as_they_came_first(web: Web, settings: RunSettings) -> None:
    _, works = planned(settings)
    look_and_read(works[0])
    folder, bodies = Path(works[0].folder), Bodies(Path(works[0].bodies))
    snapshot = next(look.snapshot for look in looks_in(folder, 0, bodies))
    assert snapshot is not None
    ahead = read_ahead(folder, bodies)
    [line] = [
        json.loads(text) for text in next(folder.glob("*.jsonl")).read_text().splitlines() if snapshot.url in text
    ][-1:]
    name = line["version"]["watch_id"]
    assert ahead.find(name, snapshot) is not None
    assert ahead.find(name, replace(snapshot, seen_at=snapshot.seen_at.replace(year=2000))) is None
    assert ahead.find("somebody/else/00000000", snapshot) is None


def bench(*arguments: str) -> str:
    """What `python -m bench.scale` prints. It fails where two warehouses differ."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.scale", "--pages", "24", "--epochs", "2", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    return done.stdout


@pytest.mark.dask
@pytest.mark.skipif(importlib.util.find_spec("prefect_dask") is None, reason="prefect-dask is not installed")
def test_a_dask_cluster_comes_to_the_same_warehouse() -> None:
    assert bench("--ways", "plain,dask", "--shards", "3").splitlines()[-1] == "dask: equal"


@pytest.mark.postgresql
@pytest.mark.skipif(
    not (shutil.which("initdb") or glob("/usr/lib/postgresql/*/bin/initdb")), reason="no PostgreSQL server is installed"
)
def test_prefect_keeps_its_runs_in_postgresql(tmp_path: Path, web: Web, settings: RunSettings) -> None:
    with postgresql() as database, prefect_server(tmp_path, database) as environment:
        parameters = {
            "catalog": settings.catalog,
            "policy": settings.policy,
            "warehouse": settings.warehouse,
            "out": settings.out,
            "allow_hosts": list(settings.allow_hosts),
            "delay": 0,
        }
        command = [sys.executable, "-m", "bench.scale.one_run", "threads", json.dumps(parameters)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert json.loads(done.stdout.splitlines()[-1])["outcomes"] == {"snapshot": len(PATHS)}
        states = rows(database, "SELECT state_type, count(*) FROM task_run GROUP BY state_type")
        flows = rows(database, "SELECT r.state_type FROM flow_run r JOIN flow f ON f.id = r.flow_id")
    assert flows == [("COMPLETED",)]
    assert states == [("COMPLETED", 6)]
    assert not list(tmp_path.glob("*.db"))


def rows(database: str, sql: str) -> list[tuple[object, ...]]:
    """What a statement gives in the server's own database."""

    async def fetch() -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(database.replace("+asyncpg", ""))
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return asyncio.run(fetch())

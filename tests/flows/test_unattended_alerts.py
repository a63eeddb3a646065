"""Alerts of runs nobody watches: a webhook that is down, a run that is killed, and runs that do not come."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_catalog
from typer.testing import CliRunner

from clearance.main import app
from clearance.watch_status import next_look
from domain.errors import InvalidInput
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from flows.watch_overdue import OverdueWatch, overdue

ROOT = Path(__file__).parents[2]
BY = OPEN.replace("publicdomain/zero/1.0/'>CC0 1.0", "licenses/by/4.0/'>CC BY 4.0")


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages |= {"/p/1": OPEN, "/p/2": OPEN, "/p/3": OPEN}
        yield running


@pytest.fixture
def settings(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSettings:
    monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
    catalog = smallest_catalog(tmp_path / "catalog", web, ("/p/1", "/p/2", "/p/3"))
    file = catalog / "example.yaml"
    owned = "      - id: tiny_1\n        owner: lena\n        used_by: [playlist-model]\n"
    file.write_text(file.read_text(encoding="utf-8").replace("      - id: tiny_1\n", owned), encoding="utf-8")
    return RunSettings(
        catalog=str(catalog),
        policy=str(ROOT / "policy"),
        warehouse=str(tmp_path / "w" / "clearance.duckdb"),
        out=str(tmp_path / "out"),
        allow_hosts=("127.0.0.0/8",),
        delay=0,
        confirm_after=0,
    )


def run(settings: RunSettings) -> None:
    run_pipeline(Run.begin(settings))


def command(settings: RunSettings, *words: str) -> tuple[int, Any]:
    done = CliRunner().invoke(app, ["alerts", *words, "--json", "--warehouse", settings.warehouse])
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


def sent(web: Web) -> list[list[tuple[object, object]]]:
    """Source and `repeated` of every alert, digest by digest."""
    return [[(alert["source_id"], alert["repeated"]) for alert in digest["alerts"]] for digest in web.posted]  # type: ignore[attr-defined]


def test_a_webhook_down_for_three_runs_gets_one_digest_afterwards(web: Web, settings: RunSettings) -> None:
    run(settings)
    web.hook_status = 503
    for number in (1, 2, 3):
        web.pages[f"/p/{number}"] = CLOSED
        run(settings)
    refused = len(web.posted)
    web.hook_status = 200
    run(settings)
    run(settings)
    assert refused == 3
    [taken] = sent(web)[refused:]
    assert taken == [("tiny_1", True), ("tiny_2", True), ("tiny_3", True)]
    [first] = [alert for alert in web.posted[-1]["alerts"] if alert["source_id"] == "tiny_1"]  # type: ignore[attr-defined]
    assert (first["owner"], first["used_by"]) == ("lena", ["playlist-model"])


KILLED_RUN = textwrap.dedent("""
    import os, sys
    from alerts import channels
    from flows import run_pipeline as steps
    from flows.run_settings import Run, RunSettings

    def killed(*ignored, **named):
        os.kill(os.getpid(), 9)

    when, catalog, policy, warehouse, out = sys.argv[1:]
    if when == "before":
        steps.empty_outbox = killed
    else:
        taken = channels.WebhookChannel.send
        channels.WebhookChannel.send = lambda *given: (taken(*given), killed())
    steps.run_pipeline(Run.begin(RunSettings(catalog=catalog, policy=policy, warehouse=warehouse, out=out,
        allow_hosts=("127.0.0.0/8",), delay=0, confirm_after=0)))
""")


@pytest.mark.parametrize(("when", "digests"), [("before", 1), ("after", 2)])
def test_a_run_killed_around_its_delivery_repeats_at_most_once_and_says_so(
    web: Web, settings: RunSettings, when: str, digests: int
) -> None:
    run(settings)
    web.pages["/p/1"] = CLOSED
    paths = (settings.catalog, settings.policy, settings.warehouse, settings.out)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_RUN, when, *paths], env=dict(os.environ), capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr.decode()
    run(settings)
    run(settings)
    told = sent(web)
    assert len(told) == digests
    assert told[-1] == [("tiny_1", True)]
    assert told[:-1] == [[("tiny_1", False)]] * (digests - 1)
    assert len({alert["alert_id"] for digest in web.posted for alert in digest["alerts"]}) == 1  # type: ignore[attr-defined]


def test_each_channel_gets_one_digest_of_what_policy_sends_there_and_nothing_is_lost(
    web: Web, settings: RunSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy"
    shutil.copytree(settings.policy, policy)
    (policy / "alerts.yaml").write_text(
        "default: [data]\nroutes: [{id: one model, used_by: [playlist-model], channels: [playlist]}]\n",
        encoding="utf-8",
    )
    routed = replace(settings, policy=str(policy))
    with loopback_web() as other:
        monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"data={web.base}/hook playlist={other.base}/hook")
        run(routed)
        web.pages |= dict.fromkeys(("/p/1", "/p/2", "/p/3"), CLOSED)
        other.hook_status = 503
        run(routed)
        other.hook_status = 200
        run(routed)
        assert sent(web) == [[("tiny_2", False), ("tiny_3", False)]]
        assert sent(other) == [[("tiny_1", False)], [("tiny_1", True)]]
        code, listed = command(settings, "list")
        assert (code, [len(alert["delivered_by"]) for alert in listed]) == (0, [2, 2, 2])
        web.posted.clear()
        watch = OverdueWatch(
            Path(settings.warehouse), policy, hours=1e-9, note=print, started=datetime.now(UTC) - timedelta(days=1)
        )
        watch.look()
        assert ([len(digest) for digest in sent(web)], len(other.posted)) == ([1], 2)
        monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"playlist={other.base}/hook")
        with pytest.raises(InvalidInput, match=r"policy/alerts\.yaml sends alerts to data"):
            run(routed)


def test_a_change_back_and_forth_is_told_each_time_and_stands_in_the_feed(web: Web, settings: RunSettings) -> None:
    run(settings)
    for page in (CLOSED, BY):
        web.pages["/p/1"] = page
        run(settings)
    feed = ElementTree.parse(Path(settings.warehouse).with_name("alerts.atom")).getroot()
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(web.posted) == 2
    assert "used by: playlist-model" in (entries[0].findtext("{http://www.w3.org/2005/Atom}content") or "")


def test_alerts_are_listed_and_resent_by_hand(web: Web, settings: RunSettings) -> None:
    run(settings)
    web.pages["/p/1"] = CLOSED
    web.hook_status = 503
    run(settings)
    code, [listed] = command(settings, "list")
    assert (code, listed["kind"], listed["delivered_by"]) == (0, "license_changed", ["terminal"])
    code, report = command(settings, "resend", "--catalog", settings.catalog)
    assert (code, list(report["failed"])) == (1, [next(name for name in report["sent"] if name != "terminal")])
    web.hook_status = 200
    code, report = command(settings, "resend", "--catalog", settings.catalog)
    assert (code, report["failed"], sum(report["sent"].values())) == (0, {}, 1)
    code, report = command(settings, "resend", listed["alert_id"], "--catalog", settings.catalog)
    assert (code, sum(report["sent"].values())) == (0, 2)
    assert sent(web)[-1] == [("tiny_1", True)]


def test_a_test_message_reaches_every_channel_or_says_which_not(web: Web, settings: RunSettings) -> None:
    done = CliRunner().invoke(app, ["alerts", "test", "--json"])
    assert (done.exit_code, web.posted[0]["alerts"][0]["payload"]) == (0, {"test": True})  # type: ignore[index]
    web.hook_status = 500
    done = CliRunner().invoke(app, ["alerts", "test", "--json"])
    assert done.exit_code == 1
    assert "answered 500" in json.loads(done.stdout.splitlines()[-1])[1]["error"]


def test_runs_that_do_not_come_are_told_once_a_gap(web: Web, settings: RunSettings) -> None:
    run(settings)
    warehouse, now = Path(settings.warehouse), datetime.now(UTC)
    assert overdue(warehouse, 26, now) is None
    assert overdue(warehouse, 26, now + timedelta(hours=27)) is not None
    code, report = command(settings, "overdue", "--hours", "26")
    assert (code, report["overdue"]) == (0, False)
    # A limit that any run exceeds stands for the days.
    for _ in range(2):
        done = CliRunner().invoke(
            app, ["alerts", "overdue", "--hours", "0.000001", "--warehouse", settings.warehouse], catch_exceptions=False
        )
        assert done.exit_code == 2, "less than the least"
    watch = OverdueWatch(warehouse, ROOT / "policy", hours=1e-9, note=print, started=now - timedelta(days=1))
    watch.look()
    watch.look()
    [digest] = web.posted
    assert [alert["kind"] for alert in digest["alerts"]] == ["run_overdue"]  # type: ignore[attr-defined]
    run(settings)
    watch.look()
    assert len(web.posted) == 2, "a new gap is told anew"


def test_deciding_again_and_a_service_just_started_do_not_hide_or_raise_it(web: Web, settings: RunSettings) -> None:
    from flows.assess_stored import assess

    run(settings)
    looked = datetime.now(UTC)
    assess(settings)
    found = overdue(Path(settings.warehouse), 26, looked + timedelta(hours=26, seconds=1))
    assert found is not None
    assert found.since is not None
    assert found.since < looked
    OverdueWatch(Path(settings.warehouse), ROOT / "policy", hours=26, note=print).look()
    assert web.posted == []


def test_every_watch_shows_how_it_fares(web: Web, settings: RunSettings) -> None:
    run(replace(settings, only=("tiny_1", "tiny_2")))
    web.pages["/p/2"] = 500
    run(replace(settings, only=("tiny_2",)))
    paths = ["--warehouse", settings.warehouse, "--catalog", settings.catalog, "--policy", settings.policy]
    done = CliRunner().invoke(app, ["status", "--watches", "--json", *paths])
    rows = {row["source_id"]: row for row in json.loads(done.stdout)}
    assert [rows[name]["last_outcome"] for name in ("tiny_1", "tiny_2", "tiny_3")] == ["snapshot", "unreachable", None]
    assert [rows[name]["failures"] for name in ("tiny_1", "tiny_2", "tiny_3")] == [0, 1, 0]
    assert [rows[name]["stale"] for name in ("tiny_1", "tiny_2", "tiny_3")] == [False, False, True]
    assert rows["tiny_2"]["last_look_at"] > rows["tiny_2"]["verified_at"]
    table = CliRunner().invoke(app, ["status", "--watches", *paths])
    assert "3 watches, 1 failing, 0 late, 1 stale or never read" in table.stdout
    seen, due = (datetime.fromisoformat(rows["tiny_1"][name]) for name in ("last_look_at", "next_look_at"))
    assert due - seen == timedelta(hours=24)
    verified, stale_at = (datetime.fromisoformat(rows["tiny_2"][name]) for name in ("verified_at", "stale_at"))
    assert stale_at - verified == timedelta(days=180), "as long as the policy lets evidence approve"
    assert (rows["tiny_3"]["next_look_at"], rows["tiny_3"]["stale_at"]) == (None, None)


def test_a_look_is_late_when_its_hour_is_well_past() -> None:
    last = datetime(2026, 11, 24, 6, tzinfo=UTC)
    due = last + timedelta(hours=12)
    assert next_look(last, 12, due + timedelta(hours=2)) == (due, False)
    assert next_look(last, 12, due + timedelta(hours=2, seconds=1)) == (due, True)
    assert next_look(None, 12, due) == (None, False)

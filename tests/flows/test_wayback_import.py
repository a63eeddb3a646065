"""Twenty years from a web archive: at their own time, resumed after a kill, and without a word in any decision."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loopback_archive import ArchiveSite, loopback_archive
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_catalog
from typer.testing import CliRunner

from clearance.main import app
from domain.errors import InvalidInput
from domain.vocabulary import EvidenceGrade, Origin, Tier
from flows.import_wayback import Imported, ImportSettings, import_wayback
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from probes.wayback import ArchiveUnavailable
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
BY = OPEN.replace("publicdomain/zero/1.0/'>CC0 1.0", "licenses/by/4.0/'>CC BY 4.0")
NOTHING = OPEN.replace(
    "licensed under <a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>", "here"
)


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages["/p/1"] = CLOSED
        yield running


@pytest.fixture
def archive(web: Web) -> Iterator[ArchiveSite]:
    """Captures in February, May, August and November of twenty years, the words of each year counting them."""
    with loopback_archive(f"{web.base}/p/1") as site:
        for year in range(2006, 2026):
            page = NOTHING if year < 2012 else BY if year < 2019 else CLOSED
            for month in (2, 5, 8, 11):
                site.captures[f"{year}{month:02}15120000"] = page.replace("four hundred", f"{year - 1900}00")
        site.captures["20160315120000"] = 503
        yield site


@pytest.fixture
def settings(web: Web, archive: ArchiveSite, tmp_path: Path) -> ImportSettings:
    return ImportSettings(
        source_id="tiny_1",
        since=datetime(2006, 1, 1, tzinfo=UTC),
        until=datetime(2026, 1, 1, tzinfo=UTC),
        archive=archive.base,
        allow_hosts=("127.0.0.0/8",),
        delay=0,
        catalog=str(smallest_catalog(tmp_path / "catalog", web)),
        policy=str(ROOT / "policy"),
        warehouse=str(tmp_path / "w" / "clearance.duckdb"),
    )


def look(settings: ImportSettings) -> None:
    run_pipeline(
        Run.begin(
            RunSettings(
                catalog=settings.catalog,
                policy=settings.policy,
                warehouse=settings.warehouse,
                out=str(Path(settings.warehouse).parent / "out"),
                allow_hosts=settings.allow_hosts,
                delay=0,
                confirm_after=0,
            )
        )
    )


def fill(settings: ImportSettings) -> Imported:
    return import_wayback(settings, lambda text: None)


def history(settings: ImportSettings) -> list[dict[str, Any]]:
    command = ["show", "tiny_1", "--history", "--json"]
    done = CliRunner().invoke(app, [*command, "--warehouse", settings.warehouse, "--catalog", settings.catalog])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_twenty_years_are_read_at_their_own_time_and_once(settings: ImportSettings, archive: ArchiveSite) -> None:
    done = fill(settings)
    # The first and the last copy of every year's words; the copy that was an error is none.
    assert (done.captures, done.known, done.fetched, done.failed, done.versions) == (40, 0, 40, 0, 20)
    assert sorted(archive.fetched) == sorted(stamp for stamp in archive.captures if stamp[4:6] in {"02", "11"})
    again = fill(settings)
    assert (again.known, again.fetched, again.versions, len(archive.fetched)) == (40, 0, 0, 40)
    with Reader.open(Path(settings.warehouse)) as reader:
        origins = reader.query("SELECT DISTINCT origin, year(min(seen_at)) FROM versions GROUP BY ALL")[1]
        assert origins == [("archive", 2006)]
        assert reader.verify().holes == ()


def test_an_import_that_is_killed_goes_on_where_it_was(settings: ImportSettings, archive: ArchiveSite) -> None:
    archive.stop_after = 13
    command = [sys.executable, "-m", "clearance.main", "import", "--wayback", settings.source_id, "--from", "2006"]
    command += ["--archive", archive.base, "--allow-host", "127.0.0.0/8", "--delay", "0"]
    command += ["--catalog", settings.catalog, "--policy", settings.policy, "--warehouse", settings.warehouse]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert archive.stopped.wait(60)
    finally:
        process.kill()
        process.wait()
    archive.stop_after = None
    archive.go_on.set()
    before = archive.fetched[:13]
    done = fill(settings)
    assert (done.captures, done.known, done.fetched, done.versions) == (40, 10, 30, 20)
    assert not {*before[:10]} & {*archive.fetched[-30:]}, "what was stored was fetched again"


def test_first_seen_lies_between_two_copies(settings: ImportSettings) -> None:
    look(settings)
    fill(settings)
    *rows, reworded = history(settings)
    assert (reworded["change"], reworded["last_seen_without"]) == ("editorial", "2025-11-15T12:00:00+00:00")
    assert [(row["change"], row["licenses_after"], row["archived"]) for row in rows] == [
        ("first", [], True),
        ("material", ["CC-BY-4.0"], True),
        ("material", ["CC-BY-NC-4.0"], True),
    ]
    assert [(row["last_seen_without"], row["first_seen_with"]) for row in rows] == [
        (None, "2006-02-15T12:00:00+00:00"),
        ("2011-11-15T12:00:00+00:00", "2012-02-15T12:00:00+00:00"),
        ("2018-11-15T12:00:00+00:00", "2019-02-15T12:00:00+00:00"),
    ]


def test_a_change_after_the_last_copy_lies_between_it_and_our_first_look(web: Web, settings: ImportSettings) -> None:
    web.pages["/p/1"] = OPEN
    look(settings)
    fill(settings)
    newest = history(settings)[-1]
    assert (newest["licenses_before"], newest["licenses_after"]) == (["CC-BY-NC-4.0"], ["CC0-1.0"])
    assert newest["last_seen_without"] == "2025-11-15T12:00:00+00:00"
    assert newest["first_seen_with"] > newest["last_seen_without"]


@pytest.mark.parametrize("first", ["look", "import"])
def test_no_tier_moves_and_nobody_is_told_by_an_import(
    web: Web, archive: ArchiveSite, settings: ImportSettings, first: str
) -> None:
    """Not even where the archive holds the very bytes the publisher shows: a direct look stays one, and is
    the better for it."""
    web.pages["/p/1"] = OPEN
    archive.captures["20250815130000"] = OPEN
    steps = [look, fill] if first == "look" else [fill, look]
    for step in steps:
        step(settings)
    look(settings)
    with Reader.open(Path(settings.warehouse)) as reader:
        decision = reader.decisions()["tiny_1"]
        assert (decision.tier, decision.evidence_grade) == (Tier.PRODUCTION_APPROVED, EvidenceGrade.A)
        [state] = reader.watch_states().values()
        assert state.accepted is not None
        assert state.accepted.origin is Origin.DIRECT
        assert [change.change.kind.value for change in reader.recent_changes()] == ["first"]
        assert reader.query("SELECT tier, cause FROM tier_history")[1] == [("production_approved", "first")]
        assert reader.alerts() == ()
        assert reader.verify().holes == ()


def test_an_archive_that_is_busy_ends_the_import_and_loses_nothing(
    settings: ImportSettings, archive: ArchiveSite
) -> None:
    archive.index_status = 404
    with pytest.raises(ArchiveUnavailable, match="try again later"):
        fill(settings)
    archive.index_status = 200
    assert fill(settings).fetched == 40


def test_a_copy_the_archive_cannot_give_is_asked_for_again(settings: ImportSettings, archive: ArchiveSite) -> None:
    early = replace(settings, until=datetime(2008, 1, 1, tzinfo=UTC))
    archive.missing.add("20060215120000")
    first = fill(early)
    assert (first.captures, first.fetched, first.failed) == (4, 3, 1)
    archive.missing.clear()
    second = fill(early)
    assert (second.known, second.fetched, second.failed) == (3, 1, 0)


def test_an_unknown_source_is_refused(settings: ImportSettings, archive: ArchiveSite) -> None:
    with pytest.raises(InvalidInput, match="nobody"):
        fill(replace(settings, source_id="nobody"))
    assert archive.fetched == []

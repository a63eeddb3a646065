"""The site of a warehouse that remembers real pages: a license that appeared on one of them, and when.

The recordings lie beside the project and are no part of it; without them there is nothing to look at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.render_site import write_site
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings

ROOT = Path(__file__).parents[2]
RECORDING = ROOT.parent / "shared" / "recordings" / "real-pages.warc.gz"
# The page named no license at noon and named one in the evening; the third look is the newest recorded.
LOOKS = (datetime(2023, 3, 7, 13, tzinfo=UTC), datetime(2023, 3, 8, tzinfo=UTC), datetime(2023, 5, 20, tzinfo=UTC))
SOURCE = "sources/musicbrainz.html"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not RECORDING.exists(), reason="the recordings are not beside the project"),
]

Visits = Callable[..., Any]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The site of one provider's sources after three looks at its pages."""
    folder = tmp_path_factory.mktemp("recorded")
    catalog, warehouse = folder / "catalog", folder / "c.duckdb"
    catalog.mkdir()
    shutil.copy(ROOT / "catalog" / "metabrainz.yaml", catalog)
    for at in LOOKS:
        settings = RunSettings(
            catalog=str(catalog),
            policy=str(ROOT / "policy"),
            warehouse=str(warehouse),
            out=str(folder / "out"),
            replay=(str(RECORDING),),
            at=at,
        )
        # In a thread of its own: the browser's driver keeps an event loop running in this one.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(run_pipeline, Run.begin(settings)).result()
    write_site(warehouse, catalog, ROOT / "policy", folder / "site")
    return (folder / "site").as_uri()


def test_the_words_that_came_stand_beside_those_that_went(visit: Visits, recorded: str) -> None:
    page = visit(recorded).go("changes.html")
    page.get_by_role("link", name="Both texts side by side for musicbrainz, 2023-03-07").click()
    went = page.locator(".diff tbody del", has_text="updated regularly").first
    came = page.locator(".diff tbody ins", has_text="Creative Commons Zero (CC0) for core data").first
    left, right = (words.locator("xpath=ancestor::td").bounding_box() for words in (went, came))
    assert left["x"] + left["width"] <= right["x"] + 1
    assert abs(left["y"] - right["y"]) < 5
    assert "permitted" in page.get_by_role("row", name="commercial_use, reproduce, derive").inner_text()


def test_the_timeline_tells_licenses_and_tiers_in_order_of_time_with_causes(visit: Visits, recorded: str) -> None:
    page = visit(recorded).go(SOURCE)
    told = page.locator(".timeline li").all_inner_texts()
    assert [line[:10] for line in told] == sorted(line[:10] for line in told)
    assert any("no license stated → CC0-1.0" in line and "changed by the publisher" in line for line in told)
    moved = visit(recorded).go("sources/listenbrainz.html").locator(".timeline li.about-tier").all_inner_texts()
    assert "the first decision" in moved[0]
    assert "production_approved → research_only" in moved[1]
    assert "cause: age" in moved[1]


def test_real_pages_fit_a_phone_and_are_quiet(visit: Visits, recorded: str) -> None:
    seen = visit(recorded, viewport={"width": 390, "height": 844})
    for path in ("index.html", "families.html", "contradictions.html", "changes.html", "open.html", SOURCE):
        page = seen.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_family_is_read_without_scrolling_sideways(visit: Visits, recorded: str) -> None:
    for width in (1280, 390):
        page = visit(recorded, viewport={"width": width, "height": 844}).go("families.html")
        regions = page.locator(".scroll")
        assert regions.count() > 0
        assert regions.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)"), width


def test_the_decision_summary_shows_all_its_columns_on_a_laptop(visit: Visits, recorded: str) -> None:
    page = visit(recorded, viewport={"width": 1280, "height": 800}).go()
    assert page.locator("#sources").evaluate("t => t.parentElement.scrollWidth <= t.parentElement.clientWidth")
    last = page.get_by_role("columnheader", name="Last look").bounding_box()
    assert last["x"] + last["width"] <= 1280


def test_questions_about_what_is_worth_most_come_first(visit: Visits, recorded: str) -> None:
    page = visit(recorded).go("open.html")
    asked = page.locator("#for-product ~ ul.cards li a").all_inner_texts()
    index = visit(recorded).go()
    worth = {
        row.locator("th a").inner_text(): int(row.locator("td").nth(1).get_attribute("data-sort"))
        for row in index.locator("#sources tbody tr").all()
    }
    ranks = [worth[name] for name in asked]
    assert ranks
    assert ranks == sorted(ranks)

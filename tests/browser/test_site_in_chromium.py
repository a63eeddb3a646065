"""The site as people use it: by mouse, by keyboard, on a phone, in the dark, on paper, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Visits = Callable[..., Any]
SOURCE = "sources/graph_core.html"
PAGES = (
    "index.html",
    "plan.html",
    "open.html",
    "contradictions.html",
    "changes.html",
    "families.html",
    "figures.html",
    SOURCE,
    "sources/lab_only.html",
)
PHONE = {"width": 390, "height": 844}


def shown(page: Any) -> list[str]:
    ids: list[str] = page.locator("#sources tbody tr:visible th a").all_inner_texts()
    return ids


def test_searching_narrows_the_table_and_says_how_far(visit: Visits) -> None:
    page = visit().go()
    assert len(shown(page)) == 4
    page.get_by_label("Search").fill("ATTRIBUTION path")
    assert shown(page) == ["graph_tags"]
    assert page.get_by_role("status").inner_text() == "1 of 4 sources"
    page.get_by_label("Search").fill("")
    page.get_by_label("Tier").select_option("blocked")
    assert shown(page) == ["lab_only"]
    page.get_by_label("Layer").select_option("audio")
    assert page.get_by_role("status").inner_text() == "0 of 4 sources"


def test_sorting_by_tier_goes_from_wide_to_narrow_and_back(visit: Visits) -> None:
    page = visit().go()
    button = page.get_by_role("button", name="Tier", exact=True)
    button.click()
    assert shown(page) == ["graph_core", "graph_tags", "sounds_audio", "lab_only"]
    head = page.locator("#sources thead th", has=button)
    assert head.get_attribute("aria-sort") == "ascending"
    button.click()
    assert shown(page)[0] == "lab_only"
    assert head.get_attribute("aria-sort") == "descending"
    assert page.locator("#sources thead th[aria-sort=none]").count() == 8


def test_numbers_are_sorted_as_numbers(visit: Visits) -> None:
    page = visit().go("figures.html")
    page.locator("summary").nth(2).click()
    table = page.locator("table").nth(2)
    table.get_by_role("button", name="Likely person-days").click()
    days = [float(text) for text in table.locator("tbody td:nth-child(3)").all_inner_texts()]
    assert days == sorted(days)


def test_from_the_table_to_a_source_and_its_proof(visit: Visits) -> None:
    page = visit().go()
    page.get_by_role("link", name="graph_core").click()
    assert page.get_by_role("heading", level=1).inner_text() == "graph_core"
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Evidence").click()
    assert page.get_by_text("The core data is in the public domain (CC0).").last.is_visible()
    assert (
        page.get_by_role("link", name="graph.example.org/license").first.get_attribute("rel") == "noopener noreferrer"
    )


def test_a_change_leads_to_both_texts_side_by_side(visit: Visits) -> None:
    page = visit().go("changes.html")
    page.get_by_role("link", name="Both texts side by side for graph_core").click()
    went, came = page.locator(".diff tbody del").first, page.locator(".diff tbody ins").first
    left, right = went.bounding_box(), came.bounding_box()
    assert (went.inner_text(), came.inner_text()) == ("any purpose.", "non-commercial purposes.")
    assert abs(left["y"] - right["y"]) < 5
    assert left["x"] + left["width"] < right["x"]
    assert went.evaluate("e => getComputedStyle(e).textDecorationLine") == "line-through"
    assert came.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"


def test_everything_is_done_by_keyboard(visit: Visits) -> None:
    page = visit().go()
    page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.textContent") == "Skip to content"
    assert page.evaluate(f"{focused}.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate(f"{focused}.id") == "main"
    reached: list[str] = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(f"{focused}.name || {focused}.textContent.trim()"))
        assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") != "none", reached[-1]
        if reached[-1] == "Source":
            break
    assert [name for name in reached if name in ("words", "tier", "layer", "Source")] == [
        "words",
        "tier",
        "layer",
        "Source",
    ]
    page.keyboard.press("Enter")
    assert shown(page) == ["sounds_audio", "lab_only", "graph_tags", "graph_core"]
    assert page.evaluate(f"{focused}.textContent") == "Source"


def test_every_page_is_quiet_from_disk_and_from_a_server(visit: Visits, served: str, site: Path) -> None:
    pages = [str(path.relative_to(site)) for path in sorted(site.rglob("*.html"))]
    assert len(pages) == 11
    for root in (None, served):
        seen = visit(root)
        for path in pages:
            seen.go(path)


@pytest.mark.parametrize(
    "settings", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"]
)
def test_axe_finds_no_serious_violation(visit: Visits, settings: dict[str, Any]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    seen = visit(**settings)
    for path in PAGES:
        page = seen.go(path)
        for summary in page.locator("summary").all():
            summary.click()
        found = axe.run(page).response["violations"]
        worst = [
            (path, rule["id"], node["html"][:120])
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert worst == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(visit: Visits, path: str) -> None:
    page = visit(viewport=PHONE).go(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_both_texts_fit_beside_each_other_on_a_phone(visit: Visits) -> None:
    page = visit(viewport=PHONE).go(SOURCE)
    for side in (page.locator(".diff tbody del").first, page.locator(".diff tbody ins").first):
        box = side.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_without_scripts_it_is_a_plain_table(visit: Visits) -> None:
    page = visit(java_script_enabled=False).go()
    assert len(shown(page)) == 4
    assert page.get_by_label("Search").is_hidden()
    assert page.get_by_role("columnheader", name="Closes first").is_visible()


def test_dark_and_light_are_different_papers(visit: Visits) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = visit(color_scheme="light").go().evaluate(paper)
    dark = visit(color_scheme="dark").go().evaluate(paper)
    assert light == "rgb(252, 251, 249)"
    assert dark == "rgb(20, 23, 26)"


def test_paper_gets_the_whole_table_and_no_tools(visit: Visits) -> None:
    # A4 across, less its margins, in CSS pixels.
    page = visit(viewport={"width": 1046, "height": 700}).go()
    page.emulate_media(media="print")
    assert page.get_by_label("Search").is_hidden()
    assert page.get_by_role("navigation", name="Site").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1046
    assert page.locator("#sources").evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")


def test_tiers_are_told_in_words_wherever_they_have_a_color(visit: Visits) -> None:
    page = visit().go()
    words = set(page.locator("#sources .tier").all_inner_texts())
    assert {word.lstrip("●◐○") for word in words} == {"production_approved", "research_only", "blocked"}


def test_nothing_hostile_runs(visit: Visits, hostile_site: Path) -> None:
    seen = visit(hostile_site.as_uri())
    pages = [str(path.relative_to(hostile_site)) for path in sorted(hostile_site.rglob("*.html"))]
    assert len(pages) == 11
    for path in pages:
        page = seen.go(path)
        assert page.evaluate("window.hit") is None
        assert page.evaluate("document.images.length") == 0
        assert page.evaluate("[...document.links].filter(a => !/^(file|https?):$/.test(a.protocol)).length") == 0
    page = seen.go()
    page.get_by_label("Search").fill("<script>window.hit=1</script>")
    assert page.get_by_role("status").inner_text() == "4 of 4 sources"
    page.get_by_role("button", name="Owner").click()
    assert page.evaluate("window.hit") is None

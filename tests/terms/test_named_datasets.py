"""Pages that describe several datasets, asked about one of them by name."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, no_hang, page, read, reader, watch

from terms.naming import STAND_IN, name_of

SECTIONS = page(
    "<h1>Our datasets</h1><h2>Alder Songs</h2><p>Songs. Licensed under CC BY 4.0.</p>"
    "<h2>Birch</h2><p>Speech.</p><h3>License</h3><p>CC BY-NC 4.0</p><h2>Cedar</h2><p>Bells.</p>"
)
TABLE = page(
    "<h1>Corpora</h1><table><tr><th>Set</th><th>License</th></tr><tr><td>Alder</td><td>CC0</td></tr>"
    "<tr><td>Birch</td><td rowspan='2'>CC BY-NC 4.0</td></tr><tr><td>Cedar</td></tr>"
    "<tr><td>Dogwood</td><td></td></tr></table>"
)
TRANSPOSED = page(
    "<table><tr><th></th><th>Alder</th><th>Birch</th></tr><tr><th>Hours</th><td>4</td><td>5</td></tr>"
    "<tr><th>License</th><td>CC0</td><td>CC BY-NC 4.0</td></tr></table><p>And more recordings from the archive.</p>"
)
ITEMS = (
    "# Sets\n\n- **Alder**: songs, CC BY 4.0\n- **Birch**: speech, CC BY-NC 4.0\n  - since 2019\n- **Cedar**: bells\n"
)
PROSE = "We keep three sets. Alder is under CC0, while Birch is distributed under CC BY-NC 4.0. Cedar comes later."
DEFINITIONS = page(
    "<p>All about our sets.</p><dl><dt>Alder</dt><dd>Songs, under CC0.</dd><dt>Birch</dt><dd>Speech.</dd></dl>"
)


@pytest.mark.parametrize(
    ("text", "media_type", "name", "licenses", "determination"),
    [
        (SECTIONS, "text/html", "Alder Songs", ("CC-BY-4.0",), COMMERCIAL),
        (SECTIONS, "text/html", "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (SECTIONS, "text/html", "Cedar", (), UNCLEAR),
        (TABLE, "text/html", "Alder", ("CC0-1.0",), COMMERCIAL),
        (TABLE, "text/html", "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (TABLE, "text/html", "Cedar", ("CC-BY-NC-4.0",), RESEARCH),
        (TABLE, "text/html", "Dogwood", (), UNCLEAR),
        (TRANSPOSED, "text/html", "Alder", ("CC0-1.0",), COMMERCIAL),
        (TRANSPOSED, "text/html", "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (ITEMS, "text/markdown", "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (ITEMS, "text/markdown", "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (ITEMS, "text/markdown", "Cedar", (), UNCLEAR),
        (PROSE, "text/plain", "Alder", ("CC0-1.0",), COMMERCIAL),
        (PROSE, "text/plain", "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (PROSE, "text/plain", "Cedar", (), UNCLEAR),
        (DEFINITIONS, "text/html", "Alder", ("CC0-1.0",), COMMERCIAL),
        (DEFINITIONS, "text/html", "Birch", (), UNCLEAR),
    ],
)
def test_a_named_dataset_gets_what_is_said_of_it(
    text: str, media_type: str, name: str, licenses: tuple[str, ...], determination: str
) -> None:
    assert read(text, media_type, about=name).licenses == licenses
    assert determined(text, media_type, about=name) == determination


LAYOUTS = {
    "bold titles": (
        "<h1>Data</h1><p><strong>Alder</strong></p><p>Songs. License: CC BY 4.0</p>"
        "<p><strong>Birch</strong></p><p>Speech. License: CC BY-NC 4.0</p>"
    ),
    "line breaks": "<p><b>Alder</b>: songs, CC BY 4.0<br><b>Birch</b>: speech, CC BY-NC 4.0</p><p>More soon.</p>",
    "no header": (
        "<table><tr><td>1</td><td><a href=a>Alder</a></td><td>CC0</td></tr>"
        "<tr><td>2</td><td>Birch</td><td>CC BY-NC-SA 3.0</td></tr></table>"
    ),
    "rows that group": (
        "<table><tr><th colspan=2>Open (CC BY 4.0)</th></tr><tr><td>Alder</td><td>5 h</td></tr>"
        "<tr><th colspan=2>Restricted (non-commercial research only)</th></tr>"
        "<tr><td>Birch</td><td>7 h</td></tr></table>"
    ),
    "licenses as headings": "<h2>CC BY 4.0</h2><ul><li>Alder</li></ul><h2>CC BY-NC 4.0</h2><ul><li>Birch</li></ul>",
    "cards": (
        "<div><div class=card><div>Alder</div><div>License: CC BY 4.0</div></div>"
        "<div class=card><div>Birch</div><div>License: CC BY-NC 4.0</div></div></div>"
    ),
    "a note below": (
        "<table><tr><th>Set</th><th>License</th></tr><tr><td>Alder</td><td>CC BY 4.0</td></tr>"
        "<tr><td>Birch</td><td>CC BY 4.0</td></tr></table><p>Birch may only be used for non-commercial research.</p>"
    ),
    "a comparison": "<h2>Birch</h2><p>CC BY-NC 4.0</p><h2>Alder</h2><p>Unlike Birch, Alder is under CC BY 4.0.</p>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_without_headings_are_taken_apart_too(layout: str) -> None:
    html = page(LAYOUTS[layout])
    assert determined(html, "text/html", about="Alder") is COMMERCIAL
    assert determined(html, "text/html", about="Birch") is RESEARCH


def test_a_page_of_very_many_items_is_asked() -> None:
    text = "".join(f"- Tune {number}: CC BY 4.0\n" for number in range(3_000))
    with no_hang():
        assert determined(text, about="Tune 2999") is COMMERCIAL


def test_what_is_said_of_all_counts_for_one_of_which_nothing_is_said() -> None:
    text = "Unless stated otherwise, all datasets on this page are licensed under CC BY 4.0.\n\n" + ITEMS
    assert read(text, about="Cedar").licenses == ("CC-BY-4.0",)
    assert read(text, about="Birch").licenses == ("CC-BY-NC-4.0",)


def test_one_that_is_left_out_of_what_is_said_of_all_gets_nothing() -> None:
    text = "All datasets except Cedar are licensed under CC BY 4.0.\n\n" + ITEMS
    assert determined(text, about="Cedar") is UNCLEAR


def test_a_restriction_of_everything_narrows_one_datasets_own_license() -> None:
    text = "All datasets may be used for non-commercial research only.\n\n" + ITEMS
    assert determined(text, about="Alder") is RESEARCH


OPEN = (
    "<table><tr><th>Set</th><th>License</th></tr><tr><td>Alder</td><td>CC BY 4.0</td></tr>"
    "<tr><td>Birch</td><td>CC0</td></tr></table>"
)


@pytest.mark.parametrize(
    "said",
    [
        "<p>None of the datasets may be used commercially without our written consent.</p>",
        "<p>All data on this page may be used for research only.</p>",
        "<h2>Terms</h2><p>By downloading any dataset you agree to use it in class, and for nothing else.</p>",
        "<p>Commercial use is prohibited.</p>",
        "<p>Please do not use the recordings in products that are sold.</p>",
    ],
)
def test_what_is_forbidden_for_everything_or_for_nobody_in_particular_narrows_each(said: str) -> None:
    html = page(f"<h1>Data</h1>{OPEN}{said}")
    assert determined(html, "text/html", about="Alder") is not COMMERCIAL
    assert determined(html, "text/html", about="Birch") is not COMMERCIAL


@pytest.mark.parametrize(
    "said",
    [
        "<p>Cedarwood may only be used for research.</p>",
        "<p>The last one is reserved for members and not for companies.</p>",
        "<p>The code of the site must not be sold.</p>",
        "<p>Unless stated otherwise, nothing here may be used commercially.</p>",
    ],
)
def test_what_is_forbidden_for_something_else_leaves_a_dataset_as_it_is(said: str) -> None:
    assert determined(page(f"<h1>Data</h1>{OPEN}{said}"), "text/html", about="Alder") is COMMERCIAL


MARKED = page(
    "<table><tr><th>Set</th><th>Hours</th></tr><tr><td>Alder</td><td>2</td></tr><tr><td>Birch *</td><td>3</td></tr>"
    "<tr><td>Cedar †</td><td>4</td></tr></table><p>All datasets are under CC BY 4.0, except those marked:</p>"
    "<p>* non-commercial use only<br>† access restricted to partners</p>"
)


def test_a_note_belongs_to_the_datasets_that_bear_its_mark() -> None:
    assert determined(MARKED, "text/html", about="Alder") is COMMERCIAL
    assert determined(MARKED, "text/html", about="Birch") is RESEARCH
    assert determined(MARKED, "text/html", about="Cedar") is UNCLEAR


def test_lines_set_out_with_dashes_are_of_one_dataset_each() -> None:
    html = page(
        "<h1>Archive</h1><p>Alder - songs of two valleys. - CC BY 4.0<br>"
        "Birch - speech, read aloud. - research only<br>Cedar - bells. - all rights reserved</p>"
    )
    assert determined(html, "text/html", about="Alder") is COMMERCIAL
    assert determined(html, "text/html", about="Birch") is RESEARCH
    assert determined(html, "text/html", about="Cedar") is UNCLEAR


def test_a_name_that_goes_on_is_another_datasets() -> None:
    text = "## Alder-HQ\n\nUnder CC BY-NC 4.0.\n\n## Alder\n\nUnder CC0.\n"
    assert read(text, about="Alder").licenses == ("CC0-1.0",)


def test_a_page_that_never_says_the_name_says_so() -> None:
    reading = read(ITEMS, about="Maple")
    assert reading.reasons == ("the text does not speak of 'Maple'",)
    assert reading.suspect is None


def test_a_watch_about_a_name_that_is_gone_is_suspect() -> None:
    reading = reader().read_text(ITEMS, "text/markdown", watch(about="Maple"))
    assert reading.suspect == "the text does not speak of 'Maple'"


@pytest.mark.parametrize(
    "written", ["free-music archive", "Free Music Archive (FMA)", "FMA", "the Free Music Archive dataset"]
)
def test_a_name_is_known_by_its_forms(written: str) -> None:
    page_text = "the free music archive (fma) holds songs"
    assert name_of(written, page_text).within(page_text, 0, len(page_text))


@pytest.mark.parametrize(
    ("title", "rank"),
    [("alder", 0), ("the alder dataset", 0), ("alder songs", 1), ("more on alder", 2), ("birch", None)],
)
def test_titles_fit_a_name_more_or_less(title: str, rank: int | None) -> None:
    assert name_of("Alder", "").rank(title) == rank


@pytest.mark.parametrize(
    "found",
    [watch(heading="Birch"), watch(anchor="birch"), watch(select="section:nth-of-type(2)")],
)
def test_the_locators_of_a_watch_cut_the_same_part(found: object) -> None:
    html = page(
        "<section><h2>Alder</h2><p>CC0</p></section><section id='birch'><h2>Birch</h2><p>CC BY-NC 4.0</p></section>"
    )
    assert reader().read_text(html, "text/html", found).licenses == ("CC-BY-NC-4.0",)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (watch(heading="Maple"), "locator without match: heading 'Maple'"),
        (watch(anchor="maple"), "locator without match: anchor 'maple'"),
        (watch(select="#maple"), "locator without match: select '#maple'"),
    ],
)
def test_a_locator_that_matches_nothing_makes_the_reading_suspect(found: object, reason: str) -> None:
    assert reader().read_text(SECTIONS, "text/html", found).suspect == reason  # type: ignore[arg-type]


def test_statements_scoped_to_other_words_than_the_watchs_do_not_count() -> None:
    text = "The core data is licensed under CC0. The supplementary data is licensed under CC BY-NC-SA 3.0."
    assert reader().read_text(text, "text/plain", watch(scope="core data")).licenses == ("CC0-1.0",)
    assert reader().read_text(text, "text/plain", watch(scope="supplementary data")).licenses == ("CC-BY-NC-SA-3.0",)


MORE = "<h2>Alder</h2><p>Songs. License: CC BY 4.0</p><h2>Birch</h2><p>Speech. {}</p><h2>Cedar</h2><p>Bells.</p>"


@pytest.mark.parametrize(
    "said", ["License: same as Alder.", "License: as above.", "Licensed under the same terms as Alder."]
)
def test_terms_that_are_said_to_be_anothers_are_read_there(said: str) -> None:
    assert read(page(MORE.format(said)), "text/html", about="Birch").licenses == ("CC-BY-4.0",)


@pytest.mark.parametrize(
    "said",
    ["Use the same split as Alder.", "It is recorded as Alder was.", "License: to be given, as above all laws demand."],
)
def test_likenings_of_other_things_than_terms_give_nothing(said: str) -> None:
    assert determined(page(MORE.format(said)), "text/html", about="Birch") is UNCLEAR


def test_references_in_a_circle_come_to_an_end() -> None:
    text = page("<h2>Alder</h2><p>License: same as Birch.</p><h2>Birch</h2><p>License: same as Alder.</p>")
    with no_hang():
        assert determined(text, "text/html", about="Alder") is UNCLEAR


@pytest.mark.parametrize(
    ("said", "alder", "birch"),
    [
        ("The former is under CC0, the latter is under CC BY-NC 4.0.", ("CC0-1.0",), ("CC-BY-NC-4.0",)),
        ("The first is under CC0. The second is under CC BY-NC 4.0.", ("CC0-1.0",), ("CC-BY-NC-4.0",)),
        ("The third is under CC0.", (), ()),
        ("The latter three are under CC0.", (), ()),
    ],
)
def test_ordinals_stand_for_the_names_they_count(said: str, alder: tuple[str, ...], birch: tuple[str, ...]) -> None:
    text = page(f"<p>There are two sets, Alder and Birch. {said}</p><p>More is said elsewhere.</p>")
    assert read(text, "text/html", about="Alder").licenses == alder
    assert read(text, "text/html", about="Birch").licenses == birch


def test_a_sign_of_private_use_in_a_page_stands_for_nothing() -> None:
    text = page(f"<p>{STAND_IN * 6} is under CC0.</p><p>Alder has songs. Birch has speech.</p>")
    assert determined(text, "text/html", about="Alder") is UNCLEAR


def test_what_is_said_of_all_others_is_not_said_of_one_with_terms_before() -> None:
    text = page(
        "<ul><li>Alder: songs</li><li>Birch: speech</li></ul>"
        "<p>Alder can be had on request and only by members. All other datasets are licensed under CC BY 4.0.</p>"
    )
    assert determined(text, "text/html", about="Alder") is UNCLEAR
    assert determined(text, "text/html", about="Birch") is COMMERCIAL


def test_the_whole_page_gets_nothing_from_what_is_said_of_all_others() -> None:
    text = page(
        "<h1>Alder</h1><p>The Alder dataset has songs.</p><p>All other datasets are licensed under CC BY 4.0.</p>"
    )
    assert determined(text, "text/html") is UNCLEAR


@pytest.mark.parametrize(
    "exception",
    ["except Birch and Cedar, which are CC BY-NC 4.0", "except for Birch and Cedar (CC BY-NC 4.0)"],
)
def test_those_that_are_left_out_get_what_is_said_of_them(exception: str) -> None:
    text = page(f"<p>There are Alder, Birch and Cedar.</p><p>License: CC BY 4.0 for all sets {exception}.</p>")
    assert determined(text, "text/html", about="Alder") is COMMERCIAL
    assert determined(text, "text/html", about="Birch") is not COMMERCIAL
    assert read(text, "text/html", about="Cedar").licenses == ("CC-BY-NC-4.0",)


def test_many_lists_likenings_and_ordinals_are_read() -> None:
    count = 2_000
    said = "".join(
        f"<p>The following datasets are under CC BY 4.0:</p><ul><li>Tune {i}</li></ul>" for i in range(count)
    )
    like = "".join(f"<p>The license is the same as Aune {i}.</p>" for i in range(count))
    other = "<p>Tune 1. Alder is for research.</p>" + "<p>The former is open. All other datasets are open.</p>" * count
    with no_hang():
        assert determined(page(said + like + other), "text/html", about="Tune 7") is COMMERCIAL

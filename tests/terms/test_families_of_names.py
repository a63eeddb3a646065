"""Pages of a family of datasets that call them by the ends of their names, by letters, icons or labels."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, no_hang, page, read

from domain.reading import PerItem
from domain.vocabulary import Determination, RightValue

INTRODUCED = "<p>Wader Songs holds 40 hours of song, Wader Talks ten hours of talk, and Wader Kids six of children.</p>"
LISTED = page(
    f"<h1>Questions</h1><h3>What is there?</h3>{INTRODUCED}<h3>Can we train a product on your data?</h3>"
    "<p>It depends on the collection:</p><ul><li>Songs: yes. The collection is published under CC BY 4.0.</li>"
    "<li>Talks: only after signing a commercial licence. The fee is 4,500 EUR.</li>"
    "<li>Kids: no. The parents consented to research at universities only.</li></ul>"
)
TOGETHER = page(
    f"<h1>Wader opens three collections</h1>{INTRODUCED}<p>The Songs and Talks collections are licensed under the MIT "
    "license. For the Kids collection other terms are in force: it may be used for research, but not commercially.</p>"
)
KEYED = page(
    "<h1>Holdings</h1><p>Column T gives the terms with a letter.</p><table><tr><th>Title</th><th>GB</th><th>T</th></tr>"
    "<tr><td>Alder</td><td>8</td><td>A</td></tr><tr><td>Birch</td><td>1</td><td>N</td></tr>"
    "<tr><td>Cedar</td><td>3</td><td>A</td></tr><tr><td>Dogwood</td><td>2</td><td>X</td></tr></table>"
    "<h3>Key to column T</h3><table><tr><td><b>A</b></td><td>CC BY 4.0</td></tr>"
    "<tr><td><b>N</b></td><td>CC BY-NC 4.0</td></tr><tr><td><b>X</b></td><td>no agreed terms, ask us</td></tr></table>"
)
ICONS = page(
    "<h1>Collections</h1><div><h3>Alder <img src='/by.png' alt='[by]'></h3><p>Forty hours of songs.</p></div>"
    "<div><h3>Birch <img src='/nc.png' alt='[by-nc]'></h3><p>Ten hours of bells.</p></div><h4>Icons</h4>"
    "<ul><li><img src='/by.png' alt='[by]'> CC BY 4.0: credit us</li>"
    "<li><img src='/nc.png' alt='[by-nc]'> CC BY-NC 4.0: credit us, no commercial use</li></ul>"
)
ACCESS = page(
    "<h1>Datasets</h1><div class='r'><h3>Alder tapping</h3><div>Access: open</div></div>"
    "<div class='r'><h3>Birch at rest</h3><div>Access: restricted</div></div>"
    "<div><h2>What does the access field mean?</h2><p><b>open</b>: published under the CC0 waiver.</p>"
    "<p><b>restricted</b>: for research by non-profit institutions only; commercial use is not possible.</p></div>"
)
SAME = page(
    "<h1>Questions</h1><p><b>May I train a commercial model?</b></p><p>On Alder-10, yes, the license is CC BY 4.0. The "
    "same goes for Alder-Forecast. On Alder-Raw, no: commercial entities are excluded by contract.</p>"
)
GLUED = page(
    "<h1>Catalog</h1><div class='c'><h3><a href='/1'>Alder Inspections</a><span class='t'>Dataset</span></h3>"
    "<dl><dt>License</dt><dd>CC0 1.0</dd></dl></div><div class='c'><h3><a href='/2'>Birch Permits</a>"
    "<span class='t'>Dataset</span></h3><dl><dt>License</dt><dd>--</dd></dl></div>"
)
NAMED_WITH_A_COLON = page(
    "<table><tr><td><a href='/a'>Replication Data for: Alder</a><br>Songs. <br>License: CC0 1.0</td></tr>"
    "<tr><td><a href='/b'>Birch Panel</a><br>Bells. <br>License: for non-commercial use only</td></tr></table>"
)


@pytest.mark.parametrize(
    ("text", "name", "licenses", "determination"),
    [
        (LISTED, "Wader Songs", ("CC-BY-4.0",), COMMERCIAL),
        (TOGETHER, "Wader Songs", ("MIT",), COMMERCIAL),
        (TOGETHER, "Wader Talks", ("MIT",), COMMERCIAL),
        (KEYED, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (KEYED, "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (KEYED, "Dogwood", (), UNCLEAR),
        (ICONS, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (ICONS, "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (ACCESS, "Alder tapping", ("CC0-1.0",), COMMERCIAL),
        (SAME, "Alder-10", ("CC-BY-4.0",), COMMERCIAL),
        (SAME, "Alder-Forecast", ("CC-BY-4.0",), COMMERCIAL),
        (GLUED, "Alder Inspections", ("CC0-1.0",), COMMERCIAL),
        (NAMED_WITH_A_COLON, "Replication Data for: Alder", ("CC0-1.0",), COMMERCIAL),
    ],
)
def test_a_dataset_gets_what_is_said_of_it_by_another_name(
    text: str, name: str, licenses: tuple[str, ...], determination: Determination
) -> None:
    assert read(text, "text/html", about=name).licenses == licenses
    assert determined(text, "text/html", about=name) is determination


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (LISTED, "Wader Talks"),
        (LISTED, "Wader Kids"),
        (TOGETHER, "Wader Kids"),
        (ACCESS, "Birch at rest"),
        (SAME, "Alder-Raw"),
        (GLUED, "Birch Permits"),
        (NAMED_WITH_A_COLON, "Birch Panel"),
    ],
)
def test_what_is_given_to_one_of_a_family_is_not_given_to_the_others(text: str, name: str) -> None:
    assert determined(text, "text/html", about=name) is not COMMERCIAL


def test_the_end_of_a_name_is_a_common_word_where_no_family_is_named() -> None:
    text = page(
        "<h1>Collections</h1><h2>Wader Songs</h2><p>Forty hours.</p><h2>Bells of Birch</h2><p>Ten hours.</p>"
        "<h2>Elsewhere</h2><p>The songs collections of others are under CC BY 4.0.</p>"
    )
    assert determined(text, "text/html", about="Wader Songs") is UNCLEAR


@pytest.mark.parametrize("told", ["unknown", "not specified", "--", "No license", "Not stated by the original authors"])
def test_a_cell_that_tells_no_license_is_an_answer_of_its_own(told: str) -> None:
    rows = (
        f"<tr><td>Alder</td><td>audio</td><td>{told}</td></tr><tr><td>Birch</td><td>audio</td><td>CC BY 4.0</td></tr>"
    )
    text = page(
        "<p>Unless otherwise noted, the data is under CC BY 4.0.</p>"
        f"<table><tr><th>Name</th><th>Kind</th><th>License</th></tr>{rows}</table>"
    )
    assert read(text, "text/html", about="Alder").per_item is PerItem.UNKNOWN
    assert determined(text, "text/html", about="Alder") is UNCLEAR
    assert determined(text, "text/html", about="Birch") is COMMERCIAL


def test_what_a_search_can_be_narrowed_by_is_nobodys_license() -> None:
    box = "<li><label><input type=checkbox> {} ({})</label></li>"
    facets = f"<ul>{box.format('cc-by-4.0', 140)}{box.format('cc0-1.0', 61)}</ul>"
    text = page(
        f"<h4>License</h4>{facets}<h1>Datasets</h1><table><tr><th>Name</th></tr><tr><td>Alder</td></tr></table>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL
    assert read(text, "text/html", about="Alder").licenses == ()


SIBLINGS = page(
    "<h1>marsh</h1><table><tr><th>set</th><th>data license</th></tr><tr><td>marsh-day</td><td>CC BY 4.0</td></tr>"
    "<tr><td>marsh-night</td><td>see below</td></tr></table><h2>Notes</h2><p>{said}</p>"
)


def test_a_ban_on_another_by_name_does_not_bind_this_one() -> None:
    text = SIBLINGS.format(said="The labels of marsh-night may be used for non-commercial research only.")
    assert determined(text, "text/html", about="marsh-day") is COMMERCIAL
    assert determined(text, "text/html", about="marsh-night") is not COMMERCIAL


def test_a_ban_on_the_labels_of_nobody_binds_each() -> None:
    text = SIBLINGS.format(said="The labels may be used for non-commercial research only.")
    assert determined(text, "text/html", about="marsh-day") is not COMMERCIAL


def test_that_each_keeps_its_own_terms_narrows_none_that_tells_them() -> None:
    text = SIBLINGS.format(said="All data sets come from third parties and keep their own terms.")
    assert determined(text, "text/html", about="marsh-day") is COMMERCIAL


def test_files_a_license_is_said_not_to_extend_to_have_none() -> None:
    text = page(
        "<h1>Record</h1><ol><li><code>calls.csv</code> - calls of birds.</li><li><code>photos.zip</code> - pictures by "
        "members. The licence of this record does not extend to them; copyright remains with those.</li></ol>"
        "<h3>Rights</h3><p>Creative Commons Attribution 4.0 International</p>"
    )
    assert determined(text, "text/html", about="calls.csv") is COMMERCIAL
    assert determined(text, "text/html", about="photos.zip") is not COMMERCIAL


def test_a_group_may_tell_its_terms_in_its_heading_and_of_these_below_it() -> None:
    text = page(
        "<h1>Images</h1><h2>Shelf A - free to use</h2><p>Use them for any purpose, including commercial purposes.</p>"
        "<ul><li>Alder plans</li></ul><h2>Shelf B - in copyright</h2><p>Schools may use these for teaching. All other "
        "uses need the permission of the owner.</p><ul><li>Birch posters</li></ul>"
    )
    assert determined(text, "text/html", about="Alder plans") is COMMERCIAL
    assert determined(text, "text/html", about="Birch posters") is not COMMERCIAL


def test_what_a_section_of_terms_denies_of_these_is_denied_to_all() -> None:
    text = page(
        "<h1>Data</h1><ul><li>Alder: songs, CC BY 4.0</li><li>Birch: bells</li></ul><h2>License of the recordings</h2>"
        "<p>These may not be used commercially.</p><ul><li>by ftp</li></ul>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL


def test_what_a_cell_of_remarks_grants_counts_for_its_row() -> None:
    text = page(
        "<table><tr><th>Holding</th><th>Remarks</th></tr><tr><td>Alder</td><td>mask 2. No restrictions on use of any "
        "sort</td></tr><tr><td>Birch</td><td>given to us on condition of non-commercial use</td></tr></table>"
    )
    assert determined(text, "text/html", about="Alder") is COMMERCIAL
    assert determined(text, "text/html", about="Birch") is not COMMERCIAL


def test_many_codes_families_and_labels_are_read() -> None:
    cells = ["".join(f"<td>{(row + n) % 3}</td>" for n in range(40)) for row in range(15)]
    rows = "".join(f"<tr>{letters}<td>Wader Songs</td></tr>" for letters in cells)
    bodies = (
        f"<table>{rows}</table>" * 30 + "<p>0 = CC BY, 1 = CC0, 2 = none</p>" * 1_500,
        "".join(f"<p>Wader Set{n} holds songs. The Songs and Kids collections. The songs?</p>" for n in range(2_000)),
        "".join(f"<p>Access: open{n}</p><p>open{n}: under CC0</p>" for n in range(2_000)),
        "<p>It is CC BY. The same goes for Wader Songs.</p>" * 2_000,
        "<h2>Wader</h2><p>The Wader Songs are here.</p>" * 2_000,
    )
    with no_hang(60):
        for body in bodies:
            read(page(f"<p>Wader Songs</p>{body}"), "text/html", about="Wader Songs")


BOXES = page(
    "<h2>Hand</h2><table class='infobox'><caption>Alder Atlas</caption><tr><th>Subjects</th><td>25</td></tr>"
    "<tr><th>License</th><td>CC BY 3.0</td></tr></table><h2>Gait</h2><table class='box'><caption>Birch Set</caption>"
    "<tr><th>Subjects</th><td>112</td></tr><tr><th>License</th><td>Research use only (DUA)</td></tr></table>"
)
NESTED = page(
    "<table><tr><td><table><tr><th colspan=2>ALDER-5</th></tr><tr><td><img src=v.jpg alt=leaf></td><td><table>"
    "<tr><td>What</td><td>leaf scans</td></tr><tr><td>Rights</td><td>Creative Commons Attribution 3.0</td></tr></table>"
    "</td></tr></table></td></tr><tr><td><table><tr><th colspan=2>BIRCH-RGBD</th></tr><tr><td><img src=o.jpg alt=tree>"
    "</td><td><table><tr><td>What</td><td>frames</td></tr><tr><td>Rights</td><td>only for academic research</td></tr>"
    "</table></td></tr></table></td></tr></table>"
)
PICTURES_BEFORE_NAMES = page(
    "<p>The following data are available by FTP.</p><p><img src=ball.gif alt='*'> <b>ALDER.DAT</b> <br> Vowels. This "
    "file is in the public domain.</p><p><img src=ball.gif alt='*'> <b>BIRCH-ROOM</b> <br> Sentences. It is not to be "
    "used commercially.</p><p><img src=ball.gif alt='*'> <b>CEDAR</b> <br> Digits.</p>"
)
COLOURED = page(
    "<h2>Catalogue</h2><h3>What do the dots mean?</h3><ul><li>🟢 CC BY 4.0</li><li>🔴 private use only, no commercial "
    "use</li></ul><h3>Cloth</h3><ul><li>🟢 <a href=/1>Alder Archive</a> drafts</li><li>🔴 <a href=/2>Birch Scans</a> "
    "scans</li></ul>"
)


@pytest.mark.parametrize(
    ("text", "alder", "birch"),
    [
        (BOXES, "Alder Atlas", "Birch Set"),
        (NESTED, "ALDER-5", "BIRCH-RGBD"),
        (PICTURES_BEFORE_NAMES, "ALDER.DAT", "BIRCH-ROOM"),
        (COLOURED, "Alder Archive", "Birch Scans"),
    ],
)
def test_a_box_a_paragraph_or_a_sign_gives_its_terms_to_what_it_names(text: str, alder: str, birch: str) -> None:
    assert read(text, "text/html", about=alder).rights.commercial_use.usable
    assert read(text, "text/html", about=birch).rights.commercial_use.value is RightValue.PROHIBITED


def test_a_license_that_was_left_is_none() -> None:
    said = "<li><b>Alder</b> 3.0: the licence has been changed from {} to {}.</li><li><b>Birch</b> 1.0: first.</li>"
    opened = page(f"<h1>Changelog</h1><ul>{said.format('CC BY-NC 4.0', 'CC BY 4.0')}</ul>")
    closed = page(f"<h1>Changelog</h1><ul>{said.format('CC BY 4.0', 'CC BY-NC 4.0')}</ul>")
    assert determined(opened, "text/html", about="Alder") is COMMERCIAL
    assert determined(closed, "text/html", about="Alder") is not COMMERCIAL


def test_the_license_of_a_server_that_is_asked_for_is_not_the_datas() -> None:
    text = page(
        "<h1>Questions</h1><p>The suite has Alder and Birch.</p><h3>What about Alder?</h3><p>Alder can be had once we "
        "have approved the request.</p><h3>Under which license is the evaluation server?</h3><p>Apache 2.0.</p>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL
    asked = text.replace("evaluation server", "data")
    assert "Apache-2.0" in read(asked, "text/html", about="Birch").licenses


@pytest.mark.parametrize(
    "said", ["For the terms see the record there.", "License: see readme", "Terms: in the archive"]
)
def test_terms_that_stand_elsewhere_are_not_those_of_all(said: str) -> None:
    text = page(
        "<div>All data published with us are released under CC0 1.0.</div><section class=r><h2>Alder</h2>"
        f"<p>Songs.</p></section><section class=r><h2>Birch</h2><p>Scripts and songs. {said}</p></section>"
    )
    assert determined(text, "text/html", about="Alder") is COMMERCIAL
    assert determined(text, "text/html", about="Birch") is UNCLEAR


@pytest.mark.parametrize(
    "own",
    [
        "Songs. Birch is under CC BY 4.0.",
        "Ask us first. By contrast, the Birch corpus is licensed under CC BY 4.0.",
        "Only at home; Birch is CC BY 4.0.",
    ],
)
def test_what_is_said_of_another_in_a_datasets_own_part_grants_it_nothing(own: str) -> None:
    sections = page(f"<h1>Data</h1><h2>Alder</h2><p>{own}</p><h2>Birch</h2><p>Bells.</p>")
    assert determined(sections, "text/html", about="Alder") is not COMMERCIAL
    asked = page(f"<h1>Questions</h1><h3>Can I use Alder?</h3><p>{own}</p><h3>And Birch?</h3><p>Yes.</p>")
    assert determined(asked, "text/html", about="Alder") is not COMMERCIAL


@pytest.mark.parametrize(
    "rule",
    [
        "The data (e.g. Birch-2) may be used for research only.",
        "Every commercial user must sign their own license agreement.",
        "The data sets have their own licenses and must never be sold.",
        "The recordings, such as Birch-2, may be used for research only.",
    ],
)
def test_an_example_or_an_own_agreement_of_users_leaves_a_ban_what_it_is(rule: str) -> None:
    text = page(
        "<h1>Data</h1><h2>Alder</h2><p>Songs, under CC BY 4.0.</p><h2>Birch-2</h2><p>Bells.</p>"
        f"<h2>Rules</h2><p>{rule}</p>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL


def test_the_data_of_another_in_the_next_sentence_is_the_others() -> None:
    text = page("<h1>Data</h1><p>Alder is free. You may use the data of Birch for any purpose.</p><p>Birch: bells.</p>")
    assert determined(text, "text/html", about="Alder") is UNCLEAR
    own = page(
        "<h1>Data</h1><p>Alder is a set of songs. You may use the files for any purpose.</p><p>Birch: bells.</p>"
    )
    assert determined(own, "text/html", about="Alder") is COMMERCIAL


def test_what_a_page_grants_is_not_granted_for_what_it_says_is_not_its_own() -> None:
    text = page(
        "<h1>Terms of use</h1><p>The maps are in the public domain. You may use the maps in any manner, for personal, "
        "educational, and commercial purposes.</p><h3>Layers that are not ours</h3><p>The page also points to "
        "the Alder mosaic.</p>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL
    assert determined(text.replace("not ours", "new"), "text/html", about="Alder") is COMMERCIAL


def test_a_frame_around_several_sections_is_not_the_first_ones() -> None:
    text = page(
        "<div><div id=a><p>Contact</p></div><div id=b><h2>Alder</h2><p>License: Apache 2.0</p><h2>Birch</h2>"
        "<p>License: CC BY-NC 4.0</p></div></div>"
    )
    assert read(text, "text/html", about="Alder").licenses == ("Apache-2.0",)


def test_a_long_definition_ends_where_the_next_short_one_begins() -> None:
    text = page(
        "<h1>Speech</h1><h2>Downloads</h2><dl><dt><b>Alder corpus</b> (6,241 submissions)<dd>Audio in two rates, with "
        "prompts and a README for each. "
        "All audio users sent is made available under the GPL, version 3. Copyright of each submission is assigned "
        "to the body that is named in its LICENSE file, which stands beside it.<p><dt><b>Birch tapes</b><dd>Tapes "
        "of a station that closed, for those who want to listen.</dl>"
    )
    assert determined(text, "text/html", about="Birch tapes") is not COMMERCIAL

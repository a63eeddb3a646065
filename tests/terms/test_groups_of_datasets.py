"""What a page says of some of its datasets at once, and of whom: groups, sheets, notes, typed lists."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, no_hang, page, read

from domain.vocabulary import Determination

HEADED = page(
    "<h1>Sound store</h1><h2>Shelf one</h2><p>Creative Commons Attribution 4.0 (CC BY 4.0)</p>"
    "<h3>Alder</h3><p>Songs.</p><h3>Birch</h3><p>Bells.</p>"
    "<h2>Shelf two</h2><p>Use these for teaching, not commercially.</p><ul><li>Cedar (40 reels)</li></ul>"
)
NESTED = page(
    "<h1>Tapes</h1><ul><li>Valley trip<ul><li>Terms for everything here: CC BY 4.0</li>"
    "<li>Recordings<ul><li>Alder: songs</li><li>Birch: bells</li></ul></li></ul></li>"
    "<li>Coast trip<ul><li>Terms: CC BY-NC 4.0</li><li>Recordings<ul><li>Cedar: waves</li></ul></li></ul></li></ul>"
)
SHEETS = page(
    "<h1>Records</h1>"
    "<table><tr><td>dct:title</td><td>Alder</td></tr><tr><td>dct:publisher</td><td>A choir</td></tr>"
    "<tr><td>dct:license</td><td>CC BY 4.0</td></tr></table>"
    "<table><tr><td>dct:title</td><td>Birch</td></tr><tr><td>dct:license</td><td>CC BY-NC 4.0</td></tr></table>"
)
ABOVE = page(
    "<h1>Data</h1><h2>Songs</h2><h3>Alder</h3><p>From 1990.</p><h3>Birch</h3><p>From 1991.</p>"
    "<p>The two data sets above are licensed under CC BY 4.0.</p><h2>Bells</h2><h3>Cedar</h3><p>From 1992.</p>"
)
MARKED = page(
    "<h1>Data</h1><p>Sets without a star are released under CC BY 4.0.</p>"
    "<table><tr><th>Set</th><th>Hours</th></tr><tr><td>Alder</td><td>4</td></tr>"
    "<tr><td>Birch *</td><td>5</td></tr></table>"
    "<p>* Lent by a label. Under that loan the recordings are for research only, no commercial use.</p>"
)
TYPED = page(
    "<h1>[list] Three sets of songs</h1><pre>\nDear all, we are glad to say that two sets of songs\n"
    "can be fetched as of today from the usual place.\n\n* Alder\n  40 hours of songs from the valley, sung by\n"
    "  two choirs. Distributed under CC BY 4.0.\n\n* Birch\n  Sung by children in three schools. Because of our\n"
    "  promise to the schools it is for academic research\n  only and not for commercial use.\n</pre>"
)
ROWS_WITH_LETTERS = page(
    "<ul>"
    + "".join(
        f"<li class='row'><div>{name[0]}</div><div><a href='/{name}'>{name}</a></div><div>Songs and bells</div>"
        f"<div><span>41 likes</span><span>{license}</span></div></li>"
        for name, license in (("alder", "CC BY 4.0"), ("birch", "CC BY-NC 4.0"))
    )
    + "</ul>"
)
NEWS = page(
    "<h1>News</h1><p>9 May: Alder is now distributed under CC BY 4.0.</p>"
    "<p>8 May: Birch stays under CC BY-NC 4.0.</p><p>1 May: we met in the hills.</p>"
)
IN_TURN = page(
    "<p>We keep Alder, Birch and Cedar.</p>"
    "<p>Alder, Birch and Cedar are under the Apache License 2.0, CC BY-NC 4.0 and CC0 1.0, respectively.</p>"
)
ANSWERED = page(
    "<h1>Frequently asked questions</h1><h3>May I sell what I make?</h3>"
    "<p>With Alder, yes, the license is CC BY 4.0. With Birch, no: it is for academic research only.</p>"
)


PRICED = page(
    "<h1>Catalogue</h1><table><tr><th rowspan='2'>Resource</th><th colspan='2'>Research use</th>"
    "<th colspan='2'>Commercial use</th></tr><tr><th>Member</th><th>Other</th><th>Member</th><th>Other</th></tr>"
    "<tr><td>Alder</td><td>100</td><td>200</td><td>6,000</td><td>9,500</td></tr>"
    "<tr><td>Birch</td><td>100</td><td>200</td><td>not available</td><td>not available</td></tr></table>"
)
TICKED = page(
    "<h1>Which one</h1><table><tr><th></th><th>Alder</th><th>Birch</th><th>Cedar</th></tr>"
    "<tr><th>Hours</th><td>4</td><td>5</td><td>6</td></tr>"
    "<tr><th>Commercial use</th><td>✗</td><td>yes</td><td>after written consent</td></tr></table>"
)
LABELED = page(
    "<h1>Collections</h1><table><tr><th>Collection</th><th>License</th></tr><tr><td>Alder</td><td>CC BY 4.0</td></tr>"
    "<tr><td>Birch</td><td>Restricted (see below)</td></tr></table><h2>Restricted license</h2>"
    "<p>These collections may be used for non-commercial research only.</p>"
)


@pytest.mark.parametrize(
    ("text", "name", "licenses", "determination"),
    [
        (HEADED, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (HEADED, "Birch", ("CC-BY-4.0",), COMMERCIAL),
        (HEADED, "Cedar", (), RESEARCH),
        (NESTED, "Birch", ("CC-BY-4.0",), COMMERCIAL),
        (NESTED, "Cedar", ("CC-BY-NC-4.0",), RESEARCH),
        (SHEETS, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (SHEETS, "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (ABOVE, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (ABOVE, "Cedar", (), UNCLEAR),
        (MARKED, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (MARKED, "Birch", (), RESEARCH),
        (TYPED, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (TYPED, "Birch", (), RESEARCH),
        (ROWS_WITH_LETTERS, "alder", ("CC-BY-4.0",), COMMERCIAL),
        (ROWS_WITH_LETTERS, "birch", ("CC-BY-NC-4.0",), RESEARCH),
        (NEWS, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (NEWS, "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (IN_TURN, "Alder", ("Apache-2.0",), COMMERCIAL),
        (IN_TURN, "Birch", ("CC-BY-NC-4.0",), RESEARCH),
        (IN_TURN, "Cedar", ("CC0-1.0",), COMMERCIAL),
        (ANSWERED, "Alder", ("CC-BY-4.0",), COMMERCIAL),
        (ANSWERED, "Birch", (), RESEARCH),
    ],
)
def test_a_member_of_a_group_gets_what_is_said_of_the_group(
    text: str, name: str, licenses: tuple[str, ...], determination: Determination
) -> None:
    assert read(text, "text/html", about=name).licenses == licenses
    assert determined(text, "text/html", about=name) is determination


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (PRICED, "Alder", "conditional"),
        (PRICED, "Birch", "prohibited"),
        (TICKED, "Alder", "prohibited"),
        (TICKED, "Birch", "permitted"),
        (TICKED, "Cedar", "conditional"),
    ],
)
def test_columns_and_rows_of_commercial_use_say_for_each_dataset_whether_trade_may(
    text: str, name: str, value: str
) -> None:
    assert read(text, "text/html", about=name).rights.commercial_use.value.value == value
    # A tick is no license to train.
    assert determined(text, "text/html", about=name) is not COMMERCIAL


def test_the_terms_of_a_label_are_those_of_the_rows_that_bear_it() -> None:
    assert determined(LABELED, "text/html", about="Alder") is COMMERCIAL
    assert determined(LABELED, "text/html", about="Birch") is not COMMERCIAL
    bare = LABELED.replace("CC BY 4.0", "CC BY 4.0, restricted")
    assert determined(bare, "text/html", about="Alder") is not COMMERCIAL


def test_an_item_with_a_license_of_its_own_keeps_it_under_that_of_the_group() -> None:
    text = HEADED.replace("<p>Bells.</p>", "<p>Bells, licensed under CC BY-NC 4.0.</p>")
    assert determined(text, "text/html", about="Birch") is RESEARCH
    assert determined(text, "text/html", about="Alder") is COMMERCIAL


def test_what_a_group_is_denied_is_denied_to_a_member_with_an_open_license() -> None:
    text = HEADED.replace("(40 reels)", "(40 reels), CC BY 4.0")
    assert determined(text, "text/html", about="Cedar") is not COMMERCIAL


def test_what_a_section_of_nobody_forbids_binds_all_sections() -> None:
    text = page(
        "<h1>Data</h1><h2>Alder</h2><p>Songs, licensed under CC BY 4.0.</p><h2>Access</h2>"
        "<p>These may not be used commercially.</p><ul><li>by ftp</li></ul>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL


def test_a_ban_on_the_data_binds_although_another_dataset_is_listed_below_it() -> None:
    text = page(
        "<h1>Data</h1><ul><li>Alder: songs, CC BY 4.0</li><li>Birch: bells</li></ul><h2>Rules</h2>"
        "<p>The data may not be used for commercial purposes.</p><ul><li>Birch: ask for the form</li></ul>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL


def test_a_ban_on_the_dataset_by_name_binds_in_whatever_sentence() -> None:
    text = page(
        "<h1>Data</h1><h2>Use</h2><p>All our data is published under CC BY 4.0.</p>"
        "<p>For Alder the labels agreed to the publication, on the condition that it is not used "
        "for commercial purposes.</p>"
        "<p>Birch has bells.</p>"
    )
    assert determined(text, "text/html", about="Alder") is not COMMERCIAL
    assert determined(text, "text/html", about="Birch") is COMMERCIAL


@pytest.mark.parametrize(
    "section",
    [
        "## Licence of the plotting code\n\nMIT",
        "## License of annotation tools\n\nEUPL-1.2",
        "## License of the scripts\n\nMIT",
    ],
)
def test_the_license_of_what_works_with_the_songs_is_not_theirs(section: str) -> None:
    assert determined(f"# Alder\n\nHammer strokes from 14 smithies, to be had soon.\n\n{section}\n") is UNCLEAR


def test_a_limit_that_nobody_weighed_is_no_grant_for_a_ban_to_contradict() -> None:
    text = "# Alder\n\n## License\n\nCC BY-NC 4.0\n\nThe choirs insist on seeing any plan first.\n"
    reading = read(text)
    assert reading.rights.commercial_use.value.value == "prohibited"
    assert not reading.contradictions
    granted = read(text.replace("BY-NC", "BY"))
    assert granted.rights.commercial_use.value.value == "conditional"


def test_code_and_tables_that_are_shown_as_typed_stay_code() -> None:
    code = "\n".join(f"x{i} = load('alder', license='cc-by-4.0');  // fetch it" for i in range(30))
    assert (
        determined(
            page(f"<h1>Alder</h1><p>{'The songs were sung in a valley. ' * 90}</p><pre>{code}</pre>"), "text/html"
        )
        is UNCLEAR
    )


def test_a_link_in_prose_shown_as_typed_is_read() -> None:
    prose = TYPED.replace("CC BY 4.0", "<a href='https://creativecommons.org/licenses/by/4.0/'>this license</a>")
    assert read(prose, "text/html", about="Alder").licenses == ("CC-BY-4.0",)


def test_many_groups_labels_and_typed_links_are_read() -> None:
    count = 2_000
    listed = "".join(f"<li>Terms: CC BY 4.0 of part {i}</li><li>Alder {i}: songs</li>" for i in range(count))
    told = "<h2>Restricted access</h2>" + "<p>The data are songs, restricted to these rows.</p>" * count
    linked = "".join(f"The songs of <a href='/{i}'>valley {i}</a> are for all of us\n\n" for i in range(count))
    with no_hang(30):
        text = page(f"<h1>Data</h1><ul><li>Trip<ul>{listed}</ul></li></ul>{told}<pre>{linked}</pre>")
        assert determined(text, "text/html", about="Alder") is UNCLEAR

"""What a person sees of a page reaches the text; what only machines see is kept apart."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, page, read

from domain.reading import FindingKind, Subject
from terms.document import BlockKind
from terms.html import extract_html

LONG = "<p>Forty hours of field recordings with annotations by five listeners, collected over two winters.</p>"


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>CC BY 4.0</nav>",
        "<footer>Site content is CC BY 4.0</footer>",
        '<div class="cookie-banner">CC BY 4.0</div>',
        '<div class="sidebar">Related: CC BY 4.0</div>',
        "<aside>Similar datasets: CC BY 4.0</aside>",
        "<script>var license = 'CC BY 4.0';</script>",
        '<p style="display:none">License: CC BY 4.0</p>',
        "<p hidden>License: CC BY 4.0</p>",
        "<template>License: CC BY 4.0</template>",
        "<textarea>License: CC BY 4.0</textarea>",
        "<p><del>License: CC BY 4.0</del></p>",
        '<div role="contentinfo">CC BY 4.0</div>',
    ],
)
def test_furniture_and_hidden_text_are_no_statements(furniture: str) -> None:
    html = f"<html><body>{LONG * 3}{furniture}</body></html>"
    assert "CC BY" not in extract_html(html).text
    assert determined(html, "text/html") is UNCLEAR


def test_text_hidden_by_the_pages_own_style_sheet_is_no_statement() -> None:
    html = page(f"{LONG}<p class='x'>License: CC BY 4.0</p>", "<style>.x { display: none }</style>")
    assert determined(html, "text/html") is UNCLEAR


def test_text_hidden_only_on_paper_is_a_statement() -> None:
    html = page(f"{LONG}<p class='x'>License: CC BY 4.0</p>", "<style>@media print { .x { display: none } }</style>")
    assert determined(html, "text/html") is COMMERCIAL


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<link rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">', ""),
        ('<meta name="dcterms.rights" content="CC BY-NC 4.0">', ""),
        (
            '<script type="application/ld+json">{"@type": "Dataset", "license": "https://creativecommons.org/licenses/by-nc/4.0/"}'
            "</script>",
            "",
        ),
        ("", '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/"><img src="x.png"></a>'),
        ("", '<p><img src="https://licensebuttons.net/l/by-nc/4.0/88x31.png"></p>'),
        ("", '<span itemprop="license">CC BY-NC 4.0</span>'),
    ],
)
def test_a_license_only_machines_see_is_found(head: str, body: str) -> None:
    assert read(page(LONG + body, head), "text/html").licenses == ("CC-BY-NC-4.0",)


def test_the_license_of_the_website_in_json_ld_is_not_the_data() -> None:
    data = '{"@type": "WebSite", "license": "https://creativecommons.org/licenses/by/4.0/"}'
    head = f'<script type="application/ld+json">{data}</script>'
    reading = read(page(LONG, head), "text/html")
    assert reading.licenses == ()
    assert [f.scope.subject for f in reading.findings] == [Subject.WEBSITE]


def test_what_is_only_commented_out_narrows_and_never_permits() -> None:
    assert determined(page(LONG + "<!-- License: CC BY 4.0 -->"), "text/html") is UNCLEAR
    html = page(LONG + "<p>The data is CC BY 4.0.</p><!-- the audio is for non-commercial use only -->")
    assert determined(html, "text/html") is RESEARCH


def test_a_link_that_goes_elsewhere_than_its_words_say_is_a_contradiction_and_the_narrower_counts() -> None:
    html = page(
        f'{LONG}<p>Licensed under <a href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-NC-SA 4.0</a>.</p>'
    )
    reading = read(html, "text/html")
    assert reading.licenses == ("CC-BY-NC-SA-4.0",)
    assert "CC-BY-SA-4.0" in reading.contradictions[0].wider


def test_every_kind_of_block_keeps_its_place() -> None:
    html = page(
        "<h2 id='lic'>License</h2><p>One.</p><ul><li>Two<ul><li>Three</li></ul></li></ul>"
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<pre>code</pre><dl><dt>License</dt><dd>MIT</dd></dl>"
    )
    document = extract_html(html)
    kinds = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert kinds == [
        (BlockKind.HEADING, "License"),
        (BlockKind.TEXT, "One."),
        (BlockKind.ITEM, "Two"),
        (BlockKind.ITEM, "Three"),
        (BlockKind.ROW, "A | B"),
        (BlockKind.ROW, "1 | 2"),
        (BlockKind.CODE, "code"),
        (BlockKind.TEXT, "License: MIT"),
    ]
    assert document.blocks[0].anchors == ("lic",)


def test_cells_that_span_rows_and_columns_stand_in_each_of_them() -> None:
    html = page(
        "<table><tr><th>Set</th><th>License</th></tr><tr><td>A</td><td rowspan=2>CC0</td></tr><tr><td>B</td></tr>"
        "<tr><td colspan=2>C</td></tr></table>"
    )
    document = extract_html(html)
    cells = {(cell.row, cell.column): document.text[cell.start : cell.end] for cell in document.tables[0].cells}
    assert cells[1, 1] == cells[2, 1] == "CC0"
    assert cells[3, 0] == cells[3, 1] == "C"


def test_a_page_that_only_scripts_can_fill_is_suspect() -> None:
    shell = "<html><body><div id=root></div>" + "<script src=a.js></script>" * 40 + "</body></html>"
    assert read(shell, "text/html").suspect == "needs JavaScript to show its text"


def test_the_rights_of_a_record_in_its_side_box_count() -> None:
    html = page(
        LONG
        + '<aside class="sidebar"><h2>Rights</h2>'
        + '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a></aside>'
    )
    assert read(html, "text/html").licenses == ("CC-BY-4.0",)


def test_links_are_kept_as_links() -> None:
    document = extract_html(page('<p>See <a href="https://example.org/x">the terms</a>.</p>'))
    (link,) = document.links
    assert (document.text[link.start : link.end], link.href) == ("the terms", "https://example.org/x")


def test_a_machine_readable_finding_carries_the_raw_value() -> None:
    reading = read(
        page(LONG, '<link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">'), "text/html"
    )
    (finding,) = reading.findings
    assert finding.kind is FindingKind.MACHINE_READABLE
    assert finding.start == finding.end
    assert finding.quote == "https://creativecommons.org/publicdomain/zero/1.0/"


OPENED = "<div id='x' class='{}'><div class='modal-dialog'><h2>Terms</h2><p>CC BY 4.0</p></div></div>"


@pytest.mark.parametrize(
    "control",
    [
        "<button data-target='#x'>Terms</button>",
        "<a href='#x'>Terms</a>",
        "<span onclick=\"show('x')\">Terms</span>",
    ],
)
def test_a_box_that_a_control_opens_is_read_once_where_the_control_stands(control: str) -> None:
    text = extract_html(page(f"<h1>Sets</h1><p>Alder {control}</p><p>Birch</p>{OPENED.format('modal')}")).text
    assert text.count("CC BY 4.0") == 1
    assert text.index("Alder") < text.index("CC BY 4.0") < text.index("Birch")


def test_a_box_is_read_in_the_table_cell_of_its_control() -> None:
    row = "<tr><td>Alder</td><td><button data-target='#x'>Terms</button></td></tr><tr><td>Birch</td><td></td></tr>"
    html = page(f"<table><tr><th>Set</th><th>License</th></tr>{row}</table>{OPENED.format('modal')}")
    assert read(html, "text/html", about="Alder").licenses == ("CC-BY-4.0",)
    assert determined(html, "text/html", about="Birch") is UNCLEAR


@pytest.mark.parametrize("names", ["modal cookie-consent", "login-modal", "site-menu", "sidebar"])
def test_boxes_of_the_site_are_not_read_even_where_they_open(names: str) -> None:
    html = page(f"{LONG * 3}<p><a href='#x' data-target='#x'>More</a></p>{OPENED.format(names)}")
    assert "CC BY" not in extract_html(html).text


def test_a_box_that_nothing_opens_is_not_read() -> None:
    assert "CC BY" not in extract_html(page(LONG * 3 + OPENED.format("modal"))).text


def test_boxes_that_open_each_other_come_to_an_end() -> None:
    boxes = "".join(f"<div id='b{i}' class='modal'><a data-target='#b{1 - i}'>more</a></div>" for i in (0, 1))
    assert "more" in extract_html(page(f"{LONG}<a data-target='#b0'>open</a>{boxes}")).text


def test_a_tab_for_terms_speaks_of_the_whole_page() -> None:
    tabs = "<ul class='nav'><li><a data-toggle='tab' href='#d'>About</a></li><li><a href='#l'>License</a></li></ul>"
    told = "<div id='d' class='tab-pane'><p>Alder: songs, CC BY 4.0.</p></div>"
    terms = "<div id='l' class='tab-pane'><p>All data is for non-commercial use only.</p></div>"
    assert determined(page(tabs + told + terms), "text/html", about="Alder") is not COMMERCIAL


def test_a_title_in_a_banner_above_the_main_text_is_read() -> None:
    html = "<html><body><header><h1>Alder</h1></header><main><h2>License</h2><p>CC BY 4.0</p></main></body></html>"
    assert determined(html, "text/html", about="Alder") is COMMERCIAL


def test_a_bold_line_between_line_breaks_is_a_title() -> None:
    blocks = extract_html(page("<p>Sets<br><b>2.1 Alder</b><br>Songs.<br><b>2.2 Birch</b><br>Speech.</p>")).blocks
    assert [block.kind for block in blocks].count(BlockKind.HEADING) == 2

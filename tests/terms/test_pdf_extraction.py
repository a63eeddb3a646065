"""A PDF is read whole or not at all: paragraphs, headings, items and links, and one reason otherwise."""

from __future__ import annotations

import re
import zlib

import pytest
from pdf_making import SIZE, line, paragraphs, pdf
from terms_reading import no_hang, reader, watch

from domain.reading import Reading
from domain.vocabulary import ChangeClass, RightValue
from terms.compare import compare
from terms.document import BlockKind
from terms.pdf import MAX_PAGES, extract_pdf

ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O ({32 * 'a'}) /U ({32 * 'a'}) /P -4 >>"
GRANT = "The dataset is licensed under a Creative\nCommons Attribution 4.0 International License."
PICTURE = "q 600 0 0 780 0 0 cm /Im0 Do Q"


def read(body: bytes, media_type: str | None = "application/pdf") -> Reading:
    return reader().read_bytes(body, media_type, None, "https://example.org/terms.pdf")


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("media_type", ["application/pdf", "application/octet-stream", "text/html", None])
def test_a_pdf_is_read_whatever_it_is_called(compress: bool, media_type: str | None) -> None:
    reading = read(pdf(paragraphs(GRANT), compress=compress), media_type)
    assert (reading.suspect, reading.licenses) == (None, ("CC-BY-4.0",))


def test_every_quote_is_the_text_between_its_offsets() -> None:
    reading = read(pdf(paragraphs(GRANT, "You may not redistribute\nthe recordings.")))
    assert len(reading.findings) >= 2
    for finding in reading.findings:
        assert reading.text[finding.start : finding.end] == finding.quote
    assert not reading.rights.redistribute.usable


def test_lines_join_to_paragraphs_and_gaps_part_them() -> None:
    document = extract_pdf(pdf(paragraphs("One line\nand its end.", "Another\nparagraph.")))
    assert document.text == "One line and its end.\nAnother paragraph."


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ("for com-\nmercial use", "for commercial use"),
        ("for non-\ncommercial use", "for non-commercial use"),
        ("under CC BY-\nNC 4.0", "under CC BY-NC 4.0"),
        ("tagged cc-by-\nnc-4.0", "tagged cc-by-nc-4.0"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_whole(lines: str, joined: str) -> None:
    assert extract_pdf(pdf(paragraphs(lines))).text == joined


def test_large_and_bold_lines_are_headings_unless_they_say_something() -> None:
    page = "\n".join(
        [
            line("Example Corpus", 740, size=2 * SIZE),
            line("The corpus holds speech of forty people in two valleys.", 700),
            line("License", 670, font="F2"),
            line("CC BY 4.0", 650),
            line("NO COMMERCIAL USE IS PERMITTED", 600, size=2 * SIZE, font="F2"),
        ]
    )
    document = extract_pdf(pdf(page))
    kinds = {document.text[block.start : block.end]: block.kind for block in document.blocks}
    assert kinds["Example Corpus"] is kinds["License"] is BlockKind.HEADING
    assert kinds["NO COMMERCIAL USE IS PERMITTED"] is BlockKind.TEXT
    assert read(pdf(page)).rights.commercial_use.value is not RightValue.PERMITTED


def test_a_heading_locates_a_part() -> None:
    page = "\n".join(
        [
            line("Code", 740, size=2 * SIZE),
            line("The data loader is under the MIT License.", 700),
            line("Recordings", 660, size=2 * SIZE),
            line("The recordings are licensed under CC BY-NC 4.0.", 620),
        ]
    )
    reading = reader().read_bytes(pdf(page), "application/pdf", None, None, watch(heading="Recordings"))
    assert reading.licenses == ("CC-BY-NC-4.0",)


def test_a_sentence_goes_on_over_pages_and_their_running_lines() -> None:
    pages = [
        "\n".join([line("Terms of the Example Corpus", 770), line(words, 700), line(f"Page {number} of 3", 30)])
        for number, words in enumerate(
            ("You may not use the data for", "commercial purposes of any kind.", "Thanks."), 1
        )
    ]
    document = extract_pdf(pdf(*pages))
    assert document.text.count("Terms of the Example Corpus") == 1
    assert "for commercial purposes" in document.text
    assert "Page" not in document.text


def test_a_link_stands_on_its_words() -> None:
    words = line("The data may be used under this license, as it says.", 700)
    reading = read(pdf(words, links=[("https://creativecommons.org/licenses/by-nc/4.0/", 220, 697, 285, 711)]))
    found = next(finding for finding in reading.findings if finding.license == "CC-BY-NC-4.0")
    assert "license" in found.quote
    assert "under" in reading.text[: found.start] + found.quote


def test_a_link_without_words_permits_nothing_and_may_restrict() -> None:
    words = line("The data is on this page.", 700)

    def linked(license_name: str) -> Reading:
        address = f"https://creativecommons.org/licenses/{license_name}/4.0/"
        return read(pdf(words, links=[(address, 72, 300, 160, 330)]))

    assert not linked("by").rights.commercial_use.usable
    assert linked("by-nc").rights.commercial_use.value is RightValue.PROHIBITED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (pdf(""), "a PDF without text"),
        (pdf(PICTURE), "a scan: page 1 of the PDF is a picture"),
        (pdf(paragraphs(GRANT), PICTURE), "a scan: page 2 of the PDF is a picture"),
        (pdf(paragraphs(GRANT), "100 100 m 200 200 l S"), "a scan: page 2 of the PDF is a picture"),
        (pdf(paragraphs("Downloaded from a library") + PICTURE), "a scan: page 1 of the PDF is a picture"),
        (pdf("3 Tr " + paragraphs(GRANT) + PICTURE), "a scan: page 1 of the PDF is a picture"),
        (
            pdf(paragraphs(GRANT), trailer=ENCRYPTED),
            "an encrypted PDF",
        ),
        (pdf(paragraphs(GRANT), root="/AcroForm << /XFA (x) >>"), "a PDF that only some viewers can show (XFA)"),
        (pdf(paragraphs(GRANT), root="/Collection << >>"), "a PDF that only wraps other files"),
        (pdf(*[paragraphs(GRANT)] * (MAX_PAGES + 1)), f"a PDF of more than {MAX_PAGES} pages"),
        (pdf(line(GRANT, 700, font="F9")), "a PDF whose letters cannot be told"),
    ],
)  # fmt: skip
def test_what_is_not_text_as_a_whole_gives_its_reason_and_no_license(body: bytes, reason: str) -> None:
    reading = read(body)
    assert (reading.suspect, reading.licenses) == (f"not read: {reason}", ())
    assert not reading.rights.speaks


@pytest.mark.parametrize("keep", [20, 300, -40, -400])
def test_a_pdf_that_was_cut_off_is_damaged(keep: int) -> None:
    reading = read(pdf(paragraphs(GRANT))[:keep])
    assert re.fullmatch(r"not read: a damaged PDF \([^\n]{1,130}\)", reading.suspect or "")


@pytest.mark.parametrize("damage_at", [40, 106])
def test_a_damaged_stream_is_not_read_in_part(damage_at: int) -> None:
    body = pdf(paragraphs(*[GRANT] * 8, "No commercial use."), compress=True)
    stream = body.index(b"stream\n") + damage_at
    broken = body[:stream] + b"\xff\xff\xff\xff" + body[stream + 4 :]
    assert (read(broken).suspect or "").startswith("not read: a")
    assert read(broken).licenses == ()


def form(content: str, resources: str = "") -> str:
    return (
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << {resources} >> /Length {len(content)} >>\n"
        f"stream\n{content}\nendstream"
    )


def tree(*kids: str) -> bytes:
    """A PDF whose page tree goes down through `kids`, the objects from 100 on."""
    body = pdf(paragraphs(GRANT), objects=[f"<< /Type /Pages /Kids [{kid}] /Count 1 >>" for kid in kids])
    return body.replace(b"/Kids [10 0 R] /Count 1 >>", b"/Kids [100 0 R]/Count 1 >>", 1)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(pdf(" " * 100_000_000 + paragraphs(GRANT), compress=True), id="a stream that unpacks to 100 MB"),
        pytest.param(pdf("0 0 m\n" * 1_300_000 + paragraphs(GRANT), compress=True), id="operators without end"),
        pytest.param(pdf("q " * 200_000 + paragraphs(GRANT)), id="states without end"),
        pytest.param(
            pdf(
                "/X Do",
                resources="/XObject << /X 100 0 R >>",
                objects=[form("/X Do\n" * 10, f"/XObject << /X {number} 0 R >>") for number in range(101, 108)]
                + [form("/X Do")],
            ),
            id="forms in forms, ten million times",
        ),
        pytest.param(
            pdf("/X Do", resources="/XObject << /X 100 0 R >>", objects=[form("/X Do", "/XObject << /X 100 0 R >>")]),
            id="a form in itself",
        ),
        pytest.param(tree(*[f"{number} 0 R" for number in range(101, 1_100)], "10 0 R"), id="a tree a thousand deep"),
        pytest.param(tree("101 0 R", "100 0 R"), id="a tree that loops"),
        pytest.param(pdf(paragraphs(GRANT), root="/Q [" + "1 " * 2_000_000 + "]"), id="an array of two million"),
        pytest.param(pdf("[" * 100_000 + paragraphs(GRANT)), id="arrays in arrays"),
        pytest.param(pdf(paragraphs(GRANT), root="/Q " + "<< /a " * 50_000), id="dictionaries in dictionaries"),
        pytest.param(pdf(line("a b " * 1_900_000, 700), compress=True), id="a line of eight million letters"),
        pytest.param(pdf(paragraphs(GRANT), trailer="/Prev 10"), id="an older table that is none"),
        pytest.param(b"%PDF-1.7\n" + b"startxref\n9\n" * 500_000, id="tables without end"),
        pytest.param(b"%PDF-1.7\n" + b"1 0 obj << /Length 9 >> stream\n" * 100_000, id="objects without end"),
        pytest.param(b"%PDF-1.7\n" + zlib.compress(b"noise" * 99) * 9_000, id="noise"),
    ],
)  # fmt: skip
def test_a_pdf_built_to_stop_a_reader_gives_one_line(body: bytes) -> None:
    with no_hang():
        reading = read(body)
    assert re.fullmatch(r"not read: a [^\n]{3,200}", reading.suspect or "")
    assert not reading.rights.speaks


def test_another_producer_and_date_change_nothing() -> None:
    before = read(pdf(paragraphs(GRANT)))
    after = read(
        pdf(paragraphs(GRANT), info="/Producer (b 2.0) /ModDate (D:20270101000000Z) /Title (x)", compress=True)
    )
    assert compare(before, after).kind is ChangeClass.NONE


def test_another_license_is_a_change() -> None:
    before = read(pdf(paragraphs(GRANT)))
    after = read(pdf(paragraphs(GRANT.replace("Attribution", "Attribution-NonCommercial"))))
    assert compare(before, after).kind is ChangeClass.MATERIAL

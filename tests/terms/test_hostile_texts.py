"""Texts that are built to stop a reader get an answer or one clear reason."""

from __future__ import annotations

import io
import random
import re
import string
import zipfile

import pytest
from terms_reading import no_hang, reader

_RANDOM = random.Random(20261124)
_NOISE = "".join(_RANDOM.choices(string.printable, k=120_000))


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("LICENSE", "CC BY 4.0")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "media_type", "suspect"),
    [
        (b"", "text/html", None),
        (b"", "text/plain", None),
        (_RANDOM.randbytes(10_000_000), None, "not text: binary data"),
        (b"x" * 10_000_000, "text/plain", "not read: longer than 600,000 characters"),
        (b"x " * 2_500_000, "text/html", "not read: longer than 4,000,000 characters"),
        (_NOISE.encode(), "text/plain", None),
        (_NOISE.encode(), "text/markdown", None),
        (b"<div>" * 100_000 + b"CC BY", "text/html", "not read: tags nested deeper than 4000"),
        (b"<p>" * 8_000 + b"x", "text/html", None),
        (
            b"<a " + b" ".join(b'b%d="x"' % i for i in range(100_000)) + b">",
            "text/html",
            "not read: a tag with more than 2000 attributes",
        ),
        (
            b"<a " + b" ".join(b"b%d" % i for i in range(100_000)) + b">",
            "text/html",
            "not read: a tag with more than 2000 attributes",
        ),
        (b"[" * 100_000, "text/markdown", None),
        (b"<!--" * 30_000, "text/markdown", None),
        (b"|a" * 40_000, "text/markdown", None),
        (b"`a <" * 20_000, "text/x-rst", None),
        (b"<table>" + b"<tr><td rowspan=999 colspan=999>a</td></tr>" * 200 + b"</table>", "text/html", None),
        (b"[" * 60_000, "application/json", None),
        (b"\xff\xfe\xfa CC BY \xc3\x28" * 50, "text/plain", None),
        (_zip(), "application/zip", "not text: an archive, image or other binary file"),
    ],
)
def test_an_answer_or_one_reason_comes(body: bytes, media_type: str | None, suspect: str | None) -> None:
    with no_hang():
        reading = reader().read_bytes(body, media_type, None, None)
    assert reading.suspect == suspect
    assert not reading.rights.commercial_use.usable


def test_a_list_of_very_many_licenses_is_no_page_of_terms() -> None:
    reading = reader().read_text("cc by " * 41_000, "text/plain")
    assert reading.suspect == "not read: more than 8,000 mentions of licenses"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe" + "The data is licensed under CC BY 4.0. ".encode("utf-16-le") * 15_000,
        b"CC BY 4.0 or MIT. " * 9_500,
        b"<body><table>" + b"<tr><td><a href='https://opensource.org/licenses/MIT'>x</a></td></tr>" * 9_000,
    ],
)
def test_more_statements_than_terms_ever_make_are_not_read(body: bytes) -> None:
    with no_hang():
        reading = reader().read_bytes(body, None, None, None)
    assert re.fullmatch(r"not read: more than 8,000 (mentions of licenses|links)", reading.suspect or "")
    assert not reading.rights.speaks


def test_many_statements_within_one_another_take_the_scope_of_the_outermost() -> None:
    link = "<a href='https://creativecommons.org/licenses/by-nc/4.0/'>this CC BY-NC 4.0 license</a>"
    reading = reader().read_text(f"<p>For the recordings: {link}. " * 400 + "</p>", "text/html")
    layers = {finding.scope.layers for finding in reading.findings if finding.license == "CC-BY-NC-4.0"}
    assert len(reading.findings) == 800
    assert len(layers) == 1


def test_utf_16_with_a_mark_is_read_like_any_text() -> None:
    body = "The data is licensed under CC BY 4.0.".encode("utf-16")
    assert reader().read_bytes(body, "text/plain", None, None).licenses == ("CC-BY-4.0",)

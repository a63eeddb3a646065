"""A page that was cut on its way lacks the end it had before."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.probing import Snapshot
from domain.vocabulary import Origin
from probes.screening import screen

WORDS = "<p>The collection was typed in by hand from the covers of old records, one winter after another.</p>" * 30
WHOLE = f"<!doctype html><html><body><h1>Terms</h1>{WORDS}<p>The data is CC BY 4.0.</p></body></html>".encode()


def snapshot(body: bytes) -> Snapshot:
    return Snapshot(
        url="https://example.org/terms",
        final_url="https://example.org/terms",
        seen_at=datetime(2026, 3, 1, tzinfo=UTC),
        status=200,
        media_type="text/html",
        charset="utf-8",
        headers={},
        body=body,
        sha256="0" * 64,
        origin=Origin.DIRECT,
        method="http-get",
    )


def test_a_page_cut_between_two_tags_is_kept_aside() -> None:
    cut = WHOLE[: WHOLE.index(b"<p>The data is")]
    assert screen(snapshot(cut), len(WHOLE), lambda: WHOLE) == "truncated: it no longer ends as a document"


def test_a_page_that_never_closed_its_document_is_ordinary() -> None:
    open_end = WHOLE.replace(b"</body></html>", b"")
    assert screen(snapshot(open_end), len(open_end), lambda: open_end) is None
    assert screen(snapshot(open_end), None) is None


def test_the_body_before_is_not_fetched_where_the_end_is_there() -> None:
    def previous() -> bytes:
        raise AssertionError("not needed")

    assert screen(snapshot(WHOLE), len(WHOLE), previous) is None

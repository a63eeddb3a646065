"""Fifteen answers that are not the page. What they say varies; none of them speaks of the dataset's terms."""

from __future__ import annotations

from random import Random
from typing import assert_never

from bench.drift.answers import Answer
from bench.drift.model import Document, Media, OutageKind
from bench.drift.strangers import foreign, site_page, stranger

STALL_SECONDS = 20.0


def outage(kind: OutageKind, document: Document, site: str, rng: Random) -> Answer:
    """The answer instead of `document`; `site` is the name shown on it."""
    match kind:
        case OutageKind.NOT_FOUND_200:
            return _html(site_page(site, stranger(rng, "not_found", site)))
        case OutageKind.LOGIN_WALL:
            return _html(site_page(site, stranger(rng, "login_walls", site)))
        case OutageKind.CONSENT_WALL:
            return _html(site_page(site, stranger(rng, "consent_walls", site)))
        case OutageKind.CHALLENGE_200:
            return _html(stranger(rng, "challenges", site))
        case OutageKind.CHALLENGE_403:
            return _html(stranger(rng, "challenges", site), 403)
        case OutageKind.MAINTENANCE_200:
            return _html(site_page(site, stranger(rng, "maintenance", site)))
        case OutageKind.REDIRECT_HOME:
            return Answer(status=rng.choice((301, 302, 307)), headers={"Location": "/"})
        case OutageKind.PARKED:
            return _html(stranger(rng, "parked", site.lower().replace(" ", "-")))
        case OutageKind.EMPTY:
            return Answer(media_type=document.media, body=rng.choice((b"", b"\n", b"   \n\n")))
        case OutageKind.TRUNCATED:
            return _truncated(document, rng)
        case OutageKind.SHRUNKEN:
            return _shrunken(document)
        case OutageKind.OTHER_LANGUAGE:
            return _html(foreign(rng, site))
        case OutageKind.NEEDS_JAVASCRIPT:
            return _html(stranger(rng, "needs_javascript", site))
        case OutageKind.SERVER_ERROR:
            status = rng.choice((500, 502, 503))
            return _html(
                f"<html><head><title>{status}</title></head><body><h1>{status} Server Error</h1></body></html>", status
            )
        case OutageKind.TIMEOUT:
            return Answer(stall=STALL_SECONDS)
    assert_never(kind)


def _html(text: str, status: int = 200) -> Answer:
    return Answer(status=status, body=text.encode())


def _truncated(document: Document, rng: Random) -> Answer:
    """Broken off between a sixth and a half. Text has no end mark, so there only the length tells."""
    body = document.text.encode()
    cut = int(len(body) * rng.uniform(0.15, 0.5))
    if document.media is Media.HTML and rng.random() < 0.5:
        return Answer(media_type=document.media, body=body[:cut])
    return Answer(media_type=document.media, body=body, cut_at=cut)


def _shrunken(document: Document) -> Answer:
    """The frame of the page with next to nothing in it."""
    text = document.text
    if document.media is not Media.HTML:
        return Answer(media_type=document.media, body=(text.strip().splitlines()[0][:80] + "\n").encode())
    start, end = text.find("<body"), text.rfind("<footer")
    heading_end = text.find("</h1>", start)
    head = text[: heading_end + len("</h1>")] if heading_end > 0 else text[: text.find(">", start) + 1]
    head = _without_structured(head)
    tail = text[end:] if end > 0 else "</body></html>"
    return Answer(media_type=document.media, body=f"{head}\n<p>Loading failed.</p>\n{tail}".encode())


def _without_structured(head: str) -> str:
    start = head.find('<script type="application/ld+json">')
    end = head.find("</script>", start)
    return head if start < 0 else head[:start] + head[end + len("</script>") :]

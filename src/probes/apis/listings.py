"""Directory and bucket listings, read as `probes.listing` reads them."""

from __future__ import annotations

from dataclasses import replace

from probes.apis.page_urls import page_of
from probes.apis.reading import ApiAnswer, ApiReading
from probes.listing import measure, parse_listing


def urls(page: str) -> tuple[str, ...]:
    """The listing itself."""
    return (page,) if page_of(page) else ()


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Measured facts of a listing; a listing says nothing of rights."""
    listing = parse_listing(answer.url, answer.body, answer.media_type)
    if not listing.entries:
        return ApiReading(problem="it lists nothing")
    facts = measure(source_id, listing, answer.url, answer.seen_at)
    notes = ("the listing is cut: there is more than it shows",) if listing.truncated else ()
    # Names come from the server: nothing it hides in them shall be shown.
    return ApiReading(tuple(replace(fact, value=fact.value[:300]) for fact in facts), notes=notes)

"""What persons filed: judgments and agreements, with the day each ends."""

from __future__ import annotations

from collections.abc import Sequence

from domain.deciding import Entitlement, Review
from reports.escape import Safe, listed, markdown, source_link
from reports.gate_words import gate_link
from reports.view import ReviewRow


def review_rows(reviews: Sequence[Review], entitlements: Sequence[Entitlement]) -> tuple[ReviewRow, ...]:
    """One row a review or agreement, the one that ends first at the top, those without an end last."""
    dated = [
        (review.expires.isoformat() if review.expires else "", review.source_id, _review(review)) for review in reviews
    ] + [(held.expires.isoformat(), held.source_id, _entitlement(held)) for held in entitlements]
    return tuple(row for *_, row in sorted(dated, key=lambda item: (not item[0], item[0], item[1], item[2].made_on)))


def _review(review: Review) -> ReviewRow:
    return ReviewRow(
        source=source_link(review.source_id),
        what=f"review by {review.role}: {review.reason}",
        by=review.by,
        made_on=review.made_on.isoformat(),
        expires="no end" if review.expires is None else review.expires.isoformat(),
        closes=listed(map(gate_link, review.closes)),
        scope=review.scope or "the whole source",
    )


def _entitlement(held: Entitlement) -> ReviewRow:
    return ReviewRow(
        source=source_link(held.source_id),
        what=f"agreement with {held.licensor}, {held.reference}",
        by=held.approved_by,
        made_on=held.signed_on.isoformat(),
        expires=held.expires.isoformat(),
        closes=Safe(markdown("counsel: {}", held.counsel or "none, so no production")),
        scope=held.scope,
    )

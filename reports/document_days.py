"""Which days the assessment speaks of. All come from rows: neither the clock nor another look moves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from domain.deciding import Decision, Review
from domain.history import ChangeRecord, TierStep
from domain.vocabulary import Tier
from reports.escape import Safe, markdown, source_link


def day_of(at: datetime | date) -> date:
    """The day of a time in UTC, or the day itself."""
    if not isinstance(at, datetime):
        return at
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).date()


def is_later(recorded: datetime | date | None, at: datetime | None) -> bool:
    """Whether something was recorded after the day that was asked about."""
    return recorded is not None and at is not None and day_of(recorded) > day_of(at)


def day_lines(
    *,
    decisions: Sequence[Decision],
    changes: Sequence[ChangeRecord],
    steps: Sequence[TierStep],
    reviews: Sequence[Review],
    max_age_days: int,
    looked: bool,
) -> tuple[Safe, ...]:
    """The day the document speaks of, since when changes count, and when the first approval may lapse.

    Without any look the day of the first decision says only when somebody ran it, and stays out.
    """
    seen = [day_of(item.at) for d in decisions for item in d.evidence if item.at is not None and item.sha256]
    moved = [step for step in steps if looked or step.before is not None]
    rows = [
        *seen,
        *(day_of(change.at) for change in changes),
        *(day_of(step.at) for step in moved),
        *(review.made_on for review in reviews),
    ]
    if not rows:
        return (Safe("**Speaks of**: the catalog as it stands; no page was seen and nothing was decided before."),)
    newest = max(seen, default=None)
    lines = [
        markdown(
            "**Speaks of**: {}, the newest day on record; newest words of a page first seen {}. `clearance status` has "
            "the day of each last look.",
            max(rows).isoformat(),
            "never" if newest is None else newest.isoformat(),
        )
    ]
    if moved:
        first = min(day_of(step.at) for step in moved)
        lines.append(markdown("**Changes count since** {}, the first decision on record.", first.isoformat()))
    lines += _lapse(decisions, max_age_days, max(rows))
    return tuple(lines)


def _lapse(decisions: Sequence[Decision], max_age_days: int, today: date) -> list[Safe]:
    """The earliest end of an approval nobody looks at again: an approval lasts from the last look, which is
    never before the day its words were first seen."""
    ends = [
        (day_of(d.first_seen) + timedelta(days=max_age_days), d.source_id)
        for d in decisions
        if d.tier is Tier.PRODUCTION_APPROVED and d.first_seen is not None
    ]
    if not ends:
        return []
    end, source_id = min(ends)
    if end <= today:
        return [
            markdown(
                "**Approvals lapse** {} days after the last look; the policy file names each day.", str(max_age_days)
            )
        ]
    return [
        markdown(
            "**Approvals lapse** {} days after the last look; without another one the first ({}) may lapse from {}.",
            str(max_age_days),
            source_link(source_id),
            end.isoformat(),
        )
    ]

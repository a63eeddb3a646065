"""Which version counts: which may be compared at all, and which of two that say the same to rest on. Pure."""

from __future__ import annotations

from domain.history import Version
from domain.vocabulary import Origin
from terms.language import READ

SECOND_HAND = frozenset({Origin.ARCHIVE, Origin.IMPORT})
"""The origins of copies that others kept: a look at the page itself takes their place."""


def first_hand(known: Version, shown: Version) -> Version:
    """The version to rest on where both say the same: the page itself before a copy that others kept."""
    return shown if known.origin in SECOND_HAND and shown.origin not in SECOND_HAND else known


def doubt_of(accepted: Version | None, shown: Version) -> str | None:
    """Why a version must be kept aside, None where it may be compared. A page that was read is not followed
    into another language: a translation, or a variant for another visitor, says nothing of the terms."""
    if shown.outline.suspect is not None:
        return shown.outline.suspect
    if accepted is None or accepted.outline.suspect is not None or accepted.outline.language not in READ:
        return None
    before, now = accepted.outline.language, shown.outline.language
    return None if now == before else f"other_language: {now} where it was {before}"

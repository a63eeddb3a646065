"""Preferences about training in one line: Content-Usage (IETF drafts) and Content-Signal dictionaries."""

from __future__ import annotations

from domain.claims import ReservationState

# The category for training, its names in earlier drafts, and the other family's name for it.
_TRAINING = {
    "train-ai": "content_usage/train-ai",
    "ai-train": "content_signal/ai-train",
    "train-genai": "content_usage/draft-superseded",
    "genai": "content_usage/draft-superseded",
    "ai": "content_usage/draft-superseded",
    "ai-use": "content_usage/draft-superseded",
    "tdm": "content_usage/draft-superseded",
}
_VALUES = {
    "n": ReservationState.RESERVED,
    "no": ReservationState.RESERVED,
    "y": ReservationState.NOT_RESERVED,
    "yes": ReservationState.NOT_RESERVED,
}
_MOST_KEYS = 50


def preferences_in(text: str) -> list[tuple[str, ReservationState]]:
    """Rule and state of each preference about training in a dictionary; other keys are not about it."""
    found: list[tuple[str, ReservationState]] = []
    for member in text.split(",")[:_MOST_KEYS]:
        key, separator, value = member.partition("=")
        rule = _TRAINING.get(key.strip().lower())
        if rule is not None:
            # Parameters behind ";" make exceptions for some; what they do not cover stays reserved.
            word = value.partition(";")[0].strip().strip('"').lower() if separator else ""
            found.append((rule, _VALUES.get(word, ReservationState.UNCLEAR)))
    return found

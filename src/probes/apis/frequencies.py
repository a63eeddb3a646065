"""Words for how often data is said to be updated, as days between releases."""

from __future__ import annotations

_DAYS = {
    "daily": 1.0, "day": 1.0, "p1d": 1.0,
    "weekly": 7.0, "week": 7.0, "p1w": 7.0, "p7d": 7.0,
    "biweekly": 14.0, "fortnightly": 14.0, "p2w": 14.0,
    "monthly": 30.0, "month": 30.0, "p1m": 30.0,
    "bimonthly": 61.0, "p2m": 61.0,
    "quarterly": 91.0, "quarter": 91.0, "p3m": 91.0,
    "semiannual": 182.0, "biannual": 182.0, "annual_2": 182.0, "p6m": 182.0,
    "annual": 365.0, "annually": 365.0, "yearly": 365.0, "year": 365.0, "p1y": 365.0,
    "biennial": 730.0, "p2y": 730.0,
}  # fmt: skip


def days_of(word: str) -> float | None:
    """Days between releases that a frequency's word or address says; None where it says no number."""
    last = word.strip().rstrip("/").rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]
    return _DAYS.get(last.strip().lower())

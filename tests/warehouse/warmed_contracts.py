"""Imported once by the process from which the writers are forked: the first check of a contract takes
half a second, and here it is taken for all of them."""

from __future__ import annotations

from datetime import UTC, datetime

from warehouse.contracts import check_looks

check_looks(
    [
        {
            "look_id": "look",
            "page_id": "0" * 16,
            "url": "https://tunes.example/",
            "looked_at": datetime(2026, 3, 1, tzinfo=UTC),
            "outcome": "snapshot",
            "reason": None,
            "snapshot_id": "snapshot",
            "attempts": 1,
            "duration_seconds": 0.5,
        }
    ]
)

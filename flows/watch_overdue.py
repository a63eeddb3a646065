"""The dead man's switch: somebody is told when no run has finished in time.

It needs only the read copy and the channels, because a run that hangs may hold the warehouse. What was
told is kept in a small file beside it, so that every channel hears of one gap once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from alerts.channels import DeliveryError
from alerts.digest import Concern, build_digest
from alerts.settings import channels_from_environment, check_routes
from catalog import load_policy
from domain.errors import InvalidInput
from domain.history import Alert, AlertKind
from domain.policy import AlertRoutes
from flows.place_file import put_in_place
from warehouse.query import Reader

# Deciding again and importing look at no page.
_LAST_LOOK = "SELECT max(finished_at) FROM runs WHERE kind = 'run' AND CAST(outcomes AS VARCHAR) <> '{}'"


@dataclass(frozen=True, slots=True)
class Overdue:
    """No run has finished since `since` (None: not one ever has), which is longer ago than `hours`."""

    since: datetime | None
    hours: float

    @property
    def words(self) -> str:
        """What a person is told."""
        last = (
            "no run has ever finished"
            if self.since is None
            else f"the last run finished {self.since:%Y-%m-%d %H:%M} UTC"
        )
        return f"{last}; one is expected every {self.hours:g} hours. Until one does, no change of terms is noticed."


def overdue(warehouse: Path, hours: float, now: datetime) -> Overdue | None:
    """Whether the newest finished run is too old; a warehouse that is not there yet counts as never run."""
    try:
        with Reader.open(warehouse) as reader:
            [(since,)] = reader.query(_LAST_LOOK)[1]
    except InvalidInput:
        since = None
    if since is not None and now - since <= timedelta(hours=hours):
        return None
    return Overdue(since, hours)


def tell_overdue(found: Overdue, warehouse: Path, policy: Path, now: datetime) -> dict[str, str]:
    """Tell every channel that policy sends it to and that has not heard of this gap; returns the errors of those
    that did not take it. Where the policy cannot be read, which may be why nothing runs, all hear of it."""
    alert = _alert(found, now)
    everyone = channels_from_environment(os.environ, sys.stderr)
    try:
        routes = load_policy(policy).alerts
        check_routes(routes, everyone)
    except InvalidInput:
        routes = AlertRoutes()
    channels = [channel for channel in everyone if channel.hears(alert, routes, Concern())]
    note = warehouse.with_name("overdue.json")
    told = _told(note, alert.dedupe_key)
    failed: dict[str, str] = {}
    for channel in channels:
        if channel.name in told:
            continue
        try:
            channel.send(build_digest("", [alert]))
        except DeliveryError as error:
            failed[channel.name] = str(error)
        else:
            told.append(channel.name)
            put_in_place(note, json.dumps({"gap": alert.dedupe_key, "told": told}) + "\n")
    return failed


@dataclass(slots=True)
class OverdueWatch:
    """Looks now and then, as part of `clearance serve`; a service just started is given its time."""

    warehouse: Path
    policy: Path
    hours: float
    note: Callable[[str], None]
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def look(self) -> None:
        """Tell every channel once when no run finished in time."""
        now = datetime.now(UTC)
        if now - self.started <= timedelta(hours=self.hours):
            return
        found = overdue(self.warehouse, self.hours, now)
        if found is None:
            return
        for why in tell_overdue(found, self.warehouse, self.policy, now).values():
            self.note(f"clearance: {why}")


def _alert(found: Overdue, now: datetime) -> Alert:
    since = "never" if found.since is None else found.since.isoformat()
    key = f"{AlertKind.RUN_OVERDUE.value}:{since}"
    return Alert(
        alert_id=sha256(key.encode()).hexdigest()[:16],
        dedupe_key=key,
        run_id="",
        kind=AlertKind.RUN_OVERDUE,
        source_id="",
        title="no run has finished in time",
        body=found.words,
        url=None,
        at=now,
        payload={"last_finished_at": found.since, "hours": found.hours},
    )


def _told(note: Path, gap: str) -> list[str]:
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return list(kept["told"]) if kept.get("gap") == gap else []

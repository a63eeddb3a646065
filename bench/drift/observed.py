"""What the program under test did: its runs as subprocesses, and what it says of each page afterwards."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RUN_SECONDS = 3600


class RunFailed(Exception):
    """The program under test did not do its work. The message says what it printed."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One run: its summary, the changes it told of by source, and the alerts the webhook got."""

    summary: dict[str, Any]
    changes: dict[str, list[dict[str, Any]]] = field(repr=False)
    alerts: dict[str, list[dict[str, Any]]] = field(repr=False)

    def told(self, source_id: str) -> set[str]:
        """What somebody was told of this source: change classes with an alert, and kinds of delivered alerts."""
        classes = {str(change.get("change")) for change in self.changes.get(source_id, []) if change.get("alert")}
        return classes | {str(alert.get("kind")) for alert in self.alerts.get(source_id, [])}

    def delivered(self, source_id: str) -> bool:
        """Whether the webhook got an alert of this source."""
        return source_id in self.alerts

    def classes(self, source_id: str) -> list[str]:
        """The change classes told of this source, in order; none where it reported nothing."""
        return [str(change.get("change")) for change in self.changes.get(source_id, [])]

    def directions(self, source_id: str) -> list[str | None]:
        """The directions of its material changes."""
        return [
            change.get("direction") for change in self.changes.get(source_id, []) if change.get("change") == "material"
        ]


@dataclass(frozen=True, slots=True)
class Program:
    """The command under test, with the places it works in."""

    command: tuple[str, ...]
    catalog: Path
    policy: Path
    warehouse: Path
    out: Path
    hook: str
    options: tuple[str, ...] = ()

    def run(self, log: Path) -> dict[str, Any]:
        """One look at everything. Returns the run's summary."""
        arguments = ["--catalog", str(self.catalog), "--policy", str(self.policy), "--warehouse", str(self.warehouse)]
        arguments += [
            "--out",
            str(self.out),
            "--allow-host",
            "127.0.0.0/8",
            "--delay",
            "0",
            "--confirm-after",
            "0",
            "--json",
            *self.options,
        ]
        output = self._call(["run", *arguments], log)
        summary = _records(output)
        if len(summary) != 1:
            raise RunFailed(f"run printed {len(summary)} JSON values, not one; see {log}")
        return summary[0]

    def changes(self, since: datetime, log: Path) -> dict[str, list[dict[str, Any]]]:
        """What changed since a time, by source."""
        stamp = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        output = self._call(["drift", "--since", stamp, "--warehouse", str(self.warehouse), "--json"], log)
        found: dict[str, list[dict[str, Any]]] = {}
        for record in _records(output):
            if "source_id" in record:
                found.setdefault(record["source_id"], []).append(record)
        return found

    def _call(self, arguments: Sequence[str], log: Path) -> str:
        environment = {**os.environ, "CLEARANCE_ALERT_URLS": self.hook, "NO_COLOR": "1"}
        done = subprocess.run(
            [*self.command, *arguments],
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            env=environment,
            check=False,
        )
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {arguments[0]} exited {done.returncode}\n{done.stdout}\n{done.stderr}\n")
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip() and "leaked" not in line]
            raise RunFailed(f"{arguments[0]} exited {done.returncode}; see {log}: {' / '.join(said[-6:])[-1500:]}")
        return done.stdout


def _records(output: str) -> list[dict[str, Any]]:
    """JSON objects out of one value, an array, an object that holds a list of changes, or one value a line."""
    try:
        value = json.loads(output)
    except json.JSONDecodeError:
        return [json.loads(line) for line in output.splitlines() if line.lstrip().startswith("{")]
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(value.get("changes"), list):
        listed: list[dict[str, Any]] = value["changes"]
        return listed
    return [value]


def by_source(deliveries: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The alerts of some webhook deliveries, each once, by source."""
    alerts: dict[str, list[dict[str, Any]]] = {}
    seen: set[str] = set()
    for delivery in deliveries:
        for alert in delivery.get("alerts", []):
            if alert["alert_id"] not in seen:
                seen.add(alert["alert_id"])
                alerts.setdefault(alert["source_id"], []).append(alert)
    return alerts

"""Empties the outbox: every alert at least once to every channel.

An alert counts as told to a channel only when the channel took it; what fails is recorded and tried
again by the next run. A channel that fails stops neither the others nor the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.channels import Channel, DeliveryError
from alerts.digest import build_digest
from domain.history import Alert

Undelivered = Callable[[str], Sequence[Alert]]
"""The alerts a channel, by name, has not taken yet."""

Record = Callable[[Sequence[str], str, datetime, bool, str | None], None]
"""Notes an attempt: alert ids, channel name, time, whether it was taken, and the error if not."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one round of deliveries came to. `sent` counts alerts per channel; `failed` holds the
    error of each channel that did not take everything."""

    sent: dict[str, int]
    failed: dict[str, str]


def deliver(
    channels: Sequence[Channel],
    undelivered: Undelivered,
    record: Record,
    now: datetime,
    *,
    run_id: str | None = None,
) -> DeliveryReport:
    """Send each channel one digest a run that it has not been told of, the oldest run first.

    `run_id` is the present run; digests of other runs are marked `repeated`, since an attempt whose
    answer was lost may have arrived. After its first failure a channel is left alone until the next
    round. Errors of `undelivered` and `record` (the warehouse) are not caught.
    """
    sent: dict[str, int] = {}
    failed: dict[str, str] = {}
    for channel in channels:
        sent[channel.name] = 0
        for of_run, alerts in _by_run(undelivered(channel.name)).items():
            ids = [alert.alert_id for alert in alerts]
            repeated = run_id is not None and of_run != run_id
            try:
                channel.send(build_digest(of_run, alerts, repeated=repeated))
            except DeliveryError as error:
                failed[channel.name] = str(error)
                record(ids, channel.name, now, False, str(error))
                break
            record(ids, channel.name, now, True, None)
            sent[channel.name] += len(ids)
    return DeliveryReport(sent, failed)


def _by_run(alerts: Sequence[Alert]) -> dict[str, list[Alert]]:
    runs: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda alert: (alert.at, alert.alert_id)):
        runs.setdefault(alert.run_id, []).append(alert)
    return runs

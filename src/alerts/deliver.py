"""Empties the outbox: every alert at least once to every channel.

An alert counts as told to a channel only when the channel took it; what fails is recorded and tried
again by the next run. A channel that fails stops neither the others nor the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.channels import Channel, DeliveryError
from alerts.digest import Concern, build_digest
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
    concerns: Mapping[str, Concern] | None = None,
) -> DeliveryReport:
    """Send each channel one digest of all that it has not been told of.

    `run_id` is the present run. Alerts of other runs are marked as perhaps told before: the answer to
    an earlier attempt may have been lost, or the run that made it killed. `concerns` says by source id
    who must know. Errors of `undelivered` and `record` (the warehouse) are not caught.
    """
    sent: dict[str, int] = {}
    failed: dict[str, str] = {}
    for channel in channels:
        sent[channel.name] = 0
        alerts = undelivered(channel.name)
        if not alerts:
            continue
        ids = [alert.alert_id for alert in alerts]
        earlier = [alert.alert_id for alert in alerts if alert.run_id != run_id]
        digest = build_digest(run_id or alerts[-1].run_id, alerts, earlier=earlier, concerns=concerns)
        try:
            channel.send(digest)
        except DeliveryError as error:
            failed[channel.name] = str(error)
            record(ids, channel.name, now, False, str(error))
        else:
            record(ids, channel.name, now, True, None)
            sent[channel.name] = len(ids)
    return DeliveryReport(sent, failed)

"""Emptying a warehouse's outbox into the channels of the environment, and into the feed beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from alerts.deliver import DeliveryReport, deliver
from alerts.digest import Concern
from alerts.feed import atom_feed
from alerts.settings import channels_from_environment
from domain.catalog import Catalog
from domain.history import Alert
from flows.place_file import put_in_place
from warehouse.store import Warehouse


def empty_outbox(warehouse: Warehouse, catalog: Catalog, run_id: str | None) -> DeliveryReport:
    """One digest a channel of all that it was not told yet; `run_id` is the run that tells, if any."""
    concerns = concerns_of(catalog)
    channels = channels_from_environment(os.environ, sys.stderr)
    feed = atom_feed(warehouse.alerts(), concerns)
    if feed is not None:
        put_in_place(feed_path(warehouse.path), feed)
    return deliver(
        channels,
        warehouse.undelivered,
        warehouse.record_delivery,
        datetime.now(UTC),
        run_id=run_id,
        concerns=concerns,
    )


def send_again(warehouse: Warehouse, catalog: Catalog, alerts: Sequence[Alert]) -> DeliveryReport:
    """Some alerts to every channel once more, each marked as told before."""
    return deliver(
        channels_from_environment(os.environ, sys.stderr),
        lambda channel: alerts,
        warehouse.record_delivery,
        datetime.now(UTC),
        concerns=concerns_of(catalog),
    )


def concerns_of(catalog: Catalog) -> dict[str, Concern]:
    """Per source id who answers for it and what uses it."""
    return {source.id: Concern(source.owner, source.used_by) for _, _, source in catalog.sources}


def feed_path(warehouse: Path) -> Path:
    """Where the Atom feed of a warehouse lies."""
    return warehouse.with_name("alerts.atom")

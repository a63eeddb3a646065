"""Emptying a warehouse's outbox into the channels of the environment, and into the feed beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from alerts.deliver import DeliveryReport, Undelivered, deliver
from alerts.digest import Concern
from alerts.feed import atom_feed
from alerts.settings import NamedChannel, channels_from_environment, check_routes
from domain.catalog import Catalog
from domain.history import Alert
from domain.policy import AlertRoutes
from flows.place_file import put_in_place
from warehouse.store import Warehouse


def empty_outbox(warehouse: Warehouse, catalog: Catalog, routes: AlertRoutes, run_id: str | None) -> DeliveryReport:
    """One digest a channel of all that it was not told yet and that policy sends there; `run_id` is the run that
    tells, if any."""
    feed = atom_feed(warehouse.alerts(), concerns_of(catalog))
    if feed is not None:
        put_in_place(feed_path(warehouse.path), feed)
    return _delivered(warehouse, catalog, routes, warehouse.undelivered, run_id)


def send_again(warehouse: Warehouse, catalog: Catalog, routes: AlertRoutes, alerts: Sequence[Alert]) -> DeliveryReport:
    """Some alerts to the channels policy sends them to once more, each marked as told before."""
    return _delivered(warehouse, catalog, routes, lambda channel: alerts, None)


def _delivered(
    warehouse: Warehouse, catalog: Catalog, routes: AlertRoutes, waiting: Undelivered, run_id: str | None
) -> DeliveryReport:
    concerns = concerns_of(catalog)
    channels = {channel.name: channel for channel in routed_channels(routes)}

    def routed(name: str) -> tuple[Alert, ...]:
        return tuple(
            alert
            for alert in waiting(name)
            if channels[name].hears(alert, routes, concerns.get(alert.source_id, Concern()))
        )

    return deliver(
        tuple(channels.values()), routed, warehouse.record_delivery, datetime.now(UTC), run_id=run_id, concerns=concerns
    )


def routed_channels(routes: AlertRoutes) -> tuple[NamedChannel, ...]:
    """The channels of the environment; InvalidInput where an address is wrong or policy names another channel."""
    channels = channels_from_environment(os.environ, sys.stderr)
    check_routes(routes, channels)
    return channels


def concerns_of(catalog: Catalog) -> dict[str, Concern]:
    """Per source id who answers for it and what uses it."""
    return {source.id: Concern(source.owner, source.used_by) for _, _, source in catalog.sources}


def feed_path(warehouse: Path) -> Path:
    """Where the Atom feed of a warehouse lies."""
    return warehouse.with_name("alerts.atom")

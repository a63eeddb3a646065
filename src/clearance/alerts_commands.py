"""`clearance alerts`: what was told to whom, and telling it again."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, WAREHOUSE, AsJson, CatalogFolder, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, note, show
from domain.errors import InvalidInput


def list_alerts(
    warehouse: WarehouseFile = WAREHOUSE,
    undelivered: Annotated[bool, typer.Option("--undelivered", help="Only what no channel has taken yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Every alert, oldest first, and which channels took it."""
    from warehouse.query import Reader

    columns = (
        "raised_at, kind, source_id, title, url, delivered_at, delivered_by, last_error, alert_id, run_id"
        if as_json
        else "raised_at, kind, source_id, title, array_to_string(delivered_by, ', ') AS delivered_by, alert_id"
    )
    chosen = "WHERE delivered_at IS NULL" if undelivered else ""
    with Reader.open(warehouse) as reader:
        names, rows = reader.query(f"SELECT {columns} FROM alerts {chosen} ORDER BY seq")
    if as_json:
        emit_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    from reports.terminal import rows_table

    show(rows_table(names, rows))


def try_channels(as_json: AsJson = False) -> None:
    """Send one test message to every channel; exit 1 when one does not take it."""
    from alerts.channels import DeliveryError
    from alerts.digest import build_digest
    from alerts.settings import VARIABLE, channels_from_environment
    from domain.history import Alert, AlertKind

    now = datetime.now(UTC)
    message = Alert(
        alert_id=f"test-{now:%Y%m%dT%H%M%SZ}",
        dedupe_key="test",
        run_id="",
        kind=AlertKind.WATCH_RECOVERED,
        source_id="",
        title="this is a test: nothing has changed",
        body="Sent by `clearance alerts test`.",
        url=None,
        at=now,
        payload={"test": True},
    )
    failed: dict[str, str] = {}
    channels = channels_from_environment(os.environ, sys.stderr)
    for channel in channels:
        try:
            channel.send(build_digest("", [message]))
        except DeliveryError as error:
            failed[channel.name] = str(error)
    if as_json:
        emit_json([{"channel": c.name, "error": failed.get(c.name), "called": c.label} for c in channels])
    else:
        for channel in channels:
            called = "" if channel.label in (None, channel.name) else f" ({channel.label})"
            emit_line(f"{channel.name}{called}: {failed.get(channel.name, 'taken')}")
        if len(channels) == 1:
            emit_line(f"only the terminal: name webhooks or Apprise addresses in {VARIABLE}")
    if failed:
        raise typer.Exit(1)


def resend(
    alert_ids: Annotated[
        list[str] | None, typer.Argument(help="Alerts to send once more; without, what no channel took.")
    ] = None,
    warehouse: WarehouseFile = WAREHOUSE,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Deliver what is still in the outbox, or some alerts again; exit 1 when a channel does not take it."""
    from catalog import load_catalog, load_policy
    from flows.deliver_alerts import empty_outbox, send_again
    from warehouse.query import Reader
    from warehouse.store import Warehouse

    # Only the reader says plainly that there is no warehouse yet; the writer would make one.
    Reader.open(warehouse).close()
    known = load_catalog(catalog)
    routes = load_policy(policy).alerts
    with Warehouse.open(warehouse, note=note) as store:
        if alert_ids:
            wanted = [alert for alert in store.alerts() if alert.alert_id in alert_ids]
            if strangers := sorted({*alert_ids} - {alert.alert_id for alert in wanted}):
                raise InvalidInput(f"no alert is called {', '.join(strangers)}: `clearance alerts list` lists them all")
            report = send_again(store, known, routes, wanted)
        else:
            report = empty_outbox(store, known, routes, None)
        store.publish_read_copy()
    if as_json:
        emit_json({"sent": report.sent, "failed": report.failed})
    else:
        for channel, number in report.sent.items():
            emit_line(f"{channel}: {report.failed.get(channel, f'{number} alerts')}")
    if report.failed:
        raise typer.Exit(1)


def overdue(
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    hours: Annotated[float, typer.Option("--hours", min=0.01, help="How old the newest run may be.")] = 26.0,
    tell: Annotated[bool, typer.Option("--tell/--no-tell", help="Tell every channel, each once a gap.")] = True,
    as_json: AsJson = False,
) -> None:
    """Exit 1, and tell every channel, when no run has finished in time; for a cron of its own."""
    from flows.watch_overdue import overdue as find_overdue
    from flows.watch_overdue import tell_overdue

    now = datetime.now(UTC)
    found = find_overdue(warehouse, hours, now)
    failed: dict[str, str] = {}
    if found is not None and tell:
        failed = tell_overdue(found, warehouse, policy, now)
    if as_json:
        last = None if found is None else found.since
        emit_json({"overdue": found is not None, "last_finished_at": last, "hours": hours, "failed": failed})
    else:
        emit_line("runs finish in time" if found is None else found.words)
        for why in failed.values():
            note(f"clearance: {why}")
    if found is not None:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    alerts = typer.Typer(no_args_is_help=True, help="What was told to whom, and telling it again.")
    alerts.command("list")(list_alerts)
    alerts.command("test")(try_channels)
    alerts.command("resend")(resend)
    alerts.command("overdue")(overdue)
    app.add_typer(alerts, name="alerts")

"""The outbox: alerts written with what caused them, delivered later, told once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import duckdb

from domain.history import Alert, AlertKind
from warehouse.codec import to_json
from warehouse.connection import Row, append, fetch, next_seq, numbered


def append_alerts(con: duckdb.DuckDBPyConnection, alerts: Sequence[Alert]) -> None:
    """Append alerts; one whose id or dedupe key is there already is left out."""
    rows = numbered(con, "alert_outbox", ("alert_id",), [_row(alert) for alert in alerts])
    append(con, "alert_outbox", numbered(con, "alert_outbox", ("dedupe_key",), rows))


def _row(alert: Alert) -> Row:
    return {
        "alert_id": alert.alert_id,
        "dedupe_key": alert.dedupe_key,
        "run_id": alert.run_id,
        "kind": alert.kind.value,
        "source_id": alert.source_id,
        "title": alert.title,
        "body": alert.body,
        "url": alert.url,
        "raised_at": alert.at,
        "payload": to_json(alert.payload),
    }


def _alert(row: Row) -> Alert:
    return Alert(
        alert_id=row["alert_id"],
        dedupe_key=row["dedupe_key"],
        run_id=row["run_id"],
        kind=AlertKind(row["kind"]),
        source_id=row["source_id"],
        title=row["title"],
        body=row["body"],
        url=row["url"],
        at=row["raised_at"],
        payload=json.loads(row["payload"]),
    )


def undelivered(con: duckdb.DuckDBPyConnection, channel: str) -> tuple[Alert, ...]:
    """Alerts no delivery on this channel succeeded for, oldest first."""
    rows = fetch(
        con,
        "SELECT a.* FROM alert_outbox AS a WHERE NOT EXISTS"
        " (SELECT 1 FROM deliveries AS d WHERE d.alert_id = a.alert_id AND d.channel = $channel AND d.ok)"
        " ORDER BY a.seq",
        {"channel": channel},
    )
    return tuple(map(_alert, rows))


def all_alerts(con: duckdb.DuckDBPyConnection) -> tuple[Alert, ...]:
    """Every alert ever raised, oldest first."""
    return tuple(map(_alert, fetch(con, "SELECT * FROM alert_outbox ORDER BY seq")))


def append_delivery(
    con: duckdb.DuckDBPyConnection,
    alert_ids: Sequence[str],
    channel: str,
    tried_at: datetime,
    ok: bool,
    error: str | None,
) -> None:
    """Note one attempt for each alert."""
    rows = [
        {"seq": seq, "alert_id": alert_id, "channel": channel, "tried_at": tried_at, "ok": ok, "error": error}
        for seq, alert_id in enumerate(alert_ids, next_seq(con, "deliveries"))
    ]
    append(con, "deliveries", rows)

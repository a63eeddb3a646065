"""Looks and snapshots: what happened at each page, and the bytes it left."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import duckdb

from domain.identity import page_id
from domain.probing import Look, Snapshot
from domain.vocabulary import Origin, Outcome
from warehouse.bodies import Bodies, StoredBody
from warehouse.codec import to_json
from warehouse.connection import Row, append, fetch, numbered, transaction
from warehouse.contracts import ContractViolation, check_looks
from warehouse.packing import digest

# An archive's copy carries the archive's validators; the publisher would not know them.
_OF_THE_PUBLISHER = (Origin.DIRECT, Origin.RECORDING)


@dataclass(frozen=True, slots=True)
class PastLook:
    """One look at a page as it is remembered. `sha256` names the bytes it brought, kept aside
    (`suspect`) or confirmed (`not_modified`); None where it brought none."""

    looked_at: datetime
    outcome: Outcome
    reason: str | None
    sha256: str | None
    run_id: str


@dataclass(frozen=True, slots=True)
class LastSnapshot:
    """The newest good snapshot of a URL: enough for a conditional request and a shrink check.

    `bytes` is the size of the body, `seen_at` when these bytes were first seen, `brought_at` when a look
    last brought them instead of "not modified".
    """

    sha256: str
    etag: str | None
    last_modified: str | None
    bytes: int
    seen_at: datetime
    brought_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """A server's `Retry-After`: this page is not to be asked for before `until`. `status` is what it answered."""

    url: str
    status: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A page's newest good answer: headers (names lower-cased), media type, the digest of its body, and when it
    came."""

    headers: Mapping[str, str]
    media_type: str
    sha256: str
    at: datetime


def snapshot_id(snapshot: Snapshot) -> str:
    """Same page, bytes, final address and origin: same snapshot."""
    return _name(page_id(snapshot.url), snapshot.sha256, snapshot.final_url, snapshot.origin)


def _look_id(run_id: str, look: Look) -> str:
    seen = "" if look.snapshot is None else snapshot_id(look.snapshot)
    return _name(run_id, look.url, look.at.isoformat(), look.outcome, seen)


def _name(*parts: str) -> str:
    return sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def save_looks(con: duckdb.DuckDBPyConnection, bodies: Bodies, run_id: str, looks: Sequence[Look]) -> None:
    """Store looks with their snapshots: bodies on disk first, then every row in one transaction.

    Looks already stored are left out. ContractViolation when a look is not what it claims to be.
    """
    snapshots = [look.snapshot for look in looks if look.snapshot is not None]
    for look in looks:
        if look.snapshot is not None:
            _check_snapshot(look.url, look.snapshot)
    rows = _look_rows(con, run_id, looks)
    check_looks(rows)
    saved = bodies.save(_not_there(con, bodies, {snapshot.sha256: snapshot.body for snapshot in snapshots}))
    with transaction(con):
        append(con, "bodies", [body_row(body) for body in saved])
        append(con, "pages", [_page_row(run_id, url) for url in dict.fromkeys(look.url for look in looks)])
        append(con, "snapshots", [_snapshot_row(snapshot) for snapshot in snapshots])
        append(con, "looks", numbered(con, "looks", ("look_id",), rows))


def _not_there(con: duckdb.DuckDBPyConnection, bodies: Bodies, found: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bodies that are still to be stored. One that a row names was on disk before the row was: most pages that
    come again come as they were, and to sync their folders anew takes longer than to look."""
    sql = "SELECT sha256 FROM bodies WHERE sha256 IN (SELECT unnest($found::VARCHAR[]))"
    named = {row["sha256"] for row in fetch(con, sql, {"found": [*found]})} if found else set()
    return {name: body for name, body in found.items() if name not in named or not bodies.path(name).exists()}


def _check_snapshot(url: str, snapshot: Snapshot) -> None:
    if digest(snapshot.body) != snapshot.sha256:
        raise ContractViolation("snapshots", f"{snapshot.url}: the sha256 is not that of the body")
    if snapshot.url != url:
        raise ContractViolation("snapshots", f"{snapshot.url}: belongs to a look at another page, {url}")
    if snapshot.seen_at.tzinfo is None:
        raise ContractViolation("snapshots", f"{snapshot.url}: seen_at is a time without its zone")


def _look_rows(con: duckdb.DuckDBPyConnection, run_id: str, looks: Sequence[Look]) -> list[Row]:
    confirmed = _newest_snapshot_ids(con, [look.url for look in looks if look.outcome is Outcome.NOT_MODIFIED])
    rows: list[Row] = []
    for look in looks:
        seen = look.snapshot
        if seen is not None and look.outcome is Outcome.SNAPSHOT and seen.origin in _OF_THE_PUBLISHER:
            confirmed[look.url] = snapshot_id(seen)
        headers = {} if seen is None else {name.lower(): value for name, value in seen.headers.items()}
        match look.outcome:
            case Outcome.NOT_MODIFIED:
                of = confirmed.get(look.url)
            case _:
                of = None if seen is None else snapshot_id(seen)
        rows.append(
            {
                "look_id": _look_id(run_id, look),
                "run_id": run_id,
                "page_id": page_id(look.url),
                "url": look.url,
                "looked_at": look.at,
                "outcome": look.outcome.value,
                "reason": look.reason,
                "status": look.status,
                "snapshot_id": of,
                "attempts": look.attempts,
                "duration_seconds": look.seconds,
                "retry_after": look.retry_after,
                "etag": headers.get("etag"),
                "last_modified": headers.get("last-modified"),
            }
        )
    return rows


def body_row(body: StoredBody) -> Row:
    """The row of the table `bodies`."""
    return {
        "sha256": body.sha256,
        "bytes": body.bytes,
        "stored_bytes": body.stored_bytes,
        "encoding": body.encoding,
    }


def _page_row(run_id: str, url: str) -> Row:
    return {"page_id": page_id(url), "url": url, "first_run_id": run_id}


def _snapshot_row(snapshot: Snapshot) -> Row:
    return {
        "snapshot_id": snapshot_id(snapshot),
        "page_id": page_id(snapshot.url),
        "url": snapshot.url,
        "final_url": snapshot.final_url,
        "seen_at": snapshot.seen_at,
        "status": snapshot.status,
        "media_type": snapshot.media_type,
        "charset": snapshot.charset,
        "headers": to_json(snapshot.headers),
        "redirects": snapshot.redirects,
        "sha256": snapshot.sha256,
        "origin": snapshot.origin.value,
        "method": snapshot.method,
    }


# Suspect looks are no baseline: their validators must never make a later look "not modified".
_NEWEST = """
SELECT l.url, s.sha256, l.etag, l.last_modified, b.bytes, s.seen_at, l.looked_at
FROM looks AS l
JOIN snapshots AS s ON s.snapshot_id = l.snapshot_id
JOIN bodies AS b ON b.sha256 = s.sha256
WHERE l.page_id IN (SELECT unnest($pages::VARCHAR[])) AND l.outcome = 'snapshot'
    AND s.origin IN (SELECT unnest($origins::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY l.page_id ORDER BY l.looked_at DESC, l.seq DESC) = 1
"""


_NEWEST_ANSWER = """
SELECT l.url, s.sha256, s.seen_at, s.headers, s.media_type
FROM looks AS l
JOIN snapshots AS s ON s.snapshot_id = l.snapshot_id
WHERE l.page_id IN (SELECT unnest($pages::VARCHAR[])) AND l.outcome = 'snapshot'
    AND s.origin IN (SELECT unnest($origins::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY l.page_id ORDER BY l.looked_at DESC, l.seq DESC) = 1
"""


# The same snapshots, by name alone: asked for every few looks, it must not join all that is known of them.
_NEWEST_ID = """
SELECT l.url, arg_max(l.snapshot_id, (l.looked_at, l.seq)) AS snapshot_id
FROM looks AS l
JOIN snapshots AS s ON s.snapshot_id = l.snapshot_id
WHERE l.page_id IN (SELECT unnest($pages::VARCHAR[])) AND l.outcome = 'snapshot'
    AND s.origin IN (SELECT unnest($origins::VARCHAR[]))
GROUP BY l.url
"""


def _newest(con: duckdb.DuckDBPyConnection, urls: Sequence[str], sql: str = _NEWEST) -> list[Row]:
    origins = [origin.value for origin in _OF_THE_PUBLISHER]
    return fetch(con, sql, {"pages": [page_id(url) for url in urls], "origins": origins}) if urls else []


def _newest_snapshot_ids(con: duckdb.DuckDBPyConnection, urls: Sequence[str]) -> dict[str, str]:
    return {row["url"]: row["snapshot_id"] for row in _newest(con, urls, _NEWEST_ID)}


def last_snapshots(con: duckdb.DuckDBPyConnection, urls: Sequence[str]) -> dict[str, LastSnapshot]:
    """The newest good snapshot of each URL that has one, suspect looks and archive copies aside."""
    return {
        row["url"]: LastSnapshot(
            row["sha256"], row["etag"], row["last_modified"], row["bytes"], row["seen_at"], row["looked_at"]
        )
        for row in _newest(con, urls)
    }


def asked_to_wait(con: duckdb.DuckDBPyConnection, at: datetime) -> tuple[Wait, ...]:
    """The pages whose server, at the newest look, asked not to be asked again before a time after `at`."""
    rows = fetch(
        con,
        "SELECT url, status, retry_after AS until FROM looks"
        " WHERE page_id IN (SELECT page_id FROM looks WHERE retry_after > $at)"
        " QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY looked_at DESC, seq DESC) = 1",
        {"at": at},
    )
    return tuple(Wait(**row) for row in rows if row["until"] is not None and row["until"] > at)


def newest_answers(con: duckdb.DuckDBPyConnection, urls: Sequence[str]) -> dict[str, Answered]:
    """The newest good answer of each URL that has one."""
    return {
        row["url"]: Answered(
            headers={name.lower(): value for name, value in json.loads(row["headers"]).items()},
            media_type=row["media_type"],
            sha256=row["sha256"],
            at=row["seen_at"],
        )
        for row in _newest(con, urls, _NEWEST_ANSWER)
    }


def looks_of(con: duckdb.DuckDBPyConnection, url: str) -> tuple[PastLook, ...]:
    """Every look at a page, oldest first; none for a page nobody looked at."""
    rows = fetch(
        con,
        "SELECT l.looked_at, l.outcome, l.reason, s.sha256, l.run_id FROM looks AS l"
        " LEFT JOIN snapshots AS s ON s.snapshot_id = l.snapshot_id"
        " WHERE l.page_id = $page ORDER BY l.looked_at, l.seq",
        {"page": page_id(url)},
    )
    return tuple(PastLook(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows)


def copies_of(con: duckdb.DuckDBPyConnection, urls: Sequence[str], origin: Origin) -> dict[str, tuple[str, ...]]:
    """The digests of the good snapshots of an origin at each URL that has one, oldest first."""
    rows = fetch(
        con,
        "SELECT s.url, list(s.sha256 ORDER BY s.seen_at, s.snapshot_id) AS digests FROM snapshots AS s"
        " WHERE s.page_id IN (SELECT unnest($pages::VARCHAR[])) AND s.origin = $origin AND EXISTS"
        " (SELECT 1 FROM looks AS l WHERE l.snapshot_id = s.snapshot_id AND l.outcome = 'snapshot') GROUP BY s.url",
        {"pages": [page_id(url) for url in urls], "origin": origin.value},
    )
    return {row["url"]: tuple(row["digests"]) for row in rows}


_SNAPSHOTS = (
    "SELECT s.* FROM snapshots AS s WHERE s.page_id = $page AND s.sha256 = $sha256"
    " AND s.origin = coalesce($origin, s.origin)"
)
_BEST = (
    " ORDER BY EXISTS (SELECT 1 FROM looks AS l WHERE l.snapshot_id = s.snapshot_id AND l.outcome = 'snapshot')"
    " DESC, s.origin IN (SELECT unnest($origins::VARCHAR[])) DESC, s.seen_at, s.snapshot_id LIMIT 1"
)


def find_snapshot(
    con: duckdb.DuckDBPyConnection, bodies: Bodies, url: str, sha256: str, origin: Origin | None = None
) -> Snapshot | None:
    """The snapshot of these bytes at this URL (of one origin, where given): a good one before a suspect
    one, what the publisher gave before a copy that others kept, the earliest seen first."""
    of = {"page": page_id(url), "sha256": sha256, "origin": None if origin is None else origin.value}
    rows = fetch(con, _SNAPSHOTS, of)
    if len(rows) > 1:
        # Which one comes first is asked only where there are several: it takes ten times as long.
        rows = fetch(con, _SNAPSHOTS + _BEST, {**of, "origins": [origin.value for origin in _OF_THE_PUBLISHER]})
    if not rows:
        return None
    row = rows[0]
    return Snapshot(
        url=row["url"],
        final_url=row["final_url"],
        seen_at=row["seen_at"],
        status=row["status"],
        media_type=row["media_type"],
        charset=row["charset"],
        headers=json.loads(row["headers"]),
        body=bodies.load(sha256),
        sha256=sha256,
        origin=Origin(row["origin"]),
        method=row["method"],
        redirects=tuple(row["redirects"]),
    )

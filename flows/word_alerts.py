"""The alerts a look at a watch raises, in words a person reads first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from domain.history import Alert, AlertKind, ChangeRecord, WatchState
from domain.vocabulary import Direction


def changed_alert(run_id: str, record: ChangeRecord) -> Alert:
    """The terms changed and a second look confirmed it."""
    change = record.change
    what = "was relicensed" if change.relicensed else "changed its terms"
    if change.direction is Direction.WITHDRAWN:
        what = "no longer states terms"
    way = "" if change.direction is None else f" ({change.direction.value})"
    return _alert(
        AlertKind.LICENSE_CHANGED,
        record.change_id,
        run_id,
        record.source_id,
        title=f"{record.source_id} {what}{way}",
        body=_before_and_after(record),
        url=record.url,
        at=record.at,
        payload=_payload(record),
    )


def gone_alert(run_id: str, state: WatchState, record: ChangeRecord) -> Alert:
    """The page answers not found again and again: the data may have been withdrawn."""
    return _alert(
        AlertKind.SOURCE_WITHDRAWN,
        record.change_id,
        run_id,
        state.source_id,
        title=f"{state.source_id}: the page with its terms is gone",
        body=f"{state.failing_reason}, {state.failures} looks in a row. What was received stays under its terms only "
        "where they are irrevocable; ask the publisher.",
        url=state.url,
        at=record.at,
        payload=_payload(record),
    )


def failing_alert(run_id: str, state: WatchState, at: datetime) -> Alert:
    """The page could not be read several times in a row."""
    return _alert(
        AlertKind.WATCH_FAILING,
        f"{state.watch_id}:{at.isoformat()}",
        run_id,
        state.source_id,
        title=f"{state.source_id}: its terms cannot be read",
        body=f"{state.failing_reason}, {state.failures} looks in a row. Once the evidence is stale, the tier falls.",
        url=state.url,
        at=at,
        payload={"watch_id": state.watch_id, "reason": state.failing_reason, "failures": state.failures},
    )


def recovered_alert(run_id: str, state: WatchState, at: datetime) -> Alert:
    """A page that was reported failing or gone can be read again."""
    return _alert(
        AlertKind.WATCH_RECOVERED,
        f"{state.watch_id}:{at.isoformat()}",
        run_id,
        state.source_id,
        title=f"{state.source_id}: its terms can be read again",
        body=f"after {state.failures} failed looks ({state.failing_reason})",
        url=state.url,
        at=at,
        payload={"watch_id": state.watch_id},
    )


def unstable_alert(run_id: str, state: WatchState, at: datetime) -> Alert:
    """The page shows two variants in turn; the narrower one decides meanwhile."""
    return _alert(
        AlertKind.WATCH_UNSTABLE,
        f"{state.watch_id}:{at.isoformat()}",
        run_id,
        state.source_id,
        title=f"{state.source_id}: its page shows different terms in turn",
        body=f"{len(state.flips)} flips lately. The narrower variant decides until the page stays on one.",
        url=state.url,
        at=at,
        payload={"watch_id": state.watch_id, "flips": [flip.isoformat() for flip in state.flips]},
    )


def _before_and_after(record: ChangeRecord) -> str:
    change = record.change
    parts = [change.reason]
    if change.quote_before:
        parts.append(f"before: \u201c{change.quote_before}\u201d")
    if change.quote_after:
        parts.append(f"now: \u201c{change.quote_after}\u201d")
    if record.determination_before is not record.determination_after:
        before = "nothing" if record.determination_before is None else record.determination_before.value
        after = "nothing" if record.determination_after is None else record.determination_after.value
        parts.append(f"{before} becomes {after}")
    return "; ".join(part for part in parts if part)


def _payload(record: ChangeRecord) -> Mapping[str, object]:
    change = record.change
    return {
        "change_id": record.change_id,
        "watch_id": record.watch_id,
        "direction": None if change.direction is None else change.direction.value,
        "relicensed": change.relicensed,
        "licenses_before": list(change.licenses_before),
        "licenses_after": list(change.licenses_after),
        "determination_before": None if record.determination_before is None else record.determination_before.value,
        "determination_after": None if record.determination_after is None else record.determination_after.value,
        "quote_before": change.quote_before,
        "quote_after": change.quote_after,
    }


def _alert(
    kind: AlertKind,
    happening: str,
    run_id: str,
    source_id: str,
    *,
    title: str,
    body: str,
    url: str | None,
    at: datetime,
    payload: Mapping[str, object],
) -> Alert:
    key = f"{kind.value}:{happening}"
    return Alert(
        alert_id=sha256(key.encode()).hexdigest()[:16],
        dedupe_key=key,
        run_id=run_id,
        kind=kind,
        source_id=source_id,
        title=title,
        body=body,
        url=url,
        at=at,
        payload=payload,
    )

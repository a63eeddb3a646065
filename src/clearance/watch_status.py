"""`clearance status --watches`: how each watch fares, and whether it is looked at as often as promised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from clearance.output import emit_json, emit_line, show

_NEWEST_LOOKS = """
SELECT l.url, max(l.looked_at) AS looked_at, arg_max(l.outcome, l.looked_at) AS outcome
FROM looks AS l JOIN runs AS r ON r.run_id = l.run_id AND r.kind <> 'wayback' GROUP BY l.url
"""


# The same as between a daily run and the alarm of `clearance serve`.
_GRACE = timedelta(hours=2)


def next_look(last: datetime | None, every: float, now: datetime) -> tuple[datetime | None, bool]:
    """When a page is due again that is looked at every so many hours, and whether that is long past. A page that
    nobody looked at yet is due with the next run, and not late."""
    if last is None:
        return None, False
    due = last + timedelta(hours=every)
    return due, now > due + _GRACE


def show_watches(warehouse: Path, catalog: Path, policy: Path, every: float, *, as_json: bool) -> None:
    """A row a watch of the catalog: newest look of its page and what came of it, when the next is due and whether
    that is past, failed looks in a row and why, the newest look that supports what is believed, its age in days, the
    moment the policy calls it too old, and whether it is. `every` is in hours."""
    from catalog import load_catalog, load_policy
    from domain.identity import watch_id
    from warehouse.query import Reader

    limit = load_policy(policy).house.evidence_max_age_days
    now = datetime.now(UTC)
    with Reader.open(warehouse) as reader:
        newest = {url: (at, outcome) for url, at, outcome in reader.query(_NEWEST_LOOKS, max_rows=1_000_000)[1]}
        states = reader.watch_states()
    rows: list[dict[str, object]] = []
    for _, _, source in load_catalog(catalog).sources:
        for watch in source.watches:
            name = watch_id(source.id, watch)
            state = states.get(name)
            looked_at, outcome = newest.get(watch.url, (None, None))
            verified_at = None if state is None or state.accepted is None else state.last_look_at
            age = None if verified_at is None else (now - verified_at).days
            # The moment at which the gate `evidence_stale` closes.
            stale_at = None if verified_at is None else verified_at + timedelta(days=limit)
            due_at, late = next_look(looked_at, every, now)
            rows.append(
                {
                    "watch_id": name,
                    "source_id": source.id,
                    "url": watch.url,
                    "last_look_at": looked_at,
                    "last_outcome": outcome,
                    "next_look_at": due_at,
                    "late": late,
                    "failures": 0 if state is None else state.failures,
                    "failing_reason": None if state is None else state.failing_reason,
                    "unstable": state is not None and state.unstable,
                    "change_unconfirmed": state is not None and state.pending is not None,
                    "verified_at": verified_at,
                    "age_days": age,
                    "stale_at": stale_at,
                    "stale": stale_at is None or now > stale_at,
                }
            )
    if as_json:
        emit_json(rows)
        return
    from reports.terminal import rows_table

    looks = ("source_id", "url", "last_look_at", "last_outcome", "next_look_at", "late", "failures", "failing_reason")
    names = (*looks, "age_days", "stale_at", "stale")
    # What needs a person comes last, where the eye is after a long table.
    rows.sort(key=lambda row: (row["stale"], row["late"], row["failures"], row["source_id"]))
    show(rows_table(names, [[_shown(row[name]) for name in names] for row in rows]))
    failing = sum(row["failures"] != 0 for row in rows)
    emit_line(
        f"{len(rows)} watches, {failing} failing, {sum(row['late'] is True for row in rows)} late,"
        f" {sum(row['stale'] is True for row in rows)} stale or never read"
    )


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return {True: "yes", False: ""}[value] if isinstance(value, bool) else value

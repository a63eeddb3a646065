"""What a warehouse holds, apart from when and by which run: two runs that saw the same must leave the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from warehouse.query import Reader

Contents = Mapping[str, Counter[str]]
"""Per kind of thing, how often each occurs."""

_CLOCK = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d UTC)?")
_MOST = 1_000_000
_QUERIES = {
    "snapshots": "SELECT DISTINCT url, final_url, sha256, origin FROM snapshots",
    "versions": "SELECT version_id, watch_id, sha256, reader, text_sha256, determination, reading FROM versions",
    "findings": "SELECT version_id, ordinal, rule, quote FROM findings",
    "states": "SELECT watch_id, accepted_version_id, pending_version_id, unstable, failing_alerted, gone,"
    # A run that has to begin anew may be told that a page is not modified since the one that was killed.
    " failing_reason, replace(last_outcome, 'not_modified', 'snapshot') FROM watch_states"
    " QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq DESC) = 1",
    "variants": "SELECT watch_id, version_id FROM watch_variants"
    " WHERE state_seq IN (SELECT max(seq) FROM watch_states GROUP BY watch_id)",
    "changes": "SELECT watch_id, kind, confirmed, alert, direction, relicensed, rights_changed, quote_before,"
    " quote_after, reason, version_before, version_after FROM change_rows",
    "tiers": "SELECT source_id, tier_before, tier, cause FROM tier_history",
    "facts": "SELECT source_id, name, value, number, unit, url FROM dataset_facts",
}
_OF_TIME = frozenset({"seq", "run_id", "decided_at", "verified_at", "valid_until", "looks", "first_seen", "at"})
_OF_ALERTS = frozenset({"change_id", "flips", "failures"})


def contents_of(warehouse: Path) -> Contents:
    """Everything that must not depend on how often a run had to begin anew."""
    with Reader.open(warehouse) as reader:
        found = {name: Counter(map(repr, reader.query(sql, 60, _MOST)[1])) for name, sql in _QUERIES.items()}
        names, rows = reader.query(
            "SELECT * FROM decisions QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY seq DESC) = 1",
            60,
            _MOST,
        )
        found["decisions"] = Counter(
            json.dumps(_timeless(dict(zip(names, row, strict=True))), sort_keys=True, default=str) for row in rows
        )
        alerts = reader.alerts()
        found["alerts"] = Counter(
            repr((alert.kind.value, alert.source_id, alert.title, alert.url, _told(alert.payload))) for alert in alerts
        )
        last = reader.last_assessment()
        text = "" if last is None else reader.assessment_text(last.sha256).decode()
        found["assessment"] = Counter(_CLOCK.sub("then", text).splitlines())
    return found


def _told(payload: Mapping[str, object]) -> str:
    return json.dumps({name: value for name, value in payload.items() if name not in _OF_ALERTS}, sort_keys=True)


def _timeless(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("{", "["):
        return _timeless(json.loads(value))
    if isinstance(value, dict):
        return {name: _timeless(item) for name, item in value.items() if name not in _OF_TIME}
    if isinstance(value, (list, tuple)):
        return [_timeless(item) for item in value]
    return value


def holes_of(warehouse: Path) -> list[str]:
    """What `clearance verify` would name, and alerts told under one key twice."""
    with Reader.open(warehouse) as reader:
        holes = list(reader.verify().holes)
        _, twice = reader.query("SELECT dedupe_key FROM alert_outbox GROUP BY ALL HAVING count(*) > 1")
    return holes + [f"two alerts have the key {key}" for (key,) in twice]


def differences(expected: Contents, found: Contents) -> list[str]:
    """One sentence a kind of thing that differs, with an example."""
    sentences = []
    for name, wanted in expected.items():
        lost, extra = wanted - found[name], found[name] - wanted
        if lost or extra:
            example = next(iter(lost or extra))
            sentences.append(f"{name}: {lost.total()} lost, {extra.total()} more, such as {example[:300]}")
    return sentences

"""Whether two warehouses hold the same: everything but when it was seen, and which run saw it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from warehouse.query import Reader

# Ids of changes and alerts are made of the time of the look; the rest names what the rows mean.
SUBSTANCE = {
    "looks": "SELECT l.url, l.outcome, l.reason, l.status, l.attempts, s.sha256, s.media_type, s.final_url"
    " FROM looks AS l LEFT JOIN snapshots AS s ON s.snapshot_id = l.snapshot_id",
    "versions": "SELECT version_id, watch_id, source_id, url, sha256, origin, reader, text_sha256, determination,"
    " reading FROM versions",
    "findings": "SELECT version_id, ordinal, rule, quote, start_offset, end_offset, license, rights, duties"
    " FROM findings",
    "states": "SELECT watch_id, accepted_version_id, pending_version_id, pending_since IS NULL, len(flips), unstable,"
    " failures, failing_reason, failing_alerted, gone, last_outcome FROM watch_states",
    "changes": "SELECT watch_id, kind, confirmed, alert, direction, relicensed, licenses_before, licenses_after,"
    " determination_before, determination_after, rights_changed, duties_before, duties_after, quote_before,"
    " quote_after, reason, version_before, version_after FROM change_rows",
    "alerts": "SELECT kind, source_id, title, body, url FROM alert_outbox",
    "decisions": "SELECT cause, source_id, license_declared, license_concluded, determination, tier, tier_if_verified,"
    " gates, rights, duties, evidence, evidence_grade, authority, effort, phase, adoption_rank, contradictions, notes,"
    " decided_by, reasons FROM decisions",
    # The common base that others lie on is no body of a page: it is made of those that came first.
    "bodies": "SELECT sha256, bytes FROM bodies WHERE sha256 IN (SELECT sha256 FROM snapshots UNION ALL"
    " SELECT text_sha256 FROM versions)",
}
_MOST = 10_000_000
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")


def substance(warehouse: Path) -> dict[str, Counter[str]]:
    """The rows of each table as text without times, each with how often it is there."""
    with Reader.open(warehouse) as reader:
        return {
            name: Counter(_TIME.sub("<time>", repr(row)) for row in reader.query(sql, 600.0, _MOST)[1])
            for name, sql in SUBSTANCE.items()
        }


def differences(one: dict[str, Counter[str]], other: dict[str, Counter[str]]) -> list[str]:
    """Where two warehouses differ, a line a table; nothing where they hold the same."""
    found = []
    for name in one:
        less, more = one[name] - other[name], other[name] - one[name]
        if less or more:
            example = next(iter((*less, *more)))
            found.append(f"{name}: {less.total()} rows only here, {more.total()} only there, such as {example[:400]}")
    return found

# ruff: noqa: E501 - statements in columns
"""`python -m bench.speed.views`: every view over five years of daily runs on 1,000 pages.

The years are made, not lived: a small web is looked at twice, before and after its changes, and what the warehouse
then holds is repeated for every page and day, with other ids and times. So all shapes are those of real runs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from bench.drift.model import Epoch
from bench.speed.results import table
from bench.speed.web import ROOT, loopback_web
from warehouse.publish import read_copy_path
from warehouse.query import Reader
from warehouse.store import Warehouse

VIEWS = (
    "tier_now",
    "tier_history",
    "tier_as_of(TIMESTAMPTZ '2024-06-01 00:00:00+00')",
    "changes",
    "license_history",
    "evidence",
    "open_gates",
    "contradictions",
    "stale_pages",
    "runs",
    "alerts",
)
MOST_MS = 200
_SEED_PAGES = 50
_TIMES = 5
# Of every thousand days a page changes on so many.
_CHANGES_A_DAY = 1 / 300

# What a day adds: {n} copies of the seed's pages, {d} days. Every id gets the copy, and the day where rows are daily.
_STATEMENTS = (
    "INSERT INTO run_starts SELECT 'day-' || d, d, $start + to_days(CAST(d AS INTEGER)), kind, parameters,"
    " catalog_sha256, policy_sha256, reader FROM (SELECT * FROM seed.run_starts LIMIT 1), range(1, $days + 1) AS t(d)",
    "INSERT INTO run_ends SELECT 'day-' || d, $start + to_days(CAST(d AS INTEGER)) + INTERVAL 10 MINUTE, pages, outcomes,"
    " changes, alerts, assessment, why, seconds, problems"
    " FROM (SELECT * FROM seed.run_ends LIMIT 1), range(1, $days + 1) AS t(d)",
    "INSERT INTO pages SELECT page_id || '-' || n, url || '-' || n, 'day-1' FROM seed.pages, range($copies) AS t(n)",
    "INSERT INTO bodies SELECT sha256, bytes, stored_bytes, encoding FROM seed.bodies",
    "INSERT INTO snapshots SELECT snapshot_id || '-' || n || '-' || c, page_id || '-' || n, url || '-' || n, final_url,"
    " $start + to_days(CAST(1 + c * $every AS INTEGER)), status, media_type, charset, headers, redirects, sha256, origin,"
    " method FROM (SELECT * FROM seed.snapshots QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY seen_at) = 1),"
    " range($copies) AS t(n), range($changes) AS u(c)",
    "INSERT INTO looks SELECT look_id || '-' || n || '-' || d, row_number() OVER (ORDER BY d, n), 'day-' || d,"
    " page_id || '-' || n, url || '-' || n, $start + to_days(CAST(d AS INTEGER)),"
    " CASE WHEN d % $every = 1 THEN 'snapshot' ELSE 'not_modified' END, NULL, 200,"
    " snapshot_id || '-' || n || '-' || CAST(floor((d - 1) / $every) AS INTEGER), 1, 0.2, NULL, etag, NULL FROM"
    " (SELECT * FROM seed.looks WHERE outcome = 'snapshot' QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY seq) = 1),"
    " range($copies) AS t(n), range(1, $days + 1) AS u(d)",
    "INSERT INTO versions SELECT version_id || '-' || n || '-' || c, row_number() OVER (ORDER BY c, n),"
    " 'day-' || (1 + c * $every), watch_id || '-' || n, source_id || '_' || n, page_id || '-' || n, url || '-' || n,"
    " sha256, $start + to_days(CAST(1 + c * $every AS INTEGER)), origin, reader, text_sha256, licenses,"
    " CASE WHEN c % 2 = 0 THEN expression ELSE 'CC-BY-NC-4.0' END, determination, rights, duties, per_item, language,"
    " suspect, reading FROM (SELECT * FROM seed.versions QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq) = 1),"
    " range($copies) AS t(n), range($changes) AS u(c)",
    "INSERT INTO findings SELECT version_id || '-' || n || '-' || c, ordinal, kind, rule, quote, start_offset, end_offset,"
    " subject, scope_layers, scope_words, license, rights, duties, note FROM seed.findings, range($copies) AS t(n),"
    " range($changes) AS u(c)",
    "INSERT INTO watch_states SELECT row_number() OVER (ORDER BY d, n), 'day-' || d, watch_id || '-' || n,"
    " source_id || '_' || n, url || '-' || n,"
    " accepted_version_id || '-' || n || '-' || CAST(floor((d - 1) / $every) AS INTEGER), NULL, NULL, [], FALSE, 0, NULL,"
    " FALSE, FALSE, $start + to_days(CAST(d AS INTEGER)), 'not_modified' FROM (SELECT * FROM seed.watch_states"
    " WHERE accepted_version_id IS NOT NULL QUALIFY row_number() OVER (PARTITION BY watch_id ORDER BY seq) = 1),"
    " range($copies) AS t(n), range(1, $days + 1) AS u(d)",
    "INSERT INTO change_rows SELECT change_id || '-' || n || '-' || c, confirmed, alert, kind, row_number() OVER (ORDER BY c, n),"
    " 'day-' || (1 + c * $every), source_id || '_' || n, page_id || '-' || n, watch_id || '-' || n, url || '-' || n,"
    " $start + to_days(CAST(1 + c * $every AS INTEGER)), direction, relicensed, licenses_before, licenses_after,"
    " determination_before, determination_after, rights_changed, duties_before, duties_after, quote_before, quote_after,"
    " reason, version_before, version_after FROM seed.change_rows, range($copies) AS t(n), range($changes) AS u(c)",
    "INSERT INTO decisions SELECT s.* REPLACE (row_number() OVER (ORDER BY c, n) AS seq, 'day-' || (1 + c * $every) AS run_id,"
    " $start + to_days(CAST(1 + c * $every AS INTEGER)) AS decided_at, source_id || '_' || n AS source_id,"
    " CASE WHEN c % 2 = 0 THEN tier ELSE 'blocked' END AS tier)"
    " FROM (SELECT * FROM seed.decisions QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY seq) = 1) AS s,"
    " range($copies) AS t(n), range($changes) AS u(c)",
    "INSERT INTO verifications SELECT row_number() OVER (ORDER BY d, n), 'day-' || d, source_id || '_' || n,"
    " $start + to_days(CAST(d AS INTEGER)), $start + to_days(CAST(d AS INTEGER)),"
    " $start + to_days(CAST(d + 180 AS INTEGER)), looks FROM (SELECT * FROM seed.verifications"
    " QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY seq) = 1), range($copies) AS t(n), range(1, $days + 1) AS u(d)",
    "INSERT INTO alert_outbox SELECT alert_id || '-' || n || '-' || c, row_number() OVER (ORDER BY c, n),"
    " dedupe_key || '-' || n || '-' || c, 'day-' || (1 + c * $every), kind, source_id || '_' || n, title, body, url,"
    " $start + to_days(CAST(1 + c * $every AS INTEGER)), payload FROM seed.alert_outbox, range($copies) AS t(n),"
    " range($changes) AS u(c)",
)


def view_lines(folder: Path, pages: int, days: int, say: Callable[[str], None]) -> list[str]:
    """Make the years in `folder` and ask every view for the first 1,000 rows and for how many it has."""
    seed = _seed(folder)
    path = folder / "years" / "clearance.duckdb"
    began = time.monotonic()
    make_years(seed, path, pages // _SEED_PAGES, days)
    size = read_copy_path(path).stat().st_size / 1e6
    say(f"{days} days of {pages} pages made in {time.monotonic() - began:.0f} s, {size:.0f} MB")
    rows = []
    with Reader.open(path) as reader:
        for view in VIEWS:
            first = _milliseconds(reader, f"SELECT * FROM {view} LIMIT 1000")
            number = _milliseconds(reader, f"SELECT count(*) FROM {view}")
            [(held,)] = reader.query(f"SELECT count(*) FROM {view}")[1]
            reached = "yes" if first <= MOST_MS else "**no**"
            rows.append((f"`{view.partition('(')[0]}`", f"{held:,}", f"{first:.0f}", f"{number:.0f}", reached))
    return [
        f"{pages:,} pages, {days:,} days, a change of every page each {round(1 / _CHANGES_A_DAY)} days: {size:.0f} MB "
        f"for readers. Wall milliseconds, median of {_TIMES}; wanted are at most {MOST_MS} for what a person looks at.",
        "",
        *table(("view", "rows", "first 1,000 rows, ms", "count, ms", "reached"), rows),
    ]


def make_years(seed: Path, path: Path, copies: int, days: int) -> None:
    """A warehouse at `path` that repeats what the one at `seed` holds."""
    with Warehouse.open(path) as warehouse:
        con = warehouse._con
        con.execute("ATTACH $seed AS seed (READ_ONLY)", {"seed": str(seed)})
        every = round(1 / _CHANGES_A_DAY)
        values: dict[str, object] = {
            "start": duckdb.execute("SELECT now() - to_days(CAST($days AS INTEGER))", {"days": days}).fetchall()[0][0],
            "days": days,
            "copies": copies,
            "every": every,
            "changes": (days - 1) // every + 1,
        }
        for statement in _STATEMENTS:
            con.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
        con.execute("DETACH seed")
        warehouse.publish_read_copy()


def _seed(folder: Path) -> Path:
    from flows.run_pipeline import run_pipeline
    from flows.run_settings import Run, RunSettings

    with loopback_web(_SEED_PAGES) as web:
        web.write_catalog(folder / "catalog")
        settings = RunSettings(
            catalog=str(folder / "catalog"),
            policy=str(ROOT / "policy"),
            warehouse=str(folder / "seed" / "clearance.duckdb"),
            out=str(folder / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        for epoch in (Epoch.BASELINE, Epoch.MUTATED):
            web.turn(epoch)
            run_pipeline(Run.begin(settings))
    return read_copy_path(Path(settings.warehouse))


def _milliseconds(reader: Reader, sql: str) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.monotonic()
        reader.query(sql)
        taken.append(time.monotonic() - began)
    return 1000 * median(taken)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.speed.views", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--days", type=int, default=5 * 365)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="views-") as scratch:
        print("\n".join(view_lines(Path(scratch), chosen.pages, chosen.days, print)))

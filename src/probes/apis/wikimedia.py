"""Wikimedia dumps: the folder of a wiki's runs, and the status of one run."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urljoin

from probes.apis import listings
from probes.apis.json_fields import Fields
from probes.apis.page_urls import page_of
from probes.apis.reading import ApiAnswer, ApiReading, DataFile, Sheet
from probes.listing import parse_listing

_STATUS_FILE = "dumpstatus.json"
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ENDED = frozenset({"done", "skipped"})


def urls(page: str) -> tuple[str, ...]:
    """The folder of runs, or the status of the run that the address names."""
    found = page_of(page)
    if found is None or not found.segments:
        return ()
    segments = found.segments[:-1] if found.segments[-1] == _STATUS_FILE else found.segments
    place = f"{found.base}/{'/'.join(segments)}/"
    return (f"{place}{_STATUS_FILE}",) if segments and _day(segments[-1]) else (place,)


def follow(answer: ApiAnswer) -> tuple[str, ...]:
    """The status of the newest run in a folder that was not begun only just now."""
    if answer.url.endswith(_STATUS_FILE):
        return ()
    listing = parse_listing(answer.url, answer.body, answer.media_type)
    runs = sorted((day, entry.name) for entry in listing.entries if entry.is_folder and (day := _day(entry.name)))
    # A run takes days; the newest one that has had time tells the size of the whole.
    old_enough = [name for day, name in runs if answer.seen_at.date() - day >= timedelta(days=5)]
    return (urljoin(answer.url, f"{old_enough[-1]}/{_STATUS_FILE}"),) if old_enough else ()


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Releases and cadence of a folder; size, files, formats and completeness of one run."""
    if not answer.url.endswith(_STATUS_FILE):
        return listings.read(source_id, answer)
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    jobs = root.fields("jobs")
    if root.text("version") is None or not jobs:
        return sheet.reading("not the status of a dump")
    rows = [jobs.fields(name) for name in jobs.names()]
    states = [row.text("status") for row in rows]
    ended = sum(state in _ENDED for state in states)
    sheet.fact("run_status", f"{ended} of {len(states)} jobs done", float(ended), "jobs")
    failed = [name for name, state in zip(jobs.names(), states, strict=True) if state not in (*_ENDED, "waiting")]
    if failed:
        sheet.notes.add(f"jobs not done: {', '.join(failed[:20])}")
    done = [row for row, state in zip(rows, states, strict=True) if state == "done"]
    sheet.day("last_modified", max((day for row in done if (day := row.day("updated"))), default=None))
    sheet.day("newest_release", _day(answer.url.split("/")[-2]))
    # One file can be the product of several jobs: the name tells them apart.
    files = {name: row for job in done for name, row in _files(job)}
    sheet.files([DataFile(name, row.count("size")) for name, row in files.items()], more=ended < len(states))
    return sheet.reading()


def _files(job: Fields) -> list[tuple[str, Fields]]:
    files = job.fields("files")
    return [(name, files.fields(name)) for name in files.names()]


def _day(name: str) -> date | None:
    stamp = _RUN.fullmatch(name)
    if stamp is None:
        return None
    try:
        return date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
    except ValueError:
        return None

"""Directory listings: what they list, and what that tells of a dataset without downloading any of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.probing import DatasetFact
from probes.data_files import cadence_of, compressions_of, format_of, is_beside, size_in_words
from probes.listing_forms import MOST_BYTES, ListingEntry, bucket_entries, html_entries, json_entries

__all__ = ["Listing", "ListingEntry", "measure", "parse_listing"]

_MOST_ENTRIES = 20_000
_FIRST_YEAR = 1990
_STAMP = re.compile(r"(?<!\d)(\d{4})(-?)(\d{2})\2(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries in the server's order, names unique. `truncated`: there are more than these."""

    entries: tuple[ListingEntry, ...]
    truncated: bool


def parse_listing(url: str, body: bytes, media_type: str) -> Listing:
    """The listing in a body fetched from `url`; without entries when it is none, or broken."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    truncated = len(body) > MOST_BYTES
    entries: Iterable[ListingEntry]
    if media_type.endswith("/json") or start.startswith(b"["):
        entries = json_entries(body)
    elif b"<ListBucketResult" in start:
        entries, more = bucket_entries(body)
        truncated = truncated or more
    else:
        entries = html_entries(url, body[:MOST_BYTES].decode("utf-8", "replace"))
    named: dict[str, ListingEntry] = {}
    for entry in entries:
        if len(named) >= _MOST_ENTRIES:
            truncated = True
            break
        named.setdefault(entry.name, entry)
    return Listing(tuple(named.values()), truncated)


def measure(source_id: str, listing: Listing, url: str, seen_at: datetime) -> tuple[DatasetFact, ...]:
    """Measured facts from one listing: sizes in bytes, cadence in days.

    Dates in the names of folders and files make releases. Size, count and formats are those of the
    newest release's files where files are dated, else of all undated files. A rounded size is "about";
    what a cut listing or subfolders leave open is "at least". What is not shown is left out.
    """
    data = [entry for entry in listing.entries if not is_beside(entry.name)]
    day_of = {entry.name: day for entry in data if (day := _day_in(entry.name, seen_at)) is not None}
    days = sorted(set(day_of.values()))
    files = _newest_files(data, day_of, days)
    folders = any(entry.is_folder and day_of.get(entry.name) is None for entry in data)
    more = listing.truncated or folders
    facts: list[DatasetFact] = []

    def add(name: str, value: str, number: float | None = None, unit: str | None = None) -> None:
        facts.append(DatasetFact(source_id, name, value, number, unit, url, seen_at, measured=True))

    sizes = [entry.size_bytes for entry in files if entry.size_bytes is not None]
    if sizes:
        words = ["at least"] if more or len(sizes) < len(files) else []
        words += ["about"] if any(entry.approximate for entry in files) else []
        add("size_bytes", " ".join([*words, size_in_words(sum(sizes))]), float(sum(sizes)), "bytes")
    if files:
        add("file_count", f"at least {len(files)}" if more else str(len(files)), float(len(files)), "files")
    formats = sorted({form for entry in files if (form := format_of(entry.name))})
    if formats:
        add("formats", ", ".join(formats))
    compressions = compressions_of(formats)
    if compressions:
        add("compression", ", ".join(compressions))
    if days:
        newest = days[-1].isoformat()
        add("newest_release", f"not before {newest}" if listing.truncated else newest)
        count = f"at least {len(days)}" if listing.truncated else str(len(days))
        add("release_count", count, float(len(days)), "releases")
    cadence = cadence_of(days)
    if cadence is not None:
        add("cadence_days", cadence[1], cadence[0], "days")
    return tuple(facts)


def _newest_files(data: Sequence[ListingEntry], day_of: dict[str, date], days: Sequence[date]) -> list[ListingEntry]:
    files = [entry for entry in data if not entry.is_folder]
    newest = [entry for entry in files if days and day_of.get(entry.name) == days[-1]]
    return newest or [entry for entry in files if entry.name not in day_of]


def _day_in(name: str, seen_at: datetime) -> date | None:
    """The last date in a name that can be a day of release: not in the far past, not in the future."""
    for stamp in reversed(list(_STAMP.finditer(name[:500]))):
        try:
            day = date(int(stamp[1]), int(stamp[3]), int(stamp[4]))
        except ValueError:
            continue
        # One day of grace: the publisher's clock may be ahead of UTC.
        if day.year >= _FIRST_YEAR and (day - seen_at.date()).days <= 1:
            return day
    return None

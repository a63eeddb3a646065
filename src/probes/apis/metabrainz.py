"""MetaBrainz dump folders: dated folders, a LATEST file, and the files of the newest dump."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urljoin, urlsplit

from probes.apis import listings
from probes.apis.page_urls import page_of
from probes.apis.reading import ApiAnswer, ApiReading, DataFile, Sheet
from probes.listing import Listing, parse_listing

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})-\d{6}")
_FOLDER = re.compile(r"(?:[a-z]+-(?:[a-z]+-)*dump-(?:\d+-)?)?(\d{8}-\d{6})(?:-(?:full|incremental))?")


def urls(page: str) -> tuple[str, ...]:
    """The folder of dumps and its LATEST file."""
    if page_of(page) is None or urlsplit(page).query:
        return ()
    folder = page if page.endswith("/") else f"{page}/"
    return (folder, urljoin(folder, "LATEST"))


def follow(answer: ApiAnswer) -> tuple[str, ...]:
    """The folder of the newest dump, where its files are listed."""
    if not answer.url.endswith("/") or _dump_day(_last_segment(answer.url)) is not None:
        return ()
    listing = parse_listing(answer.url, answer.body, answer.media_type)
    newest = max(_dated_folders(listing), default=None)
    return () if newest is None else (urljoin(answer.url, f"{newest[1]}/"),)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Releases and cadence of the folder; size, files and formats of one dump; the day LATEST names."""
    if answer.url.endswith("/LATEST"):
        sheet = Sheet(source_id, answer)
        stamp = answer.body[:100].decode("ascii", "replace").strip()
        day = _dump_day(stamp) if _STAMP.fullmatch(stamp) else None
        if day is None:
            return sheet.reading("no stamp of a dump")
        sheet.day("newest_release", day)
        sheet.fact("revision", stamp)
        return sheet.reading()
    if _dump_day(_last_segment(answer.url)) is None:
        return listings.read(source_id, answer)
    return _read_dump(source_id, answer)


def _read_dump(source_id: str, answer: ApiAnswer) -> ApiReading:
    sheet = Sheet(source_id, answer)
    listing = parse_listing(answer.url, answer.body, answer.media_type)
    files = [entry for entry in listing.entries if not entry.is_folder]
    if not files:
        return sheet.reading("no files in the dump's folder")
    if any(entry.approximate for entry in files):
        sheet.notes.add("the server rounds the sizes")
    sheet.files([DataFile(entry.name, entry.size_bytes) for entry in files], more=listing.truncated)
    return sheet.reading()


def _dated_folders(listing: Listing) -> list[tuple[date, str]]:
    return [
        (day, entry.name) for entry in listing.entries if entry.is_folder and (day := _dump_day(entry.name)) is not None
    ]


def _dump_day(name: str) -> date | None:
    found = _FOLDER.fullmatch(name[:200])
    stamp = _STAMP.fullmatch(found[1]) if found else None
    if stamp is None:
        return None
    try:
        return date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
    except ValueError:
        return None


def _last_segment(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]

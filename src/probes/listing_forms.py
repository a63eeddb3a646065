"""The forms directory listings come in: nginx autoindex (HTML and JSON), Apache mod_autoindex, S3 buckets.

Everything here is pure. Names come from links, never from the text, which servers cut short.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from lxml import etree

MOST_BYTES = 5_000_000
_LARGEST = 10**18
_ANCHOR = re.compile(
    r"<a\s[^<>]{0,2000}?href\s*=\s*(?:\"([^\"<>]{0,2000})\"|'([^'<>]{0,2000})')[^<>]{0,2000}>", re.IGNORECASE
)
_INDEX = re.compile(r"index of|directory listing|\?download=", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_TIME = re.compile(r"\b(\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?|\d{1,2}-[A-Z][a-z]{2}-\d{4} \d{2}:\d{2}(?::\d{2})?)\b")
_SIZE = re.compile(r"(?<![\w.-])(\d{1,18}(?:\.\d{1,3})?)\s?([KMGTP]?)i?B?(?![\w.-])", re.IGNORECASE)
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4, "P": 1024**5}
_TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d-%b-%Y %H:%M:%S", "%d-%b-%Y %H:%M")


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """One file or folder. `approximate`: the server rounded the size ("7.2G"). `modified` is taken as
    UTC, which listings do not say."""

    name: str
    is_folder: bool
    size_bytes: int | None
    modified: datetime | None
    approximate: bool = False


def html_entries(url: str, text: str) -> Iterator[ListingEntry]:
    """Files and folders linked from a page, whatever server made it.

    A link counts when a date stands beside it or the page calls itself an index: any page has links.
    """
    is_index = _INDEX.search(text[:4096]) is not None
    base = urlsplit(url)
    folder = base.path if base.path.endswith("/") else base.path.rpartition("/")[0] + "/"
    anchors = list(_ANCHOR.finditer(text))
    for number, anchor in enumerate(anchors):
        name = _child(url, folder, (anchor.group(1) or anchor.group(2) or "").replace("&amp;", "&"))
        if name is None:
            continue
        end = anchors[number + 1].start() if number + 1 < len(anchors) else len(text)
        beside = text[anchor.end() : min(end, anchor.end() + 2000)]
        # The link's own words may hold a date or a size; only what stands after it describes it.
        close = beside.lower().find("</a>")
        beside = _TAG.sub(" ", beside[close + 4 :] if close >= 0 else beside).replace("&nbsp;", " ")
        is_folder = name.endswith("/")
        stamp = _TIME.search(beside)
        if stamp is None and not is_index:
            continue
        size = None if is_folder or stamp is None else _SIZE.search(beside, stamp.end())
        yield ListingEntry(
            name=name.rstrip("/"),
            is_folder=is_folder,
            size_bytes=_bytes_of(size) if size else None,
            modified=_time(stamp.group(1)) if stamp else None,
            approximate=bool(size and (size.group(2) or "." in size.group(1))),
        )


def _child(url: str, folder: str, link: str) -> str | None:
    """The name a link gives to something directly inside the listed folder; None for other links."""
    if not link or link.startswith(("?", "#", "javascript:", "mailto:", "data:")):
        return None
    try:
        target = urlsplit(urljoin(url, link))
    except ValueError:
        return None
    download = parse_qs(target.query).get("download", [""])[0]
    if download:  # the web front of some buckets links "?download=KEY"
        return download.rpartition("/")[2] or None
    if target.netloc != urlsplit(url).netloc or target.query or not target.path.startswith(folder):
        return None
    name = unquote(target.path[len(folder) :])
    plain = name.rstrip("/")
    return name if plain and "/" not in plain and plain not in (".", "..") else None


def _bytes_of(size: re.Match[str]) -> int:
    return round(float(size.group(1)) * _UNITS[size.group(2).upper()])


def _time(text: str) -> datetime | None:
    for form in _TIME_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def json_entries(body: bytes) -> Iterator[ListingEntry]:
    """The rows of nginx autoindex in its JSON form."""
    try:
        rows: Any = json.loads(body[:MOST_BYTES])
    except (ValueError, RecursionError):
        return
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip("/"):
            continue
        size = row.get("size")
        is_size = isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= _LARGEST
        yield ListingEntry(
            name=row["name"].rstrip("/"),
            is_folder=row.get("type") == "directory",
            size_bytes=size if is_size else None,
            modified=_http_time(row.get("mtime")),
        )


def _http_time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        time = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def bucket_entries(body: bytes) -> tuple[list[ListingEntry], bool]:
    """Folders and files of a ListBucketResult, and whether the bucket holds more."""
    # No entities, no DTD, no network, no huge trees: the document is a stranger's.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return [], False
    try:
        root = etree.fromstring(body[:MOST_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return [], False
    prefix = root.findtext("{*}Prefix") or ""
    entries = [
        ListingEntry(name=key[len(prefix) :].rstrip("/"), is_folder=True, size_bytes=None, modified=None)
        for key in (node.findtext("{*}Prefix") or "" for node in root.iterfind("{*}CommonPrefixes"))
        if key.startswith(prefix) and key[len(prefix) :].strip("/")
    ]
    for node in root.iterfind("{*}Contents"):
        key = node.findtext("{*}Key") or ""
        name = key[len(prefix) :] if key.startswith(prefix) else key
        if name.strip("/"):
            size = (node.findtext("{*}Size") or "").strip()
            entries.append(
                ListingEntry(
                    name=name.rstrip("/"),
                    is_folder=name.endswith("/"),
                    size_bytes=int(size) if size.isascii() and size.isdigit() and len(size) <= 18 else None,
                    modified=_iso_time(node.findtext("{*}LastModified") or ""),
                )
            )
    return entries, (root.findtext("{*}IsTruncated") or "").strip().lower() == "true"


def _iso_time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)

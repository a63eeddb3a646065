"""Making a snapshot of one HTTP response, the same way for the network and for recordings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from domain.probing import Snapshot
from domain.vocabulary import Origin

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:+-]{1,40})", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
# Session secrets are no evidence and must not be kept.
_DROPPED = frozenset({"set-cookie", "set-cookie2"})


def header_map(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-cased name, repeated ones joined by commas, cookies left out."""
    joined: dict[str, str] = {}
    for raw_name, value in headers:
        name = raw_name.lower()
        if name not in _DROPPED:
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def snapshot_of(
    *,
    url: str,
    final_url: str,
    seen_at: datetime,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    origin: Origin,
    method: str,
    redirects: tuple[str, ...] = (),
) -> Snapshot:
    """A snapshot of a decoded body; `redirects` are the URLs that sent us on, in order, the asked
    one first (empty when the asked URL answered itself)."""
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    return Snapshot(
        url=url,
        final_url=final_url,
        seen_at=seen_at,
        status=status,
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else _sniffed(body),
        charset=charset.group(1).lower() if charset else None,
        headers=headers,
        body=body,
        sha256=sha256(body).hexdigest(),
        origin=origin,
        method=method,
        redirects=redirects,
    )


def _sniffed(body: bytes) -> str:
    """A media type for a server that names none: enough to choose a reader, no more."""
    start = body[:1024]
    if b"\x00" in start:
        return "application/octet-stream"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "text/html"
    return "text/plain"

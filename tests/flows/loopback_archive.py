"""A web archive on loopback: a CDX index in parts, and raw mementos, of pages given by date."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FIELDS = ["timestamp", "original", "mimetype", "statuscode", "digest"]
ROWS_A_PART = 25


@dataclass
class ArchiveSite:
    """`captures` by timestamp (`20150401120000`): a page, or a status. `fetched` are the timestamps of the
    mementos asked for. The `missing` are in the index alone. After `stop_after` of them nothing is answered
    until `go_on` is set.
    """

    url: str
    captures: dict[str, str | int] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    index_status: int = 200
    stop_after: int | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    base: str = ""

    def index(self, query: dict[str, list[str]]) -> bytes:
        asked = query["url"][0]
        first, last = query["from"][0], query["to"][0]
        start = int(query.get("resumeKey", ["0"])[0])
        rows = [
            [stamp, self.url, "text/html", str(page if isinstance(page, int) else 200), _digest(page)]
            for stamp, page in sorted(self.captures.items())
            if asked == self.url and first <= stamp <= last
        ]
        part = rows[start : start + ROWS_A_PART]
        more = [[], [str(start + ROWS_A_PART)]] if len(rows) > start + ROWS_A_PART else []
        return json.dumps([FIELDS, *part, *more] if part else []).encode()


def _digest(page: str | int) -> str:
    return sha1(str(page).encode(), usedforsecurity=False).hexdigest().upper()


@contextmanager
def loopback_archive(url: str) -> Iterator[ArchiveSite]:
    site = ArchiveSite(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/cdx/search/cdx":
                body = site.index(parse_qs(parts.query)) if site.index_status == 200 else b""
                self.answer(site.index_status, body, "application/json", {})
            elif parts.path.startswith("/web/"):
                self.memento(parts.path.removeprefix("/web/").partition("id_/")[0])
            else:
                self.answer(404, b"", "text/plain", {})

        def memento(self, stamp: str) -> None:
            if site.stop_after is not None and len(site.fetched) >= site.stop_after:
                site.stopped.set()
                site.go_on.wait(30)
            site.fetched.append(stamp)
            page = 404 if stamp in site.missing else site.captures.get(stamp, 404)
            at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            status, body = (page, b"") if isinstance(page, int) else (200, page.encode())
            self.answer(
                status, body, "text/html; charset=utf-8", {"Memento-Datetime": format_datetime(at, usegmt=True)}
            )

        def answer(self, status: int, body: bytes, media_type: str, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                # Whoever asked was killed meanwhile, as a test means it.
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        site.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()

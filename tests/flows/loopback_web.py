"""A small web and a webhook on loopback, in a thread, for whole runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from flows.run_settings import RunSettings

OPEN = (
    "<html><head><title>Tiny Tunes</title></head><body><nav>Home | Blog</nav><main><h1>Tiny Tunes</h1>"
    "<section id='terms'><h2>License</h2><p>The dataset is licensed under "
    "<a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>.</p></section>"
    "<p>It lists four hundred short songs with title, year and composer, typed in by hand from record covers.</p>"
    "</main></body></html>"
)
CLOSED = OPEN.replace("publicdomain/zero/1.0/'>CC0 1.0", "licenses/by-nc/4.0/'>CC BY-NC 4.0")


@dataclass(frozen=True)
class Reply:
    """An answer that is more than a page or a status. `announced`: bytes promised where fewer are sent."""

    status: int = 200
    body: str | bytes = ""
    media_type: str = "text/html; charset=utf-8"
    location: str | None = None
    announced: int | None = None


@dataclass
class Web:
    """Pages by path: text, the bytes of a PDF, a status, or a whole answer; `headers` are sent with a path's
    page, `posted` holds what the webhook got."""

    pages: dict[str, str | bytes | int | Reply] = field(default_factory=dict)
    posted: list[dict[str, object]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    hook_status: int = 200
    base: str = ""


@contextmanager
def loopback_web() -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.asked.append(self.path)
            page = web.pages.get(self.path, 404)
            if isinstance(page, bytes):
                page = Reply(body=page, media_type="application/pdf")
            self.answer(page if isinstance(page, Reply) else Reply(page) if isinstance(page, int) else Reply(body=page))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            web.posted.append(json.loads(self.rfile.read(length)))
            self.answer(Reply(web.hook_status))

        def answer(self, reply: Reply) -> None:
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            kind = "application/json" if body[:1] in (b"{", b"[") else reply.media_type
            self.send_response(reply.status)
            self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else kind)
            for name, value in web.headers.get(self.path, {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if reply.announced is None else reply.announced))
            if reply.location is not None:
                self.send_header("Location", reply.location)
            self.end_headers()
            self.wfile.write(body)
            if reply.announced is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    web.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def smallest_catalog(folder: Path, web: Web, paths: tuple[str, ...] = ("/p/1",)) -> Path:
    """The smallest catalog of the machine contract: a source a page, `tiny_1`, `tiny_2`, …"""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["provider: example", "datasets:", "  - id: tiny_tunes", "    name: Tiny Tunes", "    sources:"]
    for number, path in enumerate(paths, start=1):
        lines += [
            f"      - id: tiny_{number}",
            "        layer: metadata",
            "        watches:",
            f'          - {{url: "{web.base}{path}", role: license, speaks_for: publisher}}',
        ]
    (folder / "example.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def smallest_settings(folder: Path, web: Web) -> RunSettings:
    """How a run over the smallest catalog is set, all of it under one folder; a change is confirmed at once."""
    return RunSettings(
        catalog=str(smallest_catalog(folder / "catalog", web)),
        policy=str(Path(__file__).parents[2] / "policy"),
        warehouse=str(folder / "w" / "clearance.duckdb"),
        out=str(folder / "out"),
        allow_hosts=("127.0.0.0/8",),
        delay=0,
        confirm_after=0,
    )

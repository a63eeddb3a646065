"""A small web of license pages on loopback that changes once, and a webhook that takes the alerts."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
ANSWER_SECONDS = 0.01

_ZERO = '<a href="https://creativecommons.org/publicdomain/zero/1.0/">CC0 1.0</a>'
_BY_NC = '<a href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC 4.0</a>'
_NO_TRAINING = "You may not use the data to train machine learning models."
_CLOSED_BEFORE, _GONE_BEFORE, _SOFT_404, _CLOSED, _LEAVES = 8, 18, 28, 38, 19
"""The pages that fail: two have failed twice when they change, so that their next failure is told."""


@dataclass
class Web:
    """Pages by path: text, or a status. `served` are the whole pages that went out, `told` counts the
    alerts that the webhook took, by id."""

    pages: dict[str, str | int] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    bases: tuple[str, ...] = ()

    @property
    def hook(self) -> str:
        return f"{self.bases[0]}/hook"

    def url(self, number: int) -> str:
        """Where a page lies: the hosts in turn."""
        return f"{self.bases[number % len(self.bases)]}/p/{number}"


@contextmanager
def loopback_web() -> Iterator[Web]:
    """The web, served on four loopback addresses until the block is left."""
    web = Web()
    with ExitStack() as stack:
        web.bases = tuple(stack.enter_context(_server(host, web)) for host in HOSTS)
        yield web


@contextmanager
def _server(host: str, web: Web) -> Iterator[str]:
    pause = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            pause.wait(ANSWER_SECONDS)
            page = web.pages.get(self.path, 404)
            if isinstance(page, int):
                self.answer(page, b"")
                return
            etag = f'"{sha256(page.encode()).hexdigest()[:12]}"'
            if self.headers.get("If-None-Match") == etag:
                self.answer(304, b"")
                return
            self.answer(200, page.encode(), etag)
            web.served.append(self.path)

        def do_POST(self) -> None:
            taken = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            web.told.update(alert["alert_id"] for alert in taken["alerts"])
            self.answer(200, b"")

        def answer(self, status: int, body: bytes, etag: str | None = None) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if etag is not None:
                    self.send_header("ETag", etag)
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                # Whoever asked was killed.
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return

    server = Server((host, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pages_before(pages: int, *, failing: bool) -> dict[str, str | int]:
    """The web as it was. `failing`: two of its pages are out of order."""
    found: dict[str, str | int] = {f"/p/{number}": _page(number, changed=False) for number in range(pages)}
    return {**found, **({f"/p/{_CLOSED_BEFORE}": 403, f"/p/{_GONE_BEFORE}": 404} if failing else {})}


def pages_after(pages: int) -> dict[str, str | int]:
    """The web after it changed: of ten pages three materially, one in its date, one in its words."""
    found: dict[str, str | int] = {f"/p/{number}": _page(number, changed=True) for number in range(pages)}
    broken: Mapping[str, str | int] = {
        f"/p/{_CLOSED_BEFORE}": 403,
        f"/p/{_GONE_BEFORE}": 404,
        f"/p/{_SOFT_404}": "<html><head><title>Page not found</title></head><body>Nothing here</body></html>",
        f"/p/{_CLOSED}": 403,
    }
    return {**found, **broken}


def _page(number: int, *, changed: bool) -> str:
    license_words, date, more = _ZERO, "3 May 2026", ""
    kind = number % 10
    if kind == 6:
        license_words = _BY_NC
    if changed:
        match kind:
            case 0:
                license_words = _BY_NC
            case 1:
                more = f"<p>{_NO_TRAINING}</p>"
            case 2:
                date = "4 June 2026"
            case 3:
                more = "<p>The songs were typed in by pupils of two schools.</p>"
            case 6:
                license_words = _ZERO
            case _:
                pass
    return (
        f"<html><head><title>Songs {number}</title></head><body><nav>Home | Blog</nav><main><h1>Songs {number}</h1>"
        f"<p>Last updated {date}. It lists {number + 400} short songs with title, year and composer, typed in by hand"
        f" from record covers.</p><h2>License</h2><p>The dataset is licensed under {license_words}.</p>{more}"
        "</main></body></html>"
    )


def write_catalog(folder: Path, web: Web, pages: int, *, leaves: bool) -> Path:
    """A catalog with one source a page. `leaves`: without the one source that leaves it."""
    folder.mkdir(parents=True)
    lines = ["provider: example", "datasets:", "  - id: songs", "    name: Songs", "    sources:"]
    for number in range(pages):
        if leaves and number == _LEAVES:
            continue
        lines += [
            f"      - id: songs_{number}",
            "        layer: metadata",
            "        watches:",
            f'          - {{url: "{web.url(number)}", role: license, speaks_for: publisher}}',
        ]
    (folder / "example.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder

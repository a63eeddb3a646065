"""A page whose terms appear only after its scripts ran, looked at with a real Chromium on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome
from probes.browser import installed_browser
from probes.network import NetworkTransport
from probes.settings import NetworkSettings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(installed_browser() is None, reason="no Chromium is installed"),
]

PAGE = """<html><body><div id="root"></div><script>
document.getElementById('root').textContent = 'The data is licensed under CC BY-NC 4.0.';
fetch('http://127.0.0.2:{port}/stolen').catch(() => 0);
</script></body></html>"""


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']}{self.path}")
            body = PAGE.replace("{port}", str(server.server_address[1])).encode()
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def look(url: str, *, browser: bool, allow: tuple[str, ...] = ("127.0.0.0/8",)) -> Look:
    async def once() -> Look:
        transport = NetworkTransport(NetworkSettings(allow=allow, delay=0))
        try:
            return await transport.look(PageRequest(url, browser=browser))
        finally:
            await transport.aclose()

    return asyncio.run(once())


def test_the_text_that_scripts_write_is_in_the_snapshot(site: tuple[str, list[str]]) -> None:
    base, _ = site
    shown = look(f"{base}/terms", browser=True).snapshot
    assert shown is not None
    assert shown.method == "browser"
    assert b">The data is licensed under CC BY-NC 4.0.</div>" in shown.body
    plain = look(f"{base}/terms", browser=False).snapshot
    assert plain is not None
    assert b">The data is licensed under CC BY-NC 4.0.</div>" not in plain.body


def test_scripts_reach_no_other_address(site: tuple[str, list[str]]) -> None:
    base, asked = site
    look(f"{base}/terms", browser=True)
    assert any(request.endswith("/terms") for request in asked)
    assert not any("stolen" in request for request in asked)


def test_a_private_address_is_refused_before_any_browser_starts(site: tuple[str, list[str]]) -> None:
    base, asked = site
    assert look(f"{base}/terms", browser=True, allow=()).outcome is Outcome.REFUSED
    assert asked == []

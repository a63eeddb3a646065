"""A server that says "not modified" of a page that was: it hides the change for some days and no longer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Web, smallest_settings

from catalog.policy import load_policy
from domain.history import RunSummary
from flows import read_pages
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from terms.reader import Reader as PageReader


@contextmanager
def lying_web(page: list[str]) -> Iterator[Web]:
    """One page under the ETag it always had: who asks whether it was modified is told that it was not."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here = self.path == "/p/1"
            unmodified = here and "If-None-Match" in self.headers
            body = b"" if unmodified or not here else page[0].encode()
            self.send_response(304 if unmodified else 200 if here else 404)
            self.send_header("ETag", '"the same for ever"')
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Web(base=f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            thread.join()


def run_days_later(asked: RunSettings, days: int) -> RunSummary:
    now = Run.begin(asked)
    return run_pipeline(replace(now, started_at=now.started_at + timedelta(days=days)))


@pytest.mark.parametrize("way", [1, -1], ids=["days go by", "the clock had run ahead"])
def test_no_server_hides_a_change_behind_not_modified_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: int
) -> None:
    # What is at stake is not the reading: no process of its own for each run.
    monkeypatch.setattr(read_pages, "GuardedReader", lambda _, families: nullcontext(PageReader(families)))
    page = [OPEN]
    with lying_web(page) as web:
        asked = smallest_settings(tmp_path, web)
        days = load_policy(Path(asked.policy)).house.unconditional_after_days
        assert run_days_later(asked, 0).outcomes == {"snapshot": 1}
        page[0] = CLOSED
        assert run_days_later(asked, way * (days - 1)).outcomes == {"not_modified": 1}
        told = run_days_later(asked, way * (days + 1))
    assert (told.outcomes, told.changes["material"]) == ({"snapshot": 1}, 1)
    assert told.alerts >= 1

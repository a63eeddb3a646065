"""A server counts what a run does to it: one connection, robots.txt first and obeyed, no visit before its time."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN

from flows import read_pages
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from terms.reader import Reader as PageReader
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
ROBOTS = "User-agent: *\nDisallow: /closed/\n\nUser-agent: Clearance\nDisallow: /private/\n"
PATHS = tuple(f"/p/{number}" for number in range(8))


class Counting(ThreadingHTTPServer):
    """Counts connections, how many were open and how many requests were under way at once, and every path."""

    daemon_threads = True

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connections = self.open = self.most_open = self.under_way = self.most_under_way = 0
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, dict[str, str]]] = {}
        self.pages: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Counting

    def handle(self) -> None:
        with self.server.lock:
            self.server.connections += 1
            self.server.open += 1
            self.server.most_open = max(self.server.most_open, self.server.open)
        try:
            super().handle()
        finally:
            with self.server.lock:
                self.server.open -= 1

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked.append(self.path)
            self.server.under_way += 1
            self.server.most_under_way = max(self.server.most_under_way, self.server.under_way)
        status, headers = self.server.answers.get(self.path, (200, {}))
        page = self.server.pages.get(self.path, ROBOTS if self.path == "/robots.txt" else OPEN)
        body = page if status == 200 else ""
        # Before the answer is out: with it the next request may come.
        with self.server.lock:
            self.server.under_way -= 1
        self.send_response(status)
        kind = "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is at stake is not the reading: no process of its own for each run.
    monkeypatch.setattr(read_pages, "GuardedReader", lambda _, families: nullcontext(PageReader(families)))


def settings(folder: Path, server: Counting, paths: tuple[str, ...], *, force: bool = False) -> RunSettings:
    catalog = folder / "catalog"
    catalog.mkdir(exist_ok=True)
    lines = ["provider: example", "datasets:"]
    for number, path in enumerate(paths):
        watch = json.dumps({"url": server.base + path, "role": "license", "speaks_for": "publisher"})
        lines += [f"  - id: set_{number}", f"    name: Set {number}", "    sources:", f"      - id: source_{number}"]
        lines += ["        layer: metadata", f"        watches: [{watch}]"]
    (catalog / "example.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return RunSettings(
        catalog=str(catalog),
        policy=str(ROOT / "policy"),
        warehouse=str(folder / "w" / "clearance.duckdb"),
        out=str(folder / "out"),
        allow_hosts=("127.0.0.0/8",),
        delay=0,
        confirm_after=0,
        force=force,
    )


def test_a_host_sees_one_connection_and_one_request_at_a_time(tmp_path: Path, server: Counting) -> None:
    summary = run_pipeline(Run.begin(settings(tmp_path, server, PATHS)))
    assert summary.outcomes == {"snapshot": len(PATHS)}
    # One connection for the pages, and after it one for what the host reserves.
    assert (server.most_open, server.most_under_way) == (1, 1)
    assert server.connections <= 2


def test_robots_txt_is_asked_first_and_what_it_closes_is_not_asked(tmp_path: Path, server: Counting) -> None:
    paths = ("/p/1", "/private/1", "/closed/1")
    summary = run_pipeline(Run.begin(settings(tmp_path, server, paths)))
    # The group that names us counts alone, as RFC 9309 has it.
    assert summary.outcomes == {"snapshot": 2, "refused": 1}
    assert server.asked[0] == "/robots.txt"
    assert sorted(path for path in server.asked if path in paths) == ["/closed/1", "/p/1"]


def test_a_run_asks_a_host_once_for_its_robots_txt_and_its_tdmrep(tmp_path: Path, server: Counting) -> None:
    asked = settings(tmp_path, server, ("/p/1", "/p/2"))
    for number in range(3):
        server.asked.clear()
        # The last run has a change to look at a second time, and still asks the host no second time.
        server.pages["/p/1"] = CLOSED if number == 2 else OPEN
        summary = run_pipeline(Run.begin(asked))
        assert server.asked.count("/p/1") == (2 if number == 2 else 1)
        assert (summary.changes.get("material", 0) > 0) is (number == 2)
        assert Counter(path for path in server.asked if not path.startswith("/p/")) == {
            "/robots.txt": 1,
            "/.well-known/tdmrep.json": 1,
        }


def test_what_robots_txt_reserves_is_taken_from_the_one_answer(tmp_path: Path, server: Counting) -> None:
    server.pages["/robots.txt"] = "User-agent: GPTBot\nDisallow: /\n"
    asked = settings(tmp_path, server, ("/p/1",))
    run_pipeline(Run.begin(asked))
    with Reader.open(Path(asked.warehouse)) as reader:
        stated = reader.query("SELECT statements::VARCHAR FROM machine_statements WHERE kind = 'reservation'")[1]
    assert server.asked.count("/robots.txt") == 1
    assert any("GPTBot" in words for (words,) in stated)


@pytest.mark.parametrize(
    ("status", "others_asked"),
    [(503, True), (429, False)],
    ids=["of the page", "of the whole host"],
)
def test_no_later_run_asks_before_the_time_a_server_gave(
    tmp_path: Path, server: Counting, status: int, others_asked: bool
) -> None:
    asked = settings(tmp_path, server, ("/p/1", "/p/2"))
    server.answers["/p/1"] = (status, {"Retry-After": "86400"})
    run_pipeline(Run.begin(asked))
    server.answers.clear()
    server.asked.clear()
    summary = run_pipeline(Run.begin(asked))
    assert summary.pages == sum(summary.outcomes.values()) == 2
    assert "/p/1" not in server.asked
    assert ("/p/2" in server.asked) is others_asked
    with Reader.open(Path(asked.warehouse)) as reader:
        assert "asked not to be asked before" in (reader.looks_of(f"{server.base}/p/1")[-1].reason or "")
        assert reader.verify().holes == ()
    run_pipeline(Run.begin(settings(tmp_path, server, ("/p/1", "/p/2"), force=True)))
    assert "/p/1" in server.asked
    server.asked.clear()
    assert run_pipeline(Run.begin(asked)).outcomes == {"snapshot": 2}
    assert {"/p/1", "/p/2"} <= {*server.asked}

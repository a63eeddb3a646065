"""A connection is kept for the host's next page wherever that costs less than a new one, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome
from probes.network import NetworkSettings, NetworkTransport

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nthe terms"


class KeepingServer:
    """Keeps its connections open; `answers` by path, 404 with a few bytes for any other."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers
        self.connections = 0
        self.now_open = 0
        self.most_open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.now_open += 1
        self.most_open = max(self.most_open, self.now_open)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                writer.write(self.answers.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nnone"))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.now_open -= 1
            writer.close()


@asynccontextmanager
async def listening(server: KeepingServer) -> AsyncIterator[int]:
    """The port on which the server answers at every address of this machine."""
    listener = await asyncio.start_server(server.serve, "0.0.0.0", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()


def looked(server: KeepingServer, *paths: str) -> list[Look]:
    """One look a path, one after the other, over one transport."""

    async def run() -> list[Look]:
        async with listening(server) as port:
            transport = NetworkTransport(NetworkSettings(allow=("127.0.0.0/8",), delay=0.0, backoff=0.0))
            looks = [await transport.look(PageRequest(f"http://127.0.0.1:{port}{path}")) for path in paths]
            await transport.aclose()
            return looks

    return asyncio.run(run())


@pytest.mark.parametrize("status", [b"404 No", b"301 Moved\r\nLocation: /other", b"500 Broken"])
def test_a_short_answer_without_a_page_keeps_the_connection(status: bytes) -> None:
    short = b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\nsorry"
    server = KeepingServer({"/robots.txt": b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "/p": short, "/q": PAGE})
    looks = looked(server, "/p", "/q")
    assert looks[1].outcome is Outcome.SNAPSHOT
    assert server.connections == 1


def test_a_long_answer_without_a_page_is_left_on_the_wire() -> None:
    long = b"HTTP/1.1 404 No\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000
    server = KeepingServer({"/p": long, "/q": PAGE})
    assert [look.outcome for look in looked(server, "/p", "/q")] == [Outcome.GONE, Outcome.SNAPSHOT]
    assert server.connections == 2


def test_a_short_answer_that_never_ends_is_no_more_than_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probes.exchange._MOST_SECONDS_FOR_FEW", 0.0)
    server = KeepingServer({"/p": b"HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\nno", "/q": PAGE})
    assert [look.outcome for look in looked(server, "/p", "/q")] == [Outcome.GONE, Outcome.SNAPSHOT]
    assert server.connections == 2


def test_no_more_connections_are_open_than_looks_may_run_at_once() -> None:
    server = KeepingServer({"/p": PAGE})
    hosts = [f"127.0.0.{number}" for number in range(2, 10)]

    async def run() -> list[Look]:
        async with listening(server) as port:
            settings = NetworkSettings(allow=("127.0.0.0/8",), delay=0.0, backoff=0.0, concurrency=3)
            transport = NetworkTransport(settings)
            looks = [await transport.look(PageRequest(f"http://{host}:{port}/p")) for host in hosts]
            await transport.aclose()
            return looks

    assert {look.outcome for look in asyncio.run(run())} == {Outcome.SNAPSHOT}
    assert server.connections == len(hosts)
    assert server.most_open <= 3 + 1  # one that is closed may not be gone yet for the server

"""The loopback servers: the web at one epoch, and the webhook that takes the alerts."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus

from bench.drift.answers import Answer
from bench.drift.exhibits import Exhibit
from bench.drift.model import Epoch
from bench.drift.strangers import home, site_page

HOOK_HOST = "127.0.0.1"
HOOK_PATH = "/alerts"
_LONGEST_HEAD = 65_536
_PERMISSIVE = "User-agent: *\nDisallow: /admin/\n"


@dataclass
class Web:
    """Answers for every exhibit's host at `epoch`. Counts what it was asked; keeps what the webhook was told."""

    exhibits: Iterable[Exhibit]
    epoch: Epoch = Epoch.BASELINE
    port: int = 0
    requests: int = 0
    not_modified: int = 0
    delivered: list[dict[str, object]] = field(default_factory=list)
    _pages: dict[tuple[str, str], Exhibit] = field(init=False, repr=False)
    _hosts: dict[str, Exhibit] = field(init=False, repr=False)
    _asked: Counter[tuple[Epoch, str]] = field(default_factory=Counter, repr=False)

    def __post_init__(self) -> None:
        self._pages = {(one.host, one.path): one for one in self.exhibits}
        self._hosts = {one.host: one for one in self.exhibits}

    @property
    def hook(self) -> str:
        """Where alerts are to be posted."""
        return f"http://{HOOK_HOST}:{self.port}{HOOK_PATH}"

    def url(self, exhibit: Exhibit) -> str:
        """The address of an exhibit's page."""
        return f"http://{exhibit.host}:{self.port}{exhibit.path}"

    def answer(self, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        """The answer to one GET."""
        exhibit = self._pages.get((host, path))
        if exhibit is None:
            return self._beside(host, path)
        answer = exhibit.answer(self.epoch, self._asked[self.epoch, exhibit.source_id])
        self._asked[self.epoch, exhibit.source_id] += 1
        tag = answer.headers.get("ETag")
        if tag and _matches(headers.get("if-none-match", ""), tag):
            self.not_modified += 1
            return Answer(status=304, headers={"ETag": tag})
        body = answer.body
        for nonce in exhibit.nonces:
            body = body.replace(nonce.encode(), sha256(f"{nonce}{self.requests}".encode()).hexdigest()[:16].encode())
        return Answer(answer.status, answer.media_type, body, answer.headers, answer.cut_at, answer.stall)

    def _beside(self, host: str, path: str) -> Answer:
        """robots.txt is permissive or missing; the start page is there; nothing else is."""
        owner = self._hosts.get(host)
        if owner and path == "/robots.txt" and owner.seed % 2:
            return Answer(media_type="text/plain", body=_PERMISSIVE.encode())
        if owner and path == "/":
            return Answer(body=home(owner.site).encode())
        return Answer(status=404, body=site_page("404", "<h1>Not found</h1>").encode())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ", 2)
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
            }
            self.requests += 1
            host = writer.get_extra_info("sockname")[0]
            if method == "POST":
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                answer = self._take(target, body)
            else:
                answer = self.answer(host, target.partition("?")[0], headers)
            if answer.stall:
                await asyncio.sleep(answer.stall)
            else:
                writer.write(_wire(answer, method == "HEAD"))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the caller hung up or spoke no HTTP: its problem, and it sees it
        finally:
            writer.close()

    def _take(self, target: str, body: bytes) -> Answer:
        if target != HOOK_PATH:
            return Answer(status=404)
        self.delivered.append(json.loads(body))
        return Answer(media_type="application/json", body=b"{}")


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    """Serves a web from a thread, on one port of the address of every exhibit and of the webhook."""
    hosts = sorted({HOOK_HOST, *(one.host for one in web.exhibits)})
    loop = asyncio.new_event_loop()
    web.port = _free_port()
    server = loop.run_until_complete(
        asyncio.start_server(web.serve, hosts, web.port, limit=_LONGEST_HEAD, backlog=16, family=socket.AF_INET)
    )
    thread = threading.Thread(target=loop.run_forever, name="loopback web", daemon=True)
    thread.start()
    try:
        yield web
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOOK_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _matches(condition: str, tag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110, 13.1.2)."""
    plain = tag.removeprefix("W/")
    return condition.strip() == "*" or any(one.strip().removeprefix("W/") == plain for one in condition.split(","))


def _wire(answer: Answer, head_only: bool) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Connection: close"]
    if answer.status != 304:
        lines += [f"Content-Type: {answer.media_type}; charset=utf-8", f"Content-Length: {len(answer.body)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    body = b"" if head_only or answer.status == 304 else answer.body[: answer.cut_at]
    return "\r\n".join((*lines, "", "")).encode() + body

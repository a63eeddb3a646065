"""The loopback web of the speed bench: a process of its own, so that its work is not counted.

`python -m bench.speed.web --pages N --seed S --port P` answers on every address of 127.0.0.0/8: one host a
page, 20 to 110 kB of HTML or Markdown, an ETag on 60 % of them, robots.txt on half. It keeps connections
open. `GET /_epoch/mutated` at 127.0.0.1 changes 5 % of the pages materially, `/_epoch/baseline` takes it
back; `/_counts` tells what was asked since the last `/_counts`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import zstandard

from bench.drift.model import Epoch, Fate
from bench.drift.render import render
from bench.drift.web import Site, build_web
from bench.scale.prefect_server import free_port

CONTROL = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
FAILING_EVERY = 5
FAILURES = (
    "404",
    "403",
    "500",
    "503 with Retry-After",
    "reset",
    "cut short",
    "a redirect loop",
    "a login wall",
    "a page not found that answers 200",
    "no HTTP",
)
"""Ways in which every fifth page of a failing web fails, in turn."""

_LOGIN = b"<html><title>Sign in</title><body><h1>Sign in</h1><input type=password></body></html>"
_LOST = b"<html><title>Page not found</title><body><h1>Page not found</h1></body></html>"
_ROBOTS = b"User-agent: *\nDisallow: /admin/\n"
_PATIENCE = 600.0
# What no page ends in: the connection is closed instead.
_HANG_UP = b"\x00hang up\x00"


def address_of(number: int) -> str:
    """The host of a page: one address of loopback each."""
    return f"127.{10 + number // 65025}.{number // 255 % 255}.{number % 255 + 1}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One page at one epoch, ready to be sent."""

    head: bytes
    body: bytes
    tag: bytes


class Pages:
    """Every page at both epochs; what does not change is kept once."""

    def __init__(self, sites: Sequence[Site], failing: bool = False) -> None:
        self._failing = {
            address_of(number): FAILURES[number // FAILING_EVERY % len(FAILURES)]
            for number in (range(0, len(sites), FAILING_EVERY) if failing else ())
        }
        self.epoch = Epoch.BASELINE
        self.counts: Counter[str] = Counter()
        self._shown: dict[str, tuple[Shown, Shown, str, bool]] = {}
        for number, site in enumerate(sites):
            first = _shown(site, Epoch.BASELINE)
            second = _shown(site, Epoch.MUTATED) if site.truth.fate is Fate.MATERIAL else first
            self._shown[address_of(number)] = (first, second, site.page.path, bool(number % 2))

    def answer(self, host: str, path: str, tag: bytes) -> bytes:
        """The bytes of one response; none when the connection is to be reset."""
        found = self._shown.get(host)
        if host == CONTROL:
            return self._control(path)
        if found is None:
            return _plain(404, b"no such host\n")
        first, second, where, robots = found
        if path == "/robots.txt":
            self.counts["robots"] += 1
            return _plain(200, _ROBOTS) if robots else _plain(404, b"Not found\n")
        if path == "/.well-known/tdmrep.json":
            self.counts["tdmrep"] += 1
        if path != where:
            return _plain(404, b"Not found\n")
        if host in self._failing:
            return self._failed(self._failing[host], path, first)
        page = second if self.epoch is Epoch.MUTATED else first
        if page.tag and tag == page.tag:
            self.counts["not modified"] += 1
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + page.tag + b"\r\n\r\n"
        self.counts["pages"] += 1
        return page.head + page.body

    def _failed(self, how: str, path: str, page: Shown) -> bytes:
        self.counts["failures"] += 1
        match how:
            case "404" | "403" | "500":
                return _plain(int(how), b"no\n")
            case "503 with Retry-After":
                return _plain(503, b"later\n").replace(b"\r\n", b"\r\nRetry-After: 3600\r\n", 1)
            case "reset":
                return b""
            case "cut short":
                return page.head + page.body[: len(page.body) // 2] + _HANG_UP
            case "a redirect loop":
                return _plain(302, b"").replace(b"\r\n", f"\r\nLocation: {path}\r\n".encode(), 1)
            case "a login wall":
                return _plain(200, _LOGIN).replace(b"text/plain", b"text/html")
            case "a page not found that answers 200":
                return _plain(200, _LOST).replace(b"text/plain", b"text/html")
            case _:
                return b"this is no HTTP at all\r\n\r\n" + _HANG_UP

    def _control(self, path: str) -> bytes:
        if path.startswith("/_epoch/"):
            self.epoch = Epoch(path.removeprefix("/_epoch/"))
            return _plain(200, self.epoch.encode())
        said = json.dumps({**self.counts, "compressed": self.compressed()} if path == "/_counts" else {})
        self.counts.clear()
        return _plain(200, said.encode())

    def compressed(self) -> int:
        """The sum of all bodies, each packed by zstd at level 9 alone."""
        packer = zstandard.ZstdCompressor(level=9)
        now = self.epoch is Epoch.MUTATED
        return sum(len(packer.compress(page[now].body)) for page in self._shown.values())


def _shown(site: Site, epoch: Epoch) -> Shown:
    document = render(site.at(epoch))
    body = document.text.encode()
    tag = f'"{sha256(body).hexdigest()[:20]}"'.encode() if site.page.has_etag else b""
    lines = [b"HTTP/1.1 200 OK", f"Content-Type: {document.media}; charset=utf-8".encode()]
    lines += [f"Content-Length: {len(body)}".encode(), *([b"ETag: " + tag] if tag else [])]
    return Shown(b"\r\n".join((*lines, b"", b"")), body, tag)


def _plain(status: int, body: bytes) -> bytes:
    lines = (f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Content-Type: text/plain")
    head = "\r\n".join((*lines, f"Content-Length: {len(body)}", "", ""))
    return head.encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            first, *others = request.split(b"\r\n")
            tag = next((line[14:].strip() for line in others if line[:14].lower() == b"if-none-match:"), b"")
            path = first.split(b" ")[1].decode("latin-1")
            answer = self._pages.answer(self._host, path, tag)
            if answer:
                self._transport.write(answer.removesuffix(_HANG_UP))
            if not answer or answer.endswith(_HANG_UP):
                self._transport.close()


async def _serve(pages: Pages, port: int) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(pages), "0.0.0.0", port, backlog=1024)
    async with server:
        await server.serve_forever()


@dataclass(frozen=True, slots=True)
class LoopbackWeb:
    """A running web; `urls` are its pages in order, `sites` what they state."""

    port: int
    sites: Sequence[Site]

    @property
    def urls(self) -> list[str]:
        return [f"http://{address_of(number)}:{self.port}{site.page.path}" for number, site in enumerate(self.sites)]

    def turn(self, epoch: Epoch) -> None:
        """Show the pages of an epoch from now on."""
        self._ask(f"/_epoch/{epoch}")

    def counts(self) -> dict[str, int]:
        """What was asked since the last time, and `compressed`, the bytes of all bodies packed alone."""
        found: dict[str, int] = json.loads(self._ask("/_counts"))
        return found

    def _ask(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://{CONTROL}:{self.port}{path}", timeout=_PATIENCE) as answer:
            said: bytes = answer.read()
            return said

    def write_catalog(self, folder: Path) -> None:
        """One YAML file a hundred pages, one dataset, source and watch a page. JSON values are YAML."""
        folder.mkdir(parents=True)
        urls = self.urls
        for first in range(0, len(urls), 100):
            lines = [f"provider: loopback_{first // 100:03d}", "datasets:"]
            for number in range(first, min(first + 100, len(urls))):
                page = self.sites[number].page
                watch = {"url": urls[number], "role": "license", "speaks_for": "publisher"}
                watch |= dict([page.locator] if page.locator else [])
                # The stock of names is smaller than the web.
                name = f"s{number}_{page.source_id}"
                lines += [f"  - id: {name}_set", f"    name: {json.dumps(page.name)}", "    sources:"]
                lines += [f"      - id: {name}", f"        layer: {page.layer}", "        watches:"]
                lines += [f"          - {json.dumps(watch)}"]
            (folder / f"loopback_{first // 100:03d}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def loopback_web(pages: int, seed: int = 1, *, failing: bool = False) -> Iterator[LoopbackWeb]:
    """The web in a process of its own, for as long as it is needed. RuntimeError when it does not come up."""
    port = free_port()
    command = [sys.executable, "-m", "bench.speed.web", "--pages", str(pages), "--seed", str(seed), "--port", str(port)]
    command += ["--failing"] if failing else []
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"http://{CONTROL}:{port}/_epoch/baseline", timeout=5).close()
                break
            except (urllib.error.URLError, OSError) as error:
                if server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("the loopback web did not come up") from error
                time.sleep(0.2)
        yield LoopbackWeb(port, build_web(pages, seed))
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed.web", description=__doc__)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--failing", action="store_true", help="every fifth page fails, in ten ways")
    chosen = parser.parse_args()
    asyncio.run(_serve(Pages(build_web(chosen.pages, chosen.seed), chosen.failing), chosen.port))


if __name__ == "__main__":
    main()

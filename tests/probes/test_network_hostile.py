"""Servers that misbehave, on loopback: every look ends in time, in size, and with an outcome."""

from __future__ import annotations

import asyncio
import gzip
import socket
from typing import Any

import pytest
from probe_server import Handler, Server, reply, serving

from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome
from probes.look_all import look_all
from probes.network import NetworkSettings, NetworkTransport

PAGE = b"<html><body><h1>License</h1><p>Everything here is CC BY 4.0, really.</p></body></html>"
NO_RULES = reply(404)
Answers = dict[str, bytes | list[bytes] | Handler]


def look_at(answers: Answers, path: str = "/p", **settings: Any) -> tuple[Look, Server]:
    async def run() -> tuple[Look, Server]:
        async with serving(answers) as server:
            transport = transport_to_loopback(**settings)
            look = await transport.look(PageRequest(server.base + path))
            await transport.aclose()
            return look, server

    return asyncio.run(run())


def transport_to_loopback(**settings: Any) -> NetworkTransport:
    quick: dict[str, Any] = {"allow": ("127.0.0.1",), "delay": 0.0, "backoff": 0.001, "time_limit": 5.0}
    return NetworkTransport(NetworkSettings(**(quick | settings)))


def test_an_endless_body_is_capped() -> None:
    async def endless(_: Server, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    look, _ = look_at({"/p": endless}, most_wire_bytes=100_000)
    assert (look.outcome, look.reason) == (Outcome.UNREACHABLE, "too_large: more than 100000 bytes on the wire")


def test_a_body_announced_as_too_large_is_not_even_read() -> None:
    look, _ = look_at({"/p": reply(200, b"x", Content_Length="99999999999")})
    assert (look.outcome, (look.reason or "")[:10]) == (Outcome.UNREACHABLE, "too_large:")


def test_a_gzip_bomb_does_not_go_off() -> None:
    bomb = gzip.compress(b"\x00" * 5_000_000)
    look, _ = look_at({"/p": reply(200, bomb, Content_Encoding="gzip")}, most_body_bytes=1_000_000)
    assert (look.outcome, look.reason) == (
        Outcome.UNREACHABLE,
        "too_large: more than 1000000 bytes after decompression",
    )


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "snappy", "gzip, gzip, gzip, gzip"])
def test_a_body_that_is_not_encoded_as_announced_is_no_page(encoding: str) -> None:
    look, server = look_at({"/p": reply(200, PAGE, Content_Encoding=encoding)})
    assert (look.outcome, look.snapshot) == (Outcome.UNREACHABLE, None)
    assert (look.reason or "").startswith("bad_encoding: ")
    assert server.paths() == ["/robots.txt", "/p"]


def test_a_slow_drip_ends_at_the_time_limit() -> None:
    async def drip(_: Server, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _byte in range(200):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    look, _ = look_at({"/p": drip}, time_limit=0.3, read_timeout=0.2)
    assert (look.outcome, look.reason) == (Outcome.UNREACHABLE, "timeout: not done within 0.3 s")
    assert look.seconds < 1


def test_headers_without_end_are_refused() -> None:
    # With and without an end: the page behind them would be a good one.
    for end in (b"", b"\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE):
        look, _ = look_at({"/p": b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 300_000 + end})
        assert look.outcome is Outcome.UNREACHABLE


def test_a_body_cut_short_is_no_page() -> None:
    look, _ = look_at({"/p": reply(200, PAGE, Content_Length=str(len(PAGE) + 50))})
    assert (look.outcome, look.snapshot) == (Outcome.UNREACHABLE, None)
    assert (look.reason or "").startswith("protocol: ")


def test_a_closed_port_is_unreachable_after_three_attempts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/p"

        async def run() -> Look:
            transport = transport_to_loopback()
            look = await transport.look(PageRequest(url))
            await transport.aclose()
            return look

        look = asyncio.run(run())
    assert look.outcome is Outcome.UNREACHABLE
    assert (look.reason or "").startswith("connect: ")


def test_loopback_is_refused_unless_allowed() -> None:
    look, server = look_at({"/p": reply(200, PAGE)}, allow=())
    assert look.outcome is Outcome.REFUSED
    assert (look.reason or "").startswith("address: ")
    assert server.requests == []


def test_a_redirect_to_a_private_address_is_refused() -> None:
    # 127.0.0.2 answers on the same machine, but only 127.0.0.1 was allowed.
    look, server = look_at({"/p": reply(302, Location="http://127.0.0.2:8000/secret")})
    assert look.outcome is Outcome.REFUSED
    assert "127.0.0.2" in (look.reason or "")
    assert server.paths() == ["/robots.txt", "/p"]


@pytest.mark.parametrize(
    ("location", "outcome", "word"),
    [
        ("/p", Outcome.UNREACHABLE, "redirect_loop"),
        ("file:///etc/passwd", Outcome.REFUSED, "scheme"),
        ("ftp://127.0.0.1/x", Outcome.REFUSED, "scheme"),
        ("http://user:pass@127.0.0.1/", Outcome.REFUSED, "credentials"),
        ("http://2130706433/", Outcome.REFUSED, "odd_address"),
        ("http://[not-an-address/", Outcome.REFUSED, "bad_url"),
        ("http://127.0.0.1:99999/", Outcome.REFUSED, "bad_url"),
        ("/\x01", Outcome.UNREACHABLE, "bad_redirect"),
        ("", Outcome.UNREACHABLE, "redirect"),
    ],
)
def test_redirects_that_are_not_followed(location: str, outcome: Outcome, word: str) -> None:
    look, _ = look_at({"/p": reply(301, Location=location)})
    assert (look.outcome, (look.reason or "").partition(":")[0]) == (outcome, word)


def test_redirects_are_followed_and_recorded() -> None:
    look, server = look_at(
        {"/p": reply(301, Location="/q#part"), "/q": reply(307, Location="r"), "/r": reply(200, PAGE)}
    )
    assert look.snapshot is not None
    assert look.snapshot.final_url == f"{server.base}/r"
    assert look.snapshot.redirects == (f"{server.base}/p", f"{server.base}/q")
    assert server.paths().count("/robots.txt") == 1


def test_too_many_redirects_end_the_look() -> None:
    chain: Answers = {f"/{n}": reply(302, Location=f"/{n + 1}") for n in range(20)}
    look, server = look_at(chain, "/0")
    assert (look.outcome, (look.reason or "").partition(":")[0]) == (Outcome.UNREACHABLE, "too_many_redirects")
    assert len(server.paths()) == 12


def test_validators_do_not_follow_a_redirect() -> None:
    async def run() -> tuple[Look, Server]:
        async with serving({"/p": reply(302, Location="/q"), "/q": reply(200, PAGE)}) as server:
            transport = transport_to_loopback()
            look = await transport.look(PageRequest(f"{server.base}/p", etag='"1"'))
            await transport.aclose()
            return look, server

    look, server = asyncio.run(run())
    assert look.outcome is Outcome.SNAPSHOT
    assert ["if-none-match" in head.lower() for head in server.requests[1:]] == [True, False]


def test_robots_txt_is_obeyed() -> None:
    rules = reply(200, b"User-agent: clearance\nDisallow: /p\n\nUser-agent: *\nDisallow:\n", Content_Type="text/plain")
    look, server = look_at({"/robots.txt": rules, "/p": reply(200, PAGE)})
    assert (look.outcome, (look.reason or "").partition(":")[0]) == (Outcome.REFUSED, "robots")
    assert server.paths() == ["/robots.txt"]


def test_robots_txt_in_gzip_is_obeyed_too() -> None:
    rules = reply(200, gzip.compress(b"User-agent: *\nDisallow: /"), Content_Encoding="gzip")
    look, _ = look_at({"/robots.txt": rules, "/p": reply(200, PAGE)})
    assert look.outcome is Outcome.REFUSED


@pytest.mark.parametrize("rules", [reply(503), reply(302, Location="/robots.txt"), reply(304)])
def test_robots_txt_that_cannot_be_had_closes_the_host(rules: bytes) -> None:
    look, server = look_at({"/robots.txt": rules, "/p": reply(200, PAGE)})
    assert (look.outcome, (look.reason or "").partition(":")[0]) == (Outcome.REFUSED, "robots")
    assert "/p" not in server.paths()


def test_crawl_delay_and_delay_are_kept() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def run() -> None:
        rules = reply(200, b"User-agent: *\nCrawl-delay: 500\n")
        async with serving({"/robots.txt": rules, "/p": reply(200, PAGE), "/q": reply(200, PAGE)}) as server:
            settings = NetworkSettings(allow=("127.0.0.0/8",), delay=1.0, longest_crawl_delay=8.0)
            transport = NetworkTransport(settings, sleep=sleep)
            for path in ("/p", "/q"):
                assert (await transport.look(PageRequest(server.base + path))).outcome is Outcome.SNAPSHOT
            await transport.aclose()

    asyncio.run(run())
    assert [round(wait) for wait in waits] == [8, 8]


def test_look_all_asks_a_host_one_page_at_a_time_and_loses_none() -> None:
    async def late(server: Server, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.write(reply(200, PAGE))

    async def run() -> tuple[list[Look], Server]:
        pages: Answers = {f"/{n}": late for n in range(6)}
        async with serving(pages) as server:
            transport = transport_to_loopback()
            urls = [f"{server.base}/{n}" for n in range(6)] + ["http://127.0.0.9:1/x", "nonsense", "http://[/"]
            looks = [look async for look in look_all([PageRequest(url) for url in urls], transport)]
            await transport.aclose()
            assert sorted(look.url for look in looks) == sorted(urls)
            return looks, server

    looks, server = asyncio.run(run())
    assert sorted(look.outcome for look in looks) == [Outcome.REFUSED] * 3 + [Outcome.SNAPSHOT] * 6
    assert server.most_open == 1


def test_a_bug_in_a_transport_is_not_hidden() -> None:
    class Broken:
        async def look(self, request: PageRequest) -> Look:
            raise TypeError(request.url)

        async def aclose(self) -> None:
            pass

    async def run() -> list[Look]:
        return [look async for look in look_all([PageRequest("http://a.example/")], Broken())]

    with pytest.raises(TypeError):
        asyncio.run(run())

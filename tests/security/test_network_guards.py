"""One test a guard of the network side; `python -m bench.controls` shows that each fails without its guard."""

from __future__ import annotations

import asyncio
import gzip

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from probe_server import Server, reply, serving
from test_address_guard import PUBLIC, Dialer, look_with
from test_network_hostile import PAGE, look_at, transport_to_loopback

from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome

_BOMBS = {
    "gzip": gzip.compress(b"\x00" * 30_000_000),
    "br": brotli.compress(b"\x00" * 30_000_000, quality=1),
    "zstd": zstandard.ZstdCompressor().compress(b"\x00" * 30_000_000),
}


def word(reason: str | None) -> str:
    return (reason or "").partition(":")[0]


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "::ffff:10.0.0.1"]
)
def test_a_name_that_resolves_to_an_address_that_is_not_public_is_not_dialed(address: str) -> None:
    dialer = Dialer()
    (look,) = look_with([[address]], dialer, "http://data.example.org/")
    assert (look.outcome, word(look.reason), dialer.dialed) == (Outcome.REFUSED, "address", [])


def test_an_oddly_spelled_address_is_not_resolved() -> None:
    (look,) = look_with([[PUBLIC]], Dialer(), "http://0x5db8d822/")
    assert (look.outcome, word(look.reason)) == (Outcome.REFUSED, "odd_address")


def test_only_http_and_https_are_asked_for() -> None:
    (look,) = look_with([[PUBLIC]], Dialer(), "ftp://data.example.org/LICENSE")
    assert (look.outcome, word(look.reason)) == (Outcome.REFUSED, "scheme")


def test_no_user_name_is_sent_anywhere() -> None:
    (look,) = look_with([[PUBLIC]], Dialer(), "http://user@data.example.org/")
    assert (look.outcome, word(look.reason)) == (Outcome.REFUSED, "credentials")


def test_what_was_checked_is_dialed_and_nothing_is_resolved_twice() -> None:
    dialer = Dialer()
    dialer.dead.add(PUBLIC)
    # robots.txt: the first address is dead, the second one of the same answer is dialed.
    looks = look_with([[PUBLIC, "93.184.216.35"], ["93.184.216.35"], ["127.0.0.1"]], dialer, "http://evil.example/")
    assert [look.outcome for look in looks] == [Outcome.SNAPSHOT]
    assert [host for host, _ in dialer.dialed] == [PUBLIC, "93.184.216.35", "93.184.216.35"]


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    dialer = Dialer()
    (look,) = look_with([[PUBLIC]], dialer, "http://data.example.org/")
    assert look.outcome is Outcome.SNAPSHOT
    assert 9 not in {port for _, port in dialer.dialed}


def test_certificates_and_names_are_checked() -> None:
    dialer = Dialer()
    (look,) = look_with([[PUBLIC]], dialer, "https://data.example.org/")
    assert look.outcome is Outcome.SNAPSHOT
    assert set(dialer.tls_names) == {"data.example.org"}


def test_a_body_ends_at_its_cap_on_the_wire() -> None:
    look, _ = look_at({"/p": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 10_100_000})
    assert (look.outcome, word(look.reason)) == (Outcome.UNREACHABLE, "too_large")


@pytest.mark.parametrize("encoding", _BOMBS)
def test_a_bomb_does_not_go_off(encoding: str) -> None:
    look, _ = look_at({"/p": reply(200, _BOMBS[encoding], Content_Encoding=encoding)})
    assert (look.outcome, word(look.reason)) == (Outcome.UNREACHABLE, "too_large")


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"])
def test_a_slow_drip_of_headers_or_body_ends_in_time(head: bytes) -> None:
    async def drip(_: Server, writer: asyncio.StreamWriter) -> None:
        for part in (head, *[b"x"] * 20, b"\r\n\r\n"):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.03)

    look, _ = look_at({"/p": drip}, time_limit=0.2)
    assert (look.outcome, look.reason) == (Outcome.UNREACHABLE, "timeout: not done within 0.2 s")


def test_redirects_end() -> None:
    look, server = look_at({f"/{n}": reply(302, Location=f"/{n + 1}") for n in range(14)} | {"/14": reply(200)}, "/0")
    assert (look.outcome, word(look.reason)) == (Outcome.UNREACHABLE, "too_many_redirects")
    assert len(server.paths()) == 12


def test_not_modified_counts_only_where_it_was_asked_for() -> None:
    look, _ = look_at({"/p": reply(304, ETag='"lie"')})
    assert look.outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize(
    "named",
    [{"ETag": '"other"'}, {"Last_Modified": "Wed, 04 Nov 2026 10:00:00 GMT"}],
    ids=["another ETag", "another date"],
)
def test_not_modified_of_something_else_confirms_nothing(named: dict[str, str]) -> None:
    async def run() -> tuple[Look, Server]:
        async with serving({"/p": [reply(304, **named), reply(200, PAGE)]}) as server:
            transport = transport_to_loopback()
            asked = PageRequest(f"{server.base}/p", etag='W/"ours"', last_modified="Tue, 03 Nov 2026 10:00:00 GMT")
            look = await transport.look(asked)
            await transport.aclose()
            return look, server

    look, server = asyncio.run(run())
    assert (look.outcome, look.snapshot and look.snapshot.body) == (Outcome.SNAPSHOT, PAGE)
    assert ["if-none-match" in head.lower() for head in server.requests[1:]] == [True, False]


def test_not_modified_of_what_we_hold_is_believed() -> None:
    async def run() -> Look:
        async with serving({"/p": reply(304, ETag='"ours"')}) as server:
            transport = transport_to_loopback()
            look = await transport.look(PageRequest(f"{server.base}/p", etag='W/"ours"'))
            await transport.aclose()
            return look

    assert asyncio.run(run()).outcome is Outcome.NOT_MODIFIED

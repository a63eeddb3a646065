"""No request reaches an address that is not public, however it is spelled or resolved."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
import pytest

from domain.errors import InvalidInput
from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome
from probes.addresses import Allowed, why_not_public
from probes.failures import Refused
from probes.guard import checked_url
from probes.network import NetworkSettings, NetworkTransport

PUBLIC = "93.184.216.34"
OTHER_PUBLIC = "2606:2800:220:1:248:1893:25c8:1946"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


class Dialer(httpcore.AsyncNetworkBackend):
    """Connects to nothing; remembers what was dialed and which name TLS was asked for."""

    def __init__(self) -> None:
        self.dialed: list[tuple[str, int]] = []
        self.tls_names: list[str | None] = []
        self.dead: set[str] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialed.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectError("dead")
        return _Stream(self)


class _Stream(httpcore.AsyncMockStream):
    def __init__(self, dialer: Dialer) -> None:
        super().__init__([ANSWER])
        self._dialer = dialer

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        assert ssl_context.verify_mode is ssl.CERT_REQUIRED
        assert ssl_context.check_hostname
        self._dialer.tls_names.append(server_hostname)
        return self


def look_with(answers: Sequence[Sequence[str]], dialer: Dialer, *urls: str, allow: tuple[str, ...] = ()) -> list[Look]:
    """Look at the URLs while the resolver gives one answer after another, the last one for ever."""
    left = list(answers)

    async def resolver(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    async def run() -> list[Look]:
        settings = NetworkSettings(delay=0.0, backoff=0.0, allow=allow)
        transport = NetworkTransport(settings, resolver=resolver, dialer=dialer)
        looks = [await transport.look(PageRequest(url)) for url in urls]
        await transport.aclose()
        return looks

    return asyncio.run(run())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.254",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:0:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert why_not_public(ipaddress.ip_address(address)) is not None
    dialer = Dialer()
    (look,) = look_with([[PUBLIC, address]], dialer, "https://data.example.org/")
    assert look.outcome is Outcome.REFUSED
    assert dialer.dialed == []


@pytest.mark.parametrize(
    "address", [PUBLIC, OTHER_PUBLIC, "1.1.1.1", "64:ff9b::5db8:d822", "2002:5db8:d822::1", "::ffff:93.184.216.34"]
)
def test_public_addresses(address: str) -> None:
    assert why_not_public(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/x", "scheme"),
        ("example.org", "scheme"),
        ("", "scheme"),
        ("http://user@example.org/", "credentials"),
        ("http://user:secret@example.org/", "credentials"),
        ("http:///path", "bad_url"),
        ("http://[::1", "bad_url"),
        ("http://[fe80::1%25eth0]/", "bad_url"),
        ("http://exam\nple.org/", "bad_url"),
        ("http://example.org:0/", "bad_url"),
        ("http://example.org:70000/", "bad_url"),
        ("http://" + "a" * 70_000 + "/", "bad_url"),
        ("http://2130706433/", "odd_address"),
        ("http://0x7f000001/", "odd_address"),
        ("http://0x7f.0.0.1/", "odd_address"),
        ("http://0177.0.0.1/", "bad_url"),
        ("http://127.1/", "odd_address"),
        ("http://127.0.0.1./", "odd_address"),
        ("http://127.0.0.0x1/", "odd_address"),
        ("http://0/", "odd_address"),
        ("http://1.2.3.4.5/", "odd_address"),
    ],
)
def test_urls_that_are_never_asked_for(url: str, word: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_url(url)
    assert caught.value.word == word


@pytest.mark.parametrize("url", ["http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/"])
def test_addresses_in_other_scripts_do_not_get_through(url: str) -> None:
    dialer = Dialer()
    (look,) = look_with([["127.0.0.1"]], dialer, url)
    assert look.outcome is Outcome.REFUSED
    assert dialer.dialed == []


def test_the_checked_address_is_dialed_and_tls_gets_the_name() -> None:
    dialer = Dialer()
    (look,) = look_with([[PUBLIC]], dialer, "https://data.example.org/license")
    assert look.outcome is Outcome.SNAPSHOT
    assert set(dialer.dialed) == {(PUBLIC, 443)}
    assert set(dialer.tls_names) == {"data.example.org"}


def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    dialer = Dialer()
    looks = look_with([[PUBLIC], [PUBLIC], ["127.0.0.1"]], dialer, "http://evil.example/a", "http://evil.example/b")
    assert [look.outcome for look in looks] == [Outcome.SNAPSHOT, Outcome.REFUSED]
    # robots.txt and the first page; each was resolved once, and what was checked was dialed.
    assert dialer.dialed == [(PUBLIC, 80), (PUBLIC, 80)]


def test_the_next_address_is_tried_when_one_is_dead() -> None:
    dialer = Dialer()
    dialer.dead.add(OTHER_PUBLIC)
    (look,) = look_with([[OTHER_PUBLIC, PUBLIC]], dialer, "http://data.example.org/license")
    assert look.outcome is Outcome.SNAPSHOT
    assert look.attempts == 1


@pytest.mark.parametrize("answer", [["not an address"], ["127.0.0.1", PUBLIC]])
def test_one_bad_address_refuses_them_all(answer: list[str]) -> None:
    dialer = Dialer()
    (look,) = look_with([answer], dialer, "http://data.example.org/")
    assert look.outcome is Outcome.REFUSED
    assert dialer.dialed == []


def test_a_name_without_addresses_is_unreachable() -> None:
    (look,) = look_with([[]], Dialer(), "http://data.example.org/")
    assert look.outcome is Outcome.UNREACHABLE
    assert (look.reason or "").startswith("dns: ")


@pytest.mark.parametrize(("port", "outcome"), [(22, Outcome.REFUSED), (25, Outcome.REFUSED), (8080, Outcome.SNAPSHOT)])
def test_ports_of_other_services_are_not_dialed(port: int, outcome: Outcome) -> None:
    (look,) = look_with([[PUBLIC]], Dialer(), f"http://data.example.org:{port}/")
    assert look.outcome is outcome


@pytest.mark.parametrize(
    ("allow", "outcome"),
    [
        (("10.0.0.0/8",), Outcome.SNAPSHOT),
        (("10.1.2.3",), Outcome.SNAPSHOT),
        (("mirror.intern",), Outcome.SNAPSHOT),
        (("MIRROR.intern.",), Outcome.SNAPSHOT),
        (("intern",), Outcome.REFUSED),
        (("127.0.0.0/8", "10.1.2.4"), Outcome.REFUSED),
    ],
)
def test_only_what_is_named_gets_through(allow: tuple[str, ...], outcome: Outcome) -> None:
    (look,) = look_with([["10.1.2.3"]], Dialer(), "http://mirror.intern:81/", allow=allow)
    assert look.outcome is outcome


@pytest.mark.parametrize("entry", ["", "127.0.0.1:8000", "10.0.0.0/99", "http://host/", "a b", "1.2.3"])
def test_an_entry_that_says_nothing_is_refused_in_one_line(entry: str) -> None:
    with pytest.raises(InvalidInput, match=r"^cannot allow .*: give a host name") as caught:
        Allowed.of([entry])
    assert "\n" not in str(caught.value)

"""The address guard: which URLs may be asked for and which addresses may be dialed.

The URL is checked before every request, redirect hops included. The address is checked where the
connection is made: all addresses of the host are resolved once, one bad address refuses them all, and
the very address that was checked is dialed, so that a name which changes its mind gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore
import httpx

from probes.addresses import Address, Allowed, why_not_public
from probes.failures import Refused

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

_PORTS = {"http": 80, "https": 443}
_FIRST_UNPRIVILEGED_PORT = 1024
_LAST_PORT = 65535
# A host whose last label is a number is an IPv4 address to most resolvers, however oddly it is spelled.
_NUMERIC_LABEL = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, as the operating system resolves it. Raises socket.gaierror."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_url(text: str) -> httpx.URL:
    """The URL without its fragment, if it may be asked for at all.

    Raises Refused: not http or https, credentials in it, no host, or an IPv4 host in an odd spelling.
    """
    try:
        url = httpx.URL(text)
        if "#" in text:
            url = url.copy_with(fragment=None)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Refused("bad_url", f"{text[:100]!r} is no URL: {error}") from error
    if url.scheme not in _PORTS:
        raise Refused("scheme", f"only http and https are fetched, not {url.scheme[:20]!r}")
    if url.userinfo:
        raise Refused("credentials", "the URL carries a user name or password")
    if not host or "%" in host or not 0 < port_of(url) <= _LAST_PORT:
        raise Refused("bad_url", f"{text[:100]!r} names no usable host or port")
    if ":" not in host and _NUMERIC_LABEL.fullmatch(host.rstrip(".").rpartition(".")[2]):
        try:
            ipaddress.IPv4Address(host)
        except ValueError as error:
            raise Refused("odd_address", f"{host[:100]} is an oddly spelled address") from error
    return url


def port_of(url: httpx.URL) -> int:
    """The port a URL means."""
    return url.port if url.port is not None else _PORTS[url.scheme]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to checked addresses only. `connect_tcp` raises Refused.

    TLS stays with httpcore, which names the host of the URL, not the dialed address, to the server.
    """

    def __init__(
        self, allowed: Allowed, resolver: Resolver = resolve, dialer: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._dialer = dialer if dialer is not None else httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self.checked_addresses(host, port)
                failure: Exception | None = None
                for address in addresses:
                    try:
                        return await self._dialer.connect_tcp(
                            str(address), port, local_address=local_address, socket_options=socket_options
                        )
                    except (httpcore.ConnectError, OSError) as error:
                        failure = error
                raise httpcore.ConnectError(str(failure) or f"port {port} does not answer") from failure
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no connection within {timeout} s") from error

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[_SocketOption] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise Refused("address", "sockets of this machine are not dialed")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def checked_addresses(self, host: str, port: int) -> list[Address]:
        """The addresses of a host that may be dialed. Raises Refused when any of them may not."""
        found = await self._resolver(host, port)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        addresses: list[Address] = []
        for text in found:
            try:
                address = ipaddress.ip_address(text)
            except ValueError as error:
                raise Refused("address", f"{host} resolves to {text!r}, which is no address") from error
            if self._allowed.host(host) or self._allowed.address(address):
                addresses.append(address)
                continue
            why = why_not_public(address)
            if why is not None:
                raise Refused("address", f"{host}: {why}; name it with --allow-host to let it through")
            if port not in _PORTS.values() and port < _FIRST_UNPRIVILEGED_PORT:
                raise Refused("port", f"port {port} of {host} belongs to another service than the web")
            addresses.append(address)
        return addresses

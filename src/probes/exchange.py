"""One guarded GET: one URL, one answer, nothing followed, everything capped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

import httpcore
import httpx

from probes.challenges import CHALLENGING, MOST_CHALLENGE_BYTES
from probes.decoding import ACCEPTED
from probes.failures import NETWORK_ERRORS, Unreachable, failure_of_error
from probes.guard import GuardedBackend
from probes.settings import NetworkSettings
from probes.snapshots import header_map

_MOST_CHALLENGE_SECONDS = 5.0
_FEW_BYTES = 16_384
_MOST_SECONDS_FOR_FEW = 1.0
_LONGEST_IDLE = 5.0
"""Seconds that a connection is kept for the next request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, lower-cased headers, and the body as it came over the wire, still encoded.

    `cut`: there was more body than asked for, and the rest was left on the wire.
    """

    status: int
    headers: Mapping[str, str]
    wire_body: bytes
    cut: bool = False


class Budget:
    """The seconds one look may still spend on the wire; runs only inside `with`."""

    def __init__(self, seconds: float) -> None:
        self._limit = seconds
        self._left = seconds
        self._started = 0.0

    @property
    def left(self) -> float:
        return max(0.0, self._left)

    @property
    def limit(self) -> float:
        return self._limit

    @property
    def spent(self) -> float:
        return self._limit - self._left

    def __enter__(self) -> Self:
        self._started = monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left -= monotonic() - self._started


class GuardedClient:
    """The shared HTTP client. Knows no cookies, no proxies and no environment: every look is a stranger's."""

    def __init__(self, settings: NetworkSettings, backend: GuardedBackend) -> None:
        self._connections = _Connections(settings.concurrency, backend)
        others = settings.read_timeout
        self._extensions = {
            "timeout": {"connect": settings.connect_timeout, "read": others, "write": others, "pool": others}
        }
        self._headers = {
            "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown, application/json, */*;q=0.8",
            "Accept-Encoding": ACCEPTED,
            "Connection": "keep-alive",
            "User-Agent": settings.user_agent,
            "Accept-Language": "en, *;q=0.5",
        }

    async def get(
        self, url: httpx.URL, headers: Mapping[str, str], *, most_bytes: int, cut: bool, budget: Budget
    ) -> Answer:
        """One GET. A body over `most_bytes` is cut when `cut`, else refused.

        Raises Refused (guard) and Unreachable for whatever the server or the network does.
        """
        try:
            with budget:
                async with asyncio.timeout(budget.left):
                    return await self._get(url, headers, most_bytes, cut)
        except TimeoutError as error:
            raise Unreachable("timeout", f"not done within {budget.limit:g} s") from error
        except NETWORK_ERRORS as error:
            raise failure_of_error(error) from error

    async def _get(self, url: httpx.URL, headers: Mapping[str, str], most_bytes: int, cut: bool) -> Answer:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = {"Host": url.netloc.decode("ascii"), **self._headers, **headers}
        request = httpcore.Request("GET", target, headers=list(sent.items()), extensions=self._extensions)
        async with self._connections.one_to(target.origin) as connection:
            response = await connection.handle_async_request(request)
            try:
                return await _answer(response, most_bytes, cut)
            finally:
                await response.aclose()

    async def aclose(self) -> None:
        await self._connections.aclose()


async def _answer(response: httpcore.Response, most_bytes: int, cut: bool) -> Answer:
    status = response.status
    plain = header_map(httpx.Headers(response.headers).multi_items())
    announced = plain.get("content-length", "")
    length = int(announced[:20]) if announced.isascii() and announced.isdigit() else None
    if status == 304:
        async for _ in response.aiter_stream():
            pass  # has no body; reading to its end keeps the connection for the next page
        return Answer(status, plain, b"")
    if status in CHALLENGING:
        return Answer(status, plain, await _beginning(response, _MOST_CHALLENGE_SECONDS))
    if status != 200:
        # Only a 200 can become the page. Other bodies are not worth their bytes, unless there are so few that a
        # new connection for the next page costs more.
        if length is not None and length <= _FEW_BYTES:
            await _beginning(response, _MOST_SECONDS_FOR_FEW)
        return Answer(status, plain, b"")
    if not cut and length is not None and length > most_bytes:
        raise Unreachable("too_large", f"more than {most_bytes} bytes on the wire are announced")
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > most_bytes:
            if cut:
                return Answer(status, plain, bytes(body[:most_bytes]), cut=True)
            raise Unreachable("too_large", f"more than {most_bytes} bytes on the wire")
    return Answer(status, plain, bytes(body))


async def _beginning(response: httpcore.Response, most_seconds: float) -> bytes:
    """Enough of a body to tell a wall that wants proof of a human from a plain refusal; what cannot be had
    is left out, because the status has already said that this is not the page."""
    body = bytearray()
    try:
        async with asyncio.timeout(most_seconds):
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) >= MOST_CHALLENGE_BYTES:
                    break
    except (TimeoutError, *NETWORK_ERRORS):
        return b""
    return bytes(body[:MOST_CHALLENGE_BYTES])


class _Connections:
    """Open connections over the guarded backend: one an origin waits for its next request, and the one that
    waited longest makes place.

    httpcore's pool goes through all that it has at every request, and a run hardly ever has two requests for
    one origin.
    """

    def __init__(self, most: int, backend: GuardedBackend) -> None:
        self._most = most
        self._backend = backend
        self._tls = httpx.create_ssl_context(trust_env=False)
        self._waiting: dict[str, httpcore.AsyncHTTPConnection] = {}
        self._busy = 0

    @asynccontextmanager
    async def one_to(self, origin: httpcore.Origin) -> AsyncIterator[httpcore.AsyncHTTPConnection]:
        """A connection that is nobody else's meanwhile."""
        name = str(origin)
        self._busy += 1
        try:
            await self._make_place(besides=name)
            connection = self._waiting.pop(name, None)
            if connection is not None and connection.has_expired():
                await connection.aclose()
                connection = None
            connection = connection or httpcore.AsyncHTTPConnection(
                origin, ssl_context=self._tls, keepalive_expiry=_LONGEST_IDLE, network_backend=self._backend
            )
            yield connection
        finally:
            self._busy -= 1
        # What was not read to its end, or failed, is closed by now.
        if connection.is_available():
            other = self._waiting.pop(name, None)
            self._waiting[name] = connection
            if other is not None:
                await other.aclose()

    async def _make_place(self, besides: str) -> None:
        idle = [name for name in self._waiting if name != besides]
        over = self._busy + len(idle) - self._most
        # All are out before anything waits: what is in there then is nobody's to close.
        for left in [self._waiting.pop(name) for name in idle[: max(0, over)]]:
            await left.aclose()

    async def aclose(self) -> None:
        while self._waiting:
            await self._waiting.popitem()[1].aclose()

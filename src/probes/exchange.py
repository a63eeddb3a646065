"""One guarded GET: one URL, one answer, nothing followed, everything capped."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
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

_Origin = tuple[bytes, bytes, int | None]


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
        self._client = httpx.AsyncClient(
            transport=_PoolTransport(settings, backend),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown, application/json, */*;q=0.8",
                "Accept-Encoding": ACCEPTED,
                "Accept-Language": "en, *;q=0.5",
            },
        )

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
        request = self._client.build_request("GET", url, headers=dict(headers))
        response = await self._client.send(request, stream=True)
        try:
            plain = header_map(response.headers.multi_items())
            if response.status_code == 304:
                async for _ in response.aiter_raw():
                    pass  # has no body; reading to its end keeps the connection for the next page
            if response.status_code in CHALLENGING:
                return Answer(response.status_code, plain, await _beginning(response))
            if response.status_code != 200:
                # Only a 200 can become the page; other bodies are not worth their bytes.
                return Answer(response.status_code, plain, b"")
            announced = plain.get("content-length", "")
            if not cut and announced.isascii() and announced.isdigit() and int(announced[:20]) > most_bytes:
                raise Unreachable("too_large", f"more than {most_bytes} bytes on the wire are announced")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > most_bytes:
                    if cut:
                        return Answer(response.status_code, plain, bytes(body[:most_bytes]), cut=True)
                    raise Unreachable("too_large", f"more than {most_bytes} bytes on the wire")
            return Answer(response.status_code, plain, bytes(body))
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()


async def _beginning(response: httpx.Response) -> bytes:
    """Enough of a body to tell a wall that wants proof of a human from a plain refusal; what cannot be had
    is left out, because the status has already said that this is not the page."""
    body = bytearray()
    try:
        async with asyncio.timeout(_MOST_CHALLENGE_SECONDS):
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) >= MOST_CHALLENGE_BYTES:
                    break
    except (TimeoutError, *NETWORK_ERRORS):
        return b""
    return bytes(body[:MOST_CHALLENGE_BYTES])


class _PoolTransport(httpx.AsyncBaseTransport):
    """A connection an origin over the guarded backend; `httpx.AsyncHTTPTransport` takes no backend.

    One pool for all origins goes through all of its connections at every request, and a run hardly ever
    has two requests for one origin: each has a pool of its own, and the one longest unused makes place.
    """

    def __init__(self, settings: NetworkSettings, backend: GuardedBackend) -> None:
        self._backend = backend
        self._most = settings.concurrency
        self._tls = httpx.create_ssl_context(trust_env=False)
        self._pools: dict[_Origin, httpcore.AsyncConnectionPool] = {}
        self._busy: Counter[_Origin] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        origin = (url.scheme, url.host, url.port)
        self._busy[origin] += 1
        try:
            pool = await self._pool_of(origin)
            answer = await pool.handle_async_request(
                httpcore.Request(
                    method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions
                )
            )
        except BaseException:
            self._done(origin)
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_PoolStream(answer, lambda: self._done(origin)),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        while self._pools:
            await self._pools.popitem()[1].aclose()

    async def _pool_of(self, origin: _Origin) -> httpcore.AsyncConnectionPool:
        pool = self._pools.pop(origin, None) or httpcore.AsyncConnectionPool(
            ssl_context=self._tls,
            max_connections=1,
            keepalive_expiry=5.0,
            http1=True,
            http2=False,
            network_backend=self._backend,
        )
        # Last in, and so the last to make place.
        self._pools[origin] = pool
        idle = [other for other in self._pools if not self._busy[other]]
        # All are out before anything waits: what is in there then is nobody's to close.
        for left in [self._pools.pop(other) for other in idle[: max(0, len(self._pools) - self._most)]]:
            await left.aclose()
        return pool

    def _done(self, origin: _Origin) -> None:
        self._busy[origin] -= 1
        if not self._busy[origin]:
            del self._busy[origin]


class _PoolStream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, done: Callable[[], None]) -> None:
        self._answer = answer
        self._done: Callable[[], None] | None = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            if self._done is not None:
                self._done()
            self._done = None

"""One request at a time to a host, with a pause between, and a cap on all requests together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic

Sleep = Callable[[float], Awaitable[None]]


class HostTurns:
    """Hands out turns. Waiting for a host does not use up one of the `concurrency` places."""

    def __init__(self, concurrency: int, sleep: Sleep = asyncio.sleep) -> None:
        self._places = asyncio.Semaphore(concurrency)
        self._sleep = sleep
        self._locks: dict[str, asyncio.Lock] = {}
        self._ended: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Our turn at a host, at least `delay` seconds after the last one there ended."""
        async with self._locks.setdefault(host, asyncio.Lock()):
            ended = self._ended.get(host)
            if ended is not None and (wait := ended + delay - monotonic()) > 0:
                await self._sleep(wait)
            async with self._places:
                try:
                    yield
                finally:
                    self._ended[host] = monotonic()

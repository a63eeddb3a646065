"""Many looks at once, each as soon as it is there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

from domain.probing import Look, PageRequest
from probes.transport import Transport


async def look_all(requests: Sequence[PageRequest], transport: Transport, concurrency: int = 20) -> AsyncIterator[Look]:
    """One look a request, in the order in which they finish.

    At most one page of a host is under way, because a transport lets the others of that host wait
    anyway: so a slow host takes one of the `concurrency` places, never all. A page that fails is a
    look like any other. Closing the iterator early cancels what is still under way.
    """
    queues: dict[str, deque[PageRequest]] = {}
    for request in requests:
        queues.setdefault(_host(request.url), deque()).append(request)
    idle = deque(queues)
    running: dict[asyncio.Task[Look], str] = {}
    try:
        while idle or running:
            while idle and len(running) < concurrency:
                host = idle.popleft()
                running[asyncio.ensure_future(transport.look(queues[host].popleft()))] = host
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                host = running.pop(task)
                if queues[host]:
                    idle.append(host)
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url

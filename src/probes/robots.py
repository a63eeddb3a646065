"""robots.txt: asked once a host and run, obeyed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from domain.vocabulary import Outcome
from probes.exchange import Answer
from probes.failures import LookFailed, Refused
from probes.settings import ROBOTS_TOKEN

MOST_ROBOTS_BYTES = 512_000  # RFC 9309 wants at least 500 KiB parsed; the rest does not count

# Failures that say nothing of robots.txt: the host itself cannot be reached.
_NO_CONNECTION = frozenset({"dns", "connect", "timeout", "tls", "network"})

# Brings robots.txt with its content encoding undone; raises LookFailed.
FetchRobots = Callable[[httpx.URL], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one origin answered: rules, a reason why nothing may be asked, or neither (all allowed)."""

    parsed: Protego | None = None
    failure: LookFailed | None = None


class Robots:
    """Answers for all pages of a run from one robots.txt an origin.

    Without a robots.txt (4xx) everything is allowed; when the server fails to give it (5xx, redirects
    to nowhere) nothing is, as RFC 9309 has it. When the host cannot be reached at all, no rule was
    refused to us: the failure of the connection is the answer.
    """

    def __init__(self, fetch: FetchRobots, longest_delay: float) -> None:
        self._fetch = fetch
        self._longest_delay = longest_delay
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def delay_for(self, url: httpx.URL) -> float:
        """The Crawl-delay in seconds to keep for a URL (0 for none), up to the longest we follow.

        Raises Refused when robots.txt disallows the URL or could not be had, Unreachable or Refused
        when the way to it failed.
        """
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._rules:
                self._rules[origin] = await self._asked(url.copy_with(raw_path=b"/robots.txt", fragment=None))
        rules = self._rules[origin]
        if rules.failure is not None:
            raise rules.failure.fresh()
        if rules.parsed is None:
            return 0.0
        # RFC 9309 allows robots.txt itself whatever it says: how else would anybody know.
        if url.raw_path != b"/robots.txt" and not rules.parsed.can_fetch(str(url), ROBOTS_TOKEN):
            raise Refused("robots", f"robots.txt of {url.host} disallows this page")
        return min(rules.parsed.crawl_delay(ROBOTS_TOKEN) or 0.0, self._longest_delay)

    async def _asked(self, url: httpx.URL) -> _Rules:
        try:
            answer = await self._fetch(url)
        except LookFailed as failure:
            if failure.status is not None and 400 <= failure.status <= 499:
                return _Rules()
            if failure.outcome is Outcome.REFUSED or failure.word in _NO_CONNECTION:
                return _Rules(failure=failure)
            return _Rules(failure=Refused("robots", f"robots.txt of {url.host} could not be had: {failure.reason}"))
        return _Rules(parsed=Protego.parse(answer.wire_body.decode("utf-8", "replace")))

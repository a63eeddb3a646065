"""robots.txt: asked once a host and run, obeyed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from protego import Protego

from domain.probing import Look
from domain.vocabulary import Outcome
from probes.failures import LookFailed, Refused
from probes.settings import ROBOTS_TOKEN

ROBOTS_PATH = b"/robots.txt"
MOST_ROBOTS_BYTES = 512_000  # RFC 9309 wants at least 500 KiB parsed; the rest does not count

# Failures that say nothing of robots.txt: the host itself cannot be reached.
_NO_CONNECTION = frozenset({"dns", "connect", "timeout", "tls", "network"})


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What asking for one robots.txt came to: its beginning with the content encoding undone, or the failure.

    `look` is the same as a look at a page has it; None where more than `MOST_ROBOTS_BYTES` came, of which
    a page's look would have had the rest.
    """

    look: Look | None
    body: bytes = b""
    failure: LookFailed | None = None


FetchRobots = Callable[[httpx.URL], Awaitable[RobotsAnswer]]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one origin answered: rules, a reason why nothing may be asked, or neither (all allowed)."""

    look: Look | None
    parsed: Protego | None = None
    failure: LookFailed | None = None


@dataclass(slots=True)
class RobotsMemory:
    """What origins answered during a run. Transports that share it ask each origin once between them, one after
    the other or for different origins: two that begin with the same origin at once would both ask."""

    rules: dict[str, _Rules] = field(default_factory=dict)


class Robots:
    """Answers for all pages from one robots.txt an origin.

    Without a robots.txt (4xx) everything is allowed; when the server fails to give it (5xx, redirects
    to nowhere) nothing is, as RFC 9309 has it. When the host cannot be reached at all, no rule was
    refused to us: the failure of the connection is the answer.
    """

    def __init__(self, fetch: FetchRobots, longest_delay: float, memory: RobotsMemory) -> None:
        self._fetch = fetch
        self._longest_delay = longest_delay
        self._rules = memory.rules
        self._locks: dict[str, asyncio.Lock] = {}

    async def delay_for(self, url: httpx.URL) -> float:
        """The Crawl-delay in seconds to keep for a URL (0 for none), up to the longest we follow.

        Raises Refused when robots.txt disallows the URL or could not be had, Unreachable or Refused
        when the way to it failed.
        """
        rules = await self._of(url)
        if rules.failure is not None:
            raise rules.failure.fresh()
        if rules.parsed is None:
            return 0.0
        # RFC 9309 allows robots.txt itself whatever it says: how else would anybody know.
        if url.raw_path != ROBOTS_PATH and not rules.parsed.can_fetch(str(url), ROBOTS_TOKEN):
            raise Refused("robots", f"robots.txt of {url.host} disallows this page")
        return min(rules.parsed.crawl_delay(ROBOTS_TOKEN) or 0.0, self._longest_delay)

    async def look_at(self, url: httpx.URL) -> Look | None:
        """The look at the robots.txt of a URL's origin, asked at most once; None where it was not seen whole."""
        return (await self._of(url)).look

    async def _of(self, url: httpx.URL) -> _Rules:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._rules:
                self._rules[origin] = _rules(url, await self._fetch(url.copy_with(raw_path=ROBOTS_PATH, fragment=None)))
        return self._rules[origin]


def _rules(url: httpx.URL, answer: RobotsAnswer) -> _Rules:
    failure = answer.failure
    if failure is None:
        return _Rules(answer.look, parsed=Protego.parse(answer.body.decode("utf-8", "replace")))
    if failure.status is not None and 400 <= failure.status <= 499:
        return _Rules(answer.look)
    if failure.outcome is Outcome.REFUSED or failure.word in _NO_CONNECTION:
        return _Rules(answer.look, failure=failure)
    told = Refused("robots", f"robots.txt of {url.host} could not be had: {failure.reason}")
    return _Rules(answer.look, failure=told)

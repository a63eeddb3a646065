"""Looking at pages over the network: honest, polite, guarded, and never longer or larger than allowed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from domain.probing import Look, PageRequest, Snapshot
from domain.vocabulary import Origin, Outcome
from probes.addresses import Allowed
from probes.browser import rendered
from probes.challenges import CHALLENGING, MOST_CHALLENGE_BYTES, challenge_of
from probes.decoding import decoded
from probes.exchange import Answer, Budget, GuardedClient
from probes.failures import LookFailed, Refused, Unreachable, failure_of_status
from probes.guard import GuardedBackend, Resolver, checked_url, resolve
from probes.politeness import HostTurns, Sleep
from probes.robots import MOST_ROBOTS_BYTES, ROBOTS_PATH, Robots, RobotsAnswer, RobotsMemory
from probes.settings import NetworkSettings
from probes.snapshots import snapshot_of

__all__ = ["NetworkSettings", "NetworkTransport"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_WAIT = timedelta(days=365)
_LONGEST_VALIDATOR = 1000


@dataclass(slots=True)
class _Visit:
    """What one look may use, and what it has seen so far."""

    budget: Budget
    retries_left: int
    most_bytes: int
    robots_txt: bool = False
    attempts: int = 1
    redirects: list[str] = field(default_factory=list)
    failure: LookFailed | None = None
    cut: bool = False


class NetworkTransport:
    """One shared client for a run; belongs to the event loop that first uses it.

    Satisfies `Transport`. `robots` may outlive it: transports that share one ask a host for its robots.txt
    once between them. `resolver`, `dialer`, `now` and `sleep` exist for tests. Raises InvalidInput when an
    entry of `settings.allow` cannot be read.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        *,
        robots: RobotsMemory | None = None,
        resolver: Resolver = resolve,
        dialer: httpcore.AsyncNetworkBackend | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._backend = GuardedBackend(Allowed.of(settings.allow), resolver, dialer)
        self._client = GuardedClient(settings, self._backend)
        self._turns = HostTurns(settings.concurrency, sleep)
        self._robots = Robots(self._robots_txt, settings.longest_crawl_delay, robots or RobotsMemory())
        self._now = now
        self._sleep = sleep

    async def look(self, request: PageRequest) -> Look:
        """Look once at one page; whatever the server does is an outcome."""
        settings = self._settings
        if request.once and (known := await self._known(request.url)) is not None:
            return known
        visit = _Visit(Budget(settings.time_limit), settings.most_retries, settings.most_wire_bytes)
        return await self._look(request, visit)

    async def _known(self, asked: str) -> Look | None:
        """The look at a robots.txt, which rules are read from anyway; None for any other address."""
        try:
            url = checked_url(asked)
        except LookFailed:
            return None
        return await self._robots.look_at(url) if url.raw_path == ROBOTS_PATH else None

    async def _look(self, request: PageRequest, visit: _Visit) -> Look:
        status: int | None = None
        snapshot: Snapshot | None = None
        challenge: str | None = None
        try:
            url, answer = await self._followed(request.url, _conditions(request), visit)
            status, visit.cut = answer.status, answer.cut
            if status == 200:
                received = self._snapshot(request.url, url, answer, visit)
                snapshot = await rendered(received, self._backend, self._settings) if request.browser else received
            elif status != 304:
                snapshot = self._snapshot(request.url, url, answer, visit)
                challenge = _challenge(answer)
        except LookFailed as failed:
            visit.failure = failed
            status = failed.status or status
        failure = visit.failure
        if failure is not None:
            outcome, reason = failure.outcome, failure.reason
        elif challenge is not None:
            outcome, reason = Outcome.SUSPECT, challenge
        else:
            outcome, reason = (Outcome.NOT_MODIFIED if snapshot is None else Outcome.SNAPSHOT), None
        return Look(
            url=request.url,
            at=snapshot.seen_at if snapshot is not None else self._now(),
            outcome=outcome,
            reason=reason,
            status=status,
            snapshot=snapshot,
            attempts=visit.attempts,
            seconds=round(visit.budget.spent, 3),
            retry_after=failure.retry_after if failure is not None else None,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _followed(self, asked: str, conditions: Mapping[str, str], visit: _Visit) -> tuple[httpx.URL, Answer]:
        """The final URL and its answer: 200, 304, or a wall's challenge. Raises LookFailed for everything else."""
        url = checked_url(asked)
        while True:
            # A page that redirects may lead elsewhere than last time, where our validators could
            # match by accident and hide the change: conditions go to the asked URL only.
            headers = {} if visit.redirects else conditions
            crawl_delay = 0.0 if visit.robots_txt else await self._robots.delay_for(url)
            answer = await self._answered(url, headers, max(self._settings.delay, crawl_delay), visit)
            if answer.status in (200, *CHALLENGING) or (answer.status == 304 and _confirms(headers, answer)):
                return url, answer
            if answer.status == 304 and headers:
                # It confirms something else than what we hold: the page itself has to come.
                conditions = {}
                continue
            if answer.status not in _REDIRECTS:
                raise Unreachable("unexpected_status", f"the server answers {answer.status}", status=answer.status)
            url = self._next_hop(url, answer, visit)

    def _next_hop(self, url: httpx.URL, answer: Answer, visit: _Visit) -> httpx.URL:
        location = answer.headers.get("location", "").strip()
        if not location:
            raise failure_of_status(answer.status)
        visit.redirects.append(str(url))
        try:
            target = checked_url(str(url.join(location)))
        except (httpx.InvalidURL, ValueError) as error:
            raise Unreachable("bad_redirect", f"redirected to {location[:100]!r}", status=answer.status) from error
        if url.scheme == "https" and target.scheme != "https":
            # What comes over an unverified connection is no evidence of what the publisher says.
            raise Refused("downgrade", f"redirected from https to {str(target)[:200]}", status=answer.status)
        if str(target) in visit.redirects:
            raise Unreachable("redirect_loop", f"sent back to {str(target)[:200]}", status=answer.status)
        if len(visit.redirects) > self._settings.most_redirects:
            raise Unreachable(
                "too_many_redirects", f"more than {self._settings.most_redirects} redirects", status=answer.status
            )
        return target

    async def _answered(self, url: httpx.URL, headers: Mapping[str, str], delay: float, visit: _Visit) -> Answer:
        """One URL's answer after at most the retries left: 200, 304, a redirect, or a wall's challenge."""
        while True:
            try:
                async with self._turns.turn(url.host, delay):
                    answer = await self._client.get(
                        url, headers, most_bytes=visit.most_bytes, cut=visit.robots_txt, budget=visit.budget
                    )
                if answer.status in (200, 304) or answer.status in _REDIRECTS:
                    return answer
                if _challenge(answer) is not None:
                    return answer  # asking again is no proof of a human either
                raise failure_of_status(answer.status, self._retry_after(answer))
            except Unreachable as failure:
                wait = self._wait_before_retry(failure, visit)
                if wait is None:
                    raise
            visit.attempts += 1
            visit.retries_left -= 1
            await self._sleep(wait)

    def _wait_before_retry(self, failure: Unreachable, visit: _Visit) -> float | None:
        """Seconds to wait before one more attempt; None when there shall be none."""
        if not failure.transient or visit.retries_left < 1 or visit.budget.left <= 0:
            return None
        if failure.retry_after is not None:
            wait = max(0.0, (failure.retry_after - self._now()).total_seconds())
            return wait if wait <= self._settings.longest_retry_after else None
        return self._settings.backoff * 2.0 ** (visit.attempts - 1) * random.uniform(0.5, 1.5)  # noqa: S311

    def _retry_after(self, answer: Answer) -> datetime | None:
        value = answer.headers.get("retry-after", "").strip()
        if not value:
            return None
        now = self._now()
        if value.isascii() and value.isdigit():
            return now + min(_LONGEST_WAIT, timedelta(seconds=int(value[:9])))
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return min(until, now + _LONGEST_WAIT)

    def _snapshot(self, asked: str, url: httpx.URL, answer: Answer, visit: _Visit) -> Snapshot:
        limit = self._settings.most_body_bytes
        encoding = answer.headers.get("content-encoding", "")
        return snapshot_of(
            url=asked,
            final_url=str(url),
            seen_at=self._now(),
            status=answer.status,
            headers=answer.headers,
            body=decoded(answer.wire_body, encoding, limit) if answer.status == 200 else _readable(answer),
            origin=Origin.DIRECT,
            method="http-get",
            redirects=tuple(visit.redirects),
        )

    async def _robots_txt(self, url: httpx.URL) -> RobotsAnswer:
        settings = self._settings
        visit = _Visit(Budget(settings.time_limit), settings.most_retries, MOST_ROBOTS_BYTES, robots_txt=True)
        look = await self._look(PageRequest(str(url)), visit)
        failure = visit.failure
        if failure is None and look.outcome is Outcome.SUSPECT and look.status is not None:
            failure = failure_of_status(look.status)
        body = look.snapshot.body if look.snapshot is not None else b""
        return RobotsAnswer(None if visit.cut else look, body, failure)


def _challenge(answer: Answer) -> str | None:
    return challenge_of(answer.status, answer.headers, _readable(answer))


def _readable(answer: Answer) -> bytes:
    """What can be read of an answer that is not the page, nothing where it is badly encoded."""
    try:
        return decoded(answer.wire_body, answer.headers.get("content-encoding", ""), MOST_CHALLENGE_BYTES)
    except Unreachable:
        return b""


def _confirms(conditions: Mapping[str, str], answer: Answer) -> bool:
    """Whether a 304 was asked for and speaks of the bytes we hold: not if it names another ETag, or another date."""
    for asked, given in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        if asked in conditions and given in answer.headers:
            return conditions[asked].removeprefix("W/") == answer.headers[given].strip().removeprefix("W/")
    return bool(conditions)


def _conditions(request: PageRequest) -> dict[str, str]:
    """Headers that make a request conditional; validators that no header can carry are left out."""
    validators = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {
        name: value
        for name, value in validators.items()
        if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    }

"""What each answer of a server comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest
import respx

from domain.probing import Look, PageRequest
from domain.vocabulary import Origin, Outcome
from probes.network import NetworkSettings, NetworkTransport

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PAGE = "https://data.example.org/license"
BODY = b"<html><body><h1>License</h1><p>Everything here is CC BY 4.0.</p></body></html>"


class Slept(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def look_at(
    request: PageRequest, answers: Sequence[httpx.Response | Exception], slept: Slept | None = None
) -> tuple[Look, respx.Route]:
    async def run() -> tuple[Look, respx.Route]:
        with respx.mock(assert_all_called=False) as router:
            router.get("https://data.example.org/robots.txt").respond(404)
            route = router.get(PAGE).mock(side_effect=list(answers))
            transport = NetworkTransport(
                NetworkSettings(delay=0.0), now=lambda: NOW, sleep=slept if slept is not None else Slept()
            )
            look = await transport.look(request)
            await transport.aclose()
            return look, route

    return asyncio.run(run())


def test_a_page_becomes_a_snapshot() -> None:
    headers = {"Content-Type": 'text/html; charset="ISO-8859-1"', "ETag": '"v1"', "Set-Cookie": "session=secret"}
    look, _ = look_at(PageRequest(PAGE + "#terms"), [httpx.Response(200, headers=headers, content=BODY)])
    assert (look.outcome, look.reason, look.status, look.at) == (Outcome.SNAPSHOT, None, 200, NOW)
    snapshot = look.snapshot
    assert snapshot is not None
    assert snapshot.body == BODY
    assert snapshot.sha256 == sha256(BODY).hexdigest()
    assert (snapshot.media_type, snapshot.charset) == ("text/html", "iso-8859-1")
    assert (snapshot.url, snapshot.final_url, snapshot.redirects) == (PAGE + "#terms", PAGE, ())
    assert (snapshot.origin, snapshot.method, snapshot.seen_at) == (Origin.DIRECT, "http-get", NOW)
    assert snapshot.headers["etag"] == '"v1"'
    assert "set-cookie" not in snapshot.headers


@pytest.mark.parametrize(
    ("status", "outcome", "word"),
    [
        (401, Outcome.REFUSED, "unauthorized"),
        (403, Outcome.REFUSED, "forbidden"),
        (451, Outcome.REFUSED, "legal_reasons"),
        (404, Outcome.GONE, "not_found"),
        (410, Outcome.GONE, "gone"),
        (204, Outcome.UNREACHABLE, "unexpected_status"),
        (206, Outcome.UNREACHABLE, "unexpected_status"),
        (300, Outcome.UNREACHABLE, "redirect"),
        (304, Outcome.UNREACHABLE, "unexpected_status"),
        (418, Outcome.UNREACHABLE, "unexpected_status"),
    ],
)
def test_statuses_that_end_the_look_at_once(status: int, outcome: Outcome, word: str) -> None:
    look, route = look_at(PageRequest(PAGE), [httpx.Response(status, content=BODY)])
    assert (look.outcome, look.status, look.snapshot) == (outcome, status, None)
    assert (look.reason or "").startswith(f"{word}: ")
    assert route.call_count == 1


def test_conditions_are_sent_and_an_unchanged_page_is_not_modified() -> None:
    request = PageRequest(PAGE, etag='"v1"', last_modified="Tue, 03 Nov 2026 10:00:00 GMT")
    look, route = look_at(request, [httpx.Response(304)])
    assert (look.outcome, look.reason, look.snapshot) == (Outcome.NOT_MODIFIED, None, None)
    sent = route.calls.last.request.headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Tue, 03 Nov 2026 10:00:00 GMT")
    assert sent["user-agent"] == "Clearance/0.1 (license monitoring)"


def test_a_validator_that_no_header_can_carry_is_not_sent() -> None:
    look, route = look_at(PageRequest(PAGE, etag='"v1"\r\nX-Evil: 1'), [httpx.Response(200, content=BODY)])
    assert look.outcome is Outcome.SNAPSHOT
    assert "if-none-match" not in route.calls.last.request.headers


def test_a_server_error_is_tried_again() -> None:
    slept = Slept()
    look, route = look_at(PageRequest(PAGE), [httpx.Response(500), httpx.Response(200, content=BODY)], slept)
    assert (look.outcome, look.attempts, route.call_count) == (Outcome.SNAPSHOT, 2, 2)
    assert len(slept) == 1


def test_a_server_that_keeps_failing_is_tried_three_times() -> None:
    look, route = look_at(PageRequest(PAGE), [httpx.Response(503)] * 5)
    assert (look.outcome, look.reason) == (Outcome.UNREACHABLE, "server_error: the server answers 503")
    assert (look.attempts, route.call_count) == (3, 3)


def test_a_short_retry_after_is_waited_for() -> None:
    slept = Slept()
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, content=BODY)]
    look, _ = look_at(PageRequest(PAGE), answers, slept)
    assert look.outcome is Outcome.SNAPSHOT
    assert slept == [7.0]


@pytest.mark.parametrize("value", ["3600", "Tue, 24 Nov 2026 10:00:00 GMT"])
def test_a_long_retry_after_is_handed_on(value: str) -> None:
    slept = Slept()
    look, route = look_at(PageRequest(PAGE), [httpx.Response(429, headers={"Retry-After": value})], slept)
    assert (look.outcome, look.retry_after) == (Outcome.UNREACHABLE, NOW + timedelta(hours=1))
    assert (look.reason or "").startswith("rate_limited: ")
    assert (route.call_count, slept) == (1, [])


@pytest.mark.parametrize("value", ["9" * 5000, "soon", "Mon, 99 Foo 99999999999999999999 10:00:00 GMT", "-1"])
def test_a_senseless_retry_after_does_no_harm(value: str) -> None:
    look, _ = look_at(PageRequest(PAGE), [httpx.Response(429, headers={"Retry-After": value})] * 3)
    assert look.outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize(
    ("error", "word", "attempts"),
    [
        (httpx.ConnectError("refused"), "connect", 3),
        (httpx.ConnectTimeout("slow"), "timeout", 3),
        (httpx.ReadTimeout("slow"), "timeout", 1),
        (httpx.ReadError("reset"), "network", 3),
        (httpx.RemoteProtocolError("garbage"), "protocol", 3),
    ],
)
def test_what_the_network_does_is_unreachable(error: Exception, word: str, attempts: int) -> None:
    look, _ = look_at(PageRequest(PAGE), [error] * 5)
    assert (look.outcome, look.attempts) == (Outcome.UNREACHABLE, attempts)
    assert (look.reason or "").startswith(f"{word}: ")

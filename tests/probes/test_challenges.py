"""A wall that wants proof of a human is kept aside whatever it answers with; a refusal stays a refusal."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from probe_server import Handler, Server, reply, serving
from test_recording_replay import day, response, write

from domain.probing import Look, PageRequest
from domain.vocabulary import Origin, Outcome
from probes.challenges import challenge_of
from probes.network import NetworkSettings, NetworkTransport
from probes.recording import Recording

CLOUDFLARE = (
    b"<!DOCTYPE html><html lang='en-US'><head><title>Just a moment...</title><meta name='robots' content='noindex'>"
    b"</head><body><div class='main-wrapper'><h2>data.example.org needs to review the security of your connection</h2>"
    b"<noscript>Enable JavaScript and cookies to continue</noscript></div>"
    b"<script>(function(){window._cf_chl_opt={cvId: '3', cType: 'managed'};}());</script></body></html>"
)
LOCALISED = CLOUDFLARE.replace(b"Just a moment...", b"Nur einen Moment...").replace(b"needs to review", b"muss zuerst")
DATADOME = (
    b"<html><head><title>example.org</title></head><body><p id='cmsg'>Please enable JS and disable any ad blocker</p>"
    b"<script src='https://ct.captcha-delivery.com/c.js'></script></body></html>"
)
HUMAN = b"<html><head><title>Robot or human?</title></head><body><h1>Are you a robot?</h1><p>Press and hold.</p></body>"
DENIED = b"<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>No.</p></body></html>"
BLOCKED = (
    b"<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1>"
    b"<p>You are unable to access example.org</p></body></html>"
)
LONG = b"<html><head><title>Forbidden</title></head><body>" + b"<p>To solve the captcha is no use here.</p>" * 60


def looked(answer: bytes | Handler, *, robots: bytes | None = None) -> tuple[Look, list[str]]:
    async def run() -> tuple[Look, list[str]]:
        async with serving({"/terms": answer} | ({} if robots is None else {"/robots.txt": robots})) as server:
            settings = NetworkSettings(allow=("127.0.0.0/8",), delay=0.0, backoff=0.0)
            transport = NetworkTransport(settings)
            look = await transport.look(PageRequest(f"{server.base}/terms"))
            await transport.aclose()
            return look, server.paths()

    return asyncio.run(run())


@pytest.mark.parametrize("body", [CLOUDFLARE, LOCALISED, DATADOME, HUMAN])
@pytest.mark.parametrize("status", [403, 405, 429, 503])
def test_a_challenge_is_suspect_with_its_reason_its_bytes_and_no_second_try(status: int, body: bytes) -> None:
    look, paths = looked(reply(status, body))
    assert (look.outcome, look.status) == (Outcome.SUSPECT, status)
    assert (look.reason or "").startswith(f"bot_challenge: answers {status}, ")
    assert look.snapshot is not None
    assert (look.snapshot.body, look.snapshot.status, look.snapshot.origin) == (body, status, Origin.DIRECT)
    assert paths.count("/terms") == 1


@pytest.mark.parametrize(
    "headers", [{"CF_Mitigated": "challenge"}, {"X_Vercel_Mitigated": "challenge"}, {"x_amzn_waf_action": "captcha"}]
)
def test_a_wall_that_says_so_in_a_header_is_believed_without_a_body(headers: dict[str, str]) -> None:
    look, _ = looked(reply(403, b"", **headers))
    assert look.outcome is Outcome.SUSPECT
    assert (look.reason or "").startswith("bot_challenge: answers 403 and says ")


def test_a_compressed_challenge_is_read_and_a_broken_one_is_a_refusal() -> None:
    packed = gzip.compress(CLOUDFLARE)
    look, _ = looked(reply(403, packed, Content_Encoding="gzip"))
    assert look.snapshot is not None
    assert (look.outcome, look.snapshot.body) == (Outcome.SUSPECT, CLOUDFLARE)
    look, _ = looked(reply(403, packed[:-20], Content_Encoding="gzip"))
    assert (look.outcome, look.snapshot) == (Outcome.REFUSED, None)


@pytest.mark.parametrize("body", [b"", DENIED, BLOCKED, LONG])
def test_who_is_denied_or_blocked_is_refused(body: bytes) -> None:
    look, _ = looked(reply(403, body, Server="cloudflare", CF_Ray="8f3ac91be27d0000-FRA"))
    assert (look.outcome, look.reason, look.snapshot) == (
        Outcome.REFUSED,
        "forbidden: the server refuses (403)",
        None,
    )


def test_a_challenge_in_place_of_robots_txt_is_no_robots_txt() -> None:
    page = reply(200, b"<html><body><p>The data is licensed under CC BY 4.0.</p></body></html>")
    look, _ = looked(page, robots=reply(403, CLOUDFLARE))
    assert look.outcome is Outcome.SNAPSHOT


def test_a_body_that_never_ends_is_no_more_than_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(_: Server, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(403, CLOUDFLARE)[:-1])
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr("probes.exchange._MOST_CHALLENGE_SECONDS", 0.0)
    look, _ = looked(endless)
    assert look.outcome is Outcome.REFUSED


@pytest.mark.parametrize("status", [200, 401, 404, 410, 451, 500])
def test_other_statuses_are_what_they_say(status: int) -> None:
    assert challenge_of(status, {"cf-mitigated": "challenge"}, CLOUDFLARE) is None


def test_a_recorded_challenge_is_suspect_too(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.warc.gz", response(day(2), CLOUDFLARE, "403 Forbidden"), response(day(3), DENIED, "403 No")
    )
    wall, denied = Recording.open([path]).looks()
    assert (wall.outcome, denied.outcome) == (Outcome.SUSPECT, Outcome.REFUSED)
    assert wall.snapshot is not None
    assert (wall.snapshot.body, wall.snapshot.origin, wall.at) == (CLOUDFLARE, Origin.RECORDING, day(2))
    assert denied.snapshot is None

"""What a host says about training on a page: robots.txt, tdmrep.json, headers; and how it can fail to say it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from probe_server import reply, serving

from domain.claims import Reservation, ReservationState
from domain.probing import PageRequest
from probes.apis import header_signals, meta_signals, robots_signals, tdm_reservation
from probes.apis.path_patterns import covers
from probes.apis.reading import ApiAnswer
from probes.measuring import ReservationSurvey, measure_reservations
from probes.network import NetworkSettings, NetworkTransport

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = "https://hums.example/songs/license"
RESERVED, UNCLEAR, NOT_RESERVED = ReservationState.RESERVED, ReservationState.UNCLEAR, ReservationState.NOT_RESERVED


def robots(text: str, page: str = PAGE) -> list[tuple[str, ReservationState, str, str]]:
    answer = ApiAnswer("https://hums.example/robots.txt", NOW, "text/plain", text.encode())
    return [short(found) for found in robots_signals.read(answer, page).reservations]


def short(found: Reservation) -> tuple[str, ReservationState, str, str]:
    return (found.rule, found.state, found.path, found.audience)


def test_crawlers_for_training_that_are_shut_out_are_told_with_their_line() -> None:
    named = "User-agent: gptbot\nUser-agent: CCBot\nUser-agent: OtherBot\n"
    text = f"{named}Disallow: /songs/ # ours\n\nUser-agent: *\nAllow: /"
    answer = ApiAnswer("https://hums.example/robots.txt", NOW, "text/plain", text.encode())
    first, second = robots_signals.read(answer, PAGE).reservations
    assert short(first) == ("robots/disallow-training-crawler", RESERVED, "/songs/", "GPTBot")
    assert (first.raw, first.url, first.seen_at) == ("User-agent: GPTBot | Disallow: /songs/", answer.url, NOW)
    assert second.audience == "CCBot"
    assert robots(text, "https://hums.example/about") == []


def test_the_longest_rule_counts_and_of_equal_ones_the_one_that_allows() -> None:
    assert robots("User-agent: GPTBot\nDisallow: /\nAllow: /songs") == []
    assert robots("User-agent: GPTBot\nAllow: /songs\nDisallow: /songs") == []
    assert len(robots("User-agent: GPTBot\nAllow: /songs\nDisallow: /songs/l*e$")) == 1
    assert robots("User-agent: GPTBot\nDisallow:") == []


def test_a_host_that_shuts_everybody_out_says_so() -> None:
    assert robots("user-agent:*\ndisallow:/") == [("robots/disallow-all", RESERVED, "/", "*")]


def test_rules_of_one_crawler_in_two_groups_count_together() -> None:
    assert len(robots("User-agent: GPTBot\nDisallow: /a\n\nUser-agent: GPTBot\nDisallow: /songs")) == 1


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Content-Usage: train-ai=n", [("content_usage/train-ai", RESERVED, "/", "*")]),
        ("Content-Usage: search=n, train-ai=y", [("content_usage/train-ai", NOT_RESERVED, "/", "*")]),
        ("Content-Usage: /songs/ train-ai=n;exceptions=x", [("content_usage/train-ai", RESERVED, "/songs/", "*")]),
        ("Content-Usage: /other/ train-ai=n", []),
        ("Content-Usage: train-ai=maybe", [("content_usage/train-ai", UNCLEAR, "/", "*")]),
        ("Content-Usage: train-ai", [("content_usage/train-ai", UNCLEAR, "/", "*")]),
        ("Content-Usage: genai=n", [("content_usage/draft-superseded", RESERVED, "/", "*")]),
        ("Content-Usage: search=y", []),
        ("Content-Usage: train-ai=y\nContent-Usage: train-ai=n", [("content_usage/train-ai", RESERVED, "/", "*")]),
        ("Content-Usage: train-ai=n\nContent-Usage: /songs/ train-ai=y",
         [("content_usage/train-ai", NOT_RESERVED, "/songs/", "*")]),
        ("Content-Signal: search=yes, ai-input=yes, ai-train=no", [("content_signal/ai-train", RESERVED, "/", "*")]),
        ("Content-Signal: ai-train=yes", [("content_signal/ai-train", NOT_RESERVED, "/", "*")]),
        ("Content-Signal: use=reference", []),
        ("License: /rsl.xml", [("robots/license", UNCLEAR, "/", "*")]),
    ],
)  # fmt: skip
def test_lines_about_training_inside_and_outside_of_groups(
    line: str, found: list[tuple[str, ReservationState, str, str]]
) -> None:
    assert robots(line) == found
    assert robots(f"User-agent: *\nAllow: /\n{line}") == found


def test_a_web_page_in_the_place_of_robots_txt_says_nothing() -> None:
    answer = ApiAnswer("https://hums.example/robots.txt", NOW, "text/html", b"<html>User-agent: *\nDisallow: /</html>")
    reading = robots_signals.read(answer, PAGE)
    assert (reading.problem, reading.reservations) == ("a web page in the place of robots.txt", ())


def tdmrep(document: Any, page: str = PAGE) -> list[tuple[str, ReservationState, str, str]]:
    body = json.dumps(document).encode()
    answer = ApiAnswer("https://hums.example/.well-known/tdmrep.json", NOW, "application/json", body)
    return [short(found) for found in tdm_reservation.read(answer, page).reservations]


def test_the_first_entry_that_covers_the_page_counts() -> None:
    entries = [
        {"location": "/songs/*.mp3$", "tdm-reservation": 0},
        {"location": "/songs/", "tdm-reservation": 1, "tdm-policy": "https://hums.example/policy.json"},
        {"location": "/", "tdm-reservation": 0},
    ]
    assert tdmrep(entries) == [("tdmrep/file", RESERVED, "/songs/", "*")]
    assert tdmrep(entries, "https://hums.example/songs/a.mp3") == [("tdmrep/file", NOT_RESERVED, "/songs/*.mp3$", "*")]
    assert tdmrep(entries[:2], "https://hums.example/about") == []


@pytest.mark.parametrize("value", [2, -1, None, True, "yes", [1], 1.0])
def test_a_value_that_is_neither_0_nor_1_sets_nothing(value: Any) -> None:
    assert tdmrep([{"location": "/", "tdm-reservation": value}]) == []
    assert tdmrep([{"location": "/", "tdm-reservation": value}, {"location": "/", "tdm-reservation": 1}]) == [
        ("tdmrep/file", RESERVED, "/", "*")
    ]


def headers(**values: str) -> list[tuple[str, ReservationState]]:
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return [(f.rule, f.state) for f in header_signals.read(ApiAnswer(PAGE, NOW, "text/html", b"", named)).reservations]


def meta(html: str, media_type: str = "text/html") -> list[tuple[str, ReservationState, str]]:
    answer = ApiAnswer(PAGE, NOW, media_type, html.encode())
    return [(f.rule, f.state, f.raw) for f in meta_signals.read(answer).reservations]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<meta name='tdm-reservation' content='1'>", [("tdmrep/header", RESERVED, "meta tdm-reservation: 1")]),
        ("<META CONTENT=1 NAME=TDM-Reservation />", [("tdmrep/header", RESERVED, "meta tdm-reservation: 1")]),
        (
            '<meta name="tdm-reservation" content="0"><meta name="tdm-reservation" content="1">',
            [("tdmrep/header", RESERVED, "meta tdm-reservation: 0, 1")],
        ),
        (
            '<meta name="robots" content="index, noai">',
            [("header/x-robots-tag", RESERVED, "meta x-robots-tag: index, noai")],
        ),
        ('<meta name="robots" content="noindex">', []),
        ('<meta property="og:title" content="noai">', []),
        ("<!-- <meta name='tdm-reservation' content='1'> -->", []),
        ("<p>&lt;meta name='tdm-reservation' content='1'&gt;</p>", []),
        (
            "<!-- open <meta name='robots' content='noai'>",
            [("header/x-robots-tag", RESERVED, "meta x-robots-tag: noai")],
        ),
    ],
)
def test_meta_names_speak_like_headers(html: str, found: list[tuple[str, ReservationState, str]]) -> None:
    assert meta(html) == found
    assert meta(html, "text/plain") == []


def test_headers_speak_for_their_page() -> None:
    assert headers(tdm_reservation="1") == [("tdmrep/header", RESERVED)]
    assert headers(tdm_reservation="0") == [("tdmrep/header", NOT_RESERVED)]
    assert headers(tdm_reservation="0, 1") == [("tdmrep/header", RESERVED)]
    assert headers(tdm_reservation="perhaps") == []
    assert headers(content_usage="train-ai=n") == [("content_usage/train-ai", RESERVED)]
    assert headers(x_robots_tag="noindex, noai") == [("header/x-robots-tag", RESERVED)]
    assert headers(x_robots_tag="noindex") == []
    link = '<https://hums.example/rsl.xml>; rel="license"; type="application/rsl+xml"'
    assert headers(link=link) == [("header/rsl", UNCLEAR)]
    assert headers(link='<https://hums.example/terms>; rel="license"') == []


@pytest.mark.parametrize(
    ("pattern", "path", "does"),
    [
        ("/", "/a", True), ("/a", "/b", False), ("/*.mp3$", "/x/y.mp3", True), ("/*.mp3$", "/x.mp3?a", False),
        ("*", "/a", True), ("/a$", "/a", True), ("/a$", "/ab", False), ("", "/a", False), ("/a*", "/a", True),
        ("/a*a$", "/a", False), ("/" + "x" * 3000, "/a", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, path: str, does: bool) -> None:
    assert covers(pattern, path) is does


Cell = tuple[list[tuple[str, str]], bool]
NO_ROBOTS = reply(404)
SHUT = reply(200, b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")
TDM = reply(200, b'[{"location": "/", "tdm-reservation": 1}]', Content_Type="application/json")
AI = reply(200, b"User-agent: GPTBot\nDisallow: /\n", Content_Type="text/plain")
UNAVAILABLE = [("robots/unavailable", "unclear")]
CRAWLER = [("robots/disallow-training-crawler", "reserved")]
ALL = [("robots/disallow-all", "reserved")]
FILE = [("tdmrep/file", "reserved")]
# name: robots.txt, tdmrep.json; the signals found, and whether silence would mean anything.
SURVEYS: dict[str, tuple[bytes, bytes, Cell]] = {
    "both": (AI, TDM, ([*CRAWLER, *FILE], True)),
    "neither": (NO_ROBOTS, reply(404), ([], True)),
    "robots 401": (reply(401), TDM, (FILE, True)),
    "robots 403": (reply(403), TDM, (FILE, True)),
    "robots 410": (reply(410), reply(410), ([], True)),
    "robots 429": (reply(429, Retry_After="3600"), reply(404), (UNAVAILABLE, False)),
    "robots 500": (reply(500), reply(404), (UNAVAILABLE, False)),
    "robots huge": (reply(200, b"#\n" * 300_000 + b"User-agent: *\nDisallow: /"), reply(404), (UNAVAILABLE, False)),
    "robots page": (reply(200, b"<html>Not found</html>"), TDM, (FILE, True)),
    "robots binary": (reply(200, b"\x00\xff" * 900, Content_Type="text/plain"), TDM, (FILE, True)),
    "shut": (SHUT, TDM, (ALL, False)),
    "tdmrep 401": (AI, reply(401), (CRAWLER, False)),
    "tdmrep 403": (AI, reply(403), (CRAWLER, False)),
    "tdmrep 410": (AI, reply(410), (CRAWLER, True)),
    "tdmrep 429": (AI, reply(429, Retry_After="3600"), (CRAWLER, False)),
    "tdmrep 500": (AI, reply(500), (CRAWLER, False)),
    "tdmrep empty": (AI, reply(200), (CRAWLER, True)),
    "tdmrep wrong types": (AI, reply(200, b'{"location": 1}'), (CRAWLER, True)),
    "tdmrep huge": (AI, reply(200, b" " * 300_000), (CRAWLER, False)),
    "tdmrep deep": (AI, reply(200, b"[" * 100_000), (CRAWLER, True)),
}


def test_a_host_is_surveyed_whatever_it_answers() -> None:
    async def survey(robots_txt: bytes, tdm: bytes) -> ReservationSurvey:
        page = reply(200, b"<html>Hums</html>")
        answers = {"/robots.txt": robots_txt, "/.well-known/tdmrep.json": tdm, "/p": page}
        async with serving({path: [answer] for path, answer in answers.items()}) as server:
            transport = NetworkTransport(
                NetworkSettings(allow=("127.0.0.1",), delay=0.0, backoff=0.001, time_limit=5.0, most_wire_bytes=200_000)
            )
            found = await measure_reservations(f"{server.base}/p", transport)
            await transport.aclose()
            return found

    wrong = []
    for name, (robots_txt, tdm, expected) in SURVEYS.items():
        found = asyncio.run(survey(robots_txt, tdm))
        cell = ([(signal.rule, signal.state.value) for signal in found.reservations], found.complete)
        if cell != expected:
            wrong.append(f"{name:20} expected {expected}, found {cell}, {found.notes}")
        if not found.complete:
            assert found.notes, name
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_headers_of_the_page_itself_join_the_survey() -> None:
    async def run() -> ReservationSurvey:
        async with serving({"/p": reply(200, b"<html>Hums</html>", TDM_Reservation="1")}) as server:
            transport = NetworkTransport(NetworkSettings(allow=("127.0.0.1",), delay=0.0))
            own = await transport.look(PageRequest(f"{server.base}/p"))
            found = await measure_reservations(f"{server.base}/p", transport, own)
            await transport.aclose()
            return found

    found = asyncio.run(run())
    assert [(signal.rule, signal.path) for signal in found.reservations] == [("tdmrep/header", "/p")]
    assert found.complete


def test_an_address_that_is_none_leaves_the_survey_incomplete() -> None:
    async def run() -> ReservationSurvey:
        transport = NetworkTransport(NetworkSettings(delay=0.0))
        found = await measure_reservations("http://[", transport)
        await transport.aclose()
        return found

    found = asyncio.run(run())
    assert (found.reservations, found.complete, found.looks) == ((), False, ())

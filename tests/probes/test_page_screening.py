"""Pages that answer 200 and are not the page, and ordinary pages that must not be mistaken for such."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from domain.probing import Look, Snapshot
from domain.vocabulary import Origin, Outcome
from probes.screening import screen, screened

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = "https://data.example.org/license"
FILLER = "<p>This paragraph explains at length what the data is, who made it, and how it may be used.</p>" * 25


def snapshot(body: str | bytes, *, final_url: str = PAGE, media_type: str = "text/html", **headers: str) -> Snapshot:
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    digest = sha256(raw).hexdigest()
    return Snapshot(PAGE, final_url, NOW, 200, media_type, "utf-8", named, raw, digest, Origin.DIRECT, "http-get")


def html(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("empty", ""),
        ("empty", "<html><body>   <br> ok </body></html>"),
        ("empty", html("", "<script>var a = 'long enough to look like text';</script><!-- and a comment -->")),
        ("soft_404", html("Page not found - Example", "<p>Try the search.</p>" + FILLER)),
        ("soft_404", html("404", "<p>Something went wrong, and we are sorry.</p>")),
        ("soft_404", html("Example", "<h1>The page you requested could not be found</h1><p>Go home.</p>")),
        ("soft_404", html("Example Data | Not found", "<p>Try our dataset overview instead.</p>")),
        ("login_wall", html("Sign in - Example", "<form><input type='text'><input type=\"password\"></form>")),
        ("login_wall", html("Example", "<p>Members only area</p><form><input type=password name=p></form>")),
        ("login_wall", html("Log in to continue", "<p>Use your institutional account to read this.</p>")),
        ("consent_wall", html("Before you continue", "<p>We and our partners store data on your device.</p>")),
        ("consent_wall", html("Example", "<p>We use cookies. Accept all cookies or manage your choice.</p>")),
        ("bot_challenge", html("Just a moment...", "<p>Checking your browser before accessing.</p>")),
        ("bot_challenge", html("Attention Required! | Cloudflare", "<p>Please complete the security check.</p>")),
        ("bot_challenge", html("Example", "<p>Please verify you are a human to go on.</p>")),
        ("maintenance", html("Site under maintenance", "<p>We will be back soon, thank you for waiting.</p>")),
        ("maintenance", html("503 Service Unavailable", "<p>No server is available to handle this.</p>")),
        ("parked", html("data.example.org", "<p>This domain is for sale! Enquire today.</p>")),
        ("needs_javascript", html("Example", "<noscript>Enable JavaScript.</noscript><script src=a></script>")),
        ("needs_javascript", html("Example Data", "<div id=\"root\"></div><script src=\"/main.js\"></script>")),
        ("truncated", "<html><head><title>License</title></head><body><p>These terms apply to all data<p cla"),
    ],
)  # fmt: skip
def test_pages_that_are_not_the_page(word: str, body: str) -> None:
    reason = screen(snapshot(body), None)
    assert reason is not None
    assert reason.partition(":")[0] == word


@pytest.mark.parametrize(
    "body",
    [
        html("License", "<h1>License</h1><p>All data is licensed under CC BY 4.0.</p>"),
        html("CC0", "<p>Given to the public domain.</p>"),
        html("Terms of use", "<h1>Terms</h1>" + FILLER + "<p>We use cookies. Accept all cookies. About cookies.</p>"),
        html("Example", FILLER + "<form>Sign in <input type=password></form>"),
        html("Login Terms and Conditions", FILLER),
        html("License", "<p>Data is licensed under the ODbL.</p><form><input type=password></form>"),
        html("500 Songs: license", "<p>The list of 500 songs may be used by anyone.</p>"),
        html("Data license", "<h1>License</h1><p>If a file is not found, ask us. " + "x " * 30 + "CC BY licensed.</p>"),
        html(
            "License", FILLER + "<p>Our service may be under maintenance at times. This domain is for sale never.</p>"
        ),
        html("License", FILLER + "<noscript>Please enable JavaScript for comments.</noscript><script>x()</script>"),
        html("License", "<p>CC BY 4.0 is the license here.</p><script src=/cdn-cgi/challenge-platform/x.js></script>"),
        "<p>A fragment of HTML without a closing tag, which browsers do not mind at all.",
        "<html><body><p>No closing tags, but the server sent it all. a < b and b > c.",
    ],
)
def test_ordinary_pages_pass(body: str) -> None:
    assert screen(snapshot(body), None) is None


def test_plain_texts() -> None:
    assert screen(snapshot("Released under the MIT license, see below.", media_type="text/plain"), None) is None
    assert screen(snapshot("404: Not Found, sorry about that", media_type="text/plain"), None) is not None
    assert screen(snapshot("TODO", media_type="text/markdown"), None) == "empty: 4 visible characters"
    assert screen(snapshot(b"%PDF-1.7 \xff\xfe and the rest of it", media_type="application/pdf"), None) is None


@pytest.mark.parametrize(
    ("final_url", "word"),
    [
        ("https://data.example.org/", "redirected_home"),
        ("https://www.example.org", "redirected_home"),
        ("https://data.example.org/en/", "redirected_home"),
        ("https://data.example.org/index.html", "redirected_home"),
        ("https://data.example.org/users/sign_in?next=/license", None),
        ("https://data.example.org/users/login?next=/license", "login_wall"),
        ("https://consent.example.org/m?continue=x", "consent_wall"),
        ("https://data.example.org/license/", None),
        ("https://data.example.org/legal/data-license", None),
        ("https://other.example.org/license", None),
    ],
)
def test_where_a_redirect_led(final_url: str, word: str | None) -> None:
    reason = screen(snapshot(html("Example Data", FILLER), final_url=final_url), None)
    assert (reason and reason.partition(":")[0]) == word


def test_fewer_bytes_than_announced_without_an_end() -> None:
    start = "<html><body><p>These terms apply to all data of this site.</p>"
    assert screen(snapshot(start, content_length="5000"), None) == f"truncated: {len(start)} of 5000 bytes"
    assert screen(snapshot(start, content_length="5000", content_encoding="gzip"), None) is None
    assert screen(snapshot(start + "</body></html>", content_length="5000"), None) is None


@pytest.mark.parametrize(
    ("previous", "reason"),
    [(10_000, "shrunken: 1000 bytes where there were 10000"), (4_000, None), (None, None), (50, None)],
)
def test_a_page_that_shrank(previous: int | None, reason: str | None) -> None:
    body = html("License", "<p>licensed</p>" + "y" * 1000)[:1000]
    assert screen(snapshot(body), previous) == reason


def test_a_suspect_look_keeps_its_snapshot() -> None:
    wall = snapshot(html("Just a moment...", "<p>Checking your browser.</p>"))
    look = screened(Look(PAGE, NOW, Outcome.SNAPSHOT, status=200, snapshot=wall), None)
    assert (look.outcome, look.snapshot) == (Outcome.SUSPECT, wall)
    assert (look.reason or "").startswith("bot_challenge: ")


def test_other_looks_stay_as_they_are() -> None:
    fine = Look(PAGE, NOW, Outcome.SNAPSHOT, status=200, snapshot=snapshot(html("License", FILLER)))
    gone = Look(PAGE, NOW, Outcome.GONE, reason="not_found: no such page", status=404)
    assert (screened(fine, None), screened(gone, 9000)) == (fine, gone)


@pytest.mark.parametrize(
    "body",
    ["<" * 500_000, "<script>" * 100_000, "<!--" * 200_000, "<h1>" * 200_000, "<title" * 100_000, "<div id=" * 200_000,
     "page you " * 100_000, "\x00" * 500_000, "<a " + "b " * 500_000],
)  # fmt: skip
def test_hostile_markup_is_screened_in_no_time(body: str) -> None:
    screen(snapshot(body), None)

"""Pages that answer 200 and are not the page: they must never become a baseline.

Every rule here keeps a page aside, so each is narrow: it needs a title that no license page bears, or
telling words on a page with hardly any others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from domain.probing import Look, Snapshot
from domain.vocabulary import Outcome
from probes.challenges import MEDIUM, SHORT, challenge_in
from probes.markup import Glance, glance_at_html, glance_at_text

_EMPTY = 20
_SHRUNKEN_SHARE = 0.2
_SHRUNKEN_FROM = 2000

_HTML = ("text/html", "application/xhtml+xml")
_FLAGS = re.IGNORECASE
_NOT_FOUND = re.compile(
    r"^(error\W{0,3})?404\b|\b404\W{0,3}(error|not found|page)|^not found$|[|–—-] ?(page )?not found$|"
    r"^(oops\W{0,3})?(sorry\W{0,3})?(the |this )?(requested )?(page|file|document|url|resource) (you .{0,40} )?"
    r"((was |is |could |has )?not|cannot|can['’]t|couldn['’]t) ?(be |been )?found|^(page|file) not found|"
    r"page (does not|doesn['’]t|no longer) exists?",
    _FLAGS,
)
_LOGIN = re.compile(
    r"^(please )?(sign[ -]?in|log[ -]?in)\b(?! (terms|agreement))|authentication required|^(account|user|member) login|"
    r"^single sign-on",
    _FLAGS,
)
_LOGIN_PATH = re.compile(r"(^|/)(log-?in|sign-?in|sso|saml2?|oauth2?|authorize|authenticate)(/|\.|$)", _FLAGS)
_CONSENT_TITLE = re.compile(
    r"^before you continue|^(cookie|privacy) (consent|preferences|settings|choices|wall)|^we value your privacy|"
    r"^your privacy (choices|settings)",
    _FLAGS,
)
_CONSENT = re.compile(r"(accept|agree|allow|reject|manage).{0,40}(cookies|consent|all)\b", _FLAGS)
# Beside a 200 that is no page either, whoever denies it.
_DENIED = re.compile(r"^access denied", _FLAGS)
_MAINTENANCE = re.compile(
    r"(under|down for|undergoing|scheduled|site|system|planned) maintenance|^maintenance( mode)?$|"
    r"^(site |service |page )?(is )?temporarily unavailable|^(we['’]ll )?be (right )?back soon|^service unavailable|"
    r"^bad gateway|^gateway time-?out|^internal server error|^error 5\d\d\b|"
    r"^5\d\d\W{0,3}(internal|bad|service|gateway|error)",
    _FLAGS,
)
_PARKED = re.compile(
    r"(this )?domain (name )?([\w.-]+ )?(is|may be|might be) (for sale|available for (sale|purchase)|parked)|"
    r"buy this domain|this domain (name )?has expired|parked (free|domain)|domain parking",
    _FLAGS,
)
_PARKED_MARKUP = (b"sedoparking.com", b"parkingcrew.net", b"bodis.com/", b"hugedomains.com", b"window.park")
_NEEDS_SCRIPT = re.compile(
    r"(enable|need|requires?|turn on|without) java ?script|java ?script (is |must be )?(disabled|required|enabled)",
    _FLAGS,
)
_MOUNT_POINT = re.compile(
    rb"<div[^<>]{0,80}\bid=[\"']?(root|app|__next|__nuxt|main-app|q-app)[\"']?[^<>]{0,80}>\s{0,200}</div"
)
_LICENSE_WORDS = re.compile(r"licen[sc]|public domain|creative commons", _FLAGS)
_HOME = re.compile(r"/?((index|default|home)(\.\w{2,5})?/?)?|/[a-z]{2}(-[a-z]{2})?/?", _FLAGS)


PreviousBody = Callable[[], bytes | None]
"""Fetches the accepted body before this one; asked for only where it decides."""


def screen(snapshot: Snapshot, previous_length: int | None, previous_body: PreviousBody | None = None) -> str | None:
    """Why a 200 body must not become a baseline ("word: detail"), or None for an ordinary page.

    `previous_length` is the size in bytes of the accepted body before this one, None for the first.
    """
    size = len(snapshot.body)
    is_html = snapshot.media_type in _HTML
    if is_html or snapshot.media_type.startswith("text/"):
        glance = (glance_at_html if is_html else glance_at_text)(snapshot.body, snapshot.charset)
        reason = _moved(snapshot) or _not_the_page(glance) or _truncated(snapshot, glance, is_html)
        if reason is None and is_html and previous_body is not None:
            reason = _lost_its_end(snapshot.body, previous_body)
        if reason is not None:
            return reason
    elif size < _EMPTY:
        return f"empty: {size} bytes"
    if previous_length is not None and previous_length > _SHRUNKEN_FROM and size < previous_length * _SHRUNKEN_SHARE:
        return f"shrunken: {size} bytes where there were {previous_length}"
    return None


def screened(look: Look, previous_length: int | None, previous_body: PreviousBody | None = None) -> Look:
    """The look itself, or the same look as `suspect` (with its snapshot) when the page is none."""
    if look.outcome is not Outcome.SNAPSHOT or look.snapshot is None:
        return look
    reason = screen(look.snapshot, previous_length, previous_body)
    return look if reason is None else replace(look, outcome=Outcome.SUSPECT, reason=reason)


def _moved(snapshot: Snapshot) -> str | None:
    asked, final = _split(snapshot.url), _split(snapshot.final_url)
    if asked is None or final is None or (asked.netloc, asked.path) == (final.netloc, final.path):
        return None
    if _LOGIN_PATH.search(final.path) and not _LOGIN_PATH.search(asked.path):
        return f"login_wall: sent on to {final.path[:100]}"
    if final.netloc.startswith("consent.") and not asked.netloc.startswith("consent."):
        return f"consent_wall: sent on to {final.netloc[:100]}"
    if _HOME.fullmatch(final.path) and not _HOME.fullmatch(asked.path) and not final.query:
        return f"redirected_home: asked for {asked.path[:100]}, sent on to {final.path or '/'}"
    return None


def _not_the_page(glance: Glance) -> str | None:
    size, text = glance.size, glance.text
    heads = [head for head in (glance.title, *glance.headings[:1]) if head]
    short = text if size < SHORT else ""
    medium = text if size < MEDIUM else ""

    def headed(pattern: re.Pattern[str]) -> str | None:
        return next((head[:80] for head in heads if pattern.search(head)), None)

    if challenge := challenge_in(glance):
        return challenge
    if (head := headed(_DENIED)) and size < MEDIUM:
        return f"bot_challenge: titled {head!r}"
    if head := headed(_NOT_FOUND):
        return f"soft_404: answers 200 and is titled {head!r}"
    # Asked only of a short page: on a long one it decides nothing and costs a search through all of it.
    licensed = size >= SHORT or _LICENSE_WORDS.search(text) is not None
    if not licensed and _NOT_FOUND.search(short):
        return "soft_404: answers 200 and says that there is no such page"
    has_password = b'type="password"' in glance.markup or b"type=password" in glance.markup
    if ((head := headed(_LOGIN)) and size < MEDIUM * 2) or (has_password and short and not licensed):
        return f"login_wall: titled {head!r}" if head else "login_wall: little but a password field"
    if (head := headed(_CONSENT_TITLE)) and medium:
        return f"consent_wall: titled {head!r}"
    if short.lower().count("cookie") >= 2 and _CONSENT.search(short) and not licensed:
        return "consent_wall: little but a question about cookies"
    if (head := headed(_MAINTENANCE)) and medium:
        return f"maintenance: titled {head!r}"
    if _MAINTENANCE.search(short) and not licensed:
        return "maintenance: little but a notice of maintenance"
    if _PARKED.search(medium) or (medium and any(mark in glance.markup for mark in _PARKED_MARKUP)):
        return "parked: the domain is for sale"
    if size < SHORT and glance.scripts and not licensed and _is_shell(glance):
        return f"needs_javascript: {size} characters without running scripts"
    if size < _EMPTY:
        return f"empty: {size} visible characters"
    return None


def _is_shell(glance: Glance) -> bool:
    words = f"{glance.noscript} {glance.text}"
    return _NEEDS_SCRIPT.search(words) is not None or _MOUNT_POINT.search(glance.markup) is not None


def _truncated(snapshot: Snapshot, glance: Glance, is_html: bool) -> str | None:
    announced = snapshot.headers.get("content-length", "").strip()
    encoded = snapshot.headers.get("content-encoding", "").strip().lower() not in ("", "identity")
    if is_html and (b"</html" in glance.markup or b"</body" in glance.markup):
        return None
    if announced.isascii() and announced.isdigit() and not encoded and int(announced[:20]) > len(snapshot.body):
        return f"truncated: {len(snapshot.body)} of {announced[:20]} bytes"
    whole = len(glance.markup) >= len(snapshot.body)
    if is_html and whole and b"<html" in glance.markup and glance.markup.rfind(b"<") > glance.markup.rfind(b">"):
        return "truncated: ends in the middle of a tag"
    return None


def _lost_its_end(body: bytes, previous_body: PreviousBody) -> str | None:
    """A page that used to close its document and now stops before that was cut on the way."""
    if _closes(body):
        return None
    before = previous_body()
    return "truncated: it no longer ends as a document" if before is not None and _closes(before) else None


def _closes(body: bytes) -> bool:
    end = body[-2_000:].lower()
    return b"</html" in end or b"</body" in end


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None

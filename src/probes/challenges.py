"""Walls that want proof of a human before they show the page, whatever status they answer with.

A challenge is no answer of the publisher's: neither the page nor a refusal. A page that only says that
access was denied, or that the visitor was blocked, is a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from probes.markup import Glance, glance_at_html, glance_at_text

CHALLENGING = frozenset({403, 405, 429, 503})
"""The statuses with which known walls send their challenges, besides 200."""

MOST_CHALLENGE_BYTES = 256_000
"""As much of such an answer is looked at; known challenges are a tenth of it."""

SHORT = 600
MEDIUM = 1500
"""Visible characters: a challenge has hardly any, a page that speaks of one has many."""

_FLAGS = re.IGNORECASE
_TITLE = re.compile(
    r"^just a moment|^attention required|^one moment,? please|^please wait\W*$|^robot check|^ddos-guard|"
    r"^pardon our interruption|(verify|confirm|prove) (that )?you( are|['’]re) (a )?(human|not a (ro)?bot)|"
    r"^(human|bot|browser|security) (verification|check)|^are you (a )?(ro)?(bot|human)|^checking your browser",
    _FLAGS,
)
_WORDS = re.compile(
    r"checking (your browser|if the site connection is secure)|verify(ing)? (that )?you are (a )?human|unusual traffic|"
    r"(complete|solve) the captcha|enable javascript and cookies to continue|you are not a (ro)?bot",
    _FLAGS,
)
_MARKUP = (b"_cf_chl_opt", b"cf-chl-", b"_incapsula_resource", b"px-captcha", b"captcha-delivery.com")
_BLOCKED = re.compile(r"\byou (have been|are|were) blocked\b", _FLAGS)
# What walls say to programs: Cloudflare, Vercel, AWS.
_HEADERS = {
    "cf-mitigated": ("challenge",),
    "x-vercel-mitigated": ("challenge",),
    "x-amzn-waf-action": ("challenge", "captcha"),
}


def challenge_in(glance: Glance) -> str | None:
    """What makes a page a challenge ("word: detail"), None for any other page."""
    heads = [head for head in (glance.title, *glance.headings[:1]) if head]
    titled = next((head[:80] for head in heads if _TITLE.search(head)), None)
    if titled and glance.size < MEDIUM:
        return f"bot_challenge: titled {titled!r}"
    if glance.size < SHORT and (_WORDS.search(glance.text) or any(mark in glance.markup for mark in _MARKUP)):
        return "bot_challenge: the page wants proof of a human"
    return None


def challenge_of(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Why an answer is a challenge, None where it is what its status says. `body` without content encoding."""
    if status not in CHALLENGING:
        return None
    for name, words in _HEADERS.items():
        said = headers.get(name, "").strip().lower()
        if said in words:
            return f"bot_challenge: answers {status} and says {name}: {said}"
    plain = headers.get("content-type", "").lower().startswith("text/plain")
    glance = (glance_at_text if plain else glance_at_html)(body, None)
    reason = challenge_in(glance)
    if reason is None or (_BLOCKED.search(glance.text) and not _WORDS.search(glance.text)):
        return None
    word, _, detail = reason.partition(": ")
    return f"{word}: answers {status}, {detail}"

"""What stands around a page's text: navigation, banner, related links, counters, footer, scripts."""

from __future__ import annotations

import html
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from bench.drift.licenses import LICENSES
from bench.drift.model import Page
from bench.drift.stock import FIRST, SECOND, WORDS

_MENUS = (
    ("Home", "About", "Data", "Download", "Documentation", "News", "Contact", "Imprint", "Privacy"),
    ("Start", "Collections", "Browse", "Search", "Statistics", "Help", "Team", "Sign in"),
    ("Overview", "Files", "Versions", "Citations", "Communities", "Support", "Status"),
    ("Guide", "Tutorial", "Reference", "FAQ", "Changelog", "Roadmap", "Blog"),
    ("Main page", "Contents", "Recent changes", "Random page", "Portals", "What links here", "Special pages"),
)
_BANNERS = (
    "We use cookies to understand how visitors move around the site. Accept all | Only necessary",
    "This site stores a cookie to remember your language. Got it",
    "Cookies help us keep the lights on. Manage preferences | Accept",
    "Your privacy matters: choose which cookies we may set. Reject all | Accept all",
    "By browsing on you agree to our cookie policy. Dismiss",
)


def nonce(page: Page, salt: str = "") -> str:
    """16 hex digits that belong to a page; a server that makes a new one at each request swaps them."""
    return sha256(f"{page.seed}{salt}nonce".encode()).hexdigest()[:16]


def edited(page: Page) -> date:
    """The day the page says it was last edited."""
    return date(2023, 1, 9) + timedelta(days=page.seed % 900)


def spelled(day: date, style: int) -> str:
    """A date as pages write it."""
    return (
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%d}/{day:%m}/{day:%Y}",
    )[style % 4]


def navigation(page: Page) -> str:
    """The menu."""
    menu = _MENUS[page.seed % len(_MENUS)]
    items = "".join(f'  <li><a href="/{word.lower().replace(" ", "-")}">{word}</a></li>\n' for word in menu)
    return f'<nav class="menu" aria-label="Main">\n<ul>\n{items}</ul>\n</nav>'


def banner_text(rng: Random) -> str:
    """The words of one cookie banner."""
    return rng.choice(_BANNERS)


def banner(page: Page) -> str:
    """The cookie banner of the pages that have one."""
    if page.seed % 3 == 0:
        return ""
    return f'<div class="cookie-banner" role="dialog">{banner_text(Random(page.seed + 2))}</div>'


def related_entries(rng: Random, count: int = 6) -> list[tuple[str, str]]:
    """Names of other datasets, each with a remark; now and then, as on hubs, the remark is its license."""
    entries = []
    for _ in range(count):
        remarks = (
            f"{rng.randint(3, 900)} files",
            f"{rng.choice(WORDS['genre'])}, {rng.choice(WORDS['city'])}",
            f"{rng.randint(2, 80)} hours",
        )
        remark = rng.choice(remarks)
        if rng.random() < 0.1:
            remark = LICENSES[rng.choice(("CC-BY-4.0", "CC-BY-NC-4.0", "CC0-1.0", "CC-BY-SA-4.0"))].short
        entries.append((f"{rng.choice(FIRST)} {rng.choice(SECOND)}", remark))
    return entries


def related_items(rng: Random, count: int = 6) -> str:
    """The same as list items."""
    return "\n".join(
        f'<li><a href="/d/{name.lower().replace(" ", "-")}">{name}</a> <small>{remark}</small></li>'
        for name, remark in related_entries(rng, count)
    )


def related(page: Page) -> str:
    """The block of related links."""
    items = related_items(Random(page.seed + 3))
    heading = ("Related datasets", "See also", "You might also like", "More from this publisher")[page.seed % 4]
    return f'<aside class="related">\n<h3>{heading}</h3>\n<ul>\n{items}\n</ul>\n</aside>'


def counters(page: Page) -> str:
    """How often the page was looked at and the data fetched."""
    rng = Random(page.seed + 4)
    return (
        f'<div class="stats"><span>{rng.randint(900, 90000):,} views</span> '
        f"<span>{rng.randint(100, 9000):,} downloads</span> <span>{rng.randint(2, 400)} stars</span></div>"
    )


def footer(page: Page, organization: str) -> str:
    """Address, mail, year, last change. The site's own copyright line is no statement about the data."""
    rng = Random(page.seed + 5)
    mail = f"info@{page.slug.replace('_', '-')}.example"
    street = f"{rng.randint(1, 240)} {rng.choice(('Quay', 'Mill', 'Station', 'Church', 'Harbor'))} Street"
    return (
        f"<footer>\n<p>{html.escape(organization)}, {street}, {rng.choice(WORDS['city'])} · "
        f'<a href="mailto:{mail}">{mail}</a></p>\n'
        f"<p>Website © {edited(page).year} {html.escape(organization)}</p>\n"
        f"<p>Last updated: {spelled(edited(page), page.seed)}</p>\n</footer>"
    )


def head(page: Page, extra: str) -> str:
    """Title, assets, and a policy with a nonce."""
    build = nonce(page, "asset")[:8]
    return (
        f'<head>\n<meta charset="utf-8">\n<title>{html.escape(page.name)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="csrf-token" content="{nonce(page)}">\n'
        f'<link rel="stylesheet" href="/assets/site.{build}.css">\n{extra}'
        f"<style>{_css(page)}</style>\n</head>"
    )


def scripts(page: Page) -> str:
    """Analytics and the site's own script."""
    return (
        f'<script nonce="{nonce(page)}">window._stats=window._stats||[];'
        f'_stats.push(["site","UA-{page.seed % 99991:05d}-1"]);'
        f'(function(d){{var s=d.createElement("script");s.async=1;s.src="/assets/stats.{nonce(page, "stats")[:8]}.js";'
        "d.head.appendChild(s)})(document);</script>"
    )


def _css(page: Page) -> str:
    rng = Random(page.seed + 6)
    names = (
        "main",
        ".menu li",
        ".related",
        "footer p",
        "table td",
        "pre",
        "h2",
        ".stats span",
        ".cookie-banner",
        "aside",
    )
    return "\n".join(
        f"{name}{{margin:{rng.randint(0, 24)}px;padding:{rng.randint(0, 24)}px;color:#{rng.randint(0, 0xFFFFFF):06x}}}"
        for name in names
    )

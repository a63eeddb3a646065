"""Ten ways in which a page changes without saying anything else. Text to text, for made and recorded pages alike.

Each takes a document and returns another, or None where the page has nothing of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from bench.drift.chrome import banner_text, related_entries, related_items, spelled
from bench.drift.model import CosmeticKind, Document, Media
from bench.drift.paragraphs import moved, requoted, rewrapped

Mutation = Callable[[Document, Random], Document | None]

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?:\d{{4}}-\d\d-\d\d|\d\d/\d\d/\d{{4}}|\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}})"
_EDITED = re.compile(rf"((?:last (?:updated|edited|modified)|dateModified\"?)[^\d<\n]{{0,12}}){_DAY}", re.I)
_COUNTER = re.compile(r"\b(\d[\d,]*)(?= (?:views|downloads|stars|likes|replies)\b)")
_NONCE = re.compile(r"\b[0-9a-f]{16}\b")
_ASSET = re.compile(r"(/assets/\w+\.)[0-9a-f]{8}\b")
_MAIL = re.compile(r"\binfo@([a-z0-9-]+\.example)")
_STREET = re.compile(r"\b\d{1,3} (\w+ Street)\b")
_MENU = re.compile(r'(<nav class="menu"[^>]*>\s*<ul>\n)(.*?)(</ul>)', re.S)
_RELATED = re.compile(r'(<aside class="related">.*?<ul>\n)(.*?)(\n</ul>)', re.S)
_BANNER = re.compile(r'<div class="cookie-banner"[^>]*>.*?</div>', re.S)
_ACCOUNT = re.compile(r"\bUA-\d+-\d\b")


def mutate(kind: CosmeticKind, document: Document, rng: Random) -> Document | None:
    """The document after one cosmetic change, or None where there is nothing to change."""
    changed = MUTATIONS[kind](document, rng)
    return None if changed is None or changed.text == document.text else changed


def _new_day(rng: Random) -> str:
    return spelled(date(2026, 1, 5) + timedelta(days=rng.randrange(300)), rng.randrange(4))


def dates(document: Document, rng: Random) -> Document | None:
    """Another day of the last change; a page that names none now does."""
    day = _new_day(rng)
    text, count = _EDITED.subn(lambda match: match.group(1) + day, document.text)
    return replace(document, text=text) if count else _appended(document, f"Last updated: {day}")


def counters(document: Document, rng: Random) -> Document | None:
    """Every counter went on; a page without one gets one."""

    def more(match: re.Match[str]) -> str:
        return f"{int(match.group(1).replace(',', '')) + rng.randint(1, 4000):,}"

    text, count = _COUNTER.subn(more, document.text)
    return replace(document, text=text) if count else _appended(document, f"{rng.randint(1000, 90000):,} views")


def nonces(document: Document, rng: Random) -> Document | None:
    """New nonces and asset names."""
    if document.media is not Media.HTML:
        return (
            _appended(document, f"<!-- build {rng.getrandbits(64):016x} -->")
            if document.media is Media.MARKDOWN
            else None
        )
    fresh: dict[str, str] = {}
    text = _NONCE.sub(lambda match: fresh.setdefault(match.group(), f"{rng.getrandbits(64):016x}"), document.text)
    if not fresh:
        text = text.replace("</head>", f'<meta name="csrf-token" content="{rng.getrandbits(64):016x}"></head>', 1)
    return replace(document, text=text)


def addresses(document: Document, rng: Random) -> Document | None:
    """The publisher moved: another mail address, another house, assets under other names."""
    user = rng.choice(("hello", "contact", "office", "support"))
    text = _MAIL.sub(rf"{user}@\1", document.text)
    text = _STREET.sub(lambda match: f"{rng.randint(241, 480)} {match.group(1)}", text)
    text = _ASSET.sub(lambda match: f"{match.group(1)}{rng.getrandbits(32):08x}", text)
    return (
        replace(document, text=text)
        if text != document.text
        else _appended(document, f"Contact: {user}@archive.example")
    )


def navigation(document: Document, rng: Random) -> Document | None:
    """The menu in another order, with one entry more."""
    match = _MENU.search(document.text)
    if match is None:
        return None
    items = match.group(2).splitlines(keepends=True)
    rng.shuffle(items)
    entry = rng.choice(("Events", "Jobs", "Press", "Shop"))
    items.append(f'  <li><a href="/{entry.lower()}">{entry}</a></li>\n')
    return replace(document, text=document.text[: match.start(2)] + "".join(items) + document.text[match.end(2) :])


def related_links(document: Document, rng: Random) -> Document | None:
    """Other datasets are recommended; a page without recommendations gets some."""
    count = rng.randint(4, 9)
    if document.media is not Media.HTML:
        names = "\n".join(f"* {name}" for name, _ in related_entries(rng, count))
        return _appended(document, f"## Related projects\n\n{names}")
    items = related_items(rng, count)
    match = _RELATED.search(document.text)
    if match:
        return replace(document, text=document.text[: match.start(2)] + items + document.text[match.end(2) :])
    block = f'<aside class="related">\n<h3>Related datasets</h3>\n<ul>\n{items}\n</ul>\n</aside>'
    return _before_end(document, block)


def banner(document: Document, rng: Random) -> Document | None:
    """Another cookie banner, or one where there was none, and another account for the statistics."""
    words = banner_text(rng)
    text = _ACCOUNT.sub(f"UA-{rng.randrange(100000, 999999)}-2", document.text)
    if document.media is not Media.HTML:
        return replace(document, text=f"{words}\n\n{text}") if not text.startswith("---") else None
    shown = f'<div class="cookie-banner" role="dialog" data-v="{rng.randrange(100)}">{words}</div>'
    text, count = _BANNER.subn(shown, text)
    return replace(document, text=text if count else re.sub(r"(<body[^>]*>)", rf"\1\n{shown}", text, count=1))


def _appended(document: Document, words: str) -> Document:
    if document.media is Media.HTML:
        return _before_end(document, f'<footer class="meta"><p>{words}</p></footer>')
    return replace(document, text=f"{document.text.rstrip()}\n\n{words}\n")


def _before_end(document: Document, block: str) -> Document:
    """The block at the end of the body, or of the text where the body is not closed."""
    start = document.text.rfind("</body>")
    start = len(document.text) if start < 0 else start
    return replace(document, text=f"{document.text[:start]}{block}\n{document.text[start:]}")


MUTATIONS: dict[CosmeticKind, Mutation] = {
    CosmeticKind.DATES: dates,
    CosmeticKind.COUNTERS: counters,
    CosmeticKind.NONCES: nonces,
    CosmeticKind.ADDRESSES: addresses,
    CosmeticKind.NAVIGATION: navigation,
    CosmeticKind.MOVED_PARAGRAPHS: moved,
    CosmeticKind.REWRAPPED: rewrapped,
    CosmeticKind.QUOTES_AND_DASHES: requoted,
    CosmeticKind.RELATED_LINKS: related_links,
    CosmeticKind.BANNER: banner,
}

"""A first glance at hostile HTML: title, headings and visible text in one linear pass, no tree.

Good enough to tell a license page from an error page; reading the page is the business of `terms`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_MOST_BYTES = 2_000_000
_LONGEST_HEADING = 300
# A comment, a tag with its name, a declaration, or a lone "<". Nothing is tried twice: linear in the size.
_TAG = re.compile(
    rb"<(?:!(?=--)[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?|(/?[a-z][a-z0-9]*+)[^>]*+>?|[!?][^>]*+>?|)",
)
_INVISIBLE = (b"script", b"style", b"template", b"noscript", b"svg", b"textarea", b"select")
_TELLING = frozenset((*_INVISIBLE, b"title", b"h1", b"h2", b"/title", b"/h1", b"/h2", b"body"))


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands on a page at first sight. `markup` is the whole page in lower-case ASCII letters."""

    title: str
    headings: tuple[str, ...]
    text: str
    noscript: str
    scripts: int
    markup: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Visible characters without white space."""
        return len(self.text) - self.text.count(" ")


def glance_at_text(body: bytes, charset: str | None) -> Glance:
    """A glance at a plain text: all of it is visible."""
    raw = _utf8(body[:_MOST_BYTES], charset)
    return Glance("", (), _squeezed(raw), "", 0, raw.lower())


def glance_at_html(body: bytes, charset: str | None) -> Glance:
    """A glance at an HTML page of any quality. Never raises; takes time linear in the size."""
    raw = _utf8(body[:_MOST_BYTES], charset)
    low = raw.lower()  # ASCII only, so offsets in both are the same
    text: list[bytes] = []
    title: list[bytes] = []
    noscript: list[bytes] = []
    headings: list[list[bytes]] = []
    scripts = 0
    place = text
    at = 0
    while at < len(raw):
        for tag in _TAG.finditer(low, at):
            start, end = tag.span()
            run = raw[at:start]
            at = end
            # A heading is read apart and is text all the same.
            (title if place is title else text).append(run)
            if place is not title and place is not text:
                place.append(run)
            name = tag[1]
            if name is None:
                if end == start + 1:
                    text.append(b"<")
                continue
            text.append(b" ")
            if name not in _TELLING:
                continue
            if name in _INVISIBLE:
                close = low.find(b"</" + name, end)
                scripts += name == b"script"
                if name == b"noscript":
                    noscript.append(raw[end : close if close >= 0 else len(raw)])
                at = _after(low, b">", close) if close >= 0 else len(raw)
                break
            if name == b"title":
                place = title
            elif name in (b"h1", b"h2"):
                place = []
                headings.append(place)
            else:
                place = text
        else:
            run = raw[at:]
            (title if place is title else text).append(run)
            if place is not title and place is not text:
                place.append(run)
            break
    return Glance(
        title=_squeezed(b"".join(title))[:_LONGEST_HEADING],
        headings=tuple(_squeezed(b"".join(heading))[:_LONGEST_HEADING] for heading in headings[:20]),
        text=_squeezed(b"".join(text)),
        noscript=_squeezed(b" ".join(noscript)),
        scripts=scripts,
        markup=low,
    )


def _after(low: bytes, mark: bytes, start: int) -> int:
    at = low.find(mark, start)
    return len(low) if at < 0 else at + len(mark)


def _utf8(body: bytes, charset: str | None) -> bytes:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    if charset is None or charset in ("utf-8", "us-ascii", "ascii"):
        return body
    try:
        return body.decode(charset, "replace").encode("utf-8", "replace")
    except LookupError:
        return body


def _squeezed(raw: bytes) -> str:
    return " ".join(html.unescape(raw.decode("utf-8", "replace")).split())

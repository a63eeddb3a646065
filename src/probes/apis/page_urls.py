"""Taking page addresses apart to know where an interface would answer."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """An address: `base` is scheme and host, `segments` the decoded path, `query` the first of each value."""

    base: str
    host: str
    segments: tuple[str, ...]
    query: dict[str, str]

    def after(self, *names: str) -> tuple[str, ...] | None:
        """The segments behind the first run of `names` in the path, or None."""
        for place in range(len(self.segments) - len(names) + 1):
            if self.segments[place : place + len(names)] == names:
                return self.segments[place + len(names) :]
        return None


def page_of(url: str) -> Page | None:
    """A web address taken apart; None for anything else."""
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    segments = tuple(unquote(segment) for segment in parts.path.split("/") if segment)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Page(f"{parts.scheme}://{parts.netloc}", host.removeprefix("www."), segments, query)


def safe(segment: str) -> str:
    """A segment as it may stand in a path or a query."""
    return quote(segment, safe="")


def plain(segment: str) -> bool:
    """Whether a segment can be a name: no path tricks, no white space."""
    return segment not in ("", ".", "..") and not any(char in segment for char in "/\\ \t\r\n\0?#:")


def joined(base: str, link: str) -> str | None:
    """Where a link on a page leads; None when it leads nowhere on the web."""
    try:
        address = urljoin(base, link)
    except ValueError:
        return None
    return address if is_link(address) else None


def is_link(text: str) -> bool:
    """Whether a text is an address on the web."""
    return text.lower().startswith(("http://", "https://")) and not any(char.isspace() for char in text)

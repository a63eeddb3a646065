"""Path patterns of robots.txt and TDMRep: a prefix, `*` for anything, `$` for the end."""

from __future__ import annotations

from urllib.parse import urlsplit

_LONGEST = 2000


def covers(pattern: str, path: str) -> bool:
    """Whether a pattern covers a path. Takes time linear in both, whatever the pattern."""
    if not pattern or len(pattern) > _LONGEST or len(path) > _LONGEST:
        # A pattern too long to try is taken to cover, an empty one covers nothing.
        return bool(pattern)
    anchored = pattern.endswith("$")
    first, *others = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(others):
        if anchored and number == len(others) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return not anchored or at == len(path)


def path_of(url: str) -> str:
    """The path of an address with its query, as patterns see it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

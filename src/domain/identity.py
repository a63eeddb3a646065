"""Names that stay the same from run to run: of pages and of watches."""

from __future__ import annotations

from hashlib import sha256

from domain.catalog import Watch


def page_id(url: str) -> str:
    """16 hex digits that stand for a URL."""
    return sha256(url.encode()).hexdigest()[:16]


def watch_id(source_id: str, watch: Watch) -> str:
    """`source/role/8 hex digits`; the digits change when page or locator change, because such a
    watch reads something else and has no history in common with the old one."""
    parts = (watch.url, watch.select, watch.anchor, watch.heading, watch.scope, watch.about, watch.layer)
    digest = sha256("\x00".join("" if part is None else str(part) for part in parts).encode()).hexdigest()
    return f"{source_id}/{watch.role.value}/{digest[:8]}"

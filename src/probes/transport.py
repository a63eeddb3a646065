"""What every way of looking at a page offers."""

from __future__ import annotations

from typing import Protocol

from domain.probing import Look, PageRequest


class Transport(Protocol):
    """Brings back one `Look` a request; whatever a server does is an outcome, never an exception."""

    async def look(self, request: PageRequest) -> Look:
        """Look once at one page."""
        ...

    async def aclose(self) -> None:
        """Give back connections and files; the transport is not used afterwards."""
        ...

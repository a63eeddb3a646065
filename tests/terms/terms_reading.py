"""One reader over the house's own families, and short ways to ask it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from catalog.policy import load_policy
from domain.catalog import Watch
from domain.reading import Reading
from domain.vocabulary import Determination, SpeaksFor, WatchRole
from scoring.determination import determine
from terms.reader import Reader

ROOT = Path(__file__).parents[2]
COMMERCIAL = Determination.PRODUCTION_COMMERCIAL
RESEARCH = Determination.RESEARCH_ONLY
UNCLEAR = Determination.PROHIBITED_UNCLEAR


@cache
def reader() -> Reader:
    return Reader(load_policy(ROOT / "policy").families)


def read(text: str, media_type: str = "text/markdown", about: str | None = None, at: date | None = None) -> Reading:
    return reader().read_text(text, media_type, about=about, at=at)


def determined(
    text: str, media_type: str = "text/markdown", about: str | None = None, at: date | None = None
) -> Determination:
    reading = read(text, media_type, about, at)
    return determine(reading.rights, reading.per_item)


@contextmanager
def no_hang(cpu_seconds: int = 120) -> Iterator[None]:
    """Stops what would never end (exponential backtracking) on any machine; says nothing about speed."""

    def stop(*_: object) -> None:
        raise AssertionError(f"not through after {cpu_seconds} s of computing")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body><main>{body}</main></body></html>"


def watch(
    select: str | None = None,
    anchor: str | None = None,
    heading: str | None = None,
    scope: str | None = None,
    about: str | None = None,
) -> Watch:
    return Watch(
        url="https://example.org/data",
        role=WatchRole.LICENSE,
        speaks_for=SpeaksFor.PUBLISHER,
        select=select,
        anchor=anchor,
        heading=heading,
        scope=scope,
        about=about,
    )

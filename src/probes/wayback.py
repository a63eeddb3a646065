"""What a web archive holds of a page: its CDX index, and mementos as they were received.

Speaks to the Internet Archive's Wayback Machine or anything of its shape: an index at `/cdx/search/cdx`, raw
mementos at `/web/{timestamp}id_/{url}`. Goes through the same guarded, polite transport as every look.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import groupby
from urllib.parse import quote, urlencode

from domain.errors import ClearanceError
from domain.probing import Look, PageRequest
from domain.vocabulary import Origin, Outcome
from probes.settings import NetworkSettings
from probes.transport import Transport

BASE = "https://web.archive.org"
# Thirty a minute is where the archive begins to refuse; its clients keep below that.
DELAY_SECONDS = 2.5
_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_PAGE_ROWS = 5000
_MOST_PAGES = 50
# Redirects and errors are no statement; a row without a status repeats bytes already held ("revisit").
_KEPT_STATUS = frozenset({"200", "-"})


class ArchiveUnavailable(ClearanceError):
    """The archive did not answer, refused, or answered with something else than an index."""


@dataclass(frozen=True, slots=True)
class Memento:
    """One capture of a page: when, under which spelling of its URL, and the archive's digest of the bytes."""

    at: datetime
    original: str
    digest: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A web archive behind a transport. `base` is its address without a final slash."""

    transport: Transport
    base: str = BASE

    async def captures(self, url: str, since: datetime, until: datetime) -> tuple[Memento, ...]:
        """Every capture of a page that answered 200 between two times, oldest first.

        ArchiveUnavailable when the index cannot be had whole: half an index would make a first sight
        look later than it was.
        """
        query = {
            "url": url,
            "output": "json",
            "fl": ",".join(_FIELDS),
            "from": f"{since.astimezone(UTC):%Y%m%d%H%M%S}",
            "to": f"{until.astimezone(UTC):%Y%m%d%H%M%S}",
            "limit": str(_PAGE_ROWS),
            "showResumeKey": "true",
        }
        found: list[Memento] = []
        for _ in range(_MOST_PAGES):
            rows, resume = _parsed(await self._index(query), url)
            found += rows
            if resume is None:
                return tuple(sorted(set(found), key=lambda memento: (memento.at, memento.original)))
            query["resumeKey"] = resume
        raise ArchiveUnavailable(f"the archive's index of {url} does not end: narrow the years")

    async def look(self, url: str, memento: Memento) -> Look:
        """The page as it was then: a look at the memento's time, its snapshot of origin `archive`.

        Where the archive hands out a neighbouring capture, that one's time counts.
        """
        address = f"{self.base}/web/{memento.at:%Y%m%d%H%M%S}id_/{quote(memento.original, safe=_SAFE)}"
        look = await self.transport.look(PageRequest(address))
        if look.snapshot is None:
            return replace(look, url=url, at=memento.at)
        at = _memento_time(look.snapshot.headers.get("memento-datetime")) or memento.at
        snapshot = replace(look.snapshot, url=url, seen_at=at, origin=Origin.ARCHIVE, method="wayback")
        return replace(look, url=url, at=at, snapshot=snapshot)

    async def _index(self, query: dict[str, str]) -> bytes:
        look = await self.transport.look(PageRequest(f"{self.base}/cdx/search/cdx?{urlencode(query)}"))
        if look.outcome is not Outcome.SNAPSHOT or look.snapshot is None:
            raise ArchiveUnavailable(
                f"the archive's index of {query['url']} cannot be had ({look.outcome.value}: {look.reason}): "
                "try again later; what is stored is not fetched again"
            )
        return look.snapshot.body


_SAFE = ":/?#[]@!$&'()*+,;=%~"


def telling(captures: Sequence[Memento]) -> tuple[Memento, ...]:
    """The captures worth fetching: of each stretch of equal digests the first and the last.

    They say all that the others would: what the page showed, and from when to when at least.
    """
    ends: list[Memento] = []
    for _, stretch in groupby(captures, key=lambda memento: memento.digest):
        alike = list(stretch)
        ends += [alike[0]] if len(alike) == 1 else [alike[0], alike[-1]]
    return tuple(ends)


def settings_for(allow: Sequence[str], delay: float) -> NetworkSettings:
    """How an archive is asked: slowly, one at a time, with patience when it says that it is busy."""
    return NetworkSettings(
        allow=tuple(allow), concurrency=1, delay=delay, time_limit=90.0, read_timeout=60.0, longest_retry_after=120.0
    )


def _parsed(body: bytes, url: str) -> tuple[list[Memento], str | None]:
    """Captures of one part of the index, and the key that continues it."""
    try:
        rows = json.loads(body) if body.strip() else []
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise ValueError("no list of rows")
        resume: str | None = None
        if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
            resume, rows = str(rows[-1][0]), rows[:-2]
        if not rows:
            return [], None
        names = [str(name) for name in rows[0]]
        return list(_mementos(dict(zip(names, map(str, row), strict=True)) for row in rows[1:])), resume
    except (ValueError, KeyError) as error:
        raise ArchiveUnavailable(f"the archive's index of {url} is none: {error}") from error


def _mementos(rows: Iterable[dict[str, str]]) -> Iterable[Memento]:
    for row in rows:
        if row["statuscode"] in _KEPT_STATUS:
            at = datetime.strptime(row["timestamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            yield Memento(at, row["original"], row["digest"])


def _memento_time(header: str | None) -> datetime | None:
    if header is None:
        return None
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

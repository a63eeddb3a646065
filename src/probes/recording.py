"""Replaying WARC recordings: looks as they were then, without any network."""

from __future__ import annotations

import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from domain.probing import Look, PageRequest
from domain.vocabulary import Outcome
from probes.recorded_answer import MOST_BLOCK_BYTES, look_of_block
from probes.warc import responses

NO_RECORDING = "no_recording"


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where the block of one response lies in the spool, and whose answer of when it is."""

    url: str
    at: datetime
    start: int
    length: int


class Recording:
    """The responses of some WARC files, in date order (of equal dates: file and record order).

    Blocks lie in an unnamed temporary file, so that memory holds one body at a time.
    """

    def __init__(self, entries: Sequence[_Entry], spool: IO[bytes]) -> None:
        self._entries = tuple(sorted(entries, key=lambda entry: entry.at))
        self._spool = spool
        self._of_page: dict[str, list[_Entry]] = {}
        for entry in self._entries:
            self._of_page.setdefault(page_address(entry.url), []).append(entry)

    @classmethod
    def open(cls, paths: Sequence[Path]) -> Recording:
        """Read and check all files, plain or gzipped.

        Raises InvalidInput naming the first file that cannot be read, is no WARC, or is broken.
        """
        spool = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the recording
        entries: list[_Entry] = []
        try:
            for path in paths:
                for response in responses(path):
                    start = spool.seek(0, os.SEEK_END)
                    length = sum(spool.write(part) for part in response.parts)
                    entries.append(_Entry(response.url, response.at, start, length))
            spool.flush()
        except BaseException:
            spool.close()
            raise
        return cls(entries, spool)

    @property
    def urls(self) -> tuple[str, ...]:
        """Every recorded page once, as first spelled, in order of its first response."""
        return tuple(entries[0].url for entries in self._of_page.values())

    def looks(self, url: str | None = None) -> Iterator[Look]:
        """Every response as a look of its time, oldest first; those of one page when `url` is given."""
        for entry in self._entries if url is None else self._of_page.get(page_address(url), ()):
            yield self._look(entry)

    def newest(self, url: str, at: datetime) -> Look | None:
        """The newest response of a page not after `at`, under the URL as asked, or None."""
        entries = self._of_page.get(page_address(url), [])
        count = bisect_right(entries, at, key=lambda entry: entry.at)
        if count == 0:
            return None
        look = self._look(entries[count - 1])
        return replace(look, url=url, snapshot=look.snapshot and replace(look.snapshot, url=url))

    def close(self) -> None:
        """Give the temporary file back."""
        self._spool.close()

    def _look(self, entry: _Entry) -> Look:
        block = os.pread(self._spool.fileno(), min(entry.length, MOST_BLOCK_BYTES), entry.start)
        return look_of_block(entry.url, entry.at, block)


class RecordingTransport:
    """Answers each request with the newest recorded response not after `at`. Satisfies `Transport`.

    Without one the look is `unreachable` with the reason `no_recording`: there was no look at all.
    The times of all other looks are the recording's own, never `at`. Recorded redirects are not
    followed: they are outcomes of their own.
    """

    def __init__(self, recording: Recording, at: datetime) -> None:
        self._recording = recording
        self._at = at

    async def look(self, request: PageRequest) -> Look:
        """The recorded look; `not_modified` when its bytes are those of `request.last_sha256`."""
        look = self._recording.newest(request.url, self._at)
        if look is None:
            return Look(request.url, self._at, Outcome.UNREACHABLE, reason=NO_RECORDING)
        if look.snapshot is not None and look.snapshot.sha256 == request.last_sha256:
            return Look(request.url, look.at, Outcome.NOT_MODIFIED, status=look.status)
        return look

    async def aclose(self) -> None:
        """Nothing to give back: the recording belongs to whoever opened it."""


def page_address(url: str) -> str:
    """The URL as pages are told apart in recordings: no fragment, host in lower case, a path."""
    bare = url.strip().partition("#")[0]
    try:
        parts = urlsplit(bare)
    except ValueError:
        return bare
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/"))

"""Reading WARC files strictly: a broken recording is refused as a whole, because nobody can tell what is missing.

Only `response` records with an HTTP answer come out. Others (`warcinfo`, `request`, `metadata`, DNS
answers) are passed over, `revisit` too: it carries no bytes, so it proves none.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from domain.errors import InvalidInput

_PART = 65536
_GZIP_MAGIC = b"\x1f\x8b"
_DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512, "md5": hashlib.md5}


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """One response as recorded; `parts` is its HTTP message in pieces, to be read before the next response."""

    url: str
    at: datetime
    parts: Iterator[bytes]


class _Broken(Exception):
    """This record cannot be trusted."""


_BREAKAGE = (
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    _Broken,
)


class _StrictIterator(WARCIterator):  # type: ignore[misc]
    # warcio prints this on stderr and goes on; we look at its count of errors and stop.
    INC_RECORD = ""


class _StrictGzip(gzip.GzipFile):
    # warcio takes an EOFError for the end of the file; a file cut within a member has none.
    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except EOFError as error:
            raise _Broken("it ends too early") from error


def responses(path: Path) -> Iterator[RecordedResponse]:
    """The HTTP responses of one file, in its order. Raises InvalidInput: unreadable, no WARC, or broken.

    Reading the `parts` raises it too.
    """
    number = 1  # of the record being read
    with _told_in_one_line(path, lambda: number), _plain(path) as stream:
        records = _StrictIterator(stream, no_record_parse=True)
        for record in records:
            _check_count(records)
            parts = _checked_parts(record, path, number)
            if _is_http_response(record):
                yield RecordedResponse(_header(record, "WARC-Target-URI"), _date(record), parts)
            for _ in parts:
                pass
            number += 1
        _check_count(records)


@contextmanager
def _told_in_one_line(path: Path, number: Callable[[], int]) -> Iterator[None]:
    try:
        yield
    except _BREAKAGE as error:
        why = " ".join(str(error).split())[:200] or "it ends too early"
        raise InvalidInput(f"the recording is broken at or after record {number()}: {why}", path) from error
    except OSError as error:
        raise InvalidInput(f"cannot be read: {error.strerror or error}", path) from error


def _check_count(records: _StrictIterator) -> None:
    if records.err_count:
        raise _Broken("its length does not fit its content")


def _plain(path: Path) -> IO[bytes]:
    """The decompressed file at its start. gzip checks the checksum of every member, which warcio does not."""
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP_MAGIC
    stream: Any = _StrictGzip(path, "rb") if zipped else path.open("rb")
    begin = b""
    try:
        begin = stream.read(5)
        stream.seek(0)
    finally:
        if begin != b"WARC/":
            stream.close()
    if begin != b"WARC/":
        raise InvalidInput("this is no WARC recording (it does not begin with WARC/)", path)
    opened: IO[bytes] = stream
    return opened


def _checked_parts(record: Any, path: Path, number: int) -> Iterator[bytes]:
    """The record's block in pieces. Raises InvalidInput at its end when length or digest do not fit."""
    with _told_in_one_line(path, lambda: number):
        if record.length is None or not _header(record, "Content-Length").isdigit():
            raise _Broken("a record does not say how long it is")
        name, _, expected = (record.rec_headers.get_header("WARC-Block-Digest") or "").partition(":")
        digest = _DIGESTS[name.lower()](usedforsecurity=False) if name.lower() in _DIGESTS else None
        size = 0
        while part := record.raw_stream.read(_PART):
            size += len(part)
            if digest is not None:
                digest.update(part)
            yield part
        if size != record.length:
            raise _Broken(f"a record has {size} of {record.length} bytes")
        if digest is not None and not _same_digest(expected.strip(), digest.digest()):
            raise _Broken("a record's bytes are not those its digest was taken of")


def _same_digest(expected: str, digest: bytes) -> bool:
    return expected.lower() == digest.hex() or expected.upper() == base64.b32encode(digest).decode()


def _is_http_response(record: Any) -> bool:
    kind = (record.rec_headers.get_header("Content-Type") or "").lower()
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").lower()
    return record.rec_type == "response" and kind.startswith("application/http") and url.startswith(("http:", "https:"))


def _header(record: Any, name: str) -> str:
    value = record.rec_headers.get_header(name)
    if not value:
        raise _Broken(f"a record has no {name}")
    return str(value).strip()


def _date(record: Any) -> datetime:
    text = _header(record, "WARC-Date")
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Broken(f"a record's date {text[:40]!r} is none") from error
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)

"""Undoing content encodings with a cap on what comes out, so that no bomb goes off in memory."""

from __future__ import annotations

import io
import zlib

import brotli  # type: ignore[import-untyped]
import zstandard

from probes.failures import Unreachable

ACCEPTED = "gzip, br, zstd"

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_WINDOW = 8 * 1024 * 1024  # what browsers accept, RFC 9659
_MOST_ENCODINGS = 3


def decoded(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body with all its content encodings undone, at most `limit` bytes.

    Raises Unreachable: `too_large`, or `bad_encoding` for an unknown, broken or cut-off encoding.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > _MOST_ENCODINGS:
        raise Unreachable("bad_encoding", f"{len(names)} encodings on top of each other")
    if not body:
        return body  # nothing was encoded; some servers say gzip all the same
    for name in reversed(names):
        body = _undone(name, body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _undone(name: str, body: bytes, limit: int) -> bytes:
    try:
        match name:
            case "gzip" | "x-gzip":
                return _gunzipped(body, limit)
            case "deflate":
                return _inflated(body, limit)
            case "br":
                return _brotli(body, limit)
            case "zstd":
                return _zstd(body, limit)
            case _:
                raise Unreachable("bad_encoding", f"unknown content encoding {name[:40]!r}")
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise Unreachable("bad_encoding", f"the body is no proper {name}: {error}") from error


def _gunzipped(body: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    while body.startswith(_GZIP_MAGIC) or not parts:
        part, body = _zlib_member(body, _GZIP, left, limit)
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _inflated(body: bytes, limit: int) -> bytes:
    # Servers disagree whether "deflate" means with or without the zlib header.
    try:
        return _zlib_member(body, zlib.MAX_WBITS, limit, limit)[0]
    except zlib.error:
        return _zlib_member(body, -zlib.MAX_WBITS, limit, limit)[0]


def _zlib_member(body: bytes, window: int, left: int, limit: int) -> tuple[bytes, bytes]:
    stream = zlib.decompressobj(window)
    # One byte more than allowed tells "full" from "too much"; a limit of 0 would mean none.
    out = stream.decompress(body, left + 1)
    if len(out) > left:
        raise _too_large(limit)
    if not stream.eof:
        raise zlib.error("it ends too early")
    return out, stream.unused_data


def _brotli(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    data = body
    while not stream.is_finished():
        part = stream.process(data, output_buffer_limit=limit + 1 - size)
        data = b""
        parts.append(part)
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        if not part and not stream.is_finished():
            raise Unreachable("bad_encoding", "the body is no proper br: it ends too early")
    return b"".join(parts)


def _zstd(body: bytes, limit: int) -> bytes:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    # The reader stops at the cap but does not say whether the stream was complete; the second
    # pass, by then known to be small, does.
    with decompressor.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        if len(reader.read(limit + 1)) > limit:
            raise _too_large(limit)
    parts: list[bytes] = []
    while body:
        frame = decompressor.decompressobj()
        parts.append(frame.decompress(body))
        if not frame.eof:
            raise zstandard.ZstdError("it ends too early")
        body = frame.unused_data
    return b"".join(parts)


def _too_large(limit: int) -> Unreachable:
    return Unreachable("too_large", f"more than {limit} bytes after decompression")

"""From the recorded bytes of one HTTP response to a look, judged as if it came over the network."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime

from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from domain.probing import Look, Snapshot
from domain.vocabulary import Origin, Outcome
from probes.challenges import CHALLENGING, MOST_CHALLENGE_BYTES, challenge_of
from probes.decoding import decoded
from probes.failures import LookFailed, Unreachable, outcome_of_status
from probes.snapshots import header_map, snapshot_of

MOST_BLOCK_BYTES = 10_262_144
_MOST_WIRE_BYTES = 10_000_000
_MOST_BODY_BYTES = 20_000_000
_PROTOCOLS = ["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/3"]
_CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(;[^\r\n]{0,1000})?\r\n")
# How the encodings that can be told from plain text begin.
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def look_of_block(url: str, at: datetime, block: bytes) -> Look:
    """The look that a recorded response was: `block` is status line, headers and body as on the wire."""
    status: int | None = None
    outcome, reason = Outcome.UNREACHABLE, None
    snapshot: Snapshot | None = None
    try:
        status, headers, body = _parsed(block)
        outcome, reason = outcome_of_status(status)
        plain = _readable(status, headers, body)
        challenge = challenge_of(status, headers, plain)
        if challenge is not None:
            outcome, reason = Outcome.SUSPECT, challenge
        if outcome in (Outcome.SNAPSHOT, Outcome.SUSPECT):
            snapshot = snapshot_of(
                url=url,
                final_url=url,
                seen_at=at,
                status=status,
                headers=headers,
                body=plain,
                origin=Origin.RECORDING,
                method="warc",
            )
    except LookFailed as failure:
        outcome, reason = failure.outcome, failure.reason
    return Look(url=url, at=at, outcome=outcome, reason=reason, status=status, snapshot=snapshot)


def _parsed(block: bytes) -> tuple[int, Mapping[str, str], bytes]:
    stream = io.BytesIO(block)
    try:
        head = StatusAndHeadersParser(_PROTOCOLS).parse(stream)
        status = int(head.get_statuscode())
    except (StatusAndHeadersParserException, EOFError, ValueError) as error:
        raise Unreachable("protocol", "the recorded answer is no proper HTTP") from error
    return status, header_map(head.headers), stream.read()


def _readable(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    """The plain body of the page; of other answers what can be read, and nothing where that fails."""
    if status == 200:
        return _plain_body(headers, body)
    if status not in CHALLENGING:
        return b""
    try:
        return _plain_body(headers, body)[:MOST_CHALLENGE_BYTES]
    except Unreachable:
        return b""


def _plain_body(headers: Mapping[str, str], body: bytes) -> bytes:
    if len(body) > _MOST_WIRE_BYTES:
        raise Unreachable("too_large", f"more than {_MOST_WIRE_BYTES} bytes on the wire")
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    encoding = headers.get("content-encoding", "").strip().lower()
    magic = _MAGIC.get(encoding)
    if magic is not None and not body.startswith(magic):
        encoding = ""  # some archivers keep the payload decoded and the header as it was
    return decoded(body, encoding, _MOST_BODY_BYTES)


def _dechunked(body: bytes) -> bytes:
    """The body without chunk heads; a body that does not begin with one was stored without them."""
    parts: list[bytes] = []
    at = 0
    while True:
        head = _CHUNK_HEAD.match(body, at)
        if head is None:
            if not parts:
                return body
            raise Unreachable("truncated", "the recorded answer ends between chunks")
        size = int(head.group(1), 16)
        if size == 0:
            return b"".join(parts)
        part = body[head.end() : head.end() + size]
        if len(part) < size:
            raise Unreachable("truncated", "the recorded answer ends within a chunk")
        parts.append(part)
        at = head.end() + size + 2

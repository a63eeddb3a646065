"""Where digests go: a terminal, a raw webhook, or anything Apprise knows.

A channel's name is the key of its deliveries in the outbox. It is stable from run to run and holds
no secret: of an address only scheme, host and a digest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from http.client import HTTPException, HTTPMessage
from typing import IO, Protocol, TextIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from alerts.digest import Digest
from domain.errors import InvalidInput
from domain.history import Alert

TIMEOUT_SECONDS = 10.0


class DeliveryError(Exception):
    """A channel did not take a digest. The message holds no secret of the channel's address."""


class Channel(Protocol):
    """A way to tell somebody."""

    @property
    def name(self) -> str:
        """The key of this channel's deliveries in the outbox."""
        ...

    def send(self, digest: Digest) -> None:
        """Deliver one digest. Raises `DeliveryError` when it was not, or perhaps not, taken."""
        ...


class TerminalChannel:
    """Writes the digest for people to a stream."""

    name = "terminal"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, digest: Digest) -> None:
        encoding = self._stream.encoding or "utf-8"
        text = f"{digest.title}\n{digest.text}\n".encode(encoding, "replace").decode(encoding)
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the terminal cannot be written to: {error}") from error


class WebhookChannel:
    """Posts the digest as JSON in our own shape, which programs may rely on.

    `{"run_id", "repeated", "alerts": [{"alert_id", "kind", "source_id", "title", "body", "url", "at",
    "payload", "repeated", "owner", "used_by", "severity"}]}`; any 2xx answer counts as taken. Goes straight to the
    address: no proxy, and no redirect, which could carry the digest to somebody else.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InvalidInput("a webhook needs an http:// or https:// address with a host")
        self._url = url
        self._timeout = timeout
        self._host = parts.hostname
        self.name = f"webhook:{parts.hostname}:{address_digest(url)}"

    def send(self, digest: Digest) -> None:
        request = Request(  # noqa: S310 - the scheme was checked above
            self._url,
            data=json.dumps(digest_json(digest)).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "clearance-alerts"},
            method="POST",
        )
        try:
            with _opener().open(request, timeout=self._timeout) as response:
                status: int = response.status
        except HTTPError as error:
            error.close()
            raise DeliveryError(f"webhook at {self._host} did not take the digest: it answered {error.code}") from error
        except (OSError, HTTPException) as error:
            raise DeliveryError(f"webhook at {self._host} did not take the digest: {_reason(error)}") from error
        if not 200 <= status < 300:
            raise DeliveryError(f"webhook at {self._host} did not take the digest: it answered {status}")


def digest_json(digest: Digest) -> dict[str, object]:
    """The webhook's body; a machine shape that only gains fields."""
    return {"run_id": digest.run_id, "repeated": digest.repeated, "alerts": [_alert(a, digest) for a in digest.alerts]}


def address_digest(url: str) -> str:
    """8 hex digits that stand for an address in a channel's name."""
    return sha256(url.encode()).hexdigest()[:8]


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), _NoRedirect())


def _reason(error: Exception) -> str:
    # The text of an HTTPException may quote the address; the kind of error never does.
    cause = getattr(error, "reason", error)
    return f"{type(error).__name__}: {cause}" if isinstance(cause, OSError) else type(error).__name__


def _alert(alert: Alert, digest: Digest) -> dict[str, object]:
    concern = digest.concern(alert)
    return {
        "alert_id": alert.alert_id,
        "kind": alert.kind.value,
        "source_id": alert.source_id,
        "title": alert.title,
        "body": alert.body,
        "url": alert.url,
        "at": alert.at.isoformat(),
        "payload": _jsonable(alert.payload),
        "repeated": alert.alert_id in digest.earlier,
        "owner": concern.owner,
        "used_by": list(concern.used_by),
        "severity": alert.severity.value,
    }


def _jsonable(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_jsonable(item) for item in value]
    return value.isoformat() if isinstance(value, date) else str(value)

"""Why a look brought no page, sorted by what the caller must do.

LookFailed           never leaves the package: `look()` turns it into a `Look`
├── Refused          somebody said no (server, robots.txt, our guard): asking again is pointless
├── Gone             the server says that there is no such page
└── Unreachable      try again another time; `transient` ones already within this look

A reason is a word for programs, a colon, and a detail for people: "timeout: no answer within 30 s".
"""

from __future__ import annotations

import re
import socket
import ssl
from datetime import datetime
from typing import ClassVar

import httpcore
import httpx

from domain.vocabulary import Outcome

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST_DETAIL = 300

# What httpx, httpcore and the operating system raise for anything a server or the network can do.
# The httpcore classes have no common root, and our own transport lets them through unmapped.
NETWORK_ERRORS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    OSError,
    UnicodeError,
)


class LookFailed(Exception):
    """A look without a page; `reason` is a word and a detail, `status` the server's where it gave one."""

    outcome: ClassVar[Outcome]

    def __init__(
        self,
        word: str,
        detail: str,
        *,
        status: int | None = None,
        transient: bool = False,
        retry_after: datetime | None = None,
    ) -> None:
        self.word = word
        self.detail = _CONTROL.sub(" ", detail)[:_LONGEST_DETAIL]
        self.status = status
        self.transient = transient
        self.retry_after = retry_after
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        return f"{self.word}: {self.detail}"

    def fresh(self) -> LookFailed:
        """The same failure to raise once more, without the first one's traceback."""
        return type(self)(self.word, self.detail, status=self.status, retry_after=self.retry_after)


class Refused(LookFailed):
    """Somebody said no."""

    outcome = Outcome.REFUSED


class Gone(LookFailed):
    """The server says that there is no such page."""

    outcome = Outcome.GONE


class Unreachable(LookFailed):
    """No page this time. `transient`: one more attempt may help; `retry_after`: not before then."""

    outcome = Outcome.UNREACHABLE


def outcome_of_status(status: int) -> tuple[Outcome, str | None]:
    """Outcome and reason of an HTTP status, the same for the network and for recordings. Whether it is a wall's
    challenge instead is not for the status to say: `probes.challenges`."""
    match status:
        case 200:
            return Outcome.SNAPSHOT, None
        case 304:
            return Outcome.NOT_MODIFIED, None
        case 401:
            return Outcome.REFUSED, "unauthorized: the server wants a login (401)"
        case 403:
            return Outcome.REFUSED, "forbidden: the server refuses (403)"
        case 451:
            return Outcome.REFUSED, "legal_reasons: the server refuses for legal reasons (451)"
        case 404:
            return Outcome.GONE, "not_found: the server knows no such page (404)"
        case 410:
            return Outcome.GONE, "gone: the server says the page is gone for good (410)"
        case 429:
            return Outcome.UNREACHABLE, "rate_limited: the server says too many requests (429)"
        case _ if 500 <= status <= 599:
            return Outcome.UNREACHABLE, f"server_error: the server answers {status}"
        case _ if 300 <= status <= 399:
            return Outcome.UNREACHABLE, f"redirect: the server answers {status} and there is nowhere to follow"
        case _:
            return Outcome.UNREACHABLE, f"unexpected_status: the server answers {status}"


def failure_of_status(status: int, retry_after: datetime | None = None) -> LookFailed:
    """The failure that a status other than 200 and 304 means."""
    outcome, reason = outcome_of_status(status)
    word, _, detail = (reason or f"unexpected_status: the server answers {status}").partition(": ")
    match outcome:
        case Outcome.REFUSED:
            return Refused(word, detail, status=status)
        case Outcome.GONE:
            return Gone(word, detail, status=status)
        case _:
            transient = status == 429 or status >= 500
            return Unreachable(word, detail, status=status, transient=transient, retry_after=retry_after)


def failure_of_error(error: Exception) -> Unreachable:
    """What one of `NETWORK_ERRORS` means for the look."""
    chain = _chain(error)
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable("tls", f"the certificate does not hold: {cause.verify_message}")
        if isinstance(cause, socket.gaierror):
            return Unreachable("dns", f"the host name does not resolve: {cause.strerror}", transient=True)
    if any(isinstance(cause, ssl.SSLError) for cause in chain):
        return Unreachable("tls", f"no secure connection: {error}", transient=True)
    detail = str(error) or type(error).__name__
    match error:
        case httpcore.ConnectTimeout() | httpx.ConnectTimeout():
            return Unreachable("timeout", "no connection in time", transient=True)
        case httpcore.TimeoutException() | httpx.TimeoutException() | TimeoutError():
            return Unreachable("timeout", "the server does not answer in time")
        case httpcore.ConnectError() | httpx.ConnectError():
            return Unreachable("connect", f"no connection: {detail}", transient=True)
        case httpx.InvalidURL() | UnicodeError():
            return Unreachable("bad_url", detail)
        case httpcore.LocalProtocolError() | httpx.LocalProtocolError():
            return Unreachable("protocol", detail)
        case httpcore.ProtocolError() | httpx.ProtocolError():
            return Unreachable("protocol", f"the answer is no proper HTTP: {detail}", transient=True)
        case _:
            return Unreachable("network", f"the connection broke: {detail}", transient=True)


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain

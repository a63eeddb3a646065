"""What a look at a page brings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.vocabulary import Origin, Outcome


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes as received, and everything needed to prove where they came from.

    `sha256` is the hex digest of `body`, the payload after content decoding. `seen_at` is the UTC
    time at which the publisher's server really gave these bytes: for a recording its own time.
    """

    url: str
    final_url: str
    seen_at: datetime
    status: int
    media_type: str
    charset: str | None
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    sha256: str
    origin: Origin
    method: str
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one page in one run. `snapshot` is there exactly when the outcome is `snapshot`
    or `suspect`; `reason` says why for every outcome but `snapshot` and `not_modified`."""

    url: str
    at: datetime
    outcome: Outcome
    reason: str | None = None
    status: int | None = None
    snapshot: Snapshot | None = None
    attempts: int = 1
    seconds: float = 0.0
    retry_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What to ask for. `etag` and `last_modified` make the request conditional; `last_sha256` lets
    a transport that has no conditional requests (a recording) say `not_modified`. With `browser` the
    page's scripts are run first, where the transport can. With `once` an answer of this address that the
    run already has will do; a look that is to confirm another must not ask so."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    last_sha256: str | None = None
    browser: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class DatasetFact:
    """One measured or stated fact about the data itself.

    `name` is one of `size_bytes`, `file_count`, `row_count`, `formats`, `compression`, `first_release`,
    `newest_release`, `last_modified`, `release_count`, `cadence_days`, `revision`, `access`, `maintenance`,
    or an interface's own (`repository_bytes`, `license_file`, `license_file_sha256`, `run_status`,
    `site_license`); `value` is text as it will be shown, `number` the same as a number where there is one,
    in `unit`. An `access` of `open` says that nothing stands before the data, not that it may be used.
    """

    source_id: str
    name: str
    value: str
    number: float | None
    unit: str | None
    url: str
    seen_at: datetime
    measured: bool

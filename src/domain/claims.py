"""What machines state about a dataset's license and about training: raw words, with where they stood.

Nothing here is an interpretation: a claim becomes a right only through reading and review.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Duty


class ClaimScope(StrEnum):
    """What the words of a license claim speak of, as far as the interface says."""

    DATA = "data"
    METADATA_RECORD = "metadata_record"
    CODE = "code"
    SITE = "site"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class LicenseClaim:
    """One value of a license field, as the interface gave it.

    `raw` is the publisher's (or the platform's) own word, never normalized: "Public", "other" and
    "NOASSERTION" are kept as such. `link` is the address given with the word, `field` the path of the
    field in the document, `url` the document, `seen_at` the UTC time at which it was received.
    Scope `access` holds the words one accepts to get the data.
    """

    source_id: str
    raw: str
    link: str | None
    scope: ClaimScope
    field: str
    url: str
    seen_at: datetime


class ReservationState(StrEnum):
    """What a signal says about training. `not_reserved` is the absence of a reservation, no permission."""

    RESERVED = "reserved"
    UNCLEAR = "unclear"
    NOT_RESERVED = "not_reserved"


@dataclass(frozen=True, slots=True)
class Reservation:
    """One signal about training, valid for the host and path that serve it.

    `raw` is the line, header or entry as served, `rule` the rule that read it ("robots/disallow"),
    `path` the pattern it covers, `audience` the crawler it names ("*" for everybody), `policy` the
    address of further terms. `url` and `seen_at` (UTC) say where and when it stood.
    """

    raw: str
    rule: str
    state: ReservationState
    path: str
    audience: str
    policy: str | None
    url: str
    seen_at: datetime


class StatedKind(StrEnum):
    """Which kind of machine statement: a license in a metadata interface, or a host's word about training."""

    LICENSE = "license"
    RESERVATION = "reservation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """All that machines state of one kind about a source at one address, from `seen_at` (UTC) on.

    `about` is the data set asked about, or the host. Both tuples empty: they were asked and state nothing.
    `confirmed` is false for a change that no second look has shown again.
    """

    source_id: str
    kind: StatedKind
    about: str
    seen_at: datetime
    claims: tuple[LicenseClaim, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    confirmed: bool = True

    @property
    def key(self) -> tuple[str, StatedKind, str]:
        """What goes on being the same statement while its words change."""
        return (self.source_id, self.kind, self.about)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one machine statement stands: what two looks agreed on, and a change no second look confirmed."""

    accepted: Stated
    pending: Stated | None = None

    @property
    def counting(self) -> tuple[Stated, ...]:
        """Both while a change is unconfirmed: narrowing counts at once, widening waits."""
        return (self.accepted,) if self.pending is None else (self.accepted, self.pending)


@dataclass(frozen=True, slots=True)
class StatedLicense:
    """A license claim as read: its SPDX expression (`NOASSERTION` where the words name none), what it
    permits and demands. It may narrow and dispute; it grants nothing."""

    claim: LicenseClaim
    expression: str
    rights: Rights = ALL_SILENT
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineWords:
    """Everything machines state about one source today."""

    licenses: tuple[StatedLicense, ...] = ()
    reservations: tuple[Reservation, ...] = ()


NOTHING_STATED = MachineWords()

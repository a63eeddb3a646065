"""What a reader of a metadata interface takes and gives, and the sheet it fills while reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.claims import ClaimScope, LicenseClaim, Reservation, ReservationState
from domain.probing import DatasetFact, Snapshot
from probes.apis.json_fields import LARGEST_NUMBER, MOST_ROWS, Fields, Notes, clean, parsed
from probes.apis.page_urls import is_link
from probes.data_files import cadence_of, compressions_of, format_of, is_beside, size_in_words

_LONGEST_VALUE = 300
_MOST_CLAIMS = 200


class AccessGate(StrEnum):
    """What an interface says stands before the data, widest first. `open` says nothing of the license."""

    OPEN = "open"
    METADATA_ONLY = "metadata only"
    GATED = "gated"
    EMBARGOED = "embargoed"
    RESTRICTED = "restricted"
    PRIVATE = "private"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """One document of an interface: `url` as asked, `headers` by lower-cased name, `seen_at` in UTC."""

    url: str
    seen_at: datetime
    media_type: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> ApiAnswer:
        """The document in a snapshot."""
        return cls(snapshot.url, snapshot.seen_at, snapshot.media_type, snapshot.body, snapshot.headers)


@dataclass(frozen=True, slots=True)
class ApiReading:
    """What one document told. Each fact name at most once. `problem`: why it is no document of this
    interface; then there is nothing else. `notes`: what was left out."""

    facts: tuple[DatasetFact, ...] = ()
    claims: tuple[LicenseClaim, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file by its path; `size_bytes` None when not told."""

    name: str
    size_bytes: int | None


class Sheet:
    """Gathers facts and claims from one document; belongs to one reader while it reads."""

    def __init__(self, source_id: str, answer: ApiAnswer) -> None:
        self.notes = Notes()
        self._source_id = source_id
        self._answer = answer
        self._facts: dict[str, DatasetFact] = {}
        self._claims: dict[LicenseClaim, None] = {}
        self._reservations: dict[Reservation, None] = {}
        self._access: tuple[AccessGate, str, bool] | None = None

    def document(self) -> Any:
        """The answer's JSON value, or None with a note."""
        return parsed(self._answer.body, self.notes)

    def root(self) -> Fields:
        """The answer's JSON object; an empty one when it is something else."""
        value = self.document()
        return Fields(value if isinstance(value, dict) else {}, "", self.notes)

    def fact(
        self, name: str, value: str, number: float | None = None, unit: str | None = None, *, measured: bool = True
    ) -> None:
        """Add a fact; the first of a name stays. Empty ones are left out."""
        shown = clean(value)[:_LONGEST_VALUE]
        if shown and name not in self._facts:
            answer = self._answer
            self._facts[name] = DatasetFact(
                self._source_id,
                name,
                shown,
                number,
                unit if number is not None else None,
                answer.url,
                answer.seen_at,
                measured,
            )

    def size(self, size: int, words: str = "", *, measured: bool = True) -> None:
        """The size of the data in bytes; `words` go before it ("at least")."""
        if size > LARGEST_NUMBER:
            self.notes.add("a sum of sizes beyond all measure")
            return
        self.fact("size_bytes", f"{words} {size_in_words(size)}".strip(), float(size), "bytes", measured=measured)

    def formats(self, formats: Iterable[str], *, measured: bool = True) -> None:
        """Formats and the compressions among them; `formats` as in `format_of`."""
        names = sorted({form.lower() for form in formats if form})
        self.fact("formats", ", ".join(names), measured=measured)
        self.fact("compression", ", ".join(compressions_of(names)), measured=measured)

    def files(self, files: Sequence[DataFile], *, more: bool = False, measured: bool = True) -> None:
        """Size, count and formats of the files that are data. `more`: there are others, not listed."""
        more = more or len(files) >= MOST_ROWS
        data = [file for file in files if not is_beside(_base(file.name)) and not _base(file.name).startswith(".")]
        sizes = [file.size_bytes for file in data if file.size_bytes is not None]
        if sizes:
            self.size(sum(sizes), "at least" if more or len(sizes) < len(data) else "", measured=measured)
        if data:
            count = f"at least {len(data)}" if more else str(len(data))
            self.fact("file_count", count, float(len(data)), "files", measured=measured)
        self.formats((format_of(_base(file.name)) for file in data), measured=measured)

    def day(self, name: str, day: date | None, *, measured: bool = True) -> None:
        """A date that has come; one in the future is noted."""
        if day is not None and self._has_come(day):
            self.fact(name, day.isoformat(), measured=measured)

    def releases(self, days: Iterable[date | None], *, more: bool = False) -> None:
        """First and newest release, their number and measured cadence. `more`: older ones are not listed."""
        come = sorted({day for day in days if day is not None and self._has_come(day)})
        if not come:
            return
        self.fact("newest_release", come[-1].isoformat())
        if not more:
            self.fact("first_release", come[0].isoformat())
        count = f"at least {len(come)}" if more else str(len(come))
        self.fact("release_count", count, float(len(come)), "releases")
        cadence = cadence_of(come)
        if cadence is not None:
            self.fact("cadence_days", cadence[1], cadence[0], "days")

    def access(self, gate: AccessGate, detail: str = "", *, measured: bool = True) -> None:
        """What stands before the data; of several gates the narrowest is told."""
        order = list(AccessGate)
        if self._access is None or order.index(gate) > order.index(self._access[0]):
            self._access = (gate, detail, measured)

    @property
    def is_open(self) -> bool:
        """Whether no gate narrower than `open` was told."""
        return self._access is None or self._access[0] is AccessGate.OPEN

    def claim(self, raw: str | None, place: str, scope: ClaimScope = ClaimScope.DATA, link: str | None = None) -> None:
        """Add a license claim in its own words; none when there are no words. A `link` that is no
        web address is dropped."""
        words = clean(raw or "")
        if not words:
            return
        if len(self._claims) >= _MOST_CLAIMS:
            self.notes.add(f"more than {_MOST_CLAIMS} license claims")
            return
        answer = self._answer
        address = link if link and is_link(link) else None
        self._claims[LicenseClaim(self._source_id, words, address, scope, place, answer.url, answer.seen_at)] = None

    def reserve(
        self,
        raw: str,
        rule: str,
        state: ReservationState,
        *,
        path: str = "/",
        audience: str = "*",
        policy: str | None = None,
    ) -> None:
        """Add a signal about training as it was served."""
        answer = self._answer
        words = " | ".join(clean(line) for line in raw.splitlines())[:_LONGEST_VALUE]
        where, who = clean(path)[:_LONGEST_VALUE], clean(audience)[:_LONGEST_VALUE]
        address = policy if policy and is_link(policy) else None
        found = Reservation(words, rule, state, where, who, address, answer.url, answer.seen_at)
        if len(self._reservations) < _MOST_CLAIMS:
            self._reservations[found] = None

    def reading(self, problem: str | None = None) -> ApiReading:
        """All that was gathered; with a `problem` nothing but the notes."""
        notes = tuple(self.notes)
        if problem is not None:
            return ApiReading(notes=notes, problem=clean(problem)[:_LONGEST_VALUE])
        if self._access is not None:
            gate, detail, measured = self._access
            self.fact("access", f"{gate.value}: {detail}" if detail else gate.value, measured=measured)
        return ApiReading(tuple(self._facts.values()), tuple(self._claims), tuple(self._reservations), notes)

    def _has_come(self, day: date) -> bool:
        # One day of grace: the publisher's clock may be ahead of UTC.
        if (day - self._answer.seen_at.date()).days <= 1:
            return True
        self.notes.add(f"{day.isoformat()}: a date in the future")
        return False


def _base(path: str) -> str:
    return path.rpartition("/")[2]

"""What is remembered from run to run: versions, the state of a watch, changes, alerts, runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from domain.reading import Change, Reading
from domain.vocabulary import Determination, Direction, Origin, Outcome, Tier


@dataclass(frozen=True, slots=True)
class Outline:
    """The few fields of a reading, under the same names, that tell whether the rest of it is needed."""

    reader: str
    notes: tuple[str, ...]
    language: str
    suspect: str | None


def outline_of(reading: Reading) -> Outline:
    """The outline of a reading that is here."""
    return Outline(reading.reader, reading.notes, reading.language, reading.suspect)


@dataclass(frozen=True, kw_only=True)
class Version:
    """What one reader version understood of one snapshot for one watch.

    `version_id` is derived from watch, snapshot digest and reader version, so that reading the same
    bytes again gives the same version. `seen_at` is when these bytes were first seen.
    """

    version_id: str
    watch_id: str
    source_id: str
    url: str
    sha256: str
    seen_at: datetime
    origin: Origin
    reading: Reading

    @property
    def holds_reading(self) -> bool:
        """Whether the reading is here, and not brought when somebody asks for it."""
        return isinstance(self.__dict__["reading"], Reading)

    @property
    def outline(self) -> Outline:
        """What is asked of every version in every run; nothing is brought for it."""
        known: Outline | None = self.__dict__.get("outline")
        return outline_of(self.reading) if known is None else known

    @property
    def reader(self) -> str:
        """The name of the reader whose reading it is; nothing is brought for it."""
        return self.outline.reader

    def with_reading_from(self, bring: Callable[[], Reading], outline: Outline) -> Version:
        """The same version with a reading of this outline that `bring` brings each time somebody asks for it."""
        bringing = copy(self)
        bringing.__dict__.update(reading=bring, outline=outline)
        return bringing


class _ReadingOrWhatBringsIt:
    """`Version.reading` on its way out and in: a run looks at one page after the other and must not hold what
    all of them say."""

    def __get__(self, version: Version | None, kind: type[Version]) -> Reading:
        if version is None:
            raise AttributeError("the reading is a version's")
        held: Reading | Callable[[], Reading] = version.__dict__["reading"]
        return held if isinstance(held, Reading) else held()

    def __set__(self, version: Version, reading: Reading) -> None:
        version.__dict__["reading"] = reading


# After the dataclass is made: in its body this would be the default of the field.
setattr(Version, "reading", _ReadingOrWhatBringsIt())  # noqa: B010 - to a type checker it is a reading


@dataclass(frozen=True, slots=True)
class Variant:
    """A version that the page showed and shows no more; `until` is the look that showed something else."""

    version: Version
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """Where one watch stands. A new state is appended whenever it changes; none is overwritten.

    `accepted` is the baseline; `pending` a newer version whose material change no second look has
    confirmed (`pending_since`: when it was first seen). `flips` are the times at which a pending
    change was taken back within the unstable window. `failures` counts looks in a row that brought
    no reading; `failing_alerted` whether that was already told. `last_look_at` is the newest look
    that supports `accepted`. `variants` is whatever else the page said within the unstable window; while
    it is `unstable` none is forgotten and every one counts where it is narrower.
    """

    watch_id: str
    source_id: str
    url: str
    accepted: Version | None = None
    pending: Version | None = None
    pending_since: datetime | None = None
    flips: tuple[datetime, ...] = ()
    unstable: bool = False
    failures: int = 0
    failing_reason: str | None = None
    failing_alerted: bool = False
    gone: bool = False
    last_look_at: datetime | None = None
    last_outcome: Outcome | None = None
    variants: tuple[Variant, ...] = ()

    @property
    def counted_variants(self) -> tuple[Version, ...]:
        """The versions that decide beside `accepted` and `pending`: those of a page that flips among them."""
        return tuple(variant.version for variant in self.variants) if self.unstable else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """One change of one watch as it is stored and reported. `at` is the time of the response that
    shows it. `alert` is true for: material and confirmed, the first report of unstable, gone, watch
    failing; for nothing else."""

    change_id: str
    run_id: str
    source_id: str
    page_id: str
    watch_id: str
    url: str
    at: datetime
    change: Change
    confirmed: bool
    alert: bool
    determination_before: Determination | None
    determination_after: Determination | None
    version_before: str | None
    version_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStep:
    """One change of a source's tier, with its cause; `before` is None for the first tier."""

    source_id: str
    at: datetime
    before: Tier | None
    after: Tier
    cause: str


class AlertKind(StrEnum):
    """Why somebody is told; worst first. While no run finishes, nothing else would be told."""

    RUN_OVERDUE = "run_overdue"
    LICENSE_CHANGED = "license_changed"
    SOURCE_WITHDRAWN = "source_withdrawn"
    WATCH_UNSTABLE = "watch_unstable"
    WATCH_FAILING = "watch_failing"
    TIER_CHANGED = "tier_changed"
    WATCH_RECOVERED = "watch_recovered"


class Severity(StrEnum):
    """How soon somebody should act on an alert; worst first."""

    URGENT = "urgent"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One entry of the outbox. `dedupe_key` is unique: the same happening is told once."""

    alert_id: str
    dedupe_key: str
    run_id: str
    kind: AlertKind
    source_id: str
    title: str
    body: str
    url: str | None
    at: datetime
    payload: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Urgent is what takes rights away, and that nobody looks; good news is a notice."""
        match self.kind:
            case AlertKind.RUN_OVERDUE | AlertKind.SOURCE_WITHDRAWN:
                return Severity.URGENT
            case AlertKind.LICENSE_CHANGED:
                harmless = {Direction.LOOSENED.value, Direction.CLARIFIED.value}
                return Severity.NOTICE if self.payload.get("direction") in harmless else Severity.URGENT
            case AlertKind.WATCH_UNSTABLE | AlertKind.WATCH_FAILING | AlertKind.TIER_CHANGED:
                return Severity.WARNING
            case AlertKind.WATCH_RECOVERED:
                return Severity.NOTICE
            case _:
                assert_never(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchStep:
    """All that one look did to one watch; stored in one transaction, alerts included."""

    state: WatchState
    new_versions: tuple[Version, ...] = ()
    changes: tuple[ChangeRecord, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStart:
    """Who started what, with which data and code."""

    run_id: str
    started_at: datetime
    kind: str
    parameters: Mapping[str, object]
    catalog_sha256: str
    policy_sha256: str
    reader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run came to; the JSON of `clearance run` is made from it. `seconds` per phase:
    fetch, read, store, decide, report, total. `problems` are contract violations and the like."""

    run_id: str
    finished_at: datetime
    pages: int
    outcomes: Mapping[str, int]
    changes: Mapping[str, int]
    alerts: int
    assessment: str
    why: str
    seconds: Mapping[str, float]
    problems: tuple[str, ...] = ()

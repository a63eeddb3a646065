"""What was understood of a page: text, findings, rights. Values only; `terms` makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from enum import StrEnum

from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Action, ChangeClass, Direction, Duty, Layer


class FindingKind(StrEnum):
    """How a finding was made; the order is the order of the matchers."""

    MACHINE_READABLE = "machine_readable"
    LICENSE_URL = "license_url"
    LICENSE_TEXT = "license_text"
    LICENSE_NAME = "license_name"
    CLAUSE = "clause"


class Subject(StrEnum):
    """What a statement is about. Only statements about the data are evidence for it."""

    DATA = "data"
    CODE = "code"
    WEBSITE = "website"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement covers: its subject, the layers it names (none: all), and the page's own
    words for the part ("core data"; empty: the whole)."""

    subject: Subject = Subject.DATA
    layers: tuple[Layer, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing concluded from one version, the rule that found it, and the quote it rests on.

    `quote` is exactly `text[start:end]` of the reading's text (code point offsets). For a
    machine-readable finding that does not occur in the text, `start == end` and `quote` is the raw
    attribute or tag. `license` is an SPDX id or a `LicenseRef-…`; `rights` and `duties` are what
    this finding alone states.
    """

    kind: FindingKind
    rule: str
    quote: str
    start: int
    end: int
    scope: Scope = Scope()
    license: str | None = None
    rights: Rights = ALL_SILENT
    duties: tuple[Duty, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that cannot both hold; the narrower one counts until a person rules."""

    action: Action | None
    wider: str
    narrower: str
    why: str


class PerItem(StrEnum):
    """Whether every item carries its own license, and what the publisher says of the least of them."""

    NO = "no"
    ALL_AT_LEAST_RESEARCH = "all_at_least_research"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LayerReading:
    """The answer for one layer of a page that answers differently for different layers."""

    licenses: tuple[str, ...]
    rights: Rights
    duties: tuple[Duty, ...]
    per_item: PerItem = PerItem.NO


@dataclass(frozen=True)
class Reading:
    """Text and findings derived from one snapshot for one watch by one reader version.

    `licenses` are those stated for the data, in order of appearance; `expression` joins them as an
    SPDX expression (`NOASSERTION` when none). `located` are the spans of `text` the watch rests on.
    `notes` are statements that bind nobody but must be shown (`stated_intent`,
    `support_requested`). `suspect` says why this reading must not become a baseline, or is None.
    `stated_dates` are the page's own "last updated" claims, never trusted as time.
    """

    reader: str
    text: str = field(repr=False)
    located: tuple[tuple[int, int], ...]
    findings: tuple[Finding, ...]
    licenses: tuple[str, ...]
    expression: str
    rights: Rights
    duties: tuple[Duty, ...] = ()
    notes: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    layers: Mapping[Layer, LayerReading] = field(default_factory=dict)
    per_item: PerItem = PerItem.NO
    reasons: tuple[str, ...] = ()
    language: str = "en"
    stated_dates: tuple[str, ...] = ()
    suspect: str | None = None

    @property
    def holds_text(self) -> bool:
        """Whether the text is here, and not brought when somebody asks for it."""
        return isinstance(self.__dict__["text"], str)

    def with_text_from(self, bring: Callable[[], str]) -> Reading:
        """The same reading with a text that `bring` brings each time somebody asks for it."""
        bringing = copy(self)
        bringing.__dict__["text"] = bring
        return bringing


class _TextOrWhatBringsIt:
    """`Reading.text` on its way out and in. Nine tenths of a reading are its text, and hardly any page of a
    run is asked for it: a run must not hold the words of thousands of pages."""

    def __get__(self, reading: Reading | None, kind: type[Reading]) -> str:
        if reading is None:
            raise AttributeError("the text is a reading's")
        held: str | Callable[[], str] = reading.__dict__["text"]
        return held if isinstance(held, str) else held()

    def __set__(self, reading: Reading, text: str) -> None:
        reading.__dict__["text"] = text


# After the dataclass is made: in its body this would be the default of the field.
setattr(Reading, "text", _TextOrWhatBringsIt())  # noqa: B010 - to a type checker it is a string


@dataclass(frozen=True, slots=True)
class RightChange:
    """One action whose right differs between two versions. `before` and `after` are right values,
    with purpose and conditions in words where only those differ."""

    action: Action
    before: str
    after: str
    direction: Direction
    quote_before: str
    quote_after: str


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two successive versions of a watch."""

    kind: ChangeClass
    direction: Direction | None = None
    relicensed: bool = False
    licenses_before: tuple[str, ...] = ()
    licenses_after: tuple[str, ...] = ()
    rights_changed: tuple[RightChange, ...] = ()
    duties_before: tuple[Duty, ...] = ()
    duties_after: tuple[Duty, ...] = ()
    quote_before: str = ""
    quote_after: str = ""
    reason: str = ""

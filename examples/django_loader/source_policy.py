"""Loads Clearance's policy file for a training service. Needs nothing but the standard library.

In a Django project: copy this file, set `SOURCE_POLICY_FILE` in the settings, and ask one shared table:

    policy = SourcePolicy.load(settings.SOURCE_POLICY_FILE)
    policy.require("musicbrainz", Environment.PRODUCTION)

It fails closed: a source that is not listed, an entry that is not understood, and an entry whose evidence
has run out may be used for nothing the file does not say today. A file that cannot be read raises at start,
so that no service runs without a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from pathlib import Path

UTC = timezone.utc  # noqa: UP017 - services still run on Python 3.10
OLDEST = timedelta(days=30)
"""A policy file older than this is refused: Clearance writes it with every run."""


class Environment(str, Enum):  # noqa: UP042 - services still run on Python 3.10
    """Where a model trained on the rows will run."""

    PRODUCTION = "production"
    RESEARCH = "research"


class PolicyFileInvalid(Exception):
    """The policy file is missing, broken, too old, or does not fail closed."""


class SourceNotAllowed(Exception):
    """A source may not be used in an environment; the message says why."""


_ENVIRONMENTS = {
    ("production_approved", "both"): frozenset(Environment),
    ("production_approved", "production"): frozenset({Environment.PRODUCTION}),
    ("research_only", "research"): frozenset({Environment.RESEARCH}),
    ("blocked", "none"): frozenset(),
}


@dataclass(frozen=True)
class SourceEntry:
    """What the file says of one source. `conditions` must be kept when it is used."""

    source_id: str
    tier: str
    environments: frozenset[Environment]
    license: str
    conditions: tuple[str, ...]
    valid_until: datetime | None


class SourcePolicy:
    """The table of one policy file."""

    def __init__(self, entries: Mapping[str, SourceEntry], generated_at: datetime, version: str) -> None:
        self._entries = dict(entries)
        self.generated_at = generated_at
        self.version = version

    @classmethod
    def load(cls, path: str | Path, *, now: datetime | None = None, oldest: timedelta = OLDEST) -> SourcePolicy:
        """Read the file. PolicyFileInvalid where it cannot be relied on."""
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise PolicyFileInvalid(f"{path}: cannot be read ({error})") from error
        if not isinstance(content, dict) or content.get("fail_closed") is not True:
            raise PolicyFileInvalid(f"{path}: is no policy file that fails closed")
        generated_at, sources = _moment(content.get("generated_at")), content.get("sources")
        if generated_at is None or not isinstance(sources, dict):
            raise PolicyFileInvalid(f"{path}: has no generated_at or no sources")
        age = (now or datetime.now(UTC)) - generated_at
        if age > oldest:
            raise PolicyFileInvalid(f"{path}: is {age.days} days old; run Clearance and deploy the new file")
        entries = {source_id: _entry(source_id, entry) for source_id, entry in sources.items()}
        return cls(entries, generated_at, str(content.get("policy_version", "")))

    def tier(self, source_id: str) -> str:
        """`blocked` for what is not known."""
        entry = self._entries.get(source_id)
        return "blocked" if entry is None else entry.tier

    def conditions(self, source_id: str) -> tuple[str, ...]:
        """What must be kept when the source is used."""
        entry = self._entries.get(source_id)
        return () if entry is None else entry.conditions

    def why_not(self, source_id: str, environment: Environment, *, now: datetime | None = None) -> str:
        """Why a source may not be used; empty when it may."""
        entry = self._entries.get(source_id)
        if entry is None:
            return f"{source_id} is not in the policy file, and what is unknown is blocked"
        if environment not in entry.environments:
            return f"{source_id} is {entry.tier} and not for {environment.value}"
        if entry.valid_until is not None and (now or datetime.now(UTC)) > entry.valid_until:
            return f"the evidence for {source_id} was good until {entry.valid_until.date().isoformat()}"
        return ""

    def require(self, source_id: str, environment: Environment, *, now: datetime | None = None) -> None:
        """SourceNotAllowed unless the source may be used."""
        if reason := self.why_not(source_id, environment, now=now):
            raise SourceNotAllowed(reason)

    def blocking_rows(
        self, rows: Iterable[Mapping[str, object]], environment: Environment, *, now: datetime | None = None
    ) -> list[tuple[int, str]]:
        """Number (from 1) and reason of every manifest row that keeps a model out of an environment.

        A row passes by its own source and never by its provider: another part of the same provider may
        carry other rights.
        """
        found = []
        for number, row in enumerate(rows, start=1):
            reason = self.why_not(str(row.get("source") or ""), environment, now=now)
            if not reason and row.get("allowed_envs") not in (environment.value, "both"):
                reason = f"its allowed_envs do not include {environment.value}"
            if not reason and not row.get("license"):
                reason = "it names no license"
            if reason:
                found.append((number, reason))
        return found


def _entry(source_id: str, entry: object) -> SourceEntry:
    known = entry if isinstance(entry, dict) else {}
    tier, environments = str(known.get("tier")), str(known.get("allowed_envs"))
    allowed = _ENVIRONMENTS.get((tier, environments))
    until = known.get("valid_until")
    valid_until = _moment(until)
    conditions = known.get("conditions")
    if allowed is None or (until is not None and valid_until is None) or not isinstance(conditions, list):
        # An entry nobody understands is no permission.
        return SourceEntry(source_id, "blocked", frozenset(), "", (), None)
    return SourceEntry(
        source_id, tier, allowed, str(known.get("license", "")), tuple(map(str, conditions)), valid_until
    )


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

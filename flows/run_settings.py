"""What a run is asked to do, and what it reads before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from catalog import load_catalog, load_effort_records, load_entitlements, load_policy, load_reviews
from domain.catalog import Catalog, Dataset, Provider, Source
from domain.deciding import EffortRecord, Entitlement, Review
from domain.errors import InvalidInput
from domain.policy import Policy
from terms.clauses import check_examples
from terms.reader import Reader

SECOND_LOOK_WITHIN = 60.0
"""A run takes the confirming look itself when it is due within this many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """One run. Plain values only, so that it crosses process borders and shows in Prefect as it is.

    `only` are source ids to look at (none: all). `force` asks without conditions. `replay` are WARC
    files that stand for the network, looked at as of `at`. `delay` is in seconds between requests to
    one host, `confirm_after` in seconds before a second look (None: the policy's).
    """

    catalog: str = "catalog"
    policy: str = "policy"
    warehouse: str = ".clearance/clearance.duckdb"
    out: str = "reports/published"
    only: tuple[str, ...] = ()
    force: bool = False
    replay: tuple[str, ...] = ()
    at: datetime | None = None
    allow_hosts: tuple[str, ...] = ()
    delay: float = 1.0
    confirm_after: float | None = None

    def as_parameters(self) -> Mapping[str, object]:
        """The settings as they are recorded with the run."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**plain, "at": None if self.at is None else self.at.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run under way. `now` is the time it decides for: that of `--at`, else when it started."""

    run_id: str
    started_at: datetime
    settings: RunSettings

    @property
    def now(self) -> datetime:
        return self.settings.at or self.started_at

    @classmethod
    def begin(cls, settings: RunSettings) -> Run:
        """A new run that starts now. Its id sorts by time."""
        started = datetime.now(UTC)
        return cls(run_id=f"{started:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}", started_at=started, settings=settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Catalog, policy and what persons filed beside them, as they stood when the run began."""

    catalog: Catalog
    policy: Policy
    reviews: tuple[Review, ...]
    reader: Reader
    entitlements: tuple[Entitlement, ...] = ()
    actuals: tuple[EffortRecord, ...] = ()

    def chosen(self, only: tuple[str, ...]) -> tuple[tuple[Provider, Dataset, Source], ...]:
        """The sources to look at. InvalidInput when one is asked for that the catalog does not have."""
        known = {source.id for _, _, source in self.catalog.sources}
        if strangers := sorted({*only} - known):
            raise InvalidInput(f"no source is called {', '.join(strangers)}: `clearance status` lists them all")
        return tuple(entry for entry in self.catalog.sources if not only or entry[2].id in only)


@lru_cache(maxsize=2)
def load_inputs(catalog: str, policy: str, run_id: str) -> Inputs:
    """Read all files once a run; every phase of it works on the same state of them. ValueError for a rule of
    reading that misses its own example: a run by such rules would forget restrictions."""
    check_examples()
    rules = load_policy(Path(policy))
    return Inputs(
        catalog=load_catalog(Path(catalog)),
        policy=rules,
        reviews=load_reviews(Path(catalog)),
        reader=Reader(rules.families),
        entitlements=load_entitlements(Path(catalog)),
        actuals=load_effort_records(Path(catalog)),
    )


def inputs_of(run: Run) -> Inputs:
    """The inputs of a run; InvalidInput with every mistake in the files."""
    return load_inputs(run.settings.catalog, run.settings.policy, run.run_id)

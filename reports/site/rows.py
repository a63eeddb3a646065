"""What the site is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Catalog
from domain.deciding import Decision
from domain.history import ChangeRecord, TierStep, Version
from domain.policy import Policy
from domain.probing import DatasetFact


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRows:
    """The rows of the assessment and, beyond them, the history it has no room for.

    `versions` are all that were ever read, `accepted` those that count today. The order of the
    sequences does not matter.
    """

    catalog: Catalog
    decisions: Sequence[Decision]
    policy: Policy
    facts: Sequence[DatasetFact]
    changes: Sequence[ChangeRecord]
    problems_of_looking: Mapping[str, str]
    pages_looked_at: int
    pages_total: int
    versions: Sequence[Version] = ()
    accepted: Sequence[Version] = ()
    tier_steps: Sequence[TierStep] = ()

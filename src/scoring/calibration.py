"""What records of finished work teach about estimates: one multiplier a part, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import fmean, stdev

from domain.deciding import EffortRecord
from domain.vocabulary import EffortPart

ENOUGH = 8
"""Records of a part from which their mean counts in full; fewer pull the multiplier towards 1."""

_PRIOR_SPREAD = log(2) / 1.2816
_NINE_IN_TEN = 1.2816
"""Before anything is known four ratios in five lie within a factor of two, and 80 % of a normal
distribution lie within 1.28 standard deviations."""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Actual over likely days of one part; `low` to `high` holds the true mean four times in five."""

    part: EffortPart
    records: int
    value: float = 1.0
    low: float = 1.0
    high: float = 1.0

    @property
    def words(self) -> str:
        """The multiplier as it is shown beside an estimate."""
        shrunk = f", pulled towards 1 because {ENOUGH} records make a mean" if self.records < ENOUGH else ""
        return (
            f"{self.records} finished {self.part.value} works: times {self.value:.2f}"
            f" ({self.low:.2f} to {self.high:.2f}){shrunk}"
        )


def multiplier(part: EffortPart, records: Sequence[EffortRecord]) -> Multiplier:
    """The geometric mean of actual over estimated days of a part.

    Ratios are averaged as logarithms, because twice and half are equally far off. With fewer than
    `ENOUGH` records the mean is shrunk in proportion, and spread is never taken smaller than the
    estimates' own.
    """
    ratios = [log(record.days / record.estimated) for record in records if record.part is part]
    if not ratios:
        return Multiplier(part, 0)
    count = len(ratios)
    weight = min(1.0, count / ENOUGH)
    seen = stdev(ratios) if count > 1 else 0.0
    spread = seen if count >= ENOUGH else max(seen, _PRIOR_SPREAD)
    middle, reach = weight * fmean(ratios), _NINE_IN_TEN * spread / sqrt(count)
    return Multiplier(part, count, exp(middle), exp(middle - reach), exp(middle + reach))

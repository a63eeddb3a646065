"""The effort of a source, and the table of what each driver costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from domain.catalog import Source
from domain.deciding import Decision, Effort, EffortContribution
from domain.policy import Policy
from domain.vocabulary import EffortPart
from reports.escape import Safe, code, listed, markdown
from reports.words import days, span


def effort_lines(source: Source, decision: Decision) -> list[Safe]:
    """One line a part: its days, and its drivers with the days and facts they stand on. Sums are exact, so
    that they add up."""
    said = _said_elsewhere(source, decision)
    lines = []
    for part in EffortPart:
        effort = decision.effort.of(part)
        drivers = listed((_driver(c, said) for c in effort.contributions), "no driver")
        lines.append(markdown("{}: {}, from {}", part, span(effort), drivers))
    return lines


def driver_rows(decisions: Iterable[Decision], policy: Policy) -> tuple[tuple[str, ...], ...]:
    """One row a driver that some estimate rests on: part, days, why it costs them, how many sources it meets."""
    met: defaultdict[str, int] = defaultdict(int)
    for decision in decisions:
        for name in {c.driver for c in decision.effort.contributions}:
            met[name] += 1
    return tuple(
        (
            code(driver.id),
            driver.part.value,
            f"{days(driver.low)} / {days(driver.likely)} / {days(driver.high)}",
            driver.reason,
            str(met[driver.id]),
        )
        for driver in policy.effort
        if driver.id in met
    )


def _driver(contribution: EffortContribution, said: frozenset[str]) -> Safe:
    notes = [span(Effort((contribution,)))]
    if contribution.fact not in said:
        notes.append(contribution.fact)
    return markdown("{} ({})", code(contribution.driver), ": ".join(notes))


_SAID_BY_NAME = frozenset(
    {
        "availability: frozen",
        "every item has its own license",
        "no formats known",
        "no identifiers known",
        "no size known",
        "statements contradict each other",
        "the provider's sources have different licenses",
        "the terms are no standard license",
    }
)
"""Facts that say no more than their driver's name."""


def _said_elsewhere(source: Source, decision: Decision) -> frozenset[str]:
    """Facts that the section states itself, or that the driver's name says."""
    said = {
        f"source {source.id}",
        f"access: {source.access}",
        f"layer: {source.layer}",
        f"identifiers: {', '.join(source.identifiers)}",
        *(f"duty: {duty}" for duty in decision.duties),
    }
    if source.privacy is not None:
        said.add(f"personal data: {source.privacy.personal_data}")
    return _SAID_BY_NAME | said

"""The effort of a source, and the table of what each driver costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from domain.catalog import Source
from domain.deciding import Decision, EffortContribution
from domain.policy import Policy
from domain.vocabulary import EffortPart
from reports.escape import Safe, code, listed, markdown
from reports.words import days


def effort_lines(source: Source, decision: Decision, policy: Policy) -> list[Safe]:
    """One line a part: its days, and its drivers with the facts they stand on.

    A driver's own days are shown where they are not the policy's: measured, counted or learned.
    """
    said = _said_elsewhere(source, decision)
    usual = {driver.id: (driver.low, driver.likely, driver.high) for driver in policy.effort}
    lines = []
    for part in EffortPart:
        effort = decision.effort.of(part)
        drivers = listed((_driver(c, usual, said) for c in effort.contributions), "no driver")
        amount = f"{days(effort.low)} / {days(effort.likely)} / {days(effort.high)}"
        lines.append(markdown("{}: {}, from {}", part, amount, drivers))
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


def _driver(
    contribution: EffortContribution, usual: dict[str, tuple[float, float, float]], said: frozenset[str]
) -> Safe:
    own = (contribution.low, contribution.likely, contribution.high)
    notes = []
    if usual.get(contribution.driver) != own:
        notes.append(" / ".join(days(amount) for amount in own))
    if contribution.fact not in said:
        notes.append(contribution.fact)
    shown = code(contribution.driver)
    return markdown("{} ({})", shown, ": ".join(notes)) if notes else shown


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

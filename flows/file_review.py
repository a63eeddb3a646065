"""Filing a judgment: told at once what would make it worthless, and decided by at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from domain.catalog import Source
from domain.deciding import Decision, Review
from domain.errors import InvalidInput
from domain.vocabulary import EffortPart
from flows.assess_stored import decide_stored
from flows.decide_sources import evidence_of
from flows.run_settings import RunSettings
from scoring.reviews import quote_stands, unclosable
from warehouse.publish import read_copy_path
from warehouse.query import Reader


def objections(review: Review, source: Source, warehouse: Path) -> str:
    """Why a review would close nothing, as far as that can be told today; empty when nothing speaks
    against it."""
    if wrong := unclosable(review):
        return wrong
    if review.quote is None or not read_copy_path(warehouse).is_file():
        return ""
    with Reader.open(warehouse) as reader:
        evidence = evidence_of(source, reader.watch_states())
    if source.watches and not quote_stands(review.quote, evidence):
        return "no watched page of the source carries the sentence it quotes"
    return ""


def decided_with(
    catalog: Path, policy: Path, warehouse: Path, source_id: str, note: Callable[[str], None]
) -> Decision | None:
    """Decide anew with what was filed; None where there is no warehouse yet."""
    if not warehouse.is_file():
        return None
    decide_stored(RunSettings(catalog=str(catalog), policy=str(policy), warehouse=str(warehouse)), note)
    with Reader.open(warehouse) as reader:
        return reader.decisions().get(source_id)


def planned_days(warehouse: Path, source_id: str, part: EffortPart) -> float:
    """The likely days of a part as decided last, what earlier records taught left out. InvalidInput
    where nothing was decided."""
    with Reader.open(warehouse) as reader:
        decision = reader.decisions().get(source_id)
    if decision is None:
        raise InvalidInput(f"{source_id} was never estimated: give the days it was planned with as --estimated")
    drivers = [c for c in decision.effort.of(part).contributions if c.driver != "actuals"]
    return round(sum(contribution.likely for contribution in drivers), 2)

"""Filing a judgment: told at once what would make it worthless, and decided by at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from catalog import load_catalog, save_review
from domain.catalog import Source
from domain.deciding import Decision, Review, quote_digest
from domain.errors import InvalidInput
from domain.vocabulary import EffortPart
from flows.assess_stored import decide_stored
from flows.decide_sources import evidence_of
from flows.run_settings import RunSettings
from scoring.reviews import quote_stands, unclosable
from warehouse.publish import read_copy_path
from warehouse.query import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A review that lies in the catalog now. `decision` is what the source came to with it (None: there is
    no warehouse yet)."""

    review: Review
    path: Path
    decision: Decision | None

    @property
    def words(self) -> str:
        """What a person is told."""
        if self.decision is None:
            return f"written to {self.path}; commit it, then `clearance run` decides by it"
        return f"written to {self.path}; commit it. {self.review.source_id} is {self.decision.tier.value} now"


def judgment(
    source_id: str,
    *,
    role: str,
    by: str,
    reason: str,
    closes: Sequence[str] = (),
    quote: str | None = None,
    scope: str | None = None,
    expires: date | None = None,
) -> Review:
    """A review made today (UTC), with the digest of the sentence it rests on."""
    return Review(
        source_id=source_id,
        role=role,
        by=by,
        reason=reason,
        made_on=datetime.now(UTC).date(),
        closes=tuple(closes),
        expires=expires,
        scope=scope,
        quote=quote,
        quote_sha256=None if quote is None else quote_digest(quote),
    )


def file_review(catalog: Path, policy: Path, warehouse: Path, review: Review, note: Callable[[str], None]) -> Filed:
    """Write a review beside the catalog and decide by it. InvalidInput, and nothing written, where the source
    is unknown, the review would close nothing or would not load again."""
    source = next((known for _, _, known in load_catalog(catalog).sources if known.id == review.source_id), None)
    if source is None:
        raise InvalidInput(f"no source is called {review.source_id}: `clearance status` lists them all")
    if wrong := objections(review, source, warehouse):
        raise InvalidInput(f"this review would close nothing: {wrong}")
    path = save_review(catalog, review)
    decision = decided_with(catalog, policy, warehouse, review.source_id, note)
    return Filed(review=review, path=path, decision=decision)


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

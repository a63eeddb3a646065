"""Deciding again from what is stored, without looking: for a new policy, catalog, review, or a lost file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.deciding import Decision
from domain.history import RunSummary
from flows.decide_sources import decide_all
from flows.read_pages import reread_pages
from flows.run_pipeline import Fetched, finish, judge, run_turn, start, tell
from flows.run_settings import Run, RunSettings, inputs_of
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Difference:
    """One source whose answer would be another. `before` is None for a source never decided."""

    before: Decision | None
    after: Decision


def assess(settings: RunSettings, note: Callable[[str], None] | None = None) -> RunSummary:
    """Decide every source anew from the stored evidence and write the assessment."""
    with run_turn(settings, note):
        run = Run.begin(settings)
        start(run)
        with Warehouse.open(Path(settings.warehouse)) as warehouse:
            _, report = reread_pages(warehouse, run, inputs_of(run), keep=True)
        judged = judge(run, frozenset(), report.reread)
        return finish(run, (Fetched((), 0.0, 0.0),), (report,), judged, tell(run))


def decide_stored(
    settings: RunSettings, note: Callable[[str], None] | None = None, *, touched: frozenset[str] = frozenset()
) -> RunSummary:
    """Decide every source anew from the stored evidence; the assessment stays as it is. `touched` are
    sources of which new evidence was stored."""
    with run_turn(settings, note):
        run = Run.begin(settings)
        start(run)
        with Warehouse.open(Path(settings.warehouse)) as warehouse:
            _, report = reread_pages(warehouse, run, inputs_of(run), keep=True)
        judged = judge(run, touched, report.reread, write=False)
        return finish(run, (Fetched((), 0.0, 0.0),), (report,), judged, tell(run))


def would_differ(settings: RunSettings) -> tuple[Difference, ...]:
    """The sources whose license, determination, tier or gates these files would change; nothing is stored."""
    run = Run.begin(settings)
    inputs = inputs_of(run)
    with Warehouse.open(Path(settings.warehouse)) as warehouse:
        before = warehouse.decisions(run.now)
        states, _ = reread_pages(warehouse, run, inputs, keep=False)
        made = decide_all(warehouse, run, inputs, states)
    differences = (Difference(before.get(decision.source_id), decision) for decision in made)
    return tuple(item for item in differences if item.before is None or _answer(item.before) != _answer(item.after))


def _answer(decision: Decision) -> object:
    gates = tuple(sorted((gate.gate, gate.kind.value) for gate in decision.gates))
    return decision.license_concluded, decision.determination, decision.tier, decision.tier_if_verified, gates

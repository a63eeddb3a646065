"""Writing the assessment when rows that it shows changed, and saying why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from domain.deciding import Decision
from domain.errors import WarehouseDamaged
from domain.history import WatchState
from domain.identity import watch_id
from flows.look_at_pages import pages_of
from flows.machine_words import machine_words
from flows.place_file import holds, put_in_place
from flows.run_settings import Inputs, Run
from reports.assessment import assessment_parts, assessment_path
from reports.document_days import is_later
from reports.document_inputs import inputs_digest
from warehouse.packing import digest
from warehouse.runs import Assessment
from warehouse.store import Warehouse

_NAMED = 5
_HEADING = re.compile(rb"^###? (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """`outcome` is `regenerated`, `unchanged` or `kept`; `why` says what moved it."""

    outcome: str
    why: str
    path: Path


def write_assessment(
    warehouse: Warehouse,
    run: Run,
    inputs: Inputs,
    decisions: Sequence[Decision],
    states: Mapping[str, WatchState],
) -> Written:
    """Render the assessment, compare it with the one before, and put the file in place if it differs.

    Where nothing that it is made of differs from what the one before was made of, it is not rendered."""
    shown = _shown(warehouse, inputs, decisions, states, run.now)
    made_of = inputs_digest(**shown)
    path = assessment_path(Path(run.settings.out))
    last = warehouse.last_assessment()
    outcome, why = "unchanged", "no row that it shows changed"
    if last is not None and last.made_of == made_of and _stands(warehouse, last, path):
        warehouse.save_assessment(run.run_id, run.now, outcome, why, None)
        return Written(outcome, why, path)
    # The document of a large catalog is held once, and not as text, which takes twice the space.
    held = BytesIO()
    held.writelines(part.encode() for part in assessment_parts(**shown))
    text = held.getvalue()
    if last is not None and last.sha256 == digest(text):
        warehouse.save_assessment(run.run_id, run.now, outcome, why, None, made_of=(made_of, last.sha256))
    else:
        outcome, why = "regenerated", _why(warehouse, last, text)
        warehouse.save_assessment(run.run_id, run.now, outcome, why, text, made_of=(made_of, digest(text)))
    put_in_place(path, text)
    return Written(outcome, why, path)


def _stands(warehouse: Warehouse, last: Assessment, path: Path) -> bool:
    """Whether the file holds the last assessment, put there anew where it did not; False where that is lost."""
    if holds(path, last.sha256):
        return True
    try:
        text = warehouse.assessment_text(last.sha256)
    except WarehouseDamaged:
        return False
    put_in_place(path, text)
    return True


def parts(
    warehouse: Warehouse,
    inputs: Inputs,
    decisions: Sequence[Decision],
    states: Mapping[str, WatchState],
    now: datetime,
) -> Iterator[str]:
    """The assessment of these decisions as Markdown, part by part. `now` is the time they were made for: what age
    will move later is not told."""
    return assessment_parts(**_shown(warehouse, inputs, decisions, states, now))


def _shown(
    warehouse: Warehouse,
    inputs: Inputs,
    decisions: Sequence[Decision],
    states: Mapping[str, WatchState],
    now: datetime,
) -> dict[str, Any]:
    """All that the assessment shows, as `assessment_parts` takes it."""
    pages = pages_of([source for _, _, source in inputs.catalog.sources])
    known = {decision.source_id for decision in decisions}
    unread = unreadable_pages(inputs, states)
    return {
        "catalog": inputs.catalog,
        "decisions": decisions,
        "policy": inputs.policy,
        "facts": [fact for fact in warehouse.facts() if fact.source_id in known],
        "changes": [
            change
            for change in warehouse.recent_changes()
            if change.source_id in known and not is_later(change.at, now)
        ],
        "problems_of_looking": problems_of_looking(inputs, states),
        "pages_looked_at": len(pages) - len(unread),
        "pages_total": len(pages),
        "reviews": [review for review in inputs.reviews if review.source_id in known],
        "entitlements": [held for held in inputs.entitlements if held.source_id in known],
        "tier_steps": [step for step in warehouse.tier_steps() if step.source_id in known and step.at <= now],
        "stated": machine_words(warehouse.statements(), inputs.reader),
        "at": now,
    }


def unreadable_pages(inputs: Inputs, states: Mapping[str, WatchState]) -> frozenset[str]:
    """The pages on which some watch has nothing to rest on, or fails for good."""
    return frozenset(
        watch.url
        for _, _, source in inputs.catalog.sources
        for watch in source.watches
        if _problem(states.get(watch_id(source.id, watch))) is not None
    )


def problems_of_looking(inputs: Inputs, states: Mapping[str, WatchState]) -> dict[str, str]:
    """Per source why pages of it could not be looked at, in words that stay the same while nothing changes.

    The pages themselves stand with the source; `clearance status --watches` has them one by one.
    """
    problems: dict[str, str] = {}
    for _, _, source in inputs.catalog.sources:
        found = [_problem(states.get(watch_id(source.id, watch))) for watch in source.watches]
        failing = list(dict.fromkeys(problem for problem in found if problem is not None))
        if failing:
            part = "" if None not in found else f"{sum(p is not None for p in found)} of {len(found)} pages "
            problems[source.id] = part + "; ".join(failing)
    return problems


def _problem(state: WatchState | None) -> str | None:
    if state is None or (state.accepted is None and state.failing_reason is None):
        return "not looked at yet"
    if state.accepted is None:
        return state.failing_reason
    return state.failing_reason if state.failing_alerted else None


def _why(warehouse: Warehouse, last: Assessment | None, text: bytes) -> str:
    """Which parts of the document differ from the last one's, by their headings."""
    if last is None:
        return "the first assessment"
    try:
        old = _sections(warehouse.assessment_text(last.sha256))
    except WarehouseDamaged:
        # `clearance verify` names the hole.
        return "the assessment before cannot be read"
    new = _sections(text)
    changed = [name for name, text in new.items() if old.get(name) != text]
    changed += [f"{name} (gone)" for name in old if name not in new]
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    return f"changed: {', '.join(changed[:_NAMED])}{more}" if changed else "only its beginning changed"


def _sections(text: bytes) -> dict[str, bytes]:
    """A digest of what stands under each heading: documents of a large catalog are too large to be held in parts."""
    headings = [(found.start(), found[1].decode().strip().replace("`", "")) for found in _HEADING.finditer(text)]
    ends = [*(start for start, _ in headings), len(text)]
    sections: defaultdict[str, Any] = defaultdict(sha256)
    for (start, name), end in zip([(0, "the beginning"), *headings], ends, strict=True):
        sections[name].update(text[start:end])
    return {name: section.digest() for name, section in sections.items()}

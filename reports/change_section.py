"""What changed: confirmed material changes with the words before and after."""

from __future__ import annotations

from collections.abc import Sequence

from domain.history import ChangeRecord, TierStep
from domain.reading import RightChange
from domain.vocabulary import ChangeClass
from reports.escape import Safe, code, link, listed, markdown, quoted, source_link
from reports.view import ChangeView, Fact
from reports.words import CAUSES, moment


def change_views(changes: Sequence[ChangeRecord]) -> tuple[ChangeView, ...]:
    """Confirmed material changes, the newest first; the same rows in any order give the same."""
    shown = {record.change_id: record for record in changes if record.confirmed and is_material(record)}
    ordered = sorted(shown.values(), key=lambda record: (record.source_id, record.watch_id, record.change_id))
    ordered.sort(key=lambda record: moment(record.at), reverse=True)
    return tuple(_view(record) for record in ordered)


def moved_tiers(steps: Sequence[TierStep]) -> tuple[Safe, ...]:
    """Every change of a tier with its cause, the newest first; first decisions are no change."""
    moved = sorted((s for s in steps if s.before is not None), key=lambda s: (s.source_id, s.after))
    moved.sort(key=lambda step: step.at, reverse=True)
    return tuple(
        markdown(
            "{}: {} {}, cause: {}",
            moment(step.at)[:10],
            source_link(step.source_id),
            _turned(step.before or "", step.after),
            CAUSES.get(step.cause, step.cause),
        )
        for step in moved
    )


def is_material(record: ChangeRecord) -> bool:
    """Whether a change touches what may be done with the data."""
    return record.change.kind is ChangeClass.MATERIAL


def direction_words(record: ChangeRecord) -> str:
    """`tightened, relicensed` and the like."""
    direction = "changed" if record.change.direction is None else record.change.direction.value
    return direction + (", relicensed" if record.change.relicensed else "")


def _view(record: ChangeRecord) -> ChangeView:
    change = record.change
    facts = [
        Fact("Shown by the response of", moment(record.at)),
        Fact("Page", link(record.url)),
        Fact("License", _turned(listed(change.licenses_before), listed(change.licenses_after))),
        Fact("Classification", _turned(_known(record.determination_before), _known(record.determination_after))),
    ]
    if change.duties_before != change.duties_after:
        facts.append(Fact("Duties", _turned(listed(change.duties_before), listed(change.duties_after))))
    for actions, right in alike(change.rights_changed):
        facts.append(Fact(f"Right {', '.join(actions)}", _right(right)))
    facts += [
        Fact("Before", quoted(change.quote_before)),
        Fact("After", quoted(change.quote_after)),
    ]
    # Where rights turned, the reason only counts them up again.
    if change.reason and not change.rights_changed:
        facts.append(Fact("Why it counts", change.reason))
    title = markdown("{}: {} {}", moment(record.at)[:10], code(record.source_id), direction_words(record))
    return ChangeView(title=title, facts=tuple(facts))


def alike(changes: Sequence[RightChange]) -> tuple[tuple[tuple[str, ...], RightChange], ...]:
    """The rights that changed, those that turned alike on the same words together."""
    together: dict[tuple[str, ...], list[RightChange]] = {}
    for right in changes:
        key = (right.before, right.after, right.direction, right.quote_before, right.quote_after)
        together.setdefault(key, []).append(right)
    return tuple((tuple(right.action.value for right in same), same[0]) for same in together.values())


def _right(right: RightChange) -> Safe:
    return markdown(
        "{} ({}); before {}, after {}",
        _turned(right.before, right.after),
        right.direction,
        quoted(right.quote_before),
        quoted(right.quote_after),
    )


def _turned(before: str, after: str) -> Safe:
    return markdown("{} → {}", before, after)


def _known(determination: str | None) -> str:
    return "not determined" if determination is None else determination

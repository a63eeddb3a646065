"""Changes of terms: as entries of the list of changes, and with both texts on the source's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.history import ChangeRecord, Version
from reports.change_section import alike, direction_words, is_material
from reports.escape import shortened
from reports.site.addresses import Link, anchor, outside_link, page_name, source_link
from reports.site.rights_quotes import QUOTE_LIMIT
from reports.site.side_by_side import SideBySide, side_by_side
from reports.words import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RightTurned:
    """Actions whose right became another, alike and on the same words."""

    action: str
    before: str
    after: str
    direction: str
    quote_before: str
    quote_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One material change. `diff` is None where the versions are not stored, and in lists."""

    anchor: str
    source: Link
    details: Link
    at: str
    direction: str
    confirmed: bool
    page: Link
    license_before: str
    license_after: str
    determination_before: str
    determination_after: str
    duties_before: str
    duties_after: str
    rights: tuple[RightTurned, ...]
    quote_before: str
    quote_after: str
    reason: str
    diff: SideBySide | None = None


def material_changes(
    changes: Sequence[ChangeRecord], root: str, versions: Mapping[str, Version] | None = None
) -> tuple[ChangeView, ...]:
    """The material changes, the newest first, each once; with the diff where `versions` are given."""
    shown = {record.change_id: record for record in changes if is_material(record)}
    ordered = sorted(shown.values(), key=lambda record: (record.source_id, record.watch_id, record.change_id))
    ordered.sort(key=lambda record: moment(record.at), reverse=True)
    return tuple(_view(record, root, {} if versions is None else versions) for record in ordered)


def _view(record: ChangeRecord, root: str, versions: Mapping[str, Version]) -> ChangeView:
    change = record.change
    name = anchor("change", record.change_id)
    before, after = versions.get(record.version_before or ""), versions.get(record.version_after or "")
    return ChangeView(
        anchor=name,
        source=source_link(record.source_id, root),
        details=Link("both texts side by side", f"{root}sources/{page_name(record.source_id)}#{name}"),
        at=moment(record.at),
        direction=direction_words(record),
        confirmed=record.confirmed,
        page=outside_link(record.url),
        license_before=", ".join(change.licenses_before) or "none",
        license_after=", ".join(change.licenses_after) or "none",
        determination_before=record.determination_before or "not determined",
        determination_after=record.determination_after or "not determined",
        duties_before=", ".join(change.duties_before) or "none",
        duties_after=", ".join(change.duties_after) or "none",
        rights=tuple(
            RightTurned(
                action=", ".join(actions),
                before=right.before,
                after=right.after,
                direction=right.direction,
                quote_before=shortened(right.quote_before, QUOTE_LIMIT),
                quote_after=shortened(right.quote_after, QUOTE_LIMIT),
            )
            for actions, right in alike(change.rights_changed)
        ),
        quote_before=shortened(change.quote_before, QUOTE_LIMIT),
        quote_after=shortened(change.quote_after, QUOTE_LIMIT),
        reason=shortened(change.reason, QUOTE_LIMIT),
        diff=None if before is None or after is None else side_by_side(before, after),
    )

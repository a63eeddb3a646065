"""`clearance show SOURCE --history` and `--diff`: when which words came and went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from clearance.options import DiffForm
from clearance.output import emit_json, emit_line, show
from clearance.shapes import drift_shape
from domain.history import ChangeRecord, Version
from domain.vocabulary import Action, ChangeClass
from warehouse.query import Reader

_SAYS_SOMETHING = frozenset(
    {ChangeClass.FIRST, ChangeClass.MATERIAL, ChangeClass.EDITORIAL, ChangeClass.UNSTABLE, ChangeClass.RE_EXTRACTION}
)


def show_history(reader: Reader, source_id: str, *, right: Action | None, as_json: bool) -> None:
    """Every change of a source's watches: last seen as it was, first seen as it became. `right` keeps
    those that moved one right, such as the day a non-commercial clause appeared. For persons, the tier's
    own history with its causes stands below."""
    rows = [row for row in _rows(reader, source_id) if right is None or _moved(row.record, right)]
    if as_json:
        emit_json(
            [
                {
                    **drift_shape(row.record),
                    "last_seen_without": None if row.without is None else row.without.isoformat(),
                    "first_seen_with": row.first.isoformat(),
                    "archived": row.archived,
                }
                for row in rows
            ]
        )
        return
    from reports.terminal import history_table, tier_table

    shown = [
        (replace(row.record, at=row.first), None if row.without is None else row.without.isoformat()) for row in rows
    ]
    show(history_table(shown))
    if right is None:
        emit_line("")
        show(tier_table([step for step in reader.tier_steps() if step.source_id == source_id]))


@dataclass(frozen=True, slots=True)
class _Row:
    """A change, between which two looks it came, and whether an archive alone shows it."""

    record: ChangeRecord
    without: datetime | None
    first: datetime
    archived: bool


def _rows(reader: Reader, source_id: str) -> list[_Row]:
    """Every change of a source, with what archived copies add, in order of time."""
    from flows.first_seen import archived_changes, first_seen, sightings

    ours = _of(reader, source_id)
    versions: dict[str, list[Version]] = {}
    for version in reader.versions_of(source_id):
        versions.setdefault(version.watch_id, []).append(version)
    rows: list[_Row] = []
    for watch, known in versions.items():
        seen = sightings(reader.looks_of(known[0].url), known)
        mine = [record for record in ours if record.watch_id == watch]
        noticed = min((record.at for record in mine), default=None)
        earlier = archived_changes(seen, noticed, "")
        by_id = {version.version_id: version for version in known}
        for record in (*earlier, *mine):
            if earlier and record in mine and record.change.kind is ChangeClass.FIRST:
                # An archive saw it first: its own first sight stands for it.
                continue
            after = by_id.get(record.version_after or "")
            without, first = (None, record.at) if after is None else first_seen(seen, record, after)
            rows.append(_Row(record, without, first, record in earlier))
    rows += [_Row(record, None, record.at, False) for record in ours if record.watch_id not in versions]
    return sorted(rows, key=lambda row: (row.first, row.record.at))


def _moved(record: ChangeRecord, right: Action) -> bool:
    return record.change.kind is ChangeClass.FIRST or any(item.action is right for item in record.change.rights_changed)


def show_diff(reader: Reader, source_id: str, *, form: DiffForm, as_json: bool) -> None:
    """The words of the newest change that has two versions, before and after."""
    changes = [record for record in _of(reader, source_id) if record.version_before and record.version_after]
    if not changes:
        emit_line(f"{source_id} never changed its words")
        return
    newest = max(changes, key=lambda record: (record.change.kind is ChangeClass.MATERIAL, record.at))
    versions = {version.version_id: version for version in reader.versions_of(source_id)}
    before, after = versions.get(newest.version_before or ""), versions.get(newest.version_after or "")
    if before is None or after is None:
        emit_line(f"the versions of {newest.change_id} are not stored")
        return
    from reports.word_diff import diff_html, diff_json, diff_markdown, diff_text

    texts = before.reading.text, after.reading.text
    if as_json:
        emit_json({**drift_shape(newest), "diff": diff_json(*texts)})
        return
    match form:
        case DiffForm.TERMINAL:
            emit_line(diff_text(newest, *texts))
        case DiffForm.MARKDOWN:
            emit_line(diff_markdown(newest, *texts).rstrip("\n"))
        case DiffForm.HTML:
            emit_line(diff_html(newest, *texts).rstrip("\n"))
        case _:
            assert_never(form)


def _of(reader: Reader, source_id: str) -> list[ChangeRecord]:
    return [
        record
        for record in reader.recent_changes()
        if record.source_id == source_id and record.change.kind in _SAYS_SOMETHING
    ]

"""`clearance show SOURCE --history` and `--diff`: when which words came and went."""

from __future__ import annotations

from typing import assert_never

from clearance.options import DiffForm
from clearance.output import emit_json, emit_line, show
from clearance.shapes import drift_shape
from domain.history import ChangeRecord
from domain.vocabulary import Action, ChangeClass
from warehouse.query import Reader

_SAYS_SOMETHING = frozenset(
    {ChangeClass.FIRST, ChangeClass.MATERIAL, ChangeClass.EDITORIAL, ChangeClass.UNSTABLE, ChangeClass.RE_EXTRACTION}
)


def show_history(reader: Reader, source_id: str, *, right: Action | None, as_json: bool) -> None:
    """Every change of a source's watches: last seen as it was, first seen as it became. `right` keeps
    those that moved one right, such as the day a non-commercial clause appeared."""
    changes = [record for record in _of(reader, source_id) if right is None or _moved(record, right)]
    if as_json:
        emit_json([{**drift_shape(record), **_interval(reader, record)} for record in changes])
        return
    from reports.terminal import history_table

    show(history_table([(record, _interval(reader, record)["last_seen_without"]) for record in changes]))


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


def _interval(reader: Reader, record: ChangeRecord) -> dict[str, str | None]:
    """When the page was last seen without the change, and first with it."""
    looks = [look.looked_at for look in reader.looks_of(record.url) if look.looked_at < record.at and look.sha256]
    return {
        "last_seen_without": max(looks).isoformat() if looks else None,
        "first_seen_with": record.at.isoformat(),
    }

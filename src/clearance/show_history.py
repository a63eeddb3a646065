"""`clearance show SOURCE --history` and `--diff`: when which words came and went."""

from __future__ import annotations

from clearance.output import emit_json, emit_line, show
from clearance.shapes import drift_shape
from domain.history import ChangeRecord, Version
from domain.vocabulary import ChangeClass
from warehouse.query import Reader

_SAYS_SOMETHING = frozenset(
    {ChangeClass.FIRST, ChangeClass.MATERIAL, ChangeClass.EDITORIAL, ChangeClass.UNSTABLE, ChangeClass.RE_EXTRACTION}
)


def show_history(reader: Reader, source_id: str, *, as_json: bool) -> None:
    """Every change of a source's watches: last seen as it was, first seen as it became."""
    changes = _of(reader, source_id)
    versions = {version.version_id: version for version in reader.versions_of(source_id)}
    if as_json:
        emit_json([{**drift_shape(record), **_interval(reader, record, versions)} for record in changes])
        return
    from reports.terminal import history_table

    show(history_table([(record, _interval(reader, record, versions)["last_seen_without"]) for record in changes]))


def show_diff(reader: Reader, source_id: str, *, as_json: bool) -> None:
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
    from reports.word_diff import diff_json, diff_text

    if as_json:
        emit_json({**drift_shape(newest), "diff": diff_json(before.reading.text, after.reading.text)})
    else:
        emit_line(diff_text(newest, before.reading.text, after.reading.text))


def _of(reader: Reader, source_id: str) -> list[ChangeRecord]:
    return [
        record
        for record in reader.recent_changes()
        if record.source_id == source_id and record.change.kind in _SAYS_SOMETHING
    ]


def _interval(reader: Reader, record: ChangeRecord, versions: dict[str, Version]) -> dict[str, str | None]:
    """When the page was last seen without the change, and first with it."""
    looks = [look.looked_at for look in reader.looks_of(record.url) if look.looked_at < record.at and look.sha256]
    del versions
    return {
        "last_seen_without": max(looks).isoformat() if looks else None,
        "first_seen_with": record.at.isoformat(),
    }

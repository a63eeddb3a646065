"""Words for what a gate said of sources and rows, for terminals and build servers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.answer_gate import GateAnswer
from flows.answer_manifest import GroupAnswer, ManifestAnswer
from reports.escape import plain
from reports.junit import Case


def manifest_lines(answer: ManifestAnswer) -> Iterator[str]:
    """A line for every kind of row that blocks, then the count."""
    for column in answer.missing_columns:
        yield f"FAIL the manifest has no column {column}: no row says what it must"
    for group in answer.groups:
        if not group.passes:
            yield f"FAIL {_named(group)}: {plain(group.reason)}; closed by: {plain(group.closes)} ({group.owner})"
    verdict = "may be promoted" if answer.passes else "blocks promotion"
    yield f"{answer.rows - answer.rows_blocking} of {answer.rows} rows pass as {answer.required.value}: {verdict}"


def gate_cases(answers: Sequence[GateAnswer], rows: ManifestAnswer | None) -> tuple[Case, ...]:
    """A case for every source asked about and every kind of row."""
    cases = [Case(a.source_id, None if a.passes else f"{a.reason}; closed by: {a.closes} ({a.owner})") for a in answers]
    for group in () if rows is None else rows.groups:
        failure = None if group.passes else f"{group.reason}; closed by: {group.closes} ({group.owner})"
        cases.append(Case(_named(group), failure))
    return tuple(cases)


def _named(answer: GroupAnswer) -> str:
    group = answer.group
    count = f"{group.rows} rows from row {group.first_row} on"
    return f"{plain(group.source) or '(no source)'}, {plain(group.license) or 'no license'}: {count}"

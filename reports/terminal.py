"""What the command line shows: tables and short texts.

Strings reach `rich` as `Text`, never as markup, and without terminal escapes or control characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.catalog import Source
from domain.claims import NOTHING_STATED, MachineWords
from domain.deciding import Decision, EvidenceItem
from domain.history import ChangeRecord, RunSummary, TierStep
from domain.vocabulary import Tier
from reports.acts import blocking, conditions
from reports.change_section import direction_words
from reports.escape import plain, shortened
from reports.stated_lines import stated_lines
from reports.words import CAUSES, count, grade_words, moment

_TIER_STYLE = {Tier.PRODUCTION_APPROVED: "green", Tier.RESEARCH_ONLY: "yellow", Tier.BLOCKED: "red"}


def drift_table(changes: Sequence[ChangeRecord]) -> Table:
    """`clearance drift`: one row a change, in the given order."""
    table = _table("seen", "source", "change", "direction", "license before", "license after", "confirmed", "words now")
    for record in changes:
        change = record.change
        table.add_row(
            _text(moment(record.at)),
            _text(record.source_id),
            _text(change.kind),
            _text("" if change.direction is None else direction_words(record)),
            _text(", ".join(change.licenses_before) or "none"),
            _text(", ".join(change.licenses_after) or "none"),
            _text("yes" if record.confirmed else "not yet"),
            _text(shortened(change.quote_after, 120)),
        )
    return table


def history_table(rows: Sequence[tuple[ChangeRecord, str | None]]) -> Table:
    """`clearance show SOURCE --history`: one row a change with the look before it, in order of time."""
    table = _table("last seen without", "first seen with", "change", "license", "what changed", "words now")
    for record, without in rows:
        change = record.change
        table.add_row(
            _text("never looked before" if without is None else without[:16]),
            _text(moment(record.at)),
            _text(change.kind if change.direction is None else f"{change.kind}, {direction_words(record)}"),
            _text(", ".join(change.licenses_after) or "none"),
            _text(shortened(change.reason, 160)),
            _text(shortened(change.quote_after, 120)),
        )
    return table


def tier_table(steps: Sequence[TierStep]) -> Table:
    """`clearance show SOURCE --history`: one row a tier with the cause of the change, in order of time."""
    table = _table("decided", "tier before", "tier", "cause")
    for step in sorted(steps, key=lambda step: step.at):
        table.add_row(
            _text(moment(step.at)),
            _text("none" if step.before is None else step.before),
            _tier(step.after),
            _text("the first decision" if step.before is None else CAUSES.get(step.cause, step.cause)),
        )
    return table


def rows_table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """`clearance query`: columns and rows as they came."""
    table = _table(*names)
    for row in rows:
        table.add_row(*(_text("" if value is None else str(value)) for value in row))
    return table


def source_why(source: Source, decision: Decision, stated: MachineWords = NOTHING_STATED) -> RenderableType:
    """`clearance show SOURCE`: the tier, its reasons, open gates, rights, evidence with quotes, and what
    machines state."""
    head = Text.assemble(
        plain(decision.source_id),
        ": ",
        _tier(decision.tier),
        ", if verified ",
        _tier(decision.tier_if_verified),
        f", decided by {plain(decision.decided_by)}",
    )
    license_line = f"license {decision.license_concluded} (declared {decision.license_declared}), {source.layer} layer"
    why = [_text(f"- {reason}") for reason in decision.reasons] or [_text("- no reason is on record")]
    return Group(
        head,
        _text(license_line),
        Text(f"\nClassification: {decision.determination}"),
        *why,
        _text("Duties: " + (", ".join(decision.duties) or "none found")),
        Text("\nOpen gates"),
        _gates(decision),
        Text("\nRights"),
        _rights(decision),
        Text("\nEvidence"),
        *(_evidence(item) for item in decision.evidence),
        *(() if decision.evidence else (Text("- none"),)),
        *_stated(stated, decision),
    )


def run_text(summary: RunSummary) -> str:
    """`clearance run`: what a run came to, in a few lines."""
    lines = [
        f"run {plain(summary.run_id)}: {count(summary.pages, 'page')}, {_counts(summary.outcomes)}",
        f"changes: {_counts(summary.changes)}; alerts: {summary.alerts}",
        f"assessment {plain(summary.assessment)}: {plain(summary.why)}",
        "seconds: " + (", ".join(f"{plain(name)} {took:.1f}" for name, took in summary.seconds.items()) or "none"),
        *(f"problem: {plain(problem)}" for problem in summary.problems),
    ]
    return "\n".join(lines)


def _gates(decision: Decision) -> Table:
    table = _table("gate", "kind", "caps at", "reason", "what closes it", "who")
    for gate in (*blocking(decision), *conditions(decision)):
        caps = Text() if gate.caps_at is None else _tier(gate.caps_at)
        table.add_row(
            _text(gate.gate), _text(gate.kind), caps, _text(gate.reason), _text(gate.closes), _text(gate.owner)
        )
    return table


def _rights(decision: Decision) -> Table:
    table = _table("action", "right", "basis", "purpose", "for whom", "conditions")
    for action, right in decision.rights:
        limits = (right.purpose, right.assignee) if right.speaks else ("", "")
        table.add_row(
            _text(action),
            _text(right.value),
            _text(right.basis or ""),
            *map(_text, limits),
            _text(", ".join(right.conditions)),
        )
    return table


def _evidence(item: EvidenceItem) -> Text:
    digest = "no bytes kept" if item.sha256 is None else f"sha256 {item.sha256[:16]}"
    return Text(
        f'- "{shortened(item.quote)}"\n'
        f"  {plain(item.url or 'no page')}, {moment(item.at)}, {digest}\n"
        f"  grade {grade_words(item.grade)}, speaks for {item.authority}, license {plain(item.license or 'none named')}"
    )


def _stated(stated: MachineWords, decision: Decision) -> list[Text]:
    lines: list[Text] = []
    if stated.licenses:
        lines.append(Text("\nLicenses stated by metadata interfaces"))
        lines += [_text(f'- "{raw}" ({where}): {verdict}') for raw, where, verdict in stated_lines(stated, decision)]
    if stated.reservations:
        lines.append(Text("\nWhat hosts say about training"))
        lines += [
            _text(f'- {item.state.value.replace("_", " ")}: "{shortened(item.raw, 160)}" ({item.rule}), {item.url}')
            for item in stated.reservations
        ]
    return lines


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {plain(name)}" for name, number in sorted(counts.items()) if number) or "none"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _tier(tier: Tier) -> Text:
    return Text(tier.value, style=_TIER_STYLE[tier])


def _text(value: str) -> Text:
    return Text(plain(value))

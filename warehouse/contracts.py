"""What rows must be like before they are stored: pandera schemas at the boundary.

A violation stores nothing. The caller records it as a problem of the run, and the previous
assessment stays. pandera and pandas are imported when first needed: that costs a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from domain.deciding import LAPSING, Decision
from domain.errors import ClearanceError
from domain.reading import PerItem, Reading
from domain.vocabulary import (
    ChangeClass,
    Determination,
    Direction,
    EvidenceGrade,
    GateKind,
    Origin,
    Outcome,
    SpeaksFor,
    Tier,
)
from warehouse.connection import Row

if TYPE_CHECKING:
    import pandas
    import pandera.pandas as pandera

_SHOWN = 20
_SHA256 = r"[0-9a-f]{64}"
_PAGE_ID = r"[0-9a-f]{16}"

_NEVER_ALERTED = (ChangeClass.FIRST, ChangeClass.COSMETIC, ChangeClass.EDITORIAL, ChangeClass.RE_EXTRACTION)


class Cause(StrEnum):
    """Why a decision differs from the one before."""

    PUBLISHER = "publisher"
    REVIEW = "review"
    POLICY = "policy"
    CATALOG = "catalog"
    READER = "reader"
    AGE = "age"
    FIRST = "first"


class ContractViolation(ClearanceError):
    """Rows that must not be stored. `table` names the contract, `rows` shows what broke it."""

    def __init__(self, table: str, rows: str) -> None:
        self.table = table
        self.rows = rows
        first, _, more = rows.partition("\n")
        super().__init__(
            f"contract of {table} broken: {first}" + (f" (and {more.count(chr(10)) + 1} more)" if more else "")
        )


def check_looks(rows: Sequence[Row]) -> None:
    """ContractViolation when looks are not fit to be stored."""
    _check("looks", rows)


def check_versions(rows: Sequence[Row]) -> None:
    """ContractViolation when versions are not fit to be stored."""
    _check("versions", rows)


def check_changes(rows: Sequence[Row]) -> None:
    """ContractViolation when changes are not fit to be stored."""
    _check("changes", rows)


def check_decisions(rows: Sequence[Row]) -> None:
    """ContractViolation when decisions are not fit to be stored."""
    _check("decisions", rows)


def check_freshness(made: Sequence[Decision]) -> None:
    """ContractViolation when a page's evidence would approve production for ever. Runs on every
    decision, stored before or not: the date of its evidence is stored each time."""
    for decision in made:
        dated = decision.valid_until is not None or decision.authority is SpeaksFor.HOUSE
        if decision.tier is Tier.PRODUCTION_APPROVED and not dated:
            raise ContractViolation(
                "decisions", f"source_id {decision.source_id}: production approved by evidence without a last good day"
            )


def check_quotes(version_id: str, reading: Reading) -> None:
    """ContractViolation when a finding's quote is not what its offsets say. Runs on every finding;
    a machine-readable one that does not occur in the text has no extent."""
    for ordinal, finding in enumerate(reading.findings):
        if finding.start != finding.end and reading.text[finding.start : finding.end] != finding.quote:
            raise ContractViolation(
                "findings", f"{version_id} finding {ordinal} ({finding.rule}): the quote is not the text at its offsets"
            )


def _check(table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    import pandas
    from pandera.errors import SchemaErrors

    # Columns of objects: pandas would make 1 of 1.0 and NaN of None.
    frame = pandas.DataFrame(list(rows), dtype=object)
    try:
        _schemas()[table].validate(frame, lazy=True)
    except SchemaErrors as error:
        raise ContractViolation(table, _told(error.failure_cases, frame)) from error


def _told(cases: pandas.DataFrame, frame: pandas.DataFrame) -> str:
    lines: list[str] = []
    for case in cases.to_dict("records"):
        index = case["index"]
        key = (
            f"{frame.columns[0]} {frame.iloc[int(index), 0]!s}" if index is not None and index == index else "all rows"
        )
        line = ": ".join((key, str(case["column"]), str(case["check"]), str(case["failure_case"])[:200]))
        if line not in lines:
            lines.append(line)
    return "\n".join(lines[:_SHOWN] + ([f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []))


@cache
def _schemas() -> dict[str, pandera.DataFrameSchema]:
    import pandera.pandas as pandera

    def column(*checks: pandera.Check, nullable: bool = False, unique: bool = False) -> pandera.Column:
        return pandera.Column(object, list(checks), nullable=nullable, unique=unique)

    def words(kind: type[StrEnum]) -> pandera.Check:
        return pandera.Check.isin([member.value for member in kind], error=f"a word of {kind.__name__}")

    def rule(test: Callable[[Any], bool], error: str) -> pandera.Check:
        return pandera.Check(test, element_wise=True, error=error)

    def row_rule(test: Callable[[Any], bool], error: str) -> pandera.Check:
        return pandera.Check(lambda frame: frame.apply(test, axis=1).astype(bool), error=error)

    text = rule(lambda value: isinstance(value, str) and value != "", "text that is not empty")
    aware = rule(lambda value: value.tzinfo is not None, "a time with its zone")
    sha256 = pandera.Check.str_matches(f"^{_SHA256}$", error="a sha256")
    page = pandera.Check.str_matches(f"^{_PAGE_ID}$", error="a page id")
    not_negative = rule(lambda value: value >= 0, "not negative")

    return {
        "looks": pandera.DataFrameSchema(
            {
                "look_id": column(text),
                "page_id": column(page),
                "url": column(text),
                "looked_at": column(aware),
                "outcome": column(words(Outcome)),
                "attempts": column(not_negative),
                "duration_seconds": column(not_negative),
            },
            checks=[
                row_rule(_snapshot_where_due, "a snapshot exactly for snapshot and suspect"),
                row_rule(_reason_where_due, "a reason for every outcome but snapshot and not_modified"),
            ],
        ),
        "versions": pandera.DataFrameSchema(
            {
                "version_id": column(text, unique=True),
                "watch_id": column(text),
                "source_id": column(text),
                "url": column(text),
                "sha256": column(sha256),
                "text_sha256": column(sha256),
                "seen_at": column(aware),
                "origin": column(words(Origin)),
                "reader": column(text),
                "expression": column(text),
                "determination": column(words(Determination), nullable=True),
                "per_item": column(words(PerItem)),
            }
        ),
        "changes": pandera.DataFrameSchema(
            {
                "change_id": column(text),
                "run_id": column(text),
                "source_id": column(text),
                "page_id": column(page),
                "watch_id": column(text),
                "changed_at": column(aware),
                "kind": column(words(ChangeClass)),
                "direction": column(words(Direction), nullable=True),
            },
            checks=[row_rule(_alert_only_where_due, "no alert for what is neither material and confirmed nor worse")],
        ),
        "decisions": pandera.DataFrameSchema(
            {
                "source_id": column(text, unique=True),
                "decided_at": column(aware),
                "cause": column(words(Cause)),
                "tier": column(words(Tier)),
                "tier_if_verified": column(words(Tier)),
                "determination": column(words(Determination)),
                "evidence_grade": column(words(EvidenceGrade), nullable=True),
                "authority": column(words(SpeaksFor), nullable=True),
                "license_concluded": column(text),
            },
            checks=[
                row_rule(_effort_in_order, "effort low <= likely <= high"),
                row_rule(_no_wider_than_gates, "no tier wider than its open blocking gates allow"),
                row_rule(_production_is_earned, "production only on good evidence of a production-commercial license"),
            ],
        ),
    }


def _snapshot_where_due(row: pandas.Series[Any]) -> bool:
    match Outcome(row["outcome"]):
        case Outcome.SNAPSHOT | Outcome.SUSPECT:
            return row["snapshot_id"] is not None
        case Outcome.NOT_MODIFIED:
            return True
        case Outcome.UNREACHABLE | Outcome.REFUSED | Outcome.GONE:
            return row["snapshot_id"] is None


def _reason_where_due(row: pandas.Series[Any]) -> bool:
    return row["outcome"] in (Outcome.SNAPSHOT, Outcome.NOT_MODIFIED) or bool(row["reason"])


def _alert_only_where_due(row: pandas.Series[Any]) -> bool:
    if not row["alert"]:
        return True
    if row["kind"] == ChangeClass.MATERIAL:
        return bool(row["confirmed"]) or row["direction"] == Direction.WITHDRAWN
    return row["kind"] not in _NEVER_ALERTED


def _effort_in_order(row: pandas.Series[Any]) -> bool:
    return bool(row["effort_low_days"] <= row["effort_likely_days"] <= row["effort_high_days"])


def _no_wider_than_gates(row: pandas.Series[Any]) -> bool:
    caps = [
        Tier(gate["caps_at"])
        for gate in row["gates"]
        if gate["kind"] == GateKind.BLOCKING and gate["caps_at"] is not None
    ]
    return all(Tier(row["tier"]).rank >= cap.rank for cap in caps)


def _production_is_earned(row: pandas.Series[Any]) -> bool:
    if row["tier"] != Tier.PRODUCTION_APPROVED:
        return True
    if row["decided_by"].startswith(LAPSING[0]):
        return bool(row["evidence_grade"] == EvidenceGrade.E and row["authority"] == SpeaksFor.RIGHTS_HOLDER)
    # Counsel may have held forbidden uses against the product; for anybody else the terms stay unclear.
    judged = row["decided_by"].startswith(LAPSING[1])
    if not judged and row["determination"] != Determination.PRODUCTION_COMMERCIAL:
        return False
    if row["authority"] == SpeaksFor.HOUSE:
        return True
    return row["evidence_grade"] in (EvidenceGrade.A, EvidenceGrade.B) and row["authority"] in (
        SpeaksFor.RIGHTS_HOLDER,
        SpeaksFor.PUBLISHER,
    )

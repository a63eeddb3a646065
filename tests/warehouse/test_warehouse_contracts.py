from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from warehouse_cases import (
    DETERMINATIONS,
    FIRST,
    FREE_BODY,
    FREE_VERSION,
    MIRROR,
    NC_VERSION,
    RELICENSED,
    SECOND,
    UNCONFIRMED,
    alert,
    change,
    decision,
    look,
    missed_look,
    snapshot,
    state,
)

from domain.deciding import Decision, Effort, EffortContribution
from domain.errors import ClearanceError
from domain.history import ChangeRecord, WatchStep
from domain.probing import Look
from domain.vocabulary import (
    ChangeClass,
    Determination,
    Direction,
    EffortPart,
    EvidenceGrade,
    Outcome,
    SpeaksFor,
    Tier,
)
from warehouse.contracts import Cause, ContractViolation
from warehouse.query import Reader
from warehouse.store import Warehouse


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """An empty warehouse that stays so: everything tried on it is refused."""
    with Warehouse.open(tmp_path_factory.mktemp("empty") / "clearance.duckdb") as opened:
        yield opened
        assert rows(opened) == 0


NAIVE = datetime(2026, 3, 1)  # noqa: DTZ001


def rows(store: Warehouse) -> int:
    """How many rows there are in all tables that hold what was seen or concluded."""
    with Reader.open(store.publish_read_copy()) as reader:
        _, sizes = reader.query(
            "SELECT sum(estimated_size) FROM duckdb_tables()"
            " WHERE database_name = 'warehouse' AND table_name <> 'schema_migrations'"
        )
    return int(sizes[0][0])


def refused(error: pytest.ExceptionInfo[ContractViolation], table: str) -> str:
    assert isinstance(error.value, ClearanceError)
    assert error.value.table == table
    assert "\n" not in str(error.value)
    assert error.value.rows
    return str(error.value)


LOOKS = {
    "bytes that are not those of the digest": (
        "snapshots",
        look(FREE_BODY, snapshot=snapshot(FREE_BODY, sha256="0" * 64)),
    ),
    "a snapshot of another page": ("snapshots", look(FREE_BODY, snapshot=snapshot(FREE_BODY, url=MIRROR))),
    "a snapshot at a time without zone": ("snapshots", look(FREE_BODY, snapshot=snapshot(FREE_BODY, NAIVE))),
    "a look at a time without zone": ("looks", missed_look(Outcome.GONE, "404", NAIVE)),
    "a snapshot look without a snapshot": ("looks", look(FREE_BODY, snapshot=None)),
    "a failed look with a snapshot": ("looks", look(FREE_BODY, outcome=Outcome.GONE, reason="404")),
    "a suspect look without a reason": ("looks", look(FREE_BODY, outcome=Outcome.SUSPECT)),
    "a failed look without a reason": ("looks", missed_look(Outcome.REFUSED, None)),
    "fewer than no attempts": ("looks", look(FREE_BODY, attempts=-1)),
}


@pytest.mark.parametrize(("table", "bad"), LOOKS.values(), ids=LOOKS)
def test_looks_that_are_not_what_they_claim_store_nothing(empty: Warehouse, table: str, bad: Look) -> None:
    with pytest.raises(ContractViolation) as error:
        empty.save_looks("run-1", [look(b"good", SECOND), bad])
    refused(error, table)
    assert empty.looks_of(bad.url) == ()
    assert not empty.bodies.folder.exists()


def test_every_kind_of_look_that_is_fit_is_stored(store: Warehouse) -> None:
    fit: Sequence[Look] = [
        look(FREE_BODY),
        look(b"login", outcome=Outcome.SUSPECT, reason="login wall"),
        *(missed_look(outcome, "why") for outcome in (Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.GONE)),
        missed_look(Outcome.NOT_MODIFIED, None, SECOND),
    ]
    store.save_looks("run-1", fit)
    assert {past.outcome for past in store.looks_of(fit[0].url)} == {*Outcome}


def with_finding(**others: Any) -> WatchStep:
    reading = FREE_VERSION.reading
    made = replace(FREE_VERSION, reading=replace(reading, findings=(replace(reading.findings[0], **others),)))
    return WatchStep(state=state(made), new_versions=(made,), alerts=(alert("one"),))


def with_version(**others: Any) -> WatchStep:
    made = replace(FREE_VERSION, **others)
    return WatchStep(state=state(made), new_versions=(made,), alerts=(alert("one"),))


def with_change(record: ChangeRecord) -> WatchStep:
    return WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,), changes=(record,), alerts=(alert("one"),))


STEPS = {
    "a quote that is not at its offsets": ("findings", with_finding(quote="the core data")),
    "a quote one character off": ("findings", with_finding(start=1)),
    "a quote beyond the text": ("findings", with_finding(start=10_000, end=10_005)),
    "a version seen at a time without zone": ("versions", with_version(seen_at=NAIVE)),
    "a version of no bytes": ("versions", with_version(sha256="")),
    "a version of no watch": ("versions", with_version(watch_id="")),
    "a version without a license word": (
        "versions",
        with_version(reading=replace(FREE_VERSION.reading, expression="")),
    ),
    "a state of a version nobody stored": ("watch_states", WatchStep(state=state(NC_VERSION), alerts=(alert("one"),))),
    "a change at a time without zone": ("changes", with_change(change("run-1", NAIVE))),
    "a change of no page": ("changes", with_change(change("run-1", page_id="page"))),
    "an alert for an unconfirmed change": ("changes", with_change(change("run-1", alert=True))),
    "an alert for a cosmetic change": (
        "changes",
        with_change(change("run-1", confirmed=True, alert=True, change=replace(RELICENSED, kind=ChangeClass.COSMETIC))),
    ),
    "an alert because the reader changed": (
        "changes",
        with_change(
            change("run-1", confirmed=True, alert=True, change=replace(RELICENSED, kind=ChangeClass.RE_EXTRACTION))
        ),
    ),
}


@pytest.mark.parametrize(("table", "bad"), STEPS.values(), ids=STEPS)
def test_a_step_that_breaks_a_contract_stores_nothing_of_the_batch(
    empty: Warehouse, table: str, bad: WatchStep
) -> None:
    good = WatchStep(state=state(None, watch_id="other/license/00000000"), alerts=(alert("two"),))
    with pytest.raises(ContractViolation) as error:
        empty.save_steps("run-1", [good, bad], DETERMINATIONS)
    refused(error, table)
    assert (empty.watch_states(), empty.versions_of("tunes"), empty.undelivered("mail")) == ({}, (), ())


def test_alerts_are_allowed_for_confirmed_changes_for_withdrawal_and_for_instability(store: Warehouse) -> None:
    withdrawn = replace(RELICENSED, direction=Direction.WITHDRAWN)
    allowed = (
        change("run-1", confirmed=True, alert=True),
        change("run-1", change_id="change-2", alert=True, change=withdrawn),
        change("run-1", change_id="change-3", alert=True, change=replace(RELICENSED, kind=ChangeClass.UNSTABLE)),
    )
    step = WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION, NC_VERSION), changes=allowed)
    store.save_steps("run-1", [step], DETERMINATIONS)
    assert store.recent_changes() == allowed


def test_the_same_version_id_with_another_reading_is_refused_and_the_first_stays(store: Warehouse) -> None:
    store.save_steps("run-1", [WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,))], DETERMINATIONS)
    other = replace(FREE_VERSION, reading=replace(FREE_VERSION.reading, expression="MIT"))
    with pytest.raises(ContractViolation, match="v-free of tunes/license/0a1b2c3d is stored with another reading"):
        store.save_steps("run-2", [WatchStep(state=state(other), new_versions=(other,))], DETERMINATIONS)
    assert store.versions_of("tunes") == (FREE_VERSION,)


def days(low: float, likely: float, high: float) -> Effort:
    return Effort((EffortContribution("format", EffortPart.INGESTION, low, likely, high, "JSON"),))


DECISIONS = {
    "production against an open gate": decision(gates=(UNCONFIRMED,)),
    "research against a gate that blocks": decision(
        tier=Tier.RESEARCH_ONLY, gates=(replace(UNCONFIRMED, caps_at=Tier.BLOCKED),)
    ),
    "production on a research license": decision(determination=Determination.RESEARCH_ONLY),
    "production on a license nobody determined": decision(determination=Determination.PROHIBITED_UNCLEAR),
    "production on an archive's copy": decision(evidence_grade=EvidenceGrade.C),
    "production on hearsay": decision(evidence_grade=EvidenceGrade.D),
    "production on no evidence": decision(evidence_grade=None),
    "production on a mirror's word": decision(authority=SpeaksFor.REDISTRIBUTOR),
    "production on nobody's word": decision(authority=None),
    "an effort in no order": decision(effort=days(3, 2, 1)),
    "an effort that is no number": decision(effort=days(float("nan"), 1, 2)),
    "no license word": decision(license_concluded=""),
    "no source": decision(""),
}


@pytest.mark.parametrize("bad", DECISIONS.values(), ids=DECISIONS)
def test_a_decision_that_nothing_earned_stores_none_of_the_batch(empty: Warehouse, bad: Decision) -> None:
    with pytest.raises(ContractViolation) as error:
        empty.save_decisions("run-1", FIRST, [decision("other"), bad], {})
    assert bad.source_id in refused(error, "decisions")
    assert empty.decisions() == {}


def test_a_decision_that_differs_needs_a_known_cause(store: Warehouse) -> None:
    store.save_decisions("run-1", FIRST, [decision()], {})
    different = decision(notes=("another",))
    for causes in ({}, {"tunes": "a whim"}):
        with pytest.raises(ContractViolation, match="cause"):
            store.save_decisions("run-2", SECOND, [different], causes)
    assert store.decisions() == {"tunes": decision()}
    store.save_decisions("run-2", SECOND, [different], {"tunes": Cause.READER})
    assert store.decisions() == {"tunes": different}


def test_a_violation_names_the_row_the_column_and_the_value(empty: Warehouse) -> None:
    with pytest.raises(ContractViolation) as error:
        empty.save_decisions("run-1", FIRST, [decision(license_concluded=""), decision("other", dataset_id="")], {})
    assert str(error.value) == (
        "contract of decisions broken: source_id tunes: license_concluded: text that is not empty: "
    )


def test_a_transaction_that_fails_half_way_leaves_no_row(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("warehouse.outbox.append_alerts", stop)
    step = WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,), alerts=(alert("one"),))
    with pytest.raises(KeyboardInterrupt):
        store.save_steps("run-1", [step], DETERMINATIONS)
    assert rows(store) == 0
    monkeypatch.undo()
    store.save_steps("run-1", [step], DETERMINATIONS)
    assert store.undelivered("mail") == (alert("one"),)

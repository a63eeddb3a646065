"""What is stored a few hundred at a time is stored all or not at all, and sealed row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from warehouse_cases import FIRST, FREE_BODY, FREE_VERSION, SECOND, decision, look, state

from domain.deciding import Decision
from domain.history import Alert, RunStart, RunSummary, WatchStep
from domain.vocabulary import Tier
from warehouse.contracts import ContractViolation
from warehouse.decisions import TierChange
from warehouse.query import Reader
from warehouse.store import Warehouse

MANY = 1201
"""More than two batches of decisions and than one slice of the chain."""


def made(**others: Any) -> list[Decision]:
    return [decision(f"tunes_{number:04}", **others) for number in range(MANY)]


def test_a_decision_that_breaks_its_contract_stores_none_of_those_before_it(store: Warehouse) -> None:
    wrong = decision("wrong", authority=None)
    with pytest.raises(ContractViolation):
        store.save_decisions("run-1", FIRST, [*made(), wrong], {})
    assert store.decisions() == {}
    store.save_decisions("run-1", FIRST, made(), {})
    assert list(store.decisions().values()) == made()


def test_every_change_of_tier_is_told_at_once_and_what_left_the_catalog_is_blocked(store: Warehouse) -> None:
    store.save_decisions("run-1", FIRST, [*made(), decision("gone")], {})
    narrowed = made(tier=Tier.RESEARCH_ONLY)
    causes = {one.source_id: "policy" for one in narrowed}
    told: list[int] = []

    def tell(some: Sequence[TierChange]) -> tuple[Alert, ...]:
        told.append(len(some))
        return ()

    moved = store.save_decisions("run-2", SECOND, narrowed, causes, keep={*causes}, alerts=tell)
    assert told == [MANY + 1]
    assert [after.source_id for _, after in moved] == [*causes, "gone"]
    assert store.decisions(of=["gone", "tunes_0000"]).keys() == {"gone", "tunes_0000"}
    assert {one.tier for one in store.decisions(of=["gone"]).values()} == {Tier.BLOCKED}
    assert {one.tier for one in store.decisions(of=[*causes]).values()} == {Tier.RESEARCH_ONLY}


def test_the_chain_holds_over_more_rows_than_are_sealed_at_once(store: Warehouse) -> None:
    store.start_run(run_start())
    store.save_looks("run-1", [look(FREE_BODY)])
    store.save_steps("run-1", [WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,))], {})
    store.save_decisions("run-1", FIRST, made(), {})
    store.finish_run(run_end())
    with Reader.open(store.publish_read_copy()) as reader:
        assert [hole for hole in reader.verify().holes if "link" in hole] == []
    sql = "SELECT seq, source_id FROM decisions ORDER BY rowid"
    with Reader.open(store.publish_read_copy()) as reader:
        copied = reader.query(sql)[1]
    assert len(copied) == MANY
    assert copied == store._con.execute(sql).fetchall(), "the copy is filled part by part"
    store._con.execute("UPDATE decisions SET notes = ['x'] WHERE seq = 1200")
    with Reader.open(store.publish_read_copy()) as reader:
        [hole] = [hole for hole in reader.verify().holes if "link" in hole]
        assert "rows of decisions are not those that were sealed" in hole


def run_start() -> RunStart:
    return RunStart(
        run_id="run-1",
        started_at=FIRST,
        kind="run",
        parameters={},
        catalog_sha256="c",
        policy_sha256="p",
        reader="r",
    )


def run_end() -> RunSummary:
    return RunSummary(
        run_id="run-1",
        finished_at=FIRST + timedelta(minutes=1),
        pages=1,
        outcomes={},
        changes={},
        alerts=0,
        assessment="unchanged",
        why="",
        seconds={},
    )

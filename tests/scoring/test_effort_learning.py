"""Effort: drivers that name their fact, estimates that know how unsure they are, and records that teach."""

from __future__ import annotations

from math import sqrt

import pytest
from effort_examples import DOCUMENT, DUMP, EXAMPLES, POLICY, effort_of, record, with_examples

from domain.vocabulary import EffortPart
from scoring.calibration import ENOUGH, multiplier
from scoring.effort import Workload, estimate

INGESTION = EffortPart.INGESTION


@pytest.mark.parametrize("example", EXAMPLES[:4], ids=[example.title for example in EXAMPLES[:4]])
def test_without_records_high_is_at_least_twice_low(example) -> None:  # type: ignore[no-untyped-def]
    effort = effort_of(example)
    assert effort.high >= 2 * effort.low > 0
    assert effort.low <= effort.likely <= effort.high
    assert all(contribution.fact for contribution in effort.contributions)


def test_every_driver_names_fact_and_unit() -> None:
    assert [driver.id for driver in POLICY.effort if not (driver.fact and driver.unit)] == []


def test_few_records_are_pulled_towards_one_and_many_count_in_full() -> None:
    assert multiplier(INGESTION, ()).value == 1
    four, eight = [record(3, 2)] * 4, [record(3, 2)] * ENOUGH
    assert multiplier(INGESTION, four).value == pytest.approx(sqrt(1.5))
    assert multiplier(INGESTION, eight).value == pytest.approx(1.5)
    assert multiplier(EffortPart.GOVERNANCE, eight).records == 0


def test_twice_and_half_cancel_out() -> None:
    assert multiplier(INGESTION, [record(4, 2), record(1, 2)] * 4).value == pytest.approx(1)


def test_the_interval_narrows_with_records_and_holds_the_multiplier() -> None:
    one, five = multiplier(INGESTION, [record(3, 2)]), multiplier(INGESTION, [record(3, 2)] * 5)
    assert one.low < 1 < one.high
    assert one.high / one.low > five.high / five.low
    assert five.low < five.value < five.high


def test_records_move_their_part_alone_and_the_interval_is_shown() -> None:
    bare = estimate(DUMP, Workload(), (), POLICY)
    learned = estimate(DUMP, Workload(), (), POLICY, [record(4, 2)] * 10)
    assert learned.of(INGESTION).likely == pytest.approx(2 * bare.of(INGESTION).likely)
    assert learned.of(EffortPart.GOVERNANCE) == bare.of(EffortPart.GOVERNANCE)
    [shown] = [c for c in learned.contributions if c.driver == "actuals"]
    assert shown.fact == "10 finished ingestion works: times 2.00 (2.00 to 2.00)"


def test_the_document_shows_five_examples_as_they_are_today() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert len(EXAMPLES) == 5
    assert document == with_examples(document), "run `python tests/scoring/effort_examples.py`"

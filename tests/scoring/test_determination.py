"""The total function from rights to a determination, over all combinations."""

from __future__ import annotations

from itertools import product

import pytest
from scoring_cases import BY_RIGHTS, CC0_RIGHTS, NC_RIGHTS, ND_RIGHTS, PROHIBITED, SA_RIGHTS, all_of

from domain.reading import PerItem
from domain.rights import Right, Rights
from domain.vocabulary import Action, Assignee, Condition, Determination, Purpose, RightValue, Tier
from scoring.determination import RELEVANT_ACTIONS, breadth, determine, reasons, tier_of

PRODUCTION, RESEARCH, UNCLEAR = Determination

# From wide to narrow: what an action can come to as far as the determination is concerned.
ALONE = Right(RightValue.CONDITIONAL, conditions=(Condition.ATTRIBUTION,))
ANOTHERS = Right(RightValue.CONDITIONAL, conditions=(Condition.ATTRIBUTION, Condition.PERMISSION))
UNNAMED = Right(RightValue.CONDITIONAL)
LADDER = (
    Right(RightValue.PERMITTED),
    ALONE,
    Right(RightValue.PERMITTED, purpose=Purpose.NON_COMMERCIAL),
    Right(RightValue.PERMITTED, purpose=Purpose.SCIENTIFIC_RESEARCH),
    Right(RightValue.PERMITTED, purpose=Purpose.EVALUATION),
    Right(RightValue.CONDITIONAL, purpose=Purpose.TEACHING, conditions=(Condition.ATTRIBUTION,)),
    ANOTHERS,
    UNNAMED,
    Right(RightValue.SILENT),
    Right(RightValue.CONTRADICTORY),
    Right(RightValue.PROHIBITED),
)
ANY_PURPOSE = LADDER[:2]
RESEARCH_PURPOSE = LADDER[:4]


def _rights(commercial: Right, reproduce: Right, derive: Right, train: Right) -> Rights:
    return Rights(commercial_use=commercial, reproduce=reproduce, derive=derive, train_model=train)


def test_every_combination_follows_the_definition() -> None:
    counted = dict.fromkeys(Determination, 0)
    for combination in product(LADDER, repeat=4):
        got = determine(_rights(*combination))
        counted[got] += 1
        if all(right in ANY_PURPOSE for right in combination):
            assert got is PRODUCTION
        elif all(right in RESEARCH_PURPOSE for right in combination[1:]):
            assert got is RESEARCH
        else:
            assert got is UNCLEAR
    assert counted[PRODUCTION] == 2**4
    assert sum(counted.values()) == len(LADDER) ** 4


def test_narrowing_any_action_never_widens() -> None:
    for combination in product(range(len(LADDER)), repeat=4):
        before = breadth(determine(_rights(*(LADDER[at] for at in combination))))
        for position, at in enumerate(combination):
            if at + 1 < len(LADDER):
                narrower = [*combination[:position], at + 1, *combination[position + 1 :]]
                assert breadth(determine(_rights(*(LADDER[step] for step in narrower)))) >= before


@pytest.mark.parametrize("per_item", [PerItem.UNKNOWN, PerItem.ALL_AT_LEAST_RESEARCH])
def test_licenses_of_items_determine_nothing_for_the_whole(per_item: PerItem) -> None:
    assert determine(CC0_RIGHTS, per_item) is UNCLEAR
    assert "every item" in reasons(CC0_RIGHTS, per_item)[0]


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        pytest.param(CC0_RIGHTS, PRODUCTION, id="CC0"),
        pytest.param(BY_RIGHTS, PRODUCTION, id="CC-BY"),
        pytest.param(SA_RIGHTS, PRODUCTION, id="CC-BY-SA"),
        pytest.param(NC_RIGHTS, RESEARCH, id="CC-BY-NC"),
        pytest.param(ND_RIGHTS, UNCLEAR, id="CC-BY-ND"),
        pytest.param(Rights(), UNCLEAR, id="silent"),
        pytest.param(all_of(PROHIBITED), UNCLEAR, id="all rights reserved"),
        pytest.param(
            all_of(Right(RightValue.PERMITTED), commercial_use=Right(RightValue.CONTRADICTORY)),
            RESEARCH,
            id="commercial use in dispute",
        ),
        pytest.param(
            all_of(Right(RightValue.PERMITTED), train_model=Right(RightValue.CONTRADICTORY)),
            UNCLEAR,
            id="training in dispute",
        ),
        pytest.param(
            all_of(
                Right(RightValue.PERMITTED), commercial_use=Right(RightValue.CONDITIONAL, conditions=(Condition.FEE,))
            ),
            RESEARCH,
            id="commercial use against a fee",
        ),
        pytest.param(all_of(Right(RightValue.PERMITTED, purpose=Purpose.EVALUATION)), UNCLEAR, id="evaluation only"),
        pytest.param(all_of(Right(RightValue.PERMITTED, purpose=Purpose.TEACHING)), UNCLEAR, id="teaching only"),
        pytest.param(
            Rights(evaluate=Right(RightValue.PERMITTED), reproduce=Right(RightValue.PERMITTED)),
            UNCLEAR,
            id="leave to evaluate is not leave to train",
        ),
    ],
)
def test_named_rows(rights: Rights, expected: Determination) -> None:
    assert determine(rights) is expected


@pytest.mark.parametrize("assignee", list(Assignee))
def test_who_may_use_it_is_no_matter_of_the_license_for_anybody(assignee: Assignee) -> None:
    assert determine(all_of(Right(RightValue.PERMITTED, assignee=assignee))) is PRODUCTION


@pytest.mark.parametrize("action", RELEVANT_ACTIONS)
@pytest.mark.parametrize("right", LADDER[2:])
def test_the_reason_names_the_action_that_holds_it_back(action: Action, right: Right) -> None:
    (reason,) = reasons(CC0_RIGHTS.with_right(action, right))
    assert reason.startswith(action.value)


def test_tier_of_each_determination() -> None:
    assert [tier_of(determination) for determination in Determination] == list(Tier)

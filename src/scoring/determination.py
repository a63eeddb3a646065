"""What a license means for anybody: one total function of rights."""

from __future__ import annotations

from typing import assert_never

from domain.reading import PerItem
from domain.rights import Right, Rights
from domain.vocabulary import Action, Determination, Purpose, RightValue, Tier

TRAINING_ACTIONS = (Action.REPRODUCE, Action.DERIVE, Action.TRAIN_MODEL)
"""What training needs whatever it is for."""

RELEVANT_ACTIONS = (Action.COMMERCIAL_USE, *TRAINING_ACTIONS)

_RESEARCH_PURPOSES = frozenset({Purpose.ANY, Purpose.NON_COMMERCIAL, Purpose.SCIENTIFIC_RESEARCH})
_WIDEST_FIRST = list(Determination)


def determine(rights: Rights, per_item: PerItem = PerItem.NO) -> Determination:
    """The determination of terms for anybody.

    Who may exercise a right takes no part: that is a matter of the house. Terms that leave the
    license to every item determine nothing for the whole.
    """
    if per_item is not PerItem.NO or not all(rights[action].usable for action in TRAINING_ACTIONS):
        return Determination.PROHIBITED_UNCLEAR
    if rights.commercial_use.usable and all(rights[action].purpose is Purpose.ANY for action in RELEVANT_ACTIONS):
        return Determination.PRODUCTION_COMMERCIAL
    if all(rights[action].purpose in _RESEARCH_PURPOSES for action in TRAINING_ACTIONS):
        return Determination.RESEARCH_ONLY
    return Determination.PROHIBITED_UNCLEAR


def breadth(determination: Determination) -> int:
    """0 for the widest determination; grows as it narrows."""
    return _WIDEST_FIRST.index(determination)


def tier_of(determination: Determination) -> Tier:
    """The tier at which a determination caps."""
    match determination:
        case Determination.PRODUCTION_COMMERCIAL:
            return Tier.PRODUCTION_APPROVED
        case Determination.RESEARCH_ONLY:
            return Tier.RESEARCH_ONLY
        case Determination.PROHIBITED_UNCLEAR:
            return Tier.BLOCKED
    assert_never(determination)


def reasons(rights: Rights, per_item: PerItem = PerItem.NO) -> tuple[str, ...]:
    """Why `determine` answers as it does: one sentence for every action that holds it back."""
    found = [
        f"{action.value} {_hindrance(rights[action])}" for action in RELEVANT_ACTIONS if _hindrance(rights[action])
    ]
    match per_item:
        case PerItem.NO:
            pass
        case PerItem.ALL_AT_LEAST_RESEARCH:
            found.insert(
                0,
                "every item carries its own license, each permitting at least research use as the publisher describes "
                "the licenses",
            )
        case PerItem.UNKNOWN:
            found.insert(0, "every item carries its own license and the least of them is not known")
        case _:
            assert_never(per_item)
    return tuple(found) or ("commercial use, copying, adapting and training are permitted for any purpose",)


def _hindrance(right: Right) -> str:
    """What keeps one right from production, in words; empty when nothing does."""
    match right.value:
        case RightValue.PROHIBITED:
            return "is prohibited"
        case RightValue.SILENT:
            return "is not mentioned, and absence is not permission"
        case RightValue.CONTRADICTORY:
            return "is both granted and prohibited, and counts as prohibited"
        case RightValue.CONDITIONAL | RightValue.PERMITTED:
            if not right.usable:
                needs = ", ".join(condition.value for condition in right.conditions if not condition.met_alone)
                return f"is conditional on {needs or 'something the terms do not name'}, which needs another's act"
            return "" if right.purpose is Purpose.ANY else f"is limited to {right.purpose.value} purposes"
    assert_never(right.value)

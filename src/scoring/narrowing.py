"""The narrower of two answers of which only one will stand.

Unlike `Right.narrowed_by`, which joins statements that hold at the same time and in which silence
takes no part, here a statement that fell silent is narrower than one that grants, and a grant
beside a prohibition is simply the prohibition.
"""

from __future__ import annotations

from domain.reading import PerItem
from domain.rights import Right, Rights
from domain.vocabulary import Action, Assignee, Purpose

_PURPOSES = list(Purpose)
_ASSIGNEES = list(Assignee)
_PER_ITEM = (PerItem.NO, PerItem.ALL_AT_LEAST_RESEARCH, PerItem.UNKNOWN)


def stricter_right(one: Right, other: Right) -> Right:
    """The narrower of two answers about one action; limits of both hold."""
    narrow = one if one.width <= other.width else other
    if not one.speaks or not other.speaks:
        return narrow
    return Right(
        narrow.value,
        narrow.basis,
        max(one.purpose, other.purpose, key=_PURPOSES.index),
        max(one.assignee, other.assignee, key=_ASSIGNEES.index),
        tuple(sorted({*one.conditions, *other.conditions})),
    )


def stricter(one: Rights, other: Rights) -> Rights:
    """Per action the narrower of two answers."""
    return Rights(**{action.value: stricter_right(right, other[action]) for action, right in one})


def stricter_per_item(one: PerItem, other: PerItem) -> PerItem:
    """The narrower of two answers about licenses of items."""
    return max(one, other, key=_PER_ITEM.index)


def only_narrowed(rights: Rights, other: Rights) -> Rights:
    """`rights` as somebody without authority may narrow them: nothing silent becomes granted, and a
    grant of theirs does not dispute a prohibition."""
    result = rights
    for action, theirs in other:
        ours = rights[action]
        if not theirs.speaks or (ours.width == 0 and ours.speaks):
            continue
        if ours.speaks:
            result = result.with_right(action, ours.narrowed_by(theirs))
        elif theirs.width == 0:
            result = result.with_right(action, theirs)
    return result


def narrower_actions(candidate: Rights, against: Rights) -> tuple[Action, ...]:
    """The actions both speak of and `candidate` allows less."""
    return tuple(
        action
        for action, right in candidate
        if right.speaks and against[action].speaks and _narrower(right, against[action])
    )


def _narrower(right: Right, against: Right) -> bool:
    if right.width == 0 or against.width == 0:
        return right.width < against.width
    return (
        right.width < against.width
        or (against.usable and not right.usable)
        or _PURPOSES.index(right.purpose) > _PURPOSES.index(against.purpose)
        or _ASSIGNEES.index(right.assignee) > _ASSIGNEES.index(against.assignee)
    )

"""Whether this house is among those whom terms allow."""

from __future__ import annotations

from typing import assert_never

from domain.policy import House
from domain.rights import Rights
from domain.vocabulary import Action, Assignee


def eligible(constraint: Assignee, status: Assignee) -> bool:
    """Whether somebody of a status meets a constraint.

    No status stands for a signature: an agreement names one source, so `named_signatory` is met
    only by an entitlement to that source.
    """
    match constraint:
        case Assignee.ANYONE:
            return True
        case Assignee.NON_COMMERCIAL_ENTITY:
            return status in (Assignee.NON_COMMERCIAL_ENTITY, Assignee.ACADEMIC_INSTITUTION)
        case Assignee.ACADEMIC_INSTITUTION:
            return status is Assignee.ACADEMIC_INSTITUTION
        case Assignee.NAMED_SIGNATORY:
            return False
    assert_never(constraint)


def withheld(rights: Rights, house: House) -> dict[Action, Assignee]:
    """The granted actions the house may not exercise, with the constraint it fails."""
    return {
        action: right.assignee
        for action, right in rights
        if right.speaks and right.width > 0 and not eligible(right.assignee, house.assignee)
    }

"""What all statements about a source come to together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.catalog import Source
from domain.policy import Policy
from domain.reading import Contradiction, PerItem
from domain.rights import ALL_SILENT, Right, Rights
from domain.vocabulary import Action, Basis, Determination, Duty, SpeaksFor
from scoring.determination import RELEVANT_ACTIONS, TRAINING_ACTIONS, determine
from scoring.expressions import NOASSERTION
from scoring.narrowing import only_narrowed
from scoring.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """Rights, duties and license of a source. `authoritative`: somebody who can grant did speak;
    `by_rights_holder`: it was a rights holder. `parts` are the statements it rests on."""

    rights: Rights = ALL_SILENT
    duties: tuple[Duty, ...] = ()
    licenses: tuple[str, ...] = ()
    expression: str = NOASSERTION
    per_item: PerItem = PerItem.NO
    authoritative: bool = False
    by_rights_holder: bool = False
    parts: tuple[Statement, ...] = ()

    @property
    def determination(self) -> Determination:
        """The determination of the whole."""
        return determine(self.rights, self.per_item)

    @property
    def allowlisted(self) -> bool:
        """Whether single items may be taken by a list: the least of them permits research, and
        nothing said of the whole forbids what training needs."""
        forbidden = any(self.rights[a].speaks and self.rights[a].width == 0 for a in TRAINING_ACTIONS)
        return self.per_item is PerItem.ALL_AT_LEAST_RESEARCH and not forbidden


def conclude(statements: Iterable[Statement], *, fallback: bool) -> Conclusion:
    """Per action the narrowest of what is granted, narrowed further by whoever cannot grant.

    `fallback`: when nobody who can grant speaks of rights, the others are taken at their word; the
    conclusion is then not `authoritative`.
    """
    # A standard license counts as the basis where a custom grant beside it says the same.
    speaking = sorted((s for s in statements if s.speaks), key=_custom_last)
    granting = [s for s in speaking if s.grants and s.rights.speaks]
    authoritative = bool(granting)
    if not granting and fallback:
        granting = [s for s in speaking if s.rights.speaks]
    rights = Rights.narrowest(s.rights for s in granting)
    parts = list(granting)
    for statement in speaking:
        if any(statement is part for part in granting):
            continue
        narrowed = only_narrowed(rights, statement.rights)
        if narrowed != rights or not statement.rights.speaks:
            parts.append(statement)
        rights = narrowed
    return Conclusion(
        rights=rights,
        duties=tuple(duty for duty in Duty if any(duty in part.duties for part in parts)),
        licenses=tuple(dict.fromkeys(license_id for part in parts for license_id in part.licenses)),
        expression=_joined(parts),
        per_item=_per_item(speaking),
        authoritative=authoritative,
        by_rights_holder=any(s.authority is SpeaksFor.RIGHTS_HOLDER for s in granting),
        parts=tuple(parts),
    )


def conflicts(statements: Sequence[Statement]) -> tuple[Contradiction, ...]:
    """The actions one statement grants and another prohibits, both in their own words."""
    found = []
    for action in Action:
        grant = next((s for s in statements if s.rights[action].usable), None)
        denial = next((s for s in statements if s.rights[action].speaks and s.rights[action].width == 0), None)
        if grant is not None and denial is not None:
            why = f"one statement grants {action.value}, another prohibits it; the narrower counts"
            found.append(Contradiction(action, grant.words_on(action), denial.words_on(action), why))
    return tuple(found)


def custom_terms(conclusion: Conclusion, source: Source, policy: Policy) -> str:
    """Why the terms are no plain standard license, in words; empty when they are one."""
    if source.custom_terms:
        return "the terms of this source are its publisher's own"
    families = {license_id: policy.family_of(license_id) for license_id in conclusion.licenses}
    strange = [license_id for license_id, family in families.items() if family is None or not family.standard]
    if strange:
        return f"{', '.join(strange)} is no standard license"
    if not families:
        return "no standard license is named"
    inferred = [a.value for a in RELEVANT_ACTIONS if conclusion.rights[a].basis is Basis.INFERRED]
    return f"{', '.join(inferred)} inferred from a grant of use" if inferred else ""


def _custom_last(statement: Statement) -> int:
    rights: list[Right] = [statement.rights[action] for action in RELEVANT_ACTIONS]
    return sum(right.basis is Basis.INFERRED for right in rights) * 2 + (not statement.licenses)


def _joined(parts: Sequence[Statement]) -> str:
    named = dict.fromkeys(part.expression for part in parts if part.expression and part.expression != NOASSERTION)
    if len(named) > 1:
        named.pop("NONE", None)
    if len(named) == 1:
        return next(iter(named))
    return " AND ".join(f"({text})" if " OR " in text.upper() else text for text in named) or NOASSERTION


def _per_item(statements: Sequence[Statement]) -> PerItem:
    """Per-item licenses if anybody says so; the floor only from somebody who can grant."""
    said = [s for s in statements if s.per_item is not PerItem.NO]
    if not said:
        return PerItem.NO
    floor = any(s.grants and s.per_item is PerItem.ALL_AT_LEAST_RESEARCH for s in said)
    return PerItem.ALL_AT_LEAST_RESEARCH if floor else PerItem.UNKNOWN

"""What a corpus joined from several sources may be used for: never more than its narrowest part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain.deciding import Decision, Gate
from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Action, Condition, Determination, Duty, GateKind, Owner, Purpose, Tier
from scoring.determination import breadth
from scoring.expressions import NOASSERTION, NONE, license_ids
from scoring.narrowing import stricter

_RECIPROCAL = frozenset({Duty.SHARE_ALIKE, Duty.COPYLEFT})
_CLOSES = "counsel rules that the joined data is never shared, or one of the sources is left out"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources whose terms cannot both be kept when what is joined of them is passed on."""

    one: str
    other: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Several sources as one. `tier` is that of the narrowest, capped by conflicts; `rights` are per action
    the narrowest, where a source that is silent makes the whole silent; `unknown` are ids nobody decided
    about. `narrowest` names the sources that hold the tier where it is."""

    source_ids: tuple[str, ...]
    unknown: tuple[str, ...]
    expression: str
    determination: Determination
    tier: Tier
    rights: Rights
    duties: tuple[Duty, ...]
    conflicts: tuple[Conflict, ...]
    gates: tuple[Gate, ...]
    narrowest: tuple[str, ...]


def joined(source_ids: Sequence[str], decisions: Mapping[str, Decision]) -> Corpus:
    """The corpus of some sources. An unknown source, and no source at all, blocks it."""
    ids = tuple(dict.fromkeys(source_ids))
    found = [decisions[source_id] for source_id in ids if source_id in decisions]
    unknown = tuple(source_id for source_id in ids if source_id not in decisions)
    conflicts = share_alike_conflicts(found)
    complete = bool(found) and not unknown
    parts = Tier.narrowest([decision.tier for decision in found]) if complete else Tier.BLOCKED
    gates = _gates(conflicts)
    tier = Tier.narrowest([parts, *(gate.caps_at for gate in gates if gate.caps_at is not None)])
    held = tuple(decision.source_id for decision in found if decision.tier is parts)
    return Corpus(
        source_ids=ids,
        unknown=unknown,
        expression=_expression(found) if complete else NOASSERTION,
        determination=max((d.determination for d in found), key=breadth)
        if complete
        else Determination.PROHIBITED_UNCLEAR,
        tier=tier,
        rights=_rights(found) if complete else ALL_SILENT,
        duties=tuple(duty for duty in Duty if any(duty in decision.duties for decision in found)),
        conflicts=conflicts,
        gates=gates,
        narrowest=unknown or (held if parts is tier and tier is not Tier.PRODUCTION_APPROVED else ()),
    )


def share_alike_conflicts(decisions: Sequence[Decision]) -> tuple[Conflict, ...]:
    """Every pair of sources of which one demands its own license for what is made of it and the other
    does not allow that license."""
    found = []
    for one, other in combinations(decisions, 2):
        for first, second in ((one, other), (other, one)):
            why = _why(first, second)
            if why:
                found.append(Conflict(first.source_id, second.source_id, why))
                break
    return tuple(found)


def _why(demanding: Decision, beside: Decision) -> str:
    """Why what `demanding` asks for cannot be given beside the other source; empty when it can."""
    if not _RECIPROCAL.intersection(demanding.duties):
        return ""
    wanted, theirs = _bases(demanding), _bases(beside)
    if _RECIPROCAL.intersection(beside.duties):
        if _may_share(wanted, theirs) or _may_share(theirs, wanted):
            return ""
        return (
            f"{demanding.license_concluded} and {beside.license_concluded} each demand their own license for "
            "what is made of them and shared"
        )
    for action in (Action.COMMERCIAL_USE, Action.DERIVE, Action.REDISTRIBUTE):
        granted, given = demanding.rights[action], beside.rights[action]
        limited = granted.purpose is Purpose.ANY and given.purpose is not Purpose.ANY
        private = Condition.NOT_SHARED in given.conditions and Condition.NOT_SHARED not in granted.conditions
        if granted.usable and (limited or private or not given.usable):
            state = f"limited to {given.purpose.value}" if limited else "not to be shared" if private else given.value
            return (
                f"{demanding.license_concluded} demands that what is made of it grants {action.value}, which is "
                f"{state} under {beside.license_concluded}"
            )
    return ""


def _bases(decision: Decision) -> frozenset[str]:
    return frozenset(license_ids(decision.license_concluded))


def _may_share(those: frozenset[str], under: frozenset[str]) -> bool:
    """Whether what carries `those` licenses may be passed on under one of the others."""
    return bool(those) and bool(under) and all(any(_accepts(one, new) for new in under) for one in those)


def _accepts(license_id: str, new: str) -> bool:
    """Whether an adaptation of a work under one license may carry another: the same, or a later version
    of a Creative Commons license from 2.0 on, or version 3 of the GPL for CC BY-SA 4.0."""
    if license_id == new:
        return True
    if license_id == "CC-BY-SA-4.0":
        return new.startswith("GPL-3.0-")
    old, later = _versioned(license_id), _versioned(new)
    if old is None or later is None or old[0] != later[0]:
        return False
    return old[1] >= "2.0" and later[1] >= old[1]


def _versioned(license_id: str) -> tuple[str, str] | None:
    match = re.match(r"(?:LicenseRef-)?(CC-BY(?:-NC)?-SA)-(\d\.\d)(?:-[A-Z]{2,3})?$", license_id)
    return (match[1], match[2]) if match else None


def _gates(conflicts: Sequence[Conflict]) -> tuple[Gate, ...]:
    if not conflicts:
        return ()
    reason = "; ".join(f"{item.one} and {item.other}: {item.why}" for item in conflicts)
    return (Gate("share_alike_conflict", GateKind.BLOCKING, Tier.RESEARCH_ONLY, reason, _CLOSES, Owner.LEGAL),)


def _rights(decisions: Sequence[Decision]) -> Rights:
    rights = decisions[0].rights
    for decision in decisions[1:]:
        rights = stricter(rights, decision.rights)
    return rights


def _expression(decisions: Sequence[Decision]) -> str:
    named = dict.fromkeys(decision.license_concluded for decision in decisions)
    if NOASSERTION in named or NONE in named:
        return NOASSERTION
    if len(named) == 1:
        return next(iter(named))
    return " AND ".join(f"({text})" if " OR " in text.upper() else text for text in named)

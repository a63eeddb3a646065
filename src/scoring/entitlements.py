"""What a bought or negotiated license adds for this house, until it expires and never beyond its scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from domain.catalog import Source
from domain.deciding import Entitlement, EvidenceItem, Gate
from domain.policy import Policy
from domain.reading import PerItem
from domain.rights import Right, Rights
from domain.vocabulary import Assignee, Determination, EvidenceGrade, Purpose, RightValue, SpeaksFor
from scoring.conclusion import Conclusion
from scoring.gates import open_gate
from scoring.rights_gates import rights_gates

_PURPOSES = list(Purpose)


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreements about one source that count at a time, and why the others do not."""

    counting: tuple[Entitlement, ...] = ()
    lapsed: tuple[str, ...] = ()


def agreements(entitlements: Iterable[Entitlement], source_id: str, now: datetime) -> Agreements:
    """Sort a source's agreements. One approved or signed after `now` is unknown at that time."""
    counting, lapsed = [], []
    today = now.astimezone(UTC).date() if now.tzinfo is not None else now.date()
    for one in entitlements:
        if one.source_id != source_id or one.approved_on > today or one.signed_on > today:
            continue
        if one.expires < today:
            lapsed.append(f"the agreement {one.reference} ended on {one.expires.isoformat()}")
        else:
            counting.append(one)
    return Agreements(tuple(counting), tuple(lapsed))


def entitled(conclusion: Conclusion, entitlement: Entitlement) -> Conclusion:
    """The terms for this house: per action what the agreement grants where that is wider, what it
    forbids wherever it forbids, and the publisher's terms where it is silent."""
    rights = Rights(
        **{action.value: _under_agreement(right, entitlement.rights[action]) for action, right in conclusion.rights}
    )
    kept = [duty for duty in conclusion.duties if duty not in entitlement.waives]
    return replace(
        conclusion,
        rights=rights,
        duties=tuple(dict.fromkeys((*kept, *entitlement.duties))),
        per_item=PerItem.NO if entitlement.covers_items else conclusion.per_item,
        authoritative=True,
        by_rights_holder=True,
    )


def agreement_gates(terms: Conclusion, entitlement: Entitlement, source: Source, policy: Policy) -> tuple[Gate, ...]:
    """The gates of the agreed terms: what any terms must pass, counsel's word for production, and the
    scope printed beside the tier."""
    gates = [gate for gate in rights_gates(terms, source, policy) if gate.gate != "production_requires_review"]
    if terms.determination is Determination.PRODUCTION_COMMERCIAL and entitlement.counsel is None:
        detail = f"the agreement {entitlement.reference} names no counsel who read it"
        gates.append(open_gate(policy, "production_requires_review", detail=detail))
    detail = f"{entitlement.reference} of {entitlement.licensor}, for {entitlement.scope}"
    detail += f", until {entitlement.expires.isoformat()}"
    return (*gates, open_gate(policy, "entitlement_scope", detail=detail))


def agreement_item(entitlement: Entitlement) -> EvidenceItem:
    """The agreement's words as evidence of grade E, spoken by the rights holder."""
    return EvidenceItem(
        url=None,
        at=entitlement.signed_on,
        sha256=entitlement.document_sha256,
        quote=entitlement.quote,
        grade=EvidenceGrade.E,
        authority=SpeaksFor.RIGHTS_HOLDER,
        rule=f"entitlement {entitlement.reference}, approved by {entitlement.approved_by}",
    )


def agreement_end(entitlements: Sequence[Entitlement]) -> datetime | None:
    """The end (UTC) of the earliest last day."""
    days: list[date] = [one.expires for one in entitlements]
    return datetime.combine(min(days), time.min, UTC) + timedelta(days=1) if days else None


def _under_agreement(public: Right, agreed: Right) -> Right:
    if not agreed.speaks:
        return public
    if agreed.width == 0:
        return Right(RightValue.PROHIBITED, agreed.basis)
    # The house signed: whom else the right is kept from does not matter.
    agreed = replace(agreed, assignee=Assignee.ANYONE)
    return agreed if _reach(agreed) > _reach(public) else public


def _reach(right: Right) -> tuple[bool, int, bool]:
    """How far a right carries this house: usable at all, for which purpose, for whom."""
    return (right.usable, -_PURPOSES.index(right.purpose) if right.usable else 0, right.assignee is Assignee.ANYONE)

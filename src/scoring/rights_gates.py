"""The gates that follow from what is concluded about rights, duties and license."""

from __future__ import annotations

from dataclasses import replace

from domain.catalog import Source
from domain.deciding import Gate
from domain.policy import Policy
from domain.rights import Right, Rights
from domain.vocabulary import Action, Condition, Determination, Duty, RightValue, Tier
from scoring.conclusion import Conclusion, custom_terms
from scoring.determination import TRAINING_ACTIONS, breadth, reasons, tier_of
from scoring.gates import open_gate
from scoring.house import withheld


def rights_gates(conclusion: Conclusion, source: Source, policy: Policy) -> tuple[Gate, ...]:
    """Determination, authority, eligibility, duties and counsel's review of custom terms.

    Where nothing but a list of forbidden uses stands between the terms and a wider determination,
    the gate of that list takes the determination's place, and the rest is judged as if counsel had
    held the list against the product.
    """
    mapped = without_use_restrictions(conclusion, policy)
    judged = conclusion if mapped is None else mapped
    return (
        *(() if mapped is None else (_use_restrictions(policy),)),
        *_determination(judged, policy),
        *_authority(judged, source, policy),
        *_eligibility(judged, policy),
        *_duties(judged, policy),
        *_counsel(judged, source, policy),
    )


def without_use_restrictions(conclusion: Conclusion, policy: Policy) -> Conclusion | None:
    """The conclusion as if its forbidden uses did not touch the product; None where that would not
    widen the determination. Licenses of models that say nothing of training grant it with the right
    to adapt once their list is out of the way."""
    if Duty.USE_RESTRICTIONS not in conclusion.duties:
        return None
    rights = Rights(**{action.value: _freed(right) for action, right in conclusion.rights})
    families = [policy.family_of(license_id) for license_id in conclusion.licenses]
    listed = bool(families) and all(f is not None and Duty.USE_RESTRICTIONS in f.duties for f in families)
    if listed and not rights.train_model.speaks and rights.derive.usable:
        rights = rights.with_right(Action.TRAIN_MODEL, rights.derive)
    mapped = replace(conclusion, rights=rights)
    return mapped if breadth(mapped.determination) < breadth(conclusion.determination) else None


def _freed(right: Right) -> Right:
    if Condition.USE_RESTRICTIONS not in right.conditions:
        return right
    left = tuple(condition for condition in right.conditions if condition is not Condition.USE_RESTRICTIONS)
    return replace(right, value=RightValue.CONDITIONAL if left else RightValue.PERMITTED, conditions=left)


def _use_restrictions(policy: Policy) -> Gate:
    return open_gate(policy, "use_restrictions", at_widest=Tier.BLOCKED)


def needs_rights_holder(conclusion: Conclusion, policy: Policy) -> bool:
    """Whether a license is concluded that only a rights holder can truly state (public domain)."""
    families = (policy.family_of(license_id) for license_id in conclusion.licenses)
    return any(family is not None and family.needs_rights_holder for family in families)


def _determination(conclusion: Conclusion, policy: Policy) -> tuple[Gate, ...]:
    if conclusion.allowlisted:
        return (open_gate(policy, "item_allowlist", at_widest=Tier.RESEARCH_ONLY),)
    cap = tier_of(conclusion.determination)
    if cap is Tier.PRODUCTION_APPROVED:
        return ()
    detail = "; ".join(reasons(conclusion.rights, conclusion.per_item))
    return (open_gate(policy, "determination", cap=cap, at_widest=cap, detail=detail),)


def _authority(conclusion: Conclusion, source: Source, policy: Policy) -> tuple[Gate, ...]:
    if source.house_owned or not conclusion.rights.speaks:
        return ()
    if not conclusion.authoritative:
        detail = "nobody who can grant speaks on a watched page"
    elif needs_rights_holder(conclusion, policy) and not conclusion.by_rights_holder:
        detail = "public domain is a claim until the rights holder states it"
    else:
        return ()
    return (open_gate(policy, "authority", at_widest=Tier.RESEARCH_ONLY, detail=detail),)


def _eligibility(conclusion: Conclusion, policy: Policy) -> tuple[Gate, ...]:
    denied = withheld(conclusion.rights, policy.house)
    if any(action in denied for action in TRAINING_ACTIONS):
        at_widest = Tier.BLOCKED
    elif Action.COMMERCIAL_USE in denied:
        at_widest = Tier.RESEARCH_ONLY
    else:
        return ()
    named = "; ".join(f"{action.value} is for {assignee.value}" for action, assignee in denied.items())
    return (open_gate(policy, "not_eligible", cap=at_widest, at_widest=at_widest, detail=named),)


def _duties(conclusion: Conclusion, policy: Policy) -> tuple[Gate, ...]:
    gates = []
    for duty in conclusion.duties:
        # Use restrictions are no duty a capability meets: counsel holds the list against the product.
        if duty is not Duty.USE_RESTRICTIONS and policy.house.capabilities.get(duty.value) is not True:
            gates.append(open_gate(policy, "needs_capability", gate=f"needs_{duty.value}", duty=duty.value))
        if duty is Duty.SHARE_ALIKE and conclusion.determination is Determination.PRODUCTION_COMMERCIAL:
            gates.append(open_gate(policy, "share_alike_scope", duty=duty.value))
        if duty is Duty.COPYLEFT and conclusion.determination is Determination.PRODUCTION_COMMERCIAL:
            gates.append(open_gate(policy, "copyleft_counsel", duty=duty.value))
    return tuple(gates)


def _counsel(conclusion: Conclusion, source: Source, policy: Policy) -> tuple[Gate, ...]:
    if source.house_owned or conclusion.determination is not Determination.PRODUCTION_COMMERCIAL:
        return ()
    why = custom_terms(conclusion, source, policy)
    return (open_gate(policy, "production_requires_review", detail=why),) if why else ()

"""In which of the house's phases a source is wanted first."""

from __future__ import annotations

from domain.catalog import Source
from domain.policy import Policy
from domain.vocabulary import Application

IDENTITY_PHASE = "0"
NO_PHASE = "none"


def phase_of(source: Source, policy: Policy, *, blocked: bool) -> str:
    """The phase of the first application the policy places; `0` for what resolves identity, `none`
    for what is blocked or fits nothing."""
    if blocked:
        return NO_PHASE
    if resolves_identity(source) and any(phase.id == IDENTITY_PHASE for phase in policy.phases):
        return IDENTITY_PHASE
    placed = (policy.application_phase.get(fit.application) for fit in source.applications)
    return next((phase for phase in placed if phase is not None), NO_PHASE)


def resolves_identity(source: Source) -> bool:
    """Whether the catalog says that a source serves to tell who is who."""
    fits = [fit.fit for fit in source.applications if fit.application is Application.METADATA_GRAPH]
    return bool(fits) and any("identity" in words.casefold() for words in (*fits, *source.unlocks))


def phase_order(phase: str, policy: Policy) -> int:
    """The place of a phase in the house's order; what has none comes last."""
    if phase == NO_PHASE:
        return len(policy.phases) + 1
    return next((at for at, known in enumerate(policy.phases) if known.id == phase), len(policy.phases))

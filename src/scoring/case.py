"""All that is known about one source at one time, and what the terms come to with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.catalog import Source
from domain.claims import NOTHING_STATED, MachineWords
from domain.deciding import Decision, Review, WatchEvidence
from domain.policy import Policy
from domain.reading import PerItem
from domain.rights import ALL_SILENT
from domain.vocabulary import SpeaksFor
from scoring.conclusion import Conclusion, conclude
from scoring.evidence import Witness, witness
from scoring.expressions import NOASSERTION
from scoring.rights_gates import needs_rights_holder
from scoring.statements import AUTHORITATIVE, Statement, claim_statements, house_statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is known about one source at one time."""

    source: Source
    evidence: tuple[WatchEvidence, ...]
    policy: Policy
    now: datetime
    upstream: Mapping[str, Decision]
    looked: tuple[Statement, ...]
    declared_by: Review | None
    stated: MachineWords = NOTHING_STATED

    @property
    def unseen(self) -> bool:
        """Whether nothing was seen yet on which the source could be judged."""
        return self.declared_by is None if self.source.house_owned else not self.looked


def conclusion_of(case: Case, *, verified: bool) -> Conclusion:
    """What the terms come to: by the pages once any was looked at, else by the catalog's claims.
    With `verified` the claims count as if the planned look had confirmed them."""
    if case.source.house_owned:
        return _house_conclusion(case, verified=verified)
    if case.looked:
        return conclude((*case.looked, *item_claims(case)), fallback=True)
    return claimed(case, claim_statements(case.source, case.policy, declared=verified))


def claimed(case: Case, statements: Sequence[Statement]) -> Conclusion:
    """A conclusion from claims, with the authority of the pages that are to confirm them."""
    voices = {watch.speaks_for for watch in case.source.watches}
    return replace(
        conclude(statements, fallback=False),
        authoritative=bool(voices & AUTHORITATIVE),
        by_rights_holder=SpeaksFor.RIGHTS_HOLDER in voices,
    )


def _house_conclusion(case: Case, *, verified: bool) -> Conclusion:
    """The house's own data: what the catalog says of it, narrowed by any page; an owner's word where
    the catalog grants nothing."""
    claims = claim_statements(case.source, case.policy, declared=True)
    said = list(claims)
    if not any(claim.rights.speaks for claim in claims) and (verified or case.declared_by is not None):
        said.append(house_statement(case.declared_by))
    pages = [replace(statement, grants=False) for statement in case.looked]
    return replace(conclude((*said, *pages), fallback=False), authoritative=True, by_rights_holder=True)


def item_claims(case: Case) -> tuple[Statement, ...]:
    """What the catalog's claims say of licenses of items, and nothing else of them: a claim never
    widens what was looked at."""
    return tuple(
        replace(claim, rights=ALL_SILENT, duties=(), licenses=(), expression=NOASSERTION)
        for claim in claim_statements(case.source, case.policy, declared=False)
        if claim.per_item is not PerItem.NO
    )


def witness_of(case: Case, conclusion: Conclusion) -> Witness | None:
    needs = needs_rights_holder(conclusion, case.policy)
    return witness(conclusion, case.looked, needs_rights_holder=needs) if case.looked else None

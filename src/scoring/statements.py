"""One form for everything that speaks about a source: a watch's reading, a quoted claim, the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.catalog import Claim, Source
from domain.claims import StatedLicense
from domain.deciding import Review, WatchEvidence
from domain.policy import Policy
from domain.reading import Finding, PerItem, Reading, Subject
from domain.rights import Right, Rights
from domain.vocabulary import Action, Basis, Condition, Duty, Layer, RightValue, SpeaksFor
from scoring.expressions import NOASSERTION, NONE, license_ids, license_terms
from scoring.narrowing import stricter, stricter_per_item

AUTHORITATIVE = frozenset({SpeaksFor.RIGHTS_HOLDER, SpeaksFor.PUBLISHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one voice says about one layer. Only a statement that `grants` can widen anything. `rule` and
    `voice` say in reports what kind of voice a claim is."""

    where: str | None
    authority: SpeaksFor
    grants: bool
    rights: Rights
    duties: tuple[Duty, ...] = ()
    licenses: tuple[str, ...] = ()
    expression: str = NOASSERTION
    per_item: PerItem = PerItem.NO
    findings: tuple[Finding, ...] = ()
    claim: Claim | None = None
    evidence: WatchEvidence | None = None
    rule: str = "catalog claim"
    voice: str = "the catalog quotes"

    @property
    def speaks(self) -> bool:
        """Whether anything at all is said about the data."""
        return self.rights.speaks or bool(self.licenses or self.duties) or self.per_item is not PerItem.NO

    def words_on(self, action: Action) -> str:
        """What is said about an action and where, for a reader: value, quote, address."""
        quoted = self.claim.quote if self.claim is not None else None
        for finding in self.findings:
            if finding.rights[action].speaks or (quoted is None and finding.license is not None):
                quoted = finding.quote
                if finding.rights[action].speaks:
                    break
        words = f"{self.rights[action].value.value}"
        words += f": “{quoted}”" if quoted else ""
        return words + (f" ({self.where})" if self.where else "")


def readable(reading: Reading | None) -> Reading | None:
    """The reading if it counts: a suspect one never does."""
    return reading if reading is not None and reading.suspect is None else None


def unconfirmed(evidence: WatchEvidence) -> tuple[Reading, ...]:
    """What a page says, or said in turn, and no second look has borne out."""
    found = map(readable, (evidence.pending, *evidence.variants))
    return tuple(reading for reading in found if reading is not None)


def from_reading(evidence: WatchEvidence, reading: Reading, source_layer: Layer) -> Statement:
    """What a reading says for the watch's layer, else for the source's, else as a whole."""
    layer = evidence.watch.layer or source_layer
    part = reading.layers.get(layer)
    findings = tuple(
        finding
        for finding in reading.findings
        if finding.scope.subject is Subject.DATA and (not finding.scope.layers or layer in finding.scope.layers)
    )
    licenses = part.licenses if part is not None else reading.licenses
    duties = part.duties if part is not None else reading.duties
    return Statement(
        where=evidence.watch.url,
        authority=evidence.watch.speaks_for,
        grants=evidence.watch.speaks_for in AUTHORITATIVE,
        rights=_restricted(part.rights if part is not None else reading.rights, duties),
        duties=duties,
        licenses=tuple(license_id for license_id in licenses if license_id not in (NOASSERTION, NONE)),
        expression=reading.expression if part is None else " AND ".join(licenses) or NOASSERTION,
        per_item=part.per_item if part is not None else reading.per_item,
        findings=findings,
        evidence=evidence,
    )


def accepted_statements(evidence: Sequence[WatchEvidence], layer: Layer) -> tuple[Statement, ...]:
    """One statement for every watch that was looked at, silent pages included."""
    found = ((item, readable(item.reading)) for item in evidence)
    return tuple(from_reading(item, reading, layer) for item, reading in found if reading is not None)


def narrowed_statements(evidence: Sequence[WatchEvidence], layer: Layer) -> tuple[Statement, ...]:
    """The same with every unconfirmed reading counted where it is narrower. A page that was silent
    about something is never made to speak by an unconfirmed reading."""
    result = []
    for item in evidence:
        accepted = readable(item.reading)
        base = from_reading(item, accepted, layer) if accepted is not None else None
        for reading in unconfirmed(item):
            newer = from_reading(item, reading, layer)
            if base is None:
                base = replace(newer, grants=False)
                continue
            base = replace(
                base,
                rights=stricter(base.rights, newer.rights),
                duties=tuple(dict.fromkeys((*base.duties, *newer.duties))),
                licenses=tuple(dict.fromkeys((*base.licenses, *newer.licenses))),
                per_item=stricter_per_item(base.per_item, newer.per_item),
            )
        if base is not None:
            result.append(base)
    return tuple(result)


def from_claim(claim: Claim, policy: Policy, *, grants: bool, floor_counts: bool) -> Statement:
    """What a catalog claim comes to. `floor_counts`: whether its word that every item permits at
    least research may be relied on."""
    terms = license_terms(claim.license, policy, claim.rights, claim.duties)
    floor = PerItem.ALL_AT_LEAST_RESEARCH if claim.per_item_floor_research and floor_counts else PerItem.UNKNOWN
    return Statement(
        where=claim.url,
        authority=claim.speaks_for,
        grants=grants,
        rights=_restricted(terms.rights, terms.duties),
        duties=terms.duties,
        licenses=license_ids(claim.license),
        expression=claim.license,
        per_item=floor if claim.per_item else PerItem.NO,
        claim=claim,
    )


def from_interface(stated: StatedLicense) -> Statement:
    """What a metadata interface states: a machine's word for somebody's choice in a form, which nobody
    can rely on as a grant."""
    claim = stated.claim
    return Statement(
        where=claim.url,
        authority=SpeaksFor.AGGREGATOR,
        grants=False,
        rights=_restricted(stated.rights, stated.duties),
        duties=stated.duties,
        licenses=license_ids(stated.expression),
        expression=stated.expression,
        claim=Claim(license=stated.expression, url=claim.url, seen=claim.seen_at.date(), quote=claim.raw),
        rule=f"metadata interface, {claim.field}",
        voice=f"the metadata interface ({claim.field}) states",
    )


def applicable_claims(source: Source) -> tuple[Claim, ...]:
    """The claims that describe the source rather than dispute another statement: those about the
    whole or about a part a watch reads; if there are none, all of them."""
    describing = tuple(claim for claim in source.claims if not claim.contradicts)
    parts = {watch.scope for watch in source.watches if watch.scope is not None}
    return tuple(c for c in describing if c.scope is None or c.scope in parts) or describing


def claim_statements(source: Source, policy: Policy, *, declared: bool) -> tuple[Statement, ...]:
    """The applicable claims as statements. Only words somebody saw can grant; with `declared` all
    claims count as they stand, as if a look had confirmed them."""
    return tuple(
        from_claim(claim, policy, grants=seen, floor_counts=seen and (declared or claim.speaks_for in AUTHORITATIVE))
        for claim in applicable_claims(source)
        for seen in [declared or bool(claim.quote)]
    )


def house_statement(declaration: Review | None) -> Statement:
    """An owner's declaration that data is the house's own."""
    own = Right(RightValue.PERMITTED, Basis.STATED)
    return Statement(
        where=None,
        authority=SpeaksFor.HOUSE,
        grants=True,
        rights=Rights(**{action.value: own for action in Action}),
        claim=None if declaration is None else Claim(license=NOASSERTION, quote=declaration.reason),
    )


def _restricted(rights: Rights, duties: tuple[Duty, ...]) -> Rights:
    """Use restrictions make training conditional on somebody mapping them to the product, also
    where a reading lists them only as a duty."""
    if Duty.USE_RESTRICTIONS not in duties or not rights.train_model.usable:
        return rights
    held = Right(RightValue.CONDITIONAL, rights.train_model.basis, conditions=(Condition.USE_RESTRICTIONS,))
    return rights.with_right(Action.TRAIN_MODEL, rights.train_model.narrowed_by(held))

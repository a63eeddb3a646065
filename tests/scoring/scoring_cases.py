"""A small policy and short ways to build sources, readings and evidence for the tests of scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from domain.catalog import Claim, Dataset, Provider, Source, Watch
from domain.deciding import Decision, EffortRecord, Entitlement, Gate, Review, WatchEvidence
from domain.policy import EffortDriver, Family, GateRule, House, Phase, Policy
from domain.probing import DatasetFact
from domain.reading import Finding, FindingKind, PerItem, Reading
from domain.rights import ALL_SILENT, Right, Rights
from domain.vocabulary import (
    Action,
    Application,
    Assignee,
    Basis,
    Condition,
    Duty,
    EffortPart,
    GateKind,
    Layer,
    Origin,
    Owner,
    Purpose,
    RightValue,
    SpeaksFor,
    Tier,
    WatchRole,
)
from scoring.tiers import decide

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PERMITTED = Right(RightValue.PERMITTED, Basis.LICENSE)
PROHIBITED = Right(RightValue.PROHIBITED, Basis.LICENSE)
STATED_NO = Right(RightValue.PROHIBITED, Basis.STATED)


def conditional(*conditions: Condition) -> Right:
    return Right(RightValue.CONDITIONAL, Basis.LICENSE, conditions=conditions)


def all_of(right: Right, **others: Right) -> Rights:
    return Rights(**{**{action.value: right for action in Action}, **others})


BY = conditional(Condition.ATTRIBUTION)
SA = conditional(Condition.ATTRIBUTION, Condition.SHARE_ALIKE)
NC = Right(RightValue.CONDITIONAL, Basis.LICENSE, Purpose.NON_COMMERCIAL, conditions=(Condition.ATTRIBUTION,))
CC0_RIGHTS = all_of(PERMITTED)
BY_RIGHTS = all_of(BY, evaluate=PERMITTED)
SA_RIGHTS = all_of(SA, evaluate=PERMITTED)
NC_RIGHTS = all_of(NC, commercial_use=PROHIBITED)
ND_RIGHTS = Rights(commercial_use=BY, reproduce=BY, derive=conditional(Condition.NOT_SHARED), redistribute=BY)

FAMILIES = (
    Family(id="public_domain", licenses=("CC0-1.0",), reason="", rights=CC0_RIGHTS, irrevocable=True),
    Family(
        id="pd_claim", licenses=("LicenseRef-Public-Domain",), reason="", rights=CC0_RIGHTS, needs_rights_holder=True
    ),
    Family(id="by", licenses=("CC-BY-[34].0",), reason="", rights=BY_RIGHTS, duties=(Duty.ATTRIBUTION,)),
    Family(
        id="sa",
        licenses=("CC-BY-SA-[34].0", "ODbL-1.0"),
        reason="",
        rights=SA_RIGHTS,
        duties=(Duty.ATTRIBUTION, Duty.SHARE_ALIKE),
    ),
    Family(id="nc", licenses=("CC-BY-NC-4.0",), reason="", rights=NC_RIGHTS, duties=(Duty.ATTRIBUTION,)),
    Family(id="nd", licenses=("CC-BY-ND-4.0",), reason="", rights=ND_RIGHTS, duties=(Duty.ATTRIBUTION,)),
    Family(id="gpl", licenses=("GPL-3.0-only",), reason="", rights=CC0_RIGHTS, duties=(Duty.COPYLEFT,)),
    Family(
        id="rail",
        licenses=("LicenseRef-RAIL",),
        reason="",
        rights=all_of(conditional(Condition.USE_RESTRICTIONS)),
        duties=(Duty.USE_RESTRICTIONS,),
        standard=False,
    ),
)

_BLOCKING: Mapping[str, Tier | None] = {
    "determination": None,
    "needs_capability": Tier.RESEARCH_ONLY,
    "share_alike_scope": Tier.RESEARCH_ONLY,
    "copyleft_counsel": Tier.RESEARCH_ONLY,
    "evidence_stale": Tier.RESEARCH_ONLY,
    "not_looked_at": Tier.RESEARCH_ONLY,
    "production_requires_review": Tier.RESEARCH_ONLY,
    "item_allowlist": Tier.RESEARCH_ONLY,
    "not_eligible": Tier.BLOCKED,
    "privacy_assessment": Tier.BLOCKED,
    "withdrawn": Tier.BLOCKED,
    "change_unconfirmed": None,
    "contradiction": None,
    "upstream_copies": None,
    "upstream_joins": None,
    "upstream_filters": None,
    "upstream_trained_on": Tier.RESEARCH_ONLY,
    "no_benefit": Tier.RESEARCH_ONLY,
    "authority": Tier.RESEARCH_ONLY,
    "evidence_grade": Tier.RESEARCH_ONLY,
    "widening_unreviewed": Tier.RESEARCH_ONLY,
    "reservation": Tier.RESEARCH_ONLY,
    "use_restrictions": Tier.BLOCKED,
}
_CONDITIONS = (
    "privacy_pseudonymous",
    "upstream_annotates",
    "upstream_computed_from",
    "upstream_imported_via_api",
    "support_requested",
    "stated_intent",
    "watch_failing",
    "watch_unstable",
    "database_right",
    "review_scope",
    "entitlement_scope",
)

GATES = {
    **{
        gate: GateRule(
            id=gate, kind=GateKind.BLOCKING, caps_at=cap, reason="{detail}", closes=f"close {gate}", owner=Owner.LEGAL
        )
        for gate, cap in _BLOCKING.items()
    },
    **{
        gate: GateRule(id=gate, kind=GateKind.CONDITION, reason="{detail}", closes=f"heed {gate}", owner=Owner.LEGAL)
        for gate in _CONDITIONS
    },
    "needs_capability": GateRule(
        id="needs_capability",
        kind=GateKind.BLOCKING,
        caps_at=Tier.RESEARCH_ONLY,
        reason="no path for {duty}",
        closes="build {capability}",
        owner=Owner.ENGINEERING,
    ),
}


def policy(
    *,
    assignee: Assignee = Assignee.ANYONE,
    drivers: Sequence[EffortDriver] = (),
    phases: Sequence[Phase] = (),
    gates: Mapping[str, GateRule] = GATES,
    application_phase: Mapping[Application, str] | None = None,
    **capabilities: bool,
) -> Policy:
    able = {"attribution": False, "share_alike": True, "copyleft": True, **capabilities}
    return Policy(
        families=FAMILIES,
        gates=gates,
        house=House(name="House", assignee=assignee, capabilities=able),
        effort=tuple(drivers),
        phases=tuple(phases),
        sha256="0" * 64,
        application_phase=application_phase or {},
    )


def driver(when: str, low: float = 1, likely: float = 2, high: float = 4) -> EffortDriver:
    return EffortDriver(
        id=f"d_{when}", part=EffortPart.INGESTION, when=when, low=low, likely=likely, high=high, reason=""
    )


def watch(url: str = "https://example.org/license", speaks_for: SpeaksFor = SpeaksFor.PUBLISHER, **more: Any) -> Watch:
    return Watch(url=url, role=WatchRole.LICENSE, speaks_for=speaks_for, **more)


def claim(license_id: str, **more: Any) -> Claim:
    return Claim(**{"license": license_id, "url": "https://example.org/about", "quote": f"under {license_id}", **more})


def source(*claims: Claim, **more: Any) -> Source:
    fields: dict[str, Any] = {"id": "tunes", "layer": Layer.METADATA, "watches": (watch(),), "claims": claims, **more}
    return Source(**fields)


def reading(license_id: str | None = None, **more: Any) -> Reading:
    """A page stating a license of the small policy, or nothing at all."""
    family = policy().family_of(license_id) if license_id else None
    rights = family.rights if family is not None else ALL_SILENT
    text = f"The data is licensed under {license_id}." if license_id else "Welcome to our data."
    finding = Finding(FindingKind.LICENSE_NAME, "name", text, 0, len(text), license=license_id, rights=rights)
    fields: dict[str, Any] = {
        "reader": "1",
        "text": text,
        "located": ((0, len(text)),),
        "findings": (finding,) if license_id else (),
        "licenses": (license_id,) if license_id else (),
        "expression": license_id or "NOASSERTION",
        "rights": rights,
        "duties": family.duties if family is not None else (),
        "per_item": PerItem.NO,
        **more,
    }
    return Reading(**fields)


def seen(
    accepted: Reading | None,
    *,
    url: str = "https://example.org/license",
    speaks_for: SpeaksFor = SpeaksFor.PUBLISHER,
    days_ago: float = 1,
    origin: Origin | None = Origin.DIRECT,
    layer: Layer | None = None,
    **more: Any,
) -> WatchEvidence:
    fields: dict[str, Any] = {
        "watch_id": f"tunes/license/{crc32(f'{url} {speaks_for}'.encode()):08x}",
        "watch": watch(url, speaks_for, layer=layer),
        "reading": accepted,
        "first_seen": None if accepted is None else NOW - timedelta(days=days_ago + 30),
        "last_look_at": None if accepted is None else NOW - timedelta(days=days_ago),
        "sha256": None if accepted is None else "a" * 64,
        "origin": None if accepted is None else origin,
        **more,
    }
    return WatchEvidence(**fields)


def review(*closes: str, role: str = "counsel", **more: Any) -> Review:
    fields: dict[str, Any] = {
        "source_id": "tunes",
        "role": role,
        "by": "A. Person",
        "reason": "read and approved",
        "made_on": date(2026, 10, 1),
        "closes": closes,
        **more,
    }
    return Review(**fields)


def judge(
    about: Source,
    *evidence: WatchEvidence,
    house: Policy | None = None,
    reviews: Sequence[Review] = (),
    facts: Sequence[DatasetFact] = (),
    now: datetime = NOW,
    upstream: Mapping[str, Decision] | None = None,
    entitlements: Sequence[Entitlement] = (),
    actuals: Sequence[EffortRecord] = (),
) -> Decision:
    dataset = Dataset(id="tunes_set", name="Tunes", sources=(about,))
    return decide(
        source=about,
        dataset=dataset,
        provider=Provider(provider="example", datasets=(dataset,)),
        evidence=evidence,
        policy=house or policy(),
        reviews=reviews,
        facts=facts,
        now=now,
        upstream=upstream or {},
        entitlements=entitlements,
        actuals=actuals,
    )


def gate(decision: Decision, name: str) -> Gate:
    return next(gate for gate in decision.gates if gate.gate == name)


def names(decision: Decision) -> set[str]:
    return {gate.gate for gate in decision.gates}

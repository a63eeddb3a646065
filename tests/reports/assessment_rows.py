"""A small house with four sources, made by hand: what the renderers' tests render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

from domain.catalog import (
    ApplicationFit,
    Catalog,
    Dataset,
    Derivation,
    EngineeringWork,
    Hosting,
    OpenQuestion,
    Privacy,
    Provider,
    RequiredCheck,
    Source,
    StatedFacts,
)
from domain.claims import MachineWords
from domain.deciding import Decision, Effort, EffortContribution, EvidenceItem, Gate
from domain.history import ChangeRecord
from domain.policy import House, Phase, Policy
from domain.probing import DatasetFact
from domain.reading import Change, Contradiction, RightChange
from domain.rights import Right, Rights
from domain.vocabulary import (
    Access,
    Action,
    Application,
    Assignee,
    Availability,
    Basis,
    ChangeClass,
    Condition,
    DerivationFlow,
    Determination,
    Direction,
    Duty,
    EffortPart,
    EvidenceGrade,
    GateKind,
    Layer,
    Owner,
    PersonalData,
    Purpose,
    RightValue,
    SpeaksFor,
    Tier,
)
from reports.assessment import assessment_parts

SEEN = datetime(2023, 5, 20, 1, 34, tzinfo=UTC)
LOOKED = datetime(2026, 11, 23, 7, 7, tzinfo=UTC)
NOTHING_ABOUT_ANY: Mapping[str, MachineWords] = MappingProxyType({})
SHA = "0123456789abcdef" * 4

NOT_LOOKED_AT = Gate(
    "not_looked_at",
    GateKind.BLOCKING,
    Tier.RESEARCH_ONLY,
    "No page of this source was ever looked at.",
    "A successful look at its pages.",
    Owner.CLEARANCE,
)
NEEDS_ATTRIBUTION = Gate(
    "needs_attribution",
    GateKind.BLOCKING,
    Tier.RESEARCH_ONLY,
    "The license demands attribution and the house cannot give it.",
    "Build the attribution path.",
    Owner.PRODUCT,
)
PRIVACY = Gate(
    "privacy_assessment",
    GateKind.CONDITION,
    None,
    "Listens are events of persons.",
    "Pseudonymize and replay deletions.",
    Owner.LEGAL,
)
NOT_ELIGIBLE = Gate(
    "not_eligible",
    GateKind.BLOCKING,
    Tier.BLOCKED,
    "The terms admit academic institutions only.",
    "Other terms from the publisher.",
    Owner.PUBLISHER,
)

POLICY = Policy(
    families=(),
    gates={},
    house=House(name="Example House", assignee=Assignee.ANYONE, capabilities={}),
    effort=(),
    phases=(
        Phase(id="0", name="identity", needs=(Application.METADATA_GRAPH,), done_when="ids resolve"),
        Phase(id="1", name="baselines", needs=(Application.COOCCURRENCE_BEHAVIORAL,)),
        Phase(id="2", name="embeddings", needs=(Application.CONTENT_EMBEDDING,)),
    ),
    sha256="p" * 64,
)


def source(source_id: str, layer: Layer, application: Application, **fields: object) -> Source:
    return Source(
        id=source_id,
        layer=layer,
        name=fields.pop("name", source_id.title()),
        applications=(ApplicationFit(application=application, fit="recording ids"),),
        **fields,
    )


CATALOG = Catalog(
    (
        Provider(
            provider="graph_house",
            name="Graph House",
            datasets=(
                Dataset(
                    id="graph",
                    name="Graph",
                    sources=(
                        source(
                            "graph_core",
                            Layer.METADATA,
                            Application.METADATA_GRAPH,
                            risks=("names may be wrong",),
                            checks=(RequiredCheck(check="confirm the CC0 scope", owner=Owner.LEGAL),),
                            questions=(
                                OpenQuestion(question="Who signs?", owner=Owner.LEGAL, blocks="the first training run"),
                            ),
                            engineering=EngineeringWork(ingestion=("load the dump",), governance=("replay deletions",)),
                            privacy=Privacy(personal_data=PersonalData.NONE),
                            availability=Hosting(status=Availability.AVAILABLE, url="https://graph.example.org/dumps"),
                            access=Access.OPEN_DOWNLOAD,
                            stated=StatedFacts(size="7 GB", formats=("tar.bz2",)),
                            supplements=("listens",),
                            does_not_provide=("audio",),
                        ),
                        source("graph_tags", Layer.ANNOTATIONS, Application.METADATA_GRAPH),
                    ),
                ),
            ),
        ),
        Provider(
            provider="sound_lab",
            datasets=(
                Dataset(
                    id="sounds",
                    name="Sounds",
                    sources=(
                        source(
                            "sounds_audio",
                            Layer.AUDIO,
                            Application.CONTENT_EMBEDDING,
                            derivation=(
                                Derivation(upstream="graph_core", flow=DerivationFlow.JOINS, note="joined by id"),
                            ),
                        ),
                        source("lab_only", Layer.FEATURES, Application.CONTENT_EMBEDDING),
                    ),
                ),
            ),
        ),
    ),
    sha256="c" * 64,
)

PERMITTED = Right(RightValue.PERMITTED, Basis.LICENSE)
CC0 = Rights(*([PERMITTED] * 7))
CC_BY = Rights(*([Right(RightValue.CONDITIONAL, Basis.LICENSE, conditions=(Condition.ATTRIBUTION,))] * 7))
EFFORT = Effort(
    (
        EffortContribution("dump", EffortPart.INGESTION, 1, 2, 4, "7 GB in 3 files"),
        EffortContribution("ids", EffortPart.NORMALIZATION, 0.5, 1, 2, "MBID is native"),
    )
)


def decision(source_id: str, **changed: object) -> Decision:
    fields: dict[str, object] = {
        "source_id": source_id,
        "dataset_id": "graph",
        "layer": "metadata",
        "license_declared": "CC0-1.0",
        "license_concluded": "CC0-1.0",
        "determination": Determination.PRODUCTION_COMMERCIAL,
        "tier": Tier.PRODUCTION_APPROVED,
        "tier_if_verified": Tier.PRODUCTION_APPROVED,
        "gates": (),
        "rights": CC0,
        "duties": (),
        "evidence": (
            EvidenceItem(
                url="https://graph.example.org/license",
                at=SEEN,
                sha256=SHA,
                quote="The core data is in the public domain (CC0).",
                grade=EvidenceGrade.B,
                authority=SpeaksFor.PUBLISHER,
                license="CC0-1.0",
                rule="license_name/cc0",
                watch_id=f"{source_id}/license/00000000",
            ),
        ),
        "evidence_grade": EvidenceGrade.B,
        "authority": SpeaksFor.PUBLISHER,
        "effort": EFFORT,
        "phase": "0",
        "verified_at": LOOKED,
        "first_seen": SEEN,
        "valid_until": datetime(2027, 5, 22, tzinfo=UTC),
        "reasons": ("CC0 permits everything, for any purpose.",),
    }
    return Decision(**{**fields, **changed})


def decisions() -> list[Decision]:
    return [
        decision("graph_core", gates=(PRIVACY,), adoption_rank=1),
        decision(
            "graph_tags",
            license_concluded="CC-BY-4.0",
            rights=CC_BY,
            duties=(Duty.ATTRIBUTION,),
            tier=Tier.RESEARCH_ONLY,
            tier_if_verified=Tier.RESEARCH_ONLY,
            gates=(NEEDS_ATTRIBUTION,),
            adoption_rank=2,
        ),
        decision(
            "sounds_audio",
            dataset_id="sounds",
            layer="audio",
            license_declared="CC-BY-4.0",
            license_concluded="CC-BY-4.0",
            rights=CC_BY,
            duties=(Duty.ATTRIBUTION,),
            tier=Tier.RESEARCH_ONLY,
            tier_if_verified=Tier.RESEARCH_ONLY,
            gates=(NOT_LOOKED_AT, NEEDS_ATTRIBUTION),
            evidence=(
                EvidenceItem(
                    url="https://sounds.example.org",
                    at=date(2026, 3, 29),
                    sha256=None,
                    quote="CC BY 4.0",
                    grade=EvidenceGrade.D,
                    authority=SpeaksFor.PUBLISHER,
                ),
            ),
            evidence_grade=EvidenceGrade.D,
            verified_at=None,
            first_seen=None,
            phase="2",
            adoption_rank=3,
        ),
        decision(
            "lab_only",
            dataset_id="sounds",
            layer="features",
            license_concluded="LicenseRef-lab",
            determination=Determination.RESEARCH_ONLY,
            rights=Rights(train_model=Right(RightValue.PERMITTED, Basis.STATED, Purpose.SCIENTIFIC_RESEARCH)),
            tier=Tier.BLOCKED,
            tier_if_verified=Tier.BLOCKED,
            gates=(NOT_ELIGIBLE,),
            contradictions=(
                Contradiction(
                    Action.COMMERCIAL_USE, "free for everyone", "academic use only", "The README and the form differ."
                ),
            ),
            phase="2",
            adoption_rank=4,
        ),
    ]


def change(**changed: object) -> ChangeRecord:
    fields: dict[str, object] = {
        "change_id": "change-1",
        "run_id": "run-1",
        "source_id": "graph_core",
        "page_id": "0" * 16,
        "watch_id": "graph_core/license/00000000",
        "url": "https://graph.example.org/license",
        "at": SEEN,
        "change": Change(
            ChangeClass.MATERIAL,
            Direction.TIGHTENED,
            relicensed=True,
            licenses_before=("CC0-1.0",),
            licenses_after=("CC-BY-NC-4.0",),
            rights_changed=(
                RightChange(
                    Action.COMMERCIAL_USE,
                    "permitted",
                    "prohibited",
                    Direction.TIGHTENED,
                    "for any purpose",
                    "for non-commercial purposes",
                ),
            ),
            quote_before="You may use it for any purpose.",
            quote_after="You may use it for non-commercial purposes.",
        ),
        "confirmed": True,
        "alert": True,
        "determination_before": Determination.PRODUCTION_COMMERCIAL,
        "determination_after": Determination.RESEARCH_ONLY,
        "version_before": "v1",
        "version_after": "v2",
    }
    return ChangeRecord(**{**fields, **changed})


def fact(**changed: object) -> DatasetFact:
    fields: dict[str, object] = {
        "source_id": "graph_core",
        "name": "size_bytes",
        "value": "7.1 GB",
        "number": 7.1e9,
        "unit": "bytes",
        "url": "https://graph.example.org/dumps",
        "seen_at": LOOKED,
        "measured": True,
    }
    return DatasetFact(**{**fields, **changed})


def render(
    decided: Sequence[Decision] | None = None,
    *,
    catalog: Catalog = CATALOG,
    facts: Sequence[DatasetFact] = (),
    changes: Sequence[ChangeRecord] = (),
    problems: dict[str, str] | None = None,
    looked_at: int = 3,
    total: int = 3,
    stated: Mapping[str, MachineWords] = NOTHING_ABOUT_ANY,
    at: datetime | None = None,
) -> str:
    return "".join(
        assessment_parts(
            catalog=catalog,
            decisions=decisions() if decided is None else decided,
            policy=POLICY,
            facts=facts,
            changes=changes,
            problems_of_looking=problems or {},
            pages_looked_at=looked_at,
            pages_total=total,
            stated=stated,
            at=at,
        )
    )


def sections(document: str) -> dict[str, str]:
    """Heading of level 2 or 3 to the text below it, up to the next such heading."""
    found: dict[str, str] = {}
    heading = ""
    for line in document.splitlines():
        if line.startswith(("# ", "## ", "### ")):
            heading = line
            assert heading not in found, f"two sections are called {heading}"
            found[heading] = ""
        else:
            found[heading] += line + "\n"
    return found

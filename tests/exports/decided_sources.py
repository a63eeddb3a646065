"""Sources decided under the shipped families, and a warehouse and catalog that hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog import load_policy
from domain.deciding import Decision, Effort, EvidenceItem, Gate
from domain.history import RunStart
from domain.vocabulary import EvidenceGrade, GateKind, Owner, SpeaksFor, Tier
from scoring.determination import determine, tier_of
from scoring.expressions import license_terms
from warehouse.store import Warehouse

POLICY = load_policy(Path(__file__).parents[2] / "policy")
SEEN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
PAGE = "https://tunes.example/license"

CATALOG = """provider: tunes_house
name: "Tunes House <b>*"
homepage: https://tunes.example
datasets:
  - id: tunes
    name: Tunes
    homepage: https://tunes.example/set
    sources:
"""


def decided(source_id: str, license_id: str, **others: object) -> Decision:
    """A source whose page was looked at; its tier is the license's, as if every capability were there."""
    terms = license_terms(license_id, POLICY)
    determination = determine(terms.rights)
    quote = f"licensed under {license_id}"
    fields: dict[str, object] = {
        "source_id": source_id,
        "dataset_id": "tunes",
        "layer": "metadata",
        "license_declared": license_id,
        "license_concluded": license_id,
        "determination": determination,
        "tier": tier_of(determination),
        "tier_if_verified": tier_of(determination),
        "gates": (),
        "rights": terms.rights,
        "duties": terms.duties,
        "evidence": (EvidenceItem(PAGE, SEEN, "a" * 64, quote, EvidenceGrade.B, SpeaksFor.PUBLISHER, license_id),),
        "evidence_grade": EvidenceGrade.B,
        "authority": SpeaksFor.PUBLISHER,
        "effort": Effort(),
        "phase": "1",
        "verified_at": SEEN,
        "first_seen": SEEN,
        "valid_until": datetime.now(UTC) + timedelta(days=90),
        **others,
    }
    return Decision(**fields)  # type: ignore[arg-type]


_START = RunStart(
    run_id="run-1",
    started_at=SEEN,
    kind="run",
    parameters={},
    catalog_sha256="c" * 64,
    policy_sha256="p" * 64,
    reader="1",
)
BLOCKED = Gate("determination", GateKind.BLOCKING, Tier.BLOCKED, "=HYPERLINK(\x1b[31m)", "ask them", Owner.LEGAL)


def some() -> list[Decision]:
    """One of each kind that matters for a file."""
    return [
        decided("free", "CC0-1.0"),
        decided("credited", "CC-BY-4.0"),
        decided("shared", "CC-BY-SA-4.0"),
        decided("unpaid", "CC-BY-NC-4.0"),
        decided("own_words", "LicenseRef-Tunes-Terms", gates=(BLOCKED,)),
        decided("unsaid", "NOASSERTION"),
        decided("nothing", "NONE", license_declared="NOASSERTION"),
    ]


def stored(folder: Path, decisions: list[Decision]) -> tuple[Path, Path]:
    """A warehouse and a catalog folder that hold these sources."""
    warehouse = folder / "clearance.duckdb"
    with Warehouse.open(warehouse) as store:
        store.start_run(_START)
        store.save_decisions("run-1", SEEN, decisions, {})
        store.publish_read_copy()
    catalog = folder / "catalog"
    catalog.mkdir()
    if not decisions:
        return warehouse, catalog
    lines = [f"      - {{id: {item.source_id}, layer: metadata, name: 'Tunes {item.source_id}'}}" for item in decisions]
    (catalog / "tunes.yaml").write_text(CATALOG + "\n".join(lines) + "\n", encoding="utf-8")
    return warehouse, catalog

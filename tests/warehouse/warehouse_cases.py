"""Short ways to build what is stored, and a small story of three runs about one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from domain.deciding import Decision, Effort, EffortContribution, EvidenceItem, Gate
from domain.history import Alert, AlertKind, ChangeRecord, RunStart, RunSummary, Version, WatchState, WatchStep
from domain.identity import page_id
from domain.probing import DatasetFact, Look, Snapshot
from domain.reading import (
    Change,
    Contradiction,
    Finding,
    FindingKind,
    LayerReading,
    PerItem,
    Reading,
    RightChange,
    Scope,
    Subject,
)
from domain.rights import Right, Rights
from domain.vocabulary import (
    Action,
    Assignee,
    Basis,
    ChangeClass,
    Condition,
    Determination,
    Direction,
    Duty,
    EffortPart,
    EvidenceGrade,
    GateKind,
    Layer,
    Origin,
    Outcome,
    Owner,
    Purpose,
    RightValue,
    SpeaksFor,
    Tier,
)
from warehouse.contracts import Cause
from warehouse.store import Warehouse

FIRST = datetime(2026, 3, 1, 6, tzinfo=UTC)
SECOND = FIRST + timedelta(days=30)
THIRD = SECOND + timedelta(days=1)
FAR = datetime(2999, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)

PAGE = "https://tunes.example/license?lang=en#terms"
MIRROR = "https://mirror.example/card"
WATCH = "tunes/license/0a1b2c3d"
FREE_TEXT = "🎵 The core data is dedicated to the public under CC0-1.0.\nNo rights reserved."
NC_TEXT = "🎵 The core data is licensed under CC BY-NC 4.0.\nAsk us for commercial use."

PERMITTED = Right(RightValue.PERMITTED, Basis.LICENSE)
FREE = Rights(PERMITTED, PERMITTED, PERMITTED, PERMITTED, PERMITTED, PERMITTED, PERMITTED)
NON_COMMERCIAL = replace(
    FREE,
    commercial_use=Right(RightValue.PROHIBITED, Basis.STATED),
    train_model=Right(
        RightValue.CONDITIONAL,
        Basis.INFERRED,
        Purpose.NON_COMMERCIAL,
        Assignee.ACADEMIC_INSTITUTION,
        (Condition.ATTRIBUTION, Condition.FEE),
    ),
)


def snapshot(
    body: bytes, at: datetime = FIRST, *, url: str = PAGE, origin: Origin = Origin.DIRECT, **others: Any
) -> Snapshot:
    plain = Snapshot(
        url=url,
        final_url=url,
        seen_at=at,
        status=200,
        media_type="text/html",
        charset="utf-8",
        headers={"ETag": f'"{len(body)}"', "Last-Modified": "Sun, 01 Mar 2026 06:00:00 GMT"},
        body=body,
        sha256=sha256(body).hexdigest(),
        origin=origin,
        method="GET",
        redirects=("https://tunes.example/old",),
    )
    return replace(plain, **others)


def look(body: bytes, at: datetime = FIRST, *, url: str = PAGE, **others: Any) -> Look:
    plain = Look(
        url=url, at=at, outcome=Outcome.SNAPSHOT, status=200, snapshot=snapshot(body, at, url=url), seconds=0.25
    )
    return replace(plain, **others)


def missed_look(outcome: Outcome, reason: str | None, at: datetime = FIRST, *, url: str = PAGE) -> Look:
    return Look(url=url, at=at, outcome=outcome, reason=reason, attempts=3, retry_after=at + DAY)


def reading(text: str, license_id: str, rights: Rights, **others: Any) -> Reading:
    """A reading with one finding, the first sentence of the text."""
    quote = text.partition("\n")[0]
    finding = Finding(FindingKind.LICENSE_NAME, "name/spdx", quote, 0, len(quote), license=license_id, rights=rights)
    plain = Reading(
        reader="reader-1",
        text=text,
        located=((0, len(text)),),
        findings=(finding,),
        licenses=(license_id,),
        expression=license_id,
        rights=rights,
    )
    return replace(plain, **others)


def full_reading() -> Reading:
    """A reading in which no field has its default."""
    tag = Finding(
        FindingKind.MACHINE_READABLE,
        "rel/license",
        '<a rel="license">',
        0,
        0,
        Scope(Subject.CODE, (Layer.AUDIO, Layer.CODE), "the tools"),
        "MIT",
        FREE,
        (Duty.NOTICE,),
        "of the code",
    )
    plain = reading(NC_TEXT, "CC-BY-NC-4.0", NON_COMMERCIAL)
    return replace(
        plain,
        findings=(*plain.findings, tag),
        duties=(Duty.ATTRIBUTION, Duty.PAY),
        notes=("stated_intent",),
        contradictions=(Contradiction(Action.TRAIN_MODEL, "may", "must not", "two sentences"),),
        layers={Layer.AUDIO: LayerReading(("MIT",), FREE, (Duty.NOTICE,), PerItem.UNKNOWN)},
        per_item=PerItem.ALL_AT_LEAST_RESEARCH,
        reasons=("non-commercial clause",),
        language="de",
        stated_dates=("2026-02-01",),
        suspect="shrunken",
    )


def version(name: str, of: Reading, body: bytes, at: datetime = FIRST, **others: Any) -> Version:
    plain = Version(
        version_id=name,
        watch_id=WATCH,
        source_id="tunes",
        url=PAGE,
        sha256=sha256(body).hexdigest(),
        seen_at=at,
        origin=Origin.DIRECT,
        reading=of,
    )
    return replace(plain, **others)


FREE_BODY = FREE_TEXT.encode()
NC_BODY = NC_TEXT.encode()
FREE_VERSION = version("v-free", reading(FREE_TEXT, "CC0-1.0", FREE), FREE_BODY)
NC_VERSION = version("v-nc", reading(NC_TEXT, "CC-BY-NC-4.0", NON_COMMERCIAL), NC_BODY, SECOND)


def state(accepted: Version | None, **others: Any) -> WatchState:
    return replace(WatchState(watch_id=WATCH, source_id="tunes", url=PAGE, accepted=accepted), **others)


RELICENSED = Change(
    kind=ChangeClass.MATERIAL,
    direction=Direction.TIGHTENED,
    relicensed=True,
    licenses_before=("CC0-1.0",),
    licenses_after=("CC-BY-NC-4.0",),
    rights_changed=(
        RightChange(
            Action.COMMERCIAL_USE, "permitted", "prohibited", Direction.TIGHTENED, "No rights reserved.", "Ask us"
        ),
    ),
    duties_before=(),
    duties_after=(Duty.ATTRIBUTION,),
    quote_before="No rights reserved.",
    quote_after="Ask us for commercial use.",
    reason="another license",
)


def change(run_id: str, at: datetime = SECOND, **others: Any) -> ChangeRecord:
    plain = ChangeRecord(
        change_id="change-1",
        run_id=run_id,
        source_id="tunes",
        page_id=page_id(PAGE),
        watch_id=WATCH,
        url=PAGE,
        at=at,
        change=RELICENSED,
        confirmed=False,
        alert=False,
        determination_before=Determination.PRODUCTION_COMMERCIAL,
        determination_after=Determination.RESEARCH_ONLY,
        version_before="v-free",
        version_after="v-nc",
    )
    return replace(plain, **others)


def alert(name: str, run_id: str = "run-3", **others: Any) -> Alert:
    plain = Alert(
        alert_id=name,
        dedupe_key=f"key of {name}",
        run_id=run_id,
        kind=AlertKind.LICENSE_CHANGED,
        source_id="tunes",
        title="tunes: CC0-1.0 became CC-BY-NC-4.0",
        body="Ask us for commercial use.",
        url=PAGE,
        at=THIRD,
        payload={"rights": ["commercial_use"], "count": 1, "none": None},
    )
    return replace(plain, **others)


UNCONFIRMED = Gate(
    "change_unconfirmed",
    GateKind.BLOCKING,
    Tier.RESEARCH_ONLY,
    "a change waits for a second look",
    "look again",
    Owner.OPERATIONS,
)


def decision(source_id: str = "tunes", **others: Any) -> Decision:
    """Approved for production on a direct look at the page, good until far in the future."""
    plain = Decision(
        source_id=source_id,
        dataset_id="tunes",
        layer="metadata",
        license_declared="CC0-1.0",
        license_concluded="CC0-1.0",
        determination=Determination.PRODUCTION_COMMERCIAL,
        tier=Tier.PRODUCTION_APPROVED,
        tier_if_verified=Tier.PRODUCTION_APPROVED,
        gates=(),
        rights=FREE,
        duties=(),
        evidence=(
            EvidenceItem(
                PAGE,
                FIRST,
                sha256(FREE_BODY).hexdigest(),
                FREE_TEXT.partition("\n")[0],
                EvidenceGrade.B,
                SpeaksFor.PUBLISHER,
                "CC0-1.0",
                "name/spdx",
                WATCH,
            ),
        ),
        evidence_grade=EvidenceGrade.B,
        authority=SpeaksFor.PUBLISHER,
        effort=Effort((EffortContribution("format", EffortPart.INGESTION, 0.5, 1.0, 2.5, "JSON"),)),
        phase="phase 1",
        adoption_rank=1,
        notes=("support_requested",),
        verified_at=FIRST,
        first_seen=FIRST,
        valid_until=FAR,
        reasons=("CC0-1.0 by policy",),
        looks={WATCH: FIRST},
    )
    return replace(plain, **others)


RESTRICTED = decision(
    license_concluded="CC-BY-NC-4.0",
    determination=Determination.RESEARCH_ONLY,
    tier=Tier.RESEARCH_ONLY,
    tier_if_verified=Tier.RESEARCH_ONLY,
    gates=(UNCONFIRMED,),
    rights=NON_COMMERCIAL,
    duties=(Duty.ATTRIBUTION,),
    verified_at=SECOND,
    looks={WATCH: SECOND},
)
DISPUTED = decision(
    "mirror",
    determination=Determination.PROHIBITED_UNCLEAR,
    tier=Tier.BLOCKED,
    tier_if_verified=Tier.BLOCKED,
    gates=(Gate("not_looked_at", GateKind.BLOCKING, Tier.BLOCKED, "no look", "look", Owner.OPERATIONS),),
    evidence=(
        EvidenceItem(MIRROR, date(2025, 1, 2), None, "it's free", EvidenceGrade.D, SpeaksFor.AGGREGATOR, "NONE"),
    ),
    evidence_grade=EvidenceGrade.D,
    authority=SpeaksFor.AGGREGATOR,
    contradictions=(Contradiction(Action.TRAIN_MODEL, "may train", "may not train", "card against page"),),
    verified_at=None,
    first_seen=None,
    valid_until=None,
    looks={},
)

SIZE = DatasetFact("tunes", "size_bytes", "1.5 GB", 1_500_000_000.0, "bytes", MIRROR, FIRST, True)
FORMATS = DatasetFact("tunes", "formats", "json, tsv", None, None, MIRROR, FIRST, False)


def run_start(run_id: str, at: datetime = FIRST) -> RunStart:
    return RunStart(
        run_id=run_id,
        started_at=at,
        kind="run",
        parameters={"only": ["tunes"], "force": False},
        catalog_sha256="c" * 64,
        policy_sha256="d" * 64,
        reader="reader-1",
    )


def run_end(run_id: str, at: datetime, assessment: str, **others: Any) -> RunSummary:
    plain = RunSummary(
        run_id=run_id,
        finished_at=at,
        pages=2,
        outcomes={"snapshot": 1, "unreachable": 1},
        changes={"material": 1},
        alerts=0,
        assessment=assessment,
        why="because",
        seconds={"fetch": 0.5, "total": 1.25},
        problems=("a problem",),
    )
    return replace(plain, **others)


DETERMINATIONS: Mapping[str, Determination] = {
    "v-free": Determination.PRODUCTION_COMMERCIAL,
    "v-nc": Determination.RESEARCH_ONLY,
}


def tell_story(path: Path) -> None:
    """Three runs: a free license, a tightened one, the same confirmed and told; a fourth was killed."""
    with Warehouse.open(path) as store:
        store.start_run(run_start("run-1", FIRST))
        store.save_looks("run-1", [look(FREE_BODY), missed_look(Outcome.UNREACHABLE, "no answer", url=MIRROR)])
        first = change("run-1", FIRST, change_id="change-0", change=Change(ChangeClass.FIRST), version_before=None)
        first = replace(first, version_after="v-free", determination_before=None)
        store.save_steps(
            "run-1",
            [WatchStep(state=state(FREE_VERSION), new_versions=(FREE_VERSION,), changes=(first,))],
            DETERMINATIONS,
        )
        store.save_decisions("run-1", FIRST, [decision(), DISPUTED], {})
        store.save_facts("run-1", [SIZE, FORMATS])
        store.save_assessment("run-1", FIRST, "regenerated", "first run", b"# Free\n")
        store.finish_run(run_end("run-1", FIRST, "regenerated"))

        store.start_run(run_start("run-2", SECOND))
        store.save_looks("run-2", [look(NC_BODY, SECOND)])
        pending = state(FREE_VERSION, pending=NC_VERSION, pending_since=SECOND)
        store.save_steps(
            "run-2",
            [WatchStep(state=pending, new_versions=(NC_VERSION,), changes=(change("run-2"),))],
            DETERMINATIONS,
        )
        store.save_decisions("run-2", SECOND, [RESTRICTED, DISPUTED], {"tunes": Cause.PUBLISHER})
        store.save_assessment("run-2", SECOND, "kept", "a contract was broken", None)
        store.record_problem("run-2", "contract", "a contract was broken")
        store.finish_run(run_end("run-2", SECOND, "kept"))

        store.start_run(run_start("run-3", THIRD))
        store.save_looks("run-3", [missed_look(Outcome.NOT_MODIFIED, None, THIRD)])
        confirmed = change("run-3", SECOND, confirmed=True, alert=True)
        step = WatchStep(state=state(NC_VERSION), changes=(confirmed,), alerts=(alert("told"), alert("untold")))
        store.save_steps("run-3", [step], DETERMINATIONS)
        store.save_decisions("run-3", THIRD, [replace(RESTRICTED, gates=()), DISPUTED], {"tunes": Cause.PUBLISHER})
        store.record_delivery(["told", "untold"], "webhook", THIRD, False, "HTTP 500")
        store.record_delivery(["told"], "webhook", THIRD + DAY, True)
        store.save_assessment("run-3", THIRD, "regenerated", "tunes changed", b"# Restricted\n")
        store.finish_run(run_end("run-3", THIRD, "regenerated", alerts=2))

        store.start_run(run_start("run-4", THIRD + DAY))
        store.publish_read_copy()

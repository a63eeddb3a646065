"""From everything stored to a decision a source, with the cause of every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from domain.catalog import Catalog, Dataset, Provider, Source
from domain.deciding import Decision, WatchEvidence
from domain.history import Alert, AlertKind, ChangeRecord, RunStart, WatchState
from domain.identity import watch_id
from domain.vocabulary import ChangeClass, Determination, Tier
from flows.run_settings import Inputs, Run
from scoring.adoption import rank
from scoring.tiers import decide
from warehouse.contracts import Cause
from warehouse.decisions import TierChange
from warehouse.store import Warehouse

Entry = tuple[Provider, Dataset, Source]


@dataclass(frozen=True, slots=True)
class Decided:
    """All decisions, in order of adoption, what moved, and the alerts that moving raised."""

    decisions: tuple[Decision, ...]
    tier_changes: tuple[TierChange, ...] = ()
    alerts: tuple[Alert, ...] = ()


def decide_sources(
    warehouse: Warehouse,
    run: Run,
    inputs: Inputs,
    *,
    touched: frozenset[str],
    reread: frozenset[str],
    states: Mapping[str, WatchState] | None = None,
) -> Decided:
    """Decide every source of the catalog as of `run.now`, store what differs, block what left the catalog."""
    made = decide_all(warehouse, run, inputs, states)
    last = warehouse.last_run()
    if last is not None:
        # What a killed run read before it could decide moved the sources, too.
        touched |= warehouse.moved_sources(last.run_id)
        touched |= {
            record.source_id
            for record in warehouse.recent_changes(last.run_id)
            if record.change.kind is not ChangeClass.RE_EXTRACTION
        }
    causes = _causes(inputs, last, made, touched, reread)

    def told(moved: Sequence[TierChange]) -> tuple[Alert, ...]:
        return tuple(_aged_out(run, old, new) for old, new in moved if old is not None and _by_age(causes, old, new))

    known = {source.id for _, _, source in inputs.catalog.sources}
    moved = warehouse.save_decisions(run.run_id, run.now, made, causes, keep=known, alerts=told)
    return Decided(made, tuple(change for change in moved if change[0] is not None), told(moved))


def decide_all(
    warehouse: Warehouse, run: Run, inputs: Inputs, states: Mapping[str, WatchState] | None = None
) -> tuple[Decision, ...]:
    """The decisions as they would be made now, in order of adoption; nothing is stored. `states` are the
    watches' (None: as stored)."""
    if states is None:
        states = warehouse.watch_states()
    widened = widened_watches(warehouse.recent_changes())
    facts = warehouse.facts()
    decisions: dict[str, Decision] = {}
    for provider, dataset, source in upstream_first(inputs.catalog):
        decisions[source.id] = decide(
            source=source,
            dataset=dataset,
            provider=provider,
            evidence=evidence_of(source, states, widened),
            policy=inputs.policy,
            reviews=inputs.reviews,
            facts=[fact for fact in facts if fact.source_id == source.id],
            now=run.now,
            upstream=decisions,
        )
    return rank(tuple(decisions.values()), inputs.catalog, inputs.policy)


def evidence_of(
    source: Source, states: Mapping[str, WatchState], widened: frozenset[str] = frozenset()
) -> tuple[WatchEvidence, ...]:
    """What the watches of a source know."""
    found = []
    for watch in source.watches:
        name = watch_id(source.id, watch)
        state = states.get(name)
        if state is None:
            found.append(WatchEvidence(watch_id=name, watch=watch))
            continue
        accepted, pending = state.accepted, state.pending
        found.append(
            WatchEvidence(
                watch_id=name,
                watch=watch,
                reading=accepted.reading if accepted else None,
                pending=pending.reading if pending else None,
                first_seen=accepted.seen_at if accepted else None,
                last_look_at=state.last_look_at,
                sha256=accepted.sha256 if accepted else None,
                origin=accepted.origin if accepted else None,
                last_outcome=state.last_outcome,
                failing=state.failing_reason if state.failing_alerted else None,
                unstable=state.unstable,
                widened_unreviewed=name in widened,
            )
        )
    return tuple(found)


def widened_watches(changes: Sequence[ChangeRecord]) -> frozenset[str]:
    """The watches whose newest confirmed change made their page say production where it did not before."""
    newest: dict[str, ChangeRecord] = {}
    for record in changes:
        if record.confirmed and record.change.kind is ChangeClass.MATERIAL:
            newest[record.watch_id] = record
    production = Determination.PRODUCTION_COMMERCIAL
    return frozenset(
        name
        for name, record in newest.items()
        if record.determination_after is production and record.determination_before not in (production, None)
    )


def upstream_first(catalog: Catalog) -> tuple[Entry, ...]:
    """The sources so that each comes after those it was derived from; a ring is broken where it closes."""
    entries = {entry[2].id: entry for entry in catalog.sources}
    placed: dict[str, Entry] = {}

    def place(entry: Entry, above: frozenset[str]) -> None:
        source = entry[2]
        if source.id in placed:
            return
        for derivation in source.derivation:
            upstream = entries.get(derivation.upstream)
            if upstream is not None and derivation.upstream not in above:
                place(upstream, above | {source.id})
        placed.setdefault(source.id, entry)

    for entry in entries.values():
        place(entry, frozenset({entry[2].id}))
    return tuple(placed.values())


def _causes(
    inputs: Inputs,
    last: RunStart | None,
    made: Sequence[Decision],
    touched: frozenset[str],
    reread: frozenset[str],
) -> dict[str, str]:
    """Why a decision would differ from the one before: what the publisher did goes before what we did."""

    def cause(source_id: str) -> Cause:
        if source_id in touched:
            return Cause.PUBLISHER
        if last is not None and last.parameters.get("reviews") != reviews_digest(inputs):
            return Cause.REVIEW
        if last is not None and last.policy_sha256 != inputs.policy.sha256:
            return Cause.POLICY
        if last is not None and last.catalog_sha256 != inputs.catalog.sha256:
            return Cause.CATALOG
        if source_id in reread or (last is not None and last.reader != inputs.reader.name):
            return Cause.READER
        return Cause.AGE

    return {decision.source_id: cause(decision.source_id).value for decision in made}


def reviews_digest(inputs: Inputs) -> str:
    """16 hex digits that stand for the reviews a run knew."""
    return sha256(repr(inputs.reviews).encode()).hexdigest()[:16]


def _by_age(causes: Mapping[str, str], old: Decision, new: Decision) -> bool:
    lost = old.tier is Tier.PRODUCTION_APPROVED and new.tier is not old.tier
    return lost and causes.get(new.source_id) == Cause.AGE.value


def _aged_out(run: Run, old: Decision, new: Decision) -> Alert:
    key = f"{AlertKind.TIER_CHANGED.value}:{new.source_id}:{run.now.isoformat()}"
    first = next((gate for gate in new.gates if gate.caps_at is new.tier), None)
    return Alert(
        alert_id=sha256(key.encode()).hexdigest()[:16],
        dedupe_key=key,
        run_id=run.run_id,
        kind=AlertKind.TIER_CHANGED,
        source_id=new.source_id,
        title=f"{new.source_id} is no longer {old.tier.value} but {new.tier.value}",
        body="the evidence grew too old" if first is None else f"{first.reason}; {first.closes}",
        url=None,
        at=run.now,
        payload={"tier_before": old.tier.value, "tier_after": new.tier.value},
    )

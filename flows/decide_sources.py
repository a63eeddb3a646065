"""From everything stored to a decision a source, with the cause of every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from domain.catalog import Catalog, Dataset, Provider, Source
from domain.claims import NOTHING_STATED
from domain.deciding import Decision, WatchEvidence
from domain.history import Alert, AlertKind, RunStart, WatchState
from domain.identity import watch_id
from domain.probing import DatasetFact
from domain.vocabulary import ChangeClass, Tier
from flows.background import Background, background_of
from flows.machine_words import machine_words
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
    present = run.settings.at is None and not run.settings.replay
    moved = warehouse.save_decisions(run.run_id, run.now, made, causes, keep=known, alerts=told, present=present)
    return Decided(made, tuple(change for change in moved if change[0] is not None), told(moved))


def decide_all(
    warehouse: Warehouse, run: Run, inputs: Inputs, states: Mapping[str, WatchState] | None = None
) -> tuple[Decision, ...]:
    """The decisions as they would be made now, in order of adoption; nothing is stored. `states` are the
    watches' (None: as stored)."""
    if states is None:
        states = warehouse.watch_states()
    background = background_of(warehouse, inputs, states)
    facts: dict[str, list[DatasetFact]] = {}
    for fact in warehouse.facts():
        facts.setdefault(fact.source_id, []).append(fact)
    stated = machine_words(warehouse.statements(), inputs.reader)
    decisions: dict[str, Decision] = {}
    for provider, dataset, source in upstream_first(inputs.catalog):
        decisions[source.id] = decide(
            source=source,
            dataset=dataset,
            provider=provider,
            evidence=evidence_of(source, states, background),
            policy=inputs.policy,
            reviews=inputs.reviews,
            facts=facts.get(source.id, ()),
            now=run.now,
            upstream=decisions,
            entitlements=inputs.entitlements,
            actuals=inputs.actuals,
            stated=stated.get(source.id, NOTHING_STATED),
        )
    return rank(tuple(decisions.values()), inputs.catalog, inputs.policy)


def evidence_of(
    source: Source, states: Mapping[str, WatchState], background: Background | None = None
) -> tuple[WatchEvidence, ...]:
    """What the watches of a source know."""
    known = Background() if background is None else background
    found = []
    for watch in source.watches:
        name = watch_id(source.id, watch)
        state = states.get(name)
        if state is None:
            found.append(WatchEvidence(watch_id=name, watch=watch))
            continue
        accepted, pending = state.accepted, state.pending
        widening = known.widenings.get(name)
        found.append(
            WatchEvidence(
                watch_id=name,
                watch=known.spoken_for(name, watch),
                reading=accepted.reading if accepted else None,
                pending=pending.reading if pending else None,
                variants=tuple(version.reading for version in state.counted_variants),
                first_seen=accepted.seen_at if accepted else None,
                last_look_at=state.last_look_at,
                sha256=accepted.sha256 if accepted else None,
                origin=accepted.origin if accepted else None,
                last_outcome=state.last_outcome,
                failing=state.failing_reason if state.failing_alerted else None,
                unstable=state.unstable,
                widened_unreviewed=widening is not None,
                widened_at=None if widening is None else widening.at,
                text_before="" if widening is None else widening.text_before,
                archived=name in known.archived,
            )
        )
    return tuple(found)


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
    """Why a decision would differ from the one before: what the publisher did goes before what we did.
    What moved a source may have moved the one it was derived from."""
    lines = _lines(inputs.catalog)
    actuals = actuals_digest(inputs)
    reviewed = _other_keys(None if last is None else last.parameters.get("reviews"), reviews_digest(inputs))

    def cause(source_id: str) -> Cause:
        line = lines.get(source_id, frozenset({source_id}))
        if line & touched:
            return Cause.PUBLISHER
        if last is not None and line & reviewed:
            return Cause.REVIEW
        if last is not None and last.policy_sha256 != inputs.policy.sha256:
            return Cause.POLICY
        if last is not None and last.catalog_sha256 != inputs.catalog.sha256:
            return Cause.CATALOG
        if last is not None and last.parameters.get("actuals") != actuals:
            return Cause.CATALOG
        if line & reread or (last is not None and last.reader != inputs.reader.name):
            return Cause.READER
        return Cause.AGE

    return {decision.source_id: cause(decision.source_id).value for decision in made}


def _lines(catalog: Catalog) -> dict[str, frozenset[str]]:
    """Every source with all that it was derived from, near and far."""
    upstream = {source.id: {link.upstream for link in source.derivation} for _, _, source in catalog.sources}

    def line(source_id: str, seen: frozenset[str]) -> frozenset[str]:
        for above in upstream.get(source_id, set()) - seen:
            seen = line(above, seen | {above})
        return seen

    return {source_id: line(source_id, frozenset({source_id})) for source_id in upstream}


def _other_keys(before: object, after: Mapping[str, str]) -> frozenset[str]:
    """The keys at which two tables of digests differ."""
    known: Mapping[str, object] = before if isinstance(before, Mapping) else {}
    return frozenset(key for key in {*known, *after} if known.get(key) != after.get(key))


def reviews_digest(inputs: Inputs) -> dict[str, str]:
    """Per source 16 hex digits that stand for the reviews and agreements about it."""
    about: dict[str, list[object]] = {}
    for review in inputs.reviews:
        about.setdefault(review.source_id, []).append(review)
    for entitlement in inputs.entitlements:
        about.setdefault(entitlement.source_id, []).append(entitlement)
    return {source_id: sha256(repr(items).encode()).hexdigest()[:16] for source_id, items in sorted(about.items())}


def actuals_digest(inputs: Inputs) -> str:
    """16 hex digits that stand for the records of finished work."""
    return sha256(repr(inputs.actuals).encode()).hexdigest()[:16]


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

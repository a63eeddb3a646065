"""What another reader makes of a watch's versions: a difference that is ours, not the publisher's. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from domain.history import ChangeRecord, Variant, Version, WatchState, WatchStep
from domain.identity import page_id
from domain.reading import Change
from domain.vocabulary import ChangeClass
from flows.page_variants import same_terms
from flows.read_version import determination_of
from terms.compare import compare


def by_another_reader(
    state: WatchState, anew: Callable[[Version], Version], run_id: str, at: datetime
) -> WatchStep | None:
    """The state with every version read anew, and the change of the baseline where it is material.

    `anew` gives back the version itself where there is nothing to read; None where that is so for all.
    """
    accepted = None if state.accepted is None else anew(state.accepted)
    pending = None if state.pending is None else anew(state.pending)
    variants = tuple(Variant(anew(variant.version), variant.until) for variant in state.variants)
    if (accepted, pending, variants) == (state.accepted, state.pending, state.variants):
        return None
    if pending is not None and accepted is not None and same_terms(accepted, pending):
        # To this reader the two say the same: nothing waits any more.
        pending = None
    renewed = replace(
        state,
        accepted=accepted,
        pending=pending,
        pending_since=state.pending_since if pending else None,
        variants=variants,
    )
    changes = []
    if state.accepted is not None and accepted is not None and state.accepted is not accepted:
        change = compare(state.accepted.reading, accepted.reading)
        if change.kind is ChangeClass.MATERIAL:
            changes.append(_re_extraction(state.accepted, accepted, change, run_id, at))
    held = (state.accepted, state.pending, *(variant.version for variant in state.variants))
    found = (accepted, pending, *(variant.version for variant in variants))
    new = tuple(version for version in found if version is not None and version not in held)
    return WatchStep(state=renewed, new_versions=new, changes=tuple(changes))


def _re_extraction(before: Version, after: Version, change: Change, run_id: str, at: datetime) -> ChangeRecord:
    identity = "\x00".join((before.version_id, after.version_id))
    return ChangeRecord(
        change_id=sha256(identity.encode()).hexdigest()[:16],
        run_id=run_id,
        source_id=before.source_id,
        page_id=page_id(before.url),
        watch_id=before.watch_id,
        url=before.url,
        at=at,
        change=replace(change, kind=ChangeClass.RE_EXTRACTION, reason=f"read by another reader: {change.reason}"),
        confirmed=True,
        alert=False,
        determination_before=determination_of(before.reading),
        determination_after=determination_of(after.reading),
        version_before=before.version_id,
        version_after=after.version_id,
    )

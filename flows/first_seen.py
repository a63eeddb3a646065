"""Between which two looks a page came to say what it says, archived looks included.

Pure: from looks and versions as they are stored. A look whose bytes were never kept as a version of a watch
showed what the look before it showed, in other furniture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.history import ChangeRecord, Version, WatchState
from domain.vocabulary import ChangeClass, Origin, Outcome
from flows.follow_watch import Follower, Observation, Patience
from flows.read_version import determination_of
from terms.compare import compare
from warehouse.looks import PastLook

_OTHER_TERMS = frozenset({ChangeClass.MATERIAL})
_OTHER_WORDS = frozenset({ChangeClass.MATERIAL, ChangeClass.EDITORIAL})
_SHOWN = frozenset({Outcome.SNAPSHOT, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a watch's page said at one look."""

    at: datetime
    version: Version


def sightings(looks: Sequence[PastLook], versions: Sequence[Version]) -> tuple[Sighting, ...]:
    """What a watch saw, look by look, oldest first. `versions` are those of that watch, in order of arrival."""
    by_bytes: dict[str, Version] = {}
    for version in versions:
        known = by_bytes.get(version.sha256)
        # Received by ourselves goes before an archive's copy, and of readers the latest.
        if known is None or known.origin is Origin.ARCHIVE or version.origin is not Origin.ARCHIVE:
            by_bytes[version.sha256] = version
    seen: list[Sighting] = []
    for look in sorted(looks, key=lambda look: look.looked_at):
        if look.outcome not in _SHOWN:
            continue
        shown = by_bytes.get(look.sha256 or "") or (seen[-1].version if seen else None)
        if shown is not None:
            seen.append(Sighting(look.looked_at, shown))
    return tuple(seen)


def first_seen(seen: Sequence[Sighting], record: ChangeRecord, version: Version) -> tuple[datetime | None, datetime]:
    """The last sighting of something else before a change's version came, and the first of it.

    The change was noticed at `record.at`; archived sightings may show that it had been there for longer.
    """
    first = record.at
    other = _OTHER_WORDS if record.change.kind is ChangeClass.EDITORIAL else _OTHER_TERMS
    for sighting in reversed([one for one in seen if one.at < record.at]):
        if sighting.version.sha256 != version.sha256 and (
            compare(sighting.version.reading, version.reading).kind in other
        ):
            return sighting.at, first
        first = sighting.at
    return None, first


def archived_changes(seen: Sequence[Sighting], noticed: datetime | None, run_id: str) -> tuple[ChangeRecord, ...]:
    """The changes that only archived sightings show: those before a watch's own first look, that look included.

    They were never told to anybody and count for no decision.
    """
    follower = Follower(
        run_id=run_id,
        determine=determination_of,
        patience=Patience(unstable_window=timedelta(0), confirm_now=True),
    )
    early = [one for one in seen if noticed is None or one.at <= noticed]
    if not any(one.version.origin is Origin.ARCHIVE for one in early):
        return ()
    state = WatchState(
        watch_id=early[0].version.watch_id, source_id=early[0].version.source_id, url=early[0].version.url
    )
    records: list[ChangeRecord] = []
    for one in early:
        step = follower.follow(state, Observation(one.at, Outcome.SNAPSHOT, None, one.version)).step
        state = step.state
        records += [replace(record, alert=False) for record in step.changes]
    return tuple(record for record in records if record.change.kind is not ChangeClass.UNSTABLE)

"""What one look does to one watch: baseline, waiting change, confirmation, flipping, failing, recovery.

Pure, and no part of Prefect. A change that narrows counts at once, because the decision always takes
the narrower of `accepted` and `pending`; alerts and anything wider wait for a second look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import assert_never

from domain.history import Alert, ChangeRecord, Version, WatchState, WatchStep
from domain.identity import page_id
from domain.reading import Change, Reading
from domain.vocabulary import ChangeClass, Determination, Direction, Outcome
from flows.page_variants import (
    flipped,
    has_shown,
    on_pending,
    only_recent,
    remembering,
    same_terms,
    showing,
    taken_back,
)
from flows.which_version import doubt_of, first_hand
from flows.word_alerts import changed_alert, failing_alert, gone_alert, recovered_alert, unstable_alert
from terms.compare import compare

_MATERIAL = ChangeClass.MATERIAL
_NO_CHANGE = Change(ChangeClass.NONE)


@dataclass(frozen=True, slots=True)
class Observation:
    """One look as one watch sees it. `version` is there when the look brought something to read."""

    at: datetime
    outcome: Outcome
    reason: str | None = None
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What is worth storing of one look, and the difference it showed, cosmetic ones included."""

    step: WatchStep
    change: Change = _NO_CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait. With `confirm_now` a change counts as confirmed by the look that shows it."""

    unstable_window: timedelta = timedelta(days=7)
    confirm_after: timedelta = timedelta(0)
    failing_after: int = 3
    confirm_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Takes watches from state to state within one run.

    `in_order`: looks come in the order they were made, so one dated before the last means that a clock was
    ahead, not that somebody brings an old recording.
    """

    run_id: str
    determine: Callable[[Reading], Determination]
    patience: Patience = Patience()
    in_order: bool = False

    def follow(self, state: WatchState, seen: Observation, *, second_look: bool = False) -> Followed:
        """The state after a look. `second_look`: the same run looked before."""
        if self.in_order:
            state = _not_after(state, seen.at)
        if state.last_look_at is not None and seen.at < state.last_look_at:
            # An older recording tells nothing about the present.
            return Followed(WatchStep(state=state))
        match seen.outcome:
            case Outcome.SNAPSHOT | Outcome.NOT_MODIFIED:
                return self._read(state, seen, second_look)
            case Outcome.GONE | Outcome.UNREACHABLE | Outcome.REFUSED | Outcome.SUSPECT:
                return self._failed(state, seen)
            case _:
                assert_never(seen.outcome)

    def _failed(self, state: WatchState, seen: Observation) -> Followed:
        reason = f"{seen.outcome.value}: {seen.reason}" if seen.reason else seen.outcome.value
        failed = replace(state, failures=state.failures + 1, failing_reason=reason, last_outcome=seen.outcome)
        if failed.failures < self.patience.failing_after:
            return Followed(WatchStep(state=failed))
        gone = seen.outcome is Outcome.GONE and (state.last_outcome is Outcome.GONE or self.patience.failing_after == 1)
        if gone and not state.gone:
            failed = replace(failed, gone=True, failing_alerted=True)
            change = Change(_MATERIAL, direction=Direction.WITHDRAWN, reason=f"the page is {reason}")
            record = self._record(failed, change, state.accepted, None, seen.at, confirmed=True, alert=True)
            alerts = (gone_alert(self.run_id, failed, record),)
            return Followed(WatchStep(state=failed, changes=(record,), alerts=alerts), change)
        if state.failing_alerted:
            return Followed(WatchStep(state=failed))
        failed = replace(failed, failing_alerted=True)
        return Followed(WatchStep(state=failed, alerts=(failing_alert(self.run_id, failed, seen.at),)))

    def _read(self, state: WatchState, seen: Observation, second_look: bool) -> Followed:
        version = seen.version
        doubt = None if version is None else doubt_of(state.accepted, version)
        if doubt is not None:
            return self._failed(state, replace(seen, outcome=Outcome.SUSPECT, reason=doubt))
        recovered = (recovered_alert(self.run_id, state, seen.at),) if state.failing_alerted else ()
        well = replace(
            state,
            failures=0,
            failing_reason=None,
            failing_alerted=False,
            gone=False,
            last_outcome=seen.outcome,
        )
        settled = self._settled(well, seen.at)
        recent = only_recent(settled.state, seen.at, self.patience.unstable_window)
        followed = self._compared(recent, seen, second_look)
        step = WatchStep(
            state=followed.step.state,
            new_versions=followed.step.new_versions,
            changes=(*settled.changes, *followed.step.changes),
            alerts=(*recovered, *settled.alerts, *followed.step.alerts),
        )
        return Followed(step, followed.change)

    def _compared(self, state: WatchState, seen: Observation, second_look: bool) -> Followed:
        accepted, pending = state.accepted, state.pending
        # Where nothing was sent, whatever the page showed last it still shows.
        version = seen.version or (pending if on_pending(state) else accepted)
        if version is None:
            return Followed(WatchStep(state=state))
        if accepted is None or accepted.outline.suspect is not None:
            return self._first(replace(state, pending=None, pending_since=None, flips=()), seen, version)
        change = _NO_CHANGE if version is accepted else compare(accepted.reading, version.reading)
        if change.kind is not _MATERIAL:
            return self._supports(state, seen, accepted, change, version, second_look)
        if pending is None or not on_pending(state):
            back = bool(state.flips) or has_shown(state, version)
            return self._shown(state, seen, change, accepted, version, back, second_look)
        if not same_terms(pending, version):
            return self._moved_on(state, seen, change, accepted, pending, version, second_look)
        if state.unstable or state.pending_since is None:
            return Followed(WatchStep(state=state))
        if first_hand(pending, version) is not pending:
            # A copy that somebody kept was no look: the page's own first look begins the wait.
            return self._shown(state, seen, change, accepted, version, False, second_look)
        if seen.at - state.pending_since < self.patience.confirm_after:
            return Followed(WatchStep(state=state))
        return Followed(self._confirmed(state, accepted, pending, state.pending_since, seen.at))

    def _first(self, state: WatchState, seen: Observation, version: Version) -> Followed:
        change = Change(ChangeClass.FIRST, licenses_after=version.reading.licenses, duties_after=version.reading.duties)
        record = self._record(state, change, None, version, seen.at, confirmed=True, alert=False)
        after = replace(state, accepted=version, last_look_at=seen.at)
        return Followed(WatchStep(state=after, new_versions=(version,), changes=(record,)), change)

    def _supports(
        self,
        state: WatchState,
        seen: Observation,
        accepted: Version,
        change: Change,
        version: Version,
        second_look: bool,
    ) -> Followed:
        """The page shows what was accepted, in the same or other words."""
        after = replace(state, last_look_at=seen.at)
        if state.pending is not None and on_pending(state):
            back = replace(compare(state.pending.reading, accepted.reading), reason="takes the change before back")
            record = self._record(state, back, state.pending, accepted, seen.at, confirmed=False, alert=False)
            after, alerts = self._flipped(after, seen.at, second_look)
            return Followed(WatchStep(state=taken_back(after, seen.at), changes=(record,), alerts=alerts), back)
        if change.kind is ChangeClass.EDITORIAL:
            # The evidence moves to the words that stand on the page today.
            record = self._record(state, change, accepted, version, seen.at, confirmed=True, alert=False)
            after = replace(after, accepted=version)
            return Followed(WatchStep(state=after, new_versions=(version,), changes=(record,)), change)
        if first_hand(accepted, version) is not accepted:
            return Followed(WatchStep(state=replace(after, accepted=version), new_versions=(version,)), change)
        return Followed(WatchStep(state=after), change)

    def _shown(
        self,
        state: WatchState,
        seen: Observation,
        change: Change,
        accepted: Version,
        version: Version,
        flipped: bool,
        second_look: bool,
    ) -> Followed:
        """The page shows something materially different from what was accepted, and did not before."""
        shown = showing(state, version, seen.at)
        alerts: tuple[Alert, ...] = ()
        if flipped:
            shown, alerts = self._flipped(shown, seen.at, second_look)
        if self.patience.confirm_now and not shown.unstable:
            step = self._confirmed(shown, accepted, version, seen.at, seen.at)
            return Followed(replace(step, new_versions=(version,)), change)
        first_report = bool(alerts)
        if first_report:
            change = replace(change, kind=ChangeClass.UNSTABLE)
        record = self._record(shown, change, accepted, version, seen.at, confirmed=first_report, alert=first_report)
        return Followed(WatchStep(state=shown, new_versions=(version,), changes=(record,), alerts=alerts), change)

    def _moved_on(
        self,
        state: WatchState,
        seen: Observation,
        change: Change,
        accepted: Version,
        pending: Version,
        version: Version,
        second_look: bool,
    ) -> Followed:
        """The page shows a third thing: it did not take the waiting change back, and changed again."""
        if state.unstable or state.flips or second_look or state.pending_since is None:
            return self._shown(state, seen, change, accepted, version, True, second_look)
        confirmed = self._confirmed(state, accepted, pending, state.pending_since, seen.at)
        # Should it change once more within the window, it is flipping among variants.
        after = replace(confirmed.state, flips=(seen.at,), last_look_at=state.last_look_at)
        again = compare(pending.reading, version.reading)
        shown = self._shown(after, seen, again, pending, version, False, second_look)
        step = replace(
            shown.step,
            changes=(*confirmed.changes, *shown.step.changes),
            alerts=(*confirmed.alerts, *shown.step.alerts),
        )
        return Followed(step, shown.change)

    def _confirmed(
        self, state: WatchState, accepted: Version, pending: Version, since: datetime, at: datetime
    ) -> WatchStep:
        change = compare(accepted.reading, pending.reading)
        record = self._record(state, change, accepted, pending, since, confirmed=True, alert=True)
        after = replace(
            remembering(state, accepted, since),
            accepted=pending,
            pending=None,
            pending_since=None,
            last_look_at=at,
        )
        return WatchStep(state=after, changes=(record,), alerts=(changed_alert(self.run_id, record),))

    def _flipped(self, state: WatchState, at: datetime, second_look: bool) -> tuple[WatchState, tuple[Alert, ...]]:
        """Count one flip; the one that makes the watch unstable is told."""
        after = flipped(state, at, self.patience.unstable_window, second_look=second_look)
        told = after.unstable and not state.unstable
        return after, (unstable_alert(self.run_id, after, at),) if told else ()

    def _settled(self, state: WatchState, now: datetime) -> WatchStep:
        """Once the page stayed on one variant beyond the window, that variant is what it says."""
        if not state.flips or now - state.flips[-1] <= self.patience.unstable_window:
            return WatchStep(state=state)
        accepted, pending, since = state.accepted, state.pending, state.pending_since
        if on_pending(state) and accepted is not None and pending is not None and since is not None:
            return self._confirmed(replace(state, flips=(), unstable=False), accepted, pending, since, since)
        return WatchStep(state=replace(state, unstable=False, flips=(), pending=None, pending_since=None))

    def _record(
        self,
        state: WatchState,
        change: Change,
        before: Version | None,
        after: Version | None,
        at: datetime,
        *,
        confirmed: bool,
        alert: bool,
    ) -> ChangeRecord:
        names = (state.watch_id, before.version_id if before else "", after.version_id if after else "", at.isoformat())
        return ChangeRecord(
            change_id=sha256("\x00".join(names).encode()).hexdigest()[:16],
            run_id=self.run_id,
            source_id=state.source_id,
            page_id=page_id(state.url),
            watch_id=state.watch_id,
            url=state.url,
            at=at,
            change=change,
            confirmed=confirmed,
            alert=alert,
            determination_before=self.determine(before.reading) if before else None,
            determination_after=self.determine(after.reading) if after else None,
            version_before=before.version_id if before else None,
            version_after=after.version_id if after else None,
        )


def _not_after(state: WatchState, at: datetime) -> WatchState:
    """What is dated after a time was dated by a clock that was ahead, and would hold up all that follows."""
    last, since = state.last_look_at, state.pending_since
    if all(moment <= at for moment in (*state.flips, *(moment for moment in (last, since) if moment is not None))):
        return state
    return replace(
        state,
        last_look_at=None if last is None else min(last, at),
        pending_since=None if since is None else min(since, at),
        flips=tuple(min(flip, at) for flip in state.flips),
    )

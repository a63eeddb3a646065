"""What one look does to what machines state: a license in an interface, a host's reservation of training.

Pure. As with pages, narrowing counts at once and anything wider waits for a second look, because what
counts is both the accepted and the waiting statement; an alert waits, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from domain.claims import LicenseClaim, Reservation, ReservationState, Standing, Stated, StatedKind
from domain.history import Alert, ChangeRecord
from domain.identity import page_id
from domain.reading import Change, Reading
from domain.vocabulary import ChangeClass, Direction
from flows.word_alerts import changed_alert
from terms.compare import compare

_MATERIAL = ChangeClass.MATERIAL
_STATES = (None, ReservationState.NOT_RESERVED, ReservationState.UNCLEAR, ReservationState.RESERVED)


@dataclass(frozen=True, slots=True)
class StatementStep:
    """What is worth storing of one look: the statement where it differs, changes, alerts."""

    stated: Stated | None = None
    records: tuple[ChangeRecord, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementFollower:
    """Follows machine statements within one run. `read` understands the words of license claims."""

    run_id: str
    read: Callable[[tuple[LicenseClaim, ...]], Reading]
    confirm_after: timedelta = timedelta(0)

    def follow(self, before: Standing | None, now: Stated, *, bears: bool) -> StatementStep:
        """The step a look makes. `bears`: the source's training rests on silence or statute, so that a
        reservation changes what may be done."""
        if before is None:
            return StatementStep(now)
        if before.pending is None:
            return self._compared(before.accepted, now, bears)
        if _same(before.pending, now):
            if now.seen_at - before.pending.seen_at < self.confirm_after:
                return StatementStep()
            change = self._change(before.accepted, now, bears)
            record = self._record(before.accepted, before.pending, change, confirmed=True)
            alerts = (changed_alert(self.run_id, record),) if record.alert else ()
            return StatementStep(replace(now, seen_at=before.pending.seen_at), (record,), alerts)
        if _same(before.accepted, now):
            change = self._change(before.pending, now, bears)
            back = replace(change, reason="takes the change before back")
            return StatementStep(now, (self._record(before.pending, now, back, confirmed=False),))
        return self._compared(before.accepted, now, bears)

    def stands(self, before: Standing | None, now: Stated) -> bool:
        """Whether a look shows what stood and nothing waits: `follow` would make no step."""
        return before is not None and before.pending is None and _same(before.accepted, now)

    def _compared(self, accepted: Stated, now: Stated, bears: bool) -> StatementStep:
        if _same(accepted, now):
            return StatementStep()
        change = self._change(accepted, now, bears)
        if change.kind in (ChangeClass.NONE, ChangeClass.COSMETIC):
            return StatementStep(now)
        confirmed = change.kind is not _MATERIAL
        record = self._record(accepted, now, change, confirmed=confirmed)
        return StatementStep(replace(now, confirmed=confirmed), (record,))

    def _change(self, before: Stated, after: Stated, bears: bool) -> Change:
        if after.kind is StatedKind.LICENSE:
            change = compare(self.read(before.claims), self.read(after.claims))
            where = sorted({claim.field for claim in (*before.claims, *after.claims)})
            words = replace(
                change,
                quote_before=change.quote_before or "; ".join(claim.raw for claim in before.claims),
                quote_after=change.quote_after or "; ".join(claim.raw for claim in after.claims),
            )
            return replace(words, reason=_joined("the metadata interface states", ", ".join(where), change.reason))
        return _reservation_change(before.reservations, after.reservations, bears)

    def _record(self, before: Stated, after: Stated, change: Change, *, confirmed: bool) -> ChangeRecord:
        name = "/".join((after.source_id, after.kind.value, page_id(after.about)[:8]))
        identity = (name, _words(before), _words(after), after.seen_at.isoformat())
        return ChangeRecord(
            change_id=sha256("\x00".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:16],
            run_id=self.run_id,
            source_id=after.source_id,
            page_id=page_id(after.about),
            watch_id=name,
            url=after.about,
            at=after.seen_at,
            change=change,
            confirmed=confirmed,
            alert=confirmed and change.kind is _MATERIAL,
            determination_before=None,
            determination_after=None,
            version_before=None,
            version_after=None,
        )


def strongest(reservations: tuple[Reservation, ...]) -> ReservationState | None:
    """The narrowest of what is said; None where nothing is."""
    return max((item.state for item in reservations), key=_STATES.index, default=None)


def _reservation_change(before: tuple[Reservation, ...], after: tuple[Reservation, ...], bears: bool) -> Change:
    old, new = strongest(before), strongest(after)
    order = [_held(old), _held(new)]
    if order[0] == order[1]:
        return Change(ChangeClass.COSMETIC)
    return Change(
        # Beside a license that grants training a reservation is words; where nothing does it is a term.
        _MATERIAL if bears else ChangeClass.EDITORIAL,
        direction=Direction.TIGHTENED if order[1] > order[0] else Direction.LOOSENED,
        quote_before="; ".join(item.raw for item in before[:3]),
        quote_after="; ".join(item.raw for item in after[:3]),
        reason=f"training: {'nothing said' if old is None else old.value} before,"
        f" {'nothing said' if new is None else new.value} now",
    )


def _held(state: ReservationState | None) -> int:
    # That nothing is reserved permits nothing, so it is as good as silence.
    return max(0, _STATES.index(state) - 1)


def _same(one: Stated, other: Stated) -> bool:
    return _words(one) == _words(other)


def _words(stated: Stated) -> str:
    """All that is stated, whenever it was seen and in whatever order."""
    items = [
        *((item.raw, item.link or "", item.scope.value, item.field, item.url) for item in stated.claims),
        *(
            (item.raw, item.rule, item.state.value, item.path, item.audience, item.policy or "", item.url)
            for item in stated.reservations
        ),
    ]
    return "\x01".join("\x00".join(item) for item in sorted({*items}))


def _joined(*parts: str) -> str:
    return ": ".join(part for part in parts if part)

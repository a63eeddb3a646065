"""The gate of hosts that reserve training: it caps only where no license grants training."""

from __future__ import annotations

from collections.abc import Sequence

from domain.catalog import Source
from domain.claims import Reservation, ReservationState
from domain.deciding import Gate
from domain.policy import Policy
from domain.vocabulary import GateKind
from scoring.conclusion import Conclusion
from scoring.gates import open_gate

_SHOWN = 3
_RESERVING = frozenset({ReservationState.RESERVED, ReservationState.UNCLEAR})


def reservation_gates(
    conclusion: Conclusion, source: Source, reservations: Sequence[Reservation], policy: Policy
) -> tuple[Gate, ...]:
    """The gate `reservation` where a host reserves training on a page of the source, or may do so.

    Blocking where training would rest on a statute's exception or on silence; a condition beside a
    license that grants training, which a host's robots.txt does not take back.
    """
    said = [item for item in reservations if item.state in _RESERVING]
    if not said or source.house_owned:
        return ()
    granted = conclusion.rights.train_model.usable and conclusion.authoritative
    words = list(dict.fromkeys(_told(item) for item in sorted(said, key=lambda item: (item.url, item.rule, item.raw))))
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    detail = "; ".join(words[:_SHOWN]) + more
    if granted:
        closes = "nothing to do while the license is relied on: a host's reservation does not take it back"
        return (open_gate(policy, "reservation", kind=GateKind.CONDITION, closes=closes, detail=detail),)
    return (open_gate(policy, "reservation", detail=f"{detail}; no license grants training"),)


def _told(item: Reservation) -> str:
    doubt = "" if item.state is ReservationState.RESERVED else " (unclear)"
    return f"“{item.raw}” at {item.url}{doubt}"

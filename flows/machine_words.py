"""What machines state, as deciding and reports take it: license claims read, reservations gathered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.claims import (
    ClaimScope,
    LicenseClaim,
    MachineWords,
    Reservation,
    Standing,
    StatedKind,
    StatedLicense,
)
from domain.reading import Reading
from terms.reader import Reader

_LONGEST_READ = 2_000
"""Characters of one claim that are read: longer ones are shown, and a person reads them."""
_OF_THE_DATA = frozenset({ClaimScope.DATA, ClaimScope.ACCESS})


def machine_words(standing: Mapping[tuple[str, StatedKind, str], Standing], reader: Reader) -> dict[str, MachineWords]:
    """Per source everything machines state about it, each claim read once."""
    known: dict[tuple[str, str], Reading] = {}

    def read(claim: LicenseClaim) -> StatedLicense:
        key = (claim.raw, claim.link or "")
        reading = known[key] if key in known else known.setdefault(key, read_claim(claim, reader))
        return StatedLicense(claim, reading.expression, reading.rights, reading.duties)

    licenses: dict[str, dict[StatedLicense, None]] = {}
    reservations: dict[str, dict[Reservation, None]] = {}
    for state in standing.values():
        for stated in state.counting:
            licenses.setdefault(stated.source_id, {}).update(dict.fromkeys(map(read, stated.claims)))
            reservations.setdefault(stated.source_id, {}).update(dict.fromkeys(stated.reservations))
    return {
        source_id: MachineWords(tuple(licenses[source_id]), tuple(reservations.get(source_id, ())))
        for source_id in licenses
    }


def read_claim(claim: LicenseClaim, reader: Reader) -> Reading:
    """What a license claim says; the words of one that is too long are not read."""
    # A machine's field names a license; the words one accepts are a text of their own.
    words = claim.raw if claim.scope is ClaimScope.ACCESS else f"License: {claim.raw}"
    if claim.link and claim.link != claim.raw:
        words += f" {claim.link}"
    return reader.read_text(words if len(words) <= _LONGEST_READ else "", "text/plain")


def claims_reader(reader: Reader) -> Callable[[tuple[LicenseClaim, ...]], Reading]:
    """All claims of the data in one document, as one text, so that two states of it can be compared."""

    def read(claims: tuple[LicenseClaim, ...]) -> Reading:
        lines = [
            f"{'' if claim.scope is ClaimScope.ACCESS else 'License: '}{claim.raw}"
            + (f" {claim.link}" if claim.link and claim.link != claim.raw else "")
            for claim in sorted(claims, key=lambda claim: (claim.field, claim.raw))
            if claim.scope in _OF_THE_DATA and len(claim.raw) <= _LONGEST_READ
        ]
        return reader.read_text("\n\n".join(lines), "text/plain")

    return read

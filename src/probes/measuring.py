"""Measuring a dataset through a metadata interface, and asking a host about training: look, then read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.catalog import MetadataProbe
from domain.claims import LicenseClaim, Reservation, ReservationState
from domain.probing import DatasetFact, Look, PageRequest
from domain.vocabulary import Outcome
from probes.apis import header_signals, meta_signals, robots_signals, tdm_reservation
from probes.apis.interfaces import interface_of
from probes.apis.page_urls import page_of
from probes.apis.reading import ApiAnswer, ApiReading
from probes.transport import Transport

_MOST_LOOKS = 6
_NO_REQUESTS: Mapping[str, PageRequest] = {}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one probe came to. `outcome`, `reason` and `retry_after` are those of the main document;
    `suspect`: it answered 200 and is none of the interface's. Facts, each name once, and claims are of all
    documents that could be read; `looks` are all looks, the main one first (none for a bad address)."""

    probe: MetadataProbe
    at: datetime
    outcome: Outcome
    reason: str | None = None
    retry_after: datetime | None = None
    facts: tuple[DatasetFact, ...] = ()
    claims: tuple[LicenseClaim, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    notes: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class ReservationSurvey:
    """What a host says about training on one page. `unasked` are the addresses that could not be asked:
    their silence means nothing."""

    page: str
    reservations: tuple[Reservation, ...]
    notes: tuple[str, ...]
    unasked: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def complete(self) -> bool:
        """Whether every place could be asked."""
        return not self.unasked


async def measure_probe(
    probe: MetadataProbe, source_id: str, transport: Transport, known: Mapping[str, PageRequest] = _NO_REQUESTS
) -> Measurement:
    """Ask a probe's interface and read what it answers. Whatever happens is an outcome.

    `known` holds conditional requests by address; an unchanged document brings no facts: the earlier
    ones stand. License claims are raw words and permit nothing.
    """
    interface = interface_of(probe.api)
    addresses = interface.urls(probe.url)
    if not addresses:
        no_address = f"bad_url: no address of the {probe.api.value} interface"
        return Measurement(probe, datetime.now(UTC), Outcome.UNREACHABLE, no_address)
    looks: list[Look] = []
    readings: list[ApiReading] = []
    notes: list[str] = []
    outcome = Outcome.UNREACHABLE
    reason: str | None = None
    waiting = list(addresses)
    while waiting and len(looks) < _MOST_LOOKS:
        address = waiting.pop(0)
        look = await transport.look(known.get(address, PageRequest(address)))
        looks.append(look)
        main = len(looks) == 1
        if main:
            outcome, reason = look.outcome, look.reason
        if look.snapshot is None or look.outcome is not Outcome.SNAPSHOT:
            if main and look.outcome is not Outcome.NOT_MODIFIED:
                break
            notes += [] if main else [f"{address}: {look.outcome.value}, {look.reason or 'unchanged'}"]
            continue
        answer = ApiAnswer.of(look.snapshot)
        if look.snapshot.redirects:
            # A renamed dataset, a newer version, or another dataset altogether.
            notes.append(f"{address}: answered by {look.snapshot.final_url}")
        reading = interface.read(source_id, answer)
        notes += reading.notes
        if main and (reading.problem is not None or not (reading.facts or reading.claims)):
            outcome, reason = Outcome.SUSPECT, f"unreadable: {reading.problem or 'nothing in it could be used'}"
            break
        notes += [f"{address}: {reading.problem}"] if reading.problem is not None else []
        readings.append(reading)
        if main:
            waiting += [other for other in interface.follow(answer) if other not in waiting]
    facts, disagreements = _one_of_each(fact for reading in readings for fact in reading.facts)
    return Measurement(
        probe=probe,
        at=looks[0].at,
        outcome=outcome,
        reason=reason,
        retry_after=looks[0].retry_after,
        facts=facts,
        claims=tuple(claim for reading in readings for claim in reading.claims),
        reservations=tuple(
            signal
            for look in looks
            if look.snapshot is not None
            for signal in header_signals.read(ApiAnswer.of(look.snapshot)).reservations
        ),
        notes=(*dict.fromkeys(notes), *disagreements),
        looks=tuple(looks),
    )


@dataclass(frozen=True, slots=True)
class HostWords:
    """What a host was asked about training, once for all its pages."""

    robots: Look
    tdmrep: Look


async def ask_host(base: str, transport: Transport) -> HostWords:
    """Ask a host (scheme and name) for its robots.txt, where the run has none of it yet, and its tdmrep.json."""
    robots = await transport.look(PageRequest(f"{base}/robots.txt", once=True))
    return HostWords(robots, await transport.look(PageRequest(f"{base}/.well-known/tdmrep.json")))


async def measure_reservations(page: str, transport: Transport, own: Look | None = None) -> ReservationSurvey:
    """Ask a page's host what it says about training on that page; see `reservations_on`."""
    found = page_of(page)
    if found is None:
        return ReservationSurvey(page, (), ("no address of a page",), unasked=(page,), looks=())
    answer = ApiAnswer.of(own.snapshot) if own is not None and own.snapshot is not None else None
    return reservations_on(page, await ask_host(found.base, transport), answer)


def reservations_on(page: str, host: HostWords, own: ApiAnswer | None = None) -> ReservationSurvey:
    """What robots.txt, tdmrep.json and the page's own answer say about training on a page.

    A robots.txt that could not be had for another reason than that there is none (4xx) is an unclear
    reservation of everything.
    """
    reservations: list[Reservation] = []
    notes: list[str] = []
    unasked: list[str] = []
    for look, reader in ((host.robots, robots_signals.read), (host.tdmrep, tdm_reservation.read)):
        if look.outcome is Outcome.SNAPSHOT and look.snapshot is not None:
            reading = reader(ApiAnswer.of(look.snapshot), page)
            reservations += reading.reservations
            notes += [*reading.notes, *([f"{look.url}: {reading.problem}"] if reading.problem else [])]
            continue
        notes.append(f"{look.url}: {look.outcome.value}, {look.reason or 'unchanged'}")
        if look.outcome is Outcome.GONE or (look is host.robots and look.status in (400, 401, 403, 451)):
            continue
        unasked.append(look.url)
        if look is host.robots and look.outcome is not Outcome.NOT_MODIFIED:
            words = look.reason or look.outcome.value
            reservations.append(
                Reservation(words, "robots/unavailable", ReservationState.UNCLEAR, "/", "*", None, look.url, look.at)
            )
    if own is not None:
        reservations += header_signals.read(own).reservations
        reservations += meta_signals.read(own).reservations
    looks = (host.robots, host.tdmrep)
    return ReservationSurvey(page, tuple(reservations), tuple(dict.fromkeys(notes)), tuple(unasked), looks)


def _one_of_each(facts: Iterable[DatasetFact]) -> tuple[tuple[DatasetFact, ...], list[str]]:
    """One fact a name, a measured before a stated and an earlier before a later one; and where they differ."""
    best: dict[str, DatasetFact] = {}
    differences: list[str] = []
    for fact in facts:
        first = best.setdefault(fact.name, fact)
        if first is not fact and fact.value != first.value:
            differences.append(f"{fact.name}: {first.value} at {first.url}, {fact.value} at {fact.url}")
        if fact.measured and not first.measured:
            best[fact.name] = fact
    return tuple(best.values()), differences

"""Measuring the datasets themselves without downloading any of it, and asking machines what they state.

Size, formats, cadence and access are facts. License fields and reservations of training are statements:
they are followed like pages, because they change like pages.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from domain.catalog import MetadataProbe, Source
from domain.claims import Reservation, Standing, Stated, StatedKind
from domain.errors import WarehouseDamaged
from domain.history import Alert, ChangeRecord
from domain.ordering import batches
from domain.vocabulary import Outcome
from flows.follow_statements import StatementFollower, StatementStep
from flows.look_at_pages import run_transport
from flows.machine_words import claims_reader
from flows.read_pages import ReadReport, confirm_after
from flows.run_settings import Inputs, Run
from probes.apis.page_urls import page_of
from probes.apis.reading import ApiAnswer
from probes.measuring import HostWords, Measurement, ReservationSurvey, ask_host, measure_probe, reservations_on
from probes.transport import Transport
from warehouse.looks import Answered
from warehouse.store import Warehouse

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of asking: measurements by source, and what each host said."""

    measured: Sequence[tuple[Source, Measurement]] = ()
    hosts: Mapping[str, HostWords] = field(default_factory=dict)


def measure_datasets(
    warehouse: Warehouse, run: Run, inputs: Inputs, sources: Sequence[Source], answered: Iterable[str] = ()
) -> ReadReport:
    """Ask every metadata probe once, and the hosts of `answered` pages about training; store facts and
    statements. The report tells what changed of the statements.

    A recording holds pages and no metadata, so a replay measures nothing.
    """
    if run.settings.replay:
        return ReadReport()
    probes = [(source, probe) for source in sources for probe in source.probes]
    pages = _pages_of(sources, frozenset(answered))
    bases = sorted({page.base for url in pages if (page := page_of(url)) is not None})
    if not probes and not bases:
        return ReadReport()
    asked = asyncio.run(_ask(run, inputs, probes, bases))
    warehouse.save_facts(run.run_id, [fact for _, measurement in asked.measured for fact in measurement.facts])
    known = warehouse.statements()
    found = [*_licenses(asked), *_reservations(warehouse, asked, pages, known)]
    follower = StatementFollower(
        run.run_id, claims_reader(inputs.reader), timedelta(seconds=confirm_after(run, inputs))
    )
    moving = [stated for stated in found if not follower.stands(known.get(stated.key), stated)]
    steps = []
    for some in batches(moving):
        decided = warehouse.decisions(of=[stated.source_id for stated in some])
        for stated in some:
            decision = decided.get(stated.source_id)
            bears = decision is None or not decision.rights.train_model.usable
            steps.append(follower.follow(known.get(stated.key), stated, bears=bears))
    fresh = [step.stated for step in steps if step.stated is not None]
    records = [record for step in steps for record in step.records]
    alerts = [alert for step in steps for alert in step.alerts]
    warehouse.save_statements(run.run_id, fresh, records, alerts)
    return _report(steps, fresh, records, alerts)


def with_statements(report: ReadReport, stated: ReadReport) -> ReadReport:
    """What the pages came to, and what the statements of machines did."""
    return replace(
        report,
        changes=dict(Counter(report.changes) + Counter(stated.changes)),
        records=(*report.records, *stated.records),
        alerts=(*report.alerts, *stated.alerts),
        touched=report.touched | stated.touched,
    )


def _report(
    steps: Sequence[StatementStep], fresh: Sequence[Stated], records: Sequence[ChangeRecord], alerts: Sequence[Alert]
) -> ReadReport:
    return ReadReport(
        changes=dict(Counter(record.change.kind.value for record in records)),
        records=tuple(records),
        alerts=tuple(alerts),
        touched=frozenset(stated.source_id for stated in fresh),
    )


def _pages_of(sources: Sequence[Source], answered: frozenset[str]) -> dict[str, list[Source]]:
    """Every page of a source that answered, and every address where its data is measured on such a host."""
    hosts = {page.base for url in answered if (page := page_of(url)) is not None}
    pages: dict[str, list[Source]] = {}
    for source in sources:
        urls = [watch.url for watch in source.watches if watch.url in answered]
        for probe in source.probes:
            page = page_of(probe.url)
            if page is not None and page.base in hosts:
                urls.append(probe.url)
        for url in dict.fromkeys(urls):
            pages.setdefault(url, []).append(source)
    return pages


async def _ask(
    run: Run, inputs: Inputs, probes: Sequence[tuple[Source, MetadataProbe]], bases: Sequence[str]
) -> _Asked:
    transport: Transport = run_transport(run, inputs)
    places = asyncio.Semaphore(_AT_ONCE)

    async def measure(source: Source, probe: MetadataProbe) -> tuple[Source, Measurement]:
        async with places:
            return source, await measure_probe(probe, source.id, transport)

    async def ask(base: str) -> tuple[str, HostWords]:
        async with places:
            return base, await ask_host(base, transport)

    try:
        measured, hosts = await asyncio.gather(
            asyncio.gather(*(measure(source, probe) for source, probe in probes)),
            asyncio.gather(*(ask(base) for base in bases)),
        )
    finally:
        await transport.aclose()
    return _Asked(measured, dict(hosts))


def _licenses(asked: _Asked) -> list[Stated]:
    """What the interfaces that answered state; of one that did not the words before go on counting."""
    return [
        Stated(
            source_id=source.id,
            kind=StatedKind.LICENSE,
            about=measurement.probe.url,
            seen_at=measurement.at,
            claims=measurement.claims,
        )
        for source, measurement in asked.measured
        if measurement.outcome is Outcome.SNAPSHOT
    ]


def _reservations(
    warehouse: Warehouse,
    asked: _Asked,
    pages: Mapping[str, Sequence[Source]],
    known: Mapping[tuple[str, StatedKind, str], Standing],
) -> list[Stated]:
    own = warehouse.newest_answers(sorted(pages))
    surveys: dict[tuple[str, str], list[ReservationSurvey]] = {}
    for url, of in pages.items():
        page = page_of(url)
        if page is None:
            continue
        answer = own.get(url)
        snapshot = None if answer is None else _as_answered(warehouse, url, answer)
        survey = reservations_on(url, asked.hosts[page.base], snapshot)
        for source in of:
            surveys.setdefault((source.id, page.base), []).append(survey)
    found = []
    for (source_id, base), of_host in surveys.items():
        said = _with_unasked(of_host, known.get((source_id, StatedKind.RESERVATION, base)))
        if said is not None:
            at = asked.hosts[base].robots.at
            kind = StatedKind.RESERVATION
            found.append(Stated(source_id=source_id, kind=kind, about=base, seen_at=at, reservations=said))
    return found


def _as_answered(warehouse: Warehouse, url: str, answer: Answered) -> ApiAnswer:
    try:
        body = warehouse.body(answer.sha256)
    except WarehouseDamaged:
        # `clearance verify` names the hole.
        body = b""
    return ApiAnswer(url, answer.at, answer.media_type, body, answer.headers)


def _with_unasked(surveys: Sequence[ReservationSurvey], before: Standing | None) -> tuple[Reservation, ...] | None:
    """What a host says now about all pages of a source; a place that could not be asked goes on saying what
    it said before. None where a change waits that only such a place could confirm or take back."""
    now = tuple(dict.fromkeys(item for survey in surveys for item in survey.reservations))
    unasked = {url for survey in surveys for url in survey.unasked}
    if before is None or not unasked:
        return now
    if before.pending is not None:
        return None
    kept = (item for item in before.accepted.reservations if item.url in unasked)
    return (*(item for item in now if item.url not in unasked), *kept)

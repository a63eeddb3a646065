"""Measuring the datasets themselves: size, formats, cadence, without downloading any of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from domain.catalog import ProbeApi, Source
from domain.probing import DatasetFact, Look, PageRequest
from flows.look_at_pages import network_settings
from flows.run_settings import Inputs, Run
from probes.listing import measure, parse_listing
from probes.look_all import look_all
from probes.network import NetworkTransport
from warehouse.store import Warehouse


def measure_datasets(warehouse: Warehouse, run: Run, inputs: Inputs, sources: Sequence[Source]) -> int:
    """Ask every metadata probe once and store the facts; returns how many facts there are.

    A recording holds pages and no listings, so a replay measures nothing.
    """
    probes = [(source, probe) for source in sources for probe in source.probes]
    if run.settings.replay or not probes:
        return 0
    looks = {look.url: look for look in asyncio.run(_look(run, inputs, [probe.url for _, probe in probes]))}
    facts: list[DatasetFact] = []
    for source, probe in probes:
        look = looks.get(probe.url)
        if look is None or look.snapshot is None:
            continue
        match probe.api:
            case ProbeApi.DIRECTORY_LISTING:
                shot = look.snapshot
                listing = parse_listing(shot.final_url, shot.body, shot.media_type)
                facts += measure(source.id, listing, probe.url, shot.seen_at)
    warehouse.save_facts(run.run_id, facts)
    return len(facts)


async def _look(run: Run, inputs: Inputs, urls: Sequence[str]) -> list[Look]:
    transport = NetworkTransport(network_settings(run, inputs))
    try:
        return [look async for look in look_all([PageRequest(url) for url in dict.fromkeys(urls)], transport)]
    finally:
        await transport.aclose()

"""Measuring the datasets themselves: size, formats, cadence, access, without downloading any of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from domain.catalog import MetadataProbe, Source
from domain.probing import DatasetFact
from flows.look_at_pages import network_settings
from flows.run_settings import Inputs, Run
from probes.measuring import measure_probe
from probes.network import NetworkTransport
from warehouse.store import Warehouse

_AT_ONCE = 20


def measure_datasets(warehouse: Warehouse, run: Run, inputs: Inputs, sources: Sequence[Source]) -> int:
    """Ask every metadata probe once and store the facts; returns how many facts there are.

    A recording holds pages and no metadata, so a replay measures nothing.
    """
    probes = [(source, probe) for source in sources for probe in source.probes]
    if run.settings.replay or not probes:
        return 0
    facts = asyncio.run(_measure(run, inputs, probes))
    warehouse.save_facts(run.run_id, facts)
    return len(facts)


async def _measure(run: Run, inputs: Inputs, probes: Sequence[tuple[Source, MetadataProbe]]) -> list[DatasetFact]:
    transport = NetworkTransport(network_settings(run, inputs))
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(source: Source, probe: MetadataProbe) -> tuple[DatasetFact, ...]:
        async with places:
            return (await measure_probe(probe, source.id, transport)).facts

    try:
        found = await asyncio.gather(*(one(source, probe) for source, probe in probes))
    finally:
        await transport.aclose()
    return [fact for facts in found for fact in facts]

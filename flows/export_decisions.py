"""Decisions for other programs: what the warehouse holds, joined with the catalog's words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from domain.catalog import Catalog
from domain.policy import Policy
from flows.place_file import put_in_place
from reports.croissant import croissant
from reports.json_ld import json_ld
from reports.sbom import sbom
from scoring.expressions import license_ids
from scoring.item_table import license_page
from warehouse.query import Reader


def sbom_document(
    warehouse: Path, catalog: Catalog, policy: Policy, *, at: datetime | None, created: datetime
) -> dict[str, object]:
    """The SPDX 3 document of every source as of a time."""
    with Reader.open(warehouse) as reader:
        decisions, facts = list(reader.decisions(at).values()), reader.facts()
    entries = {source.id: (provider, dataset, source) for provider, dataset, source in catalog.sources}
    return sbom(decisions, entries, facts, created=created, house=policy.house.name)


def write_croissants(
    warehouse: Path, catalog: Catalog, folder: Path, *, at: datetime | None, created: datetime
) -> tuple[Path, ...]:
    """One Croissant document a source, `folder/SOURCE.croissant.json`."""
    with Reader.open(warehouse) as reader:
        decisions, facts = reader.decisions(at), reader.facts()
    entries = {source.id: (provider, dataset, source) for provider, dataset, source in catalog.sources}
    written = []
    for source_id, decision in decisions.items():
        own = [fact for fact in facts if fact.source_id == source_id]
        page = license_page(license_ids(decision.license_concluded))
        document = croissant(decision, entries.get(source_id), own, page, created=created)
        path = folder / f"{document['name']}.croissant.json"
        put_in_place(path, json_ld(document))
        written.append(path)
    return tuple(written)

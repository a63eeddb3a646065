"""Handing a decision's evidence on: from the warehouse to a folder or zip."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from warehouse.evidence_bundle import Bundle, evidence_bundle, write_bundle
from warehouse.query import Reader


def export_evidence(warehouse: Path, source_id: str, out: Path, at: datetime | None = None) -> Bundle:
    """Write the bundle of what counts for a source at a time (None: now). ClearanceError when it cannot be."""
    with Reader.open(warehouse) as reader:
        bundle = evidence_bundle(reader, source_id, at)
    write_bundle(bundle, out)
    return bundle

"""The smallest catalog that watches every exhibit: one dataset, one source, one watch a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.drift.exhibits import Exhibit
from bench.drift.server import Web

PER_FILE = 100


def write_catalog(folder: Path, exhibits: Sequence[Exhibit], web: Web) -> None:
    """Writes `folder`/*.yaml, one provider a hundred pages. JSON values are YAML, so no YAML library is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(exhibits), PER_FILE):
        lines = [f"provider: loopback_{first // PER_FILE:02d}", "datasets:"]
        for one in exhibits[first : first + PER_FILE]:
            watch = {"url": web.url(one), "role": one.role, "speaks_for": "publisher", **one.locator}
            lines += [
                f"  - id: {one.source_id}_set",
                f"    name: {json.dumps(one.dataset)}",
                "    sources:",
                f"      - id: {one.source_id}",
                f"        layer: {one.layer}",
                "        watches:",
                f"          - {json.dumps(watch)}",
            ]
        (folder / f"loopback_{first // PER_FILE:02d}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

"""Records of what adopting a source really took, one file a record, beside the catalog."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from catalog.build import INVALID, Builder, Place
from catalog.checks import ID
from catalog.new_file import free_path, put
from catalog.nodes import ListNode, parse, read_bytes
from catalog.problems import Problems
from domain.deciding import EffortRecord
from domain.errors import InvalidInput
from domain.vocabulary import Basis

FOLDER = "effort"


def load_effort_records(catalog_folder: Path, today: date | None = None) -> tuple[EffortRecord, ...]:
    """Every record under `effort/` of a catalog folder, by file name; none when the folder is missing.

    Raises one `InvalidInput` that lists all mistakes, each with file and line.
    """
    problems = Problems()
    found: list[EffortRecord] = []
    for path in sorted((catalog_folder / FOLDER).glob("*.yaml")):
        data = read_bytes(path, problems)
        if data is not None:
            found += _built(path, data, today or datetime.now(UTC).date(), problems)
    problems.raise_if_any()
    return tuple(found)


def save_effort_record(catalog_folder: Path, record: EffortRecord, today: date | None = None) -> Path:
    """Write one record into a new file and return its path. `InvalidInput` where it would not load again as it is."""
    path = free_path(catalog_folder / FOLDER, f"{record.made_on}-{record.source_id}-{record.part.value}")
    written = {
        "source_id": record.source_id,
        "part": record.part.value,
        "days": record.days,
        "estimated": record.estimated,
        "made_on": record.made_on,
        "by": record.by,
        "note": record.note or None,
    }
    kept = {key: value for key, value in written.items() if value is not None}
    data = yaml.dump(kept, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=100).encode()
    problems = Problems()
    loaded = _built(path, data, today or datetime.now(UTC).date(), problems)
    problems.raise_if_any()
    if loaded != [record]:
        raise InvalidInput("a text of the record starts or ends with blanks. Trim it")
    put(path, data)
    return path


def _built(path: Path, data: bytes, last_day: date, problems: Problems) -> list[EffortRecord]:
    def check(record: EffortRecord, place: Place) -> None:
        if not ID.fullmatch(record.source_id.partition(":")[0]):
            place.wrong(f"source_id '{record.source_id}' is no source id. Copy it from the catalog", "source_id")
        if record.made_on > last_day:
            place.wrong(f"made_on {record.made_on} lies ahead. Write the day (UTC) on which it ended", "made_on")
        for key in ("days", "estimated"):
            if not getattr(record, key) > 0:
                place.wrong(f"{key} must be more than 0. Write person-days such as 1.5", key)

    node = parse(path, data, problems)
    if node is None:
        return []
    builder = Builder(path, problems, {EffortRecord: check}, Basis.STATED)
    items = node.items if isinstance(node, ListNode) else (node,)
    return [built for item in items if (built := builder.build(EffortRecord, item)) is not INVALID]

"""From an item table to what each item may be used for, and the lists a corpus is built from."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.deciding import Decision, Gate
from domain.errors import InvalidInput
from domain.policy import Policy
from domain.vocabulary import Determination
from flows.place_file import put_in_place
from scoring.determination import breadth
from scoring.item_table import Part, SpellingVerdict, judge_spelling, narrowness, source_hold, text_to_read
from terms.reader import Reader
from warehouse.items import ItemTable, RowVerdict, Spelling
from warehouse.query import Reader as WarehouseReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsResult:
    """What a table came to. Counts are of rows; `spellings` are all of them, the most frequent first, with
    their verdicts; `lists` are the files written, by part."""

    source: str
    table_sha256: str
    rows: int
    determinations: Mapping[str, int]
    parts: Mapping[str, int]
    licenses: Mapping[str, Mapping[str, int]]
    envs: Mapping[str, int]
    narrowed_rows: int
    spellings: Sequence[tuple[Spelling, SpellingVerdict]]
    columns: Mapping[str, str]
    lists: Mapping[str, tuple[str, int]]
    notes: Sequence[str]

    def shape(self) -> dict[str, object]:
        """The result for programs."""
        return {
            "source": self.source,
            "table_sha256": self.table_sha256,
            "rows": self.rows,
            "determinations": dict(self.determinations),
            "parts": dict(self.parts),
            "licenses": {part: dict(counts) for part, counts in self.licenses.items()},
            "allowed_envs": dict(self.envs),
            "narrowed_rows": self.narrowed_rows,
            "spellings": [
                {
                    "spelling": spelling.cell,
                    "address": spelling.address,
                    "rows": spelling.rows,
                    "license": verdict.license,
                    "determination": verdict.determination.value,
                    "part": verdict.part.value,
                    "allowed_envs": verdict.allowed_envs or "none",
                    "why": list(verdict.why),
                }
                for spelling, verdict in self.spellings
            ],
            "columns": dict(self.columns),
            "lists": {part: {"path": path, "rows": rows} for part, (path, rows) in self.lists.items()},
            "notes": list(self.notes),
        }


def classify_items(
    path: Path,
    license_column: str,
    policy: Policy,
    reader: Reader,
    *,
    mapping: Mapping[str, str],
    source: str | None = None,
    warehouse: Path | None = None,
    out: Path | None = None,
) -> ItemsResult:
    """Judge every spelling of a table once and split its rows by the answer.

    `source` is the catalog's source whose items these are: its other gates bind them too. Without it
    nothing is approved for production. Without `out` nothing is written. InvalidInput for a table that
    cannot be read and for a source nobody decided about.
    """
    hold = source_hold(None if source is None else _decision(source, warehouse))
    name = source or _name_of(path)
    with ItemTable.open(path, license_column, mapping) as table:
        spellings = table.spellings()
        verdicts = judged(spellings, policy, reader, hold)
        order = sorted(range(len(verdicts)), key=lambda at: narrowness(verdicts[at]))
        licenses = table.judge([_row(spellings[at], verdicts[at], rank) for rank, at in enumerate(order)])
        rows = table.rows()
        parts = {part.value: sum(licenses.get(part.value, {}).values()) for part in Part}
        notes = _notes(table, source, hold)
        lists = {} if out is None or "track_path" not in table.columns else _written(table, name, out)
        result = ItemsResult(
            source=name,
            table_sha256=table.sha256,
            rows=rows,
            determinations=_determinations(spellings, verdicts),
            parts=parts,
            licenses=licenses,
            envs=table.envs(),
            narrowed_rows=table.narrowed_rows(),
            spellings=tuple(zip(spellings, verdicts, strict=True)),
            columns=table.columns,
            lists=lists,
            notes=notes,
        )
    if out is not None:
        put_in_place(out / f"{name}.items.json", json.dumps(result.shape(), indent=2, ensure_ascii=True) + "\n")
    return result


def judged(
    spellings: Sequence[Spelling], policy: Policy, reader: Reader, hold: Sequence[Gate]
) -> tuple[SpellingVerdict, ...]:
    """One verdict a spelling, in order. An address beside a cell can only narrow it, and must name the
    same license unless the cell is empty."""
    column = tuple(dict.fromkeys(spelling.cell for spelling in spellings))
    known: dict[str, SpellingVerdict] = {}

    def one(words: str) -> SpellingVerdict:
        if words not in known:
            text = text_to_read(words, column)
            reading = None if text is None else reader.read_text(text, "text/plain")
            known[words] = judge_spelling(words, reading, policy, hold)
        return known[words]

    return tuple(_joined(one(s.cell), one(s.address)) if s.address else one(s.cell) for s in spellings)


def _joined(cell: SpellingVerdict, address: SpellingVerdict) -> SpellingVerdict:
    """The narrower of what a cell and the address beside it say."""
    narrower = max(cell, address, key=narrowness)
    same = _family(cell.license) == _family(address.license)
    why = narrower.why if same else (*narrower.why, f"the address beside it names {address.license}")
    return SpellingVerdict(
        spelling=cell.spelling,
        license=narrower.license,
        license_url=(address if same else narrower).license_url,
        determination=max(cell.determination, address.determination, key=breadth),
        part=narrower.part,
        tier=narrower.tier,
        why=why,
    )


def _family(expression: str) -> str:
    return re.sub(r"-(?:\d\.\d.*|unspecified)$", "", expression.removeprefix("LicenseRef-"))


def _decision(source: str, warehouse: Path | None) -> Decision:
    found = None
    if warehouse is not None:
        with WarehouseReader.open(warehouse) as reader:
            found = reader.decisions().get(source)
    if found is None:
        raise InvalidInput(f"nothing was decided about {source}: `clearance run` decides, `clearance status` lists all")
    return found


def _name_of(path: Path) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", path.name.split(".")[0].lower()).strip("_")
    return words or "items"


def _row(spelling: Spelling, verdict: SpellingVerdict, rank: int) -> RowVerdict:
    return RowVerdict(
        cell=spelling.cell,
        address=spelling.address,
        rank=rank,
        part=verdict.part.value,
        license=verdict.license,
        license_url=verdict.license_url,
        allowed_envs=verdict.allowed_envs,
        reason=verdict.why[0] if verdict.why else "",
    )


def _determinations(spellings: Sequence[Spelling], verdicts: Sequence[SpellingVerdict]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for spelling, verdict in zip(spellings, verdicts, strict=True):
        counted[verdict.determination.value] += spelling.rows
    return {determination.value: counted[determination.value] for determination in Determination}


def _notes(table: ItemTable, source: str | None, hold: Sequence[Gate]) -> tuple[str, ...]:
    notes = []
    track = table.columns.get("track_path")
    if track is None:
        notes.append("no column names the track, so no list is written: say --map track_path=COLUMN")
    elif track != "track_path":
        notes.append(f"track_path is taken from the column {track!r}")
    if source is None:
        notes.append("without --source nothing is approved for production, and other gates are not asked")
    else:
        notes += [f"{gate.gate} binds the source: {gate.reason}; closed by: {gate.closes}" for gate in hold]
    return tuple(notes)


def _written(table: ItemTable, name: str, out: Path) -> dict[str, tuple[str, int]]:
    lists = {}
    for part in (Part.COMMERCIAL, Part.RESEARCH):
        target = out / f"{name}.{part.value}.csv"
        lists[part.value] = (str(target), table.write_allowlist(part.value, f"{name}:{part.value}", target))
    target = out / f"{name}.{Part.REST.value}.csv"
    lists[Part.REST.value] = (str(target), table.write_rest(Part.REST.value, f"{name}:{Part.REST.value}", target))
    return lists

"""`clearance items`: which items of a table may be used for what, and the lists of those that may."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearance.options import POLICY, WAREHOUSE, AsJson, PolicyFolder, WarehouseFile
from clearance.output import emit_json, emit_line, show
from domain.errors import InvalidInput

if TYPE_CHECKING:
    from flows.classify_items import ItemsResult

_SHOWN = 40


def items(
    file: Annotated[Path, typer.Argument(help="A CSV, TSV, JSON Lines or Parquet file, one item a row.")],
    license_column: Annotated[str, typer.Option("--license-column", help="The column that names the license.")],
    source: Annotated[
        str | None, typer.Option("--source", help="The source whose items these are; its other gates bind them.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="Manifest column and table column, such as track_path=file; may be repeated."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the lists.")] = Path(".clearance/items"),
    no_lists: Annotated[bool, typer.Option("--no-lists", help="Only count; write nothing.")] = False,
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Judge every spelling of a license column once, count the rows by determination, write the allowlists."""
    from catalog import load_policy
    from flows.classify_items import classify_items
    from terms.reader import Reader

    rules = load_policy(policy)
    result = classify_items(
        file,
        license_column,
        rules,
        Reader(rules.families),
        mapping=_pairs(mapping or ()),
        source=source,
        warehouse=warehouse,
        out=None if no_lists else out,
    )
    if as_json:
        emit_json(result.shape())
    else:
        _show(result)


def _pairs(entries: list[str] | tuple[()]) -> dict[str, str]:
    pairs = {}
    for entry in entries:
        name, equals, column = entry.partition("=")
        if not equals or not name or not column:
            raise InvalidInput(f"--map {entry!r} is no pair: write --map track_path=COLUMN")
        pairs[name] = column
    return pairs


def _show(result: ItemsResult) -> None:
    from reports.escape import plain
    from reports.terminal import rows_table

    emit_line(f"{result.source}: {result.rows:,} rows, {len(result.spellings)} spellings")
    table = [
        (
            spelling.cell + (f" <{spelling.address}>" if spelling.address else ""),
            f"{spelling.rows:,}",
            verdict.license,
            verdict.determination.value,
            verdict.part.value,
            verdict.allowed_envs or "none",
            verdict.why[0] if verdict.allowed_envs != "both" and verdict.why else "",
        )
        for spelling, verdict in result.spellings[:_SHOWN]
    ]
    show(rows_table(("spelling", "rows", "license", "determination", "part", "envs", "held back by"), table))
    if len(result.spellings) > _SHOWN:
        emit_line(f"… and {len(result.spellings) - _SHOWN} more; --json lists them all")
    for name, number in result.determinations.items():
        emit_line(f"{name}: {number:,} rows ({number / max(1, result.rows):.1%})")
    for part, (path, number) in result.lists.items():
        emit_line(f"{result.source}:{part}: {number:,} rows in {plain(path)}")
    if result.narrowed_rows:
        emit_line(f"{result.narrowed_rows:,} rows share a track with a narrower row and take its answer")
    for text in result.notes:
        emit_line(f"note: {plain(text)}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("items")(items)

"""Commands that decide or hand decisions on: gate, assess, export, review."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clearance.evidence_command import export_evidence
from clearance.options import (
    CATALOG,
    POLICY,
    WAREHOUSE,
    AsJson,
    AtTime,
    CatalogFolder,
    PolicyFolder,
    WarehouseFile,
)
from clearance.output import emit_json, emit_line, moment_of, note
from domain.errors import InvalidInput
from domain.vocabulary import Tier


class Purpose(StrEnum):
    """What the rows are for."""

    PRODUCTION = "production"
    RESEARCH = "research"


def gate(
    source_ids: Annotated[list[str], typer.Argument(help="The sources a training run uses.")],
    require: Annotated[Tier | None, typer.Option("--require", help="The tier each must have.")] = None,
    purpose: Annotated[Purpose, typer.Option("--purpose", help="What the rows are for.")] = Purpose.PRODUCTION,
    at: AtTime = None,
    acquired_at: Annotated[
        str | None, typer.Option("--acquired-at", help="When the copy was received; irrevocable licenses last.")
    ] = None,
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Exit 0 when every source may be used for the purpose, else 1 with the reason and what closes it."""
    from catalog import load_policy
    from flows.answer_gate import gate_answers

    needed = require or (Tier.PRODUCTION_APPROVED if purpose is Purpose.PRODUCTION else Tier.RESEARCH_ONLY)
    answers = gate_answers(
        warehouse,
        source_ids,
        needed,
        load_policy(policy),
        at=moment_of(at, "--at"),
        acquired_at=moment_of(acquired_at, "--acquired-at"),
    )
    if as_json:
        emit_json(
            {
                "passes": all(a.passes for a in answers),
                "purpose": purpose.value,
                "sources": [a.shape() for a in answers],
            }
        )
    else:
        for answer in answers:
            emit_line(answer.line())
    if not all(answer.passes for answer in answers):
        raise typer.Exit(1)


def assess(
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    warehouse: WarehouseFile = WAREHOUSE,
    out: Annotated[Path | None, typer.Option("--out", help="Decide, and write the assessment here.")] = None,
    site: Annotated[
        Path | None,
        typer.Option("--site", help="Write what is decided as pages into this folder; open its index.html."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide again from stored evidence, without looking. Without --out or --site: only show what would change."""
    from flows.assess_stored import assess as assess_stored
    from flows.assess_stored import would_differ
    from flows.run_settings import RunSettings

    settings = RunSettings(
        catalog=str(catalog), policy=str(policy), warehouse=str(warehouse), out="" if out is None else str(out)
    )
    if out is not None or site is not None:
        answer: dict[str, object] = {}
        if out is not None:
            summary = assess_stored(settings, note)
            from clearance.shapes import run_shape

            answer |= run_shape(summary)
        if site is not None:
            from flows.render_site import write_site

            answer |= {"site": str(site / "index.html"), "site_pages": write_site(warehouse, catalog, policy, site)}
        if as_json:
            emit_json(answer)
            return
        if out is not None:
            emit_line(f"assessment {summary.assessment}: {summary.why}")
        if site is not None:
            emit_line(f"{answer['site_pages']} pages; open {answer['site']}")
        return
    differences = would_differ(settings)
    from clearance.shapes import status_shape

    if as_json:
        emit_json(
            [
                {
                    "source_id": item.after.source_id,
                    "before": None if item.before is None else status_shape(item.before),
                    "after": status_shape(item.after),
                }
                for item in differences
            ]
        )
        return
    for item in differences:
        old = "not decided" if item.before is None else f"{item.before.determination}, {item.before.tier}"
        known = set() if item.before is None else {gate.gate for gate in item.before.gates}
        moved = {gate.gate for gate in item.after.gates} ^ known
        more = f"; gates that come or go: {', '.join(sorted(moved))}" if moved else ""
        emit_line(f"{item.after.source_id}: {old} would become {item.after.determination}, {item.after.tier}{more}")
    emit_line(f"{len(differences)} sources would change; --out decides and writes the assessment")


def export_policy(
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    at: AtTime = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the file goes; without it, to stdout.")] = None,
) -> None:
    """source_classification.json: the table a training service loads."""
    from catalog import load_policy
    from flows.write_assessment import put_in_place
    from reports.policy_file import policy_file
    from warehouse.query import Reader

    moment = moment_of(at, "--at")
    with Reader.open(warehouse) as reader:
        decisions = list(reader.decisions(moment).values())
        last = reader.last_assessment()
    content = policy_file(
        decisions,
        load_policy(policy),
        generated_at=moment or datetime.now(UTC),
        run_id="" if last is None else last.run_id,
    )
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if out is None:
        emit_line(text.rstrip("\n"))
    else:
        put_in_place(out, text)


def review(
    source_id: Annotated[str, typer.Argument(help="The source judged.")],
    role: Annotated[str, typer.Option("--role", help="In which role: owner, counsel, product, …")],
    by: Annotated[str, typer.Option("--by", help="Who judges.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")],
    closes: Annotated[list[str] | None, typer.Option("--closes", help="A gate it closes; may be repeated.")] = None,
    quote: Annotated[str | None, typer.Option("--quote", help="The sentence of the page it rests on.")] = None,
    scope: Annotated[str | None, typer.Option("--scope", help="For which part or use.")] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="The day it ends, such as 2027-11-24.")] = None,
    catalog: CatalogFolder = CATALOG,
    as_json: AsJson = False,
) -> None:
    """Record a person's judgment as a reviewable file; the next run or `assess --out` applies it."""
    from catalog import load_catalog, save_review
    from domain.deciding import Review

    if source_id not in {source.id for _, _, source in load_catalog(catalog).sources}:
        raise InvalidInput(f"no source is called {source_id}: `clearance status` lists them all")
    made = Review(
        source_id=source_id,
        role=role,
        by=by,
        reason=reason,
        made_on=datetime.now(UTC).date(),
        closes=tuple(closes or ()),
        expires=_day(expires),
        scope=scope,
        quote=quote,
    )
    path = save_review(catalog, made)
    if as_json:
        emit_json({"path": str(path), "source_id": source_id, "closes": list(made.closes)})
    else:
        emit_line(f"written to {path}; commit it, then `clearance assess --out …` applies it")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--expires {text!r} is no day: write 2027-11-24") from error


def register(app: typer.Typer) -> None:
    """Add the commands."""
    export = typer.Typer(no_args_is_help=True, help="Hand decisions on to other programs.")
    export.command("policy")(export_policy)
    export.command("evidence")(export_evidence)
    app.command("gate")(gate)
    app.command("assess")(assess)
    app.command("review")(review)
    app.add_typer(export, name="export")

"""Commands that decide or answer from decisions: gate, assess, review, effort."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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
from domain.vocabulary import EffortPart, Tier


class Purpose(StrEnum):
    """What the rows are for."""

    PRODUCTION = "production"
    RESEARCH = "research"


def gate(
    source_ids: Annotated[list[str] | None, typer.Argument(help="The sources a training run uses.")] = None,
    require: Annotated[Tier | None, typer.Option("--require", help="The tier each must have.")] = None,
    purpose: Annotated[Purpose, typer.Option("--purpose", help="What the rows are for.")] = Purpose.PRODUCTION,
    at: AtTime = None,
    acquired_at: Annotated[
        str | None, typer.Option("--acquired-at", help="When the copy was received; irrevocable licenses last.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="Corpus manifest, CSV or Parquet: judge every row.")
    ] = None,
    rows_to: Annotated[
        Path | None, typer.Option("--rows-to", help="With --manifest: CSV of the rows that block, and why.")
    ] = None,
    items: Annotated[
        Path, typer.Option("--items", help="With --manifest: folder with the lists of `clearance items`.")
    ] = Path(".clearance/items"),
    junit: Annotated[Path | None, typer.Option("--junit", help="Write the answers as JUnit XML, too.")] = None,
    combined: Annotated[
        bool, typer.Option("--combined", help="Also answer for one corpus joined from all of them.")
    ] = False,
    notice: Annotated[
        Path | None, typer.Option("--notice", help="With --combined: folder for NOTICE and CREDITS.md.")
    ] = None,
    catalog: CatalogFolder = CATALOG,
    warehouse: WarehouseFile = WAREHOUSE,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Exit 0 when every source and row may be used for the purpose, else 1 with the reason and what closes it."""
    from catalog import load_policy
    from flows.answer_gate import gate_answers
    from flows.answer_manifest import answer_manifest

    if not source_ids and manifest is None:
        raise InvalidInput("name the sources, or give a corpus manifest with --manifest")
    if rows_to is not None and manifest is None:
        raise InvalidInput("--rows-to needs --manifest")
    if notice is not None and not combined:
        raise InvalidInput("--notice needs --combined")
    if combined and not source_ids:
        raise InvalidInput("--combined needs the sources that are joined")
    needed = require or (Tier.PRODUCTION_APPROVED if purpose is Purpose.PRODUCTION else Tier.RESEARCH_ONLY)
    rules = load_policy(policy)
    moment, acquired = moment_of(at, "--at"), moment_of(acquired_at, "--acquired-at")
    answers = gate_answers(warehouse, source_ids or [], needed, rules, at=moment, acquired_at=acquired)
    rows = (
        None
        if manifest is None
        else answer_manifest(
            warehouse, manifest, needed, rules, at=moment, acquired_at=acquired, rows_to=rows_to, items=items
        )
    )
    together = None
    if combined:
        from flows.combine_sources import combine_sources, write_notice

        together = combine_sources(warehouse, source_ids or [], needed, at=moment)
        if notice is not None:
            from catalog import load_catalog

            for path in write_notice(warehouse, together, load_catalog(catalog), notice, at=moment):
                note(f"written to {path}")
    passes = all(a.passes for a in answers) and (rows is None or rows.passes)
    passes = passes and (together is None or together.passes)
    if as_json:
        shape: dict[str, object] = {
            "passes": passes,
            "purpose": purpose.value,
            "sources": [a.shape() for a in answers],
        }
        if together is not None:
            shape["combined"] = together.shape()
        if rows is not None:
            shape["manifest"] = rows.shape()
        emit_json(shape)
    else:
        for answer in answers:
            emit_line(answer.line())
        for line in together.lines() if together is not None else ():
            emit_line(line)
        if rows is not None:
            from flows.word_manifest import manifest_lines

            for line in manifest_lines(rows):
                emit_line(line)
    if junit is not None:
        from flows.place_file import put_in_place
        from flows.word_manifest import gate_cases
        from reports.junit import junit_xml

        put_in_place(junit, junit_xml(f"clearance gate: {needed.value}", gate_cases(answers, rows)))
    if not passes:
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


def review(
    source_id: Annotated[str, typer.Argument(help="The source judged.")],
    role: Annotated[str, typer.Option("--role", help="In which role: owner, counsel, product, privacy, …")],
    by: Annotated[str, typer.Option("--by", help="Who judges.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")],
    closes: Annotated[list[str] | None, typer.Option("--closes", help="A gate it closes; may be repeated.")] = None,
    quote: Annotated[str | None, typer.Option("--quote", help="The sentence of the page it rests on.")] = None,
    scope: Annotated[str | None, typer.Option("--scope", help="For which part or use.")] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="The day it ends, such as 2027-11-24.")] = None,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    warehouse: WarehouseFile = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Record a person's judgment as a reviewable file, and decide by it at once where there is a warehouse."""
    from flows.file_review import file_review, judgment

    made = judgment(
        source_id,
        role=role,
        by=by,
        reason=reason,
        closes=closes or (),
        quote=quote,
        scope=scope,
        expires=_day(expires),
    )
    filed = file_review(catalog, policy, warehouse, made, note)
    if as_json:
        shape = {"path": str(filed.path), "source_id": source_id, "closes": list(made.closes)}
        emit_json({**shape, "tier": None if filed.decision is None else filed.decision.tier.value})
    else:
        emit_line(filed.words)


def effort_record(
    source_id: Annotated[str, typer.Argument(help="The source that was adopted.")],
    part: Annotated[EffortPart, typer.Option("--part", help="Which part of the work.")],
    days: Annotated[float, typer.Option("--days", help="Person-days it took.")],
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
    estimated: Annotated[
        float | None, typer.Option("--estimated", help="The likely days it was planned with; else today's estimate.")
    ] = None,
    about: Annotated[str, typer.Option("--note", help="What made it longer or shorter.")] = "",
    catalog: CatalogFolder = CATALOG,
    warehouse: WarehouseFile = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Record what a part of the work really took; estimates of that part learn from it."""
    from catalog import load_catalog, load_effort_records, save_effort_record
    from domain.deciding import EffortRecord
    from flows.file_review import planned_days
    from scoring.calibration import multiplier

    if source_id not in {source.id for _, _, source in load_catalog(catalog).sources}:
        raise InvalidInput(f"no source is called {source_id}: `clearance status` lists them all")
    planned = estimated if estimated is not None else planned_days(warehouse, source_id, part)
    record = EffortRecord(
        source_id=source_id,
        part=part,
        days=days,
        estimated=planned,
        made_on=datetime.now(UTC).date(),
        by=by,
        note=about,
    )
    path = save_effort_record(catalog, record)
    known = multiplier(part, load_effort_records(catalog))
    if as_json:
        emit_json(
            {
                "path": str(path),
                "part": part.value,
                "records": known.records,
                "multiplier": round(known.value, 3),
                "interval": [round(known.low, 3), round(known.high, 3)],
            }
        )
    else:
        emit_line(f"written to {path}; {known.words}")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--expires {text!r} is no day: write 2027-11-24") from error


def register(app: typer.Typer) -> None:
    """Add the commands."""
    effort = typer.Typer(no_args_is_help=True, help="What adopting sources really took.")
    effort.command("record")(effort_record)
    app.command("gate")(gate)
    app.command("assess")(assess)
    app.command("review")(review)
    app.add_typer(effort, name="effort")

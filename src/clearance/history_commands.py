"""Commands that ask the warehouse: status, drift, show, query, verify."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
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
    DiffForm,
    PolicyFolder,
    WarehouseFile,
)
from clearance.output import emit_json, emit_line, moment_of, show, terminal
from domain.claims import NOTHING_STATED, MachineWords, Standing, StatedKind
from domain.errors import InvalidInput
from domain.vocabulary import Action


def status(
    warehouse: WarehouseFile = WAREHOUSE,
    at: AtTime = None,
    watches: Annotated[bool, typer.Option("--watches", help="How each watch fares, instead of each source.")] = False,
    every: Annotated[
        float, typer.Option("--every", min=0.01, help="Hours between two looks, as scheduled; with --watches.")
    ] = 24.0,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Every source with its tier, what it would be once looked at, and what closes the gap."""
    if watches:
        if at is not None:
            raise InvalidInput("--watches shows the present: leave --at out")
        from clearance.watch_status import show_watches

        show_watches(warehouse, catalog, policy, every, as_json=as_json)
        return
    from warehouse.query import Reader

    with Reader.open(warehouse) as reader:
        decisions = list(reader.decisions(moment_of(at, "--at")).values())
    if as_json:
        from clearance.shapes import status_shape

        emit_json([status_shape(decision) for decision in decisions])
        return
    from reports.status_table import status_table

    width, color = terminal()
    sys.stdout.write(status_table(decisions, width, color=color) + "\n")


def drift(
    warehouse: WarehouseFile = WAREHOUSE,
    since: Annotated[str | None, typer.Option("--since", help="After this run, or from this time on.")] = None,
    as_json: AsJson = False,
) -> None:
    """What changed on the watched pages, with the words before and after."""
    from warehouse.query import Reader

    with Reader.open(warehouse) as reader:
        changes = reader.recent_changes(_run_or_time(since))
    if as_json:
        from clearance.shapes import drift_shape

        emit_json([drift_shape(change) for change in changes])
        return
    from domain.vocabulary import ChangeClass
    from reports.terminal import drift_table

    shown = [change for change in changes if change.change.kind is not ChangeClass.FIRST]
    show(drift_table(shown))
    if not shown:
        emit_line("nothing changed")


def _run_or_time(since: str | None) -> str | datetime | None:
    try:
        return moment_of(since, "--since")
    except InvalidInput:
        # No time, so the id of a run; the warehouse says so when there is none.
        return since


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT over the views; see docs/cookbook.md.")],
    warehouse: WarehouseFile = WAREHOUSE,
    as_json: AsJson = False,
) -> None:
    """Ask the history in SQL: read-only, without files or network."""
    from warehouse.query import Reader

    with Reader.open(warehouse) as reader:
        names, rows = reader.query(sql)
    if as_json:
        emit_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    from reports.terminal import rows_table

    show(rows_table(names, rows))


def verify(warehouse: WarehouseFile = WAREHOUSE, as_json: AsJson = False) -> None:
    """Walk from the assessment down to the bytes; exit 1 when anything is missing or altered."""
    from warehouse.query import Reader

    with Reader.open(warehouse) as reader:
        found = reader.verify()
    walked = {
        name: getattr(found, name)
        for name in ("assessments", "decisions", "findings", "versions", "snapshots", "bodies")
    }
    if as_json:
        emit_json({**walked, "holes": list(found.holes)})
    else:
        emit_line("walked " + ", ".join(f"{number} {name}" for name, number in walked.items()))
        for hole in found.holes:
            emit_line(f"hole: {hole}")
        emit_line(f"{len(found.holes)} holes" if found.holes else "no hole")
    if found.holes:
        raise typer.Exit(1)


def show_source(
    source_id: Annotated[str, typer.Argument(help="The source; `clearance status` lists them.")],
    warehouse: WarehouseFile = WAREHOUSE,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    at: AtTime = None,
    history: Annotated[bool, typer.Option("--history", help="Every version of its pages and what changed.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="The words of the last change, before and after.")] = False,
    right: Annotated[Action | None, typer.Option("--right", help="With --history: changes of this right.")] = None,
    form: Annotated[DiffForm, typer.Option("--format", help="With --diff: for whom.")] = DiffForm.TERMINAL,
    question: Annotated[bool, typer.Option("--question", help="Draft the mail to the publisher.")] = False,
    text: Annotated[bool, typer.Option("--text", help="The text read, with every finding in place.")] = False,
    as_json: AsJson = False,
) -> None:
    """Why a source has its tier: rights, gates, evidence, history, words."""
    from catalog import load_catalog
    from warehouse.query import Reader

    source = next((s for _, _, s in load_catalog(catalog).sources if s.id == source_id), None)
    if source is None:
        raise InvalidInput(f"no source is called {source_id}: `clearance status` lists them all")
    with Reader.open(warehouse) as reader:
        if history or diff:
            from clearance.show_history import show_diff, show_history

            if diff:
                show_diff(reader, source_id, form=form, as_json=as_json)
            else:
                show_history(reader, source_id, right=right, as_json=as_json)
            return
        if text:
            from reports.reading_text import explained_text

            states = [state for state in reader.watch_states().values() if state.source_id == source_id]
            for state in states:
                if state.accepted is not None:
                    emit_line(f"== {state.url} ==\n{explained_text(state.accepted.reading)}")
            return
        moment = moment_of(at, "--at")
        decision = reader.decisions(moment).get(source_id)
        standing = {key: state for key, state in reader.statements(moment).items() if key[0] == source_id}
    if decision is None:
        raise InvalidInput(f"{source_id} was not decided yet: run `clearance run`, or choose a later --at")
    if question:
        from reports.question import draft_question

        emit_line(draft_question(source, decision, moment))
    elif as_json:
        from clearance.shapes import decision_shape, machine_shape

        emit_json({**decision_shape(decision), **machine_shape(_stated(standing, source_id, policy))})
    else:
        from reports.terminal import source_why

        show(source_why(source, decision, _stated(standing, source_id, policy)))


def _stated(standing: Mapping[tuple[str, StatedKind, str], Standing], source_id: str, policy: Path) -> MachineWords:
    """What machines state about one source; the policy is needed only where there are words to read."""
    if not standing:
        return NOTHING_STATED
    from catalog import load_policy
    from flows.machine_words import machine_words
    from terms.reader import Reader as TermsReader

    return machine_words(standing, TermsReader(load_policy(policy).families)).get(source_id, NOTHING_STATED)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("status")(status)
    app.command("drift")(drift)
    app.command("show")(show_source)
    app.command("query")(query)
    app.command("verify")(verify)

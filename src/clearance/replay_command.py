"""`clearance replay`: a recording, response by response."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearance.options import CATALOG, POLICY, AsJson, PolicyFolder
from clearance.output import emit_json, emit_line, note, show
from domain.errors import InvalidInput
from domain.vocabulary import ChangeClass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.catalog import Source
    from domain.policy import Policy
    from flows.replay_recording import ReplayLine


FIRST = ChangeClass.FIRST


class Confirm(StrEnum):
    """How a change is confirmed: by the response that shows it, or by the next one."""

    NONE = "none"
    NEXT = "next"


def replay(
    recordings: Annotated[
        list[Path] | None, typer.Argument(help="WARC files, plain or gzipped; none: the warehouse's own history.")
    ] = None,
    catalog: Annotated[Path | None, typer.Option("--catalog", help="Replay this catalog's watches.")] = None,
    url: Annotated[list[str] | None, typer.Option("--url", help="Only this page; may be repeated.")] = None,
    warehouse: Annotated[Path | None, typer.Option("--warehouse", help="Keep what is found in this file.")] = None,
    confirm: Annotated[Confirm, typer.Option("--confirm", help="What confirms a change.")] = Confirm.NEXT,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Show what every recorded response changed, as if looked at in its time.

    Without a recording, read the stored history anew and show which past answers would be others today.
    """
    from catalog import load_catalog, load_policy
    from flows.replay_recording import replay_files

    rules = load_policy(policy)
    if not recordings:
        if warehouse is None:
            raise InvalidInput("nothing to replay: name WARC files, or a warehouse with --warehouse")
        _reread(warehouse, [source for _, _, source in load_catalog(catalog or CATALOG).sources], rules, as_json)
        return
    sources = None if catalog is None else [source for _, _, source in load_catalog(catalog).sources]
    lines = replay_files(
        recordings,
        sources,
        url or (),
        rules,
        confirm_next=confirm is Confirm.NEXT,
        warehouse=warehouse,
        catalog_name="" if catalog is None else str(catalog),
        note=note,
    )
    if not lines:
        raise InvalidInput("no recorded response belongs to a page that is asked for")
    summary = _summary(lines)
    if as_json:
        from clearance.shapes import replay_shape

        for line in lines:
            emit_json(replay_shape(line))
        emit_json({"summary": True, **summary})
        return
    from reports.terminal import drift_table

    show(drift_table([line.record for line in lines if line.record is not None and line.change.kind is not FIRST]))
    counts = Counter(line.change.kind.value for line in lines)
    emit_line(
        f"{summary['responses']} responses of {summary['pages']} pages: "
        + ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        + f"; alerts: {summary['alerts']}"
    )


def _reread(warehouse: Path, sources: Sequence[Source], policy: Policy, as_json: bool) -> None:
    from clearance.shapes import reread_shape
    from flows.reread_history import reread_history

    found = reread_history(warehouse, sources, policy)
    for item in found.other:
        if as_json:
            emit_json(reread_shape(item))
        else:
            emit_line(
                f"{item.before.source_id}, seen {item.before.seen_at:%Y-%m-%d}: {item.determination_before.value} "
                f"would be {item.determination_after.value}; {item.change.reason}"
            )
    if as_json:
        emit_json({"summary": True, "versions": found.versions, "other": len(found.other), "lost": found.lost})
    else:
        emit_line(f"{found.versions} versions read anew, {len(found.other)} give another answer, {found.lost} lost")


def _summary(lines: list[ReplayLine]) -> dict[str, object]:
    return {
        "responses": len({(line.look.url, line.look.at) for line in lines}),
        "lines": len(lines),
        "pages": len({line.look.url for line in lines}),
        "outcomes": dict(Counter(line.look.outcome.value for line in lines)),
        "changes": dict(Counter(line.change.kind.value for line in lines)),
        "confirmed": sum(line.confirmed and line.change.kind.value == "material" for line in lines),
        "alerts": sum(line.alert for line in lines),
    }


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)

"""`clearance catalog`: check the catalog, begin a new file of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, AsJson, CatalogFolder, PolicyFolder
from clearance.output import emit_json, emit_line, note
from domain.catalog import ProbeApi
from domain.vocabulary import Layer, SpeaksFor, WatchRole

COULD_NOT_LOOK = 3

catalog_app = typer.Typer(no_args_is_help=True, help="The catalog: what we watch and what we know.")


@catalog_app.command("lint")
def lint(
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    complete: Annotated[bool, typer.Option("--complete", help="Demand all that the shipped catalog says.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load catalog, reviews and policy, and say everything that is wrong; exit 1 when not complete."""
    from catalog import (
        lint_complete,
        load_catalog,
        load_effort_records,
        load_entitlements,
        load_policy,
        load_reviews,
    )

    loaded = load_catalog(catalog)
    filed = {
        *(review.source_id for review in load_reviews(catalog)),
        *(entitlement.source_id for entitlement in load_entitlements(catalog)),
        *(record.source_id for record in load_effort_records(catalog)),
    }
    load_policy(policy)
    known = {source.id for _, _, source in loaded.sources}
    strangers = sorted(name for name in filed if name.partition(":")[0] not in known)
    missing = (
        *(f"{name}: something is filed about it, and no source is called so. Mend the file" for name in strangers),
        *(lint_complete(loaded) if complete else ()),
    )
    if as_json:
        emit_json({"sources": len(loaded.sources), "missing": list(missing)})
    else:
        for line in missing:
            emit_line(line)
        said = f", {len(missing)} things missing" if complete else "; --complete tells what is missing"
        emit_line(f"{len(loaded.sources)} sources{said}")
    if missing:
        raise typer.Exit(1)


@catalog_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="The dataset's page: on a hub, a repository, a code host, or its own.")],
    provider: Annotated[str | None, typer.Option("--provider", help="File name of the new catalog file.")] = None,
    source_id: Annotated[str | None, typer.Option("--id", help="What training code will gate on.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="What the publisher calls the dataset.")] = None,
    layer: Annotated[Layer | None, typer.Option("--layer", help="The part of the dataset.")] = None,
    role: Annotated[WatchRole | None, typer.Option("--role", help="What kind of page it is.")] = None,
    speaks_for: Annotated[SpeaksFor | None, typer.Option("--speaks-for", help="In whose name.")] = None,
    api: Annotated[ProbeApi | None, typer.Option("--api", help="The interface behind the page.")] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Private host that the URL may name.")
    ] = None,
    catalog: CatalogFolder = CATALOG,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Look at a dataset's page and draft its catalog file: quotes where something was seen, else blanks."""
    from catalog import add_drafted, lint_complete, load_catalog, load_policy
    from flows.draft_entry import Overrides, draft_entry
    from reports.escape import plain
    from terms.reader import Reader

    overrides = Overrides(
        provider=provider, source_id=source_id, name=name, layer=layer, role=role, speaks_for=speaks_for, api=api
    )
    draft = draft_entry(url, Reader(load_policy(policy).families), overrides, allow=tuple(allow_host or ()))
    if not draft.looked and not (provider and source_id and name):
        for text in draft.notes:
            note(f"clearance: {text}")
        note("clearance: nothing could be looked at; say --provider, --id and --name to begin without")
        raise typer.Exit(COULD_NOT_LOOK)
    today = datetime.now(UTC).date()
    path = add_drafted(
        catalog, draft.provider, draft.content, f"Drafted from {url} on {today}; nobody reviewed it yet."
    )
    missing = [line for line in lint_complete(load_catalog(catalog)) if line.startswith(f"{draft.source_id}:")]
    if as_json:
        emit_json({"path": str(path), "source_id": draft.source_id, "missing": missing, "notes": list(draft.notes)})
        return
    for text in draft.notes:
        emit_line(f"note: {plain(text)}")
    for line in missing:
        emit_line(f"blank: {plain(line)}")
    emit_line(f"written to {path}: {len(missing)} blanks; `clearance catalog lint --complete` tells when none is left")


@catalog_app.command("sample")
def sample(
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same sources.")],
    count: Annotated[int, typer.Option("--count", min=1, help="How many sources.")] = 20,
    catalog: CatalogFolder = CATALOG,
    as_json: AsJson = False,
) -> None:
    """Draw sources to check by hand: fit, risk, license, quote and link of each; and how sure the catalog is of all."""
    from catalog import confidence_counts, load_catalog
    from catalog import sample as draw

    loaded = load_catalog(catalog)
    drawn = draw(loaded, seed, count)
    counts = confidence_counts(loaded)
    if as_json:
        emit_json({"seed": seed, "confidence": counts, "sources": [one.shape() for one in drawn]})
        return
    for one in drawn:
        emit_line(f"{one.source_id} ({one.layer})")
        for fit in one.fits:
            emit_line(f"  fit: {fit}")
        for risk in one.risks:
            emit_line(f"  risk: {risk}")
        for claim in one.claims:
            said = "no words seen" if claim.quote is None else f"“{claim.quote}”"
            seen = "" if claim.seen is None else f", seen {claim.seen.isoformat()}"
            emit_line(f"  {claim.license} ({claim.confidence.value}, {claim.speaks_for.value}{seen}): {said}")
            emit_line(f"    {claim.url or 'no page'}")
        for url in one.watched:
            emit_line(f"  watched: {url}")
    total = ", ".join(f"{number} {word}" for word, number in counts.items())
    emit_line(f"{len(drawn)} of {len(loaded.sources)} sources by seed {seed}; license declared: {total}")


@catalog_app.command("schema")
def schema(
    out: Annotated[Path | None, typer.Option("--out", help="Where the schema goes; without it, to stdout.")] = None,
) -> None:
    """The JSON Schema of a catalog file, for editors."""
    from catalog.schema import schema_text

    if out is None:
        emit_line(schema_text().rstrip("\n"))
    else:
        out.write_text(schema_text(), encoding="utf-8")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(catalog_app, name="catalog")

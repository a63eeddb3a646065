"""`clearance catalog`: check the catalog, begin a new file of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearance.options import CATALOG, POLICY, AsJson, CatalogFolder, PolicyFolder
from clearance.output import emit_json, emit_line
from domain.vocabulary import Layer, SpeaksFor, WatchRole

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
        emit_line(f"{len(loaded.sources)} sources, {len(missing)} things missing")
    if missing:
        raise typer.Exit(1)


@catalog_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="The page on which the terms stand.")],
    provider: Annotated[str, typer.Option("--provider", help="File name of the new catalog file.")],
    source_id: Annotated[str, typer.Option("--id", help="What training code will gate on.")],
    name: Annotated[str, typer.Option("--name", help="What the publisher calls the dataset.")],
    layer: Annotated[Layer, typer.Option("--layer", help="The part of the dataset.")] = Layer.METADATA,
    role: Annotated[WatchRole, typer.Option("--role", help="What kind of page it is.")] = WatchRole.LICENSE,
    speaks_for: Annotated[SpeaksFor, typer.Option("--speaks-for", help="In whose name.")] = SpeaksFor.PUBLISHER,
    catalog: CatalogFolder = CATALOG,
) -> None:
    """Begin a catalog file with one source and one watch."""
    from catalog import add_provider

    path = add_provider(
        catalog,
        provider=provider,
        source_id=source_id,
        name=name,
        layer=layer,
        url=url,
        role=role,
        speaks_for=speaks_for,
    )
    emit_line(f"written to {path}; `clearance catalog lint --complete` tells what is still missing")


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

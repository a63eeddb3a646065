"""The site from what is stored: the decisions as they count now, and everything remembered about them."""

from __future__ import annotations

import re
from pathlib import Path

from domain.errors import InvalidInput
from flows.look_at_pages import pages_of
from flows.place_file import put_in_place
from flows.run_settings import Run, RunSettings, inputs_of
from flows.write_assessment import problems_of_looking, unreadable_pages
from reports.site.render import LIST_OF_FILES, render_site
from reports.site.rows import SiteRows
from warehouse.query import Reader

_OUR_FILE = re.compile(r"[0-9a-f]{64}  ((?:sources/)?[a-z0-9][a-z0-9_.-]*\.html)")


def write_site(warehouse: Path, catalog: Path, policy: Path, folder: Path) -> int:
    """Render every page into `folder` and return how many there are. Pages of an earlier site that no
    longer exist are removed. InvalidInput where there is nothing decided, or where the folder holds
    anything else: it would be handed over with the site."""
    before = _earlier_pages(folder)
    pages = render_site(site_rows(warehouse, catalog, policy))
    # Gone pages first: an old approval must not outlive its source, not even in a killed run.
    for path in sorted(before - pages.keys()):
        (folder / path).unlink(missing_ok=True)
    for path in (LIST_OF_FILES, *sorted(pages.keys() - {LIST_OF_FILES})):
        put_in_place(folder / path, pages[path])
    return len(pages) - 1


def site_rows(warehouse: Path, catalog: Path, policy: Path) -> SiteRows:
    """Everything the site shows. Expired evidence approves nothing, whatever was decided while it was fresh."""
    inputs = inputs_of(Run.begin(RunSettings(catalog=str(catalog), policy=str(policy), warehouse=str(warehouse))))
    known = {source.id for _, _, source in inputs.catalog.sources}
    with Reader.open(warehouse) as reader:
        decisions = [decision for name, decision in reader.decisions().items() if name in known]
        if not decisions:
            raise InvalidInput(f"nothing is decided in {warehouse} about this catalog: run `clearance run` first")
        states = reader.watch_states()
        pages = pages_of([source for _, _, source in inputs.catalog.sources])
        return SiteRows(
            catalog=inputs.catalog,
            decisions=decisions,
            policy=inputs.policy,
            facts=[fact for fact in reader.facts() if fact.source_id in known],
            changes=[change for change in reader.recent_changes() if change.source_id in known],
            problems_of_looking=problems_of_looking(inputs, states),
            pages_looked_at=len(pages) - len(unreadable_pages(inputs, states)),
            pages_total=len(pages),
            versions=[version for name in sorted(known) for version in reader.versions_of(name)],
            accepted=[
                state.accepted for state in states.values() if state.accepted is not None and state.source_id in known
            ],
            tier_steps=[step for step in reader.tier_steps() if step.source_id in known],
        )


def _earlier_pages(folder: Path) -> set[str]:
    """The pages an earlier site left in the folder, by its own list."""
    if folder.exists() and not folder.is_dir():
        raise InvalidInput("is a file: the site needs a folder", folder)
    listed = folder / LIST_OF_FILES
    if listed.is_file():
        lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()
        return {match[1] for line in lines if (match := _OUR_FILE.fullmatch(line))}
    if folder.is_dir() and any(folder.iterdir()):
        raise InvalidInput("is not empty and holds no site: name a new or empty folder", folder)
    return set()

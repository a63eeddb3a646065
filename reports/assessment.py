"""`MLCORE_DATASET_VIABILITY_ASSESSMENT.md`: the document people decide from.

The same rows give the same bytes: no present time and no last-look time stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from domain.catalog import Catalog
from domain.claims import MachineWords
from domain.deciding import Decision, Entitlement, Review
from domain.history import ChangeRecord, TierStep
from domain.policy import Policy
from domain.probing import DatasetFact
from reports.compose import assessment_view
from reports.escape import finalize

FILE_NAME = "MLCORE_DATASET_VIABILITY_ASSESSMENT.md"

_BLANK_LINES = re.compile(r"\n{3,}")
_PART = 1_000_000


def assessment_parts(
    *,
    catalog: Catalog,
    decisions: Sequence[Decision],
    policy: Policy,
    facts: Sequence[DatasetFact],
    changes: Sequence[ChangeRecord],
    problems_of_looking: Mapping[str, str],
    pages_looked_at: int,
    pages_total: int,
    reviews: Sequence[Review] = (),
    entitlements: Sequence[Entitlement] = (),
    tier_steps: Sequence[TierStep] = (),
    stated: Mapping[str, MachineWords] = MappingProxyType({}),
    at: datetime | None = None,
) -> Iterator[str]:
    """The assessment as Markdown, part by part, ending in one newline.

    `problems_of_looking` maps a source id to why its pages could not be looked at, `stated` one to what
    machines state about it; `reviews` and `entitlements` are what persons filed, `tier_steps` how tiers
    moved. `at` is the time the decisions were made for: what was recorded later is marked as such, and it
    shows in no other way. The order of the sequences does not matter. Raises `ValueError` when a decision's
    source is not in the catalog.
    """
    view = assessment_view(
        catalog=catalog,
        decisions=decisions,
        policy=policy,
        facts=facts,
        changes=changes,
        problems_of_looking=problems_of_looking,
        pages_looked_at=pages_looked_at,
        pages_total=pages_total,
        reviews=reviews,
        entitlements=entitlements,
        tier_steps=tier_steps,
        stated=stated,
        at=at,
    )
    return _tidied(_environment().get_template("assessment.md.j2").generate(view=view))


def _tidied(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces without more than one blank line in a row, ending in one newline.

    No value holds a newline (`md` sees to it), so only the template's own blank lines meet this. The document of
    a large catalog is not held here: newlines at the end of a part wait for the next one.
    """
    first = True
    part, size, newlines = [], 0, ""
    for piece in pieces:
        part.append(piece)
        size += len(piece)
        if size >= _PART:
            text = newlines + "".join(part)
            part, size = [], 0
            newlines = text[len(text.rstrip("\n")) :]
            tidy = _BLANK_LINES.sub("\n\n", text[: len(text) - len(newlines)])
            yield tidy.lstrip() if first else tidy
            first = False
    tidy = _BLANK_LINES.sub("\n\n", newlines + "".join(part)).rstrip() + "\n"
    yield tidy.lstrip() if first else tidy


def assessment_path(out: Path) -> Path:
    """Where the assessment goes: `out` itself when it names a `.md` file, else a file in that folder."""
    return out if out.suffix == ".md" and not out.is_dir() else out / FILE_NAME


def _environment() -> Environment:
    # Escaping is `finalize`'s: HTML escaping would be the wrong kind for Markdown.
    return Environment(
        loader=PackageLoader("reports", "templates"),
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Else every section asks the disk whether its template changed.
        auto_reload=False,
    )

"""Five worked estimates of the shipped drivers. Run it to write them into `docs/effort.md`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scoring_cases import source

from catalog import load_policy
from domain.catalog import Hosting, Privacy, Source, StatedFacts
from domain.deciding import Effort, EffortRecord
from domain.probing import DatasetFact
from domain.reading import PerItem
from domain.vocabulary import Access, Availability, Duty, EffortPart, Layer, PersonalData
from scoring.effort import Workload, estimate

ROOT = Path(__file__).parents[2]
POLICY = load_policy(ROOT / "policy")
DOCUMENT = ROOT / "docs" / "effort.md"
BEGIN, END = "<!-- examples: begin -->", "<!-- examples: end -->"
GB = 10**9


@dataclass(frozen=True)
class Example:
    """A source, what was decided about it that makes work, and what was recorded before."""

    title: str
    source: Source
    workload: Workload = field(default_factory=Workload)
    facts: tuple[DatasetFact, ...] = ()
    actuals: tuple[EffortRecord, ...] = ()


def record(days: float, estimated: float, part: EffortPart = EffortPart.INGESTION) -> EffortRecord:
    return EffortRecord(
        source_id="earlier", part=part, days=days, estimated=estimated, made_on=date(2026, 9, 1), by="C. Engineer"
    )


DUMP = source(
    id="identity_dump",
    access=Access.OPEN_DOWNLOAD,
    identifiers=("MBID", "ISRC"),
    stated=StatedFacts(formats=("SQL table dump",), cadence_days=3.5, size_bytes=7 * GB),
)
EXAMPLES = (
    Example("A dump of identities under CC0, twice a week", DUMP, Workload(mixed_provider=True)),
    Example(
        "Listening events of pseudonymous users",
        source(
            id="listens",
            layer=Layer.BEHAVIOR,
            access=Access.OPEN_DOWNLOAD,
            identifiers=("MBID",),
            stated=StatedFacts(formats=("JSON",), size="about 130 GB", cadence_days=14),
            privacy=Privacy(personal_data=PersonalData.PSEUDONYMOUS),
        ),
    ),
    Example(
        "A hundred thousand tracks, each with its own license",
        source(
            id="tracks",
            layer=Layer.AUDIO,
            access=Access.OPEN_DOWNLOAD,
            identifiers=(),
            stated=StatedFacts(formats=("MP3",), size_bytes=900 * GB),
            availability=Hosting(status=Availability.FROZEN),
        ),
        Workload(duties=(Duty.ATTRIBUTION,), per_item=PerItem.ALL_AT_LEAST_RESEARCH),
    ),
    Example(
        "Pretrained weights under MIT, size unknown",
        source(
            id="weights",
            layer=Layer.MODEL_WEIGHTS,
            access=Access.OPEN_DOWNLOAD,
            identifiers=("model name",),
            stated=StatedFacts(formats=("HDF5",)),
        ),
    ),
    Example(
        "The first again, after four works that took half as long again",
        DUMP,
        Workload(mixed_provider=True),
        actuals=(record(3, 2), record(6, 4), record(4.5, 3), record(1.5, 1)),
    ),
)


def effort_of(example: Example) -> Effort:
    """The estimate by the shipped drivers."""
    return estimate(example.source, example.workload, example.facts, POLICY, example.actuals)


def worked() -> str:
    """The examples as Markdown."""
    return "\n\n".join(_worked(number, example) for number, example in enumerate(EXAMPLES, start=1))


def _worked(number: int, example: Example) -> str:
    effort = effort_of(example)
    units = {driver.id: driver.unit for driver in POLICY.effort}
    lines = [
        f"### {number}. {example.title}",
        "",
        "| part | driver | low | likely | high | fact it stands on | unit |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {c.part.value} | `{c.driver}` | {c.low:g} | {c.likely:g} | {c.high:g} | {c.fact}"
        f" | {units.get(c.driver, 'days')} |"
        for part in EffortPart
        for c in effort.of(part).contributions
    ]
    for part in EffortPart:
        of = effort.of(part)
        lines.append(f"| **{part.value}** | | **{of.low:g}** | **{of.likely:g}** | **{of.high:g}** | | |")
    lines.append(f"| **all** | | **{effort.low:g}** | **{effort.likely:g}** | **{effort.high:g}** | | |")
    return "\n".join(lines)


def with_examples(document: str) -> str:
    """The document with the examples as they are today between its marks."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n{worked()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    DOCUMENT.write_text(with_examples(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} holds the examples of today\n")

"""Person-days of adopting a source: every driver with its contribution and the fact it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Provider, Source
from domain.deciding import Effort, EffortContribution, EffortRecord
from domain.errors import InvalidInput
from domain.policy import Policy
from domain.probing import DatasetFact
from domain.reading import PerItem
from domain.vocabulary import Access, Availability, Duty, EffortPart, Layer, PersonalData
from scoring import measures
from scoring.calibration import multiplier

SPREAD = 2.0
"""No estimate is surer than this: the high end is at least so many times the low end."""

_SQL = ("sql", "postgres", "mbdump", "table dump")
_CSV = ("csv", "tsv", "tab-separated")
_AUDIO = ("audio", "mp3", "wav", "flac", "ogg", "opus", "m4a", "aac")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What was decided about a source that makes work."""

    duties: tuple[Duty, ...] = ()
    per_item: PerItem = PerItem.NO
    contradiction_open: bool = False
    custom_terms: bool = False
    mixed_provider: bool = False


def mixed_provider(provider: Provider) -> bool:
    """Whether a provider's sources are declared under different licenses."""
    declared = {s.claims[0].license for d in provider.datasets for s in d.sources if s.claims}
    return len(declared) > 1


def estimate(
    source: Source,
    workload: Workload,
    facts: Sequence[DatasetFact],
    policy: Policy,
    actuals: Sequence[EffortRecord] = (),
) -> Effort:
    """Apply every driver of `policy/effort.yaml` whose fact holds, then what `actuals` teach. Raises
    InvalidInput for a driver whose `when` is not known."""
    holding = _tests(source, workload, facts)
    found = []
    for driver in policy.effort:
        if driver.when not in holding:
            known = ", ".join(sorted(holding))
            raise InvalidInput(f"effort driver {driver.id}: unknown `when: {driver.when}`; use one of {known}")
        fact = holding[driver.when]
        if fact:
            found.append(EffortContribution(driver.id, driver.part, driver.low, driver.likely, driver.high, fact))
    found += [learned for part in EffortPart for learned in _learned(part, Effort(tuple(found)), actuals)]
    total = Effort(tuple(found))
    missing = round(SPREAD * total.low - total.high, 1)
    if missing > 0:
        why = f"no estimate is surer than a factor of {SPREAD:g}"
        found.append(EffortContribution("uncertainty", EffortPart.INGESTION, 0.0, 0.0, missing, why))
    return Effort(tuple(found))


def _learned(part: EffortPart, drivers: Effort, actuals: Sequence[EffortRecord]) -> Iterable[EffortContribution]:
    """What the multiplier of a part adds to its drivers, or takes from them."""
    known = multiplier(part, actuals)
    of_part = drivers.of(part)
    if known.records and of_part.contributions:
        low, likely, high = (
            round((known.value - 1) * days, 2)
            for days in (
                sum(c.low for c in of_part.contributions),
                sum(c.likely for c in of_part.contributions),
                sum(c.high for c in of_part.contributions),
            )
        )
        yield EffortContribution("actuals", part, low, likely, high, known.words)


def _tests(source: Source, workload: Workload, facts: Sequence[DatasetFact]) -> Mapping[str, str]:
    """For every `when` the fact that makes it hold, in words; empty where it does not hold."""
    personal = source.privacy.personal_data if source.privacy is not None else None
    frozen = source.availability is not None and source.availability.status is Availability.FROZEN
    layers = {"layer_audio": Layer.AUDIO, "layer_behavior": Layer.BEHAVIOR, "model_weights": Layer.MODEL_WEIGHTS}
    duties = {f"duty_{duty.value}": duty for duty in (Duty.ATTRIBUTION, Duty.SHARE_ALIKE, Duty.COPYLEFT)}
    reached = (Access.OPEN_DOWNLOAD, Access.REGISTRATION, Access.REQUEST_FORM, Access.API_KEY, Access.SCRAPE)
    people = {
        "personal_pseudonymous": (PersonalData.PSEUDONYMOUS,),
        "personal_identifying": (PersonalData.IDENTIFYING, PersonalData.SPECIAL),
    }
    return {
        "always": f"source {source.id}",
        **{
            f"access_{access.value}": f"access: {access.value}" if source.access is access else "" for access in reached
        },
        **_size_tests(source, facts),
        **_format_tests(source, facts),
        **_identifier_tests(source),
        "cadence_frequent": _when(measures.cadence(source, facts), lambda days: days <= 31),
        "frozen": "availability: frozen" if frozen else "",
        **{name: f"layer: {layer.value}" if source.layer is layer else "" for name, layer in layers.items()},
        **{name: f"duty: {duty.value}" if duty in workload.duties else "" for name, duty in duties.items()},
        **{name: f"personal data: {personal}" if personal in kinds else "" for name, kinds in people.items()},
        "per_item_license": "every item has its own license" if workload.per_item is not PerItem.NO else "",
        "contradiction_open": "statements contradict each other" if workload.contradiction_open else "",
        "mixed_provider": "the provider's sources have different licenses" if workload.mixed_provider else "",
        "custom_terms": "the terms are no standard license" if workload.custom_terms else "",
    }


def _size_tests(source: Source, facts: Sequence[DatasetFact]) -> dict[str, str]:
    size = measures.size(source, facts)
    return {
        "size_over_10gb": _when(size, lambda number: number > 10 * measures.GB),
        "size_over_100gb": _when(size, lambda number: number > 100 * measures.GB),
        "size_over_1tb": _when(size, lambda number: number > 1000 * measures.GB),
        "size_unknown": "no size known" if size is None else "",
    }


def _format_tests(source: Source, facts: Sequence[DatasetFact]) -> dict[str, str]:
    line, words = measures.formats(source, facts)
    kinds = {"format_sql_dump": _SQL, "format_json": ("json",), "format_csv": _CSV, "format_audio": _AUDIO}
    tests = {name: words if any(word in line for word in marks) else "" for name, marks in kinds.items()}
    return {**tests, "format_unknown": "" if line else "no formats known"}


def _identifier_tests(source: Source) -> dict[str, str]:
    names = ", ".join(source.identifiers)
    line = names.casefold()
    return {
        "has_mbid": f"identifiers: {names}" if "mbid" in line or "musicbrainz" in line else "",
        "has_isrc": f"identifiers: {names}" if "isrc" in line else "",
        "no_identifier": "" if names else "no identifiers known",
    }


def _when(measure: measures.Measure | None, holds: Callable[[float], bool]) -> str:
    return measure.words if measure is not None and holds(measure.number) else ""

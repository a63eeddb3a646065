"""An SPDX 3 bill of materials of the datasets: JSON-LD after the dataset profile.

SPDX 3 calls declared what is found in the thing and concluded what the author of the document holds; so
what the publisher states goes into the first, what we decided into the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import assert_never
from urllib.parse import quote

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from domain.probing import DatasetFact
from domain.vocabulary import Access, Layer
from reports.acts import blocking
from reports.escape import plain
from reports.json_ld import first_address

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
SPEC = "3.0.1"
_NO_ASSERTION = "https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion"
_NONE = "https://spdx.org/rdf/3.0.1/terms/Licensing/None"

Entry = tuple[Provider, Dataset, Source]


def sbom(
    decisions: Sequence[Decision],
    entries: Mapping[str, Entry],
    facts: Sequence[DatasetFact],
    *,
    created: datetime,
    house: str,
    namespace: str = "https://clearance.invalid/spdx",
) -> dict[str, object]:
    """The document, ready for `json.dumps`; sources in order of id, each with exactly one declared and one
    concluded license. A source the catalog does not know is described by its decision alone. Sizes are
    measured bytes; what is not known is left out, except for the properties SPDX requires."""
    base = f"{namespace}/{sha256(repr(sorted(d.source_id for d in decisions)).encode()).hexdigest()[:16]}"
    author = f"{base}/author"
    graph: list[dict[str, object]] = [
        {
            "type": "CreationInfo",
            "@id": "_:creation",
            "specVersion": SPEC,
            "created": _time(created),
            "createdBy": [author],
        },
        {"type": "Organization", "spdxId": author, "creationInfo": "_:creation", "name": plain(house)},
    ]
    licenses: dict[str, str] = {}
    publishers: dict[str, str] = {}
    packages: list[dict[str, object]] = []
    relations: list[dict[str, object]] = []
    measured = {(fact.source_id, fact.name): fact for fact in facts}
    for decision in sorted(decisions, key=lambda decision: decision.source_id):
        entry = entries.get(decision.source_id)
        name = "unknown publisher" if entry is None else entry[0].name or entry[0].provider
        publisher = publishers.setdefault(plain(name), f"{base}/publisher/{len(publishers) + 1}")
        package = _package(decision, entry, measured, f"{base}/source/{quote(decision.source_id, safe='')}", publisher)
        packages.append(package)
        for kind, expression, why in (
            ("hasDeclaredLicense", decision.license_declared, "as the publisher states it, by the catalog's evidence"),
            ("hasConcludedLicense", decision.license_concluded, f"as concluded here, by {decision.decided_by}"),
        ):
            relations.append(
                {
                    "type": "Relationship",
                    "spdxId": f"{package['spdxId']}/{kind}",
                    "creationInfo": "_:creation",
                    "from": package["spdxId"],
                    "relationshipType": kind,
                    "to": [_license(licenses, base, expression)],
                    "comment": plain(why),
                }
            )
    graph += [
        {"type": "Organization", "spdxId": where, "creationInfo": "_:creation", "name": name}
        for name, where in publishers.items()
    ]
    graph += packages
    graph += [
        {
            "type": "simplelicensing_LicenseExpression",
            "spdxId": where,
            "creationInfo": "_:creation",
            "simplelicensing_licenseExpression": expression,
        }
        for expression, where in licenses.items()
    ]
    graph += relations
    graph.append(
        {
            "type": "SpdxDocument",
            "spdxId": f"{base}/document",
            "creationInfo": "_:creation",
            "name": "Datasets and their licenses",
            "profileConformance": ["core", "dataset", "simpleLicensing", "software"],
            "rootElement": [package["spdxId"] for package in packages],
        }
    )
    return {"@context": CONTEXT, "@graph": graph}


def _package(
    decision: Decision,
    entry: Entry | None,
    measured: Mapping[tuple[str, str], DatasetFact],
    where: str,
    publisher: str,
) -> dict[str, object]:
    package: dict[str, object] = {
        "type": "dataset_DatasetPackage",
        "spdxId": where,
        "creationInfo": "_:creation",
        "name": plain(decision.source_id),
        "summary": plain(_summary(decision)),
        "originatedBy": [publisher],
        "software_primaryPurpose": "model" if decision.layer == Layer.MODEL_WEIGHTS.value else "data",
        "software_downloadLocation": _location(decision, entry),
        "dataset_datasetType": [_dataset_type(decision.layer)],
        "comment": plain("; ".join(f"{gate.gate}: {gate.reason}" for gate in blocking(decision))),
    }
    released = _release(decision, measured)
    if released is not None:
        package |= {"builtTime": released, "releaseTime": released}
    size = measured.get((decision.source_id, "size_bytes"))
    if size is not None and size.measured and size.number is not None:
        package["dataset_datasetSize"] = int(size.number)
    if entry is not None:
        source = entry[2]
        if source.name:
            package["description"] = plain(source.name)
        if source.access is not None and (access := _availability(source.access)):
            package["dataset_datasetAvailability"] = access
        if source.stated.cadence:
            package["dataset_datasetUpdateMechanism"] = plain(source.stated.cadence)
        if source.privacy is not None:
            package["dataset_hasSensitivePersonalInformation"] = (
                "no" if source.privacy.personal_data.value == "none" else "yes"
            )
        if source.applications:
            package["dataset_intendedUse"] = plain("; ".join(fit.fit for fit in source.applications))
    return {name: value for name, value in package.items() if value != ""}


def _summary(decision: Decision) -> str:
    return f"tier {decision.tier.value}, determination {decision.determination.value}, layer {decision.layer}"


def _license(licenses: dict[str, str], base: str, expression: str) -> str:
    if expression == "NOASSERTION":
        return _NO_ASSERTION
    if expression == "NONE":
        return _NONE
    return licenses.setdefault(plain(expression), f"{base}/license/{len(licenses) + 1}")


def _location(decision: Decision, entry: Entry | None) -> str:
    known: list[str | None] = []
    if entry is not None:
        provider, dataset, source = entry
        hosted = None if source.availability is None else source.availability.url
        known = [hosted, dataset.homepage, provider.homepage]
    return first_address(*known, *(item.url for item in decision.evidence)) or "NOASSERTION"


def _release(decision: Decision, measured: Mapping[tuple[str, str], DatasetFact]) -> str | None:
    fact = measured.get((decision.source_id, "newest_release"))
    if fact is None:
        return None
    try:
        return f"{date.fromisoformat(fact.value).isoformat()}T00:00:00Z"
    except ValueError:
        return None


def _dataset_type(layer: str) -> str:
    match layer:
        case Layer.AUDIO.value:
            return "audio"
        case Layer.IMAGES.value:
            return "image"
        case Layer.LYRICS.value:
            return "text"
        case Layer.BEHAVIOR.value:
            return "timestamp"
        case Layer.FEATURES.value:
            return "numeric"
        case Layer.METADATA.value | Layer.ANNOTATIONS.value:
            return "structured"
        case _:
            return "other"


def _availability(access: Access) -> str:
    match access:
        case Access.OPEN_DOWNLOAD:
            return "directDownload"
        case Access.REGISTRATION | Access.REQUEST_FORM:
            return "registration"
        case Access.API_KEY:
            return "query"
        case Access.SCRAPE:
            return "scrapingScript"
        case Access.WITHDRAWN | Access.INTERNAL:
            return ""
    assert_never(access)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

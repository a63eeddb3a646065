"""DCAT in JSON-LD: a dataset and its distributions. Typed by people: stated. Turtle and RDF/XML are not read."""

from __future__ import annotations

from domain.claims import ClaimScope
from probes.apis.frequencies import days_of
from probes.apis.json_fields import Fields, day_in
from probes.apis.json_ld import children, is_a, local, nodes, value_of, words_of
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet

_ACCESS = {
    "PUBLIC": AccessGate.OPEN,
    "OPEN": AccessGate.OPEN,
    "RESTRICTED": AccessGate.RESTRICTED,
    "NON_PUBLIC": AccessGate.PRIVATE,
    "SENSITIVE": AccessGate.PRIVATE,
    "CONFIDENTIAL": AccessGate.PRIVATE,
}


def urls(page: str) -> tuple[str, ...]:
    """The address itself: catalogs have no common place for it."""
    return (page,) if page_of(page) else ()


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Stated facts; the licenses of the dataset and of each distribution, which may be narrower."""
    sheet = Sheet(source_id, answer)
    given = list(nodes([sheet.document()], sheet.notes))
    found = [node for node in given if is_a(node, "Dataset") and _is_dcat(node)]
    if len(found) != 1:
        return sheet.reading(f"{len(found)} datasets are described" if found else "no DCAT dataset in JSON-LD")
    node = found[0]
    sheet.fact("revision", words_of(node, "version") or "", measured=False)
    sheet.day("first_release", day_in(words_of(node, "issued") or ""), measured=False)
    sheet.day("newest_release", day_in(words_of(node, "modified") or ""), measured=False)
    frequency = words_of(node, "accrualPeriodicity")
    if frequency:
        days = days_of(frequency)
        sheet.fact("cadence_days", local(frequency.rstrip("/")).lower(), days, "days", measured=False)
    _access(sheet, node)
    distributions = _distributions(node, given)
    sheet.formats((_format(row) for row in distributions), measured=False)
    sheet.files([DataFile(_name(row), _size(row)) for row in distributions], measured=False)
    for part in (node, *distributions):
        for name in ("license", "rights"):
            claim_values(sheet, value_of(part, name), part.at(name))
        claim_values(sheet, value_of(part, "hasPolicy"), part.at("hasPolicy"), ClaimScope.ACCESS)
    for record in (node for node in given if is_a(node, "CatalogRecord")):
        claim_values(sheet, value_of(record, "license"), "CatalogRecord.license", ClaimScope.METADATA_RECORD)
    return sheet.reading()


def _is_dcat(node: Fields) -> bool:
    kinds = node.raw("@type")
    return any(
        isinstance(kind, str) and (kind.startswith("dcat:") or "w3.org/ns/dcat#" in kind)
        for kind in (kinds[:20] if isinstance(kinds, list) else [kinds])
    )


def _distributions(node: Fields, given: list[Fields]) -> list[Fields]:
    """The distributions, inline or elsewhere in the graph."""
    by_id = {other.raw("@id"): other for other in given if isinstance(other.raw("@id"), str)}
    rows = children(node, "distribution")
    return [by_id.get(row.raw("@id"), row) if row.names() == ["@id"] and _hashable(row) else row for row in rows]


def _hashable(row: Fields) -> bool:
    return isinstance(row.raw("@id"), str)


def _access(sheet: Sheet, node: Fields) -> None:
    word = local((words_of(node, "accessRights") or "").rstrip("/")).upper()
    if word:
        gate = _ACCESS.get(word, AccessGate.RESTRICTED)
        sheet.access(gate, "" if gate is AccessGate.OPEN else word.lower(), measured=False)
    status = local((words_of(node, "status") or "").rstrip("/")).upper()
    if status in ("WITHDRAWN", "DEPRECATED", "DISCONT"):
        sheet.access(AccessGate.WITHDRAWN, status.lower(), measured=False)


def _size(row: Fields) -> int | None:
    value = value_of(row, "byteSize")
    words = str(value) if isinstance(value, int) and not isinstance(value, bool) else words_of(row, "byteSize")
    digits = (words or "").split(".")[0]
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:
        return int(digits)
    if words:
        row.notes.add(f"{row.at('byteSize')}: no sensible number")
    return None


def _name(row: Fields) -> str:
    url = words_of(row, "downloadURL") or words_of(row, "accessURL") or row.path
    return url.partition("?")[0].partition("#")[0]


def _format(row: Fields) -> str:
    word = words_of(row, "format") or words_of(row, "mediaType") or ""
    return local(word.rstrip("/")).lower()

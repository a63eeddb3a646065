"""Zenodo and other InvenioRDM repositories: the record in its two forms, and the list of its versions."""

from __future__ import annotations

import re

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet

_ID = re.compile(r"\d{1,12}|[0-9a-z]{5}-[0-9a-z]{5}")
_DOI = re.compile(r"(?:.*/)?10\.\d{4,9}/zenodo\.(\d{1,12})")
_GATES = {
    "open": AccessGate.OPEN,
    "public": AccessGate.OPEN,
    "embargoed": AccessGate.EMBARGOED,
    "restricted": AccessGate.RESTRICTED,
    "closed": AccessGate.RESTRICTED,
}


def urls(page: str) -> tuple[str, ...]:
    """The record and its versions, for a record's page, a Zenodo DOI, or a Zenodo id."""
    base, number = "https://zenodo.org", page
    doi = _DOI.fullmatch(page)
    if doi:
        number = doi[1]
    elif "://" in page:
        found = page_of(page)
        behind = (found.after("records") or found.after("record")) if found else None
        base, number = (found.base, behind[0]) if found and behind else ("", "")
    if not _ID.fullmatch(number):
        return ()
    return (f"{base}/api/records/{number}", f"{base}/api/records/{number}/versions")


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts and license claims of a record; dates, number and cadence of a list of versions."""
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    if "hits" in root:
        _read_versions(sheet, root)
        return sheet.reading()
    metadata = root.fields("metadata")
    if not metadata and not root.fields("tombstone"):
        return sheet.reading("not a record")
    version, edits = metadata.text("version"), root.count("revision")
    parts = (version and f"version {version}", None if edits is None else f"revision {edits}")
    sheet.fact("revision", ", ".join(filter(None, parts)))
    sheet.day("newest_release", metadata.day("publication_date"))
    sheet.day("last_modified", root.day("modified") or root.day("updated"))
    _access(sheet, root, metadata)
    _files(sheet, root)
    stated = claim_values(sheet, metadata.raw("license"), "metadata.license")
    stated += claim_values(sheet, metadata.raw("rights"), "metadata.rights")
    sheet.claim(metadata.text("copyright"), "metadata.copyright")
    sheet.claim(metadata.text("access_conditions"), "metadata.access_conditions", ClaimScope.ACCESS)
    if not stated:
        sheet.notes.add("the record names no license")
    return sheet.reading()


def _access(sheet: Sheet, root: Fields, metadata: Fields) -> None:
    withdrawn = root.text("status") in ("deleted", "withdrawn", "removed") or root.flag("is_deleted")
    if root.fields("tombstone") or withdrawn:
        sheet.access(AccessGate.WITHDRAWN)
    native = root.fields("access")
    embargo = native.fields("embargo")
    if embargo.flag("active"):
        sheet.access(AccessGate.EMBARGOED, f"until {embargo.text('until') or 'no date given'}")
    for word in (metadata.text("access_right"), native.text("files"), native.text("record")):
        if word:
            until = metadata.text("embargo_date") if word == "embargoed" else None
            gate = _GATES.get(word.lower(), AccessGate.RESTRICTED)
            sheet.access(gate, f"until {until}" if until else word if gate is not AccessGate.OPEN else "")


def _files(sheet: Sheet, root: Fields) -> None:
    if isinstance(root.raw("files"), dict):
        holder = root.fields("files")
        entries = holder.fields("entries")
        rows = [(name, entries.fields(name)) for name in entries.names()]
        sheet.files([DataFile(row.text("key") or name, row.count("size")) for name, row in rows])
        total, count = holder.count("total_bytes"), holder.count("count")
        if total is not None:
            sheet.size(total)
        if count is not None:
            sheet.fact("file_count", str(count), float(count), "files")
        if holder.flag("enabled") is False:
            sheet.access(AccessGate.METADATA_ONLY)
        return
    sheet.files([DataFile(name, row.count("size")) for row in root.rows("files") if (name := row.text("key"))])


def _read_versions(sheet: Sheet, root: Fields) -> None:
    hits = root.fields("hits")
    versions = hits.rows("hits")
    total = hits.count("total")
    more = total is not None and total > len(versions)
    sheet.releases(
        (version.fields("metadata").day("publication_date") or version.day("created") for version in versions),
        more=more,
    )
    licenses = {repr(_license(version.fields("metadata"))) for version in versions}
    if len(licenses) > 1:
        sheet.notes.add(f"the versions differ in their license: {', '.join(sorted(licenses))}")


def _license(metadata: Fields) -> str:
    value = metadata.raw("license") or metadata.raw("rights")
    first = value[0] if isinstance(value, list) and value else value
    return str(first.get("id") or first.get("title")) if isinstance(first, dict) else str(first)

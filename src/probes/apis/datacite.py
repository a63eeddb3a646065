"""DataCite: what a DOI's registered metadata says. Sizes and formats in it are typed by people: stated."""

from __future__ import annotations

import re
from urllib.parse import quote

from probes.apis.json_fields import Fields
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, Sheet
from probes.data_files import size_from_words

_DOI = re.compile(r"10\.\d{4,9}/[^\s?#\"<>]{1,300}")
# Access statements share the list of licenses and are none: COAR's and the EU's own words.
_ACCESS = {
    "openaccess": AccessGate.OPEN,
    "c_abf2": AccessGate.OPEN,
    "embargoedaccess": AccessGate.EMBARGOED,
    "c_f1cf": AccessGate.EMBARGOED,
    "restrictedaccess": AccessGate.RESTRICTED,
    "c_16ec": AccessGate.RESTRICTED,
    "closedaccess": AccessGate.METADATA_ONLY,
    "c_14cb": AccessGate.METADATA_ONLY,
}
_ACCESS_PLACES = ("info:eu-repo/semantics/", "purl.org/coar/access_right/")


def urls(page: str) -> tuple[str, ...]:
    """Where a DOI's metadata is, for a DOI, its resolver's address, or the interface's own."""
    found = page_of(page) if "://" in page else None
    own = found.after("dois") if found else None
    text = "/".join(own) if own else "/".join(found.segments) if found else page.removeprefix("doi:")
    doi = _DOI.search(text)
    if doi is None:
        return ()
    base = found.base if found and own else "https://api.datacite.org"
    return (f"{base}/dois/{quote(doi[0], safe='/')}",)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Stated facts, state, and every entry of the rights list in its own words."""
    sheet = Sheet(source_id, answer)
    attributes = sheet.root().fields("data").fields("attributes")
    if attributes.text("doi") is None:
        return sheet.reading("not the metadata of a DOI")
    _rights(sheet, attributes)
    if attributes.flag("isActive") is False or attributes.text("state") in ("registered", "draft"):
        sheet.access(AccessGate.WITHDRAWN, f"the DOI is {attributes.text('state') or 'inactive'}")
    version, edits = attributes.text("version"), attributes.count("metadataVersion")
    parts = (version and f"version {version}", None if edits is None else f"metadata version {edits}")
    sheet.fact("revision", ", ".join(filter(None, parts)))
    dates = {row.text("dateType") or "": row.day("date") for row in attributes.rows("dates") if _dated(row)}
    sheet.day("newest_release", dates.get("Updated") or dates.get("Issued"), measured=False)
    sheet.day("first_release", dates.get("Issued"), measured=False)
    sheet.day("last_modified", attributes.day("updated"))
    sizes = attributes.texts("sizes")
    size = size_from_words(sizes[0]) if len(sizes) == 1 else None
    if size is not None:
        sheet.size(size, measured=False)
    elif sizes:
        sheet.notes.add(f"sizes in words: {'; '.join(sizes[:10])}")
    sheet.formats(attributes.texts("formats"), measured=False)
    return sheet.reading()


def _dated(row: Fields) -> bool:
    # A range or a bare year is a fine date for a bibliography and none for a release.
    return len(row.text("date") or "") >= 10 and "/" not in (row.text("date") or "")


def _rights(sheet: Sheet, attributes: Fields) -> None:
    licenses = []
    for row in attributes.rows("rightsList"):
        uri = (row.text("rightsUri") or "").lower()
        if any(place in uri for place in _ACCESS_PLACES):
            word = uri.rstrip("/").rpartition("/")[2]
            gate = _ACCESS.get(word, AccessGate.RESTRICTED)
            sheet.access(gate, word if gate is AccessGate.RESTRICTED else "", measured=False)
        else:
            licenses.append(row)
    named = sum(claim_values(sheet, {name: row.raw(name) for name in row.names()}, row.path) for row in licenses)
    if not named:
        sheet.notes.add("the rights list names no license")
    if named > 1:
        sheet.notes.add(f"{named} entries in the rights list; whether all or any of them apply is not said")

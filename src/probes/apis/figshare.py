"""figshare: the article, and the list of its versions."""

from __future__ import annotations

import re

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields, rows_of
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet

_NUMBER = re.compile(r"\d{1,12}")
_DOI = re.compile(r"(?:.*/)?10\.\d{4,9}/m9\.figshare\.(\d{1,12})(?:\.v\d{1,4})?")


def urls(page: str) -> tuple[str, ...]:
    """The article and its versions, for an article's page, a figshare DOI, or an article's number."""
    doi = _DOI.fullmatch(page)
    found = page_of(page) if "://" in page and not doi else None
    base, number = "https://api.figshare.com", doi[1] if doi else page
    if found:
        behind = found.after("v2", "articles")
        if behind:
            base = found.base
        else:
            behind = found.after("articles") or ()
        numbers = [segment for segment in behind if _NUMBER.fullmatch(segment)]
        # A page ends in its number, or in number and version.
        number = numbers[0] if numbers else ""
    if not _NUMBER.fullmatch(number):
        return ()
    return (f"{base}/v2/articles/{number}", f"{base}/v2/articles/{number}/versions")


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts and the license of an article; the number of versions of a list of them."""
    sheet = Sheet(source_id, answer)
    document = sheet.document()
    if isinstance(document, list):
        versions = [row for row in rows_of(document, "versions", sheet.notes) if row.count("version") is not None]
        if versions:
            sheet.fact("release_count", str(len(versions)), float(len(versions)), "releases")
        return sheet.reading() if versions else sheet.reading("no versions in the list")
    root = Fields(document if isinstance(document, dict) else {}, "", sheet.notes)
    if root.count("id") is None or ("license" not in root and "files" not in root):
        return sheet.reading("not an article")
    version = root.count("version")
    sheet.fact("revision", "" if version is None else f"version {version}")
    sheet.day("newest_release", root.day("published_date"))
    sheet.day("last_modified", root.day("modified_date"))
    _access(sheet, root)
    files = root.rows("files")
    sheet.files([DataFile(name, row.count("size")) for row in files if (name := row.text("name"))])
    license_ = root.fields("license")
    # `license.value` is numbered anew by every institution and says nothing.
    link = license_.text("url")
    sheet.claim(license_.text("name") or link, "license", link=link)
    sheet.claim(root.text("embargo_reason"), "embargo_reason", ClaimScope.ACCESS)
    return sheet.reading()


def _access(sheet: Sheet, root: Fields) -> None:
    if root.flag("is_confidential"):
        sheet.access(AccessGate.PRIVATE, "confidential")
    if root.flag("is_embargoed"):
        sheet.access(AccessGate.EMBARGOED, f"until {root.text('embargo_date') or 'no date given'}")
    if root.flag("download_disabled"):
        sheet.access(AccessGate.RESTRICTED, "download disabled")
    if root.flag("is_metadata_record"):
        sheet.access(AccessGate.METADATA_ONLY)
    linked = [row for row in root.rows("files") if row.flag("is_link_only")]
    if root.flag("has_linked_file") or linked:
        sheet.notes.add("some files are only links elsewhere")
    if root.flag("is_embargoed") is False and root.flag("is_confidential") is False:
        sheet.access(AccessGate.OPEN)

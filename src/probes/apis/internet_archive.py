"""Internet Archive: the metadata of an item. Files the Archive derived are not the publisher's data."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields
from probes.apis.page_urls import page_of, plain, safe
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet

_LAST_SECOND = 4_000_000_000  # the year 2096
_RIGHTS = ("licenseurl", "rights", "license", "possible-copyright-status")


def urls(page: str) -> tuple[str, ...]:
    """Where an item's metadata is, for its page or its identifier."""
    base, name = "https://archive.org", page
    if "://" in page:
        found = page_of(page)
        behind = next(
            (rest for view in ("metadata", "details", "download") if found and (rest := found.after(view))), ()
        )
        base, name = (found.base, behind[0]) if found and behind else ("", "")
    return (f"{base}/metadata/{safe(name)}",) if plain(name) else ()


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts and the uploader's license fields. An unknown item is answered with an empty object."""
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    metadata = root.fields("metadata")
    if root.flag("is_dark"):
        sheet.access(AccessGate.WITHDRAWN, "dark")
    elif metadata.raw("identifier") is None:
        return sheet.reading("there is no such item")
    if root.flag("nodownload"):
        sheet.access(AccessGate.RESTRICTED, "no download")
    if "true" in metadata.texts("access-restricted-item"):
        sheet.access(AccessGate.RESTRICTED, "lending or login")
    sheet.day("newest_release", metadata.day("publicdate"))
    sheet.day("last_modified", _day_of(root))
    originals = [row for row in root.rows("files") if row.text("source") == "original"]
    named = [(name, row) for row in originals if (name := row.text("name"))]
    private = [name for name, row in named if row.text("private") == "true"]
    sheet.files([DataFile(name, row.count("size", digits=True)) for name, row in named if not _of_item(name)])
    if private:
        sheet.access(AccessGate.RESTRICTED, f"{len(private)} files are private")
    for field in _RIGHTS:
        for words in metadata.texts(field):
            sheet.claim(words, f"metadata.{field}", link=words if words.startswith("http") else None)
    for words in metadata.texts("rights-statement"):
        sheet.claim(words, "metadata.rights-statement", ClaimScope.ACCESS)
    return sheet.reading()


def _of_item(name: str) -> bool:
    # What the Archive writes about the item lies among its files.
    return name.endswith(("_meta.xml", "_files.xml", "_meta.sqlite", "_reviews.xml", "__ia_thumb.jpg"))


def _day_of(root: Fields) -> date | None:
    seconds = root.count("item_last_updated")
    return None if seconds is None or seconds > _LAST_SECOND else datetime.fromtimestamp(seconds, UTC).date()

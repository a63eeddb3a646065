"""Kaggle: the public view of a dataset. Who uploads there is seldom who holds the rights."""

from __future__ import annotations

from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of, plain, safe
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet


def urls(page: str) -> tuple[str, ...]:
    """Where a dataset's view is, for its page or "owner/name"."""
    base = "https://www.kaggle.com"
    segments: tuple[str, ...] | None = tuple(page.split("/"))
    if "://" in page:
        found = page_of(page)
        segments = (found.after("datasets", "view") or found.after("datasets")) if found else None
        base = found.base if found else base
    if not segments or len(segments) < 2 or not all(plain(segment) for segment in segments[:2]):
        return ()
    return (f"{base}/api/v1/datasets/view/{safe(segments[0])}/{safe(segments[1])}",)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts and the license as shown on the page; a name of two layers stays one claim."""
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    if root.text("ref") is None:
        return sheet.reading("not the view of a dataset")
    if root.flag("isPrivate"):
        sheet.access(AccessGate.PRIVATE)
    size = root.count("totalBytes")
    if size is not None:
        sheet.size(size)
    version = root.count("currentVersionNumber")
    if version is not None:
        sheet.fact("revision", f"version {version}")
        sheet.fact("release_count", str(version), float(version), "releases")
    sheet.day("newest_release", root.day("lastUpdated"))
    # Strangers get an empty list of files; that is no count of them.
    files = root.rows("files")
    sheet.files([DataFile(name, row.count("totalBytes")) for row in files if (name := row.text("name"))], more=True)
    sheet.claim(root.text("licenseName"), "licenseName")
    claim_values(sheet, root.raw("licenses"), "licenses")
    return sheet.reading()

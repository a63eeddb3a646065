"""GitHub: the repository, its license file, its releases. All licenses it knows are the code's."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields, rows_of
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of, plain, safe
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet
from probes.data_files import size_in_words

_PAGE_SIZE = 100


def urls(page: str) -> tuple[str, ...]:
    """Repository, license file and releases, for a repository's page or "owner/name"."""
    base = "https://api.github.com"
    segments: tuple[str, ...] | None = tuple(page.split("/"))
    if "://" in page:
        found = page_of(page)
        segments = found.after("repos") if found else None
        if found and segments:
            base = found.base
        elif found and found.host == "github.com":
            segments = found.segments
    if not segments or len(segments) < 2 or not all(plain(segment) for segment in segments[:2]):
        return ()
    repository = f"{base}/repos/{safe(segments[0])}/{safe(segments[1].removesuffix('.git'))}"
    return (repository, f"{repository}/license", f"{repository}/releases?per_page={_PAGE_SIZE}")


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts of a repository, a license file or a list of releases, told apart by their fields."""
    sheet = Sheet(source_id, answer)
    document = sheet.document()
    if isinstance(document, list):
        _read_releases(sheet, rows_of(document, "releases", sheet.notes))
        return sheet.reading()
    root = Fields(document if isinstance(document, dict) else {}, "", sheet.notes)
    if root.text("full_name") is not None:
        _read_repository(sheet, root)
        return sheet.reading()
    if root.text("type") == "file" and "license" in root:
        _read_license(sheet, root)
        return sheet.reading()
    return sheet.reading("neither a repository nor its license nor its releases")


def _read_repository(sheet: Sheet, root: Fields) -> None:
    if root.flag("disabled"):
        sheet.access(AccessGate.WITHDRAWN, "disabled")
    if root.flag("private") or root.text("visibility") in ("private", "internal"):
        sheet.access(AccessGate.PRIVATE)
    elif root.flag("private") is False:
        sheet.access(AccessGate.OPEN)
    if root.flag("archived"):
        sheet.fact("maintenance", "archived")
    sheet.day("last_modified", root.day("pushed_at"))
    kilobytes = root.count("size")
    if kilobytes:
        size = kilobytes * 1024
        # The data may be all of it or a corner of it, so it is no size of the data.
        sheet.fact("repository_bytes", f"about {size_in_words(size)}", float(size), "bytes")
    claim_values(sheet, root.raw("license"), "license", ClaimScope.CODE)


def _read_license(sheet: Sheet, root: Fields) -> None:
    claim_values(sheet, root.raw("license"), "license", ClaimScope.CODE)
    content = root.text("content")
    if content and root.text("encoding") == "base64":
        try:
            text = base64.b64decode(content)
        except (binascii.Error, ValueError):
            sheet.notes.add("content: no proper base64")
        else:
            # The detector lets small added restrictions pass; the hash does not.
            sheet.fact("license_file_sha256", sha256(text).hexdigest())
    sheet.fact("license_file", root.text("path") or "")


def _read_releases(sheet: Sheet, rows: list[Fields]) -> None:
    public = [row for row in rows if row.flag("draft") is False and not row.flag("prerelease")]
    dated = sorted(((day, row) for row in public if (day := row.day("published_at"))), key=lambda pair: pair[0])
    sheet.releases((day for day, _ in dated), more=len(rows) >= _PAGE_SIZE)
    if dated:
        newest = dated[-1][1]
        sheet.fact("revision", newest.text("tag_name") or "")
        assets = newest.rows("assets")
        sheet.files([DataFile(name, row.count("size")) for row in assets if (name := row.text("name"))])

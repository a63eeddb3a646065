"""MediaWiki: what a wiki says its content is licensed under. Single pages and files may say otherwise."""

from __future__ import annotations

from domain.claims import ClaimScope
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, Sheet

_QUERY = "action=query&meta=siteinfo&siprop=rightsinfo&format=json"


def urls(page: str) -> tuple[str, ...]:
    """Where a wiki states its rights, for any of its pages or its api.php."""
    found = page_of(page)
    if found is None:
        return ()
    if found.segments and found.segments[-1] == "api.php":
        return (f"{found.base}/{'/'.join(found.segments)}?{_QUERY}",)
    return (f"{found.base}/w/api.php?{_QUERY}",)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """The license of the site's content, in words and as an address."""
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    error = root.fields("error").text("code")
    if error == "readapidenied":
        sheet.access(AccessGate.PRIVATE, "reading needs a login")
        return sheet.reading()
    if error or "rightsinfo" not in root.fields("query"):
        return sheet.reading(f"the wiki says no: {error}" if error else "no statement of rights")
    rights = root.fields("query").fields("rightsinfo")
    link = rights.text("url")
    sheet.claim(rights.text("text") or link, "query.rightsinfo", ClaimScope.SITE, link)
    if rights.raw("text") in (None, "") and rights.raw("url") in (None, ""):
        sheet.fact("site_license", "none stated")
    return sheet.reading()

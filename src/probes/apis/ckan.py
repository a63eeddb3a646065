"""CKAN portals: a package. Sizes and formats in it are typed or harvested: stated, not measured."""

from __future__ import annotations

from domain.claims import ClaimScope
from probes.apis.frequencies import days_of
from probes.apis.json_fields import Fields
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of, plain, safe
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet

_ACTION = ("api", "3", "action", "package_show")
_FREQUENCY = frozenset({"update_frequency", "frequency", "accrual_periodicity", "accrualperiodicity"})
_RIGHTS = frozenset({"license", "licence", "rights", "access_rights", "use_constraints", "terms_of_use"})


def urls(page: str) -> tuple[str, ...]:
    """Where a package is, for its page on any portal."""
    found = page_of(page)
    if found is None:
        return ()
    behind = (found.query.get("id", ""),) if found.after(*_ACTION) is not None else found.after("dataset")
    if not behind or not plain(behind[0]):
        return ()
    return (f"{found.base}/{'/'.join(_ACTION)}?id={safe(behind[0])}",)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Stated facts and the three parallel license fields of a package, and those of its resources."""
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    if root.flag("success") is False:
        error = root.fields("error")
        return sheet.reading(f"the portal says no: {error.text('__type') or error.text('message') or 'no reason'}")
    package = root.fields("result")
    if root.flag("success") is not True or package.text("name") is None:
        return sheet.reading("not a package")
    if package.text("state") in ("deleted", "draft"):
        sheet.access(AccessGate.WITHDRAWN, package.text("state") or "")
    if package.flag("private"):
        sheet.access(AccessGate.PRIVATE)
    sheet.fact("revision", package.text("version") or "")
    sheet.day("first_release", package.day("metadata_created"), measured=False)
    sheet.day("last_modified", package.day("metadata_modified"))
    resources = package.rows("resources")
    files = [
        DataFile(row.text("name") or row.text("url") or row.path, row.count("size", digits=True)) for row in resources
    ]
    sheet.formats([(row.text("format") or "").lower() for row in resources], measured=False)
    sheet.files(files, measured=False)
    link = package.text("license_url")
    title = package.text("license_title")
    sheet.claim(title or link, "license_title" if title else "license_url", link=link)
    sheet.claim(package.text("license_id"), "license_id", link=link)
    for row in resources:
        claim_values(sheet, row.raw("license"), row.at("license"))
    for row in package.rows("extras"):
        _extra(sheet, row)
    return sheet.reading()


def _extra(sheet: Sheet, row: Fields) -> None:
    key = (row.text("key") or "").lower().replace("-", "_").replace(" ", "_")
    if key not in _FREQUENCY and key not in _RIGHTS:
        return  # portals keep anything here; other extras are not ours to judge
    value = row.text("value")
    if key in _FREQUENCY and value:
        sheet.fact("cadence_days", value, days_of(value), "days", measured=False)
    elif value:
        sheet.claim(value, row.at("value"), ClaimScope.ACCESS if key == "access_rights" else ClaimScope.DATA)

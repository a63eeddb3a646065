"""schema.org Dataset in a page or a JSON-LD document. All of it is the page's own word: stated."""

from __future__ import annotations

import re
from typing import Any

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields, day_in
from probes.apis.json_ld import children, documents, is_a, nodes, value_of, words_of
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet
from probes.data_files import size_from_words

_LINK = re.compile(r"<([^<>]{1,500})>((?:\s*;\s*[^,;<>]{1,200}){1,10})")
_MOST_DATASETS = 100


def urls(page: str) -> tuple[str, ...]:
    """The page itself."""
    return (page,) if page_of(page) else ()


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Stated facts and license claims of the one dataset a page describes."""
    sheet = Sheet(source_id, answer)
    for link in _license_links(answer.headers.get("link", "")):
        sheet.claim(link, "header link", ClaimScope.SITE, link)
    found = dataset_in(sheet, answer)
    if isinstance(found, str):
        return sheet.reading(found)
    read_dataset(sheet, found)
    return sheet.reading()


def dataset_in(sheet: Sheet, answer: ApiAnswer) -> Fields | str:
    """The dataset an answer describes, or why there is none. Of several the one with the page's address:
    whose license would it be otherwise?"""
    given = nodes(documents(answer.body, sheet.notes), sheet.notes)
    datasets = [node for node in given if is_a(node, "Dataset")][:_MOST_DATASETS]
    if len(datasets) > 1:
        here = answer.url.partition("#")[0].rstrip("/")
        datasets = [node for node in datasets if here in (_address(node, "url"), _address(node, "@id"))] or datasets
    if not datasets:
        return "no dataset is described"
    return datasets[0] if len(datasets) == 1 else f"{len(datasets)} datasets are described, and none is this page's"


def read_dataset(sheet: Sheet, node: Fields) -> None:
    """Fill the sheet from a dataset's node."""
    sheet.fact("revision", _scalar(node, "version"), measured=False)
    published, modified = day_in(words_of(node, "datePublished") or ""), day_in(words_of(node, "dateModified") or "")
    sheet.day("newest_release", published, measured=False)
    sheet.day("last_modified", modified, measured=False)
    _access(sheet, node)
    files = children(node, "distribution")
    sizes = [size_from_words(_scalar(row, "contentSize")) for row in files]
    rows = list(zip(files, sizes, strict=True))
    named = [DataFile(_name(row), size) for row, size in rows if not children(row, "containedIn")]
    types = [_format(row) for row in files]
    sheet.formats([form for form in types if form], measured=False)
    sheet.files(named, measured=False)
    claim_values(sheet, value_of(node, "license"), "license")
    claim_values(sheet, value_of(node, "sdLicense"), "sdLicense", ClaimScope.METADATA_RECORD)
    for row in files:
        claim_values(sheet, value_of(row, "license"), row.at("license"))
    for name in ("usageInfo", "conditionsOfAccess", "acquireLicensePage"):
        scope = ClaimScope.DATA if name == "usageInfo" else ClaimScope.ACCESS
        for words in _all_words(value_of(node, name)):
            sheet.claim(words, name, scope, words)


def _access(sheet: Sheet, node: Fields) -> None:
    status = (words_of(node, "creativeWorkStatus") or "").lower()
    if status in ("withdrawn", "retracted", "deleted", "obsolete"):
        sheet.access(AccessGate.WITHDRAWN, status, measured=False)
    free = value_of(node, "isAccessibleForFree")
    if free is False or (isinstance(free, str) and free.lower().endswith("false")):
        sheet.access(AccessGate.RESTRICTED, "not free", measured=False)
    if words_of(node, "conditionsOfAccess"):
        sheet.access(AccessGate.GATED, words_of(node, "conditionsOfAccess") or "", measured=False)


def _all_words(value: Any) -> list[str]:
    """Every text in a small tree of policy, each once, in order; policies nest as they like."""
    found: dict[str, None] = {}
    waiting = [value]
    steps = 0
    while waiting and steps < 500:
        item = waiting.pop(0)
        steps += 1
        if isinstance(item, str):
            found[item[:2000]] = None
        elif isinstance(item, list):
            waiting.extend(item[:100])
        elif isinstance(item, dict):
            waiting.extend(part for name, part in item.items() if name != "@type")
    return list(found)


def _scalar(node: Fields, name: str) -> str:
    value = value_of(node, name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return words_of(node, name) or ""


def _name(row: Fields) -> str:
    url = words_of(row, "contentUrl") or words_of(row, "downloadURL") or words_of(row, "name") or row.path
    return url.partition("?")[0].partition("#")[0]


def _format(row: Fields) -> str:
    form = words_of(row, "encodingFormat") or ""
    return form.rpartition("/")[2].lower()


def _address(node: Fields, name: str) -> str:
    return (words_of(node, name) or "").partition("#")[0].rstrip("/")


def _license_links(header: str) -> list[str]:
    return [
        match[1]
        for match in _LINK.finditer(header[:8000])
        if re.search(r"rel\s*=\s*\"?license\b", match[2], re.IGNORECASE) and "rsl+xml" not in match[2].lower()
    ]

"""License fields in all the shapes they come in: a text, a list, an object, a list of objects."""

from __future__ import annotations

from typing import Any

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields, as_text
from probes.apis.page_urls import is_link
from probes.apis.reading import Sheet

_MOST_VALUES = 100
_WORDS = ("name", "title", "rights", "spdx_id", "rightsIdentifier", "id", "@value", "@id", "key")
_LINKS = ("url", "link", "rightsUri", "@id")


def claim_values(sheet: Sheet, value: Any, place: str, scope: ClaimScope = ClaimScope.DATA) -> int:
    """Claim every license in a field's value, each in its own words; gives how many there were."""
    items = value if isinstance(value, list) else [value]
    if len(items) > _MOST_VALUES:
        sheet.notes.add(f"{place}: only the first {_MOST_VALUES} of {len(items)} licenses")
    return sum(_claim_value(sheet, item, place, scope) for item in items[:_MOST_VALUES])


def _claim_value(sheet: Sheet, value: Any, place: str, scope: ClaimScope) -> bool:
    if value is None or value == "":
        return False
    if not isinstance(value, dict):
        text = as_text(value, place, sheet.notes)
        sheet.claim(text, place, scope, text)
        return bool(text)
    license_ = Fields(value, place, sheet.notes)
    link = next((text for name in _LINKS if (text := _words(license_, name)) and is_link(text)), None)
    if link is None and "props" in license_:
        props = license_.fields("props").text("url")
        link = props if props and is_link(props) else None
    words = next((text for name in _WORDS if (text := _words(license_, name))), link)
    sheet.claim(words, place, scope, link)
    if not words:
        sheet.notes.add(f"{place}: an object that names no license")
    # A title says what an id leaves open, and the other way round: both are kept.
    identifier = _words(license_, "id") or _words(license_, "spdx_id") or _words(license_, "rightsIdentifier")
    if identifier and identifier != words:
        sheet.claim(identifier, place, scope, link)
    description = _words(license_, "description")
    if description:
        sheet.claim(description, f"{place}.description", scope, link)
    return bool(words)


def _words(license_: Fields, name: str) -> str | None:
    """A text, or the English (else the first) one of an object of texts by language."""
    value = license_.raw(name)
    if isinstance(value, dict):
        by_language = license_.fields(name)
        first = next(iter(by_language.names()), "")
        return by_language.text("en") or by_language.text(first)
    return license_.text(name)

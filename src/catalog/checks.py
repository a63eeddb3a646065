"""What the classes of the catalog cannot say by themselves: meaning of ids, addresses, dates, locators."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from catalog.build import Checks, Place
from catalog.spdx import NOTHING, fault
from domain.catalog import (
    Claim,
    Dataset,
    DriftNote,
    Hosting,
    MetadataProbe,
    Provider,
    Source,
    StatedFacts,
    Watch,
)
from domain.identity import watch_id
from domain.rights import Right
from domain.vocabulary import Confidence, RightValue

ID = re.compile(r"[a-z0-9][a-z0-9_]*")
_PROVIDER_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")


def catalog_checks(today: date) -> Checks:
    """The checks of one load. They remember ids over all files; `today` bounds the dates of looks."""
    datasets = _Unique("dataset")
    sources = _Unique("source")

    def check_claim(claim: Claim, place: Place) -> None:
        _claim(claim, place, today)

    def check_dataset(dataset: Dataset, place: Place) -> None:
        _url(dataset.homepage, place, "homepage")
        datasets.claim(dataset.id, place)

    def check_source(source: Source, place: Place) -> None:
        _source(source, place)
        sources.claim(source.id, place)

    return {
        Claim: check_claim,
        Dataset: check_dataset,
        DriftNote: _url_field,
        Hosting: _url_field,
        MetadataProbe: _url_field,
        Provider: _provider,
        Right: check_right,
        Source: check_source,
        StatedFacts: _stated,
        Watch: _watch,
    }


def check_right(right: Right, place: Place) -> None:
    """A conditional right without conditions would silently count as unusable."""
    if right.value is RightValue.CONDITIONAL and not right.conditions:
        place.wrong("a conditional right needs its conditions. Add `conditions: [attribution]` or the like", "value")
    if right.value is not RightValue.CONDITIONAL and right.conditions:
        place.wrong(f"conditions belong to a conditional right, not to a {right.value} one. Drop them", "conditions")


def check_id(value: str, place: Place, key: str = "id") -> None:
    """Ids of datasets and sources are lower-case words, because training code gates on them."""
    if not ID.fullmatch(value):
        mended = re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_") or "tiny_tunes"
        place.wrong(f"{key} '{value}' is not made of a-z, 0-9 and _. Write {mended}", key)


class _Unique:
    def __init__(self, what: str) -> None:
        self._what = what
        self._first: dict[str, str] = {}

    def claim(self, value: str, place: Place) -> None:
        check_id(value, place)
        where = f"{place.path}:{place.line('id')}"
        first = self._first.setdefault(value, where)
        if first != where:
            place.wrong(f"{self._what} id '{value}' is taken at {first}. Choose another", "id")


def _url(url: str | None, place: Place, key: str = "url") -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        port_fits = parts.port != 0
    except ValueError:
        place.wrong(f"{key} '{url}' is no address. Write it like https://example.org/license", key)
        return
    if parts.username is not None or parts.password is not None:
        # Not quoted: it may hold a password.
        place.wrong(f"{key} holds a user name or password. Write the address without them", key)
    elif parts.scheme not in ("http", "https") or not parts.hostname or not port_fits or re.search(r"\s", url):
        place.wrong(f"{key} '{url}' is no web address. Write it like https://example.org/license", key)


def _url_field(value: Any, place: Place) -> None:
    _url(value.url, place)


def _provider(provider: Provider, place: Place) -> None:
    _url(provider.homepage, place, "homepage")
    if not _PROVIDER_ID.fullmatch(provider.provider):
        place.wrong(f"provider '{provider.provider}' is not made of a-z, 0-9, _, . and -. Write it so", "provider")
    if not provider.datasets:
        place.wrong("datasets is empty. Add a dataset with `- id:` or delete the file", "datasets")


def _watch(watch: Watch, place: Place) -> None:
    _url(watch.url, place)
    locators = [key for key in ("select", "anchor", "heading") if getattr(watch, key) is not None]
    if len(locators) > 1:
        place.wrong(f"{' and '.join(locators)} locate the part twice. Keep one of them", locators[1])
    if watch.select is not None and (wrong := _selector_fault(watch.select)):
        place.wrong(f"select '{watch.select}' is no CSS selector ({wrong}). Write it like #license", "select")
    if watch.min_chars < 0:
        place.wrong("min_chars cannot be negative. Write 0 or more", "min_chars")


def _selector_fault(selector: str) -> str | None:
    # Imported here: it brings a whole HTML parser along, and most files select by heading or not at all.
    import soupsieve

    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        return str(error).splitlines()[0].rstrip(":.")
    return None


def _claim(claim: Claim, place: Place, today: date) -> None:
    _url(claim.url, place)
    if wrong := fault(claim.license):
        place.wrong(f"license {wrong}", "license")
    if claim.seen is not None and claim.seen > today:
        place.wrong(f"seen {claim.seen} lies ahead. Write the day (UTC) on which somebody saw the words", "seen")
    if claim.confidence is Confidence.VERIFIED:
        missing = [key for key in ("url", "seen", "quote") if getattr(claim, key) is None and not place.has(key)]
        if missing:
            hint = "Add it" if len(missing) == 1 else "Add them"
            place.wrong(f"a verified claim has no {' and no '.join(missing)}. {hint} or lower confidence", "confidence")
    if claim.per_item_floor_research and not claim.per_item:
        message = "per_item_floor_research says something of items without `per_item: true`. Add that or drop this"
        place.wrong(message, "per_item_floor_research")
    if claim.license in NOTHING and claim.duties:
        place.wrong(f"{claim.license} demands nothing. Drop the duties or name the terms as LicenseRef-…", "duties")


def _source(source: Source, place: Place) -> None:
    for number, count in Counter(watch_id(source.id, watch) for watch in source.watches).items():
        if count > 1:
            place.wrong(f"two watches read the same part of the same page ({number}). Keep one", "watches")
    if source.id in {link.upstream for link in source.derivation}:
        place.wrong("derivation names the source itself as its upstream. Name where the data came from", "derivation")


def _stated(stated: StatedFacts, place: Place) -> None:
    _url(stated.url, place)
    for field in fields(stated):
        value = getattr(stated, field.name)
        if isinstance(value, int | float) and value < 0:
            place.wrong(f"{field.name} cannot be negative. Write 0 or more", field.name)

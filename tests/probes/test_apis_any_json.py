"""Whatever a server sends, readers neither raise nor make up words."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

import apis_documents as documents
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.catalog import ProbeApi
from probes.apis import header_signals, robots_signals, tdm_reservation
from probes.apis.interfaces import interface_of
from probes.apis.json_fields import clean
from probes.apis.path_patterns import covers
from probes.apis.reading import ApiAnswer, ApiReading

NOW = datetime(2026, 11, 24, tzinfo=UTC)
GOOD: dict[ProbeApi, list[Any]] = {
    ProbeApi.HUGGINGFACE: [documents.HUB, documents.HUB_SIZE],
    ProbeApi.INVENIO: [documents.RECORD, documents.NATIVE_RECORD, documents.VERSIONS],
    ProbeApi.DATACITE: [documents.DOI],
    ProbeApi.FIGSHARE: [documents.ARTICLE],
    ProbeApi.GITHUB: [documents.REPOSITORY, documents.LICENSE_FILE, documents.RELEASES],
    ProbeApi.KAGGLE: [documents.VIEW],
    ProbeApi.OPENML: [documents.DESCRIPTION],
    ProbeApi.CKAN: [documents.PACKAGE],
    ProbeApi.MEDIAWIKI: [documents.RIGHTS],
    ProbeApi.SCHEMA_ORG: [documents.DATASET_NODE],
    ProbeApi.CROISSANT: [documents.CROISSANT],
    ProbeApi.DCAT: [documents.DCAT],
    ProbeApi.INTERNET_ARCHIVE: [documents.ITEM],
    ProbeApi.METABRAINZ_DUMPS: [[{"name": "20261114-001500", "type": "directory"}]],
    ProbeApi.WIKIMEDIA_DUMPS: [documents.STATUS],
    ProbeApi.DIRECTORY_LISTING: [[{"name": "hums_20261101.csv", "type": "file", "size": 5}]],
}
URL = {
    ProbeApi.METABRAINZ_DUMPS: "https://x.example/20261114-001500/",
    ProbeApi.WIKIMEDIA_DUMPS: "https://x.example/w/20261101/dumpstatus.json",
}
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.sampled_from(
        ["", "open", "CC0-1.0", "2026-13-45", "9999-12-31", "0000-00-00", "\ud800", "\u202e", "\x00", "http://["]
    ),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=5), st.sampled_from(["id", "name", "@id", "@value", "license", "url", "en"])),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)
quick = settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> Any:
    """A good document with one or two of its parts replaced by anything."""
    for _ in range(draw(st.integers(1, 2))):
        document = _replaced(draw, document)
    return document


def _replaced(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: _replaced(draw, value[name])}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], _replaced(draw, value[place]), *value[place + 1 :]]
    return draw(JSON)


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in (name, *texts_in(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in texts_in(inner)]
    return [clean(value)] if isinstance(value, str) else []


def well_formed(reading: ApiReading, document: Any) -> None:
    given = "\n".join(texts_in(document))
    for claim in reading.claims:
        assert claim.raw
        assert claim.raw in given
    for fact in reading.facts:
        assert fact.value
        assert fact.number is None or (math.isfinite(fact.number) and 0 <= fact.number <= 10**18)
    names = [fact.name for fact in reading.facts]
    assert len(names) == len(set(names))
    assert reading.problem is None or (reading.facts, reading.claims) == ((), ())
    repr(reading).encode()
    for text in (*reading.notes, *(fact.value for fact in reading.facts), *(claim.raw for claim in reading.claims)):
        assert text.encode().decode().isprintable() or text == clean(text)


@pytest.mark.parametrize("api", ProbeApi)
def test_a_damaged_document_is_read_without_raising(api: ProbeApi) -> None:
    url = URL.get(api, "https://x.example/d")
    interface = interface_of(api)

    @quick
    @given(st.one_of(*(damaged(good) for good in GOOD[api])))
    def check(document: Any) -> None:
        answer = ApiAnswer(url, NOW, "application/json", json.dumps(document).encode())
        well_formed(interface.read("hums", answer), document)
        interface.follow(answer)

    check()


@quick
@given(st.sampled_from(list(ProbeApi)), JSON)
def test_any_json_is_read_without_raising(api: ProbeApi, document: Any) -> None:
    answer = ApiAnswer("https://x.example/d/", NOW, "application/json", json.dumps(document).encode())
    well_formed(interface_of(api).read("hums", answer), document)


@quick
@given(st.sampled_from(list(ProbeApi)), st.binary(max_size=200))
def test_any_bytes_are_read_without_raising(api: ProbeApi, body: bytes) -> None:
    for start in (b"", b"<", b'<script type="application/ld+json">', b"<?xml version='1.0'?><a>"):
        reading = interface_of(api).read("hums", ApiAnswer("https://x.example/d/", NOW, "text/html", start + body))
        assert reading.claims == ()


@quick
@given(JSON, st.text(max_size=200), st.sampled_from(["https://x.example/a", "https://x.example", "http://["]))
def test_any_signal_is_read_without_raising(document: Any, text: str, page: str) -> None:
    body = json.dumps([{"location": "/", "tdm-reservation": document}, document]).encode()
    readings = [tdm_reservation.read(ApiAnswer(page, NOW, "application/json", body), page)]
    for line in (
        "",
        "User-agent: GPTBot\nDisallow: ",
        "Content-Usage: ",
        "User-agent: *\nContent-Signal: ",
        "License: ",
        "License: http://[",
    ):
        robots = (line + text).encode("utf-8", "replace")
        readings.append(robots_signals.read(ApiAnswer(page, NOW, "text/plain", robots), page))
    names = ("tdm-reservation", "content-usage", "x-robots-tag", "link", "content-signal")
    readings.append(header_signals.read(ApiAnswer(page, NOW, "text/html", b"", dict.fromkeys(names, text))))
    for reading in readings:
        repr(reading).encode()


@quick
@given(st.text("/a*$b", max_size=12), st.text("/ab", max_size=12))
def test_patterns_cover_what_the_same_regular_expression_covers(pattern: str, path: str) -> None:
    anchored = pattern.endswith("$")
    body = pattern[:-1] if anchored else pattern
    expression = ".*".join(re.escape(part) for part in body.split("*")) + ("$" if anchored else "")
    assert covers(pattern, path) == (bool(pattern) and re.match(expression, path) is not None)


def test_hostile_shapes_take_no_time() -> None:
    for api in ProbeApi:
        for part in (b"[", b'{"a":', b"<script type=ld+json", b"<script type='application/ld+json'>", b'{"@graph":['):
            answer = ApiAnswer("https://x.example/d/", NOW, "text/html", part * 50_000)
            assert interface_of(api).read("hums", answer).claims == ()
    assert not covers("/" + "*a" * 900 + "$", "/" + "a" * 899 + "b")

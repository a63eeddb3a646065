"""What strangers say stands in our JSON-LD as values: it opens no script, means no keyword and leads nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from decided_sources import SEEN, decided
from lxml import html

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from domain.probing import DatasetFact
from domain.vocabulary import Layer
from reports.croissant import croissant
from reports.json_ld import json_ld
from reports.sbom import sbom

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EVIL = '</script><script>alert(1)</script><!-- "}, "@context": {"name": "@id"}, "@id": "javascript:alert(2)'


def told(words: str, address: str) -> dict[str, dict[str, Any]]:
    """Both documents of one source of which everything a stranger can say is `words`, every page `address`."""
    (item,) = decided("tunes", "CC-BY-4.0").evidence
    decision: Decision = decided(
        "tunes",
        words,
        license_declared=words,
        evidence=(replace(item, url=address, quote=words),),
    )
    source = Source(id="tunes", layer=Layer.METADATA, name=words)
    dataset = Dataset(id="tunes", name=words, homepage=address, sources=(source,))
    provider = Provider(provider="house", name=words, homepage=address, datasets=(dataset,))
    facts = [
        DatasetFact("tunes", name, words, 7.0, "bytes", address, SEEN, True)
        for name in ("size_bytes", "revision", "newest_release")
    ]
    entry = (provider, dataset, source)
    return {
        "croissant": croissant(decision, entry, facts, "", created=NOW),
        "sbom": sbom([decision], {"tunes": entry}, facts, created=NOW, house="House"),
    }


def members(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every name in a document with its place and its plain value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner, f"{path}/*")
    else:
        yield path, value


@pytest.mark.parametrize("kind", ["croissant", "sbom"])
def test_json_ld_opens_no_script_in_the_page_it_is_put_into(kind: str) -> None:
    document = told(EVIL, "https://tunes.example/")[kind]
    text = json_ld(document)
    assert json.loads(text) == document
    tree = html.fromstring(f"<html><body><script type='application/ld+json'>{text}</script></body></html>")
    (script,) = tree.iter("script")
    assert json.loads(script.text or "") == document
    assert "alert(1)" in text


@pytest.mark.parametrize("kind", ["croissant", "sbom"])
def test_words_in_json_ld_are_never_its_keywords_or_its_context(kind: str) -> None:
    evil, plain = (told(words, "https://tunes.example/")[kind] for words in (EVIL, "Tunes"))
    assert evil["@context"] == plain["@context"]
    assert [path for path, _ in members(evil)] == [path for path, _ in members(plain)]
    keywords = {"@id", "@type", "type", "spdxId", "from", "relationshipType"}
    for (path, now), (_, before) in zip(members(evil), members(plain), strict=True):
        if keywords & {*path.split("/")}:
            assert now == before or (str(now).startswith("https://clearance.invalid/") and EVIL not in str(now)), path


@pytest.mark.parametrize("kind", ["croissant", "sbom"])
@pytest.mark.parametrize(
    "address", ["javascript:alert(3)", "data:text/html,x", "file:///etc/passwd", "https://me:secret@tunes.example/"]
)
def test_json_ld_leads_to_nothing_but_the_web(kind: str, address: str) -> None:
    assert not [value for _, value in members(told("Tunes", address)[kind]) if address in str(value)]
    page = "https://tunes.example/set"
    assert [value for _, value in members(told("Tunes", page)[kind]) if value == page] == [page]

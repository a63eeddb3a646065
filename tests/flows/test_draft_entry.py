"""Entries drafted from loopback copies of the real shapes: quotes where something was seen, blanks elsewhere."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from loopback_web import Web, loopback_web

from catalog import add_drafted, lint_complete, load_catalog, load_policy
from domain.catalog import ProbeApi, Source
from domain.vocabulary import Access, Confidence, SpeaksFor, WatchRole
from flows.draft_entry import Draft, Overrides, api_of, draft_entry
from terms.reader import Reader

POLICY = load_policy(Path(__file__).parents[2] / "policy")
READER = Reader(POLICY.families)

CARD = (
    "<html><head><title>Hum Bank</title></head><body><main><h1>Hum Bank</h1><p>Forty hours of people who hum.</p>"
    "<h2>License</h2><p>The dataset is licensed under CC BY-NC 4.0.</p></main></body></html>"
)
HUB = {
    "_id": "5e" * 12, "id": "reed-lab/hum-bank", "sha": "9a" * 20, "createdAt": "2025-01-05T08:00:00.000Z",
    "lastModified": "2026-09-30T10:11:12.000Z", "private": False, "gated": False, "disabled": False,
    "tags": ["license:cc-by-4.0"], "cardData": {"license": "cc-by-4.0"},
    "siblings": [{"rfilename": "data/train.parquet", "size": 41_000_000}],
}  # fmt: skip
RECORD = {
    "id": 4200, "conceptrecid": "4100", "revision": 2, "status": "published", "created": "2025-03-01T09:00:00+00:00",
    "metadata": {"title": "Reed tones", "publication_date": "2026-08-19", "version": "2", "access_right": "open",
                 "license": {"id": "cc-by-4.0"}},
    "files": [{"key": "tones.csv.gz", "size": 5_000_000}],
}  # fmt: skip
REPOSITORY = {
    "full_name": "reed-lab/tone-tools", "private": False, "visibility": "public", "archived": False, "disabled": False,
    "pushed_at": "2026-07-01T00:00:00Z", "size": 12, "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT"},
}  # fmt: skip
PLAIN = (
    "<html><head><title>Chant Index</title></head><body><main><h1>Chant Index</h1><p>Four thousand chants, typed in by "
    "hand and checked twice by two people who sing.</p><h2>Terms</h2><p>You may use the data for research only. "
    "Commercial use is prohibited.</p></main></body></html>"
)


def draft(web: Web, path: str, **overrides: object) -> Draft:
    return draft_entry(
        web.base + path,
        READER,
        Overrides(**overrides),
        allow=("127.0.0.1",),
        delay=0.0,  # type: ignore[arg-type]
    )


def loaded(made: Draft, folder: Path) -> Source:
    """The source as the catalog loads it, so that every draft is a file that loads."""
    add_drafted(folder, made.provider, made.content, "a draft")
    [(_, _, source)] = load_catalog(folder).sources
    return source


def test_a_hub_page_speaks_for_its_uploader_and_shows_both_statements(tmp_path: Path) -> None:
    with loopback_web() as web:
        web.pages = {
            "/datasets/reed-lab/hum-bank": CARD,
            "/api/datasets/reed-lab/hum-bank?blobs=true": json.dumps(HUB),
        }
        made = draft(web, "/datasets/reed-lab/hum-bank")
    source = loaded(made, tmp_path)
    assert (made.provider, source.id, source.name) == ("reed_lab", "hum_bank_metadata", "Hum Bank")
    assert source.watches[0].role is WatchRole.CARD
    assert source.watches[0].speaks_for is SpeaksFor.REDISTRIBUTOR
    assert {claim.license for claim in source.claims} == {"CC-BY-NC-4.0", "CC-BY-4.0"}
    page = next(claim for claim in source.claims if claim.license == "CC-BY-NC-4.0")
    assert page.quote == "The dataset is licensed under CC BY-NC 4.0."
    assert {claim.confidence for claim in source.claims} == {Confidence.PARTLY}
    assert source.access is Access.OPEN_DOWNLOAD
    assert source.stated.size_bytes == 41_000_000
    assert source.stated.formats == ("parquet",)
    assert source.probes[0].api is ProbeApi.HUGGINGFACE
    blanks = " ".join(lint_complete(load_catalog(tmp_path)))
    for word in ("application", "risk", "check", "ingestion", "privacy"):
        assert word in blanks


def test_a_repository_record_brings_license_size_and_release(tmp_path: Path) -> None:
    with loopback_web() as web:
        web.pages = {
            "/records/4200": "<html><body><main><h1>Reed tones</h1><p>Nine thousand tones.</p></main></body></html>",
            "/api/records/4200": json.dumps(RECORD),
            "/api/records/4200/versions": json.dumps({"hits": {"total": 1, "hits": [RECORD]}}),
        }
        made = draft(web, "/records/4200")
    source = loaded(made, tmp_path)
    assert source.name == "Reed tones"
    assert [(claim.license, claim.quote) for claim in source.claims] == [("CC-BY-4.0", "cc-by-4.0")]
    assert source.watches[0].speaks_for is SpeaksFor.PUBLISHER
    assert source.stated.newest_release == "2026-08-19"
    assert source.probes[0].api is ProbeApi.INVENIO


def test_the_license_of_code_is_never_drafted_as_that_of_data(tmp_path: Path) -> None:
    license_file = {"type": "file", "path": "LICENSE", "encoding": "base64",
                    "content": base64.b64encode(b"MIT License").decode(), "license": {"spdx_id": "MIT"}}  # fmt: skip
    with loopback_web() as web:
        web.pages = {
            "/repos/reed-lab/tone-tools": json.dumps(REPOSITORY),
            "/repos/reed-lab/tone-tools/license": json.dumps(license_file),
            "/repos/reed-lab/tone-tools/releases?per_page=100": "[]",
        }
        made = draft(web, "/repos/reed-lab/tone-tools", name="Tone Tools")
    source = loaded(made, tmp_path)
    assert source.claims
    assert {claim.license for claim in source.claims} == {"NOASSERTION"}
    assert all("code" in (claim.note or "") for claim in source.claims)
    assert {(claim.quote or "")[:4] for claim in source.claims} <= {"lice", "MIT", "MIT "}


def test_a_plain_page_with_terms_of_its_own_is_quoted_and_asserts_no_license(tmp_path: Path) -> None:
    with loopback_web() as web:
        web.pages = {"/chants": PLAIN}
        made = draft(web, "/chants")
    source = loaded(made, tmp_path)
    assert [claim.license for claim in source.claims] == ["NOASSERTION"]
    quote = source.claims[0].quote
    assert quote is not None
    assert quote in re.sub(r"<[^>]*>", " ", PLAIN)
    assert source.access is None
    assert source.stated.size is None


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500])
def test_a_page_that_does_not_answer_leaves_blanks(tmp_path: Path, status: int) -> None:
    with loopback_web() as web:
        web.pages = {"/chants": status}
        made = draft(web, "/chants", name="Chants", provider="chants", source_id="chants_metadata")
    source = loaded(made, tmp_path)
    assert source.claims == ()
    assert made.notes


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://huggingface.co/datasets/a/b", ProbeApi.HUGGINGFACE),
        ("https://zenodo.org/records/123", ProbeApi.INVENIO),
        ("https://github.com/a/b", ProbeApi.GITHUB),
        ("https://figshare.com/articles/dataset/x/123", ProbeApi.FIGSHARE),
        ("https://www.kaggle.com/datasets/a/b", ProbeApi.KAGGLE),
        ("https://doi.org/10.5072/tiny.tunes", ProbeApi.DATACITE),
        ("https://data.example.org/records/abcde-12345", ProbeApi.INVENIO),
        ("https://huggingface.co.evil.example/x", ProbeApi.SCHEMA_ORG),
        ("https://example.org/dataset", ProbeApi.SCHEMA_ORG),
    ],
)
def test_the_interface_behind_a_page_is_known_by_host_or_path(url: str, api: ProbeApi) -> None:
    assert api_of(url) is api

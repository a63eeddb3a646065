"""Where each interface is asked, for the addresses and ids people have."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import apis_documents as documents
import httpx
import pytest
import respx

from domain.catalog import MetadataProbe, ProbeApi
from domain.probing import PageRequest
from domain.vocabulary import Outcome
from probes.apis.interfaces import interface_of
from probes.measuring import Measurement, measure_probe
from probes.network import NetworkSettings, NetworkTransport

HUB = "https://huggingface.co/api/datasets"
VIEWER = "https://datasets-server.huggingface.co/size?dataset="
RECORDS = "https://zenodo.org/api/records"
GIT = "https://api.github.com/repos/moss/hums"
ARTICLES = "https://api.figshare.com/v2/articles"
VIEW = "https://www.kaggle.com/api/v1/datasets/view/moss/hums"
RIGHTS = "action=query&meta=siteinfo&siprop=rightsinfo&format=json"

NO_REQUESTS: Mapping[str, PageRequest] = {}


@pytest.mark.parametrize(
    ("api", "page", "asked"),
    [
        (ProbeApi.HUGGINGFACE, "https://huggingface.co/datasets/moss/hums",
         [f"{HUB}/moss/hums?blobs=true", f"{VIEWER}moss%2Fhums"]),
        (ProbeApi.HUGGINGFACE, "https://huggingface.co/datasets/moss/hums/tree/main/data?x=1#top",
         [f"{HUB}/moss/hums?blobs=true", f"{VIEWER}moss%2Fhums"]),
        (ProbeApi.HUGGINGFACE, "https://huggingface.co/datasets/hums/viewer",
         [f"{HUB}/hums?blobs=true", f"{VIEWER}hums"]),
        (ProbeApi.HUGGINGFACE, "moss/hums", [f"{HUB}/moss/hums?blobs=true", f"{VIEWER}moss%2Fhums"]),
        (ProbeApi.HUGGINGFACE, "https://hub.example/datasets/moss/hums",
         ["https://hub.example/api/datasets/moss/hums?blobs=true"]),
        (ProbeApi.HUGGINGFACE, "https://huggingface.co/moss/model", []),
        (ProbeApi.HUGGINGFACE, "https://huggingface.co/datasets/../secret", []),
        (ProbeApi.INVENIO, "https://zenodo.org/records/7100042", [f"{RECORDS}/7100042", f"{RECORDS}/7100042/versions"]),
        (ProbeApi.INVENIO, "https://zenodo.org/record/7100042#x",
         [f"{RECORDS}/7100042", f"{RECORDS}/7100042/versions"]),
        (ProbeApi.INVENIO, "https://doi.org/10.5281/zenodo.7100042",
         [f"{RECORDS}/7100042", f"{RECORDS}/7100042/versions"]),
        (ProbeApi.INVENIO, "https://data.example.org/records/abcde-12345",
         ["https://data.example.org/api/records/abcde-12345", "https://data.example.org/api/records/abcde-12345/versions"]),
        (ProbeApi.INVENIO, "https://zenodo.org/communities/hums", []),
        (ProbeApi.DATACITE, "https://doi.org/10.5072/field.hums", ["https://api.datacite.org/dois/10.5072/field.hums"]),
        (ProbeApi.DATACITE, "doi:10.5072/field.hums", ["https://api.datacite.org/dois/10.5072/field.hums"]),
        (ProbeApi.DATACITE, "https://hums.example/about", []),
        (ProbeApi.FIGSHARE, "https://figshare.com/articles/dataset/Field_hums/88000123/4",
         [f"{ARTICLES}/88000123", f"{ARTICLES}/88000123/versions"]),
        (ProbeApi.FIGSHARE, "10.6084/m9.figshare.88000123.v4",
         [f"{ARTICLES}/88000123", f"{ARTICLES}/88000123/versions"]),
        (ProbeApi.FIGSHARE, "https://figshare.com/authors/Moss/1", []),
        (ProbeApi.GITHUB, "https://github.com/moss/hums/blob/main/README.md",
         [GIT, f"{GIT}/license", f"{GIT}/releases?per_page=100"]),
        (ProbeApi.GITHUB, "https://github.com/moss/hums.git", [GIT, f"{GIT}/license", f"{GIT}/releases?per_page=100"]),
        (ProbeApi.GITHUB, "https://github.com/moss", []),
        (ProbeApi.GITHUB, "https://git.example/moss/hums", []),
        (ProbeApi.KAGGLE, "https://www.kaggle.com/datasets/moss/hums/data", [VIEW]),
        (ProbeApi.OPENML, "https://www.openml.org/search?type=data&id=40404",
         ["https://www.openml.org/api/v1/json/data/40404"]),
        (ProbeApi.OPENML, "40404", ["https://www.openml.org/api/v1/json/data/40404"]),
        (ProbeApi.OPENML, "https://www.openml.org/d/many", []),
        (ProbeApi.CKAN, "https://portal.example/dataset/field-hums",
         ["https://portal.example/api/3/action/package_show?id=field-hums"]),
        (ProbeApi.MEDIAWIKI, "https://wiki.example/wiki/Main_Page", [f"https://wiki.example/w/api.php?{RIGHTS}"]),
        (ProbeApi.MEDIAWIKI, "https://wiki.example/api.php?x=1", [f"https://wiki.example/api.php?{RIGHTS}"]),
        (ProbeApi.CROISSANT, "https://huggingface.co/datasets/moss/hums", [f"{HUB}/moss/hums/croissant"]),
        (ProbeApi.CROISSANT, "https://www.kaggle.com/datasets/moss/hums",
         ["https://www.kaggle.com/datasets/moss/hums/croissant/download"]),
        (ProbeApi.CROISSANT, "https://hums.example/croissant.json", ["https://hums.example/croissant.json"]),
        (ProbeApi.SCHEMA_ORG, "https://hums.example/page?id=1", ["https://hums.example/page?id=1"]),
        (ProbeApi.SCHEMA_ORG, "ftp://hums.example/page", []),
        (ProbeApi.INTERNET_ARCHIVE, "https://archive.org/details/field-hums", ["https://archive.org/metadata/field-hums"]),
        (ProbeApi.INTERNET_ARCHIVE, "field-hums", ["https://archive.org/metadata/field-hums"]),
        (ProbeApi.METABRAINZ_DUMPS, "https://x.example/pub/fullexport",
         ["https://x.example/pub/fullexport/", "https://x.example/pub/fullexport/LATEST"]),
        (ProbeApi.WIKIMEDIA_DUMPS, "https://dumps.wikimedia.org/humwiki/", ["https://dumps.wikimedia.org/humwiki/"]),
        (ProbeApi.WIKIMEDIA_DUMPS, "https://dumps.wikimedia.org/humwiki/20261101/",
         ["https://dumps.wikimedia.org/humwiki/20261101/dumpstatus.json"]),
        (ProbeApi.DIRECTORY_LISTING, "https://x.example/?prefix=data/", ["https://x.example/?prefix=data/"]),
    ],
)  # fmt: skip
def test_where_an_interface_is_asked(api: ProbeApi, page: str, asked: list[str]) -> None:
    assert list(interface_of(api).urls(page)) == asked


@pytest.mark.parametrize("api", ProbeApi)
@pytest.mark.parametrize(
    "page", ["", "http://", "https://[::1", "javascript:x", "\x00", "https://h/" + "a" * 5000, "//"]
)
def test_a_senseless_address_is_asked_nowhere(api: ProbeApi, page: str) -> None:
    assert interface_of(api).urls(page) == ()


def response(answer: Any) -> httpx.Response:
    match answer:
        case int():
            return httpx.Response(answer)
        case str():
            return httpx.Response(302, headers={"Location": answer})
        case bytes():
            return httpx.Response(200, headers={"Content-Type": "text/html"}, content=answer)
        case _:
            return httpx.Response(200, json=answer)


def measured(
    api: ProbeApi, page: str, answers: dict[str, Any], known: Mapping[str, PageRequest] = NO_REQUESTS
) -> Measurement:
    """`answers` by address: a status, where to go instead, a page, or a document."""

    async def run() -> Measurement:
        with respx.mock(assert_all_called=False) as router:
            router.route(path="/robots.txt").respond(404)
            for address, answer in answers.items():
                router.get(address).mock(response(answer))
            transport = NetworkTransport(
                NetworkSettings(delay=0.0, most_retries=0), now=lambda: datetime(2026, 11, 24, tzinfo=UTC)
            )
            found = await measure_probe(MetadataProbe(url=page, api=api), "hums", transport, known)
            await transport.aclose()
            return found

    return asyncio.run(run())


def test_all_documents_of_a_dataset_come_together() -> None:
    found = measured(
        ProbeApi.GITHUB,
        "https://github.com/moss/hums",
        {GIT: documents.REPOSITORY, f"{GIT}/license": 404, f"{GIT}/releases?per_page=100": documents.RELEASES},
    )
    assert (found.outcome, len(found.looks)) == (Outcome.SNAPSHOT, 3)
    values = {fact.name: fact.value for fact in found.facts}
    assert (values["cadence_days"], values["repository_bytes"]) == ("every 30 days", "about 2.0 MiB")
    assert f"{GIT}/license: gone, not_found: the server knows no such page (404)" in found.notes


def test_what_two_documents_disagree_on_is_noted_and_the_measured_one_stays() -> None:
    hub = "https://huggingface.co/api/datasets/moss/hums?blobs=true"
    record = {**documents.HUB, "siblings": []}
    size = documents.changed(documents.HUB_SIZE, size__dataset__num_bytes_original_files=77)
    found = measured(ProbeApi.HUGGINGFACE, "moss/hums", {hub: record, f"{VIEWER}moss%2Fhums": size})
    sizes = [(fact.value, fact.measured) for fact in found.facts if fact.name == "size_bytes"]
    assert sizes == [("77 bytes", True)]
    assert found.notes == (f"size_bytes: 39.1 MiB at {hub}, 77 bytes at {VIEWER}moss%2Fhums",)


def test_the_newest_dump_is_followed_to_its_files() -> None:
    folder = "https://x.example/dumps/"
    found = measured(
        ProbeApi.METABRAINZ_DUMPS,
        folder,
        {folder: documents.FOLDER, f"{folder}LATEST": 403, f"{folder}20261114-001500/": documents.DUMP},
    )
    assert {fact.name: fact.url for fact in found.facts if fact.name in ("cadence_days", "size_bytes")} == {
        "cadence_days": folder,
        "size_bytes": f"{folder}20261114-001500/",
    }


def test_who_answered_in_the_end_is_noted() -> None:
    hub = "https://hub.example/api/datasets/moss/hums?blobs=true"
    moved = "https://hub.example/api/datasets/fern/hums?blobs=true"
    found = measured(ProbeApi.HUGGINGFACE, "https://hub.example/datasets/moss/hums", {hub: moved, moved: documents.HUB})
    assert (found.outcome, found.notes) == (Outcome.SNAPSHOT, (f"{hub}: answered by {moved}",))


def test_an_unchanged_record_leaves_its_other_documents_to_be_read() -> None:
    record = "https://zenodo.org/api/records/7100042"
    known = {record: PageRequest(record, etag='"v1"')}
    found = measured(
        ProbeApi.INVENIO,
        "https://zenodo.org/records/7100042",
        {record: 304, f"{record}/versions": documents.VERSIONS},
        known,
    )
    assert found.outcome is Outcome.NOT_MODIFIED
    assert {fact.name for fact in found.facts} == {"newest_release", "first_release", "release_count", "cadence_days"}
    assert found.claims == ()


def test_an_address_of_another_interface_is_an_outcome() -> None:
    found = measured(ProbeApi.KAGGLE, "https://hums.example/", {})
    assert (found.outcome, found.reason, found.looks) == (
        Outcome.UNREACHABLE,
        "bad_url: no address of the kaggle interface",
        (),
    )

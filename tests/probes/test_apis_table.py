"""Every interface against every way a server answers, on loopback: a fact or an outcome, never a permission."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import apis_documents as documents
from apis_documents import changed, page_with
from probe_server import Handler, reply, serving

from domain.catalog import MetadataProbe, ProbeApi
from domain.probing import PageRequest
from domain.vocabulary import Outcome
from probes.measuring import Measurement, measure_probe
from probes.network import NetworkSettings, NetworkTransport

LOGIN = b"<html><head><title>Sign in</title></head><body><form>Name <input> Password <input></form></body></html>"
EMPTY_INDEX = b"<html><head><title>Index of /</title></head><body><pre><a href='../'>../</a></pre></body></html>"
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
SUSPECT = "suspect unreadable"


@dataclass(frozen=True)
class Speaker:
    """One interface: `page` as the catalog would name it, `asks` the main document's address, `good` that
    document; the others are variants of it, each with the cell it must come to. `keep` are keys that
    stay as they are when all other values get wrong types."""

    api: ProbeApi
    page: str
    asks: str
    good: Any
    cell: str
    gated: tuple[Any, str]
    withdrawn: tuple[Any, str]
    huge: str
    wrong: str
    keep: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    wrap: Callable[[Any], bytes] = lambda document: json.dumps(document).encode()


def raw(body: bytes) -> bytes:
    return body


def linked(document: Any) -> bytes:
    return document if isinstance(document, bytes) else page_with(document)


SPEAKERS = [
    Speaker(
        ProbeApi.HUGGINGFACE, "/datasets/moss/{}", "/api/datasets/moss/{}?blobs=true", documents.HUB,
        "snapshot 8f 5c open",
        gated=(changed(documents.HUB, gated="auto"), "snapshot 8f 5c gated: auto"),
        withdrawn=(changed(documents.HUB, disabled=True), "snapshot 8f 5c withdrawn: disabled"),
        huge="snapshot 7f 5c open", wrong="snapshot 1f 0c gated", keep=("id",),
    ),
    Speaker(
        ProbeApi.INVENIO, "/records/71{}", "/api/records/71{}", documents.RECORD, "snapshot 11f 1c open",
        gated=(changed(documents.RECORD, metadata__access_right="restricted"), "snapshot 8f 1c restricted: restricted"),
        withdrawn=(changed(documents.RECORD, tombstone={"reason": "x"}), "snapshot 8f 1c withdrawn"),
        huge="snapshot 7f 1c open", wrong=SUSPECT,
        more={"/api/records/71{}/versions": documents.VERSIONS},
    ),
    Speaker(
        ProbeApi.DATACITE, "/dois/10.5072/{}", "/dois/10.5072/{}", documents.DOI, "snapshot 7f 2c open",
        gated=(
            changed(
                documents.DOI,
                data__attributes__rightsList__1__rightsUri="http://purl.org/coar/access_right/c_16ec",
            ),
            "snapshot 7f 2c restricted: c_16ec",
        ),
        withdrawn=(
            changed(documents.DOI, data__attributes__state="registered"),
            "snapshot 7f 2c withdrawn: the DOI is registered",
        ),
        huge="snapshot 7f 2c open", wrong=SUSPECT, keep=("doi",),
    ),
    Speaker(
        ProbeApi.FIGSHARE, "/v2/articles/88{}", "/v2/articles/88{}", documents.ARTICLE, "snapshot 9f 1c open",
        gated=(changed(documents.ARTICLE, is_embargoed=True), "snapshot 8f 1c embargoed: until no date given"),
        withdrawn=(changed(documents.ARTICLE, is_metadata_record=True), "snapshot 8f 1c metadata only"),
        huge="snapshot 6f 1c open", wrong=SUSPECT, keep=("id",),
        more={"/v2/articles/88{}/versions": [{"version": number} for number in (1, 2, 3, 4)]},
    ),
    Speaker(
        ProbeApi.GITHUB, "/repos/moss/{}", "/repos/moss/{}", documents.REPOSITORY, "snapshot 15f 4c open",
        gated=(changed(documents.REPOSITORY, private=True), "snapshot 4f 2c private"),
        withdrawn=(changed(documents.REPOSITORY, disabled=True), "snapshot 4f 2c withdrawn: disabled"),
        huge="snapshot 3f 2c open", wrong=SUSPECT, keep=("full_name",),
        more={
            "/repos/moss/{}/license": documents.LICENSE_FILE,
            "/repos/moss/{}/releases?per_page=100": documents.RELEASES,
        },
    ),
    Speaker(
        ProbeApi.KAGGLE, "/datasets/moss/{}", "/api/v1/datasets/view/moss/{}", documents.VIEW, "snapshot 4f 1c",
        gated=(changed(documents.VIEW, isPrivate=True), "snapshot 5f 1c private"),
        withdrawn=({"code": 404, "message": "Not found"}, SUSPECT),
        huge="snapshot 1f 1c", wrong=SUSPECT, keep=("ref",),
    ),
    Speaker(
        ProbeApi.OPENML, "/d/40{}", "/api/v1/json/data/40{}", documents.DESCRIPTION, "snapshot 4f 1c open",
        gated=(
            changed(documents.DESCRIPTION, data_set_description__visibility="private"),
            "snapshot 4f 1c private: private",
        ),
        withdrawn=(
            changed(documents.DESCRIPTION, data_set_description__status="deactivated"),
            "snapshot 4f 1c withdrawn: deactivated",
        ),
        huge="snapshot 4f 1c open", wrong=SUSPECT, keep=("id",),
    ),
    Speaker(
        ProbeApi.CKAN, "/dataset/hums-{}", "/api/3/action/package_show?id=hums-{}", documents.PACKAGE, "snapshot 6f 2c",
        gated=(changed(documents.PACKAGE, result__private=True), "snapshot 7f 2c private"),
        withdrawn=(changed(documents.PACKAGE, result__state="deleted"), "snapshot 7f 2c withdrawn: deleted"),
        huge="snapshot 5f 2c", wrong="snapshot 3f 0c", keep=("success", "name"),
    ),
    Speaker(
        ProbeApi.MEDIAWIKI, "/{}/api.php", "/{}/api.php?action=query&meta=siteinfo&siprop=rightsinfo&format=json",
        documents.RIGHTS, "snapshot 0f 1c",
        gated=({"error": {"code": "readapidenied", "info": "x"}}, "snapshot 1f 0c private: reading needs a login"),
        withdrawn=({"error": {"code": "internal_api_error"}}, SUSPECT),
        huge="snapshot 0f 1c", wrong=SUSPECT,
    ),
    Speaker(
        ProbeApi.SCHEMA_ORG, "/page/{}", "/page/{}", documents.DATASET_NODE, "snapshot 7f 4c",
        gated=(changed(documents.DATASET_NODE, conditionsOfAccess="Ask us"), "snapshot 8f 5c gated: Ask us"),
        withdrawn=(
            changed(documents.DATASET_NODE, creativeWorkStatus="Withdrawn"), "snapshot 8f 4c withdrawn: withdrawn",
        ),
        huge="snapshot 7f 4c", wrong="snapshot 2f 0c", keep=("@type",), wrap=linked,
    ),
    Speaker(
        ProbeApi.CROISSANT, "/datasets/moss/{}.json", "/datasets/moss/{}.json", documents.CROISSANT, "snapshot 7f 4c",
        gated=(changed(documents.CROISSANT, conditionsOfAccess="Ask us"), "snapshot 8f 5c gated: Ask us"),
        withdrawn=(
            changed(documents.CROISSANT, creativeWorkStatus="Withdrawn"), "snapshot 8f 4c withdrawn: withdrawn",
        ),
        huge="snapshot 7f 4c", wrong="snapshot 2f 0c", keep=("@type", "conformsTo"),
    ),
    Speaker(
        ProbeApi.DCAT, "/dcat/{}", "/dcat/{}", documents.DCAT, "snapshot 8f 3c open",
        gated=(
            changed(documents.DCAT, **{"dct:accessRights": {"@id": "eu:access-right/RESTRICTED"}}),
            "snapshot 8f 3c restricted: restricted",
        ),
        withdrawn=(
            changed(documents.DCAT, **{"adms:status": {"@id": "eu:dataset-status/WITHDRAWN"}}),
            "snapshot 8f 3c withdrawn: withdrawn",
        ),
        huge="snapshot 7f 3c open", wrong="snapshot 1f 0c", keep=("@type",),
    ),
    Speaker(
        ProbeApi.INTERNET_ARCHIVE, "/details/hums-{}", "/metadata/hums-{}", documents.ITEM, "snapshot 5f 2c",
        gated=(
            changed(documents.ITEM, **{"metadata__access-restricted-item": "true"}),
            "snapshot 6f 2c restricted: lending or login",
        ),
        withdrawn=(changed(documents.ITEM, is_dark=True), "snapshot 6f 2c withdrawn: dark"),
        huge="snapshot 3f 2c", wrong=SUSPECT, keep=("identifier",),
    ),
    Speaker(
        ProbeApi.METABRAINZ_DUMPS, "/dumps/{}/", "/dumps/{}/", documents.FOLDER, "snapshot 8f 0c",
        gated=(LOGIN, SUSPECT), withdrawn=(EMPTY_INDEX, SUSPECT), huge="snapshot 3f 0c", wrong=SUSPECT, wrap=raw,
        more={"/dumps/{}/LATEST": b"20261114-001500\n", "/dumps/{}/20261114-001500/": documents.DUMP},
    ),
    Speaker(
        ProbeApi.WIKIMEDIA_DUMPS, "/{}wiki/20261101/", "/{}wiki/20261101/dumpstatus.json", documents.STATUS,
        "snapshot 7f 0c",
        gated=(LOGIN, SUSPECT), withdrawn=(changed(documents.STATUS, jobs={}), SUSPECT),
        huge="snapshot 6f 0c", wrong="snapshot 2f 0c", keep=("version",),
    ),
    Speaker(
        ProbeApi.DIRECTORY_LISTING, "/listing/{}/", "/listing/{}/", documents.BUCKET, "snapshot 6f 0c",
        gated=(LOGIN, SUSPECT), withdrawn=(DENIED, SUSPECT), huge="snapshot 5f 0c", wrong=SUSPECT, wrap=raw,
    ),
]  # fmt: skip


def wrong_types(value: Any, keep: tuple[str, ...], key: str = "") -> Any:
    """The same document with every value of another type than it should have."""
    if key in keep:
        return value
    if isinstance(value, dict):
        return {name: wrong_types(inner, keep, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [wrong_types(inner, keep) for inner in value]
    if isinstance(value, bytes):
        return b"\x00\xff" * 500
    return 7 if isinstance(value, str) else ["no"] if isinstance(value, bool) else {"n": value}


def huge_numbers(value: Any, keep: tuple[str, ...], key: str = "") -> Any:
    """The same document with every number beyond all measure."""
    if key in keep or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {name: huge_numbers(inner, keep, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [huge_numbers(inner, keep) for inner in value]
    if isinstance(value, bytes):
        return re.sub(rb"(?<![\d-])\d{4,}(?=\s*\n|</Size>)", b"9" * 30, value)
    if isinstance(value, str):
        return "9" * 30 if value.isdigit() else value
    return value if value is None else 10**30


def answers_of(speaker: Speaker) -> dict[str, tuple[bytes, str]]:
    """Column, whole answer, and the cell it must come to."""

    def ok(document: Any) -> bytes:
        body = document if document in (LOGIN, EMPTY_INDEX, DENIED) else speaker.wrap(document)
        kinds = {b"<h": "text/html", b"<?": "application/xml", b"<E": "application/xml"}
        return reply(200, body, Content_Type=kinds.get(body[:2], "application/json"))

    return {
        "200": (ok(speaker.good), speaker.cell),
        "304": (reply(304), "not_modified"),
        "304 unasked": (reply(304), "unreachable unexpected_status"),
        "401": (reply(401), "refused unauthorized"),
        "403": (reply(403, DENIED), "refused forbidden"),
        "404": (reply(404, b"no"), "gone not_found"),
        "410": (reply(410, b'{"status": 410, "message": "deleted"}'), "gone gone"),
        "429": (reply(429, Retry_After="3600"), "unreachable rate_limited, again in an hour"),
        "500": (reply(500, b"{}"), "unreachable server_error"),
        "gated": (ok(speaker.gated[0]), speaker.gated[1]),
        "withdrawn": (ok(speaker.withdrawn[0]), speaker.withdrawn[1]),
        "login page": (ok(LOGIN), SUSPECT),
        "empty": (reply(200, Content_Type="application/json"), SUSPECT),
        "empty object": (reply(200, b"{}", Content_Type="application/json"), SUSPECT),
        "wrong types": (ok(wrong_types(speaker.good, speaker.keep)), speaker.wrong),
        "huge numbers": (ok(huge_numbers(speaker.good, (*speaker.keep, "totals"))), speaker.huge),
        "huge body": (reply(200, b" " * 300_000, Content_Type="application/json"), "unreachable too_large"),
        "deep": (reply(200, b"[" * 100_000, Content_Type="application/json"), SUSPECT),
    }


def cell_of(found: Measurement) -> str:
    """What a measurement came to, in a few words."""
    if found.outcome is Outcome.SNAPSHOT:
        access = [fact.value for fact in found.facts if fact.name == "access"]
        return " ".join([f"snapshot {len(found.facts)}f {len(found.claims)}c", *access])
    later = found.retry_after is not None and round((found.retry_after - found.at).total_seconds()) == 3600
    words = [found.outcome.value, *([found.reason.partition(":")[0]] if found.reason else [])]
    return " ".join(words) + (", again in an hour" if later else "")


async def table() -> list[tuple[str, str, str, Measurement]]:
    answers: dict[str, bytes | list[bytes] | Handler] = {}
    cells: list[tuple[Speaker, str, str, str]] = []
    for speaker in SPEAKERS:
        for number, (column, (answer, expected)) in enumerate(answers_of(speaker).items(), 10):
            answers[speaker.asks.format(number)] = answer
            cells.append((speaker, column, expected, str(number)))
            if column in ("200", "304"):
                for path, document in speaker.more.items():
                    body = speaker.wrap(document)
                    answers[path.format(number)] = reply(200, body, Content_Type="text/html" if b"<" in body else "")
    results = []
    async with serving(answers) as server:
        settings = NetworkSettings(
            allow=("127.0.0.1",), delay=0.0, backoff=0.001, time_limit=5.0, most_wire_bytes=200_000
        )
        transport = NetworkTransport(settings)
        for speaker, column, expected, number in cells:
            main = server.base + speaker.asks.format(number)
            known = {main: PageRequest(main, etag='"v1"')} if column == "304" else {}
            probe = MetadataProbe(url=server.base + speaker.page.format(number), api=speaker.api)
            found = await measure_probe(probe, "hums", transport, known)
            assert found.looks[0].url == main
            results.append((speaker.api.value, column, expected, found))
        await transport.aclose()
    return results


def printed(results: list[tuple[str, str, str, Measurement]]) -> str:
    """The table, a line a cell, what differs marked and explained."""
    lines = ["", f"  {'interface':18} {'answer':13} comes to"]
    for api, column, expected, found in results:
        cell = cell_of(found)
        same = cell == expected
        wanted = "" if same else f"   EXPECTED {expected}; {found.reason}; {found.notes}"
        lines.append(f"{' ' if same else '!'} {api:18} {column:13} {cell}{wanted}")
    return "\n".join(lines)


def test_every_interface_and_every_status_come_to_a_fact_or_an_outcome() -> None:
    results = asyncio.run(table())
    assert len({api for api, *_ in results}) == len(ProbeApi)
    assert all(cell_of(found) == expected for *_, expected, found in results), printed(results)
    for api, column, _, found in results:
        where = f"{api} {column}"
        # Neither a refusal nor a broken document may bring words that somebody could take for a permission.
        if column not in ("200", "304", "gated", "withdrawn", "huge numbers"):
            assert (found.claims, [f.value for f in found.facts if f.value == "open"]) == ((), []), where
        if found.outcome in (Outcome.REFUSED, Outcome.GONE, Outcome.UNREACHABLE, Outcome.SUSPECT):
            assert (found.facts, found.claims) == ((), ()), where
            assert found.reason, where
        assert all(fact.number is None or 0 <= fact.number <= 10**18 for fact in found.facts), where
        assert all(fact.source_id == "hums" and fact.value for fact in found.facts), where


def test_a_failing_interface_is_tried_three_times_and_no_further_document_is_asked_for() -> None:
    async def run() -> tuple[Measurement, list[str]]:
        async with serving({"/repos/moss/hums": reply(503)}) as server:
            transport = NetworkTransport(NetworkSettings(allow=("127.0.0.1",), delay=0.0, backoff=0.001))
            probe = MetadataProbe(url=f"{server.base}/repos/moss/hums", api=ProbeApi.GITHUB)
            found = await measure_probe(probe, "hums", transport)
            await transport.aclose()
            return found, server.paths()

    found, paths = asyncio.run(run())
    assert (found.outcome, found.looks[0].attempts) == (Outcome.UNREACHABLE, 3)
    assert paths == ["/robots.txt", *["/repos/moss/hums"] * 3]

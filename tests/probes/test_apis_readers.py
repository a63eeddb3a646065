"""Each reader on a small document in its interface's documented shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import apis_documents as documents
import pytest
from apis_documents import changed, page_with

from domain.catalog import ProbeApi
from domain.claims import ClaimScope
from probes.apis.interfaces import interface_of
from probes.apis.json_fields import MOST_ROWS
from probes.apis.reading import ApiAnswer, ApiReading

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CC_BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
DATA, CODE, SITE = ClaimScope.DATA, ClaimScope.CODE, ClaimScope.SITE


def read(
    api: ProbeApi, document: Any, url: str = "https://hums.example/x", headers: dict[str, str] | None = None
) -> ApiReading:
    is_bytes = isinstance(document, bytes)
    body = document if is_bytes else json.dumps(document).encode()
    media_type = "text/html" if is_bytes else "application/json"
    reading = interface_of(api).read("hums", ApiAnswer(url, NOW, media_type, body, headers or {}))
    assert all((fact.source_id, fact.url, fact.seen_at) == ("hums", url, NOW) for fact in reading.facts)
    assert all((claim.source_id, claim.url, claim.seen_at) == ("hums", url, NOW) for claim in reading.claims)
    return reading


def facts(reading: ApiReading) -> dict[str, str]:
    assert reading.problem is None
    return {fact.name: fact.value for fact in reading.facts}


def stated(reading: ApiReading) -> set[str]:
    return {fact.name for fact in reading.facts if not fact.measured}


def claims(reading: ApiReading) -> list[tuple[str, ClaimScope, str | None]]:
    return [(claim.raw, claim.scope, claim.link) for claim in reading.claims]


def test_a_hub_record() -> None:
    reading = read(ProbeApi.HUGGINGFACE, documents.HUB)
    assert facts(reading) == {
        "revision": documents.SHA, "first_release": "2025-01-05", "last_modified": "2026-09-30", "access": "open",
        "size_bytes": "39.1 MiB", "file_count": "2", "formats": "csv.gz, parquet", "compression": "gz",
    }  # fmt: skip
    assert [fact.number for fact in reading.facts if fact.name == "size_bytes"] == [41_000_000.0]
    assert stated(reading) == set()
    assert [(claim.raw, claim.field) for claim in reading.claims] == [
        ("cc-by-sa-4.0", "cardData.license"),
        ("other", "cardData.license"),
        ("hums-audio-terms", "cardData.license_name"),
        ("AUDIO.md", "cardData.license_link"),
        ("cc-by-sa-4.0", "tags"),
    ]


def test_a_gated_hub_record_hides_its_license() -> None:
    gated = changed(documents.HUB, gated="manual", cardData=None, tags=[])
    reading = read(ProbeApi.HUGGINGFACE, gated)
    assert facts(reading)["access"] == "gated: manual"
    assert reading.claims == ()
    assert reading.notes == ("no license seen, and behind the gate there may be one",)


def test_terms_behind_a_hub_gate_are_claims_of_access() -> None:
    card = {"license": "cc-by-4.0", "extra_gated_prompt": "Only for study.", "extra_gated_eu_disallowed": True}
    reading = read(ProbeApi.HUGGINGFACE, changed(documents.HUB, gated="auto", cardData=card, tags=[]))
    assert facts(reading)["access"] == "gated: auto, not for users in the EU"
    assert claims(reading) == [("cc-by-4.0", DATA, None), ("Only for study.", ClaimScope.ACCESS, None)]


def test_the_size_a_hub_viewer_measured() -> None:
    assert facts(read(ProbeApi.HUGGINGFACE, documents.HUB_SIZE)) == {"size_bytes": "39.1 MiB", "row_count": "5120"}
    partial = facts(read(ProbeApi.HUGGINGFACE, changed(documents.HUB_SIZE, partial=True)))
    assert partial == {"size_bytes": "at least 39.1 MiB", "row_count": "at least 5120"}


def test_a_repository_record() -> None:
    reading = read(ProbeApi.INVENIO, documents.RECORD)
    assert facts(reading) == {
        "revision": "version 3.1, revision 6", "newest_release": "2026-08-19", "last_modified": "2026-08-20",
        "size_bytes": "4.7 GiB", "file_count": "1", "formats": "tar.zst", "compression": "zst", "access": "open",
    }  # fmt: skip
    assert claims(reading) == [("cc-by-nc-4.0", DATA, None)]


def test_a_record_in_its_native_form_has_all_its_rights() -> None:
    reading = read(ProbeApi.INVENIO, documents.NATIVE_RECORD)
    assert facts(reading)["size_bytes"] == "77 bytes"
    assert claims(reading) == [
        ("Creative Commons Attribution 4.0 International", DATA, f"{CC_BY}legalcode"),
        ("cc-by-4.0", DATA, f"{CC_BY}legalcode"),
        ("Hausregeln", DATA, "https://hums.example/t"),
        ("Only for study.", DATA, "https://hums.example/t"),
    ]
    closed = changed(
        documents.NATIVE_RECORD, access__files="restricted", access__embargo={"active": True, "until": "2027-01-01"}
    )
    assert facts(read(ProbeApi.INVENIO, closed))["access"] == "restricted: restricted"


def test_versions_give_cadence_and_tell_of_a_change_of_license() -> None:
    reading = read(ProbeApi.INVENIO, documents.VERSIONS)
    assert facts(reading) == {
        "newest_release": "2026-08-19", "first_release": "2026-02-20", "release_count": "3",
        "cadence_days": "every 90 days",
    }  # fmt: skip
    assert reading.notes == ("the versions differ in their license: 'cc-by-4.0', 'cc-by-nc-4.0'",)
    assert reading.claims == ()


def test_a_doi_keeps_access_statements_apart_from_licenses() -> None:
    reading = read(ProbeApi.DATACITE, documents.DOI)
    assert facts(reading) == {
        "revision": "version 3.1, metadata version 8", "newest_release": "2026-08-19", "first_release": "2025-03-01",
        "last_modified": "2026-08-20", "size_bytes": "11.9 MiB", "formats": "text/csv", "access": "open",
    }  # fmt: skip
    assert stated(reading) == {"newest_release", "first_release", "size_bytes", "formats", "access"}
    assert claims(reading) == [
        ("Creative Commons Attribution 4.0 International", DATA, f"{CC_BY}legalcode"),
        ("cc-by-4.0", DATA, f"{CC_BY}legalcode"),
    ]


def test_two_licenses_of_a_doi_are_noted_as_unclear() -> None:
    rights = [{"rights": "CC BY 4.0"}, {"rights": "House terms"}]
    reading = read(ProbeApi.DATACITE, changed(documents.DOI, data__attributes__rightsList=rights))
    assert reading.notes == ("2 entries in the rights list; whether all or any of them apply is not said",)


def test_an_article() -> None:
    reading = read(ProbeApi.FIGSHARE, documents.ARTICLE)
    assert facts(reading) == {
        "revision": "version 4", "newest_release": "2026-04-02", "last_modified": "2026-04-03", "access": "open",
        "size_bytes": "1.9 MiB", "file_count": "1", "formats": "zip", "compression": "zip",
    }  # fmt: skip
    assert claims(reading) == [("CC BY 4.0", DATA, CC_BY)]
    assert facts(read(ProbeApi.FIGSHARE, [{"version": 1}, {"version": 2}])) == {"release_count": "2"}


def test_all_that_a_code_host_knows_is_the_license_of_code() -> None:
    repository = read(ProbeApi.GITHUB, documents.REPOSITORY)
    assert facts(repository) == {
        "maintenance": "archived", "last_modified": "2026-07-01", "repository_bytes": "about 2.0 MiB", "access": "open",
    }  # fmt: skip
    file = read(ProbeApi.GITHUB, documents.LICENSE_FILE)
    hash_of_text = "3f934a46b78234aa7cff44441d7dafdf5626e6ea1398ca1f5a2fabf6d94c6706"
    assert facts(file) == {"license_file_sha256": hash_of_text, "license_file": "LICENSE"}
    assert {claim.raw for claim in file.claims} == {"Other", "NOASSERTION"}
    assert {claim.scope for claim in (*repository.claims, *file.claims)} == {CODE}


def test_releases_of_a_code_host_give_cadence_and_files() -> None:
    assert facts(read(ProbeApi.GITHUB, documents.RELEASES)) == {
        "newest_release": "2026-06-30", "first_release": "2026-05-01", "release_count": "3",
        "cadence_days": "every 30 days", "revision": "v3", "size_bytes": "2.9 MiB", "file_count": "1",
        "formats": "tar.gz", "compression": "gz",
    }  # fmt: skip
    assert facts(read(ProbeApi.GITHUB, [])) == {}


def test_a_view_of_two_layers_stays_one_claim() -> None:
    reading = read(ProbeApi.KAGGLE, documents.VIEW)
    assert facts(reading) == {
        "size_bytes": "5.7 MiB", "revision": "version 5", "release_count": "5", "newest_release": "2026-03-03",
    }  # fmt: skip
    assert claims(reading) == [("Database: Open Database, Contents: Database Contents", DATA, None)]


def test_a_description_in_json_and_in_xml_says_the_same() -> None:
    from_json = read(ProbeApi.OPENML, documents.DESCRIPTION)
    from_xml = read(ProbeApi.OPENML, documents.DESCRIPTION_XML)
    assert from_json == from_xml
    assert facts(from_json) == {
        "revision": "version 2", "newest_release": "2025-03-01", "formats": "arff", "access": "open",
    }  # fmt: skip
    assert claims(from_json) == [("Public", DATA, None)]


def test_xml_with_a_dtd_is_not_read() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + documents.DESCRIPTION_XML
    assert read(ProbeApi.OPENML, bomb).problem == "not the description of a dataset"


def test_a_package_is_stated_and_keeps_its_three_license_fields() -> None:
    reading = read(ProbeApi.CKAN, documents.PACKAGE)
    assert facts(reading) == {
        "first_release": "2025-03-01", "last_modified": "2026-08-20", "formats": "csv", "size_bytes": "4.0 KiB",
        "file_count": "1", "cadence_days": "monthly",
    }  # fmt: skip
    assert stated(reading) == {"first_release", "formats", "size_bytes", "file_count", "cadence_days"}
    link = "http://www.opendefinition.org/licenses/cc-by"
    assert claims(reading) == [("Creative Commons Attribution", DATA, link), ("cc-by", DATA, link)]


def test_a_portal_that_says_no() -> None:
    no = {"success": False, "error": {"__type": "Authorization Error", "message": "Access denied"}}
    assert read(ProbeApi.CKAN, no).problem == "the portal says no: Authorization Error"


def test_the_rights_of_a_wiki_are_those_of_the_site() -> None:
    reading = read(ProbeApi.MEDIAWIKI, documents.RIGHTS)
    link = "https://creativecommons.org/licenses/by-sa/4.0/"
    assert claims(reading) == [("Creative Commons Attribution-ShareAlike 4.0", SITE, link)]
    nothing = read(ProbeApi.MEDIAWIKI, {"query": {"rightsinfo": {"url": "", "text": ""}}})
    assert (nothing.claims, facts(nothing)) == ((), {"site_license": "none stated"})


def test_a_dataset_in_a_page_has_its_own_its_files_and_its_metadata_license() -> None:
    reading = read(ProbeApi.SCHEMA_ORG, page_with(documents.DATASET_NODE))
    assert facts(reading) == {
        "revision": "3.1", "newest_release": "2025-03-01", "last_modified": "2026-08-19", "formats": "csv",
        "size_bytes": "11.9 MiB", "file_count": "1", "compression": "gz",
    }  # fmt: skip
    assert stated(reading) == set(facts(reading))
    assert claims(reading) == [
        ("CC BY 4.0", DATA, CC_BY),
        (CC0, ClaimScope.METADATA_RECORD, CC0),
        (CC_BY_NC, DATA, CC_BY_NC),
        ("https://hums.example/usage", DATA, "https://hums.example/usage"),
    ]


def test_a_license_under_two_prefixes_is_two_claims() -> None:
    twice = {"@type": "sc:Dataset", "license": CC0, "http://purl.org/dc/terms/license": CC_BY_NC, "cc:licenses": "MIT"}
    assert [claim.raw for claim in read(ProbeApi.SCHEMA_ORG, twice).claims] == [CC0, CC_BY_NC]


def test_a_list_of_files_longer_than_we_read_is_a_lower_bound() -> None:
    many = [{"rfilename": f"{number}.csv", "size": 1} for number in range(MOST_ROWS + 1)]
    found = facts(read(ProbeApi.HUGGINGFACE, changed(documents.HUB, siblings=many)))
    assert (found["size_bytes"], found["file_count"]) == ("at least 48.8 KiB", "at least 50000")


def test_of_several_datasets_in_a_page_only_the_page_s_own_is_read() -> None:
    other = changed(documents.DATASET_NODE, license="MIT", url="https://hums.example/other")
    mine = changed(documents.DATASET_NODE, url="https://hums.example/x/")
    assert len(read(ProbeApi.SCHEMA_ORG, {"@graph": [other, mine]}).claims) == 4
    both = read(ProbeApi.SCHEMA_ORG, {"@graph": [other, other]})
    assert (both.problem, both.claims) == ("2 datasets are described, and none is this page's", ())


def test_a_license_in_a_link_header_is_the_site_s() -> None:
    header = {"link": f'<{CC0}>; rel="license", <https://x.example/rsl.xml>; rel="license"; type="application/rsl+xml"'}
    reading = read(ProbeApi.SCHEMA_ORG, page_with(documents.DATASET_NODE), headers=header)
    assert [claim for claim in claims(reading) if claim[1] is SITE] == [(CC0, SITE, CC0)]


def test_croissant_keeps_a_use_policy_beside_the_license() -> None:
    reading = read(ProbeApi.CROISSANT, documents.CROISSANT)
    assert facts(reading) == {
        "revision": "3.1", "newest_release": "2026-08-19", "formats": "csv", "size_bytes": "4.8 MiB",
        "file_count": "1", "compression": "gz", "maintenance": "A new dump on the first of the month.",
    }  # fmt: skip
    assert claims(reading) == [
        (CC_BY, DATA, CC_BY),
        (CC0, ClaimScope.METADATA_RECORD, CC0),
        ("Non-commercial use only", DATA, None),
        ("DUO_0000018", DATA, None),
    ]
    assert read(ProbeApi.CROISSANT, documents.DATASET_NODE).problem == "it does not say that it conforms to Croissant"


def test_dcat_reads_the_licenses_of_dataset_and_distribution() -> None:
    reading = read(ProbeApi.DCAT, documents.DCAT)
    assert facts(reading) == {
        "revision": "3.1", "newest_release": "2026-08-19", "cadence_days": "quarterly", "formats": "csv",
        "size_bytes": "4.8 MiB", "file_count": "1", "compression": "gz", "access": "open",
    }  # fmt: skip
    assert [fact.number for fact in reading.facts if fact.name == "cadence_days"] == [91.0]
    assert claims(reading) == [(CC_BY, DATA, CC_BY), ("Sound left out", DATA, None), (CC_BY_NC, DATA, CC_BY_NC)]
    assert read(ProbeApi.DCAT, b"@prefix dcat: <http://www.w3.org/ns/dcat#> .").problem is not None


def test_an_item_counts_originals_only() -> None:
    reading = read(ProbeApi.INTERNET_ARCHIVE, documents.ITEM)
    assert facts(reading) == {
        "newest_release": "2025-03-01", "last_modified": "2026-05-28", "size_bytes": "7.6 MiB", "file_count": "1",
        "formats": "flac",
    }  # fmt: skip
    link = "https://creativecommons.org/licenses/by-nc-nd/3.0/"
    assert claims(reading) == [(link, DATA, link), ("Hums by the moss choir", DATA, None)]


def test_a_folder_of_dumps_and_the_newest_one() -> None:
    url = "https://hums.example/dumps/"
    interface = interface_of(ProbeApi.METABRAINZ_DUMPS)
    assert facts(read(ProbeApi.METABRAINZ_DUMPS, documents.FOLDER, url)) == {
        "newest_release": "2026-11-14", "release_count": "3", "cadence_days": "every 7 days",
    }  # fmt: skip
    assert interface.follow(ApiAnswer(url, NOW, "text/html", documents.FOLDER)) == (f"{url}20261114-001500/",)
    assert facts(read(ProbeApi.METABRAINZ_DUMPS, documents.DUMP, f"{url}20261114-001500/")) == {
        "size_bytes": "6.5 GiB", "file_count": "2", "formats": "tar.bz2", "compression": "bz2",
    }  # fmt: skip
    assert facts(read(ProbeApi.METABRAINZ_DUMPS, b"20261114-001500\n", f"{url}LATEST")) == {
        "newest_release": "2026-11-14", "revision": "20261114-001500",
    }  # fmt: skip
    assert read(ProbeApi.METABRAINZ_DUMPS, b"<html>", f"{url}LATEST").problem == "no stamp of a dump"


def test_the_status_of_a_run_tells_what_is_done() -> None:
    reading = read(ProbeApi.WIKIMEDIA_DUMPS, documents.STATUS, "https://x.example/humwiki/20261101/dumpstatus.json")
    assert facts(reading) == {
        "run_status": "1 of 2 jobs done", "last_modified": "2026-11-03", "newest_release": "2026-11-01",
        "size_bytes": "at least 6.7 MiB", "file_count": "at least 1", "formats": "xml.bz2", "compression": "bz2",
    }  # fmt: skip


def test_a_run_begun_yesterday_is_not_measured() -> None:
    url = "https://x.example/humwiki/"
    follow = interface_of(ProbeApi.WIKIMEDIA_DUMPS).follow
    assert follow(ApiAnswer(url, NOW, "text/html", documents.RUNS)) == (f"{url}20261101/dumpstatus.json",)


def test_a_bucket_is_read_as_listings_are() -> None:
    reading = read(ProbeApi.DIRECTORY_LISTING, documents.BUCKET)
    assert facts(reading)["newest_release"] == "2026-11-01"
    assert facts(reading)["size_bytes"] == "4.6 KiB"


@pytest.mark.parametrize(
    ("api", "document", "value"),
    [
        (ProbeApi.HUGGINGFACE, changed(documents.HUB, disabled=True), "withdrawn: disabled"),
        (ProbeApi.HUGGINGFACE, changed(documents.HUB, gated=True), "gated"),
        (ProbeApi.HUGGINGFACE, changed(documents.HUB, private=True), "private"),
        (ProbeApi.INVENIO, changed(documents.RECORD, tombstone={"reason": "spam"}), "withdrawn"),
        (ProbeApi.INVENIO, changed(documents.RECORD, metadata__access_right="closed"), "restricted: closed"),
        (ProbeApi.INVENIO, changed(documents.RECORD, metadata__access_right="odd"), "restricted: odd"),
        (ProbeApi.FIGSHARE, changed(documents.ARTICLE, is_metadata_record=True), "metadata only"),
        (ProbeApi.FIGSHARE, changed(documents.ARTICLE, is_embargoed=True), "embargoed: until no date given"),
        (ProbeApi.GITHUB, changed(documents.REPOSITORY, visibility="internal"), "private"),
        (ProbeApi.OPENML, changed(documents.DESCRIPTION, data_set_description__status="deactivated"),
         "withdrawn: deactivated"),
        (ProbeApi.MEDIAWIKI, {"error": {"code": "readapidenied"}}, "private: reading needs a login"),
        (ProbeApi.SCHEMA_ORG, changed(documents.DATASET_NODE, isAccessibleForFree=False), "restricted: not free"),
        (ProbeApi.INTERNET_ARCHIVE, {"is_dark": True}, "withdrawn: dark"),
    ],
)  # fmt: skip
def test_gates_are_told(api: ProbeApi, document: Any, value: str) -> None:
    assert facts(read(api, document))["access"] == value


@pytest.mark.parametrize("gated", [None, 0, "", [], {}])
def test_an_odd_gate_is_never_open(gated: Any) -> None:
    assert facts(read(ProbeApi.HUGGINGFACE, changed(documents.HUB, gated=gated))).get("access") != "open"


def test_a_key_given_twice_counts_for_nothing() -> None:
    body = json.dumps(documents.VIEW)[:-1] + ', "licenseName": "CC0-1.0"}'
    reading = read(ProbeApi.KAGGLE, body.encode())
    assert (reading.claims, reading.notes) == ((), ("licenseName: given twice, so neither counts",))


def test_hostile_text_is_harmless_and_a_text_too_long_is_left_out_whole() -> None:
    turned = changed(documents.VIEW, licenseName="CC\u202e0\x1b[31m\ud800")
    assert [claim.raw for claim in read(ProbeApi.KAGGLE, turned).claims] == ["CC 0 [31m?"]
    long = read(ProbeApi.KAGGLE, changed(documents.VIEW, licenseName="CC BY " * 10_000))
    assert (long.claims, long.notes) == ((), ("licenseName: a text of 60000 characters",))


def test_numbers_beyond_sense_are_left_out() -> None:
    for number in ("1" * 5000, "1e999", "-5", "NaN", "1.5", "true", "1" + "0" * 18 + "1"):
        body = json.dumps(documents.VIEW).replace("6000000", number)
        reading = read(ProbeApi.KAGGLE, body.encode())
        assert "size_bytes" not in facts(reading), number
        assert any(note.startswith("totalBytes: ") for note in reading.notes), number


def test_a_release_in_the_future_has_not_come() -> None:
    reading = read(ProbeApi.KAGGLE, changed(documents.VIEW, lastUpdated="2027-01-01"))
    assert "newest_release" not in facts(reading)
    assert reading.notes == ("2027-01-01: a date in the future",)

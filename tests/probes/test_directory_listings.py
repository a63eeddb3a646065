"""Listings of several servers as values, and what they tell of a dataset."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.probing import DatasetFact
from probes.listing import Listing, ListingEntry, measure, parse_listing

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://data.example.org/pub/tiny/"

NGINX = b"""<html><head><title>Index of /pub/tiny/</title></head><body>
<h1>Index of /pub/tiny/</h1><hr><pre><a href="../">../</a>
<a href="20261104-001001/">20261104-001001/</a>              04-Nov-2026 02:11                   -
<a href="20261111-001001/">20261111-001001/</a>              11-Nov-2026 02:11                   -
<a href="20261114-001001/">20261114-001001/</a>              14-Nov-2026 02:11                   -
<a href="20261118-002047/">20261118-002047/</a>              18-Nov-2026 02:12                   -
<a href="a%20name-longer-than-the-column.tar.zst">a name-longer-than-the-c..&gt;</a> 18-Nov-2026 02:11      6543210987
<a href="LATEST">LATEST</a>                                  18-Nov-2026 02:12                  16
<a href="latest-is-20261118-002047">latest-is-20261118-002047</a> 18-Nov-2026 02:12              0
<a href="https://elsewhere.example/x">elsewhere</a>  <a href="/other/">other</a> <a href="deep/er/x">x</a>
</pre><hr></body></html>"""

APACHE = b"""<html><head><title>Index of /pub/tiny</title></head><body><h1>Index of /pub/tiny</h1><table>
<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th><th>Size</th></tr>
<tr><td><img alt="[PARENTDIR]"></td><td><a href="/pub/">Parent Directory</a></td><td>&nbsp;</td><td>-</td></tr>
<tr><td></td><td><a href="extra/">extra/</a></td><td>2026-11-04 02:11  </td><td> - </td></tr>
<tr><td></td><td><a href="tiny.tar.xz">tiny.tar.xz</a></td><td>2026-11-04 02:11  </td><td>7.2G</td></tr>
<tr><td></td><td><a href="notes-512K.csv">x</a></td><td>2026-11-04 02:12  </td><td> 16 </td></tr>
<tr><td></td><td><a href="SHA256SUMS">SHA256SUMS</a></td><td>2026-11-04 02:12  </td><td>1.1K</td></tr>
</table></body></html>"""

BUCKET = b"""<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>tiny-dumps</Name><Prefix>data/2026/</Prefix>
<IsTruncated>%s</IsTruncated>
<Contents><Key>data/2026/</Key><Size>0</Size></Contents>
<Contents><Key>data/2026/tiny_20261001_artists.xml.gz</Key><Size>100</Size></Contents>
<Contents><Key>data/2026/tiny_20261101_artists.xml.gz</Key><LastModified>2026-11-02T03:04:05.000Z</LastModified>
<Size>470000000</Size></Contents>
<Contents><Key>data/2026/tiny_20261101_labels.xml.gz</Key><LastModified>2026-11-02T03:04:05.000Z</LastModified>
<Size>30000000</Size></Contents>
<Contents><Key>data/2026/tiny_20261101_CHECKSUM.txt</Key><LastModified>2026-11-02T03:04:09.000Z</LastModified>
<Size>372</Size></Contents>
<CommonPrefixes><Prefix>data/2026/extra/</Prefix></CommonPrefixes></ListBucketResult>"""


def facts_of(listing: Listing) -> dict[str, DatasetFact]:
    facts = measure("tiny", listing, URL, NOW)
    assert all(fact.measured and (fact.url, fact.seen_at, fact.source_id) == (URL, NOW, "tiny") for fact in facts)
    return {fact.name: fact for fact in facts}


def test_nginx_names_come_from_the_links() -> None:
    listing = parse_listing(URL, NGINX, "text/html")
    assert [entry.name for entry in listing.entries if entry.is_folder] == [
        "20261104-001001", "20261111-001001", "20261114-001001", "20261118-002047",
    ]  # fmt: skip
    files = {entry.name: entry for entry in listing.entries if not entry.is_folder}
    assert set(files) == {"a name-longer-than-the-column.tar.zst", "LATEST", "latest-is-20261118-002047"}
    assert files["a name-longer-than-the-column.tar.zst"] == ListingEntry(
        "a name-longer-than-the-column.tar.zst", False, 6543210987, datetime(2026, 11, 18, 2, 11, tzinfo=UTC)
    )


def test_dated_folders_are_releases() -> None:
    facts = facts_of(parse_listing(URL, NGINX, "text/html"))
    assert facts["newest_release"].value == "2026-11-18"
    assert (facts["release_count"].number, facts["release_count"].value) == (4, "4")
    # Gaps of 7, 3 and 4 days.
    assert (facts["cadence_days"].number, facts["cadence_days"].value) == (4.0, "every 4 days")
    assert (facts["size_bytes"].number, facts["size_bytes"].unit) == (6543210987, "bytes")
    assert facts["size_bytes"].value == "6.1 GiB"
    assert (facts["formats"].value, facts["compression"].value) == ("tar.zst", "zst")


def test_apache_sizes_are_approximate() -> None:
    listing = parse_listing(URL, APACHE, "text/html")
    assert {entry.name: (entry.size_bytes, entry.approximate) for entry in listing.entries} == {
        "extra": (None, False),
        "tiny.tar.xz": (7730941133, True),
        "notes-512K.csv": (16, False),
        "SHA256SUMS": (1126, True),
    }
    facts = facts_of(listing)
    assert facts["size_bytes"].value == "at least about 7.2 GiB"
    assert (facts["file_count"].number, facts["file_count"].value) == (2, "at least 2")
    assert facts["formats"].value == "csv, tar.xz"
    assert "newest_release" not in facts


def test_a_bucket_is_measured_by_its_newest_release() -> None:
    listing = parse_listing(URL, BUCKET % b"false", "application/xml")
    assert not listing.truncated
    assert [entry.name for entry in listing.entries if entry.is_folder] == ["extra"]
    facts = facts_of(listing)
    assert (facts["newest_release"].value, facts["release_count"].value) == ("2026-11-01", "2")
    assert (facts["size_bytes"].number, facts["file_count"].number) == (500_000_000, 2)
    assert facts["formats"].value == "xml.gz"
    assert "cadence_days" not in facts


def test_a_cut_bucket_says_so() -> None:
    listing = parse_listing(URL, BUCKET % b"true", "application/xml")
    assert listing.truncated
    facts = facts_of(listing)
    assert facts["newest_release"].value == "not before 2026-11-01"
    assert facts["release_count"].value == "at least 2"


def test_nginx_in_json() -> None:
    body = (
        b'[{"name":"2026-11-01","type":"directory","mtime":"Wed, 04 Nov 2026 02:11:00 GMT"},'
        b'{"name":"a.csv","type":"file","mtime":"junk","size":16},{"name":5},7,{"name":"b","size":true}]'
    )
    listing = parse_listing(URL, body, "application/json")
    assert listing.entries == (
        ListingEntry("2026-11-01", True, None, datetime(2026, 11, 4, 2, 11, tzinfo=UTC)),
        ListingEntry("a.csv", False, 16, None),
        ListingEntry("b", False, None, None),
    )


def test_names_with_more_digits_than_a_date() -> None:
    names = ("listenbrainz-dump-1901-20261101-000003-full", "listenbrainz-dump-1902-20261115-000003-full")
    entries = tuple(ListingEntry(name, True, None, None) for name in (*names, "20991231", "20261301", "123456789"))
    facts = facts_of(Listing(entries, False))
    assert (facts["newest_release"].value, facts["release_count"].value) == ("2026-11-15", "2")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", "text/html"),
        (b"<html><body><a href='terms'>Terms</a> 5 minutes <a href='license'>License</a></body></html>", "text/html"),
        (b"<Error><Code>AccessDenied</Code></Error>", "application/xml"),
        (b"<ListBucketResult><Contents><Key>cut off", "application/xml"),
        (b"[" * 100_000, "application/json"),
        (b'{"name": 1}', "application/json"),
        (b"\x00\xff" * 1000, "text/html"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ListBucketResult>'
            b"<Contents><Key>&a;</Key><Size>1</Size></Contents></ListBucketResult>",
            "application/xml",
        ),
    ],
)
def test_what_is_no_listing_lists_nothing(body: bytes, media_type: str) -> None:
    listing = parse_listing(URL, body, media_type)
    assert listing == Listing((), False)
    assert measure("tiny", listing, URL, NOW) == ()


def test_hostile_listings_take_no_time() -> None:
    for part in (b"<a ", b"<a href=", b"<a href='x'", b"<", b"2026-11-04 02:1", b"<a href='x'>1234567890"):
        parse_listing(URL, b"Index of " + part * 100_000, "text/html")


def test_a_size_beyond_all_measure_is_no_size() -> None:
    nines = b"9" * 400
    in_json = parse_listing(URL, b'[{"name":"a.csv","type":"file","size":' + nines + b"}]", "application/json")
    in_bucket = parse_listing(URL, (BUCKET % b"false").replace(b"470000000", nines), "application/xml")
    assert "size_bytes" not in facts_of(in_json)
    assert facts_of(in_bucket)["size_bytes"].number == 30_000_000

"""What loads, and as what."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from catalog import load_catalog
from domain.catalog import Claim
from domain.rights import Right
from domain.vocabulary import Basis, Condition, Layer, Purpose, RightValue, SpeaksFor, WatchRole

SMALLEST = """\
provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        watches:
          - {url: "http://127.0.0.1:8000/p/1", role: license, speaks_for: publisher, select: "#terms"}   # one of select, anchor, heading, or none; scope optional
"""  # noqa: E501

CLAIM = """\
provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        claims:
          - {claim}
"""


def claim_in(folder: Path, text: str) -> Claim:
    (folder / "one.yaml").write_text(CLAIM.replace("{claim}", text))
    ((_, _, source),) = load_catalog(folder, today=date(2026, 7, 10)).sources
    return source.claims[0]


def test_the_smallest_catalog_of_the_contract_loads(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(SMALLEST)
    ((provider, dataset, source),) = load_catalog(tmp_path).sources
    assert (provider.provider, dataset.id, dataset.name, source.id) == (
        "example",
        "tiny_tunes",
        "Tiny Tunes",
        "tiny_tunes_metadata",
    )
    assert source.layer is Layer.METADATA
    (watch,) = source.watches
    assert (watch.url, watch.select, watch.anchor) == ("http://127.0.0.1:8000/p/1", "#terms", None)
    assert (watch.role, watch.speaks_for) == (WatchRole.LICENSE, SpeaksFor.PUBLISHER)


def test_files_are_read_in_the_order_of_their_names_and_subfolders_are_not(tmp_path: Path) -> None:
    for name, number in (("b.yaml", 2), ("a.yaml", 1)):
        text = SMALLEST.replace("tiny_tunes", f"tunes{number}").replace("provider: example", f"provider: p{number}")
        (tmp_path / name).write_text(text)
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "x.yaml").write_text("no: catalog")
    (tmp_path / "schema.json").write_text("{}")
    assert [provider.provider for provider in load_catalog(tmp_path).providers] == ["p1", "p2"]


def test_the_digest_changes_with_any_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SMALLEST)
    before = load_catalog(tmp_path).sha256
    path.write_text(SMALLEST + "# a remark\n")
    after = load_catalog(tmp_path).sha256
    assert before != after
    assert len(after) == len(sha256().hexdigest())


def test_a_right_may_be_a_word_or_a_mapping(tmp_path: Path) -> None:
    rights = claim_in(
        tmp_path,
        "{license: LicenseRef-Own, rights: {commercial_use: prohibited, derive: {value: conditional, basis: inferred,"
        " purpose: scientific_research, conditions: [attribution]}}}",
    ).rights
    assert rights.commercial_use == Right(RightValue.PROHIBITED, Basis.STATED)
    assert rights.derive == Right(
        RightValue.CONDITIONAL, Basis.INFERRED, Purpose.SCIENTIFIC_RESEARCH, conditions=(Condition.ATTRIBUTION,)
    )
    assert rights.train_model == Right()


@pytest.mark.parametrize("written", ["2026-07-09", '"2026-07-09"'])
def test_dates_are_dates_with_and_without_quotes(tmp_path: Path, written: str) -> None:
    assert claim_in(tmp_path, f"{{license: MIT, seen: {written}}}").seen == date(2026, 7, 9)


@pytest.mark.parametrize(
    ("written", "read"),
    [("3.10", "3.10"), ("2023-05-05", "2023-05-05"), ("0777", "0777"), ('"no"', "no"), ("'off'", "off")],
)
def test_text_keeps_the_letters_that_were_written(tmp_path: Path, written: str, read: str) -> None:
    assert claim_in(tmp_path, f"{{license: MIT, note: {written}}}").note == read


def test_null_stands_for_nothing_where_nothing_is_allowed(tmp_path: Path) -> None:
    claim = claim_in(tmp_path, "{license: NONE, quote: null, url: ~}")
    assert (claim.quote, claim.url) == (None, None)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    assert len(load_catalog(tmp_path).sources) == 1


@pytest.mark.parametrize(
    "license",
    [
        "CC-BY-4.0",
        "MIT OR Apache-2.0",
        "(MIT AND CC-BY-4.0) OR GPL-2.0-only WITH Classpath-exception-2.0",
        "LicenseRef-Discogs-API-Terms",
        "NONE",
        "NOASSERTION",
    ],
)
def test_license_expressions_of_spdx_are_taken_as_written(tmp_path: Path, license: str) -> None:
    assert claim_in(tmp_path, f'{{license: "{license}"}}').license == license

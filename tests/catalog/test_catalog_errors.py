"""Every kind of mistake is told with file, line, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import load_catalog
from catalog.nodes import MAX_BYTES
from domain.errors import InvalidInput

Write = Callable[[str, str], Path]
Errors = Callable[[], list[str]]

FILE = """\
provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
"""
WATCH = "        watches:\n          - {url: https://example.org/, role: license, speaks_for: publisher, %s}\n"
CLAIM = "        claims:\n          - {%s}\n"


@pytest.mark.parametrize(
    ("text", "line", "wrong", "instead"),
    [
        ("        licence: MIT\n", 8, "unknown key 'licence'", "one of: id, layer"),
        ("        acess: scrape\n", 8, "unknown key 'acess'", "did you mean 'access'?"),
        (CLAIM % "licence: MIT", 9, "unknown key 'licence'", "did you mean 'license'?"),
        (CLAIM % "seen: 2026-07-01", 9, "has no 'license'", "Add `license: …`"),
        ("        access: scrap\n", 8, "access cannot be 'scrap'", "did you mean 'scrape'?"),
        ("        access: 7\n", 8, "access cannot be '7'", "Write one of: open_download, registration"),
        ("        access: [scrape]\n", 8, "access must be one value, not a list", "Write `access: value`"),
        ("        risks:\n", 8, "risks must be a list", "- "),
        ("        risks: one\n", 8, "risks must be a list", "[a, b]"),
        ("        risks: [yes]\n", 8, "YAML reads yes as true or false", 'Quote it: "yes"'),
        ("        name: no\n", 8, "YAML reads no as true or false", 'Quote it: "no"'),
        ("        name: off\n", 8, "YAML reads off as true or false", 'Quote it: "off"'),
        ('        name: ""\n', 8, "name is empty", "Give it a value or delete the line"),
        ('        name: "a\\u202eb"\n', 8, "control character", "Delete it"),
        ("        stated: big\n", 8, "stated must be a mapping, not a single value", "Write its keys"),
        ("        stated: {items: 010}\n", 8, "whole number, not '010'", "digits"),
        ("        stated: {items: 1.5}\n", 8, "whole number, not '1.5'", "digits"),
        ("        stated: {items: -1}\n", 8, "items cannot be negative", "0 or more"),
        ("        stated: {cadence_days: weekly}\n", 8, "must be a number, not 'weekly'", "0.5"),
        ("        stated: {cadence_days: .nan}\n", 8, "must be a number, not '.nan'", "0.5"),
        ("        house_owned: yes\n", 8, "true or false, not 'yes'", "Write true or false"),
        (CLAIM % "license: MIT, seen: 2026-02-30", 9, "seen must be a date, not '2026-02-30'", "YYYY-MM-DD"),
        (CLAIM % "license: MIT, seen: 20260101", 9, "seen must be a date", "YYYY-MM-DD"),
        (CLAIM % "license: MIT, seen: 2026-07-01T10:00:00", 9, "seen must be a date", "YYYY-MM-DD"),
        (CLAIM % "license: MIT, seen: 2026-07-11", 9, "seen 2026-07-11 lies ahead", "the day (UTC)"),
        (CLAIM % "license: MIT, url: ftp://example.org/", 9, "is no web address", "https://"),
        (CLAIM % "license: MIT, url: example.org/license", 9, "is no web address", "https://"),
        (CLAIM % 'license: MIT, url: "http://[::1"', 9, "is no address", "https://"),
        (CLAIM % "license: MIT, url: https://example.org:99999/", 9, "is no address", "https://"),
        (CLAIM % "license: CC-BY", 9, "'CC-BY' is no SPDX id", "LicenseRef-CC-BY"),
        (CLAIM % "license: cc-by-4.0", 9, "not how SPDX writes it", "Write CC-BY-4.0"),
        (CLAIM % "license: GPL-2.0", 9, "not how SPDX writes it now", "Write GPL-2.0-only"),
        (CLAIM % "license: CC BY-NC 4.0", 9, "is no SPDX id", "Did you mean CC-BY-NC-4.0?"),
        (CLAIM % "license: LicenseRef-API_Terms", 9, "no SPDX reference", "Write LicenseRef-API-Terms"),
        (CLAIM % "license: MIT AND", 9, "no SPDX expression", "AND, OR or WITH"),
        (CLAIM % "license: MIT and ISC", 9, "must be in capitals", "Write AND"),
        (CLAIM % "license: NONE OR MIT", 9, "NONE cannot be part of an expression", "Write it alone"),
        (CLAIM % "license: MIT, confidence: verified, seen: 2026-07-01", 9, "no url and no quote", "lower confidence"),
        (CLAIM % "license: MIT, per_item_floor_research: true", 9, "without `per_item: true`", "Add that or drop this"),
        (CLAIM % "license: NONE, duties: [pay]", 9, "NONE demands nothing", "LicenseRef-"),
        (CLAIM % "license: MIT, rights: {derive: permited}", 9, "derive cannot be 'permited'", "'permitted'?"),
        (CLAIM % "license: MIT, rights: {use: permitted}", 9, "unknown key 'use'", "commercial_use"),
        (CLAIM % "license: MIT, rights: {derive: {value: conditional}}", 9, "needs its conditions", "[attribution]"),
        (
            CLAIM % "license: MIT, rights: {derive: {value: permitted, conditions: [fee]}}",
            9,
            "not to a permitted",
            "Drop",
        ),
        (WATCH % "select: a, anchor: b", 9, "select and anchor locate the part twice", "Keep one"),
        (WATCH % "anchor: b, heading: c", 9, "anchor and heading locate the part twice", "Keep one"),
        (WATCH % 'select: "#a["', 9, "is no CSS selector", "#license"),
        (WATCH % "min_chars: -1", 9, "min_chars cannot be negative", "0 or more"),
        ("        layer: audio\n", 8, "key 'layer' is there twice (first in line 7)", "Keep one"),
        ("        name: &x a\n", 8, "anchor `&x` is not allowed", "Write the value out"),
        ("        name: *x\n", 8, "alias `*x` is not allowed", "Write the value out"),
        ("        name: !!python/name:os.system x\n", 8, "is not allowed", "Drop it"),
        ("        ? [a]\n        : b\n", 8, "cannot be a key", "plain word"),
        ("        name: 'a\n", 8, "is not YAML", "Mend"),
        ("        name: a: b\n", 8, "is not YAML", "Mend"),
        ("        risks: " + "[" * 40 + "]" * 40 + "\n", 8, "nested deeper than 30 levels", "Flatten"),
        ("--- \nprovider: two\n", 8, "a second document starts here", "one document a file"),
    ],
)
def test_mistakes_are_told_with_file_and_line(
    write: Write, errors: Errors, text: str, line: int, wrong: str, instead: str
) -> None:
    write("one.yaml", FILE + text)
    matching = [told for told in errors() if told.startswith(f"one.yaml:{line}: ") and wrong in told]
    assert matching, errors()
    assert instead in matching[0]


def test_passwords_in_addresses_are_refused_and_not_repeated(write: Write, errors: Errors) -> None:
    write("one.yaml", FILE + CLAIM % "license: MIT, url: https://me:hunter2@example.org/")
    (told,) = errors()
    assert told.startswith("one.yaml:9: url holds a user name or password")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("written", "mended"), [("Tiny-Tunes", "tiny_tunes"), ("_tunes", "tunes"), ("µ", "tiny_tunes")]
)
def test_ids_are_lower_case_words(write: Write, errors: Errors, written: str, mended: str) -> None:
    write("one.yaml", FILE.replace("id: tiny_tunes\n", f"id: {written}\n"))
    (told,) = errors()
    assert told.startswith(f"one.yaml:3: id '{written}' is not made of")
    assert told.endswith(f"Write {mended}")


def test_ids_are_unique_over_all_files(write: Write, errors: Errors) -> None:
    write("one.yaml", FILE)
    write("two.yaml", "# another\n" + FILE)
    dataset, source = errors()
    assert dataset.startswith("two.yaml:4: dataset id 'tiny_tunes' is taken at ")
    assert dataset.endswith("one.yaml:3. Choose another")
    assert source.startswith("two.yaml:7: source id 'tiny_tunes_metadata' is taken at ")


def test_two_watches_on_the_same_part_are_refused(write: Write, errors: Errors) -> None:
    watch = "          - {url: https://example.org/, role: license, speaks_for: publisher, anchor: a}\n"
    write("one.yaml", FILE + "        watches:\n" + watch * 2)
    (told,) = errors()
    assert told.startswith("one.yaml:8: two watches read the same part of the same page")


def test_a_source_is_not_its_own_upstream(write: Write, errors: Errors) -> None:
    write(
        "one.yaml", FILE + "        derivation:\n          - {upstream: tiny_tunes_metadata, flow: copies, note: x}\n"
    )
    assert errors()[0].startswith("one.yaml:8: derivation names the source itself")


def test_all_mistakes_of_all_files_are_told_at_once_and_in_order(write: Write, errors: Errors, tmp_path: Path) -> None:
    write("one.yaml", FILE + "        layr: x\n" + CLAIM % "license: mit, url: nowhere")
    write("two.yaml", FILE.replace("tiny_tunes", "other").replace("layer: metadata", "layer: meta"))
    assert [told.split(": ")[0] for told in errors()] == ["one.yaml:8", "one.yaml:10", "one.yaml:10", "two.yaml:7"]
    with pytest.raises(InvalidInput) as caught:
        load_catalog(tmp_path)
    assert (caught.value.path, caught.value.line) == (tmp_path / "one.yaml", 8)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "one.yaml:1: is empty"),
        (b"# nothing\n", "one.yaml:1: is empty"),
        (b"provider: a\nname: \xff\n", "one.yaml:2: is not UTF-8 text"),
        (b"provider: a\nname: \x01\n", "one.yaml:2: holds a control character"),
        (b"- a\n", "one.yaml:1: the file must be a mapping, not a list"),
        (b"provider: a\ndatasets: []\n", "one.yaml:2: datasets is empty"),
        (b"provider: A b\ndatasets: []\n", "one.yaml:1: provider 'A b' is not made of"),
        (b"#" * (MAX_BYTES + 1), "one.yaml: is larger than 2,000,000 bytes"),
    ],
)
def test_files_that_are_no_catalog(tmp_path: Path, errors: Errors, data: bytes, told: str) -> None:
    (tmp_path / "one.yaml").write_bytes(data)
    assert errors()[0].startswith(told)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path, errors: Errors) -> None:
    (tmp_path / "one.yaml").mkdir()
    assert errors()[0].startswith("one.yaml: cannot be read")


def test_files_with_the_other_ending_are_not_skipped_in_silence(write: Write, errors: Errors) -> None:
    write("one.yaml", FILE)
    write("two.yml", FILE)
    assert errors() == ["two.yml: is not read because of its ending. Rename it to .yaml"]


def test_a_missing_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such catalog folder"):
        load_catalog(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match=r"holds no \*\.yaml file"):
        load_catalog(tmp_path)

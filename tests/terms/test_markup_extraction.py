"""Markdown, reStructuredText, plain text, YAML, JSON and notebooks as documents."""

from __future__ import annotations

import json

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, read

from terms.document import BlockKind
from terms.front_matter import fields_of, looks_like_yaml
from terms.markdown import extract_markdown
from terms.media import NotText, decode, extract, media_type_of
from terms.plain import extract_plain
from terms.restructured import extract_rst


def _blocks(document: object) -> list[tuple[BlockKind, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]  # type: ignore[attr-defined]


def test_markdown_gives_headings_items_tables_code_and_fields() -> None:
    document = extract_markdown(
        "---\nlicense:\n- mit\n---\n# Title\n\nA *line*\nand more.\n\n- item\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n**License:** CC0\n"
    )
    assert _blocks(document) == [
        (BlockKind.FIELD, "license: mit"),
        (BlockKind.HEADING, "Title"),
        (BlockKind.TEXT, "A line and more."),
        (BlockKind.ITEM, "item"),
        (BlockKind.ROW, "a | b"),
        (BlockKind.ROW, "1 | 2"),
        (BlockKind.CODE, "x"),
        (BlockKind.FIELD, "License: CC0"),
    ]


def test_reference_links_and_badges_keep_their_targets() -> None:
    document = extract_markdown(
        "The [deed][cc] and ![badge](b.png).\n\n[cc]: https://creativecommons.org/licenses/by/4.0/\n"
    )
    assert {link.href for link in document.links} == {"https://creativecommons.org/licenses/by/4.0/", "b.png"}


def test_a_fence_that_is_never_closed_ends_at_the_next_section() -> None:
    text = "A dataset.\n\n```\nsample\n\n### License\n\nThe data is licensed under CC BY 4.0.\n"
    assert determined(text) is COMMERCIAL


def test_reader_sees_rst_headings_targets_and_tables() -> None:
    document = extract_rst(
        "Data\n====\n\nUnder `CC BY <https://creativecommons.org/licenses/by/4.0/>`_ and `ours`_.\n\n"
        ".. _ours: https://example.org/t\n\n"
        "===== =======\nSet   License\n===== =======\nA     CC0\n===== =======\n"
    )
    assert {link.href for link in document.links} == {
        "https://creativecommons.org/licenses/by/4.0/",
        "https://example.org/t",
    }
    assert (BlockKind.ROW, "A | CC0") in _blocks(document)


def test_comment_signs_of_a_source_file_go_and_list_items_stay() -> None:
    commented = extract_plain(
        "# This program is free software: you can redistribute\n# it and modify it\n#\n# under the terms below.\n"
    )
    assert _blocks(commented)[0] == (
        BlockKind.TEXT,
        "This program is free software: you can redistribute it and modify it",
    )
    listed = extract_plain("* One thing\n* Two things\n* Three things\n")
    assert [kind for kind, _ in _blocks(listed)] == [BlockKind.ITEM] * 3


def test_front_matter_is_read_line_by_line_even_when_its_yaml_is_broken() -> None:
    lines = ["license:", "- cc-by-4.0", "tags: [a, b", "license_name: >-", "  my", "  terms"]
    assert list(fields_of(lines)) == [
        ("license", ["cc-by-4.0"]),
        ("tags", ["[a, b"]),
        ("license_name", ["my", "terms"]),
    ]


def test_a_yaml_record_is_read_as_fields() -> None:
    text = "Name: Tiny\nDescription: Songs.\nLicense: https://creativecommons.org/licenses/by/4.0/\nUpdated: never\n"
    assert looks_like_yaml(text)
    assert read(text).licenses == ("CC-BY-4.0",)


def test_the_license_of_a_citation_file_for_software_is_the_codes() -> None:
    assert determined("cff-version: 1.2.0\ntitle: Loader\ntype: software\nlicense: MIT\n") is UNCLEAR


@pytest.mark.parametrize(
    ("record", "licenses"),
    [
        ({"@type": "Dataset", "license": "mit"}, ("MIT",)),
        ({"metadata": {"license": {"id": "cc-by-4.0"}}}, ("CC-BY-4.0",)),
        ({"rightsList": [{"rights": "CC BY-NC 4.0", "rightsIdentifier": "cc-by-nc-4.0"}]}, ("CC-BY-NC-4.0",)),
        ({"license_id": "odc-odbl", "license_title": "Open Database License"}, ("ODbL-1.0",)),
        ({"tags": ["audio", "license:apache-2.0"]}, ("Apache-2.0",)),
        (
            {"licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}]},
            ("CC0-1.0",),
        ),
        ({"description": "Tags and tunes."}, ()),
    ],
)
def test_records_in_json_state_their_license_in_many_shapes(record: object, licenses: tuple[str, ...]) -> None:
    assert read(json.dumps(record), "application/json").licenses == licenses


def test_json_is_read_as_json_whatever_a_server_calls_it() -> None:
    assert read('{"name": "x", "license": "cc-by-nc-4.0"}', "text/markdown").licenses == ("CC-BY-NC-4.0",)


def test_the_description_of_a_record_can_narrow_its_license_field() -> None:
    record = {"license": "cc-by-4.0", "description": "<p>The tracks are for non-commercial research only.</p>"}
    assert determined(json.dumps(record), "application/json") is RESEARCH


def test_a_notebook_is_read_by_its_text_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Data\n", "\n", "The dataset is licensed under CC0."]},
        {"cell_type": "code", "source": "license = 'MIT'"},
    ]
    assert read(json.dumps({"cells": cells, "nbformat": 4}), "application/json").licenses == ("CC0-1.0",)


@pytest.mark.parametrize(
    ("declared", "url", "text", "kind"),
    [
        ("text/plain; charset=utf-8", "https://x.example/README.md", "", "text/markdown"),
        ("text/plain", "https://x.example/a.rst", "", "text/x-rst"),
        ("application/octet-stream", "https://x.example/a", "<!doctype html>", "text/html"),
        ("application/ld+json", None, "", "application/json"),
        (None, None, "words", "text/plain"),
    ],
)
def test_the_media_type_is_what_the_server_the_suffix_and_the_text_say(
    declared: str | None, url: str | None, text: str, kind: str
) -> None:
    assert media_type_of(declared, url, text) == kind


@pytest.mark.parametrize("body", [b"PK\x03\x04rest", b"%PDF-1.7", b"\x89PNG\r\n", bytes(range(32)) * 200])
def test_files_that_are_no_text_are_told_apart(body: bytes) -> None:
    with pytest.raises(NotText, match="not text"):
        decode(body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Café".encode(), "Café"),
        ("Café".encode("utf-16"), "Café"),
        ("Café".encode("cp1252"), "Café"),
        (b'<meta charset="iso-8859-1">Caf\xe9', '<meta charset="iso-8859-1">Café'),
    ],
)
def test_bytes_are_decoded_by_mark_declaration_or_trial(body: bytes, text: str) -> None:
    assert decode(body) == text


def test_unknown_text_types_are_read_as_markdown_when_they_look_like_it() -> None:
    assert _blocks(extract("# Title\n\ntext", "text/unknown"))[0] == (BlockKind.HEADING, "Title")

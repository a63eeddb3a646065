"""What no rule knows is not approved where terms stand, and what takes nothing back is left alone there."""

from __future__ import annotations

import pytest
from restriction_cases import cases
from terms_reading import COMMERCIAL, determined, read

from terms import unread
from terms.shadow import shadow

CARD = (
    "---\nlicense: cc-by-4.0\n---\n\n# Alder\n\n## Dataset Summary\n\nThe dataset has 20 hours of songs.{summary}\n\n"
    "## Source Data\n\nThe songs come from two valleys.{source}\n\n## Licensing Information\n\nCC BY 4.0\n\n{license}\n"
)


def card(summary: str = "", source: str = "", license_section: str = "") -> str:
    return CARD.format(summary=f" {summary}", source=f" {source}", license=license_section)


def test_the_card_alone_is_open() -> None:
    assert determined(card()) is COMMERCIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "Everything past humming: call us.",
        "The choirs insist on seeing any plan first.",
        "Heads-up: the singers want none of it in a rival songbook.",
        "Die Noten darf man ansehen, aber nicht weitergeben.",
    ],
)
def test_a_sentence_nobody_foresaw_under_a_license_heading_is_not_approved(sentence: str) -> None:
    reading = read(card(license_section=sentence))
    assert determined(card(license_section=sentence)) is not COMMERCIAL
    assert any(finding.quote.startswith(sentence[:12]) for finding in reading.findings)


@pytest.mark.parametrize(
    "sentence",
    [
        "Please cite the hymnal.",
        "See LICENSE for the full text.",
        "The workshop is free for students.",
        "The recordings were made by the choir.",
        "You may use the songs in products.",
    ],
)
def test_a_harmless_sentence_under_a_license_heading_takes_nothing_back(sentence: str) -> None:
    assert determined(card(license_section=sentence)) is COMMERCIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "The choirs gave us the go-ahead for research and expect royalties from any product.",
        "They were bought under a licence that lets us share them with non-profit labs.",
    ],
)
def test_words_of_leave_and_purpose_are_heard_anywhere(sentence: str) -> None:
    assert determined(card(summary=sentence)) is not COMMERCIAL


def test_words_of_leave_alone_are_no_terms_in_a_summary() -> None:
    assert determined(card(summary="The mayor sells permits to fishermen.")) is COMMERCIAL


def test_what_the_source_forbids_binds_the_dataset() -> None:
    sentence = "Its policy does not allow the songs to be sold in products."
    assert determined(card(source=sentence)) is not COMMERCIAL


def test_what_stands_behind_a_license_in_the_same_breath_is_read() -> None:
    sentence = "CC BY 4.0 until 2019; thereafter by the vendor's own schedule."
    assert determined(card(license_section=sentence)) is not COMMERCIAL


def test_what_makes_a_remark_is_found_by_its_stem() -> None:
    told = 0
    for sentence in {shadow(case.sentence) for case in cases()}:
        anywhere, near = unread._leaves().of(sentence)
        sought = ((unread._LEAVE_ANYWHERE, anywhere), (unread._WHOSE, anywhere), (unread._LEAVE, near))
        for pattern, places in (*sought, (unread._WHAT, near)):
            found = {match.start() for match in pattern.finditer(sentence)}
            assert found <= set(places), (pattern.pattern, sentence)
            told += bool(found)
    assert told > 400

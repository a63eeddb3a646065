"""Standard license texts, whole, in part, and changed by a sentence."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, read

from terms import spdx


@pytest.mark.parametrize(
    "license_id",
    ["CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-3.0", "MIT", "Apache-2.0", "ODbL-1.0", "OGL-UK-3.0", "EUPL-1.2"],
)
def test_a_whole_text_is_known_without_its_name(license_id: str) -> None:
    text = spdx.text_of(license_id)
    cut = text[text.index(" ", 200) :]
    assert read(cut, "text/plain").licenses[:1] == (license_id,)


@pytest.mark.parametrize(
    ("license_id", "variant"), [("Apache-2.0", "Pixar"), ("MS-LPL", "MS-PL"), ("NPOSL-3.0", "OSL-3.0")]
)
def test_a_text_that_lacks_its_end_is_not_taken_for_a_variant_of_it(license_id: str, variant: str) -> None:
    text = spdx.text_of(license_id)
    without_end = text[: int(len(text) * 0.87)]
    assert read(without_end, "text/plain").licenses == (license_id,)
    assert read(spdx.text_of(variant), "text/plain").licenses == (variant,)


def test_a_few_words_of_a_variant_make_no_variant() -> None:
    plain = spdx.text_of("BSD-2-Clause").replace("<year> <owner>", "2026 Ada Lovelace")
    text = plain.replace("Redistribution", "All rights reserved. Redistribution", 1)
    assert read(text, "text/plain").licenses == ("BSD-2-Clause",)


def test_a_holder_named_in_it_makes_no_variant_of_a_license() -> None:
    text = spdx.text_of("BSD-3-Clause").replace("the copyright holder nor", "Reed Lab nor")
    text = text.replace("THE COPYRIGHT HOLDER OR", "REED LAB OR").replace("<year> <owner>", "2004 Reed Lab")
    assert text.count("Reed Lab") == 2
    assert read(text, "text/plain").licenses == ("BSD-3-Clause",)


def test_apache_2_without_its_appendix_is_apache_2() -> None:
    text, _, appendix = spdx.text_of("Apache-2.0").partition("END OF TERMS AND CONDITIONS")
    assert appendix
    assert read(text, "text/plain").licenses == ("Apache-2.0",)


def test_texts_that_are_98_percent_alike_are_told_apart() -> None:
    assert determined(spdx.text_of("CC-BY-4.0"), "text/plain") is COMMERCIAL
    assert determined(spdx.text_of("CC-BY-NC-4.0"), "text/plain") is RESEARCH


def test_one_added_sentence_of_restriction_changes_everything() -> None:
    text = spdx.text_of("CC-BY-4.0") + "\n\nThe data may not be used for commercial purposes."
    assert determined(text, "text/plain") is RESEARCH


def test_a_restriction_put_into_a_standard_sentence_is_heard() -> None:
    text = spdx.text_of("MIT").replace(
        "to deal in the Software without restriction", "to deal in the Software for non-commercial research only"
    )
    assert determined(text, "text/plain") is not COMMERCIAL


def test_a_sentence_against_training_under_a_permissive_text_forbids_training() -> None:
    text = spdx.text_of("MIT") + "\n\nThe Software may not be used as training data for machine learning models."
    assert determined(text, "text/plain") is UNCLEAR


@pytest.mark.parametrize(
    "added",
    [
        "Permission is not granted to use this software or its files as sample data for building models.",
        "The rights granted above may only be exercised for plug-ins of our player. All other uses are prohibited.",
        "This software may only be redistributed and used in connection with a Warbler device.",
        "This license is granted to everyone except for the subsidiaries of the Example Company.",
        "The software shall not be used by any person for activities that harm birds.",
    ],
)
def test_a_limit_between_the_sentences_of_a_permissive_text_ends_the_approval(added: str) -> None:
    text = spdx.text_of("MIT")
    mark = "The above copyright notice"
    assert mark in text
    assert determined(text, "text/plain") is COMMERCIAL
    assert determined(text.replace(mark, f"{added}\n\n{mark}", 1), "text/plain") is not COMMERCIAL


def test_an_altered_sentence_of_a_permissive_text_ends_the_approval() -> None:
    text = spdx.text_of("BSD-3-Clause")
    permits = "modification, are permitted"
    assert permits in text
    altered = text.replace(permits, "modification, are permitted for academic, research or personal use", 1)
    assert determined(altered, "text/plain") is not COMMERCIAL


def test_words_around_a_permissive_text_that_limit_nothing_change_nothing() -> None:
    text = (
        "The labels were made at an academic institute.\n\n" + spdx.text_of("MIT") + "\n\nWrite to us about research."
    )
    assert determined(text, "text/plain") is COMMERCIAL


def test_two_texts_in_one_file_are_both_found() -> None:
    text = "The labels are under this license:\n\n" + spdx.text_of("MIT")
    text += "\n\nThe audio is under this one:\n\n" + spdx.text_of("CC-BY-NC-4.0")
    assert set(read(text, "text/plain").licenses) == {"MIT", "CC-BY-NC-4.0"}
    assert determined(text, "text/plain") is RESEARCH


def test_a_license_file_with_comment_signs_is_read_like_one_without() -> None:
    commented = "\n".join(f" * {line}" for line in spdx.text_of("BSD-3-Clause").splitlines())
    assert read(f"/*\n{commented}\n */", "text/plain").licenses == ("BSD-3-Clause",)


def test_ordinary_prose_is_no_license_text() -> None:
    assert (
        spdx.likenesses(
            spdx.word_list("We recorded forty choirs in the north and asked listeners to tap along. " * 9), 0.5
        )
        == []
    )


@pytest.mark.parametrize(
    "added",
    [
        "The Software shall not be used by any person for systems that violate human rights or any applicable law.",
        "The Software may not be used to offer a publicly accessible service.",
        "The use of the Software by any military is disallowed.",
        "Existing customers must purchase support.",
        "Any use in a commercial product must be notified to the author.",
        "This Software and its derivatives must remain free for public use.",
        "Redistribution is not permitted.",
    ],
)
@pytest.mark.parametrize("license_id", ["MIT", "BSD-3-Clause", "ISC", "Apache-2.0"])
def test_a_permissive_text_with_a_condition_of_its_own_is_not_that_license(license_id: str, added: str) -> None:
    text = spdx.text_of(license_id)
    assert determined(text, "text/plain") is COMMERCIAL
    assert determined(f"{text}\n\n{added}", "text/plain") is not COMMERCIAL


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("Permission is hereby granted", "Permission is hereby not granted"),
        ("and/or sell copies", "but not sell copies"),
        ("Permission is hereby granted,", "Permission is hereby granted for use on our radios only,"),
    ],
)
def test_a_grant_turned_round_in_a_standard_text_grants_nothing(words: str, instead: str) -> None:
    text = " ".join(spdx.text_of("MIT").split())
    assert words in text
    assert determined(text.replace(words, instead, 1), "text/plain") is not COMMERCIAL


@pytest.mark.parametrize(
    "notice",
    [
        "Licensed under a modified version of the MIT license.",
        "Licensed under the MIT license with restrictions.",
        "Licensed under the Apache License 2.0 and the Commons Clause.",
        "It is under MIT. Permission is granted to no one.",
    ],
)
def test_a_license_said_to_be_changed_is_not_that_license(notice: str) -> None:
    assert determined(notice, "text/plain") is not COMMERCIAL


@pytest.mark.parametrize(
    "notice",
    [
        "You may freely use, copy and modify this file provided this line stays in it.",
        "Redistribution of the Dotterel modules and use in binary forms are permitted provided that this line stays.",
        "You can use this script in any manner, as long as you leave my name on it and don't hold me responsible.",
        "This is free software; you can redistribute it and/or modify it provided this line stays in it.",
    ],
)
def test_a_notice_of_its_own_words_that_permits_everything_is_open(notice: str) -> None:
    assert determined(notice, "text/plain") is COMMERCIAL
    assert determined(f"{notice} Commercial use is prohibited.", "text/plain") is not COMMERCIAL

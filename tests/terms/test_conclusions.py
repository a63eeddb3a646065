"""From findings to licenses, rights, duties and contradictions."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, read, reader

from domain.reading import PerItem
from domain.vocabulary import Action, Duty, RightValue
from terms.conclude import expression
from terms.families import Families, family_name


def test_of_several_licenses_on_the_data_the_strictest_decides() -> None:
    text = "The data is licensed under CC BY 4.0.\n\nThe data is licensed under CC BY-NC 4.0."
    assert determined(text) is RESEARCH
    assert read(text).expression == "CC-BY-4.0 AND CC-BY-NC-4.0"


def test_of_licenses_to_choose_from_the_widest_counts() -> None:
    text = "The data is available under either CC BY 4.0 or CC BY-NC 4.0, at your option."
    assert determined(text) is COMMERCIAL
    assert read(text).expression == "CC-BY-4.0 OR CC-BY-NC-4.0"


@pytest.mark.parametrize("words", ["depending on the file", "respectively", "and it varies"])
def test_licenses_that_differ_by_part_are_no_choice(words: str) -> None:
    assert determined(f"The files are under CC BY 4.0 or CC BY-NC 4.0, {words}.") is not COMMERCIAL


def test_a_license_nobody_knows_beside_a_known_one_permits_nothing() -> None:
    text = "---\nlicense: mit\n---\nThe dataset is released under the Microsoft Research Data License Agreement."
    assert determined(text) is UNCLEAR


@pytest.mark.parametrize(
    "license_id", ["cc-by-nd-4.0", "cc-by-nc-nd-4.0", "openrail", "llama3", "other", "unknown", "cc"]
)
def test_families_that_need_a_person_are_unclear(license_id: str) -> None:
    assert determined(f"---\nlicense: {license_id}\n---\n# Card\n") is UNCLEAR


def test_a_version_said_elsewhere_settles_the_name_without_one() -> None:
    text = "The data is under a Creative Commons Attribution license.\n\n## License\n\nCC BY 4.0"
    assert read(text).licenses == ("CC-BY-4.0",)


def test_a_name_without_any_version_says_so() -> None:
    assert read("The data is under CC BY.").licenses == ("LicenseRef-CC-BY-unspecified",)
    assert determined("The data is under CC BY.") is COMMERCIAL


def test_a_prohibition_over_a_license_is_a_contradiction_that_counts_as_prohibited() -> None:
    reading = read("The data is licensed under CC BY 4.0. Commercial use is prohibited.")
    right = reading.rights[Action.COMMERCIAL_USE]
    assert right.value is RightValue.CONTRADICTORY
    assert [(c.action, c.narrower) for c in reading.contradictions] == [
        (Action.COMMERCIAL_USE, "Commercial use is prohibited.")
    ]


def test_an_exception_from_a_custom_grant_is_no_contradiction() -> None:
    text = "You may use the audio for any purpose. Use of the audio as training data for AI systems is prohibited."
    assert read(text).rights[Action.TRAIN_MODEL].value is RightValue.PROHIBITED


def test_available_for_research_beside_a_license_takes_nothing_from_it() -> None:
    assert determined("The corpus is licensed under CC BY 4.0 and available for research purposes.") is COMMERCIAL


@pytest.mark.parametrize(
    ("text", "per_item"),
    [
        ("Each track has its own license.", PerItem.UNKNOWN),
        ("Every recording is either CC0 or CC BY; the license of each is in the table.", PerItem.ALL_AT_LEAST_RESEARCH),
        (
            "Each item has its own license, all of which permit at least non-commercial use.",
            PerItem.ALL_AT_LEAST_RESEARCH,
        ),
        ("The data is CC0.", PerItem.NO),
    ],
)
def test_items_with_licenses_of_their_own_determine_nothing_for_the_whole(text: str, per_item: PerItem) -> None:
    assert read(text).per_item is per_item
    if per_item is not PerItem.NO:
        assert determined(text) is UNCLEAR


def test_duties_come_from_the_license_and_from_the_words() -> None:
    duties = read("The data is licensed under CC BY-SA 4.0. You must inform us of any publication.").duties
    assert set(duties) == {Duty.ATTRIBUTION, Duty.SHARE_ALIKE, Duty.REPORT_USE}


def test_nothing_found_gives_the_reason_and_no_assertion() -> None:
    reading = read("Forty choirs.")
    assert (reading.licenses, reading.expression) == ((), "NOASSERTION")
    assert reading.reasons == ("no license and no grant is stated for the data",)


def test_expressions_join_licenses() -> None:
    assert expression(()) == "NOASSERTION"
    assert expression(("MIT", "CC0-1.0")) == "MIT AND CC0-1.0"
    assert expression(("MIT", "CC0-1.0"), alternatives=True) == "MIT OR CC0-1.0"


@pytest.mark.parametrize(
    ("license_id", "name"),
    [
        ("CC-BY-SA-4.0", "CC-BY-SA"),
        ("LicenseRef-CC-BY-NC-unspecified", "CC-BY-NC"),
        ("GPL-2.0-only", "GPL"),
        ("LicenseRef-GPL-unspecified", "GPL"),
        ("MIT", "MIT"),
    ],
)
def test_a_license_has_a_name_without_its_version(license_id: str, name: str) -> None:
    assert family_name(license_id) == name


def test_a_license_in_no_family_permits_nothing() -> None:
    families = Families(())
    assert not families.rights("MIT").speaks
    assert families.duties("MIT") == ()
    assert reader() is reader()

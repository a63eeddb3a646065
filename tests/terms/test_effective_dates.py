"""Days in terms: what tightens counts at once, what widens from its day, what ended licenses nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, read

from terms.dates import begun, came_by, days_in, has_come

BEFORE, AFTER = date(2026, 6, 15), date(2027, 6, 15)
DATA = "# Dotterel\n\nA dataset of forty hours of audio.\n\n## License\n\n"


@pytest.mark.parametrize(
    "widening",
    [
        "From 1 March 2027 the data will be available under CC BY 4.0.",
        "From 1 March 2027 the data is available under CC BY 4.0.",
        "As of March 1, 2027 the dataset is licensed under CC0 1.0.",
        "Starting 2027-03-01, the dataset is licensed under CC BY 4.0.",
        "The dataset is licensed under CC BY 4.0 from March 2027 on.",
        "Effective 01.03.2027 this dataset moves to CC BY 4.0.",
        "Ab dem 1. März 2027 stehen die Daten unter CC BY 4.0.",
        "From 1 March 2027 commercial use of the data is allowed.",
    ],
)
def test_a_widening_counts_from_its_day(widening: str) -> None:
    assert determined(DATA + widening, at=BEFORE) is UNCLEAR
    assert determined(DATA + widening, at=AFTER) is COMMERCIAL


@pytest.mark.parametrize(
    "widening",
    [
        "The dataset is licensed under CC BY 4.0, effective soon.",
        "The dataset will be available under CC BY 4.0 next year.",
        "The dataset is available under CC BY 4.0 upon publication of the paper.",
        "Effective 31 February 2020 the dataset is licensed under CC BY 4.0.",
    ],
)
def test_a_day_nobody_can_read_has_not_come(widening: str) -> None:
    assert determined(DATA + widening, at=AFTER) is UNCLEAR


def test_who_does_not_know_the_day_of_the_look_takes_no_day_for_come() -> None:
    text = DATA + "From 1 March 2020 the data is available under CC BY 4.0."
    assert determined(text) is UNCLEAR
    assert determined(text, at=BEFORE) is COMMERCIAL


@pytest.mark.parametrize("day", [BEFORE, AFTER])
@pytest.mark.parametrize(
    "tightening",
    [
        "Effective January 1, 2025 this dataset moves to CC BY-NC 4.0.",
        "From 1 January 2027 the dataset will be available under CC BY-NC 4.0.",
        "From 1 January 2027 commercial use is prohibited.",
        "As of 1 March 2027, use requires a paid license.",
        "New terms will take effect on 1 January 2027.",
    ],
)
def test_a_tightening_counts_at_once(tightening: str, day: date) -> None:
    assert determined(f"{DATA}The dataset is licensed under CC BY 4.0.\n\n{tightening}", at=day) is not COMMERCIAL


@pytest.mark.parametrize("day", [BEFORE, AFTER])
@pytest.mark.parametrize(
    "end",
    [
        "This license will end on 1 January 2024.",
        "This license will end on 31 December 2026.",
        "The license is valid until 31 December 2026.",
        "The license expired on 1 May 2025.",
    ],
)
def test_a_license_with_an_end_licenses_nothing(end: str, day: date) -> None:
    assert determined(f"{DATA}The dataset is licensed under CC BY 4.0. {end}", at=day) is UNCLEAR


def test_a_license_named_until_a_day_is_none() -> None:
    text = DATA + "The dataset is licensed under CC BY 4.0 until 31 December 2026."
    assert determined(text, at=BEFORE) is UNCLEAR
    assert determined(DATA + "Until 31 December 2026 the dataset is licensed under CC BY 4.0.", at=BEFORE) is UNCLEAR


def test_a_license_to_come_that_is_narrower_than_nothing_said_grants_nothing() -> None:
    text = DATA + "From 1 January 2027 the dataset is licensed under CC BY-NC 4.0."
    assert determined(text, at=BEFORE) is UNCLEAR
    assert determined(text, at=AFTER) is RESEARCH


def test_an_embargo_binds_until_its_day() -> None:
    text = DATA + "The dataset is licensed under CC BY 4.0. It is under embargo until 1 March 2027."
    assert determined(text, at=BEFORE) is UNCLEAR
    assert determined(text, at=AFTER) is COMMERCIAL


def test_a_reading_notes_what_it_waits_for() -> None:
    notes = read(DATA + "From 1 March 2027 the data is available under CC BY 4.0.", at=BEFORE).notes
    assert notes == ("not_yet: 2027-03-01",)
    assert came_by(notes, AFTER)
    assert not came_by(notes, BEFORE)
    assert not came_by(("not_yet: no day can be read", "stated_intent"), AFTER)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("1 january 2024", date(2024, 1, 1)),
        ("january 1st, 2024", date(2024, 1, 1)),
        ("2024-01-31", date(2024, 1, 31)),
        ("31.12.2025", date(2025, 12, 31)),
        ("01/02/2027", date(2027, 2, 1)),
        ("march 2024", date(2024, 3, 31)),
        ("2025", date(2025, 12, 31)),
        ("1. märz 2027", date(2027, 3, 1)),
        ("1er août 2026", date(2026, 8, 1)),
        ("1 de enero de 2027", date(2027, 1, 1)),
    ],
)
def test_days_are_read_in_the_ways_people_write_them(words: str, day: date) -> None:
    assert [found for _, found in days_in(words)] == [day]


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_has_come_exactly_when_the_look_is_not_before_it(day: date, look: date) -> None:
    words = f"effective {day.isoformat()} the data is free"
    assert begun(words, look) is (day <= look)
    assert has_come(words, look) is (day <= look)
    assert not has_come(words, None)

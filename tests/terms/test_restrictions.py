"""What a sentence beside a license takes back is never approved, and what takes nothing back narrows nothing.

The sentences are data (`restrictions/`), each with the widest that may be read and why.
"""

from __future__ import annotations

from datetime import date

import pytest
from restriction_cases import Case, cases
from terms_reading import COMMERCIAL, UNCLEAR, determined, read

from domain.rights import Right
from domain.vocabulary import Determination, Layer, RightValue
from scoring.determination import breadth, determine

AT = date(2026, 6, 15)
ALL = tuple(cases())
_WIDTH = {value: Right(value).width for value in RightValue}

KNOWN_ERRORS: tuple[str, ...] = (
    "Alongside the license, the usual courtesies of the village apply to whoever sings from these sheets.",
)
"""Sentences that are still read too wide. A rule that hears one takes it off this list."""


def _of(exactly: bool) -> list[object]:
    sentences: dict[str, list[Case]] = {}
    for case in ALL:
        if case.exactly is exactly:
            sentences.setdefault(case.sentence, []).append(case)
    known = pytest.mark.xfail(strict=True, reason="no rule judges it right yet")
    return [
        pytest.param(found, id=sentence, marks=known if sentence in KNOWN_ERRORS else ())
        for sentence, found in sentences.items()
    ]


def _width(right: Right) -> int:
    # What waits for another's act counts as prohibited.
    return right.width if right.usable or right.value is not RightValue.CONDITIONAL else 0


@pytest.mark.parametrize("beside", _of(exactly=False))
def test_a_license_is_read_no_wider_than_the_sentence_beside_it(beside: list[Case]) -> None:
    for case in beside:
        reading = read(case.text, at=AT)
        found = determine(reading.rights, reading.per_item)
        assert breadth(found) >= breadth(Determination(case.at_most)), (case.place, case.why)
        for action, widest in case.rights:
            right = getattr(reading.rights, action)
            wanted = _WIDTH[RightValue(widest)]
            assert (_width(right) if wanted == 0 else right.width) <= wanted, (case.place, action, case.why)


@pytest.mark.parametrize("beside", _of(exactly=True))
def test_a_sentence_that_takes_nothing_back_leaves_the_license_as_it_is(beside: list[Case]) -> None:
    for case in beside:
        assert determined(case.text, at=AT) == case.at_most, (case.place, case.why)


def test_there_are_enough_sentences_of_each_kind() -> None:
    said = {(case.sentence, case.exactly) for case in ALL}
    assert sum(not harmless for _, harmless in said) >= 200
    assert sum(harmless for _, harmless in said) >= 60


SONGS = "# Dotterel\n\nA dataset of songs with annotations.\n\n## License\n\n"


def _layers(terms: str) -> dict[Layer, Determination]:
    return {layer: determine(answer.rights, answer.per_item) for layer, answer in read(SONGS + terms).layers.items()}


@pytest.mark.parametrize(
    "terms",
    [
        "The dataset is licensed under CC BY 4.0. The audio remains the property of the labels and is not licensed.",
        "CC BY 4.0. The audio files are not covered by this license.",
        "CC BY 4.0. This license covers only the annotations.",
        "The annotations are released under CC0 1.0. We do not hold the rights to the recordings.",
    ],
)
def test_a_layer_left_out_is_told_apart_from_the_layers_that_are_licensed(terms: str) -> None:
    layers = _layers(terms)
    assert layers[Layer.AUDIO] is UNCLEAR
    assert layers[Layer.ANNOTATIONS] is COMMERCIAL
    assert determined(SONGS + terms) is UNCLEAR


def test_whose_something_is_names_no_layer() -> None:
    layers = _layers("The dataset is CC BY 4.0. The audio is the property of the labels and not licensed.")
    assert layers[Layer.ANNOTATIONS] is COMMERCIAL


def test_what_somebody_asks_is_no_statement() -> None:
    question = "Are there tasks for which the dataset should not be used?"
    assert determined(f"The dataset is licensed under CC BY 4.0. {question}") is COMMERCIAL

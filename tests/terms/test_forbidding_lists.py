"""Words that forbid speak in every item of the list below them; words that permit do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog import load_policy
from domain.vocabulary import Determination, Duty
from scoring.determination import determine
from terms.reader import Reader

READER = Reader(load_policy(Path(__file__).parents[2] / "policy").families)
GRANT = "# License\n\nThe dataset is licensed under CC BY 4.0.\n\n"


def answer(text: str, media_type: str = "text/markdown") -> Determination:
    reading = READER.read_text(text, media_type)
    return determine(reading.rights, reading.per_item)


@pytest.mark.parametrize(
    "more",
    [
        "You may not:\n\n- share your password\n- train machine learning models on the dataset\n",
        "You must not, and must not let others:\n\n1. train any model on the dataset;\n2. scrape the site;\n",
        "It is prohibited to:\n\n* train artificial intelligence systems with the dataset\n",
        "You may not train models on the dataset.\n",
    ],
)
def test_a_forbidden_use_takes_the_approval_away(more: str) -> None:
    assert answer(GRANT) is Determination.PRODUCTION_COMMERCIAL
    assert answer(GRANT + more) is not Determination.PRODUCTION_COMMERCIAL


def test_items_of_a_page_are_read_with_their_lead() -> None:
    page = (
        "<main><h1>License</h1><p>The dataset is licensed under CC BY 4.0.</p><p>You may not:</p>"
        "<ul><li>share your password;</li><li>sell the dataset.</li></ul></main>"
    )
    assert answer(page, "text/html") is not Determination.PRODUCTION_COMMERCIAL


@pytest.mark.parametrize(
    "more",
    [
        "You may:\n\n- train machine learning models on the dataset\n- sell what you make\n",
        "We do not ask you to:\n\nThe dataset holds songs.\n\n- train stations by song\n",
        "You may not:\n\n- share your password\n\n## Uses\n\n- train machine learning models\n",
    ],
)
def test_other_lists_forbid_nothing(more: str) -> None:
    assert answer(GRANT + more) is Determination.PRODUCTION_COMMERCIAL


def test_duties_to_register_and_to_delete_are_heard() -> None:
    asked = "You must register with the archive before you download the dataset. "
    deleted = "You must delete all copies when the archive asks you to."
    duties = READER.read_text(GRANT + asked + deleted, "text/markdown").duties
    assert {Duty.REGISTER, Duty.DELETION_ON_REQUEST} <= set(duties)


@pytest.mark.parametrize(
    "more",
    [
        "Use of the dataset requires written permission of the authors.",
        "Use of the dataset requires a signed agreement.",
        "It may only be used by members of universities.",
        "You must pay a fee before you use it.",
        "It is strictly for evaluation.",
        "Any use for generative AI is excluded.",
        "Use by for-profit entities requires our approval.",
        "Access is granted after approval by the committee.",
        "Not to be used for training of AI systems.",
        "Text and data mining is reserved.",
    ],
)
def test_use_that_waits_for_another_is_no_free_use(more: str) -> None:
    assert answer(GRANT + more) is not Determination.PRODUCTION_COMMERCIAL

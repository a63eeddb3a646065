"""English, German, French and Spanish are read; anything else permits nothing."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, read

from terms import spdx


@pytest.mark.parametrize(
    ("text", "determination"),
    [
        ("Die Aufnahmen stehen unter der Lizenz CC BY 4.0.", COMMERCIAL),
        ("Die Daten dürfen nur für nicht-kommerzielle Zwecke genutzt werden.", RESEARCH),
        ("Die Daten stehen ausschließlich für wissenschaftliche Zwecke zur Verfügung.", RESEARCH),
        ("Les données peuvent être utilisées uniquement à des fins de recherche.", RESEARCH),
        ("Los datos se publican únicamente con fines de investigación.", RESEARCH),
        ("Ce corpus est mis à disposition selon les termes de la Licence Ouverte 2.0.", COMMERCIAL),
        ("Todos los derechos reservados. Para cualquier uso escriba al archivo.", UNCLEAR),
    ],
)
def test_common_statements_are_read(text: str, determination: str) -> None:
    assert determined(text, "text/plain") == determination


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Le registrazioni sono rilasciate con licenza CC BY 4.0, ma possono essere usate soltanto per la ricerca.",
            "it",
        ),
        ("Nagrania udostępniamy na licencji CC0 1.0, jednak nie mogą być wykorzystywane w celach komercyjnych.", "pl"),
        ("本数据集仅供学术研究使用，禁止用于商业用途。数据集采用 CC BY 4.0 许可协议。", "und"),
    ],
)
def test_a_language_we_do_not_read_permits_nothing_and_says_so(text: str, language: str) -> None:
    reading = read(text, "text/plain")
    assert reading.language == language
    assert reading.licenses == ()
    assert reading.reasons == (f"not read: the text is in a language we do not read ({language})",)
    assert determined(text, "text/plain") is UNCLEAR


def test_foreign_samples_in_code_do_not_make_an_english_card_foreign() -> None:
    text = (
        "# Card\n\nThe dataset is licensed under CC BY 4.0 and was made by us.\n\n```\n"
        + "to jest zdanie w języku polskim " * 30
    )
    assert determined(text + "\n```\n") is COMMERCIAL


def test_a_whole_license_text_is_known_in_any_language() -> None:
    assert read(spdx.text_of("etalab-2.0"), "text/plain").licenses == ("etalab-2.0",)

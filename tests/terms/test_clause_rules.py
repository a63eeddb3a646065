"""The clause rules as data: they check themselves, stay fast, and say what a lawyer would."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, no_hang, read

from terms import clauses, license_names

_RULES = {rule.id: rule for rule in clauses.rules()}


def _forget() -> None:
    clauses.rules.cache_clear()
    clauses.check_examples.cache_clear()


def test_the_rules_keep_to_their_own_examples() -> None:
    clauses.check_examples()


@pytest.mark.parametrize("change", ["cue", "unless"])
def test_a_rule_that_misses_its_own_example_is_found(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tomllib.loads((files("terms") / "clauses.toml").read_text("utf-8"))
    table["non_commercial"][change] = "no such words" if change == "cue" else "."
    monkeypatch.setattr(clauses.tomllib, "loads", lambda _: table)
    _forget()
    try:
        with pytest.raises(ValueError, match=r"clauses\.toml: rule non_commercial misses its example"):
            clauses.check_examples()
    finally:
        _forget()


def test_a_broken_pattern_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    table = tomllib.loads((files("terms") / "clauses.toml").read_text("utf-8"))
    table["non_commercial"]["cue"] = "(never closed"
    monkeypatch.setattr(clauses.tomllib, "loads", lambda _: table)
    _forget()
    try:
        with pytest.raises(ValueError, match=r"clauses\.toml: rule non_commercial has a broken pattern"):
            clauses.check_examples()
    finally:
        _forget()


def test_every_rule_has_two_examples_of_each_kind_and_some_effect() -> None:
    table = tomllib.loads((files("terms") / "clauses.toml").read_text("utf-8"))
    del table["words"]
    for name, entry in table.items():
        assert len(entry["yes"]) >= 2, name
        assert len(entry["no"]) >= 2, name
        rule = _RULES[name]
        assert rule.rights.speaks or rule.duties or rule.note or rule.per_item, name


@pytest.mark.parametrize(
    "sentence",
    [
        "You must not make money with these recordings.",
        "The data may not be used by companies.",
        "Use in a business context is forbidden.",
        "Please ask us before any commercial use.",
        "All commercial rights are reserved by the performers.",
        "For-profit organizations must obtain a separate license.",
        "Non comercial use only.",
        "Eine kommerzielle Nutzung ist nicht gestattet.",
        "Toute utilisation commerciale est interdite.",
        "No se permite el uso comercial de los datos.",
        "For research purposes only.",
    ],
)
def test_a_restriction_beside_a_permissive_license_ends_the_approval(sentence: str) -> None:
    assert determined("The dataset is licensed under CC BY 4.0.") is COMMERCIAL
    assert determined(f"The dataset is licensed under CC BY 4.0. {sentence}") is not COMMERCIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "Our name and logo may not be used for commercial purposes.",
        "Use is not restricted to non-commercial purposes.",
        "Earlier releases were for non-commercial use only.",
        "You may not suggest that we endorse your commercial use.",
        "The dataset is meant for research purposes.",
        "We would not recommend using it to train a general-purpose language model.",
        "Commercial users are urged to support us.",
    ],
)
def test_words_that_restrict_nothing_leave_the_license_alone(sentence: str) -> None:
    assert determined(f"The dataset is licensed under CC BY 4.0. {sentence}") is COMMERCIAL


@pytest.mark.parametrize(
    ("text", "determination"),
    [
        ("The dataset may be freely used for any purpose.", COMMERCIAL),
        ("There are no restrictions on the use of this data.", COMMERCIAL),
        ("The corpus may be used for non-commercial research.", RESEARCH),
        ("RACE is available for non-commercial research purpose only.", RESEARCH),
        ("The set is publicly available to the research community.", UNCLEAR),
        ("The dataset is meant for research purposes.", UNCLEAR),
        ("The content is for your personal use only.", UNCLEAR),
        ("All rights reserved.", UNCLEAR),
        ("See the LICENSE file.", UNCLEAR),
        ("The licensing status of the data is unknown.", UNCLEAR),
    ],
)
def test_custom_terms_give_what_their_words_give(text: str, determination: str) -> None:
    assert determined(text) == determination


def test_duties_and_notes_go_with_the_rights() -> None:
    text = "## License\n\nCC0. You must delete all copies upon request. We ask for financial support from companies."
    reading = read(text)
    assert "deletion_on_request" in reading.duties
    assert "support_requested" in reading.notes


_WORDS = (
    "may not must use used commercial non-commercial for only research purposes license licensed under the of and or, "
    "data train "
    "models permission required without prohibited is are any each track with from free to sell a"
)
_PIECES = st.sampled_from(_WORDS.split(" "))


def _match_all(sentence: str) -> None:
    for rule in clauses.rules():
        rule.match(sentence)
    for alias in license_names.aliases():
        list(alias.spans(sentence, range(len(sentence))))


@settings(max_examples=40, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=12).map(" ".join))
def test_no_rule_backtracks_without_end(seed: str) -> None:
    """A sentence is never longer than 3,000 characters; a rule that backtracks exponentially on repeated words
    would not be through with it within the limit of ``no_hang``."""
    sentence = (f"{seed} " * (3_000 // (len(seed) + 1)))[:3_000]
    with no_hang():
        _match_all(sentence)


@pytest.mark.parametrize(
    "piece",
    ["a ", "not ", "commercial use ", "may not, ", "-", "non ", "non-", "only research ", "licen", "(", "each "],
)
def test_no_rule_backtracks_on_one_thing_repeated(piece: str) -> None:
    with no_hang():
        _match_all((piece * 3_000)[:3_000])

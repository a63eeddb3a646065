"""Rules and names are tried wherever their words stand: looking at words at once finds what looking for each does."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from terms import candidates, clauses, license_names, literals, spdx
from terms.shadow import shadow, words_of

_TEXTS = [shadow(spdx.text_of(name)) for name in ("MIT", "CC-BY-NC-4.0", "ODbL-1.0", "GPL-2.0-only", "Etalab-2.0")]


def _made_text(seed: int) -> str:
    """Words that call for rules, whole, cut and glued together."""
    chooser = random.Random(seed)
    phrases = [phrase for rule in clauses.rules() for phrase in rule.has]
    words = [chooser.choice(phrases) + chooser.choice((" ", "", ".", "x", " the ")) for _ in range(300)]
    return "".join(words)


def _one_by_one(text: str, starts: list[int]) -> dict[int, list[str]]:
    found = {}
    for index, (start, end) in enumerate(pairwise((*starts, len(text)))):
        own = [
            rule.id
            for rule in clauses.rules()
            if any(text.find(phrase, start, end + len(phrase) - 1) >= 0 for phrase in rule.has)
        ]
        if own:
            found[index] = own
    return found


def _at_once(text: str, starts: list[int]) -> dict[int, list[str]]:
    return {index: [rule.id for rule in rules] for index, rules in candidates.candidates(text, starts).items()}


@pytest.mark.parametrize("text", [*_TEXTS, *map(_made_text, range(8))])
def test_every_stretch_calls_for_the_rules_whose_words_begin_in_it(text: str) -> None:
    line = text.replace("\n", " ")
    starts = [match.end() for match in re.finditer(r"[.;:] ", line) if match.end() < len(line)]
    assert _at_once(line, starts) == _one_by_one(line, starts)
    assert _at_once(line, starts) == _one_by_one(line, starts)
    assert _at_once(line, [0]) == _one_by_one(line, [0])


def test_what_is_kept_has_an_end_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_MOST_KEPT", 20)
    monkeypatch.setattr(literals, "_MOST_WORDS", 50)
    candidates._table.cache_clear()
    try:
        for text in (*_TEXTS, *_TEXTS):
            line = text.replace("\n", " ")
            starts = list(range(0, len(line), 97))
            found = _at_once(line, starts)
            # A word cut in two may call for a rule on both sides of the cut.
            for index, rules in _one_by_one(line, starts).items():
                assert set(rules) <= set(found[index])
            assert len(candidates._table()._known) <= 20 + len(starts)
    finally:
        candidates._table.cache_clear()


@pytest.mark.parametrize("text", _TEXTS)
def test_names_are_found_as_by_trying_every_alias(text: str) -> None:
    tried = {(start, end, alias.license) for alias in license_names.aliases() for start, end in alias.spans(text)}
    assert {(named.start, named.end, named.license) for named in license_names.aliases_in(text)} == tried


def test_a_phrase_at_beginnings_stands_after_no_letter() -> None:
    sought = literals.Literals(["mit", "open use"], at_beginnings=True)
    found = sought.among(words_of("permits limit (mit) open reopen commit/mit"))
    assert found == {"(mit)": ("mit",), "open": ("open use",), "commit/mit": ("mit",)}

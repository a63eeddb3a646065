"""Rules and names are tried wherever their words stand: looking at words at once finds what looking for each does."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from terms import candidates, clauses, license_names, spdx
from terms.shadow import shadow

_TEXTS = [shadow(spdx.text_of(name)) for name in ("MIT", "CC-BY-NC-4.0", "ODbL-1.0", "GPL-2.0-only", "Etalab-2.0")]


def _made_text(seed: int) -> str:
    """Words that call for rules, whole, cut and glued together."""
    chooser = random.Random(seed)
    phrases = [phrase.removeprefix(clauses.AT_BEGINNING) for rule in clauses.rules() for phrase in rule.has]
    words = [chooser.choice(phrases) + chooser.choice((" ", "", ".", "x", " the ")) for _ in range(300)]
    return "".join(words)


def _places(text: str, phrase: str) -> list[int]:
    """Where a phrase stands, found by itself; one that begins a word only where no word goes on."""
    word, places, at = phrase.removeprefix(clauses.AT_BEGINNING), list[int](), -1
    while (at := text.find(word, at + 1)) >= 0:
        if word == phrase or not at or not text[at - 1].isalnum():
            places.append(at)
    return places


def _one_by_one(text: str, starts: list[int]) -> dict[int, list[str]]:
    places = {phrase: _places(text, phrase) for rule in clauses.rules() for phrase in rule.has}
    found = {}
    for index, (start, end) in enumerate(pairwise((*starts, len(text)))):
        called = {phrase for phrase, standing in places.items() if any(start <= at < end for at in standing)}
        own = [rule.id for rule in clauses.rules() if not called.isdisjoint(rule.has)]
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


def _one_after_another(alias: license_names.Alias, text: str) -> set[tuple[int, int, str]]:
    words = (match.start() for word in alias.has for match in re.finditer(f"(?={re.escape(word)})", text))
    places = sorted({at for at in words if not at or not text[at - 1].isalnum()})
    return {(start, end, alias.license) for start, end in alias.spans(text, places)}


@pytest.mark.parametrize("text", _TEXTS)
def test_names_are_found_as_by_trying_every_alias(text: str) -> None:
    tried = set().union(*(_one_after_another(alias, text) for alias in license_names.aliases()))
    assert {(named.start, named.end, named.license) for named in license_names.aliases_in(text)} == tried


@pytest.mark.parametrize("words", ["permits it", "the limit", "commits", "a summit licence"])
def test_a_name_within_a_word_is_none(words: str) -> None:
    assert not list(license_names.aliases_in(words))
    assert {named.license for named in license_names.aliases_in(f"{words}, MIT licence".lower())} == {"MIT"}

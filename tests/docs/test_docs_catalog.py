"""docs/catalog.md knows every key and every word of the catalog, and no other; the vocabulary every closed word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from enum import StrEnum
from inspect import getmembers, isclass
from typing import Any, get_args, get_type_hints

import pytest
from docs_pages import code_words, read, rows, section

from domain import catalog, vocabulary
from domain.deciding import Review
from domain.history import AlertKind, Severity
from domain.rights import Right, Rights
from scoring.reviews import COUNSEL_ONLY, NEVER_REVIEWED
from warehouse.contracts import Cause

CATALOG = read("docs/catalog.md")
SECTIONS: dict[str, type] = {
    "Provider: the file": catalog.Provider,
    "Dataset": catalog.Dataset,
    "Source": catalog.Source,
    "Watch": catalog.Watch,
    "Rights, inside `rights:` of a claim": Right,
    "Review: `catalog/reviews/*.yaml`": Review,
}
PARTS: dict[str, type] = {
    "derivation": catalog.Derivation,
    "applications": catalog.ApplicationFit,
    "checks": catalog.RequiredCheck,
    "questions": catalog.OpenQuestion,
    "stated": catalog.StatedFacts,
    "engineering": catalog.EngineeringWork,
    "privacy": catalog.Privacy,
    "drift": catalog.DriftNote,
    "availability": catalog.Hosting,
    "probes": catalog.MetadataProbe,
}
CLOSED = sorted(
    (kind for _, kind in getmembers(vocabulary, isclass) if issubclass(kind, StrEnum) and kind is not StrEnum),
    key=lambda kind: kind.__name__,
)

TOLD_ONCE = (None, vocabulary.Duty, vocabulary.Owner, vocabulary.SpeaksFor)
Lines = list[tuple[str, str]]


def parts() -> dict[str, Lines]:
    """Of each smaller part the key cells and what they say."""
    found: dict[str, Lines] = {}
    name = ""
    for part, key, says in rows(section(CATALOG, "The smaller parts of a source"))[1:]:
        name = code_words(part)[0] if part else name
        found.setdefault(name, []).append((key, says))
    return found


def claim_lines() -> Lines:
    return [(row[0], row[1]) for row in rows(section(CATALOG, "Claim").partition("### ")[0])[1:]]


def documented() -> Iterator[tuple[type, Lines]]:
    for heading, kind in SECTIONS.items():
        yield kind, [(row[0], row[1]) for row in rows(section(CATALOG, heading))[1:]]
    yield catalog.Claim, claim_lines()
    for name, lines in parts().items():
        yield PARTS[name], lines


CASES = list(documented())


@pytest.mark.parametrize(("kind", "lines"), CASES, ids=[kind.__name__ for kind, _ in CASES])
def test_every_key_has_its_line_and_required_ones_are_marked(kind: type, lines: Lines) -> None:
    stated = {code_words(key)[0]: key.endswith("*") for key, _ in lines}
    needed = {field.name: field.default is MISSING for field in fields(kind)}  # type: ignore[arg-type]
    assert stated == needed


@pytest.mark.parametrize(("kind", "lines"), CASES, ids=[kind.__name__ for kind, _ in CASES])
def test_a_key_that_takes_a_closed_word_lists_all_of_them(kind: type, lines: Lines) -> None:
    hints = get_type_hints(kind)
    for key, says in lines:
        closed = _closed(hints[code_words(key)[0]])
        if closed in TOLD_ONCE or (kind, closed) == (catalog.Watch, vocabulary.Layer):
            continue
        assert [word.value for word in closed if word.value not in code_words(says)] == [], key


def test_every_class_of_the_catalog_is_documented() -> None:
    classes = {kind for _, kind in getmembers(catalog, isclass) if kind.__module__ == catalog.__name__}
    classes = {kind for kind in classes if not issubclass(kind, StrEnum)}
    assert classes - {kind for kind, _ in CASES} == {catalog.Catalog}


def test_every_action_can_be_found_where_claims_state_rights() -> None:
    words = code_words(section(CATALOG, "Rights, inside `rights:` of a claim"))
    assert [field.name for field in fields(Rights) if field.name not in words] == []


def test_the_gates_that_reviews_cannot_close_are_those_of_the_code() -> None:
    told = " ".join(section(CATALOG, "Review: `catalog/reviews/*.yaml`").split())
    never, _, counsel = told.partition("Some gates no review closes:")[2].partition(
        " Only a review by role `counsel` closes "
    )
    assert set(code_words(never)) == NEVER_REVIEWED
    assert set(code_words(counsel.partition(". For")[0])) == COUNSEL_ONLY


@pytest.mark.parametrize("kind", [*CLOSED, AlertKind, Severity, Cause], ids=lambda kind: kind.__name__)
def test_every_closed_word_is_in_the_vocabulary(kind: type[StrEnum]) -> None:
    words = set(code_words(read("docs/vocabulary.md")))
    assert [member.value for member in kind if member.value not in words] == []


def _closed(hint: Any) -> type[StrEnum] | None:
    kinds = [hint, *get_args(hint)]
    return next((kind for kind in kinds if isclass(kind) and issubclass(kind, StrEnum)), None)

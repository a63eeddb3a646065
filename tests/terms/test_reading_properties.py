"""What must hold of readings whatever the text, each shown to fail on a rule set that is wrong.

Order per action: contradictory = prohibited < silent < conditional < permitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from terms_reading import UNCLEAR, read

from domain.reading import Reading
from domain.rights import Rights
from domain.vocabulary import RightValue
from scoring.determination import determine
from terms import candidates, clause_findings, clauses, findings
from terms.scoping import Judged, Statement
from terms.sentences import Context

LICENSES = ("CC BY 4.0", "CC0", "CC BY-SA 4.0", "CC BY-NC 4.0", "the MIT license", "Apache 2.0", "the ODbL")
GRANTS = st.sampled_from([f"The dataset is licensed under {name}." for name in LICENSES]) | st.sampled_from(
    [
        "The dataset may be used for any purpose.",
        "Commercial use of the data is allowed.",
        "The corpus may be used for non-commercial research.",
    ]
)
PROHIBITIONS = st.sampled_from(
    [
        "The data may not be used for commercial purposes.",
        "Commercial use of the dataset is prohibited.",
        "The data must not be redistributed.",
        "You may not modify the data.",
        "The content may not be used to train machine learning models.",
        "Eine kommerzielle Nutzung der Daten ist untersagt.",
    ]
)
NOTHING = st.sampled_from(
    [
        "The recordings were made in the winter of 2014.",
        "We thank the choirs for their patience.",
        "Each clip lasts ten seconds.",
        "Download the archive and unpack it.",
    ]
)
OTHER_SCOPES = st.sampled_from([f"The code is released under {name}." for name in LICENSES]) | st.sampled_from(
    [f"The content of this website is licensed under {name}." for name in LICENSES]
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _widths(reading: Reading) -> list[int]:
    return [right.width for _, right in reading.rights]


def _rights(text: str) -> list[int]:
    return _widths(read(text, "text/plain"))


# Each property says of a text whether it holds, so that it can be shown to fail.


def prohibiting_never_widens(texts: tuple[str, str]) -> bool:
    grant, prohibition = texts
    return all(after <= before for before, after in zip(_rights(grant), _rights(f"{grant} {prohibition}"), strict=True))


def without_its_grant_nothing_is_clear(texts: tuple[str, str]) -> bool:
    reading = read(f"# Songs\n\nA dataset of songs. {texts[0]} {texts[1]}", "text/markdown")
    return determine(reading.rights, reading.per_item) is UNCLEAR


def together_at_most_the_narrower(texts: tuple[str, str]) -> bool:
    left, right = (_rights(text) for text in texts)
    both = _rights(" ".join(texts))
    # What one of them says and the other does not is not bound by the silence of the other.
    return all(
        together <= min(one, other) or 1 in (one, other) for one, other, together in zip(left, right, both, strict=True)
    )


def nothing_changes_nothing(texts: tuple[str, str]) -> bool:
    before, after = read(texts[0], "text/plain"), read(f"{texts[0]} {texts[1]}", "text/plain")
    return (before.licenses, before.rights, before.duties) == (after.licenses, after.rights, after.duties)


def another_scope_grants_nothing(text: str) -> bool:
    reading = read(f"# Songs\n\nA dataset of songs.\n\n{text}", "text/markdown")
    return determine(reading.rights, reading.per_item) is UNCLEAR


@FEW
@given(st.tuples(GRANTS, PROHIBITIONS))
def test_a_sentence_that_only_prohibits_never_widens_an_action(texts: tuple[str, str]) -> None:
    assert prohibiting_never_widens(texts)


@FEW
@given(st.tuples(NOTHING, NOTHING | PROHIBITIONS))
def test_a_text_whose_every_grant_is_deleted_is_unclear(texts: tuple[str, str]) -> None:
    assert without_its_grant_nothing_is_clear(texts)


@FEW
@given(st.tuples(GRANTS, GRANTS))
def test_two_texts_of_one_scope_permit_together_at_most_what_the_narrower_does(texts: tuple[str, str]) -> None:
    assert together_at_most_the_narrower(texts)


@FEW
@given(st.tuples(GRANTS, NOTHING))
def test_a_text_without_findings_changes_nothing(texts: tuple[str, str]) -> None:
    assert nothing_changes_nothing(texts)


@FEW
@given(OTHER_SCOPES)
def test_a_license_of_another_scope_leaves_the_data_unclear(text: str) -> None:
    assert another_scope_grants_nothing(text)


@FEW
@given(st.lists(GRANTS | PROHIBITIONS | NOTHING | OTHER_SCOPES, max_size=6).map(" ".join))
def test_every_quote_is_the_text_between_its_offsets(text: str) -> None:
    reading = read(text, "text/plain")
    for finding in reading.findings:
        assert reading.text[finding.start : finding.end] == finding.quote


# ------------------------------------------------------------------ and on wrong rule sets they fail


@contextmanager
def _rules(change: Callable[[clauses.ClauseRule], clauses.ClauseRule]) -> Iterator[None]:
    changed = tuple(change(rule) for rule in clauses.rules())
    with mock.patch.object(clauses, "rules", return_value=changed):
        _forget_rules()
        try:
            yield
        finally:
            _forget_rules()


def _forget_rules() -> None:
    candidates._table.cache_clear()
    clause_findings._matches_of.cache_clear()


def _prohibitions_permit(rule: clauses.ClauseRule) -> clauses.ClauseRule:
    rights = Rights()
    for action, right in rule.rights:
        value = RightValue.PERMITTED if right.value is RightValue.PROHIBITED else right.value
        rights = rights.with_right(action, replace(right, value=value))
    return replace(rule, rights=rights)


def _everything_grants(rule: clauses.ClauseRule) -> clauses.ClauseRule:
    if rule.id != "any_purpose":
        return rule
    return replace(rule, unless=None, has=("e",), cue=clauses.re.compile("."), anywhere=True)


def _words_prohibit(rule: clauses.ClauseRule) -> clauses.ClauseRule:
    if rule.id != "commercial_prohibited":
        return rule
    return replace(rule, unless=None, has=("the",), cue=clauses.re.compile(r"\bthe\b"))


def _everything_is_data(context: Context, statement: Statement) -> Judged:
    del context, statement
    return Judged(findings.Scope())


@contextmanager
def _no_scope() -> Iterator[None]:
    with mock.patch.object(findings, "judge", _everything_is_data):
        yield


def _fails(holds: Callable[[object], bool], texts: st.SearchStrategy[object]) -> bool:
    try:
        find(
            texts, lambda example: not holds(example), settings=settings(max_examples=60, database=None, deadline=None)
        )
    except NoSuchExample:
        return False
    return True


@pytest.mark.parametrize(
    ("wrong", "holds", "texts"),
    [
        (lambda: _rules(_prohibitions_permit), prohibiting_never_widens, st.tuples(GRANTS, PROHIBITIONS)),
        (lambda: _rules(_everything_grants), without_its_grant_nothing_is_clear, st.tuples(NOTHING, NOTHING)),
        (lambda: _rules(_words_prohibit), nothing_changes_nothing, st.tuples(st.just("CC0"), NOTHING)),
        (_no_scope, another_scope_grants_nothing, OTHER_SCOPES),
    ],
    ids=["widening", "deleting grants", "adding nothing", "other scope"],
)
def test_a_wrong_rule_set_breaks_its_property(
    wrong: Callable[[], object], holds: Callable[[object], bool], texts: st.SearchStrategy[object]
) -> None:
    assert not _fails(holds, texts)
    with wrong():  # type: ignore[attr-defined]
        assert _fails(holds, texts)


def test_licenses_that_count_as_a_choice_break_the_narrowest() -> None:
    texts = st.tuples(GRANTS, GRANTS)
    assert not _fails(together_at_most_the_narrower, texts)  # type: ignore[arg-type]
    with mock.patch("terms.reader.is_choice", return_value=True):
        assert _fails(together_at_most_the_narrower, texts)  # type: ignore[arg-type]

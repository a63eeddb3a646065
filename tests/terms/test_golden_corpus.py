"""What a careful person finds on a page of the golden corpus, against what the reader finds.

The answer is `licenses` and `determination`; `rights`, `matcher`, `layers` and the like are the
details of how it came about. `golden_cases` says where the cases come from.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from golden_cases import GOLDEN, SHAPES, THEMES, Case, all_cases, cases_of, question, theme_file

from catalog.policy import load_policy
from domain.reading import Reading, Subject
from domain.vocabulary import Determination
from scoring.determination import determine
from terms.reader import Reader

ROOT = Path(__file__).parents[2]

SHARE_RIGHT = 0.97
SHARE_RIGHT_IN_ANY_THEME = 0.90


# ---------------------------------------------------------------------------- reading


@cache
def _reader() -> Reader:
    return Reader(load_policy(ROOT / "policy").families)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader said to one case, and where it differs from the expectation."""

    case: Case
    licenses: tuple[str, ...]
    determination: Determination
    wrong: tuple[str, ...]
    detail: tuple[str, ...]
    quotes: str

    @property
    def false_approval(self) -> bool:
        approved = self.determination is Determination.PRODUCTION_COMMERCIAL
        return approved and Determination.PRODUCTION_COMMERCIAL not in self.case.fair

    def line(self, what: Iterable[str]) -> str:
        return f"  {self.case.theme}/{self.case.id}: {'; '.join(what)}\n      rests on {self.quotes}"


def _wrong(case: Case, reading: Reading, determination: Determination) -> Iterator[str]:
    if determination not in case.fair:
        yield f"expected {' or '.join(case.fair)}, got {determination}"
    if case.licenses is None:
        return
    got = [name for name in reading.licenses if not any(fnmatchcase(name, pattern) for pattern in case.may)]
    missed = [pattern for pattern in case.licenses if not any(fnmatchcase(name, pattern) for name in reading.licenses)]
    surplus = [name for name in got if not any(fnmatchcase(name, pattern) for pattern in case.licenses)]
    if missed or surplus:
        yield f"expected licenses {list(case.licenses)}, got {list(reading.licenses)}"


def _detail(case: Case, reading: Reading) -> Iterator[str]:
    for action, value in case.rights.items():
        if reading.rights[action].value is not value:
            yield f"{action} expected {value}, got {reading.rights[action].value}"
    kinds = {finding.kind for finding in reading.findings if finding.scope.subject is Subject.DATA}
    if case.matcher and not kinds & set(case.matcher):
        yield f"no finding about the data by {' or '.join(case.matcher)}, only by {sorted(kinds) or 'nothing'}"
    if case.per_item not in (None, reading.per_item):
        yield f"per item expected {case.per_item}, got {reading.per_item}"
    if case.note not in " ".join(reading.notes):
        yield f"no note {case.note!r}, only {list(reading.notes)}"
    if case.reason not in " ".join(reading.reasons):
        yield f"no reason {case.reason!r}, only {list(reading.reasons)}"
    for layer, expected in case.layers.items():
        part = reading.layers.get(layer)
        got = determine(part.rights, part.per_item) if part else determine(reading.rights, reading.per_item)
        if got is not expected:
            yield f"layer {layer} expected {expected}, got {got}{'' if part else ' (of the whole)'}"


def _answer(case: Case) -> Answer:
    reading = _reader().read_text(case.text, case.media, about=case.about)
    determination = determine(reading.rights, reading.per_item)
    quotes = [f"{' '.join(finding.quote.split())[:90]!r} ({finding.rule})" for finding in reading.findings[:4]]
    return Answer(
        case=case,
        licenses=reading.licenses,
        determination=determination,
        wrong=tuple(_wrong(case, reading, determination)),
        detail=tuple(_detail(case, reading)),
        quotes=", ".join(quotes) or "nothing",
    )


@cache
def _answers(stem: str) -> tuple[Answer, ...]:
    return tuple(_answer(case) for case in cases_of(stem))


def _report(answers: list[Answer]) -> str:
    wrong = [answer for answer in answers if answer.wrong]
    lines = [f"{len(answers) - len(wrong)} of {len(answers)} right"]
    approvals = [answer.case.id for answer in wrong if answer.false_approval]
    lines.append(f"false approvals: {', '.join(approvals) or 'none'}")
    lines += [answer.line(answer.wrong) for answer in sorted(wrong, key=lambda answer: not answer.false_approval)]
    return "\n".join(lines)


# ---------------------------------------------------------------------------- the answers


@pytest.mark.parametrize("stem", THEMES)
def test_a_theme_is_answered_right_and_nothing_is_approved_falsely(stem: str) -> None:
    answers = list(_answers(stem))
    right = sum(not answer.wrong for answer in answers)
    if any(answer.false_approval for answer in answers) or right < SHARE_RIGHT_IN_ANY_THEME * len(answers):
        pytest.fail(_report(answers), pytrace=False)


@pytest.mark.parametrize("only_html", [False, True], ids=["everything", "html"])
def test_the_share_of_right_answers_over_all_themes(only_html: bool) -> None:
    answers = [answer for stem in THEMES for answer in _answers(stem) if answer.case.is_html or not only_html]
    right = sum(not answer.wrong for answer in answers)
    if right < SHARE_RIGHT * len(answers):
        pytest.fail(_report(answers), pytrace=False)


def test_rights_matchers_and_layers_are_those_a_person_would_name() -> None:
    asked = [answer for stem in THEMES for answer in _answers(stem) if not answer.wrong]
    asked = [answer for answer in asked if answer.case.has_details]
    off = [answer for answer in asked if answer.detail]
    if len(asked) - len(off) < SHARE_RIGHT * len(asked):
        lines = [f"{len(off)} of {len(asked)} differ", *(answer.line(answer.detail) for answer in off)]
        pytest.fail("\n".join(lines), pytrace=False)


# ---------------------------------------------------------------------------- the corpus itself


@pytest.mark.parametrize("missing", ["determination", "licenses", "why"])
def test_a_case_without_an_expectation_is_told_what_to_write(missing: str) -> None:
    raw = {"id": "some-case", "text": "CC0", "licenses": [], "determination": "research-only", "why": "a reason"}
    del raw[missing]
    with pytest.raises(AssertionError, match=rf"names\.yaml: some-case: .*write `{missing}:`"):
        question({}, "names", raw, raw, "CC0")


def test_the_corpus_is_as_large_and_as_mixed_as_it_claims() -> None:
    cases = list(all_cases())
    ids = [case.id for case in cases]
    pages = {case.text for case in cases if case.is_html and case.entries >= 3}
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})
    assert len(cases) >= 300
    assert sum(case.is_html for case in cases) >= 150
    assert sum(sum(case.text == page for case in cases) >= 3 for page in pages) >= 40
    assert {case.shape for case in cases} >= SHAPES
    assert {case.determination for case in cases} == set(Determination)


def test_every_furniture_and_layout_is_used_and_of_the_size_of_a_real_page() -> None:
    raw = [case for stem in THEMES for case in theme_file(stem)["cases"]]
    furniture = {path.stem for path in (GOLDEN / "furniture").glob("*.html")}
    assert {case["page"] for case in raw if "page" in case} == furniture
    assert len(furniture) >= 8
    layouts = {path.stem for path in (GOLDEN / "layouts").glob("*.html")}
    assert {case["layout"] for case in raw if "layout" in case} == layouts
    sizes = {case.id: len(case.text.encode()) for case in all_cases() if case.is_html}
    assert {name: size for name, size in sizes.items() if not 5_000 <= size <= 61_440} == {}


# ---------------------------------------------------------------------------- perturbations

_URL = re.compile(r"(\w+://[^\s)>\]]+)")
_NAME_WORD = re.compile(
    r"\b(?:creative|commons|attribution|non-?commercial|share-?alike|no-?derivatives|zero|apache|open|data|database"
    r"|government|licen[cs]e|commercial|research|academic|only|cc|by|nc|sa|nd|cc0|mit)\b",
    re.IGNORECASE,
)
_LOOK_ALIKE = str.maketrans("aeocpxyABCEHKMOPTX", "аеосрхуАВСЕНКМОРТХ")


def _outside_urls(change: Callable[[str], str], text: str) -> str:
    return "".join(part if _URL.fullmatch(part) else change(part) for part in _URL.split(text))


def _rewrapped(text: str) -> str:
    """Paragraphs of running words set in a narrow column; headings, lists and tables as they are."""
    paragraphs = re.split(r"(\n\s*\n)", text)
    prose = re.compile(r"(?:\w[^\n|]*\n?)+")
    return "".join(
        textwrap.fill(part, 31, break_long_words=False, break_on_hyphens=False) if prose.fullmatch(part) else part
        for part in paragraphs
    )


def _in_entities(text: str) -> str:
    """As HTML in which every third letter, all punctuation and all blanks are character references."""
    body = "".join(
        f"&#{ord(char)};" if char in "-./:()," or (char.isalnum() and at % 3 == 0) else html.escape(char)
        for at, char in enumerate(text)
    )
    return body.replace(" ", "&#32;")


def _look_alike(text: str) -> str:
    return _outside_urls(lambda part: _NAME_WORD.sub(lambda word: word[0].translate(_LOOK_ALIKE), part), text)


def _non_breaking(text: str) -> str:
    return _outside_urls(lambda part: re.sub(r"(?<=\w)-(?=\w)", "\N{NON-BREAKING HYPHEN}", part), text)


def _soft_hyphens(text: str) -> str:
    return _outside_urls(lambda part: re.sub(r"\b([^\W\d_]{4})([^\W\d_]{3,})", "\\1\N{SOFT HYPHEN}\\2", part), text)


def _all_caps(text: str) -> str:
    return _outside_urls(str.upper, text)


def _as_page(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text)
    return (
        "<!DOCTYPE html><html><body><main>" + "".join(f"<p>{part}</p>" for part in paragraphs) + "</main></body></html>"
    )


PERTURBATIONS: dict[str, Callable[[str], str]] = {
    "re-wrapped": _rewrapped,
    "entities": _in_entities,
    "look-alike letters": _look_alike,
    "non-breaking hyphens": _non_breaking,
    "soft hyphens": _soft_hyphens,
    "all caps": _all_caps,
}


@cache
def _plain_answer(text: str, media: str, about: str | None) -> tuple[tuple[str, ...], Determination]:
    reading = _reader().read_text(text, media, about=about)
    return tuple(sorted(reading.licenses)), determine(reading.rights, reading.per_item)


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_how_a_text_is_set_does_not_change_the_answer(name: str) -> None:
    sample = [case for case in all_cases() if case.perturb]
    assert len(sample) >= 60
    change = PERTURBATIONS[name]
    changed = []
    for case in sample:
        before, after, media = case.text, change(case.text), case.media
        if name == "entities":
            before, after, media = _as_page(html.escape(case.text)), _as_page(after), "text/html"
        expected = _plain_answer(before, media, case.about)
        got = _plain_answer(after, media, case.about)
        if got != expected:
            changed.append(f"  {case.theme}/{case.id}: {expected} became {got}: {after[:160]!r}")
    assert sum(change(case.text) != case.text for case in sample) >= len(sample) // 3
    if changed:
        pytest.fail("\n".join([f"{len(changed)} of {len(sample)} answers change: {name}", *changed]), pytrace=False)

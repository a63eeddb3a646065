"""Which quotes of a page are shown as evidence: one statement is one proof."""

from __future__ import annotations

from typing import Any

from scoring_cases import CC0_RIGHTS, PROHIBITED, judge, reading, seen, source

from domain.reading import Finding, FindingKind, Scope
from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Duty

WHOLE = "All core data is released under Creative Commons Zero (CC0)."


def found(quote: str, rule: str = "name", **more: Any) -> Finding:
    fields: dict[str, Any] = {"license": "CC0-1.0", "rights": CC0_RIGHTS, **more}
    return Finding(FindingKind.LICENSE_NAME, rule, quote, 0, len(quote), **fields)


def quotes(*findings: Finding) -> list[str]:
    return [item.quote for item in judge(source(), seen(reading("CC0-1.0", findings=findings))).evidence]


def test_a_quote_within_a_fuller_one_of_the_same_statement_is_left_out() -> None:
    assert quotes(found("CC0"), found(WHOLE), found("creative  commons zero", "url")) == [WHOLE]


def test_the_same_words_found_by_two_rules_are_one_proof() -> None:
    assert quotes(found(WHOLE, "first"), found(WHOLE, "second")) == [WHOLE]


def test_a_shorter_quote_stays_when_it_names_another_license() -> None:
    kept = quotes(found(WHOLE), found("CC0", license="LicenseRef-other"))
    assert kept == [WHOLE, "CC0"]


def test_a_shorter_quote_stays_when_it_says_a_right_or_duty_the_fuller_one_does_not() -> None:
    clause = "You may use it, but commercial use is prohibited, with credit."
    narrower = Rights(commercial_use=PROHIBITED)
    kept = quotes(
        found(clause, license=None, rights=ALL_SILENT, duties=(Duty.NOTICE,)),
        found("commercial use is prohibited", license=None, rights=narrower),
        found("with credit", license=None, rights=ALL_SILENT, duties=(Duty.ATTRIBUTION,)),
    )
    assert kept == [clause, "commercial use is prohibited", "with credit"]


def test_a_statement_about_another_part_is_a_proof_of_its_own() -> None:
    assert quotes(found(WHOLE), found("CC0", scope=Scope(words="core data"))) == [WHOLE, "CC0"]


def test_a_page_that_says_nothing_stands_with_the_grade_that_rests_on_it() -> None:
    decision = judge(source(), seen(reading()))
    pages = [(item.grade, item.quote, item.license) for item in decision.evidence if item.sha256]
    assert pages == [(decision.evidence_grade, "", None)]

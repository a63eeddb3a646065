"""What SPDX expressions come to by the house's families."""

from __future__ import annotations

import pytest
from scoring_cases import CC0_RIGHTS, STATED_NO, policy

from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Action, Determination, Duty, RightValue
from scoring.determination import determine
from scoring.expressions import license_ids, license_terms

PRODUCTION, RESEARCH, UNCLEAR = Determination


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("CC0-1.0", PRODUCTION),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", RESEARCH),
        ("CC-BY-4.0 OR CC-BY-NC-4.0", PRODUCTION),
        ("(CC-BY-NC-4.0 OR CC-BY-4.0) AND CC-BY-NC-4.0", RESEARCH),
        ("CC-BY-NC-4.0 OR CC-BY-4.0 AND Unknown-1.0", RESEARCH),
        ("CC0-1.0 AND Unknown-1.0", UNCLEAR),
        ("Unknown-1.0 OR CC0-1.0", PRODUCTION),
        ("Unknown-1.0", UNCLEAR),
        ("CC-BY-ND-4.0", UNCLEAR),
        ("GPL-3.0-only WITH Classpath-exception-2.0", PRODUCTION),
        ("NOASSERTION", UNCLEAR),
        ("NONE", UNCLEAR),
        ("", UNCLEAR),
        ("other", UNCLEAR),
        ("CC0-1.0 AND", UNCLEAR),
        ("CC0-1.0 CC0-1.0", UNCLEAR),
        ("(CC0-1.0", UNCLEAR),
        ("CC0-1.0 WITH", UNCLEAR),
        ("CC0-1.0 AND NOASSERTION", UNCLEAR),
    ],
)
def test_determination_of_expressions(expression: str, expected: Determination) -> None:
    assert determine(license_terms(expression, policy()).rights) is expected


def test_and_joins_duties_and_or_takes_the_choice_with_fewest() -> None:
    assert license_terms("CC-BY-4.0 AND GPL-3.0-only", policy()).duties == (Duty.ATTRIBUTION, Duty.COPYLEFT)
    assert license_terms("CC-BY-SA-4.0 OR CC-BY-4.0", policy()).duties == (Duty.ATTRIBUTION,)


def test_own_rights_are_all_there_is_for_a_license_nobody_standardized() -> None:
    assert license_terms("LicenseRef-House-Terms", policy(), CC0_RIGHTS).rights == CC0_RIGHTS
    assert license_terms("LicenseRef-House-Terms", policy()).rights == ALL_SILENT


def test_own_rights_narrow_a_standard_license_and_never_widen_it() -> None:
    forbidding = Rights(train_model=STATED_NO)
    narrowed = license_terms("CC0-1.0", policy(), forbidding).rights
    assert narrowed.train_model.value is RightValue.CONTRADICTORY
    assert not license_terms("CC-BY-ND-4.0", policy(), CC0_RIGHTS).rights.train_model.speaks
    assert license_terms("Unknown-1.0", policy(), CC0_RIGHTS).rights == ALL_SILENT


def test_ids_leave_out_operators_exceptions_and_assertions() -> None:
    assert license_ids("(MIT OR GPL-3.0-only WITH Classpath-exception-2.0) AND NOASSERTION") == ("MIT", "GPL-3.0-only")
    assert license_terms("MIT AND (", policy()).licenses == ("MIT",)
    assert not license_terms("MIT AND (", policy()).rights[Action.TRAIN_MODEL].speaks

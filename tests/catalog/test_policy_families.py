"""What the shipped families say of licenses that matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog import load_policy
from domain.policy import Family
from domain.rights import Right
from domain.vocabulary import Action, Basis, Condition, Duty, Purpose, RightValue

POLICY = load_policy(Path(__file__).parents[2] / "policy")
USES = (Action.REPRODUCE, Action.DERIVE, Action.TRAIN_MODEL)


def ids(text: str) -> list[str]:
    return text.split()


PRODUCTION = ids("""
CC0-1.0 PDDL-1.0 CC-PDDC LicenseRef-Public-Domain
CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-US CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-4.0
LicenseRef-CC-BY-3.0-NZ LicenseRef-CC-BY-2.5-SE LicenseRef-CC-BY-unspecified
CC-BY-SA-2.0-UK CC-BY-SA-2.1-JP CC-BY-SA-3.0 CC-BY-SA-4.0 LicenseRef-CC-BY-SA-3.0-ES LicenseRef-CC-BY-SA-unspecified
ODC-By-1.0 ODbL-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 C-UDA-1.0 O-UDA-1.0
etalab-2.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 OGL-UK-1.0 OGL-UK-3.0
0BSD Unlicense MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC Zlib WTFPL LicenseRef-BSD-unspecified
GPL-2.0-only GPL-3.0-or-later GPL-2.0 GPL-2.0+ LGPL-2.1-only AGPL-3.0-only GFDL-1.3-or-later MPL-2.0 EPL-2.0 MS-PL
LicenseRef-GPL-unspecified
""")
RESEARCH = ids("""
CC-BY-NC-1.0 CC-BY-NC-3.0-DE CC-BY-NC-3.0-IGO CC-BY-NC-4.0 LicenseRef-CC-BY-NC-unspecified
CC-BY-NC-SA-2.0-FR CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 LicenseRef-CC-BY-NC-SA-3.0-US LicenseRef-CC-BY-NC-SA-unspecified
PolyForm-Noncommercial-1.0.0 NCGL-UK-2.0
""")
UNCLEAR = ids("""
CC-BY-ND-1.0 CC-BY-ND-3.0-DE CC-BY-ND-4.0 CC-BY-NC-ND-3.0-IGO CC-BY-NC-ND-4.0 LicenseRef-CC-BY-NC-ND-unspecified
LicenseRef-OpenRAIL LicenseRef-Llama JSON Hippocratic-2.1 BSD-3-Clause-No-Military-License PPL
BUSL-1.1 SSPL-1.0 Elastic-2.0 PolyForm-Small-Business-1.0.0
""")
UNKNOWN = ids("""
NONE NOASSERTION other unknown cc Public LicenseRef-CC-unspecified LicenseRef-Own any-OSI CC-BY CC-BY-5.0
CC-BY-4.0-NC CC-BY-4.0-ND CC-BY-4.0-SA LicenseRef-CC-BY-4.0-NC LicenseRef-CC-BY-4.0-ND mit MIT-NC cc-by-4.0
""")


def family(license_id: str) -> Family:
    found = POLICY.family_of(license_id)
    assert found is not None, license_id
    return found


@pytest.mark.parametrize("license_id", PRODUCTION)
def test_open_licenses_allow_commercial_use_and_training_for_any_purpose(license_id: str) -> None:
    rights = family(license_id).rights
    for action in (Action.COMMERCIAL_USE, *USES):
        assert rights[action].usable, action
        assert rights[action].purpose is Purpose.ANY
        assert rights[action].basis is Basis.LICENSE


@pytest.mark.parametrize("license_id", RESEARCH)
def test_non_commercial_licenses_allow_training_for_non_commercial_purposes_only(license_id: str) -> None:
    rights = family(license_id).rights
    assert rights.commercial_use == Right(RightValue.PROHIBITED, Basis.LICENSE)
    for action in USES:
        assert rights[action].usable, action
        assert rights[action].purpose is Purpose.NON_COMMERCIAL
    for action, right in rights:
        assert action is Action.COMMERCIAL_USE or right.purpose is Purpose.NON_COMMERCIAL


@pytest.mark.parametrize("license_id", UNCLEAR)
def test_no_derivatives_and_restricted_licenses_are_silent_on_training(license_id: str) -> None:
    rights = family(license_id).rights
    assert rights.train_model == Right()
    assert rights.release_model == Right()


@pytest.mark.parametrize("license_id", UNKNOWN)
def test_what_is_no_license_grants_nothing(license_id: str) -> None:
    assert POLICY.family_of(license_id) is None


def test_no_derivatives_allow_private_adaptation_only() -> None:
    for license_id in ("CC-BY-ND-4.0", "CC-BY-NC-ND-4.0"):
        derive = family(license_id).rights.derive
        assert (derive.value, derive.conditions) == (RightValue.CONDITIONAL, (Condition.NOT_SHARED,))
    assert family("CC-BY-ND-4.0").rights.commercial_use.conditions == (Condition.ATTRIBUTION,)
    assert family("CC-BY-NC-ND-4.0").rights.commercial_use.value is RightValue.PROHIBITED


@pytest.mark.parametrize(
    ("license_id", "duties"),
    [
        ("CC0-1.0", ()),
        ("CC-BY-4.0", (Duty.ATTRIBUTION,)),
        ("CC-BY-SA-4.0", (Duty.ATTRIBUTION, Duty.SHARE_ALIKE)),
        ("CC-BY-NC-4.0", (Duty.ATTRIBUTION,)),
        ("CC-BY-NC-SA-4.0", (Duty.ATTRIBUTION, Duty.SHARE_ALIKE)),
        ("ODC-By-1.0", (Duty.ATTRIBUTION,)),
        ("ODbL-1.0", (Duty.ATTRIBUTION, Duty.SHARE_ALIKE)),
        ("MIT", (Duty.NOTICE,)),
        ("Apache-2.0", (Duty.NOTICE, Duty.STATE_CHANGES)),
        ("AGPL-3.0-only", (Duty.NOTICE, Duty.COPYLEFT)),
        ("Unlicense", ()),
        ("LicenseRef-OpenRAIL", (Duty.USE_RESTRICTIONS, Duty.NOTICE)),
        ("SSPL-1.0", (Duty.USE_RESTRICTIONS, Duty.NOTICE)),
    ],
)
def test_duties(license_id: str, duties: tuple[Duty, ...]) -> None:
    assert family(license_id).duties == duties


def test_public_domain_is_a_claim_unless_it_is_a_dedication() -> None:
    assert family("CC-PDDC").needs_rights_holder
    assert family("LicenseRef-Public-Domain").needs_rights_holder
    assert not family("CC0-1.0").needs_rights_holder


def test_creative_commons_and_open_data_commons_last() -> None:
    for license_id in ("CC0-1.0", "PDDL-1.0", "CC-BY-4.0", "CC-BY-NC-SA-3.0", "CC-BY-ND-4.0", "ODC-By-1.0", "ODbL-1.0"):
        assert family(license_id).irrevocable, license_id


def test_what_needs_counsel_to_read_is_not_standard() -> None:
    for license_id in ("LicenseRef-OpenRAIL", "LicenseRef-Llama", "C-UDA-1.0"):
        assert not family(license_id).standard, license_id
    assert family("CC-BY-4.0").standard


def test_no_license_is_written_into_two_families() -> None:
    written = [license_id for family in POLICY.families for license_id in family.licenses]
    assert len(written) == len(set(written))
    for license_id in (*PRODUCTION, *RESEARCH, *UNCLEAR):
        assert sum(family.covers(license_id) for family in POLICY.families) == 1, license_id


def test_every_family_has_a_reason_of_its_own() -> None:
    assert len({family.reason for family in POLICY.families}) == len(POLICY.families)

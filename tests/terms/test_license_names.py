"""How real pages write the names and addresses of licenses."""

from __future__ import annotations

import pytest
from terms_reading import read

from terms import creative_commons, gnu, license_names
from terms.license_urls import badge_words, license_of_url
from terms.shadow import shadow, tidy


@pytest.mark.parametrize(
    ("written", "license_id"),
    [
        ("CC-BY 4.0", "CC-BY-4.0"),
        ("by-nc/3.0", "CC-BY-NC-3.0"),
        ("cc by nc sa", "LicenseRef-CC-BY-NC-SA-unspecified"),
        ("CC Zero", "CC0-1.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("CC_BY_NC_4.0", "CC-BY-NC-4.0"),
        ("CC 4.0 BY-NC", "CC-BY-NC-4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution-Noncommercial-No Derivative Works 3.0 Unported License", "CC-BY-NC-ND-3.0"),
        ("Creative Commons Attribution 2.5 South Africa License", "CC-BY-2.5"),
        ("Creative Commons Attribution 3.0 Austria", "CC-BY-3.0-AT"),
        ("Creative Commons Namensnennung - Nicht kommerziell 4.0", "CC-BY-NC-4.0"),
        ("Creative Commons Attribution - Pas d'Utilisation Commerciale 4.0", "CC-BY-NC-4.0"),
        ("Creative Commons Reconocimiento-NoComercial-CompartirIgual 4.0", "CC-BY-NC-SA-4.0"),
        ("C\u0421 \u0412Y 4.0", "CC-BY-4.0"),
        ("CC BY\u2011NC 4.0", "CC-BY-NC-4.0"),
        ("CC BY-N\u00adC 4.0", "CC-BY-NC-4.0"),
    ],
)
def test_a_creative_commons_name_is_read_however_it_is_written(written: str, license_id: str) -> None:
    assert [found for _, _, found in creative_commons.names_in(shadow(tidy(written)))] == [license_id]


@pytest.mark.parametrize("written", ["CC BY-XX 4.0", "CC BY 5.0"])
def test_a_creative_commons_license_that_does_not_exist_is_not_taken_for_one_that_does(written: str) -> None:
    found = [license_id for _, _, license_id in creative_commons.names_in(shadow(written))]
    assert found == ["LicenseRef-CC-other"]


@pytest.mark.parametrize(
    "written", ["carbon copy by mail", "CC-Zero-Shot Captions", "attribution of errors", "cc: the team"]
)
def test_words_that_only_look_like_creative_commons_name_nothing(written: str) -> None:
    assert list(creative_commons.names_in(shadow(written))) == []


@pytest.mark.parametrize(
    ("written", "license_id"),
    [
        ("GPLv3", "GPL-3.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GNU General Public License, version 2", "GPL-2.0-only"),
        (
            "GNU Affero General Public License as published by the Free Software Foundation, either version 3 of the "
            "License, or any later version",
            "AGPL-3.0-or-later",
        ),
        ("GNU Lesser General Public License v2.1", "LGPL-2.1-only"),
        ("LGPL 2+", "LGPL-2.0-or-later"),
        ("GNU Free Documentation License v1.2 only", "GFDL-1.2-only"),
        ("GNU General Public License", "LicenseRef-GPL-unspecified"),
    ],
)
def test_a_gnu_name_gives_license_version_and_whether_later_ones_count(written: str, license_id: str) -> None:
    assert [found for _, _, found in gnu.names_in(shadow(written))] == [license_id]


def test_a_version_said_once_counts_for_both_licenses() -> None:
    found = [license_id for _, _, license_id in gnu.names_in("the gpl or lgpl version 2 licenses")]
    assert found == ["GPL-2.0-only", "LGPL-2.0-only"]


def test_a_gnu_license_without_a_version_means_every_version() -> None:
    assert read("The corpus is under the GNU Free Documentation License.").licenses == ("GFDL-1.1-or-later",)


@pytest.mark.parametrize(
    ("written", "license_id"),
    [
        ("License: Eiffel Forum License v1.0", "EFL-1.0"),
        ("released under the Academic Free License v3.0", "AFL-3.0"),
        ("under the Mozilla Public License Version 1.0", "MPL-1.0"),
        ("under the SIL Open Font License 1.1", "OFL-1.1"),
        ("the curl license", "curl"),
    ],
)
def test_full_names_of_the_list_are_known_however_their_version_is_written(written: str, license_id: str) -> None:
    assert license_id in {named.license for named in license_names.spdx_names_in(shadow(written))}


def test_a_name_of_one_word_needs_the_word_license_behind_it() -> None:
    assert not list(license_names.spdx_names_in("the clips are listed with their license in clips.csv"))


@pytest.mark.parametrize(
    ("token", "license_id"),
    [
        ("cc-by-4.0", "CC-BY-4.0"),
        ("license:mit", "MIT"),
        ("APACHE_2p0", "Apache-2.0"),
        ("odbl", "ODbL-1.0"),
        ("creativeml-openrail-m", "LicenseRef-OpenRAIL"),
        ("other", None),
        ("unknown", None),
        ("cc", None),
        ("", None),
    ],
)
def test_a_field_value_is_a_license_only_when_it_is_one_as_a_whole(token: str, license_id: str | None) -> None:
    assert license_names.license_of_token(token) == license_id


@pytest.mark.parametrize(
    ("url", "license_id"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/deed.de", "CC-BY-NC-SA-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://licensebuttons.net/l/by-nc-nd/4.0/88x31.png", "CC-BY-NC-ND-4.0"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.html", "Apache-2.0"),
        ("https://spdx.org/licenses/cc-by-nc-1.0.html", "CC-BY-NC-1.0"),
        ("https://opensource.org/licenses/mit-license.php", "MIT"),
        ("https://www.govdata.de/dl-de/by-2-0", "DL-DE-BY-2.0"),
        ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "OGL-UK-3.0"),
    ],
)
def test_the_address_of_a_deed_or_text_stands_for_its_license(url: str, license_id: str) -> None:
    found = license_of_url(url)
    assert found is not None
    assert found[1] == license_id


@pytest.mark.parametrize(
    "url", ["https://example.org/LICENSE", "https://creativecommons.org/about/", "mailto:a@b.example"]
)
def test_other_addresses_stand_for_nothing(url: str) -> None:
    assert license_of_url(url) is None


def test_a_generated_badge_says_its_license_in_its_address() -> None:
    assert badge_words("https://img.shields.io/badge/License-CC%20BY--NC%204.0-lightgrey.svg") == "cc by-nc 4.0"
    text = "[![License](https://img.shields.io/badge/License-CC%20BY--NC%204.0-lightgrey.svg)](x)\n\nA dataset."
    assert read(text).licenses == ("CC-BY-NC-4.0",)


def test_the_names_check_their_own_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"X": {"id": "MIT", "has": ["mit"], "names": ["mit licence\\b"], "yes": ["MIT License"]}}
    monkeypatch.setattr(license_names.tomllib, "loads", lambda _: broken)
    license_names.aliases.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"names\.toml: \[X\] misses its example 'MIT License'"):
            license_names.aliases()
    finally:
        license_names.aliases.cache_clear()

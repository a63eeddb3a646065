"""Numbers and lists that documents state are those of the code."""

from __future__ import annotations

import pytest
import yaml
from docs_pages import code_words, read, rows, section

from domain.catalog import ProbeApi
from domain.policy import House
from probes.settings import NetworkSettings
from terms.language import READ

LOOKING = " ".join(read("docs/what-we-look-at.md").split())
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
SETTINGS = NetworkSettings()


def test_the_languages_that_are_read_are_told_and_no_other() -> None:
    assert set(LANGUAGES) == READ
    told = " ".join(section(read("docs/what-we-look-at.md"), "Languages").split())
    assert told.startswith("English, German, French and Spanish are read.")


@pytest.mark.parametrize(
    "words",
    [
        f"`{SETTINGS.user_agent}`",
        f"{SETTINGS.most_wire_bytes // 1_000_000} MB on the wire",
        f"{SETTINGS.most_body_bytes // 1_000_000} MB unpacked",
        f"At most {SETTINGS.time_limit:g} s a look",
        f"`Crawl-delay` up to {SETTINGS.longest_crawl_delay:g} s",
        f"(`--delay`, {SETTINGS.delay:g} s)",
    ],
)
def test_the_limits_of_looking_are_told_as_they_are(words: str) -> None:
    assert words in LOOKING


def test_numbers_of_the_house_are_told_as_the_shipped_policy_has_them() -> None:
    house = yaml.safe_load(read("policy/house.yaml"))
    assert (house["confirm_after"], house["failing_after"], house["evidence_max_age_days"]) == (30, 3, 180)
    assert "after three failed looks in a row (`failing_after`)" in LOOKING
    assert "older than 180 days" in read("docs/cookbook.md")
    assert "(`confirm_after`, 30 by default)" in " ".join(
        read("docs/decisions/0004-narrowing-counts-at-once.md").split()
    )
    assert set(house) <= set(House.__slots__)


def test_the_changelog_counts_interfaces_as_there_are() -> None:
    assert len(ProbeApi) == 16
    assert "sixteen kinds of metadata interfaces" in " ".join(read("CHANGELOG.md").split())


def test_the_views_of_the_contract_are_those_of_the_cookbook() -> None:
    told = {word.partition("(")[0] for word in code_words(section(read("docs/contract.md"), "Views"))}
    shown = {
        code_words(row[0])[0].partition("(")[0] for row in rows(section(read("docs/cookbook.md"), "The views"))[1:]
    }
    assert told == shown

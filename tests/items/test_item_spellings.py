"""One license cell at a time: what is understood wholly counts, everything else goes to the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalog import load_policy
from domain.deciding import Gate
from domain.vocabulary import GateKind, Owner, Tier
from scoring.item_table import Part, SpellingVerdict, judge_spelling, text_to_read
from terms.reader import Reader

POLICY = load_policy(Path(__file__).parents[2] / "policy")
READER = Reader(POLICY.families)
COLUMN = ("Attribution", "Attribution-NonCommercial-ShareAlike 3.0 International")


def verdict(cell: str, column: tuple[str, ...] = ()) -> SpellingVerdict:
    text = text_to_read(cell, column)
    return judge_spelling(cell, None if text is None else READER.read_text(text, "text/plain"), POLICY)


@pytest.mark.parametrize(
    ("cell", "license_id", "part"),
    [
        ("CC0 1.0 Universal", "CC0-1.0", Part.COMMERCIAL),
        ("cc-by-4.0", "CC-BY-4.0", Part.COMMERCIAL),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0", Part.COMMERCIAL),
        ("http://creativecommons.org/licenses/by/3.0/", "CC-BY-3.0", Part.COMMERCIAL),
        ("Licensed under Creative Commons Attribution 4.0 International", "CC-BY-4.0", Part.COMMERCIAL),
        ("Attribution-Noncommercial-Share Alike 3.0 United States", "CC-BY-NC-SA-3.0", Part.RESEARCH),
        ("by-nc-sa", "LicenseRef-CC-BY-NC-SA-unspecified", Part.RESEARCH),
        ("Attribution-NonCommercial-NoDerivatives 4.0 International", "CC-BY-NC-ND-4.0", Part.REST),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "CC-BY-ND-4.0", Part.REST),
        ("public domain", "LicenseRef-Public-Domain", Part.RESEARCH),
    ],
)
def test_known_spellings_become_one_license(cell: str, license_id: str, part: Part) -> None:
    found = verdict(cell)
    assert (found.license, found.part) == (license_id, part)


@pytest.mark.parametrize(
    "cell",
    [
        "", "   ", "other", "unknown", "cc", "Creative Commons", "None", "N/A", "null", "-", "Public", "Sampling+",
        "not CC BY", "no CC BY 4.0", "non CC-BY", "was CC BY 4.0", "CC BY 4.0?", "CC BY 4.0*", "CC BY 4.0 pending",
        "CC BY 4.0 for the cover; music all rights reserved", "CC BY 4.0 (unless otherwise noted)",
        "CC BY 4.0, no AI training", "CC BY 4.0 except samples", "CC BY 4.0 / CC BY-NC 4.0",
        "CC BY 4.0 or CC BY-NC 4.0",
        "CC BY-NC 4.0 (commercial license available)", "ask the artist", "All rights reserved",
        "http://evil.example/?u=creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org.evil.example/creativecommons.org/licenses/by/4.0/",
        "https://example.org/creativecommons.org/licenses/by/4.0/",
        "CC BY 4.0\x1b[31m", "CC BY\u202e-NC", "C\u200bC BY 4.0", "CC BY 4.0" + " " * 600 + "x", "=CC BY 4.0",
        "CC BY 4.0 \N{MULTIPLICATION SIGN}", "CC BY 4.0 nicht kommerziell", "CC BY 4.0 NC", "CC BY 4.0 ND", "CC BY 99",
    ],
)  # fmt: skip
def test_what_is_not_wholly_understood_goes_to_the_rest(cell: str) -> None:
    found = verdict(cell)
    assert (found.part, found.tier, found.allowed_envs) == (Part.REST, Tier.BLOCKED, "")
    assert found.why


def test_attribution_alone_is_a_license_only_beside_its_siblings() -> None:
    assert verdict("Attribution").part is Part.REST
    assert verdict("Attribution", ("Attribution", "required", "none")).part is Part.REST
    assert verdict("Attribution", COLUMN).license == "LicenseRef-CC-BY-unspecified"


def test_a_house_without_an_attribution_path_keeps_attribution_out_of_production() -> None:
    assert verdict("CC BY 4.0").allowed_envs == "research"
    assert verdict("CC0 1.0").allowed_envs == "both"
    able = replace(POLICY, house=replace(POLICY.house, capabilities={**POLICY.house.capabilities, "attribution": True}))
    reading = READER.read_text("License: CC BY 4.0", "text/plain")
    assert judge_spelling("CC BY 4.0", reading, able).allowed_envs == "both"


@pytest.mark.parametrize(("cap", "envs"), [(Tier.RESEARCH_ONLY, "research"), (Tier.BLOCKED, "")])
def test_a_gate_of_the_source_binds_its_items(cap: Tier, envs: str) -> None:
    hold = (Gate("needs_signature", GateKind.BLOCKING, cap, "why", "how", Owner.LEGAL),)
    reading = READER.read_text("License: CC0 1.0", "text/plain")
    assert judge_spelling("CC0 1.0", reading, POLICY, hold).allowed_envs == envs

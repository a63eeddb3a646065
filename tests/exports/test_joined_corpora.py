"""A corpus joined from several sources: never wider than its narrowest part, and credited."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest
from decided_sources import decided, some, stored

from catalog import load_catalog
from domain.deciding import Decision
from domain.vocabulary import Tier
from flows.combine_sources import combine_sources, write_notice
from scoring.corpus import Corpus, joined
from scoring.determination import determine


def corpus(*licenses: str) -> Corpus:
    decisions = {f"s{at}": decided(f"s{at}", license_id) for at, license_id in enumerate(licenses)}
    return joined(list(decisions), decisions)


@pytest.mark.parametrize(
    ("licenses", "tier", "conflicts"),
    [
        (("CC0-1.0", "CC-BY-4.0"), Tier.PRODUCTION_APPROVED, 0),
        (("CC0-1.0", "CC-BY-NC-4.0"), Tier.RESEARCH_ONLY, 0),
        (("CC-BY-4.0", "CC-BY-SA-4.0"), Tier.PRODUCTION_APPROVED, 0),
        (("CC-BY-SA-3.0", "CC-BY-SA-4.0"), Tier.PRODUCTION_APPROVED, 0),
        (("CC-BY-SA-4.0", "GPL-3.0-only"), Tier.PRODUCTION_APPROVED, 0),
        (("CC-BY-SA-1.0", "CC-BY-SA-4.0"), Tier.RESEARCH_ONLY, 1),
        (("CC-BY-SA-4.0", "ODbL-1.0"), Tier.RESEARCH_ONLY, 1),
        (("CC-BY-SA-4.0", "GPL-2.0-only"), Tier.RESEARCH_ONLY, 1),
        (("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"), Tier.RESEARCH_ONLY, 1),
        (("CC-BY-SA-4.0", "CC-BY-NC-4.0"), Tier.RESEARCH_ONLY, 1),
        (("CC-BY-SA-4.0", "CC-BY-ND-4.0"), Tier.BLOCKED, 1),
        (("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"), Tier.RESEARCH_ONLY, 0),
        (("CC0-1.0", "NOASSERTION"), Tier.BLOCKED, 0),
        (("CC-BY-SA-4.0", "ODbL-1.0", "CC-BY-NC-SA-4.0"), Tier.RESEARCH_ONLY, 3),
    ],
)
def test_the_narrowest_part_and_every_conflict_decide(licenses: tuple[str, ...], tier: Tier, conflicts: int) -> None:
    for order in permutations(licenses):
        found = corpus(*order)
        assert (found.tier, len(found.conflicts)) == (tier, conflicts)


def test_joining_never_widens_any_right() -> None:
    licenses = ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "ODbL-1.0", "NOASSERTION"]
    for one, other in permutations(licenses, 2):
        found, alone = corpus(one, other), corpus(one)
        assert found.tier.rank >= alone.tier.rank
        for action, right in found.rights:
            assert right.width <= alone.rights[action].width
        assert set(alone.duties) <= set(found.duties)
        # The joined rights themselves come to nothing wider than the joined determination.
        assert list(type(found.determination)).index(determine(found.rights)) >= list(type(found.determination)).index(
            found.determination
        )


@pytest.mark.parametrize("ids", [[], ["nobody"], ["free", "nobody"]])
def test_no_source_and_an_unknown_one_block(ids: list[str]) -> None:
    found = joined(ids, {"free": decided("free", "CC0-1.0")})
    assert found.tier is Tier.BLOCKED
    assert not found.rights.speaks
    assert found.expression == "NOASSERTION"


def test_notice_and_credits_name_every_source_and_stay_inert(tmp_path: Path) -> None:
    sources: list[Decision] = some()
    warehouse, catalog = stored(tmp_path, sources)
    ids = ["credited", "shared", "own_words", "nobody"]
    answer = combine_sources(warehouse, ids, Tier.PRODUCTION_APPROVED)
    assert not answer.passes
    assert json.dumps(answer.shape())
    notice, credits = write_notice(warehouse, answer, load_catalog(catalog), tmp_path / "out")
    text = notice.read_text(encoding="utf-8")
    for words in ("Source: credited", "Source: nobody", "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by/4.0/"):
        assert words in text
    assert 'Stated: "licensed under CC-BY-4.0"' in text
    assert "may not be used" in text
    listed = credits.read_text(encoding="utf-8")
    assert listed.count("\n- ") == 3
    assert "<b>" not in listed

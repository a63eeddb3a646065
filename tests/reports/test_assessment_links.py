"""Links inside the assessment lead somewhere, the first screen is one screen, and nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from assessment_rows import CATALOG, NEEDS_ATTRIBUTION, POLICY, change, decisions, render, sections

from domain.deciding import Entitlement, Gate, Review
from domain.history import TierStep
from domain.policy import GateRule
from domain.rights import Rights
from domain.vocabulary import GateKind, Owner, Tier
from reports.assessment import FILE_NAME, assessment_parts
from reports.escape import heading_anchor

PUBLISHED = Path(__file__).parents[2] / "reports" / "published" / FILE_NAME
RULE = GateRule(
    id="needs_capability",
    kind=GateKind.BLOCKING,
    reason="The license demands {duty}, and there is no way yet to do it.",
    closes="build the path for {duty}",
    owner=Owner.ENGINEERING,
    caps_at=Tier.RESEARCH_ONLY,
)
UPSTREAM = GateRule(
    id="upstream_copies",
    kind=GateKind.BLOCKING,
    reason="The data repeats {upstream}, so the rights of {upstream} bind. {detail}",
    closes="clear {upstream} as a source of its own",
    owner=Owner.LEGAL,
)


def anchors(document: str) -> list[str]:
    """The anchors of all headings, as renderers of Markdown make them."""
    headings = [line.lstrip("#").strip() for line in document.splitlines() if re.match(r"#{1,6} ", line)]
    return [heading_anchor(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("\\", "")) for heading in headings]


def dead_links(document: str) -> set[str]:
    return set(re.findall(r"\]\(#([^)]*)\)", document)) - set(anchors(document))


def test_every_link_inside_leads_to_a_heading() -> None:
    assert dead_links(render(changes=[change()], problems={"sounds_audio": "unreachable"}, looked_at=2)) == set()


@pytest.mark.parametrize("promise", ["links", "headings", "first screen", "path"])
def test_the_published_assessment_keeps_its_promises(promise: str) -> None:
    document = PUBLISHED.read_text(encoding="utf-8")
    match promise:
        case "links":
            assert dead_links(document) == set()
        case "headings":
            assert [name for name, times in Counter(anchors(document)).items() if times > 1] == []
        case "first screen":
            assert len(sections(document)["## Decision summary"].splitlines()) <= 45
        case _:
            assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", document)


def test_the_first_screen_leads_to_every_part() -> None:
    document = render()
    first = sections(document)["## Decision summary"]
    parts = {heading_anchor(line[3:]) for line in document.splitlines() if line.startswith("## ")}
    linked = set(re.findall(r"\]\(#([^)]*)\)", first))
    assert parts - linked == {"decision-summary", "source-by-source"}


def test_gates_are_counted_on_the_first_screen_with_what_closing_them_raises() -> None:
    first = sections(render())["## Decision summary"]
    assert "| [`needs_attribution`](#gate-needs_attribution) | 2 | 2 | 0 | product |" in first


def _with_rules(gates: dict[str, tuple[Gate, ...]]) -> str:
    policy = replace(POLICY, gates={rule.id: rule for rule in (RULE, UPSTREAM)})
    decided = [replace(d, gates=gates.get(d.source_id, d.gates)) for d in decisions()]
    return "".join(
        assessment_parts(
            catalog=CATALOG,
            decisions=decided,
            policy=policy,
            facts=(),
            changes=(),
            problems_of_looking={},
            pages_looked_at=3,
            pages_total=3,
        )
    )


def test_the_words_of_a_rule_are_said_once_and_a_source_says_what_is_its_own() -> None:
    attribution = replace(
        NEEDS_ATTRIBUTION,
        reason="The license demands attribution, and there is no way yet to do it.",
        closes="build the path for attribution",
    )
    copies = Gate(
        "upstream_copies",
        GateKind.BLOCKING,
        Tier.BLOCKED,
        "The data repeats the archive, so the rights of the archive bind. Version 2 took it over."
        "; The data repeats videos, so the rights of videos bind. Thumbnails too.",
        "clear the archive as a source of its own; clear videos as a source of its own",
        Owner.LEGAL,
    )
    document = _with_rules({"graph_tags": (attribution,), "sounds_audio": (attribution, copies)})
    assert document.count("The license demands attribution") == 1
    section = sections(document)["### `sounds_audio`"]
    assert "- [`needs_attribution`](#gate-needs_attribution), caps at research_only (product)\n" in section
    assert "the archive: Version 2 took it over; videos: Thumbnails too." in section
    rule = sections(document)["### Gate `upstream_copies`"]
    assert "- Why: The data repeats the upstream, so the rights of the upstream bind." in rule
    assert "- Holds 1 source: [`sounds_audio`](#sounds_audio)" in rule


def test_reasons_that_follow_no_rule_stay_with_their_source() -> None:
    odd = replace(NEEDS_ATTRIBUTION, reason="Something else.", closes="Do something else.")
    section = sections(_with_rules({"graph_tags": (odd,)}))["### `graph_tags`"]
    assert "(product): Something else. To close: Do something else." in section


def test_what_persons_filed_is_listed_with_the_day_it_ends() -> None:
    review = Review(
        source_id="graph_core",
        role="counsel",
        by="R. Example",
        reason="read it",
        made_on=date(2026, 1, 5),
        closes=("privacy_assessment",),
        expires=date(2027, 1, 5),
        scope="embeddings",
    )
    bought = Entitlement(
        source_id="lab_only",
        licensor="Lab",
        reference="C-7",
        scope="training",
        quote="may train",
        rights=Rights(),
        signed_on=date(2026, 2, 1),
        expires=date(2026, 12, 31),
        approved_by="Owner",
        approved_on=date(2026, 2, 2),
    )
    document = "".join(
        assessment_parts(
            catalog=CATALOG,
            decisions=decisions(),
            policy=POLICY,
            facts=(),
            changes=(),
            problems_of_looking={},
            pages_looked_at=3,
            pages_total=3,
            reviews=[review],
            entitlements=[bought],
            tier_steps=[
                TierStep(
                    source_id="lab_only",
                    at=datetime(2026, 3, 1, tzinfo=UTC),
                    before=Tier.RESEARCH_ONLY,
                    after=Tier.BLOCKED,
                    cause="publisher",
                ),
                TierStep(
                    source_id="lab_only",
                    at=datetime(2026, 1, 1, tzinfo=UTC),
                    before=None,
                    after=Tier.RESEARCH_ONLY,
                    cause="first",
                ),
            ],
        )
    )
    rows = [line for line in sections(document)["### What persons decided"].splitlines() if line.startswith("| [")]
    assert [("2026-12-31" in rows[0], "2027-01-05" in rows[1])] == [(True, True)], "what ends first comes first"
    assert "| [`privacy_assessment`](#gate-privacy_assessment) | embeddings |" in rows[1]
    moved = [line for line in sections(document)["### Tiers that moved"].splitlines() if line.startswith("- ")]
    assert len(moved) == 1, "a first decision is no change"
    assert moved[0].startswith("- 2026-03-01: [`lab_only`](#lab_only) research_only → blocked, cause: publisher (")
    assert dead_links(document) == set()

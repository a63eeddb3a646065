"""Sentences of the assessment that a decision hangs on: what is meant, of what, and how exactly."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from assessment_rows import POLICY, decision, render, sections

from domain.deciding import Gate
from domain.policy import EffortDriver
from domain.reading import PerItem
from domain.rights import Rights
from domain.vocabulary import Determination, EffortPart, GateKind, Owner, Tier
from reports.document_days import day_lines
from reports.effort_section import driver_rows
from scoring.determination import reasons


def test_every_source_that_shares_the_first_lapse_day_is_named() -> None:
    pair = [decision("graph_tags"), decision("graph_core")]
    later = decision("lab_only", first_seen=datetime(2023, 6, 1, tzinfo=UTC))
    lines = day_lines(decisions=[later, *pair], changes=(), steps=(), reviews=(), max_age_days=180, looked=True)
    told = next(line for line in lines if "lapse" in line)
    assert "the first ([`graph_core`](#graph_core), [`graph_tags`](#graph_tags)) may lapse from 2023-11-16." in told


def test_quarters_of_a_day_are_printed_alike_in_the_table_and_in_the_sections() -> None:
    driver = EffortDriver(
        id="dump", part=EffortPart.INGESTION, when="dump", low=0.25, likely=0.5, high=1, reason="Files."
    )
    ((_, _, span, _, _),) = driver_rows([decision("graph_core")], replace(POLICY, effort=(driver,)))
    assert span == "0.25 / 0.5 / 1"


def test_the_classification_of_a_set_with_a_license_an_item_is_of_the_whole() -> None:
    gate = Gate("item_allowlist", GateKind.BLOCKING, Tier.RESEARCH_ONLY, "Each its own.", "Load it.", Owner.ENGINEERING)
    mixed = decision(
        "graph_core",
        determination=Determination.PROHIBITED_UNCLEAR,
        tier=Tier.RESEARCH_ONLY,
        tier_if_verified=Tier.RESEARCH_ONLY,
        gates=(gate,),
    )
    assert (
        "- Classification: **prohibited-unclear** of the whole; single items by their own license, through an "
        "allow-list: see gate [`item_allowlist`](#gate-item_allowlist)\n"
    ) in sections(render([mixed]))["### `graph_core`"]


def test_what_every_item_permits_is_told_as_the_publishers_word() -> None:
    said = reasons(Rights(), PerItem.ALL_AT_LEAST_RESEARCH)[0]
    assert said.endswith("as the publisher describes the licenses")


def test_no_personal_data_is_a_judgment_that_counsel_may_overrule() -> None:
    told = sections(render())["### Personal data"]
    assert "living artists may still be personal data" in told
    assert "counsel decides" in told


def test_statements_that_may_be_younger_than_the_day_are_announced_above_their_tables() -> None:
    shown = ("## Phased adoption order", "## Contradictions", "### Letters to publishers", "### Availability")
    past = sections(render(at=datetime(2023, 6, 1, tzinfo=UTC)))
    assert [name for name in shown if "may have been recorded later" in past[name]] == list(shown)
    assert "may have been recorded later" not in render(at=datetime(2026, 6, 1, tzinfo=UTC))
    assert render(at=datetime(2026, 6, 1, tzinfo=UTC)) == render()


def test_the_next_acts_are_those_of_the_table_that_reach_production() -> None:
    """Acts done source by source count together, so that five small ones are not passed over for one."""
    counsel = Gate("counsel", GateKind.BLOCKING, Tier.RESEARCH_ONLY, "It is copyleft.", "File a review.", Owner.LEGAL)
    held = {"tier": Tier.RESEARCH_ONLY, "tier_if_verified": Tier.RESEARCH_ONLY}
    names = ("graph_core", "graph_tags", "lab_only")
    singles = [decision(name, gates=(replace(counsel, gate=f"{name}_review"),), **held) for name in names[:2]]
    shared = [decision(name, gates=(counsel,), **held) for name in names[2:]]
    decided = [*singles, *shared, decision("sounds_audio", gates=(counsel,), **held)]
    told = sections(render(decided))
    assert told["### Next"].splitlines()[1] == (
        "- legal: File a review. ([`counsel`](#gate-counsel), 2 acts, raises [`lab_only`](#lab_only), "
        "[`sounds_audio`](#sounds_audio))"
    )
    table = re.findall(r"#gate-(\w+)", "\n".join(x for x in told["### What unlocks most"].splitlines() if x[:1] == "|"))
    assert re.findall(r"#gate-(\w+)", told["### Next"]) == table

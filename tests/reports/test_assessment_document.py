"""The assessment as people read it: structure, determinism, and what a change touches."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from assessment_rows import (
    CATALOG,
    NEEDS_ATTRIBUTION,
    NOT_LOOKED_AT,
    SHA,
    change,
    decision,
    decisions,
    fact,
    render,
    sections,
)

from domain.catalog import Catalog, Dataset, Provider, RequiredCheck, Source
from domain.deciding import EvidenceItem, Gate
from domain.reading import Change, Contradiction
from domain.vocabulary import (
    ChangeClass,
    Determination,
    EvidenceGrade,
    GateKind,
    Layer,
    Owner,
    SpeaksFor,
    Tier,
)
from reports.assessment import FILE_NAME, assessment_path


def test_sections_come_in_order() -> None:
    headings = [line for line in render().splitlines() if line.startswith("## ")]
    assert headings == [
        "## Decision summary",
        "## Recommendations",
        "## Phased adoption order",
        "## What changed",
        "## Contradictions",
        "## Unresolved legal and product decisions",
        "## Hand-off",
        "## Method and limits",
        "## Every source",
        "## By family",
        "## Gates",
        "## Source by source",
    ]


def test_summary_has_one_row_a_source_by_id() -> None:
    rows = [line for line in sections(render())["## Every source"].splitlines() if line.startswith("| [")]
    assert rows == [
        "| [`graph_core`](#graph_core) | Graph | metadata | CC0-1.0 | production-commercial | "
        "**production_approved** | production_approved | 0 | 3 | none |  |",
        "| [`graph_tags`](#graph_tags) | Graph | metadata | CC-BY-4.0 | production-commercial | "
        "**research_only** | research_only | 0 | 3 | [`needs_attribution`](#gate-needs_attribution) | product |",
        "| [`lab_only`](#lab_only) | Sounds | features | LicenseRef-lab | research-only | "
        "**blocked** | blocked | 2 | 3 | [`not_eligible`](#gate-not_eligible) | publisher |",
        r"| [`sounds_audio`](#sounds_audio) | Sounds | audio | \[CC-BY-4.0\] | production-commercial | "
        "**research_only** | research_only | 2 | 3 | [`not_looked_at`](#gate-not_looked_at) | clearance |",
    ]


def test_a_source_section_holds_every_fact_of_the_source() -> None:
    section = sections(render(facts=[fact()]))["### `graph_core`"]
    for line in (
        "- Classification: **production-commercial**, by the terms alone",
        "  - “The core data is in the public domain (CC0).”: CC0-1.0, by `license_name/cc0`",
        "- License: CC0-1.0, declared and concluded",
        "- [graph.example.org/license](https://graph.example.org/license), grade B, publisher, "
        f"this version first seen 2023-05-20 01:34 UTC, sha256 `{SHA[:16]}`",
        "- CC0 permits everything, for any purpose.",
        "- permitted (license; purpose any; for anyone): commercial_use, reproduce, derive, train_model, "
        "release_model, redistribute, evaluate",
        "- [`privacy_assessment`](#gate-privacy_assessment), condition (legal)",
        "- Phase: 0",
        "- Person-days: 1.5 / 3 / 6",
        "- metadata_graph: recording ids",
        "- names may be wrong",
        "- confirm the CC0 scope (owner: legal)",
        "- ingestion: 1 / 2 / 4, from `dump` (1 / 2 / 4: 7 GB in 3 files)",
        "- ingestion: load the dump",
        "- personal data: none",
        "- availability: available, access open_download, at [graph.example.org](https://graph.example.org/dumps)",
        "- size_bytes: 7.1 GB (measured, [graph.example.org](https://graph.example.org/dumps))",
        "- stated: size 7 GB; formats tar.bz2",
    ):
        assert line in section.splitlines()


def test_both_statements_of_a_contradiction_stand_side_by_side_and_the_source_leads_there() -> None:
    document = sections(render())
    assert "| commercial_use | “free for everyone” | “academic use only” |" in document["## Contradictions"]
    assert (
        "- commercial_use: [both statements](#contradictions). The README and the form differ."
        in document["### `lab_only`"]
    )
    assert "Which of these statements holds?" in document["### Letters to publishers"]


def test_a_statement_names_the_page_it_was_found_on() -> None:
    torn = [
        replace(d, contradictions=(Contradiction(None, "public domain (CC0)", "ask us first", "They differ."),))
        if d.source_id == "graph_core"
        else d
        for d in decisions()
    ]
    table = sections(render(torn))["## Contradictions"]
    assert "| “public domain (CC0)” ([page](https://graph.example.org/license)) | “ask us first” |" in table


def test_the_act_that_unlocks_most_names_every_source() -> None:
    unlocking = sections(render())["### What unlocks most"]
    assert unlocking.splitlines()[1] == (
        "Build the attribution path ([`needs_attribution`](#gate-needs_attribution), owner: product). "
        "It raises 2 sources:"
    )
    assert (
        "- Raises: [`graph_tags`](#graph_tags) to production_approved, "
        "[`sounds_audio`](#sounds_audio) to production_approved after a look"
    ) in unlocking.splitlines()


def test_a_source_held_by_a_second_gate_is_not_promised() -> None:
    counsel = Gate("production_requires_review", GateKind.BLOCKING, Tier.RESEARCH_ONLY, "why", "review", Owner.LEGAL)
    held = [replace(d, gates=(*d.gates, counsel)) if d.source_id == "graph_tags" else d for d in decisions()]
    assert "graph_tags" not in sections(render(held))["### What unlocks most"]


def test_an_act_never_raises_above_what_the_license_allows() -> None:
    research = replace(decisions()[1], determination=Determination.RESEARCH_ONLY)
    others = [d for d in decisions() if d.source_id != "graph_tags"]
    assert "graph_tags" not in sections(render([research, *others]))["### What unlocks most"]


def test_reviews_in_the_same_words_are_acts_of_their_own() -> None:
    counsel = Gate("production_requires_review", GateKind.BLOCKING, Tier.RESEARCH_ONLY, "why", "review", Owner.LEGAL)
    held = [
        replace(d, tier=Tier.RESEARCH_ONLY, tier_if_verified=Tier.RESEARCH_ONLY, gates=(counsel,)) for d in decisions()
    ]
    rows = [line for line in sections(render(held))["### What unlocks most"].splitlines() if "| review |" in line]
    (row,) = rows
    assert "| 3 acts | 3 | 0 |" in row, "one for each source whose license allows more"


def test_production_next_names_the_gates() -> None:
    waiting = decision("sounds_audio", tier=Tier.RESEARCH_ONLY, gates=(NOT_LOOKED_AT,), verified_at=None)
    others = [d for d in decisions() if d.source_id != "sounds_audio"]
    assert sections(render([*others, waiting]))["### What may enter production next"].strip().splitlines()[-1] == (
        "- [`sounds_audio`](#sounds_audio) (now research_only, phase 0, 3 days): close "
        "[`not_looked_at`](#gate-not_looked_at) (clearance); conditions none"
    )


def test_adoption_order_follows_rank_within_a_phase_and_leaves_the_hopeless_out() -> None:
    document = sections(render())
    identity = [line for line in document["### Phase 0: identity"].splitlines() if line.startswith("| [")]
    assert [row.split("`")[1] for row in identity] == ["graph_core", "graph_tags"]
    assert "lab_only" not in document["### Phase 2: embeddings"]
    assert "lab_only" in document["### Not to be adopted"]
    assert "no source yet" in document["### Phase 1: baselines"]


def test_a_phase_unknown_to_the_policy_loses_no_source() -> None:
    stray = [replace(d, phase="9") if d.source_id == "graph_core" else d for d in decisions()]
    assert "graph_core" in sections(render(stray))["### Phase 9: not named in the policy"]


def test_only_confirmed_material_changes_are_shown() -> None:
    cosmetic = change(change_id="2", change=Change(ChangeClass.COSMETIC, quote_after="moved"))
    pending = change(change_id="3", confirmed=False)
    assert render(changes=[cosmetic, pending]) == render()
    assert "No confirmed change of terms is on record." in render()


def test_a_change_is_shown_with_both_quotes_and_its_date() -> None:
    shown = sections(render(changes=[change()]))["### 2023-05-20: `graph_core` tightened, relicensed"]
    assert "- License: CC0-1.0 → CC-BY-NC-4.0\n" in shown
    assert "- Classification: production-commercial → research-only\n" in shown
    assert "- Before: “You may use it for any purpose.”\n" in shown
    assert "- After: “You may use it for non-commercial purposes.”\n" in shown


def test_same_rows_same_bytes_in_any_order() -> None:
    records = [change(change_id=str(n), at=change().at + timedelta(days=n)) for n in range(4)]
    measured = [fact(), fact(name="formats", value="tar.bz2"), fact(value="6 GB", measured=False)]
    expected = render(facts=measured, changes=records)
    mixed = decisions()
    for seed in range(3):
        for rows in (mixed, records, measured):
            random.Random(seed).shuffle(rows)
        assert render(mixed, facts=measured, changes=records) == expected


def test_another_look_that_finds_the_same_changes_nothing() -> None:
    later = timedelta(days=30)
    looked_again = [
        d
        if d.verified_at is None or d.valid_until is None
        else replace(
            d,
            verified_at=d.verified_at + later,
            valid_until=d.valid_until + later,
            looks={"w": d.verified_at + later},
        )
        for d in decisions()
    ]
    assert render(looked_again, facts=[fact(seen_at=fact().seen_at + later)]) == render(facts=[fact()])


def test_one_change_touches_its_source_the_summaries_and_what_changed() -> None:
    narrowed = [
        replace(d, tier=Tier.RESEARCH_ONLY, tier_if_verified=Tier.RESEARCH_ONLY, license_concluded="CC-BY-NC-4.0")
        if d.source_id == "graph_core"
        else d
        for d in decisions()
    ]
    before, after = sections(render()), sections(render(narrowed, changes=[change()]))
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        "## Decision summary",
        "## Every source",
        "### In production now",
        "### This week",
        "### For Legal",
        "### Phase 0: identity",
        "## What changed",
        "### 2023-05-20: `graph_core` tightened, relicensed",
        "### `graph_core`",
        "### Completed",
        "### Next",
    }


def test_no_banner_when_all_was_looked_at() -> None:
    assert not sections(render())["# MLCore dataset viability assessment"].strip()


def test_the_banner_counts_and_lists_what_could_not_be_looked_at() -> None:
    banner = sections(render(problems={"sounds_audio": "host | unreachable"}, looked_at=2))
    text = banner["# MLCore dataset viability assessment"]
    assert "> **Not everything could be looked at**: 2 of 3 pages were looked at; 1 source affected." in text
    assert r"> host \| unreachable: [`sounds_audio`](#sounds_audio)" in text


def test_the_banner_says_so_when_nothing_was_looked_at() -> None:
    text = sections(render(looked_at=0))["# MLCore dataset viability assessment"]
    assert text.strip().startswith("> **Nothing was looked at** (0 of 3 pages). Every tier below is capped")


def test_a_source_without_a_decision_is_named_as_blocked() -> None:
    partial = [d for d in decisions() if d.source_id != "lab_only"]
    assert "> **Not decided here**, so to be treated as blocked: `lab_only`" in render(partial)


def test_a_decision_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="stranger"):
        render([*decisions(), decision("stranger")])


def test_an_empty_catalog_still_gives_a_document() -> None:
    assert "Nothing may be used in production today." in render([], catalog=Catalog((), "0" * 64), total=0, looked_at=0)


def test_a_blocking_gate_without_a_tier_counts_as_the_narrowest() -> None:
    unknown = Gate(
        "contradiction", GateKind.BLOCKING, None, "Two statements differ.", "Ask the publisher.", Owner.LEGAL
    )
    held = [replace(d, gates=(NEEDS_ATTRIBUTION, unknown)) if d.source_id == "graph_tags" else d for d in decisions()]
    row = next(line for line in _table(render(held)) if line.startswith("| [`graph_tags`]"))
    assert row.endswith("| [`contradiction`](#gate-contradiction) | legal |")


def test_where_a_look_widens_the_tier_looking_comes_first() -> None:
    unquoted = Gate(
        "determination", GateKind.BLOCKING, Tier.BLOCKED, "Nothing is granted.", "Other terms.", Owner.LEGAL
    )
    unseen = decision("sounds_audio", tier=Tier.BLOCKED, gates=(unquoted, NOT_LOOKED_AT), verified_at=None)
    document = render([*decisions()[:2], unseen])
    row = next(line for line in _table(document) if line.startswith("| [`sounds_audio`]"))
    assert row.endswith("| [`not_looked_at`](#gate-not_looked_at) | clearance |")
    assert "determination" not in sections(document)["### What may enter production next"]


@pytest.mark.parametrize(("gates", "shown"), [((), "LicenseRef-ours"), ((NOT_LOOKED_AT,), r"\[CC0-1.0\]")])
def test_the_house_concludes_about_its_own_data_once_it_is_declared(gates: tuple[Gate, ...], shown: str) -> None:
    own = decision(
        "graph_core",
        gates=gates,
        authority=SpeaksFor.HOUSE,
        license_concluded="LicenseRef-ours",
        verified_at=None,
        evidence_grade=EvidenceGrade.E,
    )
    assert f"| metadata | {shown} |" in render([own])


HOSTILE = "x\n\n# Owned\n| a | b |\n[click](javascript:alert(1)) <img src=x onerror=alert(1)> `@root` \x1b[2J\u202e"


def test_hostile_strings_in_every_field_are_inert() -> None:
    source = Source(
        id="graph_core",
        layer=Layer.METADATA,
        name=HOSTILE,
        risks=(HOSTILE,),
        checks=(RequiredCheck(check=HOSTILE, owner=Owner.LEGAL),),
        identifiers=(HOSTILE,),
        owner=HOSTILE,
    )
    catalog = Catalog(
        (Provider(provider=HOSTILE, datasets=(Dataset(id=HOSTILE, name=HOSTILE, sources=(source,)),)),), "0" * 64
    )
    proof = EvidenceItem(HOSTILE, None, HOSTILE, HOSTILE, EvidenceGrade.B, SpeaksFor.PUBLISHER, HOSTILE, HOSTILE)
    decided = decision(
        "graph_core",
        license_concluded=HOSTILE,
        gates=(Gate(HOSTILE, GateKind.BLOCKING, Tier.BLOCKED, HOSTILE, HOSTILE, Owner.LEGAL),),
        tier=Tier.BLOCKED,
        evidence=(proof,),
        contradictions=(Contradiction(None, HOSTILE, HOSTILE, HOSTILE),),
        notes=(HOSTILE,),
        reasons=(HOSTILE,),
        decided_by=HOSTILE,
        phase=HOSTILE,
    )
    moved = change(
        url=HOSTILE,
        change=Change(
            ChangeClass.MATERIAL,
            licenses_before=(HOSTILE,),
            licenses_after=(HOSTILE,),
            quote_before=HOSTILE,
            quote_after=HOSTILE,
            reason=HOSTILE,
        ),
    )
    document = render(
        [decided],
        catalog=catalog,
        facts=[fact(value=HOSTILE, url=HOSTILE)],
        changes=[moved],
        problems={HOSTILE: HOSTILE},
    )
    lines = document.splitlines()
    assert not [line for line in lines if line.lstrip("#>-| ").startswith("Owned")]
    outside_code = "".join(part for line in lines for part in line.split("`")[::2])
    assert "<img" not in outside_code
    assert "](javascript" not in outside_code.replace(r"\](javascript", "")
    assert not any(ord(char) < 32 for line in lines for char in line)
    assert "\u202e" not in document
    assert {line.count("|") - line.count(r"\|") for line in lines if line.startswith("| [")} <= {4, 5, 6, 7, 8, 12}


def test_out_is_a_folder_or_a_file(tmp_path: Path) -> None:
    assert assessment_path(tmp_path) == tmp_path / FILE_NAME
    assert assessment_path(tmp_path / "viability.md") == tmp_path / "viability.md"
    (tmp_path / "odd.md").mkdir()
    assert assessment_path(tmp_path / "odd.md") == tmp_path / "odd.md" / FILE_NAME


def test_rows_hold_the_whole_house() -> None:
    assert {source.id for _, _, source in CATALOG.sources} == {d.source_id for d in decisions()}


def test_the_first_screen_counts_by_tier_and_names_what_each_application_may_use() -> None:
    first = sections(render())["## Decision summary"]
    assert "| **production_approved** | 1 | 1 | 0 | 0 |" in first
    assert "| metadata_graph | [`graph_core`](#graph_core) |" in first


def _table(document: str) -> list[str]:
    return sections(document)["## Every source"].splitlines()

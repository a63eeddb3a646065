"""What readers ask of the assessment: approvals with all that goes with them, counts that agree, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from assessment_rows import (
    CATALOG,
    NEEDS_ATTRIBUTION,
    NOT_LOOKED_AT,
    POLICY,
    change,
    decision,
    decisions,
    render,
    sections,
)

from domain.catalog import Catalog, Derivation, DriftNote, Hosting, OpenQuestion, Privacy, RequiredCheck, Source
from domain.deciding import EvidenceItem, Gate
from domain.history import TierStep
from domain.reading import Contradiction
from domain.rights import Right, Rights
from domain.vocabulary import (
    Action,
    Availability,
    DerivationFlow,
    Duty,
    EvidenceGrade,
    GateKind,
    Owner,
    PersonalData,
    Purpose,
    RightValue,
    SpeaksFor,
    Tier,
)
from reports.assessment import assessment_parts
from reports.disputes import disputes

HELD = Gate("upstream_joins", GateKind.BLOCKING, Tier.RESEARCH_ONLY, "Joined.", "Clear it.", Owner.LEGAL)
DECLARE = replace(NOT_LOOKED_AT, owner=Owner.PRODUCT, closes="the owner declares the data the house's own")


def with_source(source_id: str, **fields: object) -> Catalog:
    """The small house's catalog with one source changed."""

    def changed(source: Source) -> Source:
        return replace(source, **fields) if source.id == source_id else source

    providers = tuple(
        replace(
            provider,
            datasets=tuple(replace(d, sources=tuple(map(changed, d.sources))) for d in provider.datasets),
        )
        for provider in CATALOG.providers
    )
    return Catalog(providers, CATALOG.sha256)


def first_screen(document: str) -> str:
    return sections(document)["## Decision summary"]


def test_an_approval_shows_its_conditions_checks_and_open_questions() -> None:
    document = render()
    assert (
        "**In production today**: [`graph_core`](#graph_core) (approved, with 1 condition, 1 check, "
        "[`1 open question`](#in-production-now))." in first_screen(document)
    )
    listed = sections(document)["### In production now"]
    assert "  - Condition [`privacy_assessment`](#gate-privacy_assessment) (legal): Pseudonymize" in listed
    assert "  - Check before use (legal): confirm the CC0 scope" in listed
    assert "  - Open question (legal): Who signs? Blocks: the first training run" in listed
    assert "no gate: nothing" in listed


def test_only_what_a_look_alone_approves_stands_under_looks() -> None:
    joined = Derivation(upstream="graph_tags", flow=DerivationFlow.JOINS, note="joined")
    seen_first = decision("graph_tags", tier=Tier.RESEARCH_ONLY, gates=(NOT_LOOKED_AT,))
    by_upstream = decision("sounds_audio", tier=Tier.RESEARCH_ONLY, gates=(HELD,))
    own = decision("lab_only", tier=Tier.RESEARCH_ONLY, gates=(DECLARE,))
    first = first_screen(
        render(
            [decisions()[0], seen_first, by_upstream, own], catalog=with_source("sounds_audio", derivation=(joined,))
        )
    )
    assert "**After a look at their own pages, without any other act**: [`graph_tags`](#graph_tags)." in first
    assert "[`sounds_audio`](#sounds_audio) after [`graph_tags`](#graph_tags)." in first
    assert "**After the owner has declared it the house's own**: [`lab_only`](#lab_only)." in first


def test_the_first_screen_and_the_acts_count_alike() -> None:
    counsel = Gate("production_requires_review", GateKind.BLOCKING, Tier.RESEARCH_ONLY, "why", "review", Owner.LEGAL)
    held = [
        replace(d, tier=Tier.RESEARCH_ONLY, tier_if_verified=Tier.RESEARCH_ONLY, gates=(counsel,)) for d in decisions()
    ]
    document = render(held)
    gate = "[`production_requires_review`](#gate-production_requires_review)"
    assert f"| {gate} | 4 | 3 by 3 acts | 0 | legal |" in first_screen(document)
    assert f"| review | {gate} | legal | 3 acts | 3 | 0 | 9 |" in sections(document)["### What unlocks most"]


def test_what_a_missing_path_costs_is_said_to_be_unknown() -> None:
    unlocking = sections(render())["### What unlocks most"]
    assert "- [`needs_attribution`](#gate-needs_attribution): what the act itself costs is not estimated." in unlocking


def test_a_source_that_an_act_raises_beyond_its_look_says_which() -> None:
    section = sections(render())["### `sounds_audio`"]
    assert (
        "- Tier if verified: **research_only**; production_approved after a look and closing "
        "[`needs_attribution`](#gate-needs_attribution)" in section
    )
    assert (
        "- Classification: **production-commercial**, by the terms alone; the tier is lower because of "
        "[`not_looked_at`](#gate-not_looked_at), [`needs_attribution`](#gate-needs_attribution)" in section
    )


def torn(*contradictions: Contradiction, rights: Rights | None = None) -> object:
    return replace(decisions()[0], contradictions=contradictions, rights=rights or decisions()[0].rights)


def test_two_statements_are_one_row_however_many_rights_and_reasons() -> None:
    pair = ("permitted: “for all” (https://a.example/x)", "prohibited: “not for sale” (https://a.example/y)")
    found = disputes(
        torn(
            Contradiction(Action.COMMERCIAL_USE, *pair, "one page says so."),
            Contradiction(Action.DERIVE, *pair, "another says so."),
        )
    )
    (one,) = found
    assert one.about == "commercial_use, derive (permitted or prohibited)"
    assert one.why == "one page says so; another says so"


def test_sides_that_read_alike_are_no_row_unless_a_purpose_differs() -> None:
    alike = Contradiction(Action.DERIVE, "permitted: “a”", "permitted: “b”", "They differ.")
    real = Contradiction(Action.DERIVE, "permitted: “c”", "prohibited: “d”", "They differ.")
    assert [item.wider.words for item in disputes(torn(alike, real))] == ["c"]
    limited = replace(decisions()[0].rights, derive=Right(RightValue.PERMITTED, purpose=Purpose.NON_COMMERCIAL))
    (first, _) = disputes(torn(alike, real, rights=limited))
    assert first.about == "derive (permitted, left: purpose non_commercial)"


@pytest.mark.parametrize("nothing", ["NOASSERTION", "silent", "silent (https://a.example/x)"])
def test_what_nobody_said_is_never_shown_as_a_quote(nothing: str) -> None:
    table = sections(render([torn(Contradiction(Action.DERIVE, "permitted: “c”", nothing, "why"))]))
    assert "“c”" in table["## Contradictions"]
    assert f"“{nothing.split(' (', maxsplit=1)[0]}”" not in table["## Contradictions"]
    assert "no words quoted" in table["## Contradictions"]


def test_a_license_that_was_concluded_is_no_quote() -> None:
    table = sections(render([torn(Contradiction(None, "CC-BY-4.0", "“for research”", "why"))]))["## Contradictions"]
    assert "| license `CC-BY-4.0` | “for research” |" in table


def test_a_letter_names_the_publisher_and_both_statements() -> None:
    document = render(
        [torn(Contradiction(None, "public domain", "ask us first", "They differ."))],
        catalog=with_source("graph_core"),
    )
    letter = sections(document)["### Letters to publishers"]
    assert "- [`graph_core`](#graph_core), to Graph House, no contact page in the catalog" in letter
    assert '> "public domain"' in letter
    assert '> "ask us first"' in letter


def at_day(day: datetime | None, catalog: Catalog = CATALOG) -> dict[str, str]:
    return sections(
        "".join(
            assessment_parts(
                catalog=catalog,
                decisions=decisions(),
                policy=POLICY,
                facts=(),
                changes=(),
                problems_of_looking={},
                pages_looked_at=3,
                pages_total=3,
                at=day,
            )
        )
    )


def test_an_answer_about_a_past_day_marks_what_was_recorded_later() -> None:
    later = DriftNote(when="2025-03", what="The form changed.")
    earlier = DriftNote(when="2022-01-01", what="The page moved.")
    catalog = with_source("sounds_audio", drift=(later, earlier))
    past = at_day(datetime(2023, 6, 1, tzinfo=UTC), catalog)["### `sounds_audio`"]
    assert "words seen 2026-03-29 (recorded later than this day)" in past
    assert "The page moved." in past
    assert "The form changed." not in past
    today = at_day(datetime(2026, 6, 1, tzinfo=UTC), catalog)["### `sounds_audio`"]
    assert "recorded later" not in today
    assert "The form changed." in today


def test_the_days_come_from_rows() -> None:
    first = TierStep(
        source_id="graph_core",
        at=datetime(2023, 5, 21, tzinfo=UTC),
        before=None,
        after=Tier.PRODUCTION_APPROVED,
        cause="publisher",
    )
    fields = {"catalog": CATALOG, "decisions": decisions(), "policy": POLICY, "facts": (), "changes": [change()]}
    looked = "".join(
        assessment_parts(**fields, problems_of_looking={}, pages_looked_at=3, pages_total=3, tier_steps=[first])
    )
    assert "- **Speaks of**: 2023-05-21, the newest day on record;" in looked
    assert "- **Changes count since** 2023-05-21" in looked
    assert "the first ([`graph_core`](#graph_core)) may lapse from 2023-11-16." in looked
    unseen = "".join(
        assessment_parts(**fields, problems_of_looking={}, pages_looked_at=0, pages_total=3, tier_steps=[first])
    )
    assert "2023-05-21" not in unseen, "who has looked at nothing has only the day of running"


def test_the_same_question_about_two_sources_is_asked_once_and_idle_ones_are_folded() -> None:
    asked = OpenQuestion(question="Are weights data?", owner=Owner.PRODUCT, blocks="the encoder")
    idle = OpenQuestion(question="Any interest?", owner=Owner.PRODUCT, blocks="nothing today")
    catalog = with_source("graph_core", questions=(asked, idle))
    catalog = Catalog(
        tuple(
            replace(
                p,
                datasets=tuple(
                    replace(
                        d,
                        sources=tuple(replace(s, questions=(asked,)) if s.id == "graph_tags" else s for s in d.sources),
                    )
                    for d in p.datasets
                ),
            )
            for p in catalog.providers
        ),
        catalog.sha256,
    )
    product = sections(render(catalog=catalog))["### For Product"]
    assert product.count("Are weights data?") == 1
    assert "([`graph_core`](#graph_core), [`graph_tags`](#graph_tags)) It is approved today." in product
    assert (
        product.index("Are weights data?") < product.index("<summary>Which</summary>") < product.index("Any interest?")
    )


def test_a_phase_keeps_what_only_serves_research_apart_and_says_what_comes_first() -> None:
    made_from = Derivation(upstream="graph_tags", flow=DerivationFlow.COMPUTED_FROM, note="aggregated")
    phase = sections(render(catalog=with_source("graph_core", derivation=(made_from,))))["### Phase 0: identity"]
    fit, research = phase.split("| Research only, even if verified |")
    assert "graph_core" in fit
    assert "needs [`graph_tags`](#graph_tags) first |" in fit
    assert "| [`graph_tags`](#graph_tags) | research_only |" in research


def test_what_is_gone_and_who_is_in_it_stands_in_one_place() -> None:
    catalog = with_source(
        "lab_only",
        availability=Hosting(status=Availability.WITHDRAWN),
        privacy=Privacy(personal_data=PersonalData.PSEUDONYMOUS),
    )
    document = sections(render(catalog=catalog))
    assert "- **withdrawn" in document["### Availability"]
    assert "[`lab_only`](#lab_only)" in document["### Availability"]
    assert "- **pseudonymous" in document["### Personal data"]


def test_share_alike_sources_stand_together_with_their_license() -> None:
    shared = [
        replace(d, duties=(Duty.ATTRIBUTION, Duty.SHARE_ALIKE)) if d.source_id == "graph_tags" else d
        for d in decisions()
    ]
    document = sections(render(shared))
    assert (
        "- **CC-BY-4.0**, share_alike, 1 source: [`graph_tags`](#graph_tags) (research_only)"
        in document["### Share-alike and copyleft"]
    )
    assert "- attribution (2 sources): credit the publisher" in document["### What a credit must hold"]


def test_the_parts_of_an_effort_add_up() -> None:
    section = sections(render())["### `graph_core`"]
    assert "- Person-days: 1.5 / 3 / 6" in section
    assert "- ingestion: 1 / 2 / 4, from `dump` (1 / 2 / 4: 7 GB in 3 files)" in section
    assert "- normalization: 0.5 / 1 / 2, from `ids` (0.5 / 1 / 2: MBID is native)" in section


def test_long_lists_are_folded_and_no_line_is_a_page() -> None:
    many = tuple(
        Source(id=f"copy_{number:03}", layer=CATALOG.sources[0][2].layer, identifiers=("MBID",)) for number in range(90)
    )
    provider = replace(CATALOG.providers[0], datasets=(replace(CATALOG.providers[0].datasets[0], sources=many),))
    decided = [
        decision(source.id, tier=Tier.RESEARCH_ONLY, tier_if_verified=Tier.RESEARCH_ONLY, gates=(NEEDS_ATTRIBUTION,))
        for source in many
    ]
    document = render(decided, catalog=Catalog((provider,), "0" * 64))
    assert max(map(len, document.splitlines())) <= 1000
    assert sections(document)["### Ids that join"].count("copy_") == 2 * len(many)


def test_names_in_backticks_are_code_and_hostile_ones_stay_inert() -> None:
    told = replace(NEEDS_ATTRIBUTION, closes="run `clearance run`, not `@root` or `](javascript:x)`")
    document = render([replace(d, gates=(told,)) if d.source_id == "graph_tags" else d for d in decisions()])
    assert "run `clearance run`, not" in document
    assert "`@root`" not in document
    assert "](javascript" not in document.replace(r"\](javascript", "")


def test_a_check_of_an_approved_source_stands_with_its_owner() -> None:
    catalog = with_source("graph_core", checks=(RequiredCheck(check="drop importers", owner=Owner.ENGINEERING),))
    assert "- drop importers ([`graph_core`](#graph_core))" in sections(render(catalog=catalog))["### For Engineering"]


def test_a_grade_without_words_says_so() -> None:
    bare = decision("graph_core", evidence=(), evidence_grade=EvidenceGrade.D, first_seen=None, verified_at=None)
    assert "- Evidence: grade D, publisher, never looked at; no words are quoted" in render([bare])
    dated = EvidenceItem(None, date(2026, 1, 1), None, "free", EvidenceGrade.D, SpeaksFor.PUBLISHER)
    assert "no words are quoted" not in render([replace(bare, evidence=(dated,))])


def test_an_identifier_of_one_source_joins_nothing_and_says_so() -> None:
    joining = sections(render(catalog=with_source("graph_core", identifiers=("ISWC",))))["### Ids that join"]
    assert "- listed by one source only, so joining nothing yet: ISWC ([`graph_core`](#graph_core))" in joining

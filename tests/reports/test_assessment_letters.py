"""A letter to a publisher shows two statements with their pages, or says why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from assessment_rows import CATALOG, SHA, decision, render, sections

from domain.deciding import Decision, EvidenceItem
from domain.reading import Contradiction
from domain.vocabulary import EvidenceGrade, SpeaksFor
from reports.question import draft_question

SOURCE = next(source for _, _, source in CATALOG.sources if source.id == "graph_core")
ASKED = "Are the weights covered under the MIT license?"
LETTERS = "### Letters to publishers"


def said(quote: str, url: str, *, looked_at: bool = False, license_id: str | None = None) -> EvidenceItem:
    sha256 = SHA if looked_at else None
    return EvidenceItem(url, date(2024, 1, 1), sha256, quote, EvidenceGrade.D, SpeaksFor.PUBLISHER, license=license_id)


ISSUE = said(ASKED, "https://issues.example.org/49")
HUB = said("License: mit", "https://hub.example.org", license_id="MIT")


def disputed(wider: str, narrower: str, *evidence: EvidenceItem) -> Decision:
    two = Contradiction(None, wider, narrower, "The grant speaks of code only.")
    return decision("graph_core", contradictions=(two,), evidence=evidence)


def test_a_license_is_cited_at_the_page_that_states_it_and_not_where_somebody_asks_about_it() -> None:
    mail = draft_question(SOURCE, disputed("MIT", ASKED, ISSUE, HUB))
    assert "   the license MIT\n   https://hub.example.org\n" in mail
    assert f'   "{ASKED}"\n   https://issues.example.org/49\n' in mail


def test_words_are_cited_at_the_page_quoted_with_just_these() -> None:
    longer = said("It is free for everyone, they said.", "https://blog.example.org")
    exact = said("free for everyone", "https://form.example.org")
    mail = draft_question(SOURCE, disputed("free for everyone", ASKED, longer, exact, ISSUE))
    assert '   "free for everyone"\n   https://form.example.org\n' in mail


def test_pages_count_as_read_only_where_they_were_looked_at() -> None:
    unseen = draft_question(SOURCE, disputed("MIT", ASKED, ISSUE, HUB))
    assert "The pages we know of:\n- https://hub.example.org" in unseen
    assert "read" not in unseen
    seen = said("License: mit", "https://hub.example.org", looked_at=True, license_id="MIT")
    mixed = draft_question(SOURCE, disputed("MIT", ASKED, ISSUE, seen))
    assert "The pages we read:\n- https://hub.example.org" in mixed
    assert "The pages we know of:\n- https://issues.example.org/49" in mixed


def test_a_page_recorded_after_the_day_asked_about_is_marked() -> None:
    asked = disputed("MIT", ASKED, ISSUE, HUB)
    past = draft_question(SOURCE, asked, datetime(2023, 5, 20, tzinfo=UTC))
    assert "- https://hub.example.org (seen 2024-01-01, recorded later than this day)\n" in past
    assert "recorded later" not in draft_question(SOURCE, asked, datetime(2024, 1, 1, tzinfo=UTC))


def test_no_letter_is_drafted_where_a_side_has_no_words() -> None:
    wordless = disputed("", ASKED, ISSUE)
    assert draft_question(SOURCE, wordless).startswith(
        "No question about Graph_Core is drafted: wider statement: no words"
    )
    told = sections(render([wordless]))[LETTERS]
    assert "- [`graph_core`](#graph_core): wider statement: no words of it are quoted\n" in told
    assert "<summary>Letter</summary>" not in told


def test_a_license_that_stands_on_no_page_is_not_put_before_the_publisher() -> None:
    told = sections(render([disputed("Apache-2.0", ASKED, ISSUE)]))[LETTERS]
    assert "its license Apache-2.0 is a conclusion that stands on no page we know" in told


def test_pairs_that_lack_words_are_left_out_of_a_letter_that_shows_another() -> None:
    whole = disputed("MIT", ASKED, ISSUE, HUB)
    more = Contradiction(None, "", "academic use only", "The form says so.")
    mail = draft_question(SOURCE, replace(whole, contradictions=(*whole.contradictions, more)))
    assert "1. Two statements" in mail
    assert "2. Two statements" not in mail

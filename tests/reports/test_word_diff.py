"""Differences in words, for terminals, Markdown and pages; hostile words stay words."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.history import ChangeRecord
from domain.reading import Change, RightChange
from domain.vocabulary import Action, ChangeClass, Direction
from reports.word_diff import diff_html, diff_json, diff_markdown, diff_text, passages

BEFORE = "The songs are listed by hand. You may use the data for any purpose. Thank you."
AFTER = "The songs are  listed by hand. You may use the data for research only. Thank you."


def record(url: str = "https://example.org/terms") -> ChangeRecord:
    right = RightChange(Action.COMMERCIAL_USE, "permitted", "prohibited", Direction.TIGHTENED, "any", "research")
    return ChangeRecord(
        change_id="c",
        run_id="r",
        source_id="songs",
        page_id="p",
        watch_id="w",
        url=url,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        change=Change(ChangeClass.MATERIAL, Direction.TIGHTENED, rights_changed=(right,)),
        confirmed=True,
        alert=True,
        determination_before=None,
        determination_after=None,
        version_before="1",
        version_after="2",
    )


def test_only_the_sentence_that_differs_is_a_passage() -> None:
    [passage] = passages(BEFORE, AFTER)
    assert passage.before == "You may use the data for any purpose."
    assert passage.after == "You may use the data for research only."


def test_the_terminal_shows_words_that_went_and_came() -> None:
    text = diff_text(record(), BEFORE, AFTER)
    assert "You may use the data for [-any purpose.-] {+research only.+}" in text
    assert "- commercial_use: permitted became prohibited" in text


def test_markdown_strikes_out_and_sets_in_bold() -> None:
    text = diff_markdown(record(), BEFORE, AFTER)
    assert "> You may use the data for ~~any purpose.~~ **research only.**" in text


def test_a_page_marks_with_del_and_ins_and_runs_nothing() -> None:
    page = diff_html(record("https://example.org/<script>"), BEFORE, AFTER + " <script>alert(1)</script>")
    assert "<del>any purpose.</del> <ins>research only.</ins>" in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_hostile_words_are_inert_in_every_form() -> None:
    hostile = "\x1b[31mred\x1b[0m [click](javascript:alert(1)) **bold**"
    assert "\x1b" not in diff_text(record(), BEFORE, hostile)
    assert "[click](" not in diff_markdown(record(), BEFORE, hostile)
    assert diff_json(BEFORE, BEFORE) == []

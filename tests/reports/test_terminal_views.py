"""What the command line shows, and the mail to a publisher."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from assessment_rows import CATALOG, CC0, LOOKED, change, decision, decisions
from rich.console import Console, RenderableType

from domain.deciding import EvidenceItem
from domain.history import RunSummary
from domain.reading import Change
from domain.vocabulary import ChangeClass, EvidenceGrade, SpeaksFor
from reports.question import draft_question
from reports.status_table import status_table
from reports.terminal import drift_table, run_text, source_why

HOSTILE = "\x1b[2J[bold red]x[/bold red]\x07\u202e"
SOURCES = {source.id: source for _, _, source in CATALOG.sources}


def shown(renderable: RenderableType) -> str:
    stream = io.StringIO()
    Console(file=stream, width=240, color_system=None).print(renderable)
    return stream.getvalue()


def test_status_has_a_row_a_source_with_the_closing_act() -> None:
    lines = [line.split() for line in status_table(decisions(), 240, color=False).splitlines()]
    assert [line[0] for line in lines] == ["source", "graph_core", "graph_tags", "lab_only", "sounds_audio"]
    assert lines[4][1:5] == ["[CC-BY-4.0]", "research_only", "research_only", "A"]
    assert "never" in lines[4]


def test_status_keeps_to_its_width_and_loses_no_word() -> None:
    table = status_table(decisions(), 90, color=False)
    assert max(map(len, table.splitlines())) <= 90
    wide = status_table(decisions(), 400, color=False)
    assert sorted("".join(table.split())) == sorted("".join(wide.split()))


def test_status_colors_tiers_for_terminals() -> None:
    colored = status_table(decisions(), 240, color=True)
    assert "\x1b[32mproduction_approved\x1b[0m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == status_table(decisions(), 240, color=False)


def test_drift_shows_before_and_after() -> None:
    row = shown(drift_table([change()])).splitlines()[1]
    for part in ("2023-05-20 01:34 UTC", "tightened, relicensed", "CC0-1.0", "CC-BY-NC-4.0", "yes", "non-commercial"):
        assert part in row


def test_why_shows_reasons_gates_rights_and_quotes() -> None:
    text = shown(source_why(SOURCES["graph_core"], decisions()[0]))
    for part in (
        "graph_core: production_approved",
        "- CC0 permits everything, for any purpose.",
        "privacy_assessment",
        "train_model",
        '- "The core data is in the public domain (CC0)."',
        "sha256 0123456789abcdef",
    ):
        assert part in text


def test_terminal_escapes_and_markup_are_inert() -> None:
    proof = EvidenceItem(HOSTILE, None, None, HOSTILE, EvidenceGrade.D, SpeaksFor.PUBLISHER, HOSTILE)
    hostile = replace(decisions()[0], license_concluded=HOSTILE, reasons=(HOSTILE,), evidence=(proof,))
    moved = change(change=Change(ChangeClass.MATERIAL, licenses_after=(HOSTILE,), quote_after=HOSTILE))
    text = shown(source_why(SOURCES["graph_core"], hostile)) + status_table([hostile], 240, color=False)
    text += shown(drift_table([moved])) + run_text(summary(why=HOSTILE, problems=(HOSTILE,)))
    assert "[bold red]x[/bold red]" in text
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


def summary(**changed: object) -> RunSummary:
    fields: dict[str, object] = {
        "run_id": "run-7",
        "finished_at": LOOKED,
        "pages": 3,
        "outcomes": {"snapshot": 2, "unreachable": 1},
        "changes": {"material": 1, "none": 0},
        "alerts": 1,
        "assessment": "regenerated",
        "why": "1 material change",
        "seconds": {"fetch": 1.25, "total": 2.0},
    }
    return RunSummary(**{**fields, **changed})


def test_a_run_in_a_few_lines() -> None:
    assert run_text(summary()).splitlines() == [
        "run run-7: 3 pages, 2 snapshot, 1 unreachable",
        "changes: 1 material; alerts: 1",
        "assessment regenerated: 1 material change",
        "seconds: fetch 1.2, total 2.0",
    ]


def test_the_question_names_both_statements_with_their_pages() -> None:
    pages = [
        ("free for everyone", "https://lab.example.org/readme"),
        ("academic use only", "https://lab.example.org/form"),
    ]
    evidence = tuple(
        EvidenceItem(url, LOOKED, None, f"It is {quote}.", EvidenceGrade.B, SpeaksFor.PUBLISHER) for quote, url in pages
    )
    mail = draft_question(SOURCES["lab_only"], replace(decisions()[3], evidence=evidence, rights=CC0))
    assert mail.startswith("Subject: Terms of use of Lab_Only\n")
    for quote, url in pages:
        assert f'   "{quote}"\n   {url}\n' in mail
    assert "Which of these statements holds?" in mail
    assert "We found no statement" not in mail


def test_the_question_asks_about_silence() -> None:
    mail = draft_question(SOURCES["lab_only"], replace(decisions()[3], contradictions=()))
    assert "- use the data in a commercial product\n" in mail
    assert "train machine learning models" not in mail, "the terms speak of training"


def test_nothing_to_ask() -> None:
    assert draft_question(SOURCES["graph_core"], decision("graph_core")).startswith("There is nothing to ask")

"""Terms published as a PDF: watched like any page, imported like any file, and quiet when only the file is new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback_web import OPEN, Web, loopback_web, smallest_settings
from pdf_making import paragraphs, pdf

from domain.deciding import Decision
from domain.vocabulary import EvidenceGrade, Tier
from flows.import_evidence import Import, Imported, import_evidence
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
PRODUCTION, RESEARCH, BLOCKED = Tier
TITLE = "Tiny Tunes lists four hundred short songs with title, year and composer."
FREE = pdf(paragraphs(TITLE, "The dataset is dedicated to the public\nunder CC0 1.0."))
NARROW = pdf(paragraphs(TITLE, "The dataset is licensed under CC BY-NC\n4.0."))
SCAN = pdf("q 600 0 0 780 0 0 cm /Im0 Do Q")


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages["/p/1"] = FREE
        yield running


@pytest.fixture
def settings(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSettings:
    monkeypatch.delenv("CLEARANCE_ALERT_URLS", raising=False)
    return smallest_settings(tmp_path, web)


def run(settings: RunSettings) -> Decision:
    run_pipeline(Run.begin(settings))
    return decided(settings)


def decided(settings: RunSettings) -> Decision:
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.verify().holes == ()
        return reader.decisions()["tiny_1"]


def changes(settings: RunSettings) -> list[str]:
    with Reader.open(Path(settings.warehouse)) as reader:
        return [str(kind) for (kind,) in reader.query("SELECT kind FROM changes ORDER BY changed_at")[1]]


def saved(web: Web, settings: RunSettings, body: bytes, tmp_path: Path) -> Imported:
    (tmp_path / "terms.pdf").write_bytes(body)
    handed_in = Import(file=tmp_path / "terms.pdf", url=f"{web.base}/p/1", at=datetime.now(UTC), by="A. Person")
    return import_evidence(settings, handed_in)


def test_a_pdf_that_is_watched_decides_like_any_page(web: Web, settings: RunSettings) -> None:
    looked = run(settings)
    assert (looked.tier, looked.license_concluded) == (PRODUCTION, "CC0-1.0")
    web.pages["/p/1"] = NARROW
    assert (run(settings).tier, changes(settings)[-1]) == (RESEARCH, "material")


def test_a_pdf_made_anew_with_the_same_words_is_no_change(web: Web, settings: RunSettings) -> None:
    run(settings)
    before = changes(settings)
    web.pages["/p/1"] = FREE.replace(b"/Producer (a)", b"/Producer (z)")
    assert run(settings).tier is PRODUCTION
    assert changes(settings) == before


def test_a_scan_approves_nothing_and_never_replaces_what_was_read(web: Web, settings: RunSettings) -> None:
    web.pages["/p/1"] = SCAN
    assert run(settings).tier is BLOCKED
    web.pages["/p/1"] = FREE
    assert run(settings).tier is PRODUCTION
    web.pages["/p/1"] = SCAN
    assert (run(settings).license_concluded, changes(settings)) == ("CC0-1.0", ["first"])


def test_an_imported_pdf_is_read_and_is_evidence_of_grade_e(web: Web, settings: RunSettings, tmp_path: Path) -> None:
    web.pages["/p/1"] = 500
    run(settings)
    imported = saved(web, settings, NARROW, tmp_path)
    decision = decided(settings)
    assert imported.unread == ""
    assert (decision.license_concluded, decision.evidence_grade) == ("CC-BY-NC-4.0", EvidenceGrade.E)


def test_an_imported_pdf_narrows_at_once(web: Web, settings: RunSettings, tmp_path: Path) -> None:
    web.pages["/p/1"] = OPEN
    run(settings)
    saved(web, settings, NARROW, tmp_path)
    assert decided(settings).tier is RESEARCH


def test_an_imported_scan_is_kept_and_says_why_it_is_not_read(web: Web, settings: RunSettings, tmp_path: Path) -> None:
    run(settings)
    imported = saved(web, settings, SCAN, tmp_path)
    assert imported.unread.startswith("not read: a scan: page 1 of the PDF is a picture; only a quote")
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.body(imported.sha256) == SCAN

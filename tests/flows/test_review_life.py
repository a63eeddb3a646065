"""The life of a review, of an agreement and of an imported file, each step visible in the history of tiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Web, loopback_web, smallest_settings

from catalog import save_review
from domain.deciding import Decision, Review, quote_digest
from domain.errors import InvalidInput
from domain.probing import Look, Snapshot
from domain.vocabulary import EvidenceGrade, Origin, Outcome, SpeaksFor, Tier
from flows.answer_gate import GateAnswer, gate_answers
from flows.assess_stored import decide_stored
from flows.import_evidence import Import, import_evidence
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader
from warehouse.store import Warehouse

ROOT = Path(__file__).parents[2]
PRODUCTION, RESEARCH, BLOCKED = Tier
SENTENCE = "You may copy, adapt and train models on the dataset for any purpose, including commercial use."
CUSTOM = OPEN.replace(
    "The dataset is licensed under <a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>.", SENTENCE
)
REWORDED = CUSTOM.replace("You may copy,", "Everybody may copy,")


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages["/p/1"] = OPEN
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


def history(settings: RunSettings) -> list[tuple[object, ...]]:
    with Reader.open(Path(settings.warehouse)) as reader:
        return reader.query("SELECT tier_before, tier, cause FROM tier_history ORDER BY decided_at")[1]


def file_review(settings: RunSettings, *closes: str, quote: str | None = SENTENCE, role: str = "counsel") -> None:
    review = Review(
        source_id="tiny_1",
        role=role,
        by="A. Lawyer",
        reason="The sentence grants what we do.",
        made_on=datetime.now(UTC).date(),
        closes=closes,
        quote=quote,
        quote_sha256=None if quote is None else quote_digest(quote),
    )
    save_review(Path(settings.catalog), review)


def gates(decision: Decision) -> set[str]:
    return {gate.gate for gate in decision.gates}


def test_a_review_restores_a_tier_and_falls_with_the_sentence_it_rests_on(web: Web, settings: RunSettings) -> None:
    assert run(settings).tier is PRODUCTION
    web.pages["/p/1"] = CUSTOM
    changed = run(settings)
    assert (changed.tier, gates(changed)) == (RESEARCH, {"production_requires_review"})
    file_review(settings, "production_requires_review")
    decide_stored(settings)
    restored = decided(settings)
    assert (restored.tier, restored.decided_by) == (PRODUCTION, "review: counsel")
    assert any(item.rule.startswith("review by counsel") for item in restored.evidence)
    web.pages["/p/1"] = REWORDED
    suspended = run(settings)
    assert (suspended.tier, suspended.decided_by) == (RESEARCH, "machine")
    assert any("is suspended" in reason for reason in suspended.reasons)
    assert history(settings) == [
        (None, "production_approved", "first"),
        ("production_approved", "research_only", "publisher"),
        ("research_only", "production_approved", "review"),
        ("production_approved", "research_only", "publisher"),
    ]


def test_a_review_of_before_a_widening_does_not_cover_it(web: Web, settings: RunSettings) -> None:
    web.pages["/p/1"] = CLOSED
    run(settings)
    quote = "It lists four hundred short songs"
    file_review(settings, "widening_unreviewed", quote=quote)
    web.pages["/p/1"] = OPEN
    assert "widening_unreviewed" in gates(run(settings))
    file_review(settings, "widening_unreviewed", quote="The dataset is licensed under CC0 1.0")
    decide_stored(settings)
    assert decided(settings).tier is PRODUCTION
    assert history(settings)[-1] == ("research_only", "production_approved", "review")


def entitle(settings: RunSettings, **more: object) -> None:
    today = datetime.now(UTC).date()
    lines: dict[str, object] = {
        "source_id": "tiny_1",
        "licensor": "Tiny Tunes Ltd",
        "reference": "TT-2026-1",
        "scope": "training of recommendation models",
        "quote": '"Licensee may copy and adapt the Data and train and operate models on it commercially."',
        "rights": "{commercial_use: permitted, reproduce: permitted, derive: permitted, train_model: permitted}",
        "signed_on": today - timedelta(days=30),
        "expires": today + timedelta(days=30),
        "approved_by": "B. Owner",
        "approved_on": today - timedelta(days=20),
        "counsel": "A. Lawyer",
        "waives": "[attribution]",
        **more,
    }
    folder = Path(settings.catalog) / "entitlements"
    folder.mkdir(exist_ok=True)
    text = "\n".join(f"{key}: {value}" for key, value in lines.items() if value is not None)
    (folder / "tt.yaml").write_text(text + "\n", encoding="utf-8")


def test_an_agreement_widens_for_this_house_until_it_ends(web: Web, settings: RunSettings) -> None:
    web.pages["/p/1"] = CLOSED.replace("by-nc/4.0/'>CC BY-NC 4.0", "by-nd/4.0/'>CC BY-ND 4.0")
    assert run(settings).tier is BLOCKED
    entitle(settings)
    decide_stored(settings)
    held = decided(settings)
    assert (held.tier, held.evidence_grade, held.authority) == (PRODUCTION, EvidenceGrade.E, SpeaksFor.RIGHTS_HOLDER)
    assert held.determination.value == "prohibited-unclear"
    assert gates(held) == {"entitlement_scope"}
    assert held.valid_until is not None
    with Reader.open(Path(settings.warehouse)) as reader:
        later = held.valid_until + timedelta(days=1)
        assert reader.decisions(later)["tiny_1"].tier is BLOCKED
        [row] = reader.status_rows(later)
        assert row["tier"] == "blocked"
    entitle(settings, expires=datetime.now(UTC).date() - timedelta(days=1))
    decide_stored(settings)
    assert decided(settings).tier is BLOCKED
    assert history(settings) == [
        (None, "blocked", "first"),
        ("blocked", "production_approved", "review"),
        ("production_approved", "blocked", "review"),
    ]


def mail(text: str) -> bytes:
    return f"From: rights@example.org\nSubject: your question\nContent-Type: text/plain\n\n{text}\n".encode()


def handed_in(web: Web, file: Path, **more: object) -> Import:
    fields: dict[str, object] = {"file": file, "url": f"{web.base}/p/1", "at": datetime.now(UTC), "by": "C. Person"}
    return Import(**{**fields, **more})  # type: ignore[arg-type]


def test_an_imported_mail_stands_in_but_approves_nothing_and_a_look_takes_its_place(
    web: Web, settings: RunSettings, tmp_path: Path
) -> None:
    web.pages["/p/1"] = 500
    assert run(settings).tier is BLOCKED
    (tmp_path / "answer.eml").write_bytes(mail("The dataset is licensed under CC0 1.0."))
    imported = import_evidence(settings, handed_in(web, tmp_path / "answer.eml"))
    assert list(imported.watches.values()) == ["the first that is known of the page"]
    decision = decided(settings)
    assert (decision.tier, decision.evidence_grade) == (RESEARCH, EvidenceGrade.E)
    assert gates(decision) == {"evidence_grade"}
    assert decision.tier_if_verified is PRODUCTION
    web.pages["/p/1"] = OPEN
    looked = run(settings)
    assert (looked.tier, looked.evidence_grade) == (PRODUCTION, EvidenceGrade.B)


def test_an_imported_page_narrows_at_once_and_proves_nothing_newer(
    web: Web, settings: RunSettings, tmp_path: Path
) -> None:
    before = run(settings)
    (tmp_path / "same.html").write_text(OPEN, encoding="utf-8")
    import_evidence(settings, handed_in(web, tmp_path / "same.html"))
    assert decided(settings).verified_at == before.verified_at
    (tmp_path / "closed.html").write_text(CLOSED, encoding="utf-8")
    import_evidence(settings, handed_in(web, tmp_path / "closed.html"))
    narrowed = decided(settings)
    assert narrowed.tier is RESEARCH
    assert "change_unconfirmed" in gates(narrowed)
    assert run(settings).tier is PRODUCTION


def test_a_redistributors_mail_grants_nothing(web: Web, settings: RunSettings, tmp_path: Path) -> None:
    web.pages["/p/1"] = 500
    run(settings)
    (tmp_path / "answer.eml").write_bytes(mail("The dataset is licensed under CC0 1.0."))
    import_evidence(settings, handed_in(web, tmp_path / "answer.eml", authority=SpeaksFor.REDISTRIBUTOR))
    assert decided(settings).authority is SpeaksFor.REDISTRIBUTOR
    assert "authority" in gates(decided(settings))


def test_of_a_pdf_that_cannot_be_read_only_the_persons_quote_counts(
    web: Web, settings: RunSettings, tmp_path: Path
) -> None:
    web.pages["/p/1"] = 500
    run(settings)
    (tmp_path / "terms.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    unread = import_evidence(settings, handed_in(web, tmp_path / "terms.pdf"))
    assert "only a quote" in unread.unread
    assert decided(settings).tier is BLOCKED
    quoted = handed_in(web, tmp_path / "terms.pdf", quote="The dataset is licensed under CC BY-NC 4.0.")
    assert import_evidence(settings, quoted).unread == ""
    decision = decided(settings)
    assert (decision.license_concluded, decision.evidence_grade) == ("CC-BY-NC-4.0", EvidenceGrade.E)
    with Reader.open(Path(settings.warehouse)) as reader:
        assert reader.body(unread.sha256).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "https://example.org/nowhere"}, "no watch reads"),
        ({"at": datetime.now(UTC) + timedelta(days=1)}, "lies ahead"),
        ({"file": Path("missing.html")}, "cannot be read"),
    ],
)
def test_an_import_that_cannot_be_is_told(
    web: Web, settings: RunSettings, tmp_path: Path, change: dict[str, object], told: str
) -> None:
    (tmp_path / "page.html").write_text(OPEN, encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        import_evidence(settings, replace(handed_in(web, tmp_path / "page.html"), **change))  # type: ignore[arg-type]


def archive_copy(web: Web, text: str) -> Look:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    url = f"{web.base}/p/1"
    snapshot = Snapshot(
        url=url, final_url=url, seen_at=at, status=200, media_type="text/html", charset="utf-8", headers={},
        body=text.encode(), sha256=sha256(text.encode()).hexdigest(), origin=Origin.ARCHIVE, method="archive",
    )  # fmt: skip
    return Look(url, at, Outcome.SNAPSHOT, status=200, snapshot=snapshot)


@pytest.mark.parametrize(("copy", "grade"), [(f"<!-- saved -->{OPEN}", EvidenceGrade.A), (CLOSED, EvidenceGrade.B)])
def test_an_archives_copy_of_the_same_words_makes_the_evidence_grade_a(
    web: Web, settings: RunSettings, copy: str, grade: EvidenceGrade
) -> None:
    first = run(settings)
    assert first.evidence_grade is EvidenceGrade.B
    with Warehouse.open(Path(settings.warehouse)) as warehouse:
        last = warehouse.last_run()
        assert last is not None
        warehouse.save_looks(last.run_id, [archive_copy(web, copy)])
    decide_stored(settings)
    after = decided(settings)
    assert (after.evidence_grade, after.tier, after.verified_at) == (grade, PRODUCTION, first.verified_at)


def ask(settings: RunSettings, acquired: datetime) -> GateAnswer:
    from catalog import load_policy

    policy = load_policy(Path(settings.policy))
    [answer] = gate_answers(Path(settings.warehouse), ["tiny_1"], PRODUCTION, policy, acquired_at=acquired)
    return answer


def test_what_binds_today_is_not_undone_by_an_old_copy(web: Web, settings: RunSettings) -> None:
    file = Path(settings.catalog) / "example.yaml"
    terms = f'          - {{url: "{web.base}/p/2", role: api_terms, speaks_for: publisher}}\n'
    file.write_text(file.read_text(encoding="utf-8") + terms, encoding="utf-8")
    web.pages["/p/2"] = OPEN
    assert run(settings).tier is PRODUCTION
    acquired = datetime.now(UTC)
    web.pages["/p/1"] = CLOSED
    assert run(settings).tier is RESEARCH
    assert ask(settings, acquired).passes
    private = "        privacy: {personal_data: identifying, note: Names and private lives.}\n"
    kept = file.read_text(encoding="utf-8")
    file.write_text(kept + private, encoding="utf-8")
    decide_stored(settings)
    assert not ask(settings, acquired).passes
    file.write_text(kept, encoding="utf-8")
    web.pages["/p/2"] = CLOSED
    run(settings)
    assert not ask(settings, acquired).passes

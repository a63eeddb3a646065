"""Agreements, records of effort and sealed quotes as files: read, refused, written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog import load_effort_records, load_entitlements, load_reviews, save_effort_record, save_review
from domain.deciding import EffortRecord, Review, quote_digest
from domain.errors import InvalidInput
from domain.vocabulary import Duty, EffortPart, RightValue

TODAY = date(2026, 7, 10)
AGREEMENT = """\
source_id: tiny_tunes
licensor: Tiny Tunes Ltd
reference: TT-1
scope: training
quote: Licensee may train models.
rights: {train_model: permitted}
waives: [attribution]
signed_on: 2026-07-01
expires: 2027-07-01
approved_by: B. Owner
approved_on: 2026-07-02
"""
RECORD = EffortRecord(
    source_id="tiny_tunes",
    part=EffortPart.INGESTION,
    days=4.5,
    estimated=3.0,
    made_on=TODAY,
    by="C. Engineer",
    note="x",
)


def _agreement(folder: Path, text: str) -> Path:
    (folder / "entitlements").mkdir()
    (folder / "entitlements" / "a.yaml").write_text(text, encoding="utf-8")
    return folder


def test_an_agreement_is_read(tmp_path: Path) -> None:
    assert load_entitlements(tmp_path) == ()
    [agreement] = load_entitlements(_agreement(tmp_path, AGREEMENT), TODAY)
    assert agreement.rights.train_model.value is RightValue.PERMITTED
    assert not agreement.rights.commercial_use.speaks
    assert (agreement.waives, agreement.counsel) == ((Duty.ATTRIBUTION,), None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("expires: 2027-07-01\n", "", "the file has no 'expires'"),
        ("expires: 2027-07-01", "expires: 2026-07-01", "a.yaml:9: expires 2026-07-01 is not after signed_on"),
        ("approved_by: B. Owner\n", "", "the file has no 'approved_by'"),
        ("approved_on: 2026-07-02", "approved_on: 2026-07-11", "a.yaml:11: approved_on 2026-07-11 lies ahead"),
        ("{train_model: permitted}", "{}", "a.yaml:6: rights name no action"),
        ("{train_model: permitted}", "{train_model: contradictory}", "contradicts itself grants nothing"),
        ("quote: Licensee may train models.\n", "", "the file has no 'quote'"),
        ("scope: training\n", "scope: training\ndocument_sha256: abc\n", "document_sha256 is no SHA-256"),
    ],
)
def test_mistakes_in_an_agreement_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in AGREEMENT
    with pytest.raises(InvalidInput) as caught:
        load_entitlements(_agreement(tmp_path, AGREEMENT.replace(old, new)), TODAY)
    assert told in str(caught.value)


def test_a_record_of_effort_is_written_and_read(tmp_path: Path) -> None:
    path = save_effort_record(tmp_path, RECORD, TODAY)
    assert path == tmp_path / "effort" / "2026-07-10-tiny_tunes-ingestion.yaml"
    assert load_effort_records(tmp_path, TODAY) == (RECORD,)


@pytest.mark.parametrize("change", [{"days": 0.0}, {"estimated": -1.0}, {"made_on": date(2026, 7, 11)}, {"by": " x"}])
def test_a_record_that_means_nothing_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        save_effort_record(tmp_path, replace(RECORD, **change), TODAY)  # type: ignore[arg-type]
    assert load_effort_records(tmp_path, TODAY) == ()


def test_a_quote_that_was_mended_after_the_review_is_refused(tmp_path: Path) -> None:
    quote = "You may train models on it."
    review = Review(
        source_id="tiny_tunes", role="counsel", by="A", reason="x", made_on=TODAY, quote=quote,
        quote_sha256=quote_digest(quote),
    )  # fmt: skip
    path = save_review(tmp_path, review, TODAY)
    assert load_reviews(tmp_path, TODAY) == (review,)
    path.write_text(path.read_text(encoding="utf-8").replace("may train", "may sell"), encoding="utf-8")
    with pytest.raises(InvalidInput, match="not the sentence that was reviewed"):
        load_reviews(tmp_path, TODAY)

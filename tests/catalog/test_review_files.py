"""Reviews as files: read, refused, written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog import load_reviews, save_review
from domain.deciding import Review
from domain.errors import InvalidInput

TODAY = date(2026, 7, 10)
REVIEW = Review(
    source_id="tiny_tunes_metadata",
    role="counsel",
    by="A. Lawyer",
    reason="The sentence grants training: we asked, and they meant it.\nSecond thoughts: none.",
    made_on=date(2026, 7, 1),
    closes=("production_requires_review",),
    expires=date(2027, 7, 1),
    scope="core data",
    quote="no",
)
TEXT = """\
source_id: tiny_tunes
role: owner
by: B. Owner
reason: Ours.
made_on: 2026-07-01
"""


def test_a_catalog_without_reviews_has_none(tmp_path: Path) -> None:
    assert load_reviews(tmp_path) == ()


def test_what_is_saved_is_what_is_loaded_and_nothing_is_overwritten(tmp_path: Path) -> None:
    first = save_review(tmp_path, REVIEW, TODAY)
    second = save_review(tmp_path, REVIEW, TODAY)
    assert first == tmp_path / "reviews" / "2026-07-01-tiny_tunes_metadata.yaml"
    assert second == tmp_path / "reviews" / "2026-07-01-tiny_tunes_metadata-2.yaml"
    assert load_reviews(tmp_path, TODAY) == (REVIEW, REVIEW)


def test_a_file_may_hold_a_list(tmp_path: Path) -> None:
    (tmp_path / "reviews").mkdir()
    entry = TEXT.replace("\n", "\n  ").strip()
    (tmp_path / "reviews" / "a.yaml").write_text(f"- {entry}\n- {entry}\n")
    assert [review.source_id for review in load_reviews(tmp_path, TODAY)] == ["tiny_tunes", "tiny_tunes"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("role: owner\n", "", "a.yaml:1: the file has no 'role'. Add `role: …`"),
        ("role:", "rôle:", "a.yaml:2: unknown key 'rôle': did you mean 'role'?"),
        ("2026-07-01", "2026-07-11", "a.yaml:5: made_on 2026-07-11 lies ahead"),
        ("2026-07-01", "2026-07-01\nexpires: 2026-07-01", "a.yaml:6: expires 2026-07-01 is not after made_on"),
        ("source_id: tiny_tunes", "source_id: Tiny Tunes", "a.yaml:1: source_id 'Tiny Tunes' is no source id"),
        ("role: owner", "role: owner\ncloses: [needs-x]", "a.yaml:3: closes names 'needs-x', which is no gate"),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "a.yaml").write_text(TEXT.replace(old, new))
    with pytest.raises(InvalidInput) as caught:
        load_reviews(tmp_path, TODAY)
    assert told in str(caught.value)


def test_a_review_that_would_not_load_is_not_saved(tmp_path: Path) -> None:
    early = Review(source_id="a", role="counsel", by="A", reason="x", made_on=date(2026, 7, 11))
    blank = Review(source_id="a", role="counsel", by="A", reason=" x", made_on=date(2026, 7, 1))
    for review in (early, blank):
        with pytest.raises(InvalidInput):
            save_review(tmp_path, review, TODAY)
    assert load_reviews(tmp_path, TODAY) == ()

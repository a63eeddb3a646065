"""Filing by command: reviews, saved files and records of effort, told in one line where they are worth nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

POLICY = str(Path(__file__).parents[2] / "policy")
URL = "http://127.0.0.1:9/p/1"
CATALOG = f"""provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        watches:
          - {{url: "{URL}", role: license, speaks_for: publisher}}
"""
GRANT = "You may copy, adapt and train models on the dataset for any purpose, including commercial use."
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clearance(clearance: Command, tmp_path: Path) -> Command:
    """Run one command in a folder with a small catalog: exit code, stdout, stderr."""
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "example.yaml").write_text(CATALOG, encoding="utf-8")
    return clearance


def review(clearance: Command, *more: str) -> tuple[int, str, str]:
    by = ("--by", "A. Person", "--reason", "Read and understood.", "--policy", POLICY)
    return clearance("review", "tiny_tunes_metadata", *by, *more)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--role", "counsel", "--closes", "determination"), "no review closes determination"),
        (("--role", "counsel", "--closes", "needs_attribution"), "no review closes needs_attribution"),
        (("--role", "owner", "--closes", "share_alike_scope"), "only counsel closes share_alike_scope"),
        (("--role", "counsel", "--closes", "contradiction"), "must quote the sentence"),
        (("--role", "counsel", "--expires", "soon"), "is no day"),
    ],
)
def test_a_review_that_would_close_nothing_is_not_filed(clearance: Command, more: tuple[str, ...], told: str) -> None:
    code, _, err = review(clearance, *more)
    assert code == 2
    assert told in err.strip().splitlines()[-1]
    assert not Path("catalog/reviews").exists()


def test_a_saved_page_is_taken_in_reviewed_and_the_quote_is_checked(clearance: Command) -> None:
    Path("page.txt").write_text(
        "You may copy, adapt and train models on the dataset for any purpose, including commercial use."
    )
    at = ("--at", "2026-11-01T10:00:00Z", "--by", "C. Person", "--policy", POLICY)
    code, out, _ = clearance("import", "page.txt", "--url", URL, *at, "--json")
    answer = json.loads(out)
    assert (code, answer["grade"], answer["unread"]) == (0, "E", None)
    assert list(answer["watches"].values()) == ["the first that is known of the page"]
    closing = ("--role", "counsel", "--closes", "production_requires_review")
    code, _, err = review(clearance, *closing, "--quote", "Everything is allowed.")
    assert code == 2
    assert "no watched page" in err
    code, out, _ = review(clearance, *closing, "--quote", "You may copy, adapt and train models", "--json")
    assert (code, json.loads(out)["tier"]) == (0, "research_only")
    [row] = json.loads(clearance("status", "--json")[1])
    assert (row["evidence_grade"], row["decided_by"]) == ("E", "review: counsel")


def test_an_import_of_a_page_nobody_watches_is_refused(clearance: Command) -> None:
    Path("page.txt").write_text("Words.")
    at = ("--at", "2026-11-01", "--by", "C. Person", "--policy", POLICY)
    code, _, err = clearance("import", "page.txt", "--url", "https://example.org/other", *at)
    assert code == 2
    assert "no watch reads" in err


def test_a_record_of_effort_teaches_its_part(clearance: Command) -> None:
    spent = ("--part", "ingestion", "--days", "3", "--by", "C. Engineer")
    code, _, err = clearance("effort", "record", "tiny_tunes_metadata", *spent)
    assert code == 2
    assert "run `clearance run` first" in err
    code, out, _ = clearance("effort", "record", "tiny_tunes_metadata", *spent, "--estimated", "2", "--json")
    answer = json.loads(out)
    assert (code, answer["records"]) == (0, 1)
    assert 1 < answer["multiplier"] < 1.5
    assert answer["interval"][0] < answer["multiplier"] < answer["interval"][1]


def test_lint_tells_of_a_file_about_a_source_nobody_knows(clearance: Command) -> None:
    clearance(
        "effort", "record", "tiny_tunes_metadata", "--part", "ingestion", "--days", "3", "--by", "C", "--estimated", "2"
    )
    [record] = Path("catalog/effort").iterdir()
    record.write_text(record.read_text(encoding="utf-8").replace("tiny_tunes_metadata", "gone"), encoding="utf-8")
    code, out, _ = clearance("catalog", "lint", "--policy", POLICY)
    assert code == 1
    assert "gone: something is filed about it" in out


def test_a_gate_that_is_asked_nothing_is_a_mistake(clearance: Command) -> None:
    assert clearance("gate", "--policy", POLICY)[0] == 2
    assert clearance("gate", "x", "--rows-to", "rows.csv", "--policy", POLICY)[0] == 2

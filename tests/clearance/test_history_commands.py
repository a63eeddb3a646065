"""What the history answers: when a clause came, which words changed, which tier held, what a policy would change."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).parents[2]
POLICY = str(ROOT / "policy")
URL = "https://songs.example.org/data"
CATALOG = f"""provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        watches:
          - {{url: "{URL}", role: license, speaks_for: rights_holder}}
"""
FREE = "The dataset is licensed under the Creative Commons Zero (CC0 1.0) license."
SOLD = "The dataset is licensed under the Creative Commons Attribution-NonCommercial 4.0 license (CC BY-NC 4.0)."
SONGS = "It lists {} short songs with title, year and composer, typed in by hand from the covers of old records."
LOOKS = (
    ("2026-01-10", FREE, "four hundred"),
    ("2026-02-10", FREE, "five hundred"),
    ("2026-03-10", SOLD, "five hundred"),
    ("2026-03-12", SOLD, "five hundred"),
)
Command = Callable[..., tuple[int, str, str]]


def recording(path: Path, looks: Sequence[tuple[str, str, str]] = LOOKS) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for day, terms, songs in looks:
            body = (
                f"<html><body><main><h1>Tiny Tunes</h1><p>{terms}</p><p>{SONGS.format(songs)}</p></main></body></html>"
            )
            writer.write_record(
                writer.create_warc_record(
                    URL,
                    "response",
                    payload=io.BytesIO(body.encode()),
                    http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": f"{day}T12:00:00Z"},
                )
            )
    return path


@pytest.fixture
def clearance(clearance: Command, tmp_path: Path) -> Command:
    """Run one command in a folder with a small catalog and a recording: exit code, stdout, stderr."""
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "example.yaml").write_text(CATALOG, encoding="utf-8")
    recording(tmp_path / "songs.warc.gz")
    return clearance


@pytest.fixture
def looked(clearance: Command) -> Command:
    """After a look at each version, in its time."""
    for day, _, _ in LOOKS:
        look(clearance, day)
    return clearance


def look(clearance: Command, day: str) -> None:
    code, _, err = clearance(
        *("run", "--no-prefect", "--policy", POLICY, "--out", "out"),
        *("--replay", "songs.warc.gz", "--at", f"{day}T13:00:00Z"),
    )
    assert code == 0, err


def answer(clearance: Command, *arguments: str) -> Any:
    code, out, err = clearance(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_when_the_non_commercial_clause_appeared(looked: Command) -> None:
    first, *changes = answer(looked, "show", "tiny_tunes_metadata", "--history", "--right", "commercial_use")
    [appeared] = changes
    assert first["change"] == "first"
    assert (appeared["last_seen_without"][:10], appeared["first_seen_with"][:10]) == ("2026-02-10", "2026-03-10")
    assert (appeared["licenses_before"], appeared["licenses_after"]) == (["CC0-1.0"], ["CC-BY-NC-4.0"])
    code, out, _ = looked("show", "tiny_tunes_metadata", "--history", "--right", "commercial_use")
    assert code == 0
    assert "2026-02-10" in out
    assert "2026-03-10" in out


def test_a_replayed_recording_answers_the_same(clearance: Command) -> None:
    code, _, err = clearance(
        "replay", "songs.warc.gz", "--catalog", "catalog", "--warehouse", "w.duckdb", "--policy", POLICY
    )
    assert code == 0, err
    [_, appeared] = answer(
        clearance, "show", "tiny_tunes_metadata", "--history", "--right", "commercial_use", "--warehouse", "w.duckdb"
    )
    assert (appeared["last_seen_without"][:10], appeared["first_seen_with"][:10]) == ("2026-02-10", "2026-03-10")


def test_the_words_that_went_and_came_are_shown_for_people_and_for_pages(looked: Command) -> None:
    shown = {
        form: looked("show", "tiny_tunes_metadata", "--diff", "--format", form)[1] for form in ("markdown", "html")
    }
    terminal = looked("show", "tiny_tunes_metadata", "--diff")[1]
    for out in (terminal, *shown.values()):
        assert "NonCommercial" in out
        assert "commercial_use" in out, "the right that moved is named beside the words"
    assert "~~" in shown["markdown"]
    assert "<del>" in shown["html"]
    assert "<ins>" in shown["html"]
    told = answer(looked, "show", "tiny_tunes_metadata", "--diff")
    assert {"commercial_use"} <= {right["action"] for right in told["rights_changed"]}
    assert "typed in by hand" not in json.dumps(told["diff"]), "what did not change is no part of the difference"


def test_the_tier_of_any_day_is_that_of_the_terms_then(looked: Command) -> None:
    held = {
        day: answer(looked, "query", f"SELECT tier, license_concluded FROM tier_as_of(TIMESTAMPTZ '{day} 00:00:00Z')")
        for day in ("2026-01-01", "2026-02-15", "2026-03-15")
    }
    assert held["2026-01-01"] == []
    assert [row["license_concluded"] for row in held["2026-02-15"]] == ["CC0-1.0"]
    assert [(row["tier"], row["license_concluded"]) for row in held["2026-03-15"]] == [
        ("research_only", "CC-BY-NC-4.0")
    ]
    [row] = answer(looked, "status", "--at", "2026-02-15")
    assert row["license_concluded"] == "CC0-1.0"


def test_changes_since_a_time_and_since_a_run(looked: Command) -> None:
    [change] = answer(looked, "drift", "--since", "2026-03-01")
    assert (change["source_id"], change["change"], change["confirmed"]) == ("tiny_tunes_metadata", "material", True)
    assert answer(looked, "drift", "--since", "2026-04-01") == []
    runs = [row["run_id"] for row in answer(looked, "query", "SELECT run_id FROM runs ORDER BY started_at, run_id")]
    assert answer(looked, "drift", "--since", runs[-1]) == []
    code, _, err = looked("drift", "--since", "no-such-run")
    assert code == 2
    assert "no-such-run" in err


def other_policy(folder: Path) -> str:
    """A policy that knows CC0 no longer."""
    folder.mkdir()
    for file in (ROOT / "policy").iterdir():
        (folder / file.name).write_text(
            file.read_text(encoding="utf-8").replace("CC0-1.0", "CC0-9.9"), encoding="utf-8"
        )
    return str(folder)


def test_which_past_answers_a_newer_policy_would_change(looked: Command, tmp_path: Path) -> None:
    policy = other_policy(tmp_path / "policy")
    code, out, err = looked("replay", "--warehouse", ".clearance/clearance.duckdb", "--policy", policy, "--json")
    assert code == 0, err
    *changed, summary = [json.loads(line) for line in out.splitlines()]
    assert (summary["other"], summary["lost"]) == (len(changed), 0)
    assert [(one["seen_at"][:10], one["determination_before"]) for one in changed] == [
        ("2026-01-10", "production-commercial"),
        ("2026-02-10", "production-commercial"),
    ]
    assert {one["determination_after"] for one in changed} == {"prohibited-unclear"}
    before = answer(looked, "status", "--at", "2026-03-15")
    code, out, err = looked("assess", "--policy", policy)
    assert code == 0, err
    assert answer(looked, "status", "--at", "2026-03-15") == before, "asking stores nothing"


def test_the_question_is_drafted_and_its_answer_recorded(clearance: Command, tmp_path: Path) -> None:
    terms = "The dataset is licensed under CC BY 4.0. You may not use the data to train machine learning models."
    recording(tmp_path / "songs.warc.gz", [("2026-01-10", terms, "four hundred")])
    look(clearance, "2026-01-10")
    code, out, err = clearance("show", "tiny_tunes_metadata", "--question")
    assert code == 0, err
    for words in ("Subject: ", URL, "CC BY 4.0", "You may not use the data to train machine learning models."):
        assert words in out
    quoted = ("--quote", "You may not use the data to train machine learning models.")
    code, out, err = clearance(
        *("review", "tiny_tunes_metadata", "--role", "counsel", "--by", "C. Person", "--closes", "contradiction"),
        *("--reason", "The publisher wrote that training is allowed.", *quoted, "--policy", POLICY, "--json"),
    )
    assert code == 0, err
    decided = answer(clearance, "show", "tiny_tunes_metadata")
    assert decided["decided_by"] == "review: counsel"
    assert "contradiction" not in {gate["gate"] for gate in decided["gates"]}
    [filed] = (tmp_path / "catalog" / "reviews").glob("*.yaml")
    assert "The publisher wrote that training is allowed." in filed.read_text(encoding="utf-8")

"""The command line as a person or a program meets it: shapes, exit codes, one clear line for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warehouse.store import Warehouse

ROOT = Path(__file__).parents[2]
POLICY = str(ROOT / "policy")

Command = Callable[..., tuple[int, str, str]]

SMALLEST = """provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        watches:
          - {url: "http://127.0.0.1:9/p/1", role: license, speaks_for: publisher, select: "#terms"}
"""


@pytest.fixture
def catalog(tmp_path: Path) -> str:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "example.yaml").write_text(SMALLEST, encoding="utf-8")
    return str(folder)


def last_line(err: str) -> str:
    return err.strip().splitlines()[-1]


def run(clearance: Command, catalog: str, *more: str) -> tuple[int, str, str]:
    return clearance("run", "--no-prefect", "--catalog", catalog, "--policy", POLICY, "--out", "out", *more)


def test_nothing_could_be_looked_at_is_exit_3_and_the_assessment_is_there(clearance: Command, catalog: str) -> None:
    code, out, err = run(clearance, catalog, "--json")
    assert code == 3
    assert "looked at 0 of 1 pages" in err
    answer = json.loads(out)
    assert {"run_id", "pages", "outcomes", "changes", "alerts", "assessment", "why", "seconds"} <= set(answer)
    assert (answer["pages"], answer["outcomes"], answer["assessment"]) == (1, {"refused": 1}, "regenerated")
    written = Path("out/MLCORE_DATASET_VIABILITY_ASSESSMENT.md").read_text(encoding="utf-8")
    assert "tiny_tunes_metadata" in written


def test_status_show_gate_and_export_agree(clearance: Command, catalog: str) -> None:
    run(clearance, catalog)
    code, out, _ = clearance("status", "--json")
    [row] = json.loads(out)
    assert code == 0
    assert set(row) >= {
        "source_id", "dataset", "layer", "license_concluded", "determination", "tier", "tier_if_verified", "gates",
        "evidence_grade", "authority", "verified_at", "effort_days", "phase", "decided_by",
    }  # fmt: skip
    assert (row["source_id"], row["tier"]) == ("tiny_tunes_metadata", "blocked")
    assert set(row["gates"][0]) == {"gate", "kind", "caps_at", "reason", "closes", "owner"}
    shown = json.loads(clearance("show", "tiny_tunes_metadata", "--catalog", catalog, "--json")[1])
    assert shown["tier"] == "blocked"
    code, out, _ = clearance("gate", "tiny_tunes_metadata", "nobody", "--policy", POLICY, "--json")
    assert code == 1
    assert [answer["tier"] for answer in json.loads(out)["sources"]] == ["blocked", "blocked"]
    policy = json.loads(clearance("export", "policy", "--policy", POLICY)[1])
    assert policy["fail_closed"] is True
    assert policy["sources"]["tiny_tunes_metadata"]["allowed_envs"] == "none"


def test_tables_are_for_people(clearance: Command, catalog: str) -> None:
    run(clearance, catalog)
    assert "tiny_tunes_metadata" in clearance("status")[1]
    assert "nothing changed" in clearance("drift")[1]
    assert "Open gates" in clearance("show", "tiny_tunes_metadata", "--catalog", catalog)[1]
    assert "FAIL" in clearance("gate", "tiny_tunes_metadata", "--policy", POLICY)[1]
    assert "no hole" in clearance("verify")[1]
    assert "blocked" in clearance("query", "SELECT source_id, tier FROM tier_now")[1]


def test_reading_a_file_gives_the_machine_shape(clearance: Command) -> None:
    Path("terms.md").write_text("# Data\n\nThe data is licensed under CC BY 4.0.\n", encoding="utf-8")
    code, out, _ = clearance("read", "terms.md", "--policy", POLICY, "--json", "--text")
    answer = json.loads(out)
    assert code == 0
    assert answer["licenses"] == ["CC-BY-4.0"]
    assert answer["determination"] == "production-commercial"
    assert answer["rights"]["commercial_use"]["basis"] == "license"
    assert answer["duties"] == ["attribution"]
    for item in answer["evidence"]:
        assert answer["text"][item["start"] : item["end"]] == item["quote"]
    explained = clearance("read", "terms.md", "--policy", POLICY, "--text")[1]
    assert "The data is licensed under CC BY 4.0." in explained
    assert "CC-BY-4.0" in explained


def test_many_texts_are_answered_in_order(clearance: Command) -> None:
    cases = [
        {"id": "a", "text": "The data is in the public domain (CC0 1.0).", "type": "text/plain"},
        {"id": "b", "text": "<p>All rights reserved.</p>", "type": "text/html"},
        {"id": "c", "text": "The data is licensed under CC BY-NC 4.0."},
    ]
    Path("in.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    code, _, _ = clearance("read", "--jsonl", "in.jsonl", "--out", "out.jsonl", "--policy", POLICY)
    answers: list[dict[str, Any]] = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert code == 0
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    assert [answer["determination"] for answer in answers] == [
        "production-commercial",
        "prohibited-unclear",
        "research-only",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("status",), "run `clearance run` first"),
        (("read",), "nothing to read"),
        (("read", "missing.md"), "missing.md: cannot be read"),
        (("read", "--jsonl", "missing.jsonl"), "--jsonl needs --out"),
        (("run", "--at", "2023-05-20"), "--at needs --replay"),
        (("run", "--replay", "x.warc", "--at", "yesterday"), "is no time"),
        (("replay", "missing.warc", "--policy", POLICY), "cannot be read"),
        (("catalog", "lint"), "there is no such catalog folder"),
        (("run", "--catalog", "nowhere", "--policy", POLICY), "there is no such catalog folder"),
        (("run", "--delay", "-1"), "seconds from 0"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(clearance: Command, arguments: tuple[str, ...], says: str) -> None:
    code, out, err = clearance(*arguments)
    assert code == 2
    assert out == ""
    assert says in last_line(err)


def test_a_wrong_catalog_key_is_told_with_file_and_line(clearance: Command, catalog: str) -> None:
    file = Path(catalog) / "example.yaml"
    file.write_text(SMALLEST.replace("layer: metadata", "layr: metadata"), encoding="utf-8")
    code, _, err = run(clearance, catalog)
    assert code == 2
    assert "example.yaml:7" in err
    assert "layr" in err


def test_a_broken_recording_is_told_by_name(clearance: Command, catalog: str) -> None:
    Path("broken.warc").write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\n")
    code, _, err = run(clearance, catalog, "--replay", "broken.warc")
    assert code == 2
    assert "broken.warc" in last_line(err)


def test_a_locked_warehouse_is_told_in_one_line(
    clearance: Command, catalog: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(clearance, catalog)
    wait = Warehouse.open
    monkeypatch.setattr(Warehouse, "open", lambda path, **_: wait(path, wait_seconds=0.0))
    with Warehouse.open(Path(".clearance/clearance.duckdb")):
        code, _, err = run(clearance, catalog)
    assert code == 2
    assert "written by another process" in last_line(err)


@pytest.mark.parametrize("sql", ["DROP TABLE runs", "SELECT nonsense", "SELECT 1; SELECT 2", "COPY runs TO 'x.csv'"])
def test_bad_sql_is_told_in_one_line(clearance: Command, catalog: str, sql: str) -> None:
    run(clearance, catalog)
    code, out, err = clearance("query", sql)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_an_unknown_command_is_a_usage_error(clearance: Command) -> None:
    assert clearance("fly")[0] == 2


def test_a_review_is_a_file_the_next_run_knows(clearance: Command, catalog: str) -> None:
    code, _, _ = clearance(
        "review", "tiny_tunes_metadata", "--catalog", catalog, "--role", "counsel", "--by", "A. Lawyer",
        "--reason", "Read and found fit.", "--closes", "production_requires_review", "--expires", "2099-01-01",
        "--quote", "You may train models.",
    )  # fmt: skip
    assert code == 0
    [file] = (Path(catalog) / "reviews").glob("*.yaml")
    assert "A. Lawyer" in file.read_text(encoding="utf-8")
    assert clearance("catalog", "lint", "--catalog", catalog, "--policy", POLICY)[0] == 0

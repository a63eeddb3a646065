"""The commands for items, joined corpora, exports and drafts, as a person or a program meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
POLICY = ("--policy", str(ROOT / "policy"))
CONTRACT = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")

Command = Callable[..., tuple[int, str, str]]

CATALOG = """provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - {id: tiny_audio, layer: audio, watches: [{url: "http://127.0.0.1:9/p", role: license, speaks_for: publisher}]}
"""


@pytest.fixture
def run(clearance: Command) -> Command:
    """The same, after one run that could look at nothing."""
    Path("catalog").mkdir()
    Path("catalog/example.yaml").write_text(CATALOG, encoding="utf-8")
    clearance("run", "--no-prefect", *POLICY, "--out", "out")
    return clearance


def told(name: str) -> Any:
    [block] = re.findall(rf"^```json {name}\n(.*?)^```", CONTRACT, re.M | re.S)
    return json.loads(block)


def write_items(*rows: str) -> None:
    Path("items.csv").write_text("\n".join(("track_path,license", *rows)) + "\n", encoding="utf-8")


def test_items_has_its_shape(clearance: Command) -> None:
    write_items("a.mp3,CC0 1.0", "b.mp3,CC BY-NC 4.0", "c.mp3,other")
    code, out, _ = clearance("items", "items.csv", "--license-column", "license", *POLICY, "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) == set(told("items"))
    assert set(answer["spellings"][0]) == set(told("items")["spellings"][0])
    assert {part: made["rows"] for part, made in answer["lists"].items()} == answer["parts"]


def test_a_hostile_cell_reaches_no_terminal(clearance: Command) -> None:
    write_items("a.mp3,CC0\x1b]0;owned\x07 1.0", "b.mp3,[bold]CC0")
    code, out, _ = clearance("items", "items.csv", "--license-column", "license", *POLICY)
    assert code == 0
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[bold]CC0" in out


def test_items_of_a_blocked_source_are_not_listed(run: Command) -> None:
    write_items("a.mp3,CC0 1.0")
    code, out, _ = run("items", "items.csv", "--license-column", "license", "--source", "tiny_audio", *POLICY, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["parts"] == {"commercial": 0, "research": 0, "rest": 1}
    assert answer["determinations"]["production-commercial"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("items", "none.csv", "--license-column", "license"), "cannot be read"),
        (("items", "items.csv", "--license-column", "rights"), "has no column 'rights'"),
        (("items", "items.csv", "--license-column", "license", "--map", "track_path"), "is no pair"),
        (("items", "items.csv", "--license-column", "license", "--map", "wrong=license"), "no manifest column"),
        (("items", "items.csv", "--license-column", "license", "--source", "x"), "run `clearance run` first"),
        (("gate", "x", "--notice", "n"), "--notice needs --combined"),
        (("export", "views", "--out", "v"), "run `clearance run` first"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(clearance: Command, arguments: tuple[str, ...], says: str) -> None:
    write_items("a.mp3,CC0 1.0")
    more = () if arguments[0] == "export" else POLICY
    code, out, err = clearance(*arguments, *more)
    assert (code, out) == (2, "")
    assert says in err.strip().splitlines()[-1]


def test_a_joined_corpus_with_an_unknown_source_fails(run: Command) -> None:
    code, out, _ = run("gate", "tiny_audio", "nobody", "--combined", "--notice", "n", *POLICY, "--json")
    answer = json.loads(out)
    assert code == 1
    assert set(answer["combined"]) == set(told("gate-combined"))
    assert answer["combined"]["unknown"] == ["nobody"]
    assert answer["combined"]["tier"] == "blocked"
    assert "Source: nobody" in Path("n/NOTICE").read_text(encoding="utf-8")
    assert "FAIL joined: blocked" in run("gate", "tiny_audio", "--combined", *POLICY)[1]


def test_exports_are_written(run: Command) -> None:
    assert run("export", "sbom", *POLICY, "--out", "sbom.json")[0] == 0
    assert json.loads(Path("sbom.json").read_text(encoding="utf-8"))["@graph"]
    written = json.loads(run("export", "croissant", "--out", "c", "--json")[1])
    assert set(written) == set(told("export-croissant"))
    assert [Path(path).name for path in written["written"]] == ["tiny_audio.croissant.json"]
    views = json.loads(run("export", "views", "--out", "v", "--json")[1])
    assert set(views) == set(told("export-views"))
    assert views["rows"]["tier_now"] == 1


def test_a_page_nobody_can_look_at_needs_the_persons_words(clearance: Command) -> None:
    url = "http://127.0.0.1:9/p"
    code, _, err = clearance("catalog", "add", url, *POLICY)
    assert code == 3
    assert "--provider, --id and --name" in err
    words = ("--provider", "tiny", "--id", "tiny_tunes", "--name", "Tiny Tunes")
    code, out, _ = clearance("catalog", "add", url, *words, *POLICY, "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) == set(told("add"))
    assert answer["missing"]
    assert "claims" not in Path(answer["path"]).read_text(encoding="utf-8")
    assert clearance("catalog", "add", url, *words, *POLICY)[0] == 2

"""Every command and option of the command line is documented, and every shape is the code's."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docs_pages import ROOT, code_words, prose, read, rows, section
from typer.main import get_command

from alerts.channels import digest_json
from alerts.digest import build_digest
from alerts.settings import VARIABLE
from catalog import load_catalog
from clearance.main import app, main
from warehouse.query import Reader

CONTRACT = read("docs/contract.md")
README = read("README.md")
SHARED = {"--catalog", "--policy", "--warehouse", "--at", "--json"}

Clearance = Callable[..., Any]


def walked(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words."""
    command = command or get_command(app)
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(path), command
        return
    for name, child in inner.items():
        yield from walked(child, (*path, name))


COMMANDS = dict(walked())


def part_of(name: str) -> str:
    """Where the contract speaks of a command."""
    return section(CONTRACT, f"`clearance {'catalog' if name.startswith('catalog ') else name}`")


def test_the_walk_finds_the_commands() -> None:
    assert {"run", "show", "export policy", "catalog lint"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_readme_and_all_its_options_in_the_contract(name: str) -> None:
    assert f"`clearance {name}" in README
    told = part_of(name)
    if name.startswith("catalog "):
        [told] = re.findall(rf"`clearance {name}(?: [^`]*)?`", told)
    options = [option for param in COMMANDS[name].params for option in param.opts + param.secondary_opts]
    options = [option for option in options if option.startswith("--") and option != "--help"]
    assert [option for option in options if not re.search(rf"{option}(?![\w-])", told)] == []


@pytest.mark.parametrize("document", ["README.md", "docs/contract.md", "docs/adding-a-dataset.md", "docs/catalog.md"])
def test_no_document_names_a_command_or_an_option_that_is_not_there(document: str) -> None:
    known = {option for command in COMMANDS.values() for param in command.params for option in param.opts}
    known |= {option for command in COMMANDS.values() for param in command.params for option in param.secondary_opts}
    text = prose(read(document))
    assert sorted({*re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)} - known - {"--help"}) == []
    words = [re.findall(r"[a-z-]+", call) for call in re.findall(r"`clearance ((?:[a-z-]+ ?)+)", text)]
    strange = [call for call in words if not {call[0], " ".join(call[:2])} & {*COMMANDS, "export", "catalog"}]
    assert strange == []


def test_shared_options_have_the_defaults_that_are_told() -> None:
    told = {code_words(row[0])[0]: row[2].strip("`") for row in rows(section(CONTRACT, "Commands and options"))[1:]}
    assert set(told) == SHARED
    for command in COMMANDS.values():
        for param in command.params:
            if param.opts[0] in ("--catalog", "--policy", "--warehouse") and param.default is not None:
                assert str(param.default) == told[param.opts[0]]


@pytest.fixture
def clearance(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], songdust: Reader) -> Clearance:
    """Run one command over the cookbook's warehouse; its exit code, and its JSON values, a line each."""
    monkeypatch.chdir(songdust.path.parent)
    monkeypatch.delenv(VARIABLE, raising=False)
    folders = {"--catalog": "catalog", "--policy": str(ROOT / "policy"), "--warehouse": "clearance.duckdb"}

    def call(*arguments: str) -> tuple[int, list[Any]]:
        name = " ".join(arguments[:2]) if arguments[0] in ("export", "catalog") else arguments[0]
        taken = {option for param in COMMANDS[name].params for option in param.opts}
        more = [part for option in taken & {*folders} - {*arguments} for part in (option, folders[option])]
        more += ["--json"] if "--json" in taken else []
        monkeypatch.setattr(sys, "argv", ["clearance", *arguments, *more])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out = capsys.readouterr().out
        return code, [json.loads(line) for line in out.splitlines()] if "--json" in taken else [json.loads(out)]

    return call


def told(name: str) -> Any:
    """The example of a shape in the contract."""
    [block] = re.findall(rf"^```json {name}\n(.*?)^```", CONTRACT, re.M | re.S)
    return json.loads(block)


def assert_shape(answer: Any, example: Any, where: str = "") -> None:
    """Same keys wherever the example shows any, in objects and in the objects of lists."""
    if isinstance(example, dict) and example:
        assert set(answer) == set(example), where
        for key, inner in example.items():
            assert_shape(answer[key], inner, f"{where}.{key}")
    elif isinstance(example, list) and example and isinstance(example[0], dict):
        for item in answer:
            assert_shape(item, example[0], f"{where}[]")


def test_status_has_its_shape(clearance: Clearance) -> None:
    code, [answer] = clearance("status")
    assert (code, len(answer)) == (0, 3)
    for row in answer:
        assert_shape(row, told("status"))


def test_show_adds_its_fields_to_those_of_status(clearance: Clearance) -> None:
    _, [answer] = clearance("show", "songdust_plays")
    assert answer["contradictions"]
    assert answer["evidence"]
    assert_shape(answer, {**told("status"), **told("show")})


def test_drift_and_the_histories_of_show_have_their_shape(clearance: Clearance) -> None:
    _, [changes] = clearance("drift")
    assert {change["change"] for change in changes} == {"first", "material"}
    for change in changes:
        assert_shape(change, told("drift"))
    _, [history] = clearance("show", "songdust_metadata", "--history")
    assert set(history[0]) == {*told("drift"), "last_seen_without", "first_seen_with", "archived"}
    _, [diff] = clearance("show", "songdust_metadata", "--diff")
    assert set(diff) == {*told("drift"), "diff"}


def test_gate_has_its_shape_and_says_no_with_1(clearance: Clearance) -> None:
    code, [answer] = clearance("gate", "songdust_metadata", "nobody")
    assert code == 1
    assert_shape(answer, told("gate"))
    assert clearance("gate", "songdust_metadata", "--purpose", "research")[0] == 0


def test_replay_has_its_shape_and_ends_with_a_summary(clearance: Clearance, tmp_path: Path) -> None:
    code, [*lines, summary] = clearance(
        "replay", "songdust.warc", "--catalog", "catalog", "--warehouse", str(tmp_path / "c.duckdb")
    )
    assert code == 0
    changed = [line for line in lines if line["rights_changed"]]
    assert changed
    for line in lines:
        assert_shape(line, told("replay"))
    assert_shape(summary, {**told("replay-summary"), "outcomes": {}, "changes": {}})


def test_a_history_read_anew_has_its_shape(clearance: Clearance, songdust: Reader, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    shutil.copytree(ROOT / "policy", policy)
    families = policy / "families.yaml"
    text = families.read_text(encoding="utf-8")
    # Under a policy that knows no CC0, what rested on it would be answered otherwise.
    families.write_text(text.replace("CC0-1.0", "LicenseRef-Unheard"), encoding="utf-8")
    code, [*lines, summary] = clearance("replay", "--policy", str(policy))
    assert code == 0
    assert {line["source_id"] for line in lines} >= {"songdust_plays"}
    for line in lines:
        assert_shape(line, told("reread"))
    assert_shape(summary, told("reread-summary"))
    assert summary["versions"] == songdust.query("SELECT count(*) FROM versions")[1][0][0]


def test_verify_and_query_have_their_shape(clearance: Clearance) -> None:
    code, [answer] = clearance("verify")
    assert code == 0
    assert_shape(answer, told("verify"))
    assert clearance("query", "SELECT 1 AS one") == (0, [[{"one": 1}]])


def test_the_policy_file_has_its_shape(clearance: Clearance) -> None:
    _, [answer] = clearance("export", "policy")
    example = told("policy-file")
    [entry] = example["sources"].values()
    assert set(answer) == set(example)
    for source in answer["sources"].values():
        assert_shape(source, entry)


def test_lint_review_and_assess_have_their_shape(clearance: Clearance, tmp_path: Path) -> None:
    code, [answer] = clearance("catalog", "lint", "--complete")
    assert (code, answer["sources"]) == (1, 3)
    assert_shape(answer, told("lint"))
    _, [differences] = clearance("assess")
    for item in differences:
        assert set(item) == set(told("assess"))
    _, [answer] = clearance("review", "songdust_plays", "--role", "owner", "--by", "A", "--reason", "B")
    assert_shape(answer, told("review"))
    Path(answer["path"]).unlink()


def test_read_has_its_shape(clearance: Clearance, tmp_path: Path) -> None:
    page = tmp_path / "t.md"
    page.write_text("# Data\n\nThe audio is licensed under CC BY 4.0. The annotations are CC0.\n", encoding="utf-8")
    _, [answer] = clearance("read", str(page))
    example = told("read")
    right = example["rights"]["commercial_use"]
    [layer] = example["layers"].values()
    assert_shape(answer, {**example, "layers": {}, "rights": dict.fromkeys(example["rights"], right)})
    assert answer["layers"]
    for part in answer["layers"].values():
        assert_shape(part, layer)
    _, [with_text] = clearance("read", str(page), "--text")
    assert set(with_text) - set(answer) == {"text"}


def test_run_has_its_shape_and_says_3_when_nothing_answers(clearance: Clearance, tmp_path: Path) -> None:
    code, [answer] = clearance(
        "run", "--no-prefect", "--only", "songdust_lyrics", "--out", str(tmp_path / "out"), "--replay", "songdust.warc",
        "--at", "2024-01-01", "--warehouse", str(tmp_path / "c.duckdb"),
    )  # fmt: skip
    assert code == 3
    assert_shape(answer, {**told("run"), "outcomes": {}, "changes": {}})


def test_a_webhook_gets_its_shape(songdust: Reader) -> None:
    alerts = songdust.alerts()
    answer = digest_json(build_digest(alerts[0].run_id, alerts))
    assert_shape(answer, {**told("webhook"), "alerts": [{**told("webhook")["alerts"][0], "payload": {}}]})


def test_the_smallest_catalog_of_the_contract_loads(tmp_path: Path) -> None:
    [smallest] = re.findall(r"^```yaml\n(.*?)^```", section(CONTRACT, "The smallest catalog"), re.M | re.S)
    (tmp_path / "example.yaml").write_text(smallest, encoding="utf-8")
    assert [source.id for _, _, source in load_catalog(tmp_path).sources] == ["tiny_tunes_metadata"]


def test_the_catalog_file_of_the_five_minutes_is_complete(tmp_path: Path) -> None:
    from catalog import lint_complete

    [shown] = re.findall(r"^```yaml\n(.*?)^```", read("docs/adding-a-dataset.md"), re.M | re.S)
    (tmp_path / "fiddle_barn.yaml").write_text(shown, encoding="utf-8")
    assert lint_complete(load_catalog(tmp_path)) == ()

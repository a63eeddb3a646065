"""Links between documents lead somewhere, and nothing of the writer's machine is left in them."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from docs_pages import DOCS, DOCUMENTS, ROOT, anchors, prose, read, section

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|mnt|var/folders)/|\b(?:TODO|FIXME)\b|127\.0\.0\.1:\d")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(path: Path) -> None:
    broken = []
    for target in LINK.findall(prose(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = unquote(target).partition("#")
        other = (path.parent / name).resolve() if name else path
        if not other.exists() or (
            fragment and fragment not in anchors((other / "README.md" if other.is_dir() else other).read_text("utf-8"))
        ):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_of_the_writers_machine_is_left(path: Path) -> None:
    assert MACHINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(path: Path) -> None:
    named = re.findall(
        r"`((?:src|flows|warehouse|reports|policy|catalog|tests|docs|bench)/[\w./-]+)`", path.read_text("utf-8")
    )
    made = {
        "catalog/reviews/",
        "reports/published/",
        "catalog/fiddle_barn.yaml",
        "reports/published",
    }
    assert [name for name in named if name not in made and not (ROOT / name).exists()] == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md" or not path.is_file():
            continue
        reached.add(path)
        targets = (unquote(target).partition("#")[0] for target in LINK.findall(path.read_text(encoding="utf-8")))
        waiting += [(path.parent / target).resolve() for target in targets if target and "://" not in target]
    ours = {"vocabulary", "what-we-look-at", "cookbook", "adding-a-dataset", "contract", "architecture", "catalog"}
    unreached = {path for path in DOCUMENTS if path not in reached}
    assert {path for path in unreached if path.stem in ours or path.parent.name == "decisions"} == set()


def test_every_decision_says_what_it_costs() -> None:
    records = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        for heading in ("Context", "Options", "Decision", "Cons"):
            assert section(text, heading).strip(), path.name
        assert f"({path.name})" in read("docs/decisions/README.md")


def test_the_table_of_libraries_is_the_import_contract() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    forbidden = {
        library
        for contract in contracts
        if contract["type"] == "forbidden" and contract["source_modules"] != ["domain"]
        for library in contract["forbidden_modules"]
    }
    table = section(read("docs/architecture.md"), "Rooms and imports")
    told = {word.strip() for row in re.findall(r"^\| ([\w, ]+) \| `", table, re.M) for word in row.split(",")}
    assert told == forbidden


def test_every_make_target_that_is_named_is_there() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text("utf-8"), re.M)}
    assert {"run", "test", "demo"} <= named
    assert named - set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M)) == set()


@pytest.mark.prefect
def test_every_deployment_names_a_flow_that_imports() -> None:
    deployments = yaml.safe_load(read("prefect.yaml"))["deployments"]
    assert deployments
    for deployment in deployments:
        module, _, name = deployment["entrypoint"].rpartition(".")
        assert getattr(import_module(module), name).name
        assert f"`{deployment['name']}`" in read("docs/contract.md")

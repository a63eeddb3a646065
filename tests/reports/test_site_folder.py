"""`clearance assess --site`: from the warehouse to a folder that can be handed over, and never onto other files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.site.render import LIST_OF_FILES

ROOT = Path(__file__).parents[2]
CATALOG = """provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        watches:
          - {url: "http://127.0.0.1:9/p/1", role: license, speaks_for: publisher}
      - id: SOURCE
        layer: audio
        watches:
          - {url: "http://127.0.0.1:9/p/2", role: license, speaks_for: publisher}
"""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clearance(clearance: Command, tmp_path: Path) -> Command:
    """Run one command in a folder with a catalog of two sources: exit code, stdout, stderr."""
    name_second_source(tmp_path, "tiny_tunes_audio")
    return clearance


def name_second_source(folder: Path, name: str) -> None:
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "example.yaml").write_text(CATALOG.replace("SOURCE", name), encoding="utf-8")


def run(clearance: Command) -> None:
    code, _, _ = clearance("run", "--no-prefect", "--policy", str(ROOT / "policy"), "--out", "out")
    assert code == 3


def site(clearance: Command, *more: str) -> tuple[int, str, str]:
    return clearance("assess", "--policy", str(ROOT / "policy"), "--site", "site", *more)


def test_the_site_is_written_listed_with_digests_and_stays_the_same(clearance: Command) -> None:
    run(clearance)
    code, out, _ = site(clearance, "--json")
    assert (code, json.loads(out)) == (0, {"site": "site/index.html", "site_pages": 9})
    listed = dict(reversed(line.split("  ")) for line in Path("site", LIST_OF_FILES).read_text().splitlines())
    assert "sources/tiny_tunes_audio.html" in listed
    for path, digest in listed.items():
        assert hashlib.sha256(Path("site", path).read_bytes()).hexdigest() == digest
    page = Path("site/sources/tiny_tunes_metadata.html").read_text(encoding="utf-8")
    assert "not_looked_at" in page
    before = Path("site", LIST_OF_FILES).read_bytes()
    assert site(clearance)[0] == 0
    assert Path("site", LIST_OF_FILES).read_bytes() == before


def test_with_out_it_decides_and_writes_both(clearance: Command) -> None:
    run(clearance)
    name_second_source(Path(), "tiny_tunes_stems")
    code, out, _ = site(clearance, "--out", "out")
    assert code == 0
    assert out.splitlines()[0].startswith("assessment regenerated")
    assert Path("site/sources/tiny_tunes_stems.html").is_file()


def test_the_page_of_a_source_that_left_the_catalog_is_removed(clearance: Command) -> None:
    run(clearance)
    site(clearance)
    kept = Path("site/sources/notes.html")
    kept.write_text("a person's own", encoding="utf-8")
    name_second_source(Path(), "tiny_tunes_stems")
    assert site(clearance, "--out", "out")[0] == 0
    assert not Path("site/sources/tiny_tunes_audio.html").exists()
    assert kept.is_file()


def test_a_folder_with_other_files_is_left_alone(clearance: Command) -> None:
    run(clearance)
    Path("site").mkdir()
    Path("site/secret.txt").write_text("x", encoding="utf-8")
    code, _, err = site(clearance)
    assert code == 2
    assert "is not empty and holds no site" in err
    assert [path.name for path in Path("site").iterdir()] == ["secret.txt"]


def test_a_list_of_files_that_somebody_forged_removes_nothing_outside(clearance: Command) -> None:
    run(clearance)
    site(clearance)
    Path("victim.html").write_text("x", encoding="utf-8")
    with Path("site", LIST_OF_FILES).open("a", encoding="utf-8") as listed:
        for path in ("../victim.html", "sources/../../victim.html", str(Path("victim.html").absolute())):
            listed.write(f"{'0' * 64}  {path}\n")
    assert site(clearance)[0] == 0
    assert Path("victim.html").is_file()


def test_without_a_warehouse_it_says_what_to_run(clearance: Command) -> None:
    code, _, err = site(clearance)
    assert code == 2
    assert "run `clearance run` first" in err
    assert not Path("site").exists()

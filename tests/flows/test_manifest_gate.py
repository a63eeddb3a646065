"""Which rows of a manifest may train: by source, environment and license, for a million rows in seconds."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import duckdb
import pytest
from loopback_web import CLOSED, OPEN, loopback_web, smallest_catalog

from catalog import load_policy
from clearance.main import main
from domain.errors import InvalidInput
from domain.vocabulary import Tier
from flows.answer_manifest import ManifestAnswer, answer_manifest
from flows.classify_items import classify_items
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from terms.reader import Reader as TermsReader

ROOT = Path(__file__).parents[2]
COLUMNS = (
    "source", "track_path", "license", "license_url", "allowed_envs", "checksum", "duration_ms", "track_juke_id",
    "mbid_candidate", "fingerprint", "ingested_at",
)  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources of one provider: `tiny_1` for production, `tiny_2` for research."""
    folder = tmp_path_factory.mktemp("manifest")
    with loopback_web() as web:
        web.pages |= {"/p/1": OPEN, "/p/2": CLOSED}
        catalog = smallest_catalog(folder / "catalog", web, ("/p/1", "/p/2"))
        settings = RunSettings(
            catalog=str(catalog),
            policy=str(ROOT / "policy"),
            warehouse=str(folder / "w" / "clearance.duckdb"),
            out=str(folder / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        run_pipeline(Run.begin(settings))
    return Path(settings.warehouse)


def write(path: Path, *rows: tuple[str, str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        for number, (source, license_id, envs) in enumerate(rows):
            row = {
                "source": source,
                "license": license_id,
                "allowed_envs": envs,
                "track_path": f"/corpus/{number}.flac",
            }
            writer.writerow(row)
    return path


def ask(warehouse: Path, manifest: Path, required: Tier = Tier.PRODUCTION_APPROVED, **more: object) -> ManifestAnswer:
    return answer_manifest(warehouse, manifest, required, load_policy(ROOT / "policy"), **more)  # type: ignore[arg-type]


GOOD = ("tiny_1", "CC0-1.0", "both")


def test_a_corpus_of_production_rows_passes(warehouse: Path, tmp_path: Path) -> None:
    answer = ask(warehouse, write(tmp_path / "m.csv", GOOD, GOOD, ("tiny_1", "cc0-1.0", "production")))
    assert (answer.passes, answer.rows, answer.rows_blocking) == (True, 3, 0)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("tiny_2", "CC-BY-NC-4.0", "both"), "the source may not"),
        (("nobody", "CC0-1.0", "both"), "unknown is blocked"),
        (("", "CC0-1.0", "both"), "unknown is blocked"),
        (("Tiny_1", "CC0-1.0", "both"), "unknown is blocked"),
        (("tiny_1", "", "both"), "names no license"),
        (("tiny_1", "NOASSERTION", "both"), "names no license"),
        (("tiny_1", "CC-BY-NC-4.0", "both"), "is not the source's"),
        (("tiny_1", "CC0-1.0 AND CC-BY-NC-4.0", "both"), "is not the source's"),
        (("tiny_1", "CC0-1.0", "research"), "allowed_envs"),
        (("tiny_1", "CC0-1.0", ""), "allowed_envs say nothing"),
        (("tiny_1", "CC0-1.0", "all"), "allowed_envs"),
    ],
)
def test_one_row_keeps_the_model_back(warehouse: Path, tmp_path: Path, row: tuple[str, str, str], why: str) -> None:
    answer = ask(warehouse, write(tmp_path / "m.csv", GOOD, row, GOOD))
    assert (answer.passes, answer.rows, answer.rows_blocking) == (False, 3, 1)
    [blocking] = [group for group in answer.groups if not group.passes]
    assert why in blocking.reason
    assert blocking.group.first_row == 2
    assert blocking.closes


def test_research_rows_may_do_research(warehouse: Path, tmp_path: Path) -> None:
    manifest = write(tmp_path / "m.csv", GOOD, ("tiny_2", "CC-BY-NC-4.0", "research"))
    assert ask(warehouse, manifest, Tier.RESEARCH_ONLY).passes


PER_ITEM = OPEN.replace(
    "The dataset is licensed under <a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>.",
    "Each track is distributed under its own Creative Commons license, chosen by the artist.",
)
TABLE = """track_path,license
a.mp3,CC0 1.0
b.mp3,CC BY-NC 4.0
c.mp3,other
"""


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A warehouse with `tiny_1` (CC0) and, of another provider, `audio_1`, whose items carry their own licenses;
    and the folder with the lists made of its table."""
    folder = tmp_path_factory.mktemp("split")
    with loopback_web() as web:
        web.pages |= {"/p/1": OPEN, "/audio": PER_ITEM}
        catalog = smallest_catalog(folder / "catalog", web, ("/p/1",))
        (catalog / "other.yaml").write_text(
            f"""
provider: other
datasets:
  - id: other_tunes
    name: Other Tunes
    sources:
      - id: audio_1
        layer: audio
        watches:
          - {{url: "{web.base}/audio", role: license, speaks_for: publisher}}
        claims:
          - license: NOASSERTION
            url: {web.base}/audio
            seen: 2026-01-05
            quote: Each track is distributed under its own Creative Commons license, chosen by the artist.
            confidence: verified
            per_item: true
            per_item_floor_research: true
""",
            encoding="utf-8",
        )
        settings = RunSettings(
            catalog=str(catalog),
            policy=str(ROOT / "policy"),
            warehouse=str(folder / "w" / "clearance.duckdb"),
            out=str(folder / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        run_pipeline(Run.begin(settings))
    warehouse = Path(settings.warehouse)
    (folder / "items.csv").write_text(TABLE, encoding="utf-8")
    policy = load_policy(ROOT / "policy")
    classify_items(
        folder / "items.csv",
        "license",
        policy,
        TermsReader(policy.families),
        mapping={},
        source="audio_1",
        warehouse=warehouse,
        out=folder / "items",
    )
    return warehouse, folder / "items"


def corpus_of(target: Path, *lists: Path, more: tuple[str, ...] = ()) -> Path:
    """A manifest with the rows of some lists, and with further lines."""
    first, *others = [file.read_text(encoding="utf-8").splitlines() for file in lists]
    lines = [*first, *(line for other in others for line in other[1:]), *more]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def test_listed_items_of_a_split_source_pass_beside_other_sources(split: tuple[Path, Path], tmp_path: Path) -> None:
    warehouse, items = split
    own = "tiny_1,/t.flac,CC0-1.0,,both,,,,,,"
    production = corpus_of(tmp_path / "p.csv", items / "audio_1.commercial.csv", more=(own,))
    answer = ask(warehouse, production, items=items)
    assert (answer.passes, answer.rows) == (True, 2)
    assert {group.group.source for group in answer.groups} == {"audio_1:commercial", "tiny_1"}
    both = corpus_of(tmp_path / "b.csv", items / "audio_1.commercial.csv", items / "audio_1.research.csv")
    assert ask(warehouse, both, Tier.RESEARCH_ONLY, items=items).passes
    refused = ask(warehouse, both, items=items)
    assert [group.group.source for group in refused.groups if not group.passes] == ["audio_1:research"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("audio_1:commercial,b.mp3,CC0-1.0,,both,,,,,,", "not on the list"),
        ("audio_1:commercial,z.mp3,CC0-1.0,,both,,,,,,", "not on the list"),
        ("audio_1:commercial,a.mp3,CC-BY-4.0,,both,,,,,,", "not on the list"),
        ("audio_1:commercial,,CC0-1.0,,both,,,,,,", "not on the list"),
        ("audio_1:research,b.mp3,CC-BY-NC-4.0,,both,,,,,,", "not on the list"),
        ("audio_1:rest,c.mp3,CC0-1.0,,both,,,,,,", "of the rest"),
        ("audio_1:other,a.mp3,CC0-1.0,,both,,,,,,", "unknown is blocked"),
        ("audio_2:commercial,a.mp3,CC0-1.0,,both,,,,,,", "unknown is blocked"),
        (":commercial,a.mp3,CC0-1.0,,both,,,,,,", "unknown is blocked"),
        ("audio_1:commercial:commercial,a.mp3,CC0-1.0,,both,,,,,,", "unknown is blocked"),
        ("audio_1,a.mp3,CC0-1.0,,both,,,,,,", "the source may not"),
        ("tiny_1:commercial,a.mp3,CC0-1.0,,both,,,,,,", "not on the list"),
    ],
)
def test_a_row_that_its_list_does_not_bear_out_blocks(
    split: tuple[Path, Path], tmp_path: Path, line: str, why: str
) -> None:
    warehouse, items = split
    answer = ask(warehouse, corpus_of(tmp_path / "m.csv", items / "audio_1.commercial.csv", more=(line,)), items=items)
    [blocking] = [group for group in answer.groups if not group.passes]
    assert (why in blocking.reason, blocking.group.first_row) == (True, 2)


def test_without_the_lists_no_row_of_a_part_passes(split: tuple[Path, Path], tmp_path: Path) -> None:
    warehouse, items = split
    manifest = corpus_of(tmp_path / "m.csv", items / "audio_1.commercial.csv")
    for folder in (None, tmp_path / "nowhere"):
        answer = ask(warehouse, manifest, items=folder)
        assert (answer.passes, answer.rows_blocking) == (False, 1)


def test_a_list_whose_lines_were_written_by_hand_is_judged_by_the_policy(
    split: tuple[Path, Path], tmp_path: Path
) -> None:
    warehouse, items = split
    forged = tmp_path / "items"
    forged.mkdir()
    head = (items / "audio_1.commercial.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = ["audio_1:commercial,n.mp3,CC-BY-NC-4.0,,both,,,,,,", "audio_1:commercial,o.mp3,NOASSERTION,,both,,,,,,"]
    (forged / "audio_1.commercial.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    answer = ask(warehouse, corpus_of(tmp_path / "m.csv", forged / "audio_1.commercial.csv"), items=forged)
    assert (answer.rows, answer.rows_blocking) == (2, 2)
    assert all("license is none of audio_1:commercial" in group.reason for group in answer.groups)


def test_a_missing_column_and_an_empty_manifest_pass_nothing(warehouse: Path, tmp_path: Path) -> None:
    bare = ask(warehouse, write(tmp_path / "m.csv", GOOD, columns=("source", "track_path")))
    assert (bare.passes, bare.missing_columns) == (False, ("license", "allowed_envs"))
    assert not ask(warehouse, write(tmp_path / "e.csv")).passes


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("m.txt", "source\n", "neither .csv nor .parquet"),
        ("m.parquet", "source\n", "cannot be read as a manifest"),
        ("m.csv", "track_path\n/x\n", "no column 'source'"),
        ("m*.csv", "source\n", "rename it"),
    ],
)
def test_what_is_no_manifest_is_told(warehouse: Path, tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        ask(warehouse, tmp_path / name)


def test_each_of_a_million_rows_is_judged(warehouse: Path, tmp_path: Path) -> None:
    parquet, table = tmp_path / "m.parquet", tmp_path / "m.csv"
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE corpus AS SELECT 'tiny_' || CASE WHEN i % 1000 = 999 THEN 2 ELSE 1 END AS source,"
            " '/corpus/' || i || '.flac' AS track_path, CASE WHEN i % 1000 = 999 THEN 'CC-BY-NC-4.0' ELSE 'CC0-1.0' END"
            " AS license, 'https://example.org/license' AS license_url, 'both' AS allowed_envs, md5(i::VARCHAR) AS"
            " checksum, 180000 + i AS duration_ms, i AS track_juke_id, uuid() AS mbid_candidate, md5((i + 1)::VARCHAR)"
            " AS fingerprint, now() AS ingested_at FROM range(1000000) AS t(i)"
        )
        con.execute("COPY corpus TO $path (FORMAT parquet)", {"path": str(parquet)})
        con.execute("COPY corpus TO $path (FORMAT csv, HEADER)", {"path": str(table)})
    for manifest in (parquet, table):
        answer = ask(warehouse, manifest, rows_to=tmp_path / "rows.csv")
        assert (answer.passes, answer.rows, answer.rows_blocking) == (False, 1_000_000, 1000)
        lines = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()
        assert (lines[0], len(lines), lines[1].partition(",")[0]) == ("row,verdict", 1001, "1000")


def test_the_command_says_no_with_json_junit_and_rows(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "=cmd\x1b[31m<script>]]>&\x01"
    manifest = write(tmp_path / "m.csv", GOOD, (hostile, "CC0-1.0", "both"))
    junit, rows = tmp_path / "gate.xml", tmp_path / "rows.csv"
    arguments = ["gate", "tiny_1", "--manifest", str(manifest), "--junit", str(junit), "--rows-to", str(rows)]
    arguments += ["--warehouse", str(warehouse), "--policy", str(ROOT / "policy")]
    for more in ([], ["--json"]):
        monkeypatch.setattr(sys, "argv", ["clearance", *arguments, *more])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 1
        out = capsys.readouterr().out
        assert "\x1b" not in out
    assert json.loads(out)["manifest"]["rows_blocking"] == 1
    suite = fromstring(junit.read_text(encoding="utf-8")).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.find("failure") is not None for case in suite] == [False, False, True]
    assert rows.read_text(encoding="utf-8").splitlines()[1].startswith("2,")

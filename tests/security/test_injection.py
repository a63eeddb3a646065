"""A publisher's words reach every sink and work in none of them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from loopback_web import Web, loopback_web
from lxml import html
from typer.testing import CliRunner

from alerts.channels import digest_json
from alerts.digest import build_digest
from catalog import load_reviews, save_review
from clearance import output
from clearance.main import app
from domain.deciding import Review
from domain.errors import InvalidInput
from domain.history import RunSummary
from flows.render_site import write_site
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from reports.run_artifact import run_artifact
from warehouse.query import Reader
from warehouse.store import Warehouse

ROOT = Path(__file__).parents[2]
EVIL = (
    "<script>alert(1)</script> [x](javascript:alert(2)) | `y` ![z](http://evil.example/z.png) '; DROP TABLE looks; --"
)
ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\u202egnp"
PAGE = (
    "<html><head><title>Tiny</title></head><body><main><h1>Tiny Tunes</h1><p>It lists four hundred short songs with"
    " title, year and composer, typed in by hand.</p><p>The dataset is licensed under"
    " <a href='https://creativecommons.org/licenses/by-nc/4.0/'>CC BY-NC 4.0</a>.</p>"
    "<p>The dataset {} must not be used for any commercial purpose.</p></main></body></html>"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunSettings, Web, RunSummary]]:
    folder = tmp_path_factory.mktemp("evil")
    (folder / "catalog").mkdir()
    with loopback_web() as web, pytest.MonkeyPatch.context() as here:
        here.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
        page = f"{web.base}/p/1"
        catalog = {
            "provider": "example",
            "datasets": [
                {
                    "id": "tiny",
                    "name": f"Tiny {EVIL}",
                    "sources": [
                        {
                            "id": "tiny_1",
                            "layer": "metadata",
                            "watches": [{"url": page, "role": "license", "speaks_for": "publisher"}],
                        }
                    ],
                }
            ],
        }
        (folder / "catalog" / "example.yaml").write_text(yaml.safe_dump(catalog), encoding="utf-8")
        asked = RunSettings(
            catalog=str(folder / "catalog"),
            policy=str(ROOT / "policy"),
            warehouse=str(folder / "clearance.duckdb"),
            out=str(folder / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        web.pages["/p/1"] = PAGE.format("").replace("by-nc/4.0/'>CC BY-NC", "by/4.0/'>CC BY")
        run_pipeline(Run.begin(asked))
        web.pages["/p/1"] = PAGE.format(escaped(f"{EVIL} {ESCAPES}"))
        summary = run_pipeline(Run.begin(asked))
        yield asked, web, summary


def test_the_words_are_there_and_no_table_is_gone(told: tuple[RunSettings, Web, RunSummary]) -> None:
    with Reader.open(Path(told[0].warehouse)) as reader:
        (decision,) = reader.decisions().values()
        assert decision.license_concluded == "CC-BY-NC-4.0"
        assert any("DROP TABLE looks" in item.quote for item in decision.evidence)
        assert reader.query("SELECT count(*) FROM looks")[1][0][0] >= 2
        assert reader.verify().holes == ()


def test_markdown_stays_words(told: tuple[RunSettings, Web, RunSummary]) -> None:
    (document,) = Path(told[0].out).glob("*.md")
    text = document.read_text(encoding="utf-8")
    assert "DROP TABLE looks" in text
    assert not re.search(r"(?<!\\)\]\(javascript:", text)
    assert not re.search(r"(?<!\\)\]\(http://evil.example", text)
    assert not re.search(r"(?<!\\)<script", text)
    assert not _CONTROL.search(text)


def test_html_stays_text(told: tuple[RunSettings, Web, RunSummary], tmp_path: Path) -> None:
    asked = told[0]
    write_site(Path(asked.warehouse), Path(asked.catalog), Path(asked.policy), tmp_path / "site")
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert any("DROP TABLE looks" in page.read_text(encoding="utf-8") for page in pages)
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        assert not [script for script in tree.iter("script") if "alert(1)" in (script.text or "")]
        assert not [
            link for link in tree.xpath("//@href | //@src") if "javascript:" in link or "evil.example/z" in link
        ]
        assert not _CONTROL.search(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "command", [["status"], ["show", "tiny_1"], ["drift"], ["gate", "tiny_1"], ["query", "SELECT * FROM evidence"]]
)
@pytest.mark.parametrize("as_json", [False, True])
def test_no_terminal_obeys_a_publisher(
    told: tuple[RunSettings, Web, RunSummary], command: list[str], as_json: bool
) -> None:
    asked = told[0]
    options = ["--warehouse", asked.warehouse, *(["--json"] if as_json else [])]
    if command[0] in ("show",):
        options += ["--catalog", asked.catalog]
    done = CliRunner().invoke(app, [*command, *options])
    assert done.exit_code in (0, 1), done.output
    assert done.output
    assert not _CONTROL.search(done.output)


def test_lines_of_output_and_of_the_log_carry_no_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    output.emit_line(ESCAPES)
    output.emit_json({"a": ESCAPES})
    output.note(ESCAPES)
    seen = capsys.readouterr()
    assert not _CONTROL.search(seen.out + seen.err)
    assert json.loads(seen.out.splitlines()[1]) == {"a": ESCAPES}


def test_chats_and_webhooks_get_plain_lines(told: tuple[RunSettings, Web, RunSummary]) -> None:
    asked, web, _ = told
    assert web.posted
    assert not _CONTROL.search(json.dumps(web.posted, ensure_ascii=False))
    with Warehouse.open(Path(asked.warehouse)) as warehouse:
        alerts = warehouse.undelivered("nobody")
    assert alerts
    # Whatever words an alert may come to hold.
    words = f"{ESCAPES}\nRun forged"
    hostile = [replace(alert, title=words, body=words, source_id=words, url=words) for alert in alerts]
    digest = build_digest("run", [*alerts, *hostile])
    assert not [line for line in digest.text.splitlines() if line.startswith("Run forged")]
    assert not _CONTROL.search(digest.title + digest.text)
    assert json.loads(json.dumps(digest_json(digest)))


def test_an_artifact_of_a_run_shows_problems_as_words(told: tuple[RunSettings, Web, RunSummary]) -> None:
    text = run_artifact(replace(told[2], problems=(f"{EVIL}{ESCAPES}\n# heading",)))
    assert not re.search(r"(?<!\\)\]\(javascript:", text)
    assert "<script" not in text
    assert not _CONTROL.search(text)
    assert "\n# heading" not in text


def test_a_review_file_holds_any_words_and_its_name_is_no_path(tmp_path: Path) -> None:
    from datetime import date

    words = f"{EVIL}\n- source_id: other\n  closes: [everything]\n--- !!python/object:os.system"
    made = Review(source_id="tiny_1", role="owner", by=words, reason=words, made_on=date(2026, 1, 1), quote=words)
    path = save_review(tmp_path, made)
    assert path.parent == tmp_path / "reviews"
    assert load_reviews(tmp_path) == (made,)
    for name in ("../../outside", "a/b", "/etc/passwd", "x\ny"):
        with pytest.raises(InvalidInput):
            save_review(tmp_path, Review(source_id=name, role="r", by="b", reason="r", made_on=date(2026, 1, 1)))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


def test_a_catalog_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    from catalog import load_catalog

    laughs = io.StringIO()
    laughs.write("a0: &a0 [lol, lol]\n")
    for number in range(1, 12):
        laughs.write(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n")
    (tmp_path / "laughs.yaml").write_text(laughs.getvalue(), encoding="utf-8")
    with pytest.raises(InvalidInput, match="is not allowed"):
        load_catalog(tmp_path)


def test_a_query_reads_no_file(told: tuple[RunSettings, Web, RunSummary]) -> None:
    with Reader.open(Path(told[0].warehouse)) as reader, pytest.raises(InvalidInput):
        reader.query("SELECT * FROM read_text('/etc/hostname')")

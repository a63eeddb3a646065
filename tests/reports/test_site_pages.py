"""The site as a set of files: the same rows as the assessment, deterministic, and inert whatever the rows say."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from assessment_rows import CATALOG, decision, decisions
from site_rows import AFTER, BEFORE, VISIBLE, hostile_rows, rows, version

from domain.catalog import DriftNote
from domain.reading import Contradiction
from domain.vocabulary import Action, Tier
from reports.compose import assessment_view
from reports.disputes import Said, disputes
from reports.site.addresses import outside_link, page_name
from reports.site.render import LIST_OF_FILES, render_site
from reports.site.side_by_side import side_by_side
from reports.site.timeline import timeline

HERE = Path(__file__).parent
PLAIN = render_site(rows())


class Page(HTMLParser):
    """What a browser would make of a page: its elements with attributes, the text of all and of table rows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.rows: list[list[str]] = []
        self._raw = ""
        self._in_cell = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self._raw = tag
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == self._raw:
            self._raw = ""
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._raw:
            return
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(path: str) -> Page:
    return Page(PLAIN[path])


def test_every_source_has_a_page_and_every_link_within_the_site_arrives() -> None:
    assert {path for path in PLAIN if path.startswith("sources/")} == {
        f"sources/{name}.html" for name in ("graph_core", "graph_tags", "lab_only", "sounds_audio")
    }
    ids = {path: {value for _, a in Page(text).elements if (value := a.get("id"))} for path, text in PLAIN.items()}
    followed = 0
    for path, text in PLAIN.items():
        for attributes in Page(text).all("a"):
            href = attributes["href"] or ""
            if href.startswith("http"):
                assert attributes["rel"] == "noopener noreferrer"
                continue
            file, _, anchor = href.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
            assert target in PLAIN, (path, href)
            assert not anchor or anchor in ids[target], (path, href)
            followed += 1
    assert followed > 60


def test_the_summary_says_of_each_source_what_the_assessment_says() -> None:
    given = rows()
    told = {field: getattr(given, field) for field in ("catalog", "decisions", "policy", "facts", "changes")}
    said = assessment_view(**told, problems_of_looking={}, pages_looked_at=2, pages_total=3).summary
    shown = [row for row in page("index.html").rows if row and row[0] != "Source"]
    assert len(said) == len(shown) == 4
    for summary, row in zip(said, shown, strict=True):
        words = " ".join(row)
        source = re.sub(r"\[`(.*)`\]\(.*\)", r"\1", summary.source)
        license_shown, tier = summary.license.replace("\\", ""), summary.tier.strip("*")
        cells = (summary.dataset, summary.layer, summary.determination, summary.tier_if_verified)
        for cell in (source, license_shown, tier, *cells, summary.owner):
            assert cell in words, (cell, row)


def test_a_source_page_shows_rights_with_their_words_gates_evidence_and_effort() -> None:
    shown = page("sources/graph_core.html")
    train = next(row for row in shown.rows if row[0] == "train_model")
    assert "permitted" in train[1]
    assert "for non-commercial purposes" in train[4]
    assert "graph.example.org" in train[4]
    for words in (
        "The core data is in the public domain (CC0).",
        "0123456789abcdef" * 4,
        "privacy_assessment",
        "Pseudonymize and replay deletions.",
        "Likely 3 person-days, from 1.5 to 6: ingestion 2, normalization 1, governance 0.",
        "dump: 1 / 2 / 4. 7 GB in 3 files",
        "names may be wrong",
        "Who signs? Blocks: the first training run (who decides: legal)",
        "7.1 GB",
    ):
        assert words in shown.text, words


def test_words_that_the_decision_does_not_rest_on_prove_no_right() -> None:
    files = render_site(rows(decisions=[decision("graph_core")]))
    shown = Page(files["sources/graph_core.html"])
    train = next(row for row in shown.rows if row[0] == "train_model")
    assert "non-commercial" not in train[4]
    assert "The core data is in the public domain (CC0)." in train[4]


def test_a_gate_names_what_closes_it_and_who_and_one_is_to_be_closed_first() -> None:
    gates = [row for row in page("sources/sounds_audio.html").rows if len(row) == 5 and "research_only" in row[1]]
    assert [(row[0], row[3], row[4]) for row in gates] == [
        ("not_looked_atclose first", "A successful look at its pages.", "clearance"),
        ("needs_attribution", "Build the attribution path.", "product"),
    ]


def test_both_statements_of_a_contradiction_and_a_question_to_send_are_there() -> None:
    text = page("sources/lab_only.html").text
    assert "free for everyone" in text
    assert "academic use only" in text
    assert "Which of these statements holds?" in text


def test_the_timeline_tells_license_and_tier_in_order_of_time() -> None:
    text = page("sources/graph_core.html").text
    told = [
        "CC0-1.0 first seen on",
        "research_only the first decision",
        "CC0-1.0 → CC-BY-NC-4.0 changed by the publisher",
    ]
    told.append("research_only → production_approved cause: review")
    places = [text.index(words) for words in told]
    assert places == sorted(places)


def test_the_timeline_says_when_only_the_reader_changed() -> None:
    same = {"sha256": "a" * 64}
    old, new = version("v1", BEFORE, "CC0-1.0", **same), version("v2", BEFORE, "CC-BY-4.0", **same)
    last = timeline(CATALOG.sources[0][2], [new, old], ())[-1]
    assert (last.what, last.why) == ("CC0-1.0 → CC-BY-4.0", "the same bytes, read by a newer reader, from")


def test_what_the_catalog_tells_without_a_date_comes_last() -> None:
    source = replace(
        CATALOG.sources[0][2], drift=(DriftNote(when="undated", what="x"), DriftNote(when="2019", what="y"))
    )
    assert [item.what for item in timeline(source, [version("v1", BEFORE, "CC0-1.0")], ())] == ["y", "CC0-1.0", "x"]


def test_a_change_shows_both_texts_with_the_words_that_went_and_came() -> None:
    html = PLAIN["sources/graph_core.html"]
    assert "You may use it for <del>any purpose.</del>" in html
    assert "You may use it for <ins>non-commercial purposes.</ins>" in html
    diff = side_by_side(version("v1", BEFORE, "CC0-1.0"), version("v2", AFTER, "CC0-1.0"))
    assert len(diff.pairs) == 1
    assert diff.left_out == 0


def test_a_long_text_that_changed_everywhere_is_cut_and_says_so() -> None:
    old = version("v1", " ".join(f"For any purpose {n}." for n in range(400)) + " for any purpose", "CC0-1.0")
    parts = re.split(r"(?<=[.]) ", old.reading.text)
    text = " ".join(part.replace("For", "Not") if place % 2 else part for place, part in enumerate(parts))
    diff = side_by_side(old, version("v2", text, "CC0-1.0"))
    assert (len(diff.pairs), diff.left_out) == (60, 140)


def test_unconfirmed_changes_stand_apart() -> None:
    text = page("changes.html").text
    assert text.index("Seen once, not confirmed") < text.index("sounds_audio") < text.index("graph_core")


def test_open_decisions_are_listed_by_owner() -> None:
    text = page("open.html").text
    assert text.index("For legal") < text.index("Who signs?") < text.index("For product")
    assert "Build the attribution path." in text[text.index("For product") :]


def test_what_was_not_decided_is_named_as_blocked() -> None:
    files = render_site(rows(decisions=[decision("graph_core")]))
    assert (
        "Not decided here, so to be treated as blocked: graph_tags, lab_only, sounds_audio"
        in Page(files["index.html"]).text
    )


def test_a_decision_about_an_unknown_source_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the catalog: nobody"):
        render_site(rows(decisions=[decision("nobody")]))


def test_figures_have_title_description_and_the_same_numbers_as_a_table() -> None:
    shown = page("figures.html")
    drawings = [a for a in shown.all("svg") if a.get("class") == "plot"]
    assert len(drawings) == 5
    ids = {a["id"] for _, a in shown.elements if a.get("id")}
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set((drawing["aria-labelledby"] or "").split()) <= ids
    assert ["metadata", "1", "1", "0", "2"] in shown.rows
    assert ["2023", "1", "0", "0", "0", "0", "0"] in shown.rows


def test_an_empty_catalog_still_gives_a_site() -> None:
    files = render_site(rows(catalog=replace(CATALOG, providers=()), decisions=[], changes=[], facts=[]))
    assert "No source is decided." in Page(files["figures.html"]).text


@pytest.mark.parametrize("path", sorted(PLAIN))
def test_a_page_is_whole_in_itself_and_has_the_landmarks(path: str) -> None:
    if path == LIST_OF_FILES:
        return
    shown = page(path)
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("h1") == tags.count("main") == tags.count("header") == tags.count("footer") == 1
    assert shown.all("html")[0]["lang"] == "en"
    assert shown.all("a")[0]["href"] == "#main"
    ids = [a["id"] for _, a in shown.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    assert all(th.get("scope") in ("col", "row") for th in shown.all("th"))
    assert_strict(path, PLAIN[path])


def assert_strict(path: str, html: str) -> None:
    """Nothing is loaded, nothing runs but our own script, and links leave only by http and https."""
    shown = Page(html)
    policy = next(a["content"] or "" for a in shown.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert len(inside) == len(shown.all(tag)) == 1
        digest = hashlib.sha256(inside[0].encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy, path
    assert not {tag for tag, _ in shown.elements} & {"img", "iframe", "object", "embed", "base", "audio", "video"}
    for tag, attributes in shown.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (path, tag, name)
            assert name not in ("style", "src", "srcdoc", "action", "formaction", "target"), (path, tag, name)
            if name == "href" and tag not in ("link", "use"):
                assert re.match(r"https?://[A-Za-z0-9.\[]|[a-z./]*[\w.-]+\.html|#[\w-]+$", value or ""), (path, value)


def test_hostile_strings_in_every_field_are_words_and_nothing_else() -> None:
    files = render_site(hostile_rows())
    assert len(files) == len(PLAIN)
    plain_tags = {tag for text in PLAIN.values() for tag, _ in Page(text).elements}
    for path, html in files.items():
        assert re.fullmatch(r"(sources/)?[a-z0-9][a-z0-9._-]*\.(html|sha256)", path)
        html.encode()
        assert not set("\x1b\u202e\x00") & set(html)
        if path == LIST_OF_FILES:
            continue
        assert_strict(path, html)
        assert {tag for tag, _ in Page(html).elements} <= plain_tags
        if path != "changes.html":
            assert VISIBLE in Page(html).text, path


def test_every_field_of_a_source_page_shows_its_hostile_string() -> None:
    html = next(t for p, t in render_site(hostile_rows()).items() if p.startswith("sources/") and "names may" in t)
    assert Page(html).text.count(VISIBLE) > 60


@pytest.mark.parametrize(
    ("source_id", "name"),
    [
        ("graph_core", "graph_core.html"),
        ("con", None),
        ("../../etc/passwd", None),
        ("Graph_Core", None),
        (".hidden", None),
        ("", None),
        ("a" * 300, None),
        ("ü\ud800", None),
    ],
)
def test_file_names_are_safe_and_different_for_different_ids(source_id: str, name: str | None) -> None:
    made = page_name(source_id)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,90}\.html", made)
    assert made == name or (name is None and re.search(r"\.[0-9a-f]{12}\.html$", made))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a@b.example/"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert outside_link(url).href is None


def test_the_same_rows_in_any_order_give_the_same_bytes() -> None:
    mixed = rows()
    order = random.Random(7)
    lists = ("decisions", "facts", "changes", "versions", "tier_steps")
    shuffled = {name: order.sample(list(getattr(mixed, name)), len(getattr(mixed, name))) for name in lists}
    assert render_site(replace(mixed, **shuffled)) == PLAIN


def test_another_process_with_other_settings_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 31\nsvg.fonttype: path\n", encoding="utf-8")
    code = (
        "from site_rows import rows; from reports.site.render import LIST_OF_FILES, render_site;"
        "import sys; sys.stdout.write(render_site(rows())[LIST_OF_FILES])"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "4242",
        "MATPLOTLIBRC": str(tmp_path / "matplotlibrc"),
        "TZ": "Asia/Tokyo",
        "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]),
    }
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == PLAIN[LIST_OF_FILES]


def test_a_change_of_one_source_touches_no_other_source() -> None:
    other = [d if d.source_id != "lab_only" else replace(d, tier=Tier.RESEARCH_ONLY) for d in rows().decisions]
    after = render_site(rows(decisions=other))
    changed = {path for path in after if path.startswith("sources/") and after[path] != PLAIN[path]}
    assert changed == {"sources/lab_only.html"}


def test_the_families_page_says_what_each_source_unlocks_supplements_and_lacks() -> None:
    source = replace(CATALOG.sources[0][2], unlocks=("crosswalk",), supplements=("graph_tags", "other house"))
    graph, sounds = CATALOG.providers
    dataset = replace(graph.datasets[0], sources=(source, *graph.datasets[0].sources[1:]))
    shown = render_site(rows(catalog=replace(CATALOG, providers=(replace(graph, datasets=(dataset,)), sounds))))
    row = next(row for row in Page(shown["families.html"]).rows if row and row[0] == "graph_core")
    assert row[2:] == ["crosswalk", "metadata_graph", "graph_tags, other house", "audio"]
    assert '<a href="sources/graph_tags.html">graph_tags</a>, other house' in shown["families.html"]


def test_the_contradictions_page_has_both_statements_and_the_mail_for_each_source() -> None:
    shown = page("contradictions.html")
    for words in ("free for everyone", "academic use only", "Subject: Terms of use of Lab_Only"):
        assert words in shown.text
    assert "graph_core" not in shown.text, "nothing contradicts there"


def test_statements_of_the_same_two_pages_are_one_contradiction() -> None:
    wide, narrow = "“CC0” (https://a.example/x)", "“no money” (https://a.example/y)"
    torn = tuple(
        Contradiction(action, f"permitted: {wide}", f"{value}: {narrow}", "They differ.")
        for action, value in (
            (Action.COMMERCIAL_USE, "prohibited"),
            (Action.DERIVE, "conditional"),
            (Action.REPRODUCE, "conditional"),
        )
    )
    (one,) = disputes(replace(decisions()[0], contradictions=torn))
    assert one.about == "commercial_use (permitted or prohibited); derive, reproduce (permitted or conditional)"
    assert (one.wider, one.narrower) == (Said("CC0", "https://a.example/x"), Said("no money", "https://a.example/y"))


def test_the_hand_off_says_what_is_done_what_is_next_and_what_blocks() -> None:
    text = page("open.html").text
    handed = text[text.index("Completed") :]
    for words in ("4 sources decided", "2 of 3 pages looked at", "1 confirmed change of terms", "Next", "Blockers"):
        assert words in handed
    assert [row[0] for row in page("open.html").rows if "lab_only" in row[-1]][-1] == "not_eligible"


def test_the_plan_shows_what_goes_with_an_approval() -> None:
    text = page("plan.html").text
    for words in (
        "check before use: confirm the CC0 scope",
        "open question: Who signs?",
        "condition privacy_assessment",
    ):
        assert words in text

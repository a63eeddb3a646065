"""The generator of the drift bench: what it says it does to a page is all it does."""

from __future__ import annotations

import difflib
import http.client
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from bench.drift.breakages import SHOWS_ON
from bench.drift.broken import BREAKAGES
from bench.drift.cosmetic import mutate
from bench.drift.exhibits import Exhibit, exhibit
from bench.drift.licenses import LICENSES
from bench.drift.model import (
    KINDS,
    CosmeticKind,
    Document,
    Epoch,
    Fate,
    MaterialKind,
    Media,
    OutageKind,
    Style,
    Truth,
    VariantKind,
)
from bench.drift.observed import Observed
from bench.drift.outages import outage
from bench.drift.recorded import recorded_exhibits
from bench.drift.render import render
from bench.drift.server import Web, serving
from bench.drift.verdict import judge
from bench.drift.web import Site, build_web

RECORDING = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "real-pages.warc.gz"


def sites(kind: str, pages: int = 6) -> list[Site]:
    return [site for site in build_web(pages, 7, (kind,)) if site.truth.kind == kind]


def words(text: str) -> list[str]:
    return re.sub(r"<[^>]+>", " ", text).split()


def test_the_same_seed_makes_the_same_web_and_another_seed_another() -> None:
    one, two, other = (build_web(4, seed) for seed in (3, 3, 4))
    texts = [[render(site.page).text for site in web] for web in (one, two, other)]
    assert texts[0] == texts[1]
    assert not set(texts[0]) & set(texts[2])


def test_a_thousand_pages_hold_the_shares_the_issue_asks_for() -> None:
    web = build_web(1000, 1)
    fates = Counter(site.truth.fate for site in web)
    kinds = Counter(site.truth.kind for site in web)
    assert (fates[Fate.MATERIAL], fates[Fate.COSMETIC], fates[Fate.OUTAGE]) == (50, 300, 50)
    assert {kind for fate in (Fate.MATERIAL, Fate.COSMETIC, Fate.OUTAGE) for kind in KINDS[fate]} <= set(kinds)
    assert all(kinds[kind] == 30 for kind in CosmeticKind)
    assert len({site.page.host for site in web}) == len({site.page.source_id for site in web}) == 1000
    assert 550 < sum(site.page.has_etag for site in web) < 650
    assert {site.page.terms.style for site in web} == set(Style)


def test_pages_weigh_what_real_ones_weigh() -> None:
    sizes = [len(render(site.page).text.encode()) for site in build_web(12, 2)]
    assert min(sizes) > 18_000
    assert max(sizes) < 130_000


@pytest.mark.parametrize("kind", MaterialKind)
def test_a_material_change_touches_a_few_lines_and_all_of_them_are_about_terms(kind: MaterialKind) -> None:
    for site in sites(kind):
        before, after = (render(site.at(epoch)).text for epoch in (Epoch.BASELINE, Epoch.MUTATED))
        lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
        assert 1 <= len(lines) <= 14
        kept = Counter(words(before)) & Counter(words(after))
        assert sum(kept.values()) > 0.98 * len(words(before))
        assert site.at(Epoch.RECOVERED).terms == site.at(Epoch.MUTATED).terms


def test_a_link_or_json_ld_change_leaves_every_visible_word_in_place() -> None:
    for kind in (MaterialKind.LINK_TARGET_ONLY, MaterialKind.JSON_LD_ONLY):
        for site in sites(kind):
            before, after = (render(site.at(epoch)) for epoch in (Epoch.BASELINE, Epoch.MUTATED))
            assert before.text != after.text
            assert visible(before) == visible(after)


def visible(document: Document) -> list[str]:
    text = re.sub(r"<script.*?</script>", "", document.text, flags=re.S)
    return words(text) if document.media is Media.HTML else re.sub(r"\]\([^)]*\)", "]", text).split()


def test_a_version_change_keeps_the_family_and_a_swap_does_not() -> None:
    for site in sites(MaterialKind.VERSION_ONLY):
        before, after = site.page.terms.license, site.at(Epoch.MUTATED).terms.license
        assert before
        assert after
        assert before != after
        assert LICENSES[before].family == LICENSES[after].family


def test_directions_follow_from_what_the_licenses_ask() -> None:
    told = {site.truth.direction for site in sites(MaterialKind.CLAUSE_ADDED)}
    assert told == {"tightened"}
    assert {site.truth.direction for site in sites(MaterialKind.PERMISSION_GRANTED)} == {"loosened"}


@pytest.mark.parametrize("kind", CosmeticKind)
def test_a_cosmetic_change_changes_the_page_and_no_license_in_its_terms(kind: CosmeticKind) -> None:
    for site in sites(kind, 4):
        one = exhibit(site)
        before, after = one.document(Epoch.BASELINE), one.document(Epoch.MUTATED)
        assert before.text != after.text
        assert addresses_of_licenses(before) == addresses_of_licenses(after)
        assert one.document(Epoch.RECOVERED).text == after.text


def addresses_of_licenses(document: Document) -> list[str]:
    known = {license_.url for license_ in LICENSES.values()}
    return sorted(url for url in re.findall(r"https?://[^\s\"'<>)]+", document.text) if url in known)


@pytest.mark.parametrize("kind", [CosmeticKind.MOVED_PARAGRAPHS, CosmeticKind.REWRAPPED])
def test_moved_and_rewrapped_pages_hold_the_same_words(kind: CosmeticKind) -> None:
    for site in sites(kind, 4):
        one = exhibit(site)
        assert Counter(words(one.document(Epoch.BASELINE).text)) == Counter(words(one.document(Epoch.MUTATED).text))


def test_new_quotes_and_dashes_change_no_letter_and_no_address() -> None:
    text = '<p>It\'s "free" - or fine-tuned -- see <a href="/a-b">CC BY-NC 4.0</a></p><pre>a - "b"</pre>http://a.example/b-c'
    seen = set()
    for seed in range(12):
        after = mutate(CosmeticKind.QUOTES_AND_DASHES, Document(text, Media.HTML), Random(seed))
        assert after is not None
        assert re.sub(r"\W", "", after.text) == re.sub(r"\W", "", text)
        assert '<a href="/a-b">CC BY-NC 4.0</a></p><pre>a - "b"</pre>http://a.example/b-c' in after.text
        seen.add(after.text)
    assert len(seen) > 1


@pytest.mark.parametrize("kind", OutageKind)
def test_an_outage_states_no_license_of_the_page(kind: OutageKind) -> None:
    site = next(site for site in build_web(40, 5) if site.page.terms.style is Style.NAMED and site.page.terms.link)
    document = render(site.page)
    answers = [outage(kind, document, "Archive", Random(seed)) for seed in range(4)]
    for answer in answers:
        whole = len(document.text.encode())
        sent = answer.body[: answer.cut_at]
        assert len(sent) < 0.7 * whole
        assert answer.status in (200, 301, 302, 307, 403, 500, 502, 503)
        if kind is not OutageKind.TRUNCATED:
            assert LICENSES[site.page.terms.link or ""].url.encode() not in sent
    if kind is OutageKind.TIMEOUT:
        assert all(answer.stall for answer in answers)


def get(one: Exhibit, port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(one.host, port, timeout=5)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def test_the_server_answers_pages_tags_robots_and_the_webhook() -> None:
    exhibits = [exhibit(site) for site in build_web(8, 6)]
    tagged = next(one for one in exhibits if one.has_etag and one.truth.fate is not Fate.OUTAGE)
    with serving(Web(exhibits)) as web:
        status, headers, body = get(tagged, web.port, tagged.path)
        assert (status, body.decode()) == (200, tagged.document(Epoch.BASELINE).text)
        status, again, body = get(tagged, web.port, tagged.path, **{"If-None-Match": headers["etag"]})
        assert (status, body, again["etag"]) == (304, b"", headers["etag"])
        assert get(tagged, web.port, tagged.path, **{"If-None-Match": '"other"'})[0] == 200
        robots = {get(one, web.port, "/robots.txt")[0] for one in exhibits}
        assert robots <= {200, 404}
        changed = next(one for one in exhibits if one.truth.fate is Fate.MATERIAL)
        first = get(changed, web.port, changed.path)[2]
        web.epoch = Epoch.MUTATED
        assert get(changed, web.port, changed.path)[2] != first
        hook = http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)
        hook.request("POST", "/alerts", body=b'{"alerts": []}')
        assert hook.getresponse().status == 200
        hook.close()
        assert web.delivered == [{"alerts": []}]


def sample(fate: Fate, kind: str) -> Exhibit:
    made = exhibit(build_web(1, 1)[0])
    truth = Truth("one_set", fate, kind)
    return Exhibit(**{name: getattr(made, name) for name in made.__slots__} | {"source_id": "one_set", "truth": truth})


@pytest.mark.parametrize(
    ("fate", "told", "passed"),
    [
        (Fate.MATERIAL, True, True),
        (Fate.MATERIAL, False, False),
        (Fate.COSMETIC, True, False),
        (Fate.COSMETIC, False, True),
        (Fate.OUTAGE, True, False),
    ],
)
def test_the_verdict_wants_material_changes_told_and_nothing_else(fate: Fate, told: bool, passed: bool) -> None:
    changes = {"one_set": [{"source_id": "one_set", "change": "material", "alert": told}]}
    alerts: dict[str, list[dict[str, object]]] = {"one_set": [{"kind": "license_changed"}]} if told else {}
    observed = {
        Epoch.BASELINE: Observed({"outcomes": {"snapshot": 1}}, {}, {}),
        Epoch.MUTATED: Observed({"outcomes": {"snapshot": 1}}, changes, alerts),
    }
    assert judge([sample(fate, KINDS[fate][0])], observed).passed is passed


def test_a_web_that_was_never_seen_does_not_pass() -> None:
    observed = {Epoch.BASELINE: Observed({"outcomes": {"unreachable": 1}}, {}, {})}
    assert not judge([sample(Fate.COSMETIC, CosmeticKind.DATES)], observed).passed


@pytest.mark.skipif(not RECORDING.is_file(), reason="the recording of real pages lies outside the project")
def test_every_recorded_page_meets_material_cosmetic_and_outage_changes() -> None:
    exhibits = recorded_exhibits(RECORDING, 1)
    met = {(one.truth.fate, one.path) for one in exhibits}
    pages = {one.path for one in exhibits}
    assert len(pages) == 10
    assert all((fate, path) in met for path in pages for fate in (Fate.MATERIAL, Fate.COSMETIC, Fate.OUTAGE))
    for one in exhibits:
        before, after = one.document(Epoch.BASELINE).text, one.document(Epoch.MUTATED).text
        assert (before != after) is (one.truth.fate in (Fate.MATERIAL, Fate.COSMETIC))


def test_a_variant_is_shown_to_the_first_request_alone() -> None:
    one = exhibit(sites(VariantKind.SHOWN_ONCE)[0])
    usual = one.answer(Epoch.BASELINE).body
    assert one.answer(Epoch.MUTATED, asked=0).body != usual
    assert one.answer(Epoch.MUTATED, asked=1).body == usual
    assert one.answer(Epoch.RECOVERED, asked=0).body == usual


def test_of_a_variant_nothing_may_be_told_but_that_it_is_unsteady() -> None:
    one = sample(Fate.VARIANT, VariantKind.SHOWN_ONCE)
    for told, passed in (("unstable", True), ("material", False)):
        changes = {"one_set": [{"source_id": "one_set", "change": told, "alert": True}]}
        observed = {
            Epoch.BASELINE: Observed({"outcomes": {"snapshot": 1}}, {}, {}),
            Epoch.MUTATED: Observed({"outcomes": {"snapshot": 1}}, changes, {}),
        }
        assert judge([one], observed).passed is passed


def test_every_breakage_has_a_kind_of_change_it_must_get_wrong() -> None:
    known = {kind for kinds in KINDS.values() for kind in kinds}
    assert set(SHOWS_ON) == set(BREAKAGES)
    assert set(SHOWS_ON.values()) <= known


def test_a_small_web_holds_every_kind_it_is_asked_for() -> None:
    kinds = tuple(SHOWS_ON.values())
    met = Counter(site.truth.kind for site in build_web(24, 1, kinds))
    assert met == {"unchanged": 12, **dict.fromkeys(kinds, 2)}
    with pytest.raises(ValueError, match="no kind is called 'nonsense'"):
        build_web(24, 1, ("nonsense",))

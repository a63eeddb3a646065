"""What is a change of terms, what is only words, and what is nothing: two readings of one small page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import load_policy
from domain.reading import Change, Reading
from domain.vocabulary import Action, ChangeClass, Direction, Duty
from terms.compare import compare
from terms.reader import Reader
from terms.steady import steady

ROOT = Path(__file__).parents[2]
LICENSE_PAGE = "https://creativecommons.org/licenses"
BY = f"<p>The dataset is licensed under <a href='{LICENSE_PAGE}/by/4.0/'>CC BY 4.0</a>.</p>"
BY_NC = f"<p>The dataset is licensed under <a href='{LICENSE_PAGE}/by-nc/4.0/'>CC BY-NC 4.0</a>.</p>"
SONGS = "<p>It lists short songs with title and year, typed in by hand from record covers.</p>"
RESEARCH = "<p>The dataset may be used, copied and modified for non-commercial research purposes only.</p>"
NO_TRAINING = "<p>You may not use the data to train machine learning models.</p>"
MUST_CREDIT = "<p>You must credit the authors.</p>"
PERMISSION = "<p>Use of the data requires written permission.</p>"
EACH_ITEM = "<p>Each track has its own license.</p>"
LINKED_DATA = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Dataset", "name": "Songs",'
    f' "license": "{LICENSE_PAGE}/by/4.0/"}}</script>'
)


@cache
def reader() -> Reader:
    return Reader(load_policy(ROOT / "policy").families)


def page(
    *parts: str, head: str = "", nav: str = "<a href='/'>Home</a> <a href='/blog'>Blog</a>", foot: str = ""
) -> Reading:
    html = (
        f"<html><head><title>Songs</title>{head}</head><body><nav>{nav}</nav><main><h1>Songs</h1>{''.join(parts)}</main>"
        f"<footer>{foot}</footer></body></html>"
    )
    return reader().read_text(html, "text/html")


def plain(text: str) -> Reading:
    return reader().read_text(text, "text/plain")


def changed(before: Reading, after: Reading) -> Change:
    change = compare(before, after)
    assert change.kind is ChangeClass.MATERIAL, change
    return change


COSMETIC = {
    "a date": (page(BY, "<p>Last updated 3 May 2026.</p>"), page(BY, "<p>Last updated 14 June 2027.</p>")),
    "a date in figures": (page(BY, "<p>Version of 2026-05-03.</p>"), page(BY, "<p>Version of 2027-06-14.</p>")),
    "how long ago": (page(BY, "<p>Updated 3 days ago.</p>"), page(BY, "<p>Updated 2 weeks ago.</p>")),
    "a counter": (page(BY, "<p>812,455 downloads so far.</p>"), page(BY, "<p>815,020 downloads so far.</p>")),
    "a nonce": (page(BY, "<p>Request 8f3ac91be27d.</p>"), page(BY, "<p>Request 1b7de0422c9a.</p>")),
    "a mail address": (
        page(BY, "<p>Write to songs@example.org about errors.</p>"),
        page(BY, "<p>Write to data@example.net about errors.</p>"),
    ),
    "a web address": (
        page(BY, "<p>Errors are listed at https://example.org/errors.</p>"),
        page(BY, "<p>Errors are listed at https://www.example.org/known-errors.</p>"),
    ),
    "reordered navigation": (
        page(BY, SONGS),
        page(BY, SONGS, nav="<a href='/blog'>Blog</a> <a href='/about'>About us</a> <a href='/'>Home</a>"),
    ),
    "moved paragraphs": (page(BY, SONGS), page(SONGS, BY)),
    "lines wrapped anew": (page(BY, SONGS), page(BY.replace(" ", "\n   "), SONGS.replace(" ", "\n"))),
    "quotes and dashes": (
        page(BY, "<p>The \"best of\" list - by 'friends' - is part of it.</p>"),
        page(BY, "<p>The “best of” list – by ‘friends’ — is part of it.</p>"),
    ),
    "hard and soft blanks": (
        page(BY, SONGS),
        page(BY.replace("CC BY", "CC&nbsp;BY"), SONGS.replace("typed", "ty&shy;ped")),
    ),
}


@pytest.mark.parametrize("kind", COSMETIC)
def test_what_changes_by_itself_is_no_change_of_words(kind: str) -> None:
    before, after = COSMETIC[kind]
    assert compare(before, after).kind in (ChangeClass.COSMETIC, ChangeClass.NONE)
    assert compare(after, before).kind in (ChangeClass.COSMETIC, ChangeClass.NONE)


MATERIAL = {
    "license swapped": (page(BY), page(BY_NC), Direction.TIGHTENED),
    "clause added": (page(BY), page(BY, NO_TRAINING), Direction.TIGHTENED),
    "clause removed": (page(BY, NO_TRAINING), page(BY), Direction.LOOSENED),
    "linked data only": (
        page(SONGS, head=LINKED_DATA),
        page(SONGS, head=LINKED_DATA.replace("/by/", "/by-nc/")),
        Direction.TIGHTENED,
    ),
    "version only": (page(BY), page(BY.replace("4.0", "3.0")), None),
    "permission granted": (page(RESEARCH), page(BY), None),
    "duty": (page(RESEARCH), page(RESEARCH, MUST_CREDIT), Direction.TIGHTENED),
    "access requirement": (page(BY), page(BY, PERMISSION), Direction.TIGHTENED),
    "per item": (page(SONGS), page(SONGS, EACH_ITEM), Direction.TIGHTENED),
    "fallen silent": (page(BY), page(SONGS), Direction.WITHDRAWN),
    "another license without other rights": (
        page("<p>The dataset is licensed under the MIT license.</p>"),
        page("<p>The dataset is licensed under the Apache License 2.0.</p>"),
        None,
    ),
}


@pytest.mark.parametrize("kind", MATERIAL)
def test_a_change_of_terms_is_material_whichever_way_it_goes(kind: str) -> None:
    before, after, direction = MATERIAL[kind]
    change = changed(before, after)
    changed(after, before)
    if direction is not None:
        assert change.direction is direction


def test_another_link_target_under_the_same_words_is_material() -> None:
    change = changed(page(BY), page(BY.replace("/by/", "/by-nc/")))
    assert "CC-BY-NC-4.0" in change.licenses_after
    assert "CC-BY-NC-4.0" not in change.licenses_before


def test_licenses_that_trade_layers_are_material() -> None:
    metadata_open = page(BY.replace("dataset", "metadata"), BY_NC.replace("dataset", "audio"))
    audio_open = page(BY.replace("dataset", "audio"), BY_NC.replace("dataset", "metadata"))
    change = changed(metadata_open, audio_open)
    assert change.direction is Direction.MIXED
    assert not change.relicensed
    assert {"audio", "metadata"} <= {*change.reason.replace(",", " ").split()}


def test_one_license_that_now_speaks_of_another_layer_is_material() -> None:
    change = changed(page(BY.replace("dataset", "metadata")), page(BY.replace("dataset", "audio")))
    assert change.reason == "CC-BY-4.0 spoke of metadata and speaks of audio"


def test_a_layer_that_is_no_longer_named_is_material() -> None:
    change = changed(page(BY), page(BY.replace("dataset", "metadata")))
    assert "CC-BY-4.0 spoke of the whole and speaks of metadata" in change.reason


def test_what_is_left_to_items_moves_on_one_scale() -> None:
    stated, unknown = page(BY), page(BY, EACH_ITEM)
    assert changed(stated, unknown).direction is Direction.TIGHTENED
    assert changed(unknown, stated).direction is Direction.LOOSENED


def test_other_words_with_the_same_meaning_are_editorial_and_quoted() -> None:
    change = compare(page(BY, SONGS), page(BY, SONGS.replace("short songs", "songs and hymns")))
    assert change.kind is ChangeClass.EDITORIAL
    assert ("short songs" in change.quote_before, "songs and hymns" in change.quote_after) == (True, True)
    assert change.direction is None


def test_a_right_is_told_with_the_words_it_rested_on_and_rests_on_now() -> None:
    before, after = page(BY), page(BY, NO_TRAINING)
    change = changed(before, after)
    [training] = [right for right in change.rights_changed if right.action is Action.TRAIN_MODEL]
    assert (training.direction, training.quote_before) == (Direction.TIGHTENED, "CC BY 4.0")
    assert training.quote_after == "You may not use the data to train machine learning models."
    assert change.quote_after == training.quote_after
    assert training.before != training.after


def test_a_new_license_is_quoted_from_both_versions() -> None:
    change = changed(page(BY), page(BY_NC))
    assert (change.quote_before, change.quote_after) == ("CC BY 4.0", "CC BY-NC 4.0")
    assert change.relicensed
    assert (change.licenses_before, change.licenses_after) == (("CC-BY-4.0",), ("CC-BY-NC-4.0",))
    assert "license CC-BY-4.0 becomes CC-BY-NC-4.0" in change.reason


def test_a_first_license_is_no_relicensing() -> None:
    change = changed(page(SONGS), page(SONGS, BY))
    assert not change.relicensed
    assert change.direction is Direction.LOOSENED


def test_a_duty_that_comes_tightens_and_one_that_goes_loosens() -> None:
    free, bound = page(RESEARCH), page(RESEARCH, MUST_CREDIT)
    change = changed(free, bound)
    assert (change.duties_before, change.duties_after) == ((), (Duty.ATTRIBUTION,))
    assert changed(bound, free).direction is Direction.LOOSENED


def test_a_license_of_the_code_changes_nothing_about_the_data() -> None:
    code = "<p>The source code is released under the {} license.</p>"
    change = compare(page(BY, code.format("MIT")), page(BY, code.format("Apache 2.0")))
    assert change.kind is not ChangeClass.MATERIAL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Last updated 3 May 2026", "Last updated  14 June 2027"),
        ("seen 1,204 times", "seen 99 times"),
        ("build 8f3ac91be27d", "build 1b7de0422c9a"),
        ("see https://example.org/a", "see https://example.net/b?c=d"),
        ("“fair” use – only", "'fair' use - only"),
    ],
)
def test_sentences_are_compared_without_what_changes_by_itself(one: str, other: str) -> None:
    assert steady(one) == steady(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("you may use it", "you may not use it"),
        ("for research", "for any purpose"),
        ("may be used", "may be copied"),
        ("CC BY", "CC BY-NC"),
    ],
)
def test_words_that_mean_something_stay_apart(one: str, other: str) -> None:
    assert steady(one) != steady(other)


PARTS = (BY, BY_NC, SONGS, RESEARCH, NO_TRAINING, MUST_CREDIT, PERMISSION, EACH_ITEM, "<p>Updated 3 May 2026.</p>")
PAGES = st.lists(st.sampled_from(PARTS), max_size=4, unique=True).map(tuple)
LICENSED = st.tuples(st.sampled_from((BY, BY_NC)), st.lists(st.sampled_from(PARTS[2:]), max_size=3, unique=True)).map(
    lambda found: (found[0], *found[1])
)
SENTENCES = (
    "The dataset is licensed under CC BY 4.0. You may not use it to train machine learning models. It lists short"
    " songs with title, year and composer, typed in by hand. You must credit the authors."
)
WORDS = tuple(SENTENCES.split())


@cache
def read(parts: tuple[str, ...]) -> Reading:
    return page(*parts)


@given(PAGES)
def test_a_page_does_not_differ_from_itself(parts: tuple[str, ...]) -> None:
    assert compare(page(*parts), page(*parts)).kind is ChangeClass.NONE


@given(PAGES, PAGES)
def test_what_is_material_one_way_is_material_the_other_way(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    there, back = compare(read(one), read(other)), compare(read(other), read(one))
    assert (there.kind is ChangeClass.MATERIAL) == (back.kind is ChangeClass.MATERIAL)


@given(LICENSED, LICENSED)
def test_the_way_back_goes_the_other_way(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    mirror = {Direction.TIGHTENED: Direction.LOOSENED, Direction.LOOSENED: Direction.TIGHTENED}
    there, back = compare(read(one), read(other)), compare(read(other), read(one))
    assert back.direction is (mirror.get(there.direction, there.direction) if there.direction else None)
    for right, again in zip(there.rights_changed, back.rights_changed, strict=True):
        assert again.direction is mirror.get(right.direction, right.direction)
        assert (right.before, right.after) == (again.after, again.before)


@given(PAGES, PAGES)
def test_a_quote_stands_on_the_page_it_is_taken_from(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    before, after = read(one), read(other)
    change = compare(before, after)
    assert change.quote_before in before.text
    assert change.quote_after in after.text


@settings(max_examples=50)
@given(st.lists(st.sampled_from((" ", "  ", "\n", " \n")), min_size=len(WORDS) - 1, max_size=len(WORDS) - 1))
def test_wrapping_lines_anew_never_changes_the_terms(gaps: list[str]) -> None:
    wrapped = "".join(word + gap for word, gap in zip(WORDS, [*gaps, ""], strict=True))
    assert compare(plain(SENTENCES), plain(wrapped)).kind in (ChangeClass.NONE, ChangeClass.COSMETIC)


@given(st.permutations(PARTS[2:8]))
def test_moving_paragraphs_never_changes_the_terms(parts: list[str]) -> None:
    assert compare(page(BY, *PARTS[2:8]), page(BY, *parts)).kind in (ChangeClass.NONE, ChangeClass.COSMETIC)

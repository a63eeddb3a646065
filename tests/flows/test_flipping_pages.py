"""A page that flips among variants: one alert, and the narrowest it showed counts until it stays on one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_follow_watch import DAY, START, accepted, alerts, follow, reader, version

from domain.catalog import Watch
from domain.deciding import WatchEvidence
from domain.history import AlertKind, Version, WatchState
from domain.rights import Rights
from domain.vocabulary import Layer, Outcome, SpeaksFor, WatchRole
from flows.follow_watch import Followed, Follower, Observation, Patience
from flows.read_version import determination_of
from scoring.narrowing import stricter
from scoring.statements import narrowed_statements

WINDOW = Patience().unstable_window
VARIANTS = {
    "open": "The dataset is licensed under CC BY 4.0.",
    "no commerce": "The dataset is licensed under CC BY-NC 4.0.",
    "no derivatives": "The dataset is licensed under CC BY-ND 4.0.",
    "no training": "The dataset is licensed under CC BY 4.0. You may not train models on the data.",
}
GAPS = st.sampled_from([timedelta(minutes=5), timedelta(hours=6), DAY, 3 * DAY, 6 * DAY, 8 * DAY, 20 * DAY])
WATCH = Watch(url="https://example.org/terms", role=WatchRole.LICENSE, speaks_for=SpeaksFor.PUBLISHER)
Showing = tuple[str, timedelta, bool]
"""A variant (or "down"), the time since the look before, whether the same run looked before."""


@cache
def variant(name: str, copy: int = 0) -> Version:
    """A variant; its copies differ in bytes and say the same."""
    shown = version("open")
    text = f"{VARIANTS[name]} Request {copy:08x}a1b2."
    return Version(
        version_id=f"{name} {copy}",
        watch_id=shown.watch_id,
        source_id=shown.source_id,
        url=shown.url,
        sha256=f"{name} {copy}",
        seen_at=START,
        origin=shown.origin,
        reading=reader().read_text(text, "text/plain"),
    )


def showings(names: Sequence[str]) -> st.SearchStrategy[list[Showing]]:
    return st.lists(st.tuples(st.sampled_from([*names, "down"]), GAPS, st.booleans()), min_size=1, max_size=40)


def followed(shown: Sequence[Showing]) -> list[tuple[datetime, str, Followed]]:
    follower = Follower(run_id="r", determine=determination_of)
    state = WatchState(watch_id="s/license/1", source_id="s", url="https://example.org/terms")
    at, steps = START, []
    for number, (name, gap, second_look) in enumerate(shown):
        at += gap
        if name == "down":
            seen = Observation(at, Outcome.UNREACHABLE, "timeout: as told")
        else:
            seen = Observation(at, Outcome.SNAPSHOT, None, variant(name, number % 2))
        step = follower.follow(state, seen, second_look=second_look)
        steps.append((at, name, step))
        state = step.step.state
    return steps


def deciding(state: WatchState) -> Rights:
    """The rights a decision takes from a state."""
    assert state.accepted is not None
    evidence = WatchEvidence(
        watch_id=state.watch_id,
        watch=WATCH,
        reading=state.accepted.reading,
        pending=state.pending.reading if state.pending else None,
        variants=tuple(version.reading for version in state.counted_variants),
    )
    [statement] = narrowed_statements([evidence], Layer.METADATA)
    return statement.rights


def limits(rights: Rights) -> list[object]:
    """What each right leaves open; a prohibition has no purpose and no conditions."""
    return [
        (right.width, right.purpose, right.assignee, right.conditions) if right.width >= 2 else right.width
        for _, right in rights
    ]


def no_wider(rights: Rights, others: Rights) -> bool:
    return limits(stricter(rights, others)) == limits(rights)


@pytest.mark.parametrize("names", [list(VARIANTS)[:2], list(VARIANTS)[:3], list(VARIANTS)])
def test_while_a_page_flips_nothing_counts_wider_than_the_narrowest_it_showed_within_the_window(
    names: list[str],
) -> None:
    @settings(max_examples=150, deadline=None)
    @given(showings(names))
    def holds(shown: list[Showing]) -> None:
        steps = followed(shown)
        for place, (now, _, step) in enumerate(steps):
            if not step.step.state.unstable:
                continue
            rights = deciding(step.step.state)
            lately = {name for at, name, _ in steps[: place + 1] if now - at <= WINDOW and name != "down"}
            assert [name for name in lately if not no_wider(rights, variant(name).reading.rights)] == []

    holds()


@settings(max_examples=150, deadline=None)
@given(showings(list(VARIANTS)))
def test_what_a_flipping_page_showed_is_forgotten_only_when_it_stays(shown: list[Showing]) -> None:
    held: Rights | None = None
    for _, _, step in followed(shown):
        state = step.step.state
        if not state.unstable:
            held = None
            continue
        rights = deciding(state)
        assert held is None or no_wider(rights, held)
        held = rights


@settings(max_examples=150, deadline=None)
@given(showings(list(VARIANTS)))
def test_variants_give_no_alert_after_the_first_while_they_go_on(shown: list[Showing]) -> None:
    flipping = False
    for _, _, step in followed(shown):
        kinds = [alert.kind for alert in step.step.alerts]
        if flipping and step.step.state.unstable:
            assert {*kinds} <= {AlertKind.WATCH_FAILING, AlertKind.WATCH_RECOVERED}
        flipping = step.step.state.unstable


@settings(max_examples=100, deadline=None)
@given(showings(list(VARIANTS)))
def test_of_variants_that_say_the_same_one_is_remembered(shown: list[Showing]) -> None:
    state = followed(shown)[-1][2].step.state
    remembered = [remembered.version.version_id.rpartition(" ")[0] for remembered in state.variants]
    assert len(remembered) == len({*remembered})
    assert state.pending is None or state.pending.version_id.rpartition(" ")[0] not in remembered


def test_the_narrowest_of_three_counts_though_two_others_were_shown_since() -> None:
    steps = follow(["open", "closed", "open", "third", "open", "third"], every=DAY)
    state = steps[-1].step.state
    assert state.unstable
    assert [remembered.version.version_id for remembered in state.variants] == ["closed"]
    assert no_wider(deciding(state), version("closed").reading.rights)
    assert not no_wider(version("third").reading.rights, version("closed").reading.rights)


def test_three_variants_in_turn_are_one_change_and_one_unstable_watch() -> None:
    steps = follow(["open", "closed", "third"] * 10, every=DAY)
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED, AlertKind.WATCH_UNSTABLE]


def test_variants_that_a_second_look_bears_out_are_unstable_when_the_page_goes_back_twice() -> None:
    steps = follow(["open", "open", "closed", "closed"] * 6, every=DAY / 2)
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED, AlertKind.LICENSE_CHANGED, AlertKind.WATCH_UNSTABLE]
    assert no_wider(deciding(steps[-3].step.state), version("closed").reading.rights)


def test_one_mistake_that_is_mended_within_the_window_is_two_changes() -> None:
    steps = follow(["open", "closed", "closed", *["open"] * 20], every=DAY)
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED, AlertKind.LICENSE_CHANGED]
    last = steps[-1].step.state
    assert (accepted(steps), last.unstable, last.flips, last.variants) == ("open", False, (), ())


def test_a_page_of_three_variants_that_stays_on_one_yields_that_change_and_forgets_the_others() -> None:
    steps = follow(["open", "closed", "open", "third", "open", "third", *["third"] * 9], every=DAY)
    changed = [alert for step in steps for alert in step.step.alerts if alert.kind is AlertKind.LICENSE_CHANGED]
    assert [alert.at for alert in changed] == [START + 5 * DAY]
    last = steps[-1].step.state
    assert (accepted(steps), last.unstable, last.pending, last.variants) == ("third", False, None, ())


def test_what_was_taken_back_once_counts_no_more() -> None:
    state = follow(["open", "closed", "open"], every=DAY)[-1].step.state
    assert [remembered.version.version_id for remembered in state.variants] == ["closed"]
    assert (state.unstable, state.counted_variants) == (False, ())
    assert follow(["open", "closed", "open", *["open"] * 9], every=DAY)[-1].step.state.variants == ()

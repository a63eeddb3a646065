"""From look to look: confirmation, taking back, flipping, failing, recovery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load_policy
from domain.history import AlertKind, Version, WatchState
from domain.vocabulary import ChangeClass, Direction, Origin, Outcome
from flows.follow_watch import Followed, Follower, Observation, Patience
from flows.read_version import determination_of
from terms.reader import Reader

ROOT = Path(__file__).parents[2]
START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
TEXTS = {
    "open": "The dataset is licensed under CC BY 4.0.",
    "open again": "Last updated 3 May 2026. The dataset  is licensed under CC BY 4.0.",
    "open, other words": "This dataset is released under the CC BY 4.0 license. It holds songs.",
    "closed": "The dataset is licensed under CC BY-NC 4.0.",
    "third": "The dataset is licensed under CC BY-ND 4.0.",
    "german": "Der Datensatz steht unter der Lizenz CC BY-NC 4.0 und darf nicht für den Verkauf genutzt werden. "
    "Er enthält Lieder, die wir mit der Hand aus den Heften der Schule und von den Blättern des Chors abgeschrieben "
    "haben, und er ist für alle, die sich für das Singen in der Schule und auf dem Land interessieren.",
    "silent": "We are a group of people who like songs and write about them.",
}


@cache
def reader() -> Reader:
    return Reader(load_policy(ROOT / "policy").families)


@cache
def version(name: str) -> Version:
    reading = reader().read_text(TEXTS[name], "text/plain")
    return Version(
        version_id=name,
        watch_id="s/license/1",
        source_id="s",
        url="https://example.org/terms",
        sha256=name,
        seen_at=START,
        origin=Origin.DIRECT,
        reading=reading,
    )


def follow(shown: Sequence[str], *, every: timedelta = 10 * DAY, patience: Patience | None = None) -> list[Followed]:
    """Every look in turn: a name of TEXTS, or an outcome."""
    follower = Follower(run_id="r", determine=determination_of, patience=patience or Patience())
    state = WatchState(watch_id="s/license/1", source_id="s", url="https://example.org/terms")
    steps = []
    for number, name in enumerate(shown):
        if name in TEXTS:
            seen = Observation(START + number * every, Outcome.SNAPSHOT, None, version(name))
        else:
            seen = Observation(START + number * every, Outcome(name), "as told")
        steps.append(follower.follow(state, seen))
        state = steps[-1].step.state
    return steps


def alerts(steps: list[Followed]) -> list[AlertKind]:
    return [alert.kind for step in steps for alert in step.step.alerts]


def accepted(steps: list[Followed]) -> str:
    last = steps[-1].step.state.accepted
    assert last is not None
    return last.version_id


def test_the_first_reading_is_the_baseline_and_tells_nobody() -> None:
    steps = follow(["open"])
    assert (steps[0].change.kind, accepted(steps), alerts(steps)) == (ChangeClass.FIRST, "open", [])


def test_a_change_counts_and_is_told_when_the_second_look_shows_it_again() -> None:
    steps = follow(["open", "closed", "closed"])
    assert steps[1].change.kind is ChangeClass.MATERIAL
    assert steps[1].step.state.pending is not None
    assert accepted(steps[:2]) == "open"
    assert alerts(steps[:2]) == []
    assert accepted(steps) == "closed"
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED]
    confirmed = steps[2].step.changes[-1]
    assert (confirmed.at, confirmed.confirmed, confirmed.alert) == (START + 10 * DAY, True, True)
    assert confirmed.change_id == steps[1].step.changes[-1].change_id


def test_a_second_look_too_soon_confirms_nothing() -> None:
    patience = Patience(confirm_after=timedelta(hours=1))
    soon = follow(["open", "closed", "closed"], every=timedelta(minutes=1), patience=patience)
    assert (accepted(soon), alerts(soon)) == ("open", [])


def test_a_change_that_is_taken_back_is_told_to_nobody() -> None:
    steps = follow(["open", "closed", "open"])
    assert (accepted(steps), alerts(steps)) == ("open", [])
    assert steps[-1].step.state.pending is None
    assert [record.confirmed for step in steps for record in step.step.changes] == [True, False, False]


def test_a_third_text_confirms_the_change_before_it_and_waits_itself() -> None:
    steps = follow(["open", "closed", "third"])
    assert accepted(steps) == "closed"
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED]
    pending = steps[-1].step.state.pending
    assert pending is not None
    assert pending.version_id == "third"


def test_two_flips_within_the_window_make_a_watch_unstable_once() -> None:
    steps = follow(["open", "closed", "open", "closed", "open", "closed"], every=DAY)
    assert alerts(steps) == [AlertKind.WATCH_UNSTABLE]
    assert steps[3].change.kind is ChangeClass.UNSTABLE
    last = steps[-1].step.state
    assert last.unstable
    assert last.accepted is not None
    assert last.pending is not None


def test_variants_within_one_run_are_unstable_at_once() -> None:
    follower = Follower(run_id="r", determine=determination_of)
    base = follow(["open", "closed"])[-1].step.state
    step = follower.follow(
        base, Observation(START + 10 * DAY, Outcome.SNAPSHOT, None, version("open")), second_look=True
    )
    assert step.step.state.unstable
    assert [alert.kind for alert in step.step.alerts] == [AlertKind.WATCH_UNSTABLE]


def test_a_flipping_page_that_stays_yields_its_change_at_the_look_that_began_the_stay() -> None:
    steps = follow(["open", "closed", "open", "closed", "closed", "closed", *["closed"] * 8], every=DAY)
    changed = [alert for step in steps for alert in step.step.alerts if alert.kind is AlertKind.LICENSE_CHANGED]
    assert [alert.at for alert in changed] == [START + 3 * DAY]
    assert accepted(steps) == "closed"
    assert not steps[-1].step.state.unstable


def test_a_flipping_page_that_stays_on_the_old_words_changed_nothing() -> None:
    steps = follow(["open", "closed", "open", "closed", "open", *["open"] * 10], every=DAY)
    assert alerts(steps) == [AlertKind.WATCH_UNSTABLE]
    last = steps[-1].step.state
    assert (accepted(steps), last.unstable, last.pending) == ("open", False, None)


def test_flips_further_apart_than_the_window_are_changes_of_their_own() -> None:
    steps = follow(["open", "closed", "closed", "open", "open"])
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED, AlertKind.LICENSE_CHANGED]
    assert accepted(steps) == "open"


def test_dates_and_blanks_are_cosmetic_and_leave_the_evidence_where_it_was() -> None:
    steps = follow(["open", "open again"])
    assert steps[1].change.kind in (ChangeClass.COSMETIC, ChangeClass.EDITORIAL)
    assert steps[1].change.kind is not ChangeClass.MATERIAL
    assert alerts(steps) == []


def test_other_words_with_the_same_meaning_move_the_evidence_and_tell_nobody() -> None:
    steps = follow(["open", "open, other words"])
    assert steps[1].change.kind is ChangeClass.EDITORIAL
    assert (accepted(steps), alerts(steps)) == ("open, other words", [])


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.REFUSED, Outcome.SUSPECT])
def test_failing_looks_are_told_once_and_so_is_recovery(outcome: Outcome) -> None:
    steps = follow(["open", *[outcome] * 5, "open", "open"])
    assert alerts(steps) == [AlertKind.WATCH_FAILING, AlertKind.WATCH_RECOVERED]
    assert accepted(steps) == "open"


def test_one_bad_look_and_its_end_are_silent() -> None:
    assert alerts(follow(["open", Outcome.UNREACHABLE, "open", Outcome.SUSPECT, "open"])) == []


def test_terms_that_changed_during_an_outage_are_a_change_like_any_other() -> None:
    steps = follow(["open", Outcome.UNREACHABLE, "closed", "closed"])
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED]


def test_a_page_that_stays_gone_is_withdrawn_and_not_merely_failing() -> None:
    steps = follow(["open", *[Outcome.GONE] * 4])
    assert alerts(steps) == [AlertKind.SOURCE_WITHDRAWN]
    record = steps[3].step.changes[-1]
    assert (record.change.direction, record.alert) == (Direction.WITHDRAWN, True)


def test_a_page_that_falls_silent_has_changed() -> None:
    steps = follow(["open", "silent", "silent"])
    assert alerts(steps) == [AlertKind.LICENSE_CHANGED]
    assert steps[2].step.changes[-1].change.direction is Direction.WITHDRAWN


def test_another_language_is_kept_aside_and_told_as_a_failing_watch() -> None:
    steps = follow(["open", "german", "german", "german", "open"])
    assert alerts(steps) == [AlertKind.WATCH_FAILING, AlertKind.WATCH_RECOVERED]
    assert accepted(steps) == "open"


def test_an_older_look_tells_nothing_about_the_present() -> None:
    follower = Follower(run_id="r", determine=determination_of)
    state = follow(["open", "open"])[-1].step.state
    step = follower.follow(state, Observation(START, Outcome.SNAPSHOT, None, version("closed")))
    assert step.step.state == state


def test_a_clock_that_was_ahead_holds_up_nothing() -> None:
    state = follow(["open", "closed"], every=40 * DAY)[-1].step.state
    follower = Follower(run_id="r", determine=determination_of, in_order=True)
    told = []
    for day in (1, 2):
        seen = Observation(START + day * DAY, Outcome.SNAPSHOT, None, version("closed"))
        step = follower.follow(state, seen).step
        state = step.state
        told += [alert.kind for alert in step.alerts]
    assert told == [AlertKind.LICENSE_CHANGED]
    assert state.accepted == version("closed")
    assert state.last_look_at == START + 2 * DAY


@given(st.lists(st.sampled_from([*TEXTS, *(outcome.value for outcome in Outcome if outcome is not Outcome.SNAPSHOT)])))
def test_whatever_happens_nothing_is_told_twice_and_nothing_confirmed_unseen(shown: list[str]) -> None:
    steps = follow(shown, every=DAY)
    keys = [alert.dedupe_key for step in steps for alert in step.step.alerts]
    assert len(keys) == len(set(keys))
    confirmed = {
        record.version_after
        for step in steps
        for record in step.step.changes
        if record.confirmed and record.change.kind is ChangeClass.MATERIAL and record.version_after
    }
    # A confirmed change was on the page in two looks, or was followed by yet another text.
    assert confirmed <= set(shown)
    assert all(step.step.state.pending is None or step.step.state.accepted is not None for step in steps)

"""What a page says in turn: flips are counted, and nothing it said is forgotten while they go on. Pure.

A region, an experiment or a broken cache shows different terms to different looks. Which of them are the
publisher's word is not for a look to say, so all of them count until the page stays on one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.history import Variant, Version, WatchState
from domain.vocabulary import ChangeClass
from terms.compare import compare


def same_terms(one: Version, other: Version) -> bool:
    """Whether two versions differ in words at most."""
    return compare(one.reading, other.reading).kind is not ChangeClass.MATERIAL


def on_pending(state: WatchState) -> bool:
    """Whether the newest look showed the waiting variant and not the accepted one."""
    if state.pending is None or state.pending_since is None:
        return False
    return not state.flips or state.pending_since >= state.flips[-1]


def has_shown(state: WatchState, version: Version) -> bool:
    """Whether a version says what the page said within the window, before what it says now."""
    return any(same_terms(variant.version, version) for variant in state.variants)


def flipped(state: WatchState, at: datetime, window: timedelta, *, second_look: bool) -> WatchState:
    """One flip more. Two within the window, or variants within one run, make the watch unstable."""
    flips = (*(flip for flip in state.flips if at - flip <= window), at)
    return replace(state, flips=flips, unstable=state.unstable or second_look or len(flips) >= 2)


def showing(state: WatchState, version: Version, at: datetime) -> WatchState:
    """The page shows a version that was not accepted: it waits, and what waited before is remembered."""
    state = state if state.pending is None else remembering(state, state.pending, at)
    others = tuple(variant for variant in state.variants if not same_terms(variant.version, version))
    return replace(state, pending=version, pending_since=at, variants=others)


def taken_back(state: WatchState, at: datetime) -> WatchState:
    """The page shows what was accepted again. What waited goes on waiting while the page flips."""
    if state.unstable or state.pending is None:
        return state
    return replace(remembering(state, state.pending, at), pending=None, pending_since=None)


def remembering(state: WatchState, gone: Version, until: datetime) -> WatchState:
    """With a version the page showed until a look that showed another."""
    others = tuple(variant for variant in state.variants if not same_terms(variant.version, gone))
    return replace(state, variants=(*others, Variant(gone, until)))


def only_recent(state: WatchState, now: datetime, window: timedelta) -> WatchState:
    """Without what the page last said before the window, unless it still flips."""
    if state.unstable:
        return state
    recent = tuple(variant for variant in state.variants if now - variant.until <= window)
    return state if recent == state.variants else replace(state, variants=recent)

"""A page that comes in another language is kept aside: it neither changes the terms nor becomes a baseline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from catalog import load_policy
from domain.history import AlertKind, Version, WatchState
from domain.vocabulary import ChangeClass, Origin, Outcome
from flows.follow_watch import Followed, Follower, Observation
from flows.read_version import determination_of
from terms.reader import Reader

ROOT = Path(__file__).parents[2]
START = datetime(2026, 3, 1, tzinfo=UTC)
ENGLISH = (
    "The dataset is licensed under CC BY 4.0. It lists short songs with title, year and composer, typed in by hand from"
    " the covers of records that the pupils of two schools had collected over the years for their own use at home."
)
GERMAN = (
    "Der Datensatz steht unter der Lizenz CC BY 4.0. Er enthält kurze Lieder mit Titel, Jahr und Komponist, die von"
    " Hand aus den Hüllen der Platten abgeschrieben wurden, die das Archiv der Schule in den Jahren nicht mehr im"
    " Bestand hat und die auch von dem Verein für die Pflege der Musik nicht mehr gesammelt werden."
)
POLISH = (
    "Zbiór danych jest dostępny na licencji CC BY 4.0 i nie może być używany do celów, które nie są opisane na tej"
    " stronie. Zawiera krótkie piosenki z tytułem, rokiem i kompozytorem, które zostały przepisane ręcznie z okładek"
    " płyt, które uczniowie dwóch szkół zbierali przez lata dla własnego użytku, a także od innych osób w mieście."
)


@cache
def reader() -> Reader:
    return Reader(load_policy(ROOT / "policy").families)


def shown(text: str) -> Version:
    return Version(
        version_id=text[:6],
        watch_id="s/license/1",
        source_id="s",
        url="https://example.org/terms",
        sha256=text[:6],
        seen_at=START,
        origin=Origin.DIRECT,
        reading=reader().read_text(text, "text/plain"),
    )


def follow(*texts: str) -> list[Followed]:
    follower = Follower(run_id="r", determine=determination_of)
    state = WatchState(watch_id="s/license/1", source_id="s", url="https://example.org/terms")
    steps = []
    for number, text in enumerate(texts):
        seen = Observation(START + timedelta(days=10 * number), Outcome.SNAPSHOT, None, shown(text))
        steps.append(follower.follow(state, seen))
        state = steps[-1].step.state
    return steps


def test_a_page_in_another_language_is_suspect_and_says_why() -> None:
    [_, step] = follow(ENGLISH, GERMAN)
    state = step.step.state
    assert (state.last_outcome, state.failures, state.pending) == (Outcome.SUSPECT, 1, None)
    assert state.failing_reason == "suspect: other_language: de where it was en"
    assert step.step.changes == ()


def test_a_page_that_is_back_in_its_language_changed_nothing() -> None:
    steps = follow(ENGLISH, GERMAN, ENGLISH)
    assert steps[-1].change.kind is ChangeClass.NONE
    assert [alert for step in steps for alert in step.step.alerts] == []


def test_a_page_that_stays_in_another_language_fails_and_never_becomes_the_baseline() -> None:
    steps = follow(ENGLISH, *[GERMAN] * 4)
    assert [alert.kind for step in steps for alert in step.step.alerts] == [AlertKind.WATCH_FAILING]
    accepted = steps[-1].step.state.accepted
    assert accepted is not None
    assert accepted.reading.language == "en"


def test_a_page_that_was_not_read_is_followed_into_a_language_that_is() -> None:
    [_, step] = follow(POLISH, ENGLISH)
    assert step.step.state.last_outcome is Outcome.SNAPSHOT
    assert step.change.kind is ChangeClass.MATERIAL

"""The Atom feed: valid, escaped, the same for the same alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from alerts.digest import Concern
from alerts.feed import ATOM, atom_feed
from domain.history import Alert, AlertKind

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
NAMES = {"a": ATOM}


def alert(number: int, **changed: object) -> Alert:
    fields: dict[str, object] = {
        "alert_id": f"alert-{number:03}",
        "dedupe_key": f"key-{number}",
        "run_id": "run-1",
        "kind": AlertKind.LICENSE_CHANGED,
        "source_id": "tiny",
        "title": f"tiny changed its terms, {number}",
        "body": "license CC0-1.0 becomes CC-BY-NC-4.0",
        "url": "https://example.org/license?a=1&b=2",
        "at": NOW + timedelta(minutes=number),
    }
    return Alert(**{**fields, **changed})  # type: ignore[arg-type]


def parsed(*alerts: Alert, concerns: dict[str, Concern] | None = None) -> ElementTree.Element:
    feed = atom_feed(alerts, concerns or {})
    assert feed is not None
    return ElementTree.fromstring(feed)


def test_a_feed_has_what_the_standard_demands() -> None:
    feed = parsed(alert(1), alert(2), concerns={"tiny": Concern("lena", ("playlist-model", "search"))})
    assert feed.tag == f"{{{ATOM}}}feed"
    assert feed.findtext("a:updated", namespaces=NAMES) == "2026-11-24T06:02:00Z"
    assert feed.find("a:author/a:name", NAMES) is not None
    entries = feed.findall("a:entry", NAMES)
    ids = [entry.findtext("a:id", namespaces=NAMES) for entry in entries]
    assert ids == ["urn:clearance:alert:alert-002", "urn:clearance:alert:alert-001"]
    for entry in entries:
        for name in ("id", "title", "updated", "content"):
            assert entry.findtext(f"a:{name}", namespaces=NAMES)
    content = entries[0].findtext("a:content", namespaces=NAMES)
    assert content == "license CC0-1.0 becomes CC-BY-NC-4.0\nowner: lena; used by: playlist-model, search"
    link = entries[0].find("a:link", NAMES)
    assert link is not None
    assert link.get("href") == "https://example.org/license?a=1&b=2"


def test_upstream_words_are_never_markup_and_never_break_the_feed() -> None:
    hostile = "</title><script>alert(1)</script>&\x00\x0b\x1b\ud800\ufffe ]]> \u202etxet"
    feed = parsed(alert(1, title=hostile, body=hostile, source_id=hostile, url="javascript:alert(1)"))
    assert {element.tag.partition("}")[2] for element in feed.iter()} == {
        *("feed", "id", "title", "updated", "author", "name", "entry", "category", "content")
    }
    title = feed.findtext("a:entry/a:title", namespaces=NAMES)
    assert title is not None
    assert title.startswith("</title><script>alert(1)</script>&")
    assert feed.find("a:entry/a:link", NAMES) is None


def test_the_same_alerts_give_the_same_feed_and_only_the_newest_stay() -> None:
    many = [alert(number) for number in range(150)]
    assert atom_feed(many, {}) == atom_feed(list(reversed(many)), {})
    entries = parsed(*many).findall("a:entry", NAMES)
    assert len(entries) == 100
    assert entries[0].findtext("a:id", namespaces=NAMES) == "urn:clearance:alert:alert-149"


def test_without_an_alert_there_is_no_feed() -> None:
    assert atom_feed([], {}) is None

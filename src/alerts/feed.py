"""The alerts as an Atom feed (RFC 4287), for whoever prefers to ask instead of being told."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from alerts.digest import Concern, one_line
from domain.history import Alert

ATOM = "http://www.w3.org/2005/Atom"
_KEPT = 100
_FEED_ID = "urn:clearance:alerts"


def atom_feed(alerts: Sequence[Alert], concerns: Mapping[str, Concern]) -> str | None:
    """The newest hundred alerts, newest first; None where there is none, since a feed needs a date.

    Depends on the alerts alone, so the same outbox gives the same file. Upstream words are text, never
    markup, and only web addresses become links.
    """
    if not alerts:
        return None
    newest = sorted(alerts, key=lambda alert: (alert.at, alert.alert_id), reverse=True)[:_KEPT]
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _text(feed, "id", _FEED_ID)
    _text(feed, "title", "Clearance: changes of dataset terms")
    _text(feed, "updated", _at(newest[0].at))
    _text(ElementTree.SubElement(feed, f"{{{ATOM}}}author"), "name", "Clearance")
    for alert in newest:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, "id", f"urn:clearance:alert:{alert.alert_id}")
        _text(entry, "title", one_line(alert.title))
        _text(entry, "updated", _at(alert.at))
        ElementTree.SubElement(entry, f"{{{ATOM}}}category", term=alert.kind.value)
        ElementTree.SubElement(entry, f"{{{ATOM}}}category", term=_printable(alert.source_id))
        if alert.url is not None and alert.url.startswith(("http://", "https://")):
            ElementTree.SubElement(entry, f"{{{ATOM}}}link", rel="related", href=_printable(alert.url))
        concern = concerns.get(alert.source_id, Concern()).words
        content = "\n".join(part for part in (one_line(alert.body), concern) if part)
        _text(entry, "content", content).set("type", "text")
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _text(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = _printable(text)
    return element


def _printable(text: str) -> str:
    """Without the code points that XML cannot hold, escaped or not."""
    return "".join(
        char
        for char in text
        if char in "\n\t" or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in "\ufffe\uffff")
    )


def _at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

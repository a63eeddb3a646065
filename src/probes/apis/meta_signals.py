"""What the head of a page says about training: `<meta>` names that other places send as headers."""

from __future__ import annotations

import re
from html import unescape

from probes.apis.header_signals import read as read_headers
from probes.apis.reading import ApiAnswer, ApiReading

_HEAD_BYTES = 100_000
_META = re.compile(r"<meta\b[^<>]{0,2000}>", re.IGNORECASE)
_VALUE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_AS_HEADER = {
    "tdm-reservation": "tdm-reservation",
    "tdm-policy": "tdm-policy",
    "robots": "x-robots-tag",
    "content-usage": "content-usage",
    "content-signal": "content-signal",
}


def read(answer: ApiAnswer) -> ApiReading:
    """The signals in a web page's own `<meta>`; they bind this page alone. Several of a name count together."""
    if "html" not in answer.media_type:
        return ApiReading()
    head = _without_comments(answer.body[:_HEAD_BYTES].decode("utf-8", "replace"))
    said: dict[str, list[str]] = {}
    for tag in _META.findall(head):
        pairs = _VALUE.findall(tag)
        values = {name.lower(): unescape(double or single or bare) for name, double, single, bare in pairs}
        header = _AS_HEADER.get(values.get("name", "").strip().lower())
        if header is not None and values.get("content"):
            said.setdefault(header, []).append(values["content"])
    headers = {name: ", ".join(words) for name, words in said.items()}
    return read_headers(ApiAnswer(answer.url, answer.seen_at, answer.media_type, b"", headers), "meta ")


def _without_comments(text: str) -> str:
    """The text without closed comments; one that is left open hides nothing. Linear, whatever is in it."""
    first, *opened = text.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else part for part in opened)

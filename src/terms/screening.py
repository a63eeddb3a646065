"""Refusing markup that is built to stop a parser, before it is parsed."""

from __future__ import annotations

import re

MAX_DEPTH = 4_000
MAX_ATTRIBUTES = 2_000
_LONG_TAG = 20_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "td", "tr", "th", "dt", "dd", "option",
})  # fmt: skip


class TooComplex(ValueError):
    """The page would stop the parser; `args[0]` says in what way."""


def screen_markup(text: str) -> None:
    """Raise TooComplex for nesting or attributes beyond what any honest page has."""
    if max(map(len, text.split(">"))) > _LONG_TAG:
        _screen_attributes(text)
    if text.count("<") <= MAX_DEPTH:
        return
    depth = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _VOID:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            raise TooComplex(f"tags nested deeper than {MAX_DEPTH}")


def _screen_attributes(text: str) -> None:
    at = text.find("<")
    while at >= 0:
        end = text.find(">", at)
        if end < 0:
            end = len(text)
        if end - at > _LONG_TAG and max(text.count("=", at, end), text.count(" ", at, end)) > MAX_ATTRIBUTES:
            raise TooComplex(f"a tag with more than {MAX_ATTRIBUTES} attributes")
        at = text.find("<", end)

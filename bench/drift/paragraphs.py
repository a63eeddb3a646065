"""Cosmetic changes of the running text: paragraphs in another place, other line ends, other quotes and dashes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import replace
from random import Random

from bench.drift.model import Document, Media
from bench.drift.wording import TITLES

# A paragraph with any of these may belong to its place: it is about rights, or part of an enumeration.
_BOUND = re.compile(
    r"licen[cs]|permi|allow|grant|right|prohib|restrict|commercial|copyright|consent|agree|terms|must|shall|may |use"
    r"|following"
    r"|data|\[\w+\]:|^ {2}|^\s*(?:[*+-]|\d+\.|\([a-z\d]+\)|#|\||>|```|~~~|=|<!)|:\s*$",
    re.I | re.M,
)
_HTML_PARAGRAPH = re.compile(r"<p>(?:(?!<p>).)*?</p>", re.S)
_HTML_SECTION = re.compile(r'<section id="[^"]+">.*?</section>\n?', re.S)
_HTML_OPAQUE = re.compile(
    r"(<(?:script|style|pre|code|title|head)\b.*?</(?:script|style|pre|code|title|head)>|<!--.*?-->|<[^>]+>)", re.S
)
_FENCE = re.compile(r"^ *(?:```|~~~).*?^ *(?:```|~~~)[ \t]*$|^---\n.*?^---$", re.S | re.M)
_SHORTEST = 150


def moved(document: Document, rng: Random) -> Document | None:
    """Two paragraphs trade places, or the section of the terms goes elsewhere as a whole."""
    if document.media is Media.HTML and document.text.startswith("<!DOCTYPE html>\n") and rng.random() < 0.35:
        changed = _moved_section(document, rng)
        if changed is not None:
            return changed
    spans = _free_spans(document)
    if len(spans) < 2:
        return None
    first, second = sorted(rng.sample(spans, 2))
    text = document.text
    return replace(
        document,
        text=text[: first[0]]
        + text[slice(*second)]
        + text[first[1] : second[0]]
        + text[slice(*first)]
        + text[second[1] :],
    )


def _moved_section(document: Document, rng: Random) -> Document | None:
    """Only where the whole page is one run of sections: in a thread a section belongs to its author."""
    found = list(_HTML_SECTION.finditer(document.text))
    own = [match for match in found if any(f"<h2>{title}</h2>" in match.group() for title in TITLES)]
    if len(own) != 1 or len(found) < 3 or '<div class="post"' in document.text:
        return None
    without = document.text[: own[0].start()] + document.text[own[0].end() :]
    places = [match.start() for match in _HTML_SECTION.finditer(without) if match.start() != own[0].start()]
    place = rng.choice(places)
    return replace(document, text=without[:place] + own[0].group() + without[place:])


def _free_spans(document: Document) -> list[tuple[int, int]]:
    """Paragraphs that mean the same anywhere: plain, long, and about nothing that binds."""
    text = document.text
    if document.media is Media.HTML:
        return [
            match.span()
            for match in _HTML_PARAGRAPH.finditer(text)
            if len(match.group()) > _SHORTEST and not _BOUND.search(re.sub(r"<[^>]+>", "", match.group()))
        ]
    fenced = [match.span() for match in _FENCE.finditer(text)]
    spans = []
    previous = ""
    for match in re.finditer(r"(?:[^\n]+\n?)+", text):
        words = match.group().rstrip("\n")
        inside = any(start <= match.start() < end for start, end in fenced)
        if len(words) > _SHORTEST and not inside and not _BOUND.search(words) and not previous.endswith(":"):
            spans.append((match.start(), match.start() + len(words)))
        previous = words.rstrip()
    return spans


def rewrapped(document: Document, rng: Random) -> Document | None:
    """The same words with line ends elsewhere."""
    width = rng.randint(52, 96)
    if document.media is Media.HTML:
        return replace(document, text=_HTML_PARAGRAPH.sub(lambda match: _filled(match.group(), width), document.text))
    return replace(document, text=_outside_fences(document.text, lambda part: _refilled(part, width)))


def _refilled(text: str, width: int) -> str:
    def refill(match: re.Match[str]) -> str:
        words = match.group()
        lines = words.splitlines()
        if re.search(
            r"^\s*(?:[*+-] |\d+\.|\([a-z\d]+\)|#|\||>|=|-{3}|\[|<|\.\.|    )|  $|^\s*[=\-~^]{3,}\s*$", words, re.M
        ):
            return words
        if lines and all(line.startswith(" ") for line in lines):
            return words
        return _filled(words, width) + ("\n" if words.endswith("\n") else "")

    return re.sub(r"(?:[^\n]+\n?)+", refill, text)


def _filled(words: str, width: int) -> str:
    return textwrap.fill(words, width, break_long_words=False, break_on_hyphens=False)


def requoted(document: Document, rng: Random) -> Document | None:
    """Typographic quotes and dashes for typewriter ones, or the other way round where there are none."""
    nonbreaking = rng.random() < 0.25
    pair = rng.choice((("\u201c", "\u201d"), ("\u00ab", "\u00bb")))

    def set_type(words: str) -> str:
        words = re.sub(r'(?<![\w=])"([^"<>\n]+)"', rf"{pair[0]}\1{pair[1]}", words)
        words = re.sub(r"(?<=\w)'(?=\w)", "\u2019", words)
        words = re.sub(r" (?:-|--) ", " \u2013 ", words)
        return re.sub(r"(?<=[a-z])-(?=[a-z])", "\u2011", words) if nonbreaking else words

    def unset_type(words: str) -> str:
        return words.translate(
            {0x201C: '"', 0x201D: '"', 0x2019: "'", 0x2018: "'", 0x2013: "-", 0x2014: "-", 0x2011: "-"}
        )

    for change in (set_type, unset_type):
        text = _in_text(document, change)
        if text != document.text:
            return replace(document, text=text)
    return None


def _in_text(document: Document, change: Callable[[str], str]) -> str:
    """Applies a change to words alone: not to tags, scripts, code, addresses or front matter."""
    if document.media is Media.HTML:
        parts = _HTML_OPAQUE.split(document.text)
        return "".join(part if number % 2 else _outside_addresses(part, change) for number, part in enumerate(parts))
    return _outside_fences(document.text, lambda part: _outside_addresses(part, change))


def _outside_addresses(text: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(\]\([^)]*\)|https?://\S+|`[^`\n]+`|^\[[^\]]+\]:.*$|<[^>\n]+>)", text, flags=re.M)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    out, done = [], 0
    for match in _FENCE.finditer(text):
        out += [change(text[done : match.start()]), match.group()]
        done = match.end()
    return "".join((*out, change(text[done:])))

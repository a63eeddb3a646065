"""Prose that a page shows as it was typed: mails, notices and old pages in `<pre>`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_INLINE = frozenset({"a", "b", "i", "em", "strong", "u", "font", "br", "hr"})
_OF_CODE = re.compile(r"code|highlight|language-|lang-|bibtex|terminal|console", re.I)
_PROSE = re.compile(r"\s*(?:[-*•>(\"'\[]\s?)*[^\W_][^|]*?[a-z,;:]\s+[^\W\d_]{2,}")
_CODE_SIGNS = re.compile(r"[{}=<>$|\\`]|;$", re.M)
_ITEM = re.compile(r"\s*(?:[-*•+]|\(?\d{1,2}[.)])\s+(?=\S)")
_FEWEST_WORDS = 30
_LEAST_SHARE = 0.7
_MOST_SIGNS = 0.01
_MOST_LINKS = 200


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of preformatted prose: whether it is the item of a list, its words, and where its links go."""

    is_item: bool
    words: str
    links: tuple[str, ...]


def paragraphs_of(pre: Any) -> list[Paragraph]:
    """The paragraphs of preformatted prose; empty for code and tables."""
    if _OF_CODE.search(f"{pre.get('class') or ''} {pre.get('id') or ''}"):
        return []
    if any(child.tag not in _INLINE for child in pre.iterdescendants() if isinstance(child.tag, str)):
        return []
    text = pre.text_content()
    lines = [line for line in text.splitlines() if line.strip()]
    if len(text.split()) < _FEWEST_WORDS or len(_CODE_SIGNS.findall(text)) > _MOST_SIGNS * len(text):
        return []
    # A last line of a paragraph is short: it counts for what stands before it.
    if sum(_PROSE.match(line) is not None for line in lines) < _LEAST_SHARE * len(lines):
        return []
    found: list[tuple[bool, list[str]]] = []
    open_paragraph = False
    for line in text.splitlines():
        if not line.strip():
            open_paragraph = False
        elif item := _ITEM.match(line):
            found.append((True, [line[item.end() :].strip()]))
            open_paragraph = True
        elif open_paragraph:
            found[-1][1].append(line.strip())
        else:
            found.append((False, [line.strip()]))
            open_paragraph = True
    links = dict.fromkeys(
        (" ".join(link.text_content().split()), link.get("href")) for link in pre.iter("a") if link.get("href")
    )
    if len(links) > _MOST_LINKS:
        return []
    said = [(is_item, " ".join(words)) for is_item, words in found]
    return [
        Paragraph(is_item, words, tuple(target for label, target in links if label in words)) for is_item, words in said
    ]

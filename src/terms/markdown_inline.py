"""Inline Markdown: text and links, without the signs."""

from __future__ import annotations

import re
from html import unescape

Pieces = list[tuple[str, str | None]]
"""Runs of text with the address they link to, if any."""

_INLINE = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,400})\]\((?P<src>[^)\s]{1,1000})[^)\n]{0,300}\)"
    r"|\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)){0,600})\]\((?P<href>[^)\s]{0,1000})[^)\n]{0,300}\)"
    r"|\[(?P<rtext>[^\]\n]{1,400})\]\[(?P<ref>[^\]\n]{0,200})\]"
    r"|<(?P<auto>https?://[^>\s]{1,1000})>"
    r"|<a\s[^>]{0,400}?href\s*=\s*[\"']?(?P<ahref>[^\"'>\s]{1,1000})[^>]{0,400}>(?P<atext>[^<]{0,400})</a>"
    r"|<img\s[^>]{0,600}?alt\s*=\s*[\"'](?P<imgalt>[^\"'>]{0,300})[\"'][^>]{0,600}>"
    r"|</?[a-zA-Z][^<>\n]{0,400}>"
)
_LONGEST = 50_000
_BADGE = re.compile(r"!\[([^\]\n]{0,200})\]\(([^)\s]{1,500})")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`{1,2})(?=\S)([^\n]{1,600}?)(?<=\S)\1")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,20});")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")


def _plain(text: str) -> str:
    if "*" in text or "`" in text or "__" in text:
        for _ in range(2):
            text = _EMPHASIS.sub(r"\2", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return unescape(text) if "&" in text and _ENTITY.search(text) else text


def pieces_of(line: str, references: dict[str, str]) -> Pieces:
    """Split a run of Markdown into text and links; markup signs go."""
    if ("](" not in line and "][" not in line and "<" not in line) or len(line) > _LONGEST:
        return [(_plain(line), None)]
    pieces: Pieces = []
    at = 0
    for match in _INLINE.finditer(line):
        if match.start() > at:
            pieces.append((_plain(line[at : match.start()]), None))
        at = match.end()
        pieces.extend(_of_match(match, references))
    pieces.append((_plain(line[at:]), None))
    return pieces


def _of_match(match: re.Match[str], references: dict[str, str]) -> Pieces:
    if match["src"] is not None:
        return [(match["alt"], match["src"])]
    if match["href"] is not None:
        badge = _BADGE.match(match["text"])
        if badge:
            return [("", badge[2]), (badge[1], match["href"])]
        return [(_plain(match["text"]), match["href"] or None)]
    if match["ref"] is not None:
        target = references.get((match["ref"] or match["rtext"]).lower())
        badge = _BADGE.match(match["rtext"])
        return [(badge[1] if badge else _plain(match["rtext"]), target)]
    if match["auto"] is not None:
        return [(match["auto"], match["auto"])]
    if match["ahref"] is not None:
        return [(_plain(match["atext"]) or "", match["ahref"])]
    if match["imgalt"] is not None:
        return [(match["imgalt"], None)]
    return [(" ", None)]

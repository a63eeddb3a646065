"""Extraction from plain text: paragraphs parted by blank lines; underlined lines are headings."""

from __future__ import annotations

import re
from itertools import groupby

from terms.builder import Builder
from terms.document import Document
from terms.lines import Dialect, LineMachine, lines_of

_COMMENT = re.compile(r"^\s{0,4}(\*{1,2}|#{1,3}|/{2}|;{1,2}|%{1,2}|--|/\*+|REM\b)(?:\s|$)")
_CLOSING = re.compile(r"\s*\*+/\s*$")


def extract_plain(text: str) -> Document:
    """The document of a plain text; the comment signs of a source file's head are taken off."""
    builder = Builder()
    LineMachine(_without_comment_signs(lines_of(text)), builder, Dialect(lambda line: [(line, None)])).run()
    return builder.document()


def _without_comment_signs(lines: list[str]) -> list[str]:
    """Runs of lines that all begin with a comment sign lose it. A list of items is no such run: its
    lines do not go on in lower case and none of them is empty."""
    result: list[str] = []
    for commented, run in groupby(lines, key=lambda line: bool(_COMMENT.match(line))):
        block = list(run)
        if commented and len(block) >= 3:
            bare = [_CLOSING.sub("", _COMMENT.sub("", line)).strip() for line in block]
            flowing = sum(not line or line[0].islower() for line in bare)
            if flowing >= max(1, len(block) // 6):
                result.extend(bare)
                continue
        result.extend(block)
    return result

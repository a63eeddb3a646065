"""Extraction from reStructuredText: underlined headings, links, named targets; directives are text."""

from __future__ import annotations

import re

from terms.builder import Builder
from terms.document import Document
from terms.lines import Dialect, LineMachine, lines_of
from terms.markdown_inline import Pieces

_INLINE = re.compile(
    r"`(?P<text>[^`<>]{0,400}?)\s*<(?P<href>[^>`\s]{1,1000})>`_{0,2}|`(?P<role>[^`]{1,400})`_{0,2}|(?<!\w)(?P<word>\w{2,60})_(?!\w)"
)
_TARGET = re.compile(r"^\.\.\s+_([^:`]{1,200}|`[^`]{1,200}`):\s*(\S*)\s*$")
_SIGNS = re.compile(r"\*\*?|``")


def extract_rst(text: str) -> Document:
    """The document of a reStructuredText."""
    builder = Builder()
    lines = lines_of(text)
    targets = {m[1].strip("`").lower(): m[2] for line in lines if (m := _TARGET.match(line.strip()))}
    kept = [line for line in lines if not _TARGET.match(line.strip())]
    LineMachine(kept, builder, Dialect(lambda line: _pieces(line, targets), rst=True)).run()
    return builder.document()


def _pieces(line: str, targets: dict[str, str]) -> Pieces:
    result: Pieces = []
    at = 0
    for match in _INLINE.finditer(line):
        name = match["role"] or match["word"]
        if match["word"] and name.lower() not in targets:
            continue
        result.append((line[at : match.start()], None))
        at = match.end()
        if match["href"]:
            result.append((match["text"] or match["href"], match["href"]))
        else:
            result.append((name, targets.get(name.lower())))
    result.append((line[at:], None))
    return [(_SIGNS.sub("", piece), href) for piece, href in result]

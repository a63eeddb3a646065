"""Extraction from Markdown with YAML front matter, inline HTML and comments."""

from __future__ import annotations

import re

from terms.builder import Builder
from terms.document import Document
from terms.front_matter import read_front_matter
from terms.lines import Dialect, LineMachine, lines_of
from terms.markdown_inline import pieces_of

_COMMENT = re.compile(r"<!--((?:(?!<!--).){0,20000}?)-->", re.S)
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:\s*<?(\S{1,1000}?)>?(?:\s+[\"'(].*)?$")


def extract_markdown(text: str) -> Document:
    """The document of a Markdown text."""
    builder = Builder()
    lines = lines_of(text)
    taken = read_front_matter(lines, builder)
    body = "\n".join(lines[taken:])
    if "<!--" in body and "-->" in body:
        for comment in _COMMENT.finditer(body):
            builder.mark("comment", "comment", comment[1])
        body = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), body)
    lines = body.split("\n")
    references = {m[1].lower(): m[2] for line in lines if "]:" in line and (m := _REFERENCE.match(line))}
    LineMachine(
        lines,
        builder,
        Dialect(
            lambda line: pieces_of(line, references),
            markdown=True,
            is_definition=lambda line: "]:" in line and _REFERENCE.match(line) is not None,
        ),
    ).run()
    return builder.document()

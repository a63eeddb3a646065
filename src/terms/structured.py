"""Extraction from JSON documents (records, metadata, cards) and notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from domain.reading import Subject
from terms.builder import Builder
from terms.document import BlockKind, Document
from terms.lines import LICENSE_FIELDS, Dialect, LineMachine
from terms.markdown import extract_markdown
from terms.markdown_inline import Pieces, pieces_of

_TEXTS = frozenset({
    "description", "abstract", "notes", "summary", "usage", "readme", "conditions", "terms", "license_text",
    "licence_text",
})  # fmt: skip
_IDENTITY = (
    "spdx_id",
    "spdxid",
    "@id",
    "id",
    "identifier",
    "rightsidentifier",
    "name",
    "title",
    "url",
    "uri",
    "path",
    "rightsuri",
    "label",
    "text",
)
_DEEPEST = 30
_MOST = 2_000


def looks_like_json(text: str) -> bool:
    """Whether a text begins and ends as a JSON object or array."""
    start, end = text[:200].lstrip("\ufeff \r\n\t")[:1], text[-200:].rstrip()[-1:]
    return (start, end) in (("{", "}"), ("[", "]"))


def parse_json(text: str) -> object | None:
    """The value of a JSON text, None when it is none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def extract_json(data: object) -> Document:
    """License fields and descriptions of a JSON value. The fields nearest to the top speak for the
    whole; a notebook is read as its cells."""
    if isinstance(data, dict) and isinstance(data.get("cells"), list) and "nbformat" in data:
        return extract_markdown(_notebook(data["cells"]))
    builder = Builder()
    found = list(_fields(data, 0, ""))
    nearest = min((depth for depth, key, _ in found if LICENSE_FIELDS.match(_bare(key))), default=0)
    for depth, key, value in found:
        if LICENSE_FIELDS.match(_bare(key)):
            if depth > nearest + 2:
                continue
            pieces: Pieces = (
                [(f"{_bare(key)}: ", None), (value, value)]
                if value.startswith("http")
                else [(f"{_bare(key)}: ", None), *pieces_of(value, {})]
            )
            builder.block(BlockKind.FIELD if len(value) < 200 else BlockKind.TEXT, pieces)
            builder.mark("json_ld", key, value, subject=Subject.DATA)
        elif value.strip():
            LineMachine(
                value[:40_000].split("\n"), builder, Dialect(lambda line: pieces_of(line, {}), markdown=True)
            ).run()
    return builder.document()


def _bare(key: str) -> str:
    return key.rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def _fields(data: object, depth: int, key: str) -> Iterator[tuple[int, str, str]]:
    """(depth, key, value) of every license field and description."""
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for name, value in data.items():
            name = str(name)
            if name.startswith("@context"):
                continue
            if LICENSE_FIELDS.match(_bare(name)):
                for said in _said(value):
                    yield depth, name, said
                if isinstance(value, list | dict):
                    yield from _fields(value, depth + 1, "")
            elif name.lower() == "tags" and isinstance(value, list):
                for tag in value[:_MOST]:
                    if isinstance(tag, str) and tag.lower().startswith("license:"):
                        yield depth, "license", tag.partition(":")[2]
            elif isinstance(value, str):
                if name.lower() in _TEXTS:
                    yield depth, name, value
            else:
                yield from _fields(value, depth + 1, name)
    elif isinstance(data, list):
        for item in data[:_MOST]:
            yield from _fields(item, depth + 1, key)


def _said(value: object) -> Iterator[str]:
    """What the value of a license field says: itself, or what identifies the object or list it is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value[:50]:
            yield from _said(item)
    elif isinstance(value, dict):
        low = {str(name).lower(): item for name, item in value.items()}
        for name in _IDENTITY:
            item = low.get(name)
            if isinstance(item, str) and item.strip():
                yield item


def _notebook(cells: list[object]) -> str:
    """A notebook as Markdown: its text cells, its code cells fenced."""
    parts = []
    for cell in cells[:_MOST]:
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", "")
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        parts.append(text if cell.get("cell_type") == "markdown" else f"```\n{text}\n```")
    return "\n\n".join(parts)

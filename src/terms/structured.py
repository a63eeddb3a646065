"""Extraction from JSON documents (records, metadata, cards) and notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from domain.reading import Subject
from terms.builder import Builder
from terms.document import BlockKind, Document
from terms.field_names import holds_access, holds_license, words_of_key
from terms.lines import Dialect, LineMachine
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
    "description",
)
_RULE = re.compile(r"prohibitions?|prohibits|constraints?|purposes?")
"""What ODRL and ccREL call what is forbidden, and for what something is allowed."""

_OF_OTHERS = re.compile(
    r"(?:\w+[_-])?(?:cit\w*|bibtex|authors?|creators?|publishers?|contributors?|affiliations?|address|references?|funding)",
    re.I,
)
"""Fields whose words are names and titles."""

_LONGEST_REMARK = 1_500
_DEEPEST = 30
_MOST = 2_000


Field = tuple[int, str, str]
"""How deep a field stands in its record, its key, and what it says."""


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
    """License fields and descriptions of a JSON value. A notebook is read as its cells."""
    if isinstance(data, dict) and isinstance(data.get("cells"), list) and "nbformat" in data:
        return extract_markdown(_notebook(data["cells"]))
    return document_of(list(_fields(data, 0, "")))


def document_of(fields: Sequence[Field]) -> Document:
    """The document of a record's fields. The license fields nearest to the top speak for the whole."""
    builder = Builder()
    nearest = min((depth for depth, key, _ in fields if holds_license(key)), default=0)
    for depth, key, value in fields:
        if holds_license(key):
            if depth > nearest + 2:
                continue
            pieces: Pieces = (
                [(f"{_bare(key)}: ", None), (value, value)]
                if value.startswith("http")
                else [(f"{_bare(key)}: ", None), *pieces_of(value, {})]
            )
            builder.block(BlockKind.FIELD if len(value) < 200 else BlockKind.TEXT, pieces)
            builder.mark("json_ld", key, value, subject=Subject.DATA)
        elif key.lower() in _TEXTS or (holds_access(key) and not _RULE.fullmatch(key)):
            said = f"{words_of_key(key)}: {value}" if holds_access(key) else value
            LineMachine(
                said[:40_000].split("\n"), builder, Dialect(lambda line: pieces_of(line, {}), markdown=True)
            ).run()
        else:
            builder.mark("remark", key, f"{words_of_key(key)}: {value}")
    return builder.document()


def _bare(key: str) -> str:
    return key.rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def _fields(data: object, depth: int, key: str) -> Iterator[Field]:
    """Every field of a JSON value that holds a license, a condition or words of any kind."""
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for name, value in (*data.items(), *_pair(data)):
            name = str(name)
            if name.startswith("@context"):
                continue
            if is_said("", name):
                # Whoever wants the data is asked in the keys of a form.
                yield depth, "field", name
            yield from _field(name, value, depth)
    elif isinstance(data, list):
        for item in data[:_MOST]:
            if isinstance(item, str):
                yield from _field(key, item, depth)
            else:
                yield from _fields(item, depth + 1, key)


def _field(name: str, value: object, depth: int) -> Iterator[Field]:
    low = name.lower()
    if _RULE.fullmatch(_bare(low)) and isinstance(value, list | dict):
        yield depth, _bare(low), ", ".join(_words_in(value, depth))
    elif holds_access(name):
        yield from _access(name, value, depth)
    elif holds_license(name):
        for said in _said(value):
            yield depth, name, said
        if isinstance(value, list | dict):
            yield from _fields(value, depth + 1, "")
    elif low in ("tags", "keywords") and isinstance(value, list):
        tags = [tag for tag in value[:_MOST] if isinstance(tag, str)]
        yield depth, "tags", ", ".join(tags)
        for tag in tags:
            if tag.lower().startswith("license:"):
                yield depth, "license", tag.partition(":")[2]
    elif isinstance(value, str):
        if is_said(name, value):
            yield depth, name, value
    else:
        yield from _fields(value, depth + 1, name)


def is_said(key: str, value: str) -> bool:
    """Whether a field holds words about the data rather than a code, a number, an address or names."""
    if key.lower() in _TEXTS:
        return bool(value.strip())
    return value.count(" ") >= 2 and len(value) <= _LONGEST_REMARK and not _OF_OTHERS.match(_bare(key))


def _access(name: str, value: object, depth: int) -> Iterator[Field]:
    """What a field says of who gets at the data, the fields in it by both names: "access level"."""
    if value is True:
        yield depth, name, "true"
    elif isinstance(value, str):
        yield depth, name, value
    elif isinstance(value, list):
        for item in value[:50]:
            yield from _access(name, item, depth)
    elif isinstance(value, dict):
        yield from _fields({f"{name}_{inner}": item for inner, item in value.items()}, depth + 1, name)


def _words_in(value: object, depth: int) -> Iterator[str]:
    """All strings in a value, their words apart: of a rule in ODRL the action, the purpose, the operator."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield words_of_key(value)
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value[:50]:
            yield from _words_in(item, depth + 1)


def _pair(data: dict[str, object]) -> Iterator[tuple[str, object]]:
    """A field that is spelled as an object: {"key": "Use limitation", "value": "…"}."""
    for name in ("key", "typeName", "label"):
        if isinstance(data.get(name), str) and "value" in data:
            yield str(data[name]), data["value"]


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
            # A title may be given in several languages.
            for said in item.values() if isinstance(item, dict) else (item,):
                if isinstance(said, str) and said.strip():
                    yield said


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

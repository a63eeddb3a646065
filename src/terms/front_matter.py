"""Fields of YAML front matter and of YAML documents: line by line, because hub cards often break YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from terms.builder import Builder
from terms.document import BlockKind, Document
from terms.field_names import holds_access, holds_license, words_of_key
from terms.lines import Dialect, LineMachine
from terms.markdown_inline import pieces_of

_FIELD = re.compile(r"^([A-Za-z_][\w .-]{0,60}?):(?:\s+(.*))?$")
_EMPTY = frozenset({"", "|", ">", "|-", ">-", "|+", ">+", "[]", "null", "~"})
_PROSE = re.compile(r"^extra_gated_(?:prompt|description)$")
"""Fields that hold what is asked of whoever wants the data: sentences, folded over lines."""
_LONGEST = 2_000


def read_front_matter(lines: list[str], builder: Builder) -> int:
    """Read a leading `---` block into fields and marks; returns the number of lines it takes."""
    first = next((i for i, line in enumerate(lines[:3]) if line.strip()), None)
    if first is None or lines[first].strip() != "---":
        return 0
    end = next(
        (i for i in range(first + 1, min(len(lines), first + _LONGEST)) if lines[i].strip() in ("---", "...")), None
    )
    if end is None:
        return 0
    for key, values in fields_of(lines[first + 1 : end]):
        if _PROSE.match(key):
            builder.block(BlockKind.TEXT, pieces_of(" ".join(values).replace("\\n", " "), {}))
        elif holds_access(key) or key == "tags":
            _words(key, values, builder)
        elif holds_license(key):
            builder.block(BlockKind.FIELD, [(f"{key}: ", None), *pieces_of(", ".join(values), {})])
            for value in values:
                builder.mark("front_matter", key, value)
    return end + 1


def fields_of(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The top-level fields of YAML lines: key and values, the values of lists and folded text apart."""
    key = ""
    values: list[str] = []
    for line in lines:
        field = _FIELD.match(line)
        if field:
            if key:
                yield key, values
            key, value = field[1], (field[2] or "").strip()
            values = [] if value in _EMPTY else [_unquoted(part) for part in _flow(value)]
        elif stripped := line.strip():
            if stripped.startswith("#"):
                continue
            values.append(_unquoted(stripped[1:] if stripped.startswith("- ") else stripped))
    if key:
        yield key, values


def _flow(value: str) -> list[str]:
    """The entries of a list written in brackets, else the value itself."""
    return value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]


def _unquoted(value: str) -> str:
    return value.strip().strip("\"'").strip()


_YAML_LINE = re.compile(r"^[A-Za-z_][\w -]{0,40}:(?:\s|$)")


def looks_like_yaml(text: str) -> bool:
    """Whether a text is, as a whole, a YAML mapping: it begins with a key and has several, and none
    of its lines at the margin is anything else."""
    margin = [line for line in text[:6_000].split("\n") if line.strip() and line[0] not in " \t-#"]
    keys = sum(bool(_YAML_LINE.match(line)) for line in margin)
    return (
        keys >= 3
        and keys >= len(margin) - 1
        and bool(_YAML_LINE.match(text.lstrip("\ufeff \n").removeprefix("---").lstrip()))
    )


def extract_yaml(text: str) -> Document:
    """The document of a YAML mapping: license fields as fields, long values as text."""
    builder = Builder()
    fields = list(fields_of(text.split("\n")))
    of_software = any(key == "cff-version" for key, _ in fields) and ("type", ["dataset"]) not in fields
    for key, values in fields:
        joined = " ".join(values)
        if of_software and holds_license(key):
            key = f"software {key}"
        if holds_access(key):
            _words(key, values, builder)
        elif holds_license(key):
            _license_field(key, values, joined, builder)
        elif len(joined) > 40:
            LineMachine([joined], builder, Dialect(lambda line: pieces_of(line, {}), markdown=True)).run()
    return builder.document()


def _words(key: str, values: list[str], builder: Builder) -> None:
    """What a field says that states no license, but may limit one: conditions of access, tags."""
    if values:
        builder.block(BlockKind.TEXT, pieces_of(f"{words_of_key(key)}: {', '.join(values)}", {}))


def _license_field(key: str, values: list[str], joined: str, builder: Builder) -> None:
    if len(joined) <= 160:
        builder.block(BlockKind.FIELD, [(f"{key}: ", None), *pieces_of(", ".join(values), {})])
        return
    builder.block(BlockKind.HEADING, [(key, None)], 2)
    builder.block(BlockKind.TEXT, pieces_of(joined, {}))

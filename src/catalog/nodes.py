"""YAML text as a tree in which every node knows its line.

Only the plain part of YAML is allowed: mappings, lists and scalars of one document. Anchors, aliases and tags
are refused, because a file of reviewed data must say what it says where it says it. Scalars keep the letters
that were written; what they mean is decided by the field they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from catalog.problems import Problems

MAX_BYTES = 2_000_000
MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or text as written. `plain` is true when it stands without quotes."""

    text: str
    plain: bool
    line: int

    @property
    def yaml_kind(self) -> str:
        """What YAML 1.1 would make of it: `str`, `bool`, `int`, `float`, `null`, `timestamp`, …"""
        if not self.plain:
            return "str"
        resolvers = yaml.SafeLoader.yaml_implicit_resolvers
        for tag, pattern in resolvers.get(self.text[:1], []):
            if pattern.match(self.text):
                return str(tag).rpartition(":")[2]
        return "str"


@dataclass(frozen=True, slots=True)
class ListNode:
    """A YAML list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class MapNode:
    """A YAML mapping; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int


Node = Scalar | ListNode | MapNode


class _Refused(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, message: str, line: int | None) -> None:
        self.line = line
        super().__init__(message)


class _Composer:
    def __init__(self, path: Path, events: Iterator[yaml.Event], problems: Problems) -> None:
        self._path = path
        self._events = events
        self._problems = problems

    def document(self) -> Node | None:
        """The one document of the file; None for an empty one."""
        next(self._events)  # the start of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        node = self._node(next(self._events), depth=1)
        next(self._events)  # the end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _Refused("a second document starts here. Keep one document a file: drop the `---`", _line(after))
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(f"alias `*{event.anchor}` is not allowed. Write the value out", line)
        if not isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent):
            raise _Refused("this is no value. Write a mapping, a list or a text", line)
        if event.anchor is not None:
            raise _Refused(f"anchor `&{event.anchor}` is not allowed. Write the value out where it is needed", line)
        if event.tag is not None:
            raise _Refused(f"tag `{event.tag}` is not allowed. Drop it", line)
        if depth > MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} levels. Flatten it", line)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, plain=event.implicit[0], line=line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(line, depth)
        return self._map(line, depth)

    def _list(self, line: int, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return ListNode(tuple(items), line)

    def _map(self, line: int, depth: int) -> MapNode:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise _Refused("a list or mapping cannot be a key. Write a plain word before the colon", key.line)
            value = self._node(next(self._events), depth + 1)
            if key.text in entries:
                first = entries[key.text][0].line
                message = f"key '{key.text}' is there twice (first in line {first}). Keep one of them"
                self._problems.add(self._path, key.line, message)
            else:
                entries[key.text] = (key, value)
        return MapNode(tuple(entries.values()), line)


def parse(path: Path, data: bytes, problems: Problems) -> Node | None:
    """The tree of one file's bytes; None where the file cannot be read further, with the reason in `problems`."""
    if len(data) > MAX_BYTES:
        problems.add(path, None, f"is larger than {MAX_BYTES:,} bytes. Split it")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(path, line, "is not UTF-8 text. Save it as UTF-8")
        return None
    try:
        node = _Composer(path, yaml.parse(text, Loader=yaml.CSafeLoader), problems).document()
    except _Refused as refused:
        problems.add(path, refused.line, str(refused))
        return None
    except yaml.MarkedYAMLError as error:
        # An unclosed quote is noticed at the end of the file; where it was opened helps more.
        unclosed = error.context is not None and "quoted scalar" in error.context
        mark = error.context_mark if unclosed else error.problem_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        problems.add(path, mark.line + 1 if mark else None, f"is not YAML ({said}). Mend the indentation or the quotes")
        return None
    except yaml.reader.ReaderError as error:
        line = data.count(b"\n", 0, error.position) + 1
        problems.add(path, line, "holds a control character. Delete it")
        return None
    if node is None:
        problems.add(path, 1, "is empty. Fill it or delete it")
    return node


def read_bytes(path: Path, problems: Problems) -> bytes | None:
    """The bytes of a file, at most one more than allowed; None with the reason in `problems`."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.add(path, None, f"cannot be read ({error.strerror}). Check that it is a file you may read")
        return None


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark is not None else 1

"""Trees of YAML into the frozen dataclasses of the domain: the classes are the schema, and it is closed.

Done by hand and not by pydantic for two reasons: every message must name the line, and a scalar must be judged by
the letters that were written (`no` in a text field is a mistake, `3.10` in one is not), which are gone once a
loader has turned them into Python values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from enum import Enum
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from catalog.nodes import ListNode, MapNode, Node, Scalar
from catalog.problems import Problems
from domain.rights import Right
from domain.vocabulary import Basis, RightValue

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]{3})*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class _Invalid:
    """Stands for a value that could not be built; its problem is already noted."""


INVALID = _Invalid()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a built value was written, for the checks that look at its meaning."""

    path: Path
    node: MapNode
    problems: Problems

    def line(self, key: str | None = None) -> int:
        """The line of a key, or of the whole value where the key is not written."""
        return next((word.line for word, _ in self.node.entries if word.text == key), self.node.line)

    def has(self, key: str) -> bool:
        """Whether a key is written, with whatever value."""
        return any(word.text == key for word, _ in self.node.entries)

    def wrong(self, message: str, key: str | None = None) -> None:
        """Note a problem at a key's line."""
        self.problems.add(self.path, self.line(key), message)


Checks = Mapping[type, Callable[[Any, Place], None]]


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds values of one file.

    `checks` are called with each finished value of their class. `basis` is what a right rests on where the file
    does not say it.
    """

    path: Path
    problems: Problems
    checks: Checks
    basis: Basis

    def build(self, kind: type, node: Node) -> Any:
        """A value of `kind`, or `INVALID` with the reasons in `problems`."""
        return self._value(kind, node, "the file")

    def _value(self, kind: Any, node: Node, name: str) -> Any:
        if isinstance(kind, UnionType):
            (kind,) = (option for option in get_args(kind) if option is not NoneType)
            if isinstance(node, Scalar) and node.yaml_kind == "null":
                return None
        if get_origin(kind) is tuple:
            return self._tuple(get_args(kind)[0], node, name)
        if get_origin(kind) is Mapping:
            key_kind, value_kind = get_args(kind)
            return self._mapping(key_kind, value_kind, node, name)
        if kind is Right and isinstance(node, Scalar):
            value = self._word(RightValue, node, name)
            return value if value is INVALID else self._right(Right(value))
        if isinstance(kind, type) and is_dataclass(kind):
            return self._record(kind, node, name)
        if not isinstance(node, Scalar):
            return self._wrong(node, f"{name} must be one value, not a {_shape(node)}. Write `{name}: value`")
        if node.yaml_kind == "null":
            return self._wrong(node, f"{name} is empty. Give it a value or delete the line")
        if issubclass(kind, Enum):
            return self._word(kind, node, name)
        return _SCALARS[kind](self, node, name)

    def _record(self, kind: type, node: Node, name: str) -> Any:
        if not isinstance(node, MapNode):
            keys = ", ".join(f.name for f in fields(kind) if _required(f)) or ", ".join(_hints(kind))
            return self._wrong(node, f"{name} must be a mapping, not a {_shape(node)}. Write its keys ({keys})")
        hints = _hints(kind)
        values: dict[str, Any] = {}
        for key, child in node.entries:
            if key.text in hints:
                values[key.text] = self._value(hints[key.text], child, key.text)
            else:
                self._unknown_key(key, tuple(hints))
        for field in fields(kind):
            if _required(field) and field.name not in values:
                values[field.name] = self._wrong(node, f"{name} has no '{field.name}'. Add `{field.name}: …`")
        # A wrong optional field counts as unwritten from here on, so that one load finds as many mistakes as it can.
        if any(values[field.name] is INVALID for field in fields(kind) if _required(field)):
            return INVALID
        value = kind(**{key: value for key, value in values.items() if value is not INVALID})
        if isinstance(value, Right):
            value = self._right(value)
        if type(value) in self.checks:
            self.checks[type(value)](value, Place(self.path, node, self.problems))
        return value

    def _right(self, right: Right) -> Right:
        if right.basis is not None or not right.speaks:
            return right
        return Right(right.value, self.basis, right.purpose, right.assignee, right.conditions)

    def _unknown_key(self, key: Scalar, known: tuple[str, ...]) -> None:
        near = get_close_matches(key.text, known, n=1, cutoff=0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"Write one of: {', '.join(known)}"
        self._wrong(key, f"unknown key '{key.text}': {hint}")

    def _tuple(self, kind: Any, node: Node, name: str) -> Any:
        if not isinstance(node, ListNode):
            return self._wrong(node, f"{name} must be a list. Start each entry with `- ` on a line, or write [a, b]")
        values = [self._value(kind, item, f"an entry of {name}") for item in node.items]
        sound = tuple(value for value in values if value is not INVALID)
        return sound if sound or not values else INVALID

    def _mapping(self, key_kind: Any, value_kind: Any, node: Node, name: str) -> Any:
        if not isinstance(node, MapNode):
            return self._wrong(node, f"{name} must be a mapping, not a {_shape(node)}. Write `key: value` lines")
        pairs = [
            (self._value(key_kind, key, f"a key of {name}"), self._value(value_kind, child, key.text))
            for key, child in node.entries
        ]
        return MappingProxyType({key: value for key, value in pairs if INVALID not in (key, value)})

    def _word(self, kind: type[Enum], node: Scalar, name: str) -> Any:
        words = [member.value for member in kind]
        if node.text in words:
            return kind(node.text)
        near = get_close_matches(node.text, words, n=1, cutoff=0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"Write one of: {', '.join(words)}"
        return self._wrong(node, f"{name} cannot be '{node.text}': {hint}")

    def _text(self, node: Scalar, name: str) -> Any:
        # Numbers and dates keep their letters here; only words that YAML 1.1 reads as true or false are dangerous,
        # because other readers of the file would see a boolean.
        if node.yaml_kind == "bool":
            return self._wrong(node, f'{name}: YAML reads {node.text} as true or false. Quote it: "{node.text}"')
        if _CONTROL.search(node.text):
            return self._wrong(node, f"{name} holds a control character. Delete it")
        return node.text.strip() or self._wrong(node, f"{name} is empty. Give it a value or delete the line")

    def _integer(self, node: Scalar, name: str) -> Any:
        if node.plain and _INTEGER.fullmatch(node.text) and len(node.text) <= 20:
            return int(node.text)
        return self._wrong(node, f"{name} must be a whole number, not '{node.text}'. Write digits without quotes")

    def _number(self, node: Scalar, name: str) -> Any:
        try:
            number = float(node.text) if node.plain else None
        except ValueError:
            number = None
        if number is None or not isfinite(number):
            return self._wrong(node, f"{name} must be a number, not '{node.text}'. Write it like 2 or 0.5")
        return number

    def _truth(self, node: Scalar, name: str) -> Any:
        if node.plain and node.text in ("true", "false"):
            return node.text == "true"
        return self._wrong(node, f"{name} must be true or false, not '{node.text}'. Write true or false")

    def _date(self, node: Scalar, name: str) -> Any:
        try:
            # Python 3.11 also reads 20260709 and 2026-W28-4.
            return date.fromisoformat(node.text if len(node.text) == 10 and node.text[4] == "-" else "")
        except ValueError:
            return self._wrong(node, f"{name} must be a date, not '{node.text}'. Write YYYY-MM-DD")

    def _wrong(self, node: Node, message: str) -> _Invalid:
        self.problems.add(self.path, node.line, message)
        return INVALID


_SCALARS: Mapping[type, Callable[[Builder, Scalar, str], Any]] = {
    str: Builder._text,
    int: Builder._integer,
    float: Builder._number,
    bool: Builder._truth,
    date: Builder._date,
}


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _shape(node: Node) -> str:
    match node:
        case Scalar():
            return "single value"
        case ListNode():
            return "list"
        case MapNode():
            return "mapping"

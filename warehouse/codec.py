"""Domain values to plain JSON data and back, exactly.

Works from the type hints of the frozen dataclasses, so that a new field needs no line here. A field
that equals its default is left out unless `full` is asked for: most rights of most findings are
silent. Defaults of stored types are therefore part of the storage format.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]

_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, replaced one for one: offsets stay."""
    return _SURROGATE.sub("\ufffd", text)


def to_json(value: object, *, full: bool = False) -> str:
    """Canonical JSON text of a domain value: sorted keys, no blanks."""
    return json.dumps(encode(value, full=full), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[T], text: str) -> T:
    """The value of which `to_json` made the text. ValueError or TypeError when it does not fit."""
    value: T = decode(kind, json.loads(text))
    return value


def encode(value: object, *, full: bool = False) -> Any:
    """Plain data of dataclasses, enums, times, tuples, mappings, and of JSON's own values."""
    # Exact types first: they are nearly all there is, and an enum's member is no exact string.
    kind: Any = type(value)
    if value is None or kind is bool or kind is int or kind is float:
        return value
    if kind is str:
        return storable(str(value))
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(encode(key)): encode(item, full=full) for key, item in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [encode(item, full=full) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        found = {}
        for name, default in _plan(kind):
            item = getattr(value, name)
            if full or (item is not default and item != default):
                found[name] = encode(item, full=full)
        return found
    raise TypeError(f"cannot store a {kind.__name__}")


def decode(kind: Any, data: Any) -> Any:
    """The value of type `kind` that `encode` turned into `data`."""
    return _decoder(kind)(data)


@cache
def _plan(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, _default(field)) for field in fields(kind))


@cache
def _decoder(kind: Any) -> Decoder:
    """What decodes a type: built once a type, because a warehouse holds the same few types many times."""
    if kind is object or kind is Any:
        return lambda data: data
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind))
    if origin is tuple:
        return _tuple(get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        key, item = map(_decoder, get_args(kind))
        return lambda data: {key(name): item(value) for name, value in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(kind)
    if kind in (datetime, date):
        return lambda data: data if isinstance(data, kind) else kind.fromisoformat(data)
    return _plain(kind)


def _member(kind: type[Enum]) -> Decoder:
    members = {member.value: member for member in kind}

    def decoded(data: Any) -> Any:
        # Calling the type takes five times as long, and says what is wrong.
        return members.get(data) or kind(data)

    return decoded


def _plain(kind: Any) -> Decoder:
    def decoded(data: Any) -> Any:
        if isinstance(data, kind):
            return data
        if kind is float and isinstance(data, int) and not isinstance(data, bool):
            return float(data)
        raise TypeError(f"expected {kind.__name__}, found {type(data).__name__}")

    return decoded


def _dataclass(kind: Any) -> Decoder:
    # Not `_decoder` here: a type may hold itself.
    hints = get_type_hints(kind)
    # With a plain type beside each: most values are of one, and a call takes longer than to see that.
    decoders: dict[str, tuple[Any, Decoder]] = {}

    def decoded(data: Any) -> Any:
        if type(data) is kind:
            return data
        values = {}
        for name, value in data.items():
            known = decoders.get(name)
            if known is None:
                if name not in hints:
                    unknown = ", ".join(sorted({*data} - {*hints}))
                    raise ValueError(f"{kind.__name__} has no field {unknown}")
                hint = hints[name]
                known = decoders[name] = (hint if hint in (str, int, float, bool) else None, _decoder(hint))
            plain, decoder = known
            values[name] = value if type(value) is plain else decoder(value)
        return kind(**values)

    return decoded


def _union(choices: tuple[Any, ...]) -> Decoder:
    real = [choice for choice in choices if choice is not types.NoneType]
    optional = types.NoneType in choices
    of_time = {datetime, date} <= {*real}

    def decoded(data: Any) -> Any:
        if data is None and optional:
            return None
        if of_time and isinstance(data, str):
            return decode(datetime if "T" in data else date, data)
        if len(real) != 1:
            raise TypeError(f"cannot choose among {real}")
        return decode(real[0], data)

    return decoded


def _tuple(choices: tuple[Any, ...]) -> Decoder:
    if len(choices) == 2 and choices[1] is Ellipsis:
        item = _decoder(choices[0])
        return lambda data: tuple([item(value) for value in data])
    each = [_decoder(choice) for choice in choices]
    return lambda data: tuple(item(value) for item, value in zip(each, data, strict=True))


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return MISSING if field.default_factory is MISSING else field.default_factory()

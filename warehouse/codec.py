"""Domain values to plain JSON data and back, exactly.

Works from the type hints of the frozen dataclasses, so that a new field needs no line here. A field
that equals its default is left out unless `full` is asked for: most rights of most findings are
silent. Defaults of stored types are therefore part of the storage format.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

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
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(encode(key)): encode(item, full=full) for key, item in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [encode(item, full=full) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: encode(item, full=full) for field, item in pairs if full or item != _default(field)}
    raise TypeError(f"cannot store a {type(value).__name__}")


def decode(kind: Any, data: Any) -> Any:
    """The value of type `kind` that `encode` turned into `data`."""
    if kind is object or kind is Any:
        return data
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), data)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data)
    if origin is not None and issubclass(origin, Mapping):
        key, item = get_args(kind)
        return {decode(key, name): decode(item, value) for name, value in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        if unknown := sorted({*data} - {*hints}):
            raise ValueError(f"{getattr(kind, '__name__', kind)} has no field {', '.join(unknown)}")
        build: Any = kind
        return build(**{name: decode(hints[name], value) for name, value in data.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind in (datetime, date):
        return data if isinstance(data, kind) else kind.fromisoformat(data)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"expected {kind.__name__}, found {type(data).__name__}")
    return data


def _decode_union(choices: tuple[Any, ...], data: Any) -> Any:
    if data is None and types.NoneType in choices:
        return None
    real = [choice for choice in choices if choice is not types.NoneType]
    if {datetime, date} <= {*real} and isinstance(data, str):
        return decode(datetime if "T" in data else date, data)
    if len(real) != 1:
        raise TypeError(f"cannot choose among {real}")
    return decode(real[0], data)


def _decode_tuple(choices: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(choices) == 2 and choices[1] is Ellipsis:
        return tuple(decode(choices[0], item) for item in data)
    return tuple(decode(choice, item) for choice, item in zip(choices, data, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return MISSING if field.default_factory is MISSING else field.default_factory()

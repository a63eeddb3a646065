"""Typed access to a stranger's JSON: the value asked for, or nothing and a note; never an exception."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

MOST_BYTES = 10_000_000
MOST_ROWS = 50_000
LARGEST_NUMBER = 10**18
_LONGEST_TEXT = 20_000
_MOST_NOTES = 100
_DIGITS = 19
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


class Notes(list[str]):
    """What was skipped and why, in order; bounded, because the sender decides how much is wrong."""

    def add(self, note: str) -> None:
        line = clean(note)[:300]
        if len(self) < _MOST_NOTES and line not in self:
            self.append(line)


def clean(text: str) -> str:
    """One line without control characters, characters that turn or hide text, and broken ones."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode("utf-8").strip()


def parsed(body: bytes, notes: Notes) -> Any:
    """The JSON value in a body; None with a note when it is none, too deep or too large."""
    if len(body) > MOST_BYTES:
        notes.add(f"more than {MOST_BYTES} bytes of JSON")
        return None

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:  # which of two values counts is not for us to choose
                    members[name] = None
                    notes.add(f"{name[:100]}: given twice, so neither counts")
                seen.add(name)
        return members

    try:
        return json.loads(
            body,
            object_pairs_hook=once,
            parse_int=lambda digits: int(digits) if len(digits) <= _DIGITS else math.inf,
        )
    except (ValueError, RecursionError) as error:
        notes.add(f"no JSON: {error}")
        return None


def day_in(text: str) -> date | None:
    """The day an ISO date or time begins with; None for anything else."""
    found = _DAY.match(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


class Fields:
    """One JSON object at a path of the document. Absent, null and empty read as None, without a note."""

    def __init__(self, members: Mapping[str, Any], path: str, notes: Notes) -> None:
        self._members = members
        self.path = path
        self.notes = notes

    def __bool__(self) -> bool:
        return bool(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def at(self, name: str) -> str:
        """The path of a member, for notes and claims."""
        return f"{self.path}.{name}" if self.path else name

    def names(self) -> list[str]:
        return list(self._members)[:MOST_ROWS]

    def raw(self, name: str) -> Any:
        return self._members.get(name)

    def text(self, name: str) -> str | None:
        """A text as `clean` leaves it."""
        value = self._members.get(name)
        if value is None:
            return None
        return as_text(value, self.at(name), self.notes)

    def number(self, name: str, *, digits: bool = False) -> float | None:
        """A finite number from 0 to 10^18; with `digits` also one written as text."""
        value = self._members.get(name)
        if value is None or (digits and value == ""):
            return None
        if digits and isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value) if len(value) <= _DIGITS else math.inf
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.notes.add(f"{self.at(name)}: no number")
            return None
        if not 0 <= value <= LARGEST_NUMBER:
            self.notes.add(f"{self.at(name)}: no sensible number")
            return None
        return value

    def count(self, name: str, *, digits: bool = False) -> int | None:
        """A whole number from 0 to 10^18."""
        value = self.number(name, digits=digits)
        if value is not None and value != int(value):
            self.notes.add(f"{self.at(name)}: no whole number")
            return None
        return None if value is None else int(value)

    def flag(self, name: str) -> bool | None:
        value = self._members.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.notes.add(f"{self.at(name)}: neither true nor false")
        return None

    def day(self, name: str) -> date | None:
        """The day of an ISO date or time."""
        text = self.text(name)
        day = day_in(text) if text else None
        if text and day is None:
            self.notes.add(f"{self.at(name)}: no date")
        return day

    def fields(self, name: str) -> Fields:
        """The object at a member; an empty one when there is none."""
        value = self._members.get(name)
        if value is not None and not isinstance(value, dict):
            self.notes.add(f"{self.at(name)}: no object")
        return Fields(value if isinstance(value, dict) else {}, self.at(name), self.notes)

    def rows(self, name: str) -> list[Fields]:
        """The objects of a list, up to `MOST_ROWS`; anything else in it is left out with a note."""
        value = self._members.get(name)
        if value is not None and not isinstance(value, list):
            self.notes.add(f"{self.at(name)}: no list")
        return rows_of(value if isinstance(value, list) else [], self.at(name), self.notes)

    def texts(self, name: str) -> list[str]:
        """One text or a list of texts."""
        value = self._members.get(name)
        if value is None:
            return []
        items = value[:MOST_ROWS] if isinstance(value, list) else [value]
        found = [as_text(item, self.at(name), self.notes) for item in items if item is not None]
        return [text for text in found if text]


def rows_of(items: list[Any], path: str, notes: Notes) -> list[Fields]:
    """The objects among some values, each at its place."""
    if len(items) > MOST_ROWS:
        notes.add(f"{path}: only the first {MOST_ROWS} of {len(items)}")
    rows = []
    for place, item in enumerate(items[:MOST_ROWS]):
        if isinstance(item, dict):
            rows.append(Fields(item, f"{path}[{place}]", notes))
        else:
            notes.add(f"{path}: something that is no object")
    return rows


def as_text(value: Any, path: str, notes: Notes) -> str | None:
    """A value as clean text, or None with a note. A text over the limit is left out whole: what is cut
    off could be the restriction."""
    if not isinstance(value, str):
        notes.add(f"{path}: no text")
        return None
    if len(value) > _LONGEST_TEXT:
        notes.add(f"{path}: a text of {len(value)} characters")
        return None
    return clean(value) or None

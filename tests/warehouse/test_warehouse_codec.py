from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse_cases import DISPUTED, RELICENSED, RESTRICTED, decision, full_reading

from domain.deciding import Decision
from domain.reading import Change, Reading
from warehouse.codec import from_json, storable, to_json

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=11))])
TIMES = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001

for kind, strategy in ((str, TEXT), (datetime, TIMES), (float, st.floats(allow_nan=False))):
    st.register_type_strategy(kind, strategy)


def with_storable_text(value: Any) -> Any:
    """The value as it must come back: lone surrogates replaced, nothing else touched."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(map(with_storable_text, value))
    if isinstance(value, Mapping):
        return {with_storable_text(key): with_storable_text(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: with_storable_text(getattr(value, f.name)) for f in fields(value)})
    return value


def values(kind: type) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: st.from_type(kind))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(values(Reading))
def test_any_reading_comes_back_equal_from_its_json(reading: Reading) -> None:
    text = to_json(reading)
    text.encode()
    assert from_json(Reading, text) == with_storable_text(reading)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(values(Decision))
def test_any_decision_comes_back_equal_from_its_json(made: Decision) -> None:
    assert from_json(Decision, to_json(made)) == with_storable_text(made)
    assert from_json(Decision, to_json(made, full=True)) == with_storable_text(made)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(values(Change))
def test_any_change_comes_back_equal_from_its_json(change: Change) -> None:
    assert from_json(Change, to_json(change)) == with_storable_text(change)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TEXT)
def test_storable_text_keeps_its_length_and_can_be_written(text: str) -> None:
    assert len(storable(text)) == len(text)
    assert storable(text).encode().decode() == storable(text)


@pytest.mark.parametrize("value", [full_reading(), decision(), RESTRICTED, DISPUTED, RELICENSED], ids=lambda v: type(v))
def test_real_values_come_back_equal_and_their_json_is_canonical(value: Any) -> None:
    text = to_json(value)
    assert from_json(type(value), text) == value
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_what_equals_its_default_is_left_out_unless_all_is_asked_for() -> None:
    assert json.loads(to_json(Change(RELICENSED.kind))) == {"kind": "material"}
    assert {*json.loads(to_json(Change(RELICENSED.kind), full=True))} == {field.name for field in fields(Change)}


@dataclass(frozen=True, slots=True)
class Seen:
    at: datetime | date | None
    score: float


def test_a_day_stays_a_day_and_a_moment_a_moment() -> None:
    day, moment = Seen(date(2026, 3, 1), 1.0), Seen(datetime(2026, 3, 1, tzinfo=UTC), 1.5)
    assert [from_json(Seen, to_json(seen)) for seen in (day, moment)] == [day, moment]
    assert type(from_json(Seen, '{"at": "2026-03-01", "score": 1}').score) is float


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"kind": "material", "surprise": 1}', "Change has no field surprise"),
        ('{"kind": "dreadful"}', "'dreadful' is not a valid ChangeClass"),
        ('{"kind": "material", "reason": 3}', "expected str, found int"),
    ],
)
def test_json_that_does_not_fit_is_refused(text: str, error: str) -> None:
    with pytest.raises((ValueError, TypeError), match=error):
        from_json(Change, text)


def test_bytes_have_no_json() -> None:
    with pytest.raises(TypeError, match="cannot store a bytes"):
        to_json({"body": b""})

"""A page that is built to stop the reader stops nothing but its own look."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.policy import load_policy
from domain.policy import Family
from flows.read_guarded import GuardedReader, ReadingLimits
from terms.reader import Reader

_GRANT = b"<html><body><p>The data is dedicated to the public under CC0 1.0.</p>"
_HEAVY = b"The data is licensed under CC BY 4.0. " * 7_900 + b"You may not use it. " * 14_000


@pytest.fixture(scope="module")
def families() -> tuple[Family, ...]:
    return tuple(load_policy(Path(__file__).parents[2] / "policy").families)


def test_a_page_that_takes_too_long_is_suspect_and_the_next_one_is_read(families: tuple[Family, ...]) -> None:
    plain = Reader(families)
    with GuardedReader(plain.name, families, ReadingLimits(cpu_seconds=1)) as reader:
        slow = reader.read_bytes(_HEAVY, "text/plain", None, None)
        next_one = reader.read_bytes(_GRANT, "text/html", None, None)
    assert slow.suspect == "not read: too complex (more than 1 s of processor time)"
    assert (slow.licenses, slow.rights.commercial_use.usable) == ((), False)
    assert next_one == plain.read_bytes(_GRANT, "text/html", None, None)
    assert next_one.licenses == ("CC0-1.0",)


def test_a_page_that_takes_too_much_memory_is_not_half_read(families: tuple[Family, ...]) -> None:
    body = _GRANT + b"<p>word</p>" * 300_000 + b"<p>Commercial use is prohibited.</p>"
    with GuardedReader("x", families, ReadingLimits(memory_bytes=25 * 1024**2)) as reader:
        reading = reader.read_bytes(body, "text/html", None, None)
    assert (reading.suspect or "").startswith("not read: too complex (")
    assert reading.licenses == ()


def test_a_page_that_never_answers_is_suspect(families: tuple[Family, ...]) -> None:
    with GuardedReader("x", families, ReadingLimits(wall_seconds=0)) as reader:
        assert (
            reader.read_bytes(_GRANT, "text/html", None, None).suspect == "not read: too complex (no answer within 0 s)"
        )


def test_markup_nested_beyond_sense_is_not_parsed(families: tuple[Family, ...]) -> None:
    reading = Reader(families).read_bytes(b"<div>" * 5_000 + _GRANT, "text/html", None, None)
    assert reading.suspect == "not read: tags nested deeper than 4000"

"""Stretches of a text, as sorted pairs of offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Spans = tuple[tuple[int, int], ...]


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    result: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def without(spans: Spans, taken: Spans) -> Spans:
    result: list[tuple[int, int]] = []
    for start, end in spans:
        for cut in merged(taken):
            if cut[0] >= end or cut[1] <= start:
                continue
            if cut[0] > start:
                result.append((start, cut[0]))
            start = cut[1]
        if start < end:
            result.append((start, end))
    return tuple(result)


def length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def touches(span: tuple[int, int], spans: Spans) -> bool:
    """Whether a span overlaps any of some spans that are sorted and apart."""
    index = bisect_right(spans, span[1] - 1, key=lambda other: other[0]) - 1
    return index >= 0 and spans[index][1] > span[0]

"""Putting things in an order in which none comes before what it needs, and taking them a few at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import TypeVar

T = TypeVar("T")

_AT_ONCE = 500


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in their order, so many at a time as a run may hold whole."""
    for first in range(0, len(items), _AT_ONCE):
        yield items[first : first + _AT_ONCE]


def needed_first(
    names: Sequence[str], needs: Mapping[str, Collection[str]], late: Collection[str] = frozenset()
) -> list[str]:
    """The names in their order, but each behind those of them that it needs; of those that may come, the
    `late` ones come last. A ring of needs is broken at the first of the names that are left.
    """
    place = {name: at for at, name in enumerate(names)}
    missing = {name: {need for need in needs.get(name, ()) if need in place and need != name} for name in names}
    needed_by: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for need in missing[name]:
            needed_by[need].append(name)
    free = [(name in late, place[name]) for name in names if not missing[name]]
    heapify(free)
    ordered: dict[str, None] = {}
    left = iter(names)
    while len(ordered) < len(place):
        name = names[heappop(free)[1]] if free else next(name for name in left if name not in ordered)
        if name in ordered:
            continue
        ordered[name] = None
        for waiting in needed_by[name]:
            missing[waiting].discard(name)
            if not missing[waiting]:
                heappush(free, (waiting in late, place[waiting]))
    return [*ordered]

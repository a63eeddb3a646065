"""What is adopted in which order: by rank, but nothing before what it needs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.ordering import needed_first

_NAMES = tuple("abcdefgh")
_NEEDS = st.dictionaries(st.sampled_from(_NAMES), st.frozensets(st.sampled_from((*_NAMES, "elsewhere")), max_size=3))


def _picked_one_by_one(needs: dict[str, frozenset[str]], late: frozenset[str]) -> list[str]:
    """The rule as one would do it by hand: look through all that is left, each time."""
    left, placed = [*_NAMES], []
    while left:
        free = [name for name in left if not (needs.get(name, frozenset()) - {name}) & {*left}]
        [name, *_] = [*(n for n in free if n not in late), *free, *left]
        left.remove(name)
        placed.append(name)
    return placed


@given(_NEEDS, st.frozensets(st.sampled_from(_NAMES)))
def test_the_order_is_what_picking_one_by_one_gives(needs: dict[str, frozenset[str]], late: frozenset[str]) -> None:
    assert needed_first(_NAMES, needs, late) == _picked_one_by_one(needs, late)


@given(_NEEDS)
def test_where_nothing_needs_itself_in_a_circle_nothing_comes_before_what_it_needs(
    needs: dict[str, frozenset[str]],
) -> None:
    downwards = {name: {need for need in above if need > name} for name, above in needs.items()}
    ordered = needed_first(_NAMES, downwards)
    assert sorted(ordered) == [*_NAMES]
    assert all(
        ordered.index(need) < ordered.index(name) for name, above in downwards.items() for need in above & {*_NAMES}
    )

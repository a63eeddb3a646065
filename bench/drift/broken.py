"""`python -m bench.drift.broken KIND run …`: the program with its comparison broken on purpose.

Each breakage replaces something in the loaded program and then hands over to its command line. The bench has to
notice every one of them: `python -m bench.drift.breakages`. Nothing here is reachable from the program itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from importlib import import_module
from typing import Any

from domain.history import ChangeRecord, WatchStep
from domain.probing import Look
from domain.reading import Change, FindingKind, Reading
from domain.vocabulary import ChangeClass, Outcome

_TARGET = re.compile(r"\]\([^)\s]*\)|<?https?://[^\s<>)\"'\]]+>?")

Compare = Callable[[Reading, Reading], Change]


def ignore_link_targets() -> None:
    """Where only addresses differ, nothing differs."""

    def blind(compare: Compare, before: Reading, after: Reading) -> Change:
        same = _TARGET.sub("", before.text) == _TARGET.sub("", after.text)
        same = same and _structured(before) == _structured(after)
        return Change(ChangeClass.NONE) if same else compare(before, after)

    _wrap_compare(blind)


def ignore_json_ld() -> None:
    """Where only what machines are told differs, nothing differs."""

    def blind(compare: Compare, before: Reading, after: Reading) -> Change:
        return Change(ChangeClass.NONE) if before.text == after.text else compare(before, after)

    _wrap_compare(blind)


def compare_whole_page() -> None:
    """Any other text is a change of the terms."""

    def crude(compare: Compare, before: Reading, after: Reading) -> Change:
        return compare(before, after) if before.text == after.text else Change(ChangeClass.MATERIAL)

    _wrap_compare(crude)


def treat_suspect_as_snapshot() -> None:
    """A wall, a challenge or half a page is as good as the page."""

    def trusting_look(values: dict[str, Any]) -> None:
        if values.get("outcome") is Outcome.SUSPECT:
            values |= {"outcome": Outcome.SNAPSHOT, "reason": None}

    def trusting_reading(values: dict[str, Any]) -> None:
        values["suspect"] = None

    _alter(Look, trusting_look)
    _alter(Reading, trusting_reading)


def confirm_nothing() -> None:
    """No second look ever bears out the first, so that nobody is told of anything."""

    def doubting(values: dict[str, Any]) -> None:
        values |= {"confirmed": False, "alert": False}

    def silent(values: dict[str, Any]) -> None:
        values["alerts"] = ()

    _alter(ChangeRecord, doubting)
    _alter(WatchStep, silent)


def alert_at_first_sight() -> None:
    """The other way to confirm nothing: what one look shows is told at once."""

    def rash(values: dict[str, Any]) -> None:
        if values["change"].kind is ChangeClass.MATERIAL:
            values |= {"confirmed": True, "alert": True}

    _alter(ChangeRecord, rash)


BREAKAGES: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        ignore_link_targets,
        ignore_json_ld,
        treat_suspect_as_snapshot,
        confirm_nothing,
        compare_whole_page,
        alert_at_first_sight,
    )
}


def _structured(reading: Reading) -> list[tuple[str, str | None]]:
    return [(one.rule, one.license) for one in reading.findings if one.kind is FindingKind.MACHINE_READABLE]


def _wrap_compare(breakage: Callable[[Compare, Reading, Reading], Change]) -> None:
    """Puts a breakage before the comparator, wherever a loaded module already holds it by name."""
    compare: Compare = import_module("terms.compare").compare

    @wraps(compare)
    def broken(before: Reading, after: Reading) -> Change:
        return breakage(compare, before, after)

    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()) if module else []:
            if value is compare:
                setattr(module, name, broken)


def _alter(kind: type[Any], change: Callable[[dict[str, Any]], None]) -> None:
    """Changes the values with which instances of a dataclass are made."""
    original: Callable[..., None] = vars(kind)["__init__"]
    names = [one.name for one in fields(kind)]

    @wraps(original)
    def altered(self: object, *positional: object, **named: object) -> None:
        values = dict(zip(names, positional, strict=False)) | named
        change(values)
        original(self, **values)

    type.__setattr__(kind, "__init__", altered)


def main() -> None:
    """Breaks the program in the way the first argument names, then runs it on the rest."""
    kind = sys.argv[1] if len(sys.argv) > 1 else ""
    if kind not in BREAKAGES:
        sys.exit(f"the breakages are {', '.join(BREAKAGES)}; not {kind!r}")
    BREAKAGES[kind]()
    sys.argv = ["clearance", *sys.argv[2:]]
    sys.exit(import_module("clearance.main").main())


if __name__ == "__main__":
    main()

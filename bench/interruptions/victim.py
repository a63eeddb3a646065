"""`clearance` that kills itself at a named point: `python -m bench.interruptions.victim WHEN TARGET NTH ARGUMENT…`

The product has no switch for this; the function named by TARGET is wrapped from outside.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Point:
    """Before or after the n-th call of a function, named as `package.module.name` or `….Class.method`."""

    when: Literal["before", "after"]
    target: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.target}" + (f" ({self.nth})" if self.nth > 1 else "")

    def arguments(self) -> tuple[str, ...]:
        """As the victim takes them."""
        return self.when, self.target, str(self.nth)


def arm(point: Point) -> None:
    """Wrap the function so that this process dies at the point."""
    owner, name = _owner(point.target)
    wrapped = getattr(owner, name)
    calls = 0
    counting = threading.Lock()

    @functools.wraps(wrapped)
    def dying(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        # Bodies are written by several threads.
        with counting:
            calls += 1
            now = calls == point.nth
        if now and point.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = wrapped(*args, **kwargs)
        if now:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def _owner(target: str) -> tuple[Any, str]:
    parts = target.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: Any = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:-1]:
            found = getattr(found, part)
        return found, parts[-1]
    raise ValueError(f"no such function: {target}")


def main() -> None:
    """Arm, then be `clearance`."""
    when, target, nth, *arguments = sys.argv[1:]
    arm(Point("before" if when == "before" else "after", target, int(nth)))
    sys.argv = ["clearance", *arguments]
    from clearance.main import main as clearance

    clearance()


if __name__ == "__main__":
    main()

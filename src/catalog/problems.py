"""Everything that is wrong with some files, told in one error.

A person mends a file once, not once a mistake: problems are collected and raised together.
"""

from __future__ import annotations

from pathlib import Path

from domain.errors import InvalidInput


class Problems:
    """Collects what is wrong, with file and 1-based line."""

    def __init__(self) -> None:
        self._found: list[tuple[Path, int | None, str]] = []

    def add(self, path: Path, line: int | None, message: str) -> None:
        """Note one problem. `message` says what is wrong and what to write instead."""
        self._found.append((path, line, message))

    def raise_if_any(self) -> None:
        """Raise one `InvalidInput` with a line `file:line: message` a problem, in the order of the files.

        Its `path` and `line` are those of the first problem.
        """
        if not self._found:
            return
        # A mistake seen on two ways is told once.
        found = sorted(set(self._found), key=lambda problem: (str(problem[0]), problem[1] or 0, problem[2]))
        (path, line, message), *others = found
        rest = [str(InvalidInput(text, at, row)) for at, row, text in others]
        raise InvalidInput("\n".join([message, *rest]), path, line)

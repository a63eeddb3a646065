"""What can go wrong, sorted by what the caller must do.

ClearanceError            one clear line that says what to do; exit code 2
├── InvalidInput          a file or argument is wrong: mend it (carries file and line where known)
├── WarehouseBusy         another process writes: wait or stop it
└── WarehouseDamaged      the warehouse cannot be opened or is from a newer release: restore or upgrade

A page that cannot be fetched is no error but an `Outcome`.
"""

from __future__ import annotations

from pathlib import Path


class ClearanceError(Exception):
    """Root of all errors a person is told about in one line."""


class InvalidInput(ClearanceError):
    """Wrong input. `path` and `line` (1-based) say where, when known."""

    def __init__(self, message: str, path: Path | str | None = None, line: int | None = None) -> None:
        self.path = path
        self.line = line
        where = "" if path is None else f"{path}:" + (f"{line}: " if line is not None else " ")
        super().__init__(where + message)


class WarehouseBusy(ClearanceError):
    """Another process holds the warehouse."""


class WarehouseDamaged(ClearanceError):
    """The file is no warehouse of ours, or one of a newer release."""

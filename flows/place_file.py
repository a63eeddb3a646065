"""Text files that are whole or not there."""

from __future__ import annotations

import os
from hashlib import file_digest
from pathlib import Path

from domain.errors import InvalidInput

_AT_ONCE = 1_000_000


def put_in_place(path: Path, text: str | bytes) -> None:
    """Write a text file whole or not at all; a file that holds it already is left alone."""
    data = text.encode() if isinstance(text, str) else text
    try:
        if path.is_file() and _holds(path, data):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        raise InvalidInput(f"cannot be written: {error.strerror or error}", path) from error


def holds(path: Path, sha256: str) -> bool:
    """Whether a file is there, can be read, and has this digest."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _holds(path: Path, data: bytes) -> bool:
    if path.stat().st_size != len(data):
        return False
    with path.open("rb") as file:
        return all(file.read(_AT_ONCE) == data[first : first + _AT_ONCE] for first in range(0, len(data), _AT_ONCE))

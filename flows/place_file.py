"""Text files that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from domain.errors import InvalidInput


def put_in_place(path: Path, text: str) -> None:
    """Write a text file whole or not at all; a file that holds it already is left alone."""
    data = text.encode()
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        raise InvalidInput(f"cannot be written: {error.strerror or error}", path) from error

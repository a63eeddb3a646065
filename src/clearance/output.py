"""What the command line prints: JSON for programs on stdout, tables for people, one line for errors."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from domain.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

_UNWATCHED = 200
# What a terminal obeys: control characters, of which JSON leaves the upper ones and DEL as they are.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def emit_json(value: object) -> None:
    """One JSON value on one line of stdout."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    sys.stdout.write(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def emit_line(text: str) -> None:
    """One line, or several, of text on stdout; no terminal obeys what it quotes."""
    sys.stdout.write(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) + "\n")


def note(text: str) -> None:
    """A line for a person on stderr, out of the way of what programs read."""
    sys.stderr.write(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) + "\n")
    sys.stderr.flush()


def terminal() -> tuple[int, bool]:
    """How many columns stdout has room for, and whether it shows colors; as wide as needed where nobody watches."""
    if not sys.stdout.isatty():
        return _UNWATCHED, False
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") in ("dumb", "unknown")
    return shutil.get_terminal_size().columns, not plain


def show(renderable: RenderableType) -> None:
    """A table or text for people."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else _UNWATCHED, highlight=False, emoji=False, markup=False).print(
        renderable
    )


def moment_of(text: str | None, name: str) -> datetime | None:
    """A time given on the command line, UTC where it names no zone. InvalidInput for anything else."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"{name} {text!r} is no time: write 2026-11-24 or 2026-11-24T06:00:00Z") from error
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Sequence):
        return list(value)
    return str(value)

"""What a server sends: one answer of a page or of what stands in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    `cut_at`: send that many bytes of the body and close, though more was announced. `stall` seconds:
    say nothing for that long and close.
    """

    status: int = 200
    media_type: str = "text/html"
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    stall: float = 0.0

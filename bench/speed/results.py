"""`bench/RESULTS.md`, written anew after every measurement, so that a bench that is stopped leaves what it had."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.speed.measure import Cost

LOOKS = ("first run", "nothing changed", "5 % changed")


@dataclass(frozen=True, slots=True)
class Round:
    """Three looks of one subject at one web: what each cost, and our bytes on disk after each (else 0)."""

    costs: tuple[Cost, ...]
    disk: tuple[int, ...]


@dataclass(slots=True)
class Results:
    """What was measured so far. `compressed` are bytes and `task_runs` Prefect's by the
    number of pages, `answers` processor seconds by command, `lines` sections that came whole by title."""

    path: Path
    how: str
    rounds: dict[tuple[int, str], list[Round]] = field(default_factory=dict)
    compressed: dict[int, int] = field(default_factory=dict)
    task_runs: dict[int, int] = field(default_factory=dict)
    answers: dict[str, float] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)

    def add(self, pages: int, subject: str, found: Round) -> None:
        """Keep one round and write the file."""
        self.rounds.setdefault((pages, subject), []).append(found)
        self.write()

    def section(self, title: str, lines: Iterable[str]) -> None:
        """Keep one section and write the file."""
        self.lines[title] = list(lines)
        self.write()

    def cpu(self, pages: int, subject: str, look: int, start_up: bool = True) -> float | None:
        """The median processor seconds of a look, above the same look at one page; None when not measured."""
        found = self.rounds.get((pages, subject))
        if not found:
            return None
        above = self.cpu(1, subject, look, start_up=False) if start_up and pages != 1 else 0.0
        return median(one.costs[look].cpu for one in found) - (above or 0.0)

    def peak(self, pages: int, subject: str) -> float | None:
        """The most MiB of any look, the median of the rounds."""
        found = self.rounds.get((pages, subject))
        return median(max(cost.peak_mib for cost in one.costs) for one in found) if found else None

    def disk(self, pages: int, subject: str, look: int) -> float | None:
        """Bytes on disk after a look, the median of the rounds."""
        found = self.rounds.get((pages, subject))
        return median(one.disk[look] for one in found) if found else None

    def write(self) -> None:
        """Replace the file."""
        told = ["# What it costs", "", self.how, "", *self._machine(), ""]
        sizes = sorted({pages for pages, _ in self.rounds if pages != 1})
        for pages in sizes:
            told += [*self._table(pages), ""]
        for title, lines in self.lines.items():
            told += [f"## {title}", "", *lines, ""]
        self.path.write_text("\n".join(told).rstrip() + "\n", encoding="utf-8")

    def _machine(self) -> list[str]:
        load = os.getloadavg()[0]
        return [
            f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, load "
            f"{load:.1f} when this was written. Processor seconds are of the whole process tree, Prefect's "
            "server aside, above those of the same command at a web of one page (the line start-up).",
        ]

    def _table(self, pages: int) -> list[str]:
        subjects = [subject for size, subject in self.rounds if size == pages]
        rows = []
        for subject in subjects:
            taken = self.rounds[pages, subject]
            cpu = [_number(self.cpu(pages, subject, look)) for look in range(len(LOOKS))]
            start = _number(self.cpu(1, subject, 1))
            wall = [f"{median(one.costs[look].wall for one in taken):.1f}" for look in range(len(LOOKS))]
            disk = [
                f"{value / 1e6:.1f}" if (value := self.disk(pages, subject, look)) else "" for look in range(len(LOOKS))
            ]
            peak = _number(self.peak(pages, subject), 0)
            rows.append((subject, *cpu, start, " / ".join(wall), peak, " / ".join(filter(None, disk)), str(len(taken))))
        head = ("", *LOOKS, "start-up", "wall of the three", "peak MiB", "MB on disk after each", "rounds")
        packed = self.compressed.get(pages, 0) / 1e6
        return [
            f"## {pages:,} pages",
            "",
            f"Processor seconds. The bodies, each packed alone by zstd at level 9, are {packed:.1f} MB.",
            "",
            *table(head, rows),
        ]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; all columns but the first are numbers."""
    return [
        f"| {' | '.join(head)} |",
        f"|---|{'---:|' * (len(head) - 1)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f}"

"""Item tables made up from a seed, at the real sizes and with the counts that were told of the real ones."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from pathlib import Path

JAMENDO = {
    # Counted by a third party over the license file of 55,701 tracks; what is left over has no address.
    "http://creativecommons.org/licenses/by-nc-sa/3.0/": 21_399,
    "http://creativecommons.org/licenses/by-nc-nd/3.0/": 15_584,
    "http://creativecommons.org/licenses/by-sa/3.0/": 9_933,
    "http://creativecommons.org/licenses/by-nd/3.0/": 3_303,
    "http://creativecommons.org/licenses/by/3.0/": 3_122,
    "http://creativecommons.org/licenses/by-nc/3.0/": 2_274,
    "": 86,
}
FMA = {
    # 88,845 of 106,574 tracks non-commercial in the ten commonest spellings, 4,991 and 1,549 of two others;
    # how the rest divides is made up.
    "Attribution-Noncommercial-Share Alike 3.0 United States": 19_710,
    "Attribution-NonCommercial-NoDerivatives (aka Music Sharing) 3.0 International": 25_000,
    "Attribution-NonCommercial-ShareAlike 3.0 International": 18_000,
    "Attribution-NonCommercial-NoDerivatives 4.0 International": 11_000,
    "Attribution-NonCommercial 3.0 International": 9_000,
    "Attribution-NonCommercial-ShareAlike": 3_000,
    "Attribution-NonCommercial": 2_000,
    "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0": 1_135,
    "Attribution": 4_991,
    "Attribution-ShareAlike": 1_549,
    "CC0 1.0 Universal": 1_300,
    "Public Domain Mark 1.0": 700,
    "Attribution 3.0 Germany": 450,
    "FMA-Limited: Download Only": 2_616,
    "FMA Sound Recording Common Law License": 1_200,
    "Sampling+": 300,
    "Orphan Work": 250,
    "other": 2_000,
    "": 2_373,
}


def cells_of(counts: Mapping[str, int], seed: int) -> list[str]:
    """Every cell as often as it is counted, shuffled by a seed."""
    cells = [cell for cell, number in counts.items() for _ in range(number)]
    random.Random(seed).shuffle(cells)
    return cells


def write_table(path: Path, cells: list[str], column: str, delimiter: str = ",") -> None:
    """A table of a track number, a path, a duration and the license."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=delimiter)
        rows.writerow(["track_id", "file", "duration_ms", column])
        rows.writerows([at, f"{at % 1000:03}/{at}.mp3", 30_000 + at % 977, cell] for at, cell in enumerate(cells))

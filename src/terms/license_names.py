"""Licenses by name in prose: the reviewed aliases of names.toml and the full names of the SPDX list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from ahocorasick_rs import AhoCorasick

from terms import spdx
from terms.shadow import shadow as shadow_of
from terms.shadow import tidy

_REACH = 120


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write a license's name. `weak` ones are common words or names of organizations:
    they count only where a license is being stated."""

    license: str
    has: tuple[str, ...]
    pattern: re.Pattern[str]
    weak: bool

    def spans(self, shadow: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Where the alias stands in a shadowed text: tried around the places of its own words, in order, only."""
        done = 0
        for at in places:
            if at < done:
                continue
            done = at + _REACH
            yield from (match.span() for match in self.pattern.finditer(shadow, max(0, at - _REACH), done))


@dataclass(frozen=True, slots=True)
class Named:
    """A license named at `shadow[start:end]`, and the rule that found it."""

    start: int
    end: int
    license: str
    rule: str
    weak: bool = False


def _compile(source: str) -> re.Pattern[str]:
    source = source.replace(" ?", r"[\s_-]{0,3}").replace(" ", r"[\s-]{1,3}")
    return re.compile(rf"(?<![a-z0-9])(?:{source})")


@cache
def aliases() -> tuple[Alias, ...]:
    """The aliases of names.toml. Raises ValueError naming the table whose pattern is broken or whose
    own example fails."""
    table = tomllib.loads((files("terms") / "names.toml").read_text("utf-8"))
    result: list[Alias] = []
    for key, entry in table.items():
        own = []
        for source, weak in [(p, False) for p in entry.get("names", ())] + [
            (f"{w}\\b", True) for w in entry.get("word", ())
        ]:
            try:
                own.append(Alias(entry["id"], tuple(entry["has"]), _compile(source), weak))
            except re.error as error:
                raise ValueError(f"names.toml: [{key}] has a broken pattern {source!r}: {error}") from error
        words = _Words(own)
        for wanted, examples in ((True, entry.get("yes", ())), (False, entry.get("no", ()))):
            for example in examples:
                low = shadow_of(tidy(example))
                if any(not named.weak for named in words.found_in(low)) != wanted:
                    raise ValueError(f"names.toml: [{key}] {'misses' if wanted else 'matches'} its example {example!r}")
        result.extend(own)
    return tuple(result)


class _Words:
    """The words of some aliases, looked for all at once."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._aliases = tuple(aliases)
        numbers: dict[str, list[int]] = {}
        for number, alias in enumerate(self._aliases):
            for word in alias.has:
                numbers.setdefault(word, []).append(number)
        self._numbers = tuple(numbers.values())
        self._words = AhoCorasick(numbers)

    def found_in(self, shadow: str) -> Iterator[Named]:
        """What the aliases find in a shadowed text."""
        places: dict[int, set[int]] = {}
        for word, at, _ in self._words.find_matches_as_indexes(shadow, overlapping=True):
            # "mit" is not in "permit".
            if not at or not shadow[at - 1].isalnum():
                for number in self._numbers[word]:
                    places.setdefault(number, set()).add(at)
        for number in sorted(places):
            alias = self._aliases[number]
            for start, end in alias.spans(shadow, sorted(places[number])):
                yield Named(start, end, alias.license, f"name/{alias.license.lower()}", alias.weak)


@cache
def _words() -> _Words:
    return _Words(aliases())


def aliases_in(shadow: str) -> Iterator[Named]:
    """What names.toml finds in a shadowed text."""
    return _words().found_in(shadow)


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:\.[0-9]+)*")
_LICENSE_WORD = re.compile(r"licen[sc]es?|agreement")
_FILLER = frozenset({"the", "license", "licence", "licenses", "version", "ver", "v", "agreement"})
_MOST_WORDS = 24
"""No name is longer."""
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*?)(?:\.0)*")


def _canonical(word: str) -> str:
    number = _NUMBER.fullmatch(word)
    return number[1] if number else word


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    """First word -> (words without filler, id, whether the name has a number), longest first.
    Creative Commons and GNU have grammars of their own."""
    index: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for name, license_id in spdx.names().items():
        if license_id.startswith(("CC-BY", "CC0", "GPL-", "LGPL-", "AGPL-", "GFDL-")):
            continue
        words = tuple(
            _canonical(word)
            for word in _WORD.findall(shadow_of(re.sub(r"\([^)]*\)", " ", name)))
            if word not in _FILLER
        )
        if words and not words[0].isdigit():
            index.setdefault(words[0], []).append((words, license_id, any(char.isdigit() for char in words[-1])))
    for candidates in index.values():
        candidates.sort(key=lambda item: -len(item[0]))
    return index


@cache
def _beginnings() -> tuple[AhoCorasick, list[list[tuple[tuple[str, ...], str, bool]]]]:
    """The first words of names, looked for all at once, and the candidates of each."""
    return AhoCorasick(_index()), list(_index().values())


_BEFORE, _AFTER = 140, 90


def _windows(shadow: str) -> Iterator[tuple[int, int]]:
    """The stretches around the word license, where a license may be named."""
    start = end = -1
    for match in _LICENSE_WORD.finditer(shadow):
        left, right = max(0, match.start() - _BEFORE), match.end() + _AFTER
        if left > end:
            if end >= 0:
                yield start, end
            start = left
        end = right
    if end >= 0:
        yield start, min(end, len(shadow))


def spdx_names_in(shadow: str) -> Iterator[Named]:
    """Full names of the SPDX list near the word license, however their version is written. A name
    of one word needs the word license beside it."""
    for start, end in _windows(shadow):
        yield from _names_between(shadow, start, end)


def _names_between(shadow: str, start: int, end: int) -> Iterator[Named]:
    beginnings, candidates = _beginnings()
    reached = start
    for number, left, right in beginnings.find_matches_as_indexes(shadow[start:end], overlapping=True):
        at = start + left
        if at < reached or not _is_word(shadow, at, start + right, end):
            continue
        words = [(match.group(), match) for match in islice(_WORD.finditer(shadow, at, end), _MOST_WORDS)]
        named = _name_at(shadow, words, candidates[number])
        if named is not None:
            yield named
            reached = named.end


def _is_word(shadow: str, start: int, end: int, limit: int) -> bool:
    """Whether `shadow[start:end]` is one word, as `_WORD` cuts a text that ends at `limit`."""
    if start and (
        shadow[start - 1].isalnum() or (start > 1 and shadow[start - 1] == "'" and shadow[start - 2].isalnum())
    ):
        return False
    word = _WORD.match(shadow, start, limit)
    return word is not None and word.end() == end


def _name_at(
    shadow: str, words: list[tuple[str, re.Match[str]]], candidates: list[tuple[tuple[str, ...], str, bool]]
) -> Named | None:
    """The longest candidate that the words begin with, filler aside."""
    real = [match for word, match in words if word not in _FILLER]
    values = tuple(_canonical(match.group()) for match in real)
    first = words[0][1].start()
    for wanted, license_id, numbered in candidates:
        if values[: len(wanted)] != wanted:
            continue
        end = real[len(wanted) - 1].end()
        if _SENTENCE_END.search(shadow, first, end):
            continue
        worded = bool(_LICENSE_WORD.search(shadow, max(0, first - 12), end + 12))
        if len(wanted) > 1 or _BARE_LICENSE.match(shadow, end):
            return Named(first, end, license_id, "name/spdx", weak=not (worded or numbered))
    return None


_BARE_LICENSE = re.compile(r"[\s-]{1,2}licen[sc]e\b")
_SENTENCE_END = re.compile(r"[.;:!?](?!\d)\s|\n")
_AROUND = "()[]{}<>,.;:!?'\"`*|_"
_IDENTIFIER_TAG = re.compile(r"spdx-license-identifier:\s{0,3}([a-z0-9.+-]{2,60})")


def ids_in(shadow: str) -> Iterator[Named]:
    """SPDX ids with a version standing in the text."""
    for match in _IDENTIFIER_TAG.finditer(shadow) if "spdx-license" in shadow else ():
        known = spdx.ids().get(match[1].rstrip("."))
        if known:
            yield Named(match.start(1), match.start(1) + len(known), known, "name/spdx_tag")
    known_ids = spdx.ids()
    hyphened = {token.strip(_AROUND) for token in set(shadow.split()) if "-" in token}
    for token in hyphened:
        known = known_ids.get(token)
        if known is None or not any(char.isdigit() for char in known):
            continue
        for match in re.finditer(rf"(?<![\w./@-]){re.escape(token)}(?![\w/@-])", shadow):
            yield Named(match.start(), match.end(), known, "name/spdx_id")


TAGS = {
    "apache2": "Apache-2.0", "apache-2": "Apache-2.0", "apache": "Apache-2.0", "apache2.0": "Apache-2.0", "asl-2.0": "Apache-2.0",
    "gpl": "LicenseRef-GPL-unspecified", "gpl2": "GPL-2.0-only", "gpl3": "GPL-3.0-only", "gplv2": "GPL-2.0-only", "gplv3": "GPL-3.0-only",
    "lgpl": "LicenseRef-LGPL-unspecified", "agpl": "LicenseRef-AGPL-unspecified", "gfdl": "LicenseRef-GFDL-unspecified",
    "bsd": "LicenseRef-BSD-unspecified", "bsd-2": "BSD-2-Clause", "bsd-3": "BSD-3-Clause", "new-bsd": "BSD-3-Clause",
    "odbl": "ODbL-1.0", "odc-odbl": "ODbL-1.0", "odc-by": "ODC-By-1.0", "pddl": "PDDL-1.0", "odc-pddl": "PDDL-1.0", "odc-pddl-1.0": "PDDL-1.0",
    "cc0": "CC0-1.0", "cc-0": "CC0-1.0", "cc-zero": "CC0-1.0", "c-uda": "C-UDA-1.0", "o-uda": "O-UDA-1.0", "lgpl-lr": "LGPLLR", "ms-pl": "MS-PL",
    "openrail": "LicenseRef-OpenRAIL", "openrail-m": "LicenseRef-OpenRAIL", "openrail++": "LicenseRef-OpenRAIL", "creativeml-openrail-m": "LicenseRef-OpenRAIL",
    "bigscience-openrail-m": "LicenseRef-OpenRAIL", "bigscience-bloom-rail-1.0": "LicenseRef-OpenRAIL", "bigcode-openrail-m": "LicenseRef-OpenRAIL",
    "public-domain": "LicenseRef-Public-Domain", "publicdomain": "LicenseRef-Public-Domain", "public-domain-mark": "CC-PDM-1.0", "pd": "LicenseRef-Public-Domain",
    "pdm": "CC-PDM-1.0", "us-pd": "LicenseRef-Public-Domain", "etalab": "etalab-2.0", "lov2": "etalab-2.0", "fr-lo": "LicenseRef-Etalab-unspecified",
    "dl-de-by-2.0": "DL-DE-BY-2.0", "dl-de-zero-2.0": "DL-DE-ZERO-2.0", "uk-ogl": "LicenseRef-OGL-UK-unspecified", "ogl": "LicenseRef-OGL-UK-unspecified",
    "llama2": "LicenseRef-Llama", "llama3": "LicenseRef-Llama", "llama3.1": "LicenseRef-Llama", "llama3.2": "LicenseRef-Llama", "llama3.3": "LicenseRef-Llama",
    "llama4": "LicenseRef-Llama", "gemma": "LicenseRef-Gemma", "stabilityai-ai-community": "LicenseRef-Stability-Community",
    "cdla-permissive": "LicenseRef-CDLA-Permissive-unspecified", "cdla-sharing": "CDLA-Sharing-1.0", "unlicensed": "LicenseRef-Unlicensed",
}  # fmt: skip
_NOT_LICENSES = frozenset(
    {"cc", "other", "unknown", "none", "custom", "public", "undefined", "noassertion", "unlicensed"}
)


def license_of_token(token: str) -> str | None:
    """The license a field's value names when the whole value is an id or a usual tag, else None.
    `other`, `unknown`, `cc` and the like are not licenses."""
    cleaned = re.sub(r"[\s_]+", "-", token.strip().strip("\"'`.,;[]()").lower())
    cleaned = re.sub(r"(?<=\d)p(?=\d)", ".", cleaned)
    cleaned = re.sub(r"^(?:licen[sc]e[:-])+", "", cleaned)
    if not cleaned or len(cleaned) > 80 or cleaned in _NOT_LICENSES:
        return None
    return spdx.ids().get(cleaned) or TAGS.get(cleaned)

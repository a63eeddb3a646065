"""Two versions of a text beside each other, with the words that went and those that came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.history import Version
from reports.escape import plain
from reports.word_diff import Passage, passages

_MOST_PASSAGES = 60
_MOST_WORDS = 1_200
"""Beyond these a passage is shown whole: word by word it would take minutes and help nobody."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row that are alike: `changed` ones went (left) or came (right)."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One passage in both versions; one side may be empty."""

    before: tuple[Words, ...]
    after: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The passages that differ, in order. `left_out` says how many more there are."""

    pairs: tuple[Pair, ...]
    left_out: int


def side_by_side(before: Version, after: Version) -> SideBySide:
    """Compare what the watch rests on in two versions; the whole texts where the parts do not differ."""
    found = passages(_located(before), _located(after)) or passages(before.reading.text, after.reading.text)
    shown = found[:_MOST_PASSAGES]
    return SideBySide(tuple(_pair(passage) for passage in shown), len(found) - len(shown))


def _located(version: Version) -> str:
    text = version.reading.text
    return "\n".join(text[start:end] for start, end in version.reading.located) or text


def _pair(passage: Passage) -> Pair:
    old, new = plain(passage.before).split(), plain(passage.after).split()
    if max(len(old), len(new)) > _MOST_WORDS or not old or not new:
        return Pair(_whole(old), _whole(new))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    left: list[Words] = []
    right: list[Words] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if b > a:
            left.append(Words(" ".join(old[a:b]), changed=kind != "equal"))
        if d > c:
            right.append(Words(" ".join(new[c:d]), changed=kind != "equal"))
    return Pair(tuple(left), tuple(right))


def _whole(words: Sequence[str]) -> tuple[Words, ...]:
    return (Words(" ".join(words[: _MOST_WORDS * 4]), changed=True),) if words else ()

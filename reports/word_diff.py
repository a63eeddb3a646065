"""The difference of two texts, sentence by sentence and word by word, for terminals, Markdown and programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.history import ChangeRecord
from reports.change_section import direction_words
from reports.escape import plain
from reports.words import moment

_PART = re.compile(r"(?<=[.!?;:])\s+|\n+")
_LONGEST = 400_000


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that went and those that came in their place; one of them may be empty."""

    before: str
    after: str


def passages(before: str, after: str) -> tuple[Passage, ...]:
    """Where two texts differ, in order. Texts beyond 400,000 characters are compared up to there."""
    old = [part for part in _PART.split(before[:_LONGEST]) if part.strip()]
    new = [part for part in _PART.split(after[:_LONGEST]) if part.strip()]
    # Words moved by re-wrapping are the same words.
    keys = [[" ".join(part.split()) for part in parts] for parts in (old, new)]
    matcher = SequenceMatcher(a=keys[0], b=keys[1], autojunk=False)
    return tuple(
        Passage(" ".join(old[a:b]), " ".join(new[c:d])) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"
    )


def marked_words(passage: Passage) -> str:
    """One passage with what went in [-…-] and what came in {+…+}, as word diffs are written."""
    old, new = plain(passage.before).split(), plain(passage.after).split()
    return " ".join(_marked(old, new))


def _marked(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield " ".join(old[a:b])
            continue
        if b > a:
            yield f"[-{' '.join(old[a:b])}-]"
        if d > c:
            yield f"{{+{' '.join(new[c:d])}+}}"


def diff_text(record: ChangeRecord, before: str, after: str) -> str:
    """What changed in clauses, then in words."""
    change = record.change
    lines = [f"{plain(record.source_id)}: {plain(direction_words(record))}, {moment(record.at)}", plain(record.url)]
    lines += [
        f"- {right.action.value}: {plain(right.before)} became {plain(right.after)}" for right in change.rights_changed
    ]
    lines += ["", *(marked_words(passage) for passage in passages(before, after))]
    return "\n".join(lines)


def diff_json(before: str, after: str) -> list[dict[str, str]]:
    """The passages for programs."""
    return [{"before": passage.before, "after": passage.after} for passage in passages(before, after)]

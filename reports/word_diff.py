"""The difference of two texts, sentence by sentence and word by word, for terminals, Markdown and programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import LiteralString

from domain.history import ChangeRecord
from reports.change_section import direction_words
from reports.escape import code, link, markdown, plain
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
    return " ".join(_IN_TEXT[kind].format(words) for kind, words in _word_runs(passage))


_IN_TEXT = {"same": "{}", "went": "[-{}-]", "came": "{{+{}+}}"}
_IN_MARKDOWN: dict[str, LiteralString] = {"same": "{}", "went": "~~{}~~", "came": "**{}**"}
_IN_HTML = {"same": "{}", "went": "<del>{}</del>", "came": "<ins>{}</ins>"}


def _word_runs(passage: Passage) -> Iterator[tuple[str, str]]:
    """Runs of words that stayed (`same`), `went` and `came`, in order."""
    old, new = plain(passage.before).split(), plain(passage.after).split()
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(old[a:b])
            continue
        if b > a:
            yield "went", " ".join(old[a:b])
        if d > c:
            yield "came", " ".join(new[c:d])


def diff_text(record: ChangeRecord, before: str, after: str) -> str:
    """What changed in clauses, then in words."""
    change = record.change
    lines = [f"{plain(record.source_id)}: {plain(direction_words(record))}, {moment(record.at)}", plain(record.url)]
    lines += [
        f"- {right.action.value}: {plain(right.before)} became {plain(right.after)}" for right in change.rights_changed
    ]
    lines += ["", *(marked_words(passage) for passage in passages(before, after))]
    return "\n".join(lines)


def diff_markdown(record: ChangeRecord, before: str, after: str) -> str:
    """The same as Markdown, for an issue or a review: words that went struck out, words that came in bold."""
    change = record.change
    lines = [markdown("### {}: {}, {}", code(record.source_id), direction_words(record), moment(record.at)), ""]
    lines += [markdown("Page: {}", link(record.url)), ""]
    for right in change.rights_changed:
        lines.append(markdown("- {}: {} became {}", code(right.action.value), right.before, right.after))
    for passage in passages(before, after):
        marked = (markdown(_IN_MARKDOWN[kind], words) for kind, words in _word_runs(passage))
        lines += ["", "> " + " ".join(marked)]
    return "\n".join(lines) + "\n"


def diff_html(record: ChangeRecord, before: str, after: str) -> str:
    """The same as one self-contained page without scripts, with <del> and <ins>."""
    change = record.change
    rights = "".join(
        f"<li>{escape(right.action.value)}: {escape(right.before)} became {escape(right.after)}</li>"
        for right in change.rights_changed
    )
    body = "".join(
        "<p>" + " ".join(_IN_HTML[kind].format(escape(words)) for kind, words in _word_runs(passage)) + "</p>"
        for passage in passages(before, after)
    )
    title = escape(f"{plain(record.source_id)}: {plain(direction_words(record))}, {moment(record.at)}")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        "<style>body{font:1rem/1.5 system-ui;max-width:45rem;margin:2rem auto;padding:0 1rem}"
        "del{background:#fdd}ins{background:#dfd}</style></head>"
        f"<body><h1>{title}</h1><p>{escape(plain(record.url))}</p><ul>{rights}</ul>{body}</body></html>\n"
    )


def diff_json(before: str, after: str) -> list[dict[str, str]]:
    """The passages for programs."""
    return [{"before": passage.before, "after": passage.after} for passage in passages(before, after)]

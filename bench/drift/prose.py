"""Prose out of the stock: blocks of a page in a small neutral markup, written as HTML or Markdown.

Inside text, `[words](address)` is a link and `` `words` `` is code.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from random import Random

from bench.drift.stock import SENTENCES, WORDS

_SLOT = re.compile(r"\{(\w+)\}")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BARE = re.compile(r"(?<![\"=>])(https?://[^\s<)]+?)(?=[.,;]?(?:\s|$|\)))")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `anchor` is the id of the element around both."""

    title: str
    blocks: tuple[Block, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block: a paragraph ("p"), bullets ("ul"), code ("pre"), a table ("table"; first row is the
    head), or raw markup ("raw")."""

    kind: str
    lines: tuple[str, ...]


def sentence(rng: Random, subject: str, name: str) -> str:
    """One sentence of a subject, its slots filled."""
    return _filled(rng, rng.choice(SENTENCES[subject]), name)


def _filled(rng: Random, template: str, name: str) -> str:
    text = _SLOT.sub(lambda match: _word(rng, match.group(1), name), template)
    return text[0].upper() + text[1:]


def _word(rng: Random, slot: str, name: str) -> str:
    match slot:
        case "name":
            return name
        case "n":
            return str(rng.randint(2, 96))
        case "big":
            return f"{rng.randint(1010, 98700):,}"
        case "pct":
            return f"{rng.randint(2, 97)}\N{NO-BREAK SPACE}%" if rng.random() < 0.3 else f"{rng.randint(2, 97)}%"
        case "year":
            return str(rng.randint(1931, 2023))
        case "dec":
            return f"{rng.uniform(0.11, 0.97):.2f}"
        case _:
            word = rng.choice(WORDS[slot.lower()])
            return word[0].upper() + word[1:] if slot[0].isupper() else word


def paragraph(rng: Random, subject: str, name: str) -> str:
    """Two to six sentences of one subject, no two of one make."""
    return " ".join(_filled(rng, template, name) for template in rng.sample(SENTENCES[subject], rng.randint(2, 6)))


def section(rng: Random, number: int, subject: str, name: str) -> Section:
    """A section of one subject: paragraphs, now and then bullets, code or a table among them."""
    blocks = [Block("p", (paragraph(rng, subject, name),)) for _ in range(rng.randint(2, 5))]
    extra = rng.random()
    if extra < 0.3:
        blocks.append(Block("ul", tuple(sentence(rng, subject, name) for _ in range(rng.randint(3, 7)))))
    elif extra < 0.45:
        blocks.append(Block("pre", tuple(_listing(rng) for _ in range(rng.randint(4, 14)))))
    elif extra < 0.65:
        rows = tuple(_row(rng) for _ in range(rng.randint(5, 25)))
        blocks.insert(1, Block("table", ("part|items|hours|format", *rows)))
    return Section(subject, tuple(blocks), f"s{number}-{subject.lower().replace(' ', '-')}")


def _listing(rng: Random) -> str:
    part, extension = rng.choice(WORDS["adjective"]).split("-")[0].replace(" ", "_"), rng.choice(("flac", "csv", "npz"))
    return f"{rng.randint(1000, 9999999):>9}  {part}/{rng.randint(100000, 999999)}.{extension}"


def _row(rng: Random) -> str:
    part, items, hours = rng.choice(WORDS["adjective"]), rng.randint(90, 99000), rng.uniform(1, 900)
    return f"{part}|{items}|{hours:.1f}|{rng.choice(WORDS['format'])}"


def inline_html(text: str, attributes: str = "") -> str:
    """Neutral inline markup as HTML; `attributes` go to every link with words."""
    escaped = html.escape(text, quote=False)
    escaped = _BARE.sub(r'<a href="\1">\1</a>', _LINK.sub(rf'<a{attributes} href="\2">\1</a>', escaped))
    return _CODE.sub(r"<code>\1</code>", escaped)


def block_html(block: Block) -> str:
    """One block as HTML."""
    match block.kind:
        case "p":
            return f"<p>{inline_html(block.lines[0])}</p>"
        case "ul":
            return "<ul>\n" + "".join(f"  <li>{inline_html(line)}</li>\n" for line in block.lines) + "</ul>"
        case "pre":
            return "<pre><code>" + html.escape("\n".join(block.lines)) + "</code></pre>"
        case "table":
            head, *rows = (line.split("|") for line in block.lines)
            cells = "".join(f"<th>{inline_html(cell)}</th>" for cell in head)
            body = "".join(
                "<tr>" + "".join(f"<td>{inline_html(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
            )
            return f"<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}</tbody></table>"
        case _:
            return block.lines[0]


def block_markdown(block: Block) -> str:
    """One block as Markdown."""
    match block.kind:
        case "ul":
            return "\n".join(f"* {line}" for line in block.lines)
        case "pre":
            return "```\n" + "\n".join(block.lines) + "\n```"
        case "table":
            head, *rows = block.lines
            rule = "|".join("---" for _ in head.split("|"))
            return "\n".join(f"| {' | '.join(line.split('|'))} |" for line in (head, rule, *rows))
        case _:
            return block.lines[0]

"""Extraction from Markdown, reStructuredText and plain text."""

from __future__ import annotations

import re

from terms.document import BlockKind, Builder, Document

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^\s*([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+)")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#\.|\([a-z0-9]{1,3}\))\s+(.*)$")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|+=-]+\|?\s*$")
_FIELD = re.compile(r"^([A-Za-z_][\w .-]{0,60}?):(?:\s+(.*))?$")
_COMMENT = re.compile(r"<!--(.*?)-->", re.S)
_INLINE = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,400})\]\((?P<src>[^)\s]{1,1000})[^)\n]{0,300}\)"
    r"|\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)){0,600})\]\((?P<href>[^)\s]{0,1000})[^)\n]{0,300}\)"
    r"|\[(?P<rtext>[^\]\n]{1,400})\]\[(?P<ref>[^\]\n]{0,200})\]"
    r"|<(?P<auto>https?://[^>\s]{1,1000})>"
    r"|<a\s[^>]{0,400}?href\s*=\s*[\"']?(?P<ahref>[^\"'>\s]{1,1000})[^>]{0,400}>(?P<atext>[^<]{0,400})</a>"
    r"|<img\s[^>]{0,600}?alt\s*=\s*[\"'](?P<imgalt>[^\"'>]{0,300})[\"'][^>]{0,600}>"
    r"|</?[a-zA-Z][^<>\n]{0,400}>"
)
_RST_INLINE = re.compile(
    r"`(?P<text>[^`<>]{0,400}?)\s*<(?P<href>[^>`\s]{1,1000})>`_{0,2}|`(?P<role>[^`]{1,400})`_{0,2}"
)
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:\s*<?(\S{1,1000}?)>?(?:\s+[\"'(].*)?$")
_RST_TARGET = re.compile(r"^\.\.\s+_([^:`]{1,200}|`[^`]{1,200}`):\s*(\S*)\s*$")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`{1,2})(?=\S)(.{1,600}?)(?<=\S)\1")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,20});")

LICENSE_FIELDS = re.compile(
    r"^(?:\w+[_ -])?(?:licen[sc]es?|licen[sc]ing|rights?|terms|copyright|usage_terms)(?:[_ -]\w+){0,3}$|^extra_gated_\w+$",
    re.I,
)


def _pieces(line: str, references: dict[str, str]) -> list[tuple[str, str | None]]:
    """Split a run of Markdown into text and links; markup signs go."""
    from html import unescape

    pieces: list[tuple[str, str | None]] = []
    at = 0

    def plain(text: str) -> str:
        for _ in range(2):
            text = _EMPHASIS.sub(r"\2", text)
        return unescape(text) if _ENTITY.search(text) else text

    for match in _INLINE.finditer(line):
        if match.start() > at:
            pieces.append((plain(line[at : match.start()]), None))
        at = match.end()
        if match["src"] is not None:
            pieces.append((match["alt"], match["src"]))
        elif match["href"] is not None:
            inner = match["text"]
            badge = re.match(r"!\[([^\]\n]{0,200})\]\(([^)\s]{1,500})", inner)
            if badge:
                pieces.append((badge[1], match["href"]))
            else:
                pieces.append((plain(inner), match["href"] or None))
        elif match["ref"] is not None:
            target = references.get((match["ref"] or match["rtext"]).lower())
            pieces.append((plain(match["rtext"]), target))
        elif match["auto"] is not None:
            pieces.append((match["auto"], match["auto"]))
        elif match["ahref"] is not None:
            pieces.append((plain(match["atext"]) or "", match["ahref"]))
        elif match["imgalt"] is not None:
            pieces.append((match["imgalt"], None))
        else:
            pieces.append((" ", None))
    pieces.append((plain(line[at:]), None))
    return pieces


def front_matter(lines: list[str], builder: Builder) -> int:
    """Read a leading `---` block into fields and marks; returns the number of lines it takes."""
    first = next((i for i, line in enumerate(lines[:3]) if line.strip()), None)
    if first is None or lines[first].strip() != "---":
        return 0
    end = next((i for i in range(first + 1, min(len(lines), first + 2000)) if lines[i].strip() in ("---", "...")), None)
    if end is None:
        return 0
    key = ""
    values: list[str] = []

    def flush() -> None:
        if not key:
            return
        text = ", ".join(values)
        if LICENSE_FIELDS.match(key):
            builder.block(BlockKind.FIELD, [(f"{key}: {text}", None)])
            for value in values:
                builder.mark("front_matter", key, value)

    for line in lines[first + 1 : end]:
        field = _FIELD.match(line)
        if field:
            flush()
            key, value = field[1], (field[2] or "").strip()
            values = [] if value in ("", "|", ">", "|-", ">-", "[]") else [value.strip("\"'[] ")]
        elif line.strip():
            stripped = line.strip()
            values.append((stripped[1:] if stripped.startswith("-") else stripped).strip(" \"'"))
    flush()
    return end + 1


def extract_markdown(text: str) -> Document:
    """Markdown with front matter, inline HTML and comments."""
    builder = Builder()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    taken = front_matter(lines, builder)
    body = "\n".join(lines[taken:])
    for comment in _COMMENT.finditer(body):
        builder.mark("comment", "comment", comment[1])
    body = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), body)
    lines = body.split("\n")
    references = {m[1].lower(): m[2] for line in lines if (m := _REFERENCE.match(line))}
    _blocks(lines, builder, lambda line: _pieces(line, references), markdown=True)
    return builder.document()


def extract_plain(text: str) -> Document:
    """Plain text: paragraphs parted by blank lines; underlined or short capital lines are headings."""
    builder = Builder()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    _blocks(lines, builder, lambda line: [(line, None)], markdown=False)
    return builder.document()


def extract_rst(text: str) -> Document:
    """reStructuredText: underlined headings, `text <url>`_ links, named targets; directives are text."""
    builder = Builder()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    targets = {m[1].strip("`").lower(): m[2] for line in lines if (m := _RST_TARGET.match(line.strip()))}

    def pieces(line: str) -> list[tuple[str, str | None]]:
        result: list[tuple[str, str | None]] = []
        at = 0
        for match in _RST_INLINE.finditer(line):
            result.append((line[at : match.start()], None))
            at = match.end()
            if match["href"]:
                result.append((match["text"] or match["href"], match["href"]))
            else:
                result.append((match["role"], targets.get(match["role"].lower())))
        result.append((line[at:], None))
        return [(re.sub(r"\*\*?|``", "", piece), href) for piece, href in result]

    kept = [line for line in lines if not _RST_TARGET.match(line.strip())]
    _blocks(kept, builder, pieces, markdown=False, rst=True)
    return builder.document()


def _blocks(lines, builder, pieces_of, *, markdown: bool, rst: bool = False) -> None:  # type: ignore[no-untyped-def]
    """The line machine shared by the three: paragraphs, headings, items, tables, code."""
    paragraph: list[str] = []
    kind = BlockKind.TEXT
    underline_levels: dict[str, int] = {}

    def flush() -> None:
        nonlocal kind
        if paragraph:
            builder.block(kind, pieces_of(" ".join(part.strip() for part in paragraph)))
            paragraph.clear()
        kind = BlockKind.TEXT

    index = 0
    while index < len(lines):
        line = lines[index]
        stripped = line.strip()
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if markdown and (fence := _FENCE.match(line)):
            flush()
            closing = fence[1][:3]
            code: list[str] = []
            index += 1
            while index < len(lines) and not lines[index].strip().startswith(closing):
                code.append(lines[index])
                index += 1
            builder.block(BlockKind.CODE, [("\n".join(code), None)], keep_lines=True)
        elif not stripped:
            flush()
        elif markdown and (heading := _HEADING.match(line)):
            flush()
            title = heading[2]
            builder.block(BlockKind.HEADING, pieces_of(title), len(heading[1]), (_slug(title),))
        elif _UNDERLINE.match(line) and not paragraph:
            pass  # an overline, a rule, or front matter's fence
        elif (
            not paragraph
            and (under := _UNDERLINE.match(following))
            and len(stripped) <= 120
            and (not markdown or under[1] in "=-")
            and len(following.strip()) >= min(len(stripped), 3)
        ):
            flush()
            level = underline_levels.setdefault(under[1], len(underline_levels) + 1)
            builder.block(BlockKind.HEADING, pieces_of(stripped), min(level, 6), (_slug(stripped),))
            index += 1
        elif markdown and stripped.startswith("|"):
            flush()
            if not _TABLE_RULE.match(line):
                cells = [cell.strip() for cell in stripped.strip("|").split("|")]
                builder.block(BlockKind.ROW, pieces_of(" | ".join(cells)))
        elif item := _ITEM.match(line):
            flush()
            kind = BlockKind.ITEM
            paragraph.append(item[1])
        elif rst and stripped.startswith(".. ") and "::" in stripped:
            flush()
            builder.block(BlockKind.TEXT, pieces_of(stripped.split("::", 1)[1].strip()))
        elif markdown and not paragraph and line.startswith(("    ", "\t")) and kind is not BlockKind.ITEM:
            builder.block(BlockKind.CODE, [(line, None)], keep_lines=True)
        elif markdown and _REFERENCE.match(line):
            flush()
        else:
            paragraph.append(stripped.lstrip(">").strip() if markdown else stripped)
        index += 1
    flush()


def _slug(title: str) -> str:
    """The anchor code hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")

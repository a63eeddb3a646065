"""Everything upstream is hostile: one way of making a string inert per sink.

Templates escape by default: what is not `Safe` goes through `md` on its way out (see `finalize`), so
a forgotten call shows as an escaped asterisk and never as an injected link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import LiteralString
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

QUOTE_LIMIT = 300
"""Longest quote shown, in characters; the policy file and the warehouse hold the whole of it."""

LABEL_LIMIT = 48
"""Longest link text shown, in characters; the link itself is whole."""

_CODE_SPAN = re.compile(r"`([A-Za-z0-9][A-Za-z0-9 ._/=-]{0,60})`")
_CSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
_MARKUP = re.compile(r"[\\`*\[\]|~$#]")
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LEADING_BULLET = re.compile(r"^[-+=]")
_LEADING_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
# A letter, then only characters that none of the patterns here looks for.
_QUIET = re.compile(r"[A-Za-z][A-Za-z0-9 ,;'()-]*")
# The same words stand in the sections of many sources.
_REMEMBERED = 20_000
_URL_SAFE = ",;:@/?#%=+-._~&"
_PLAIN_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")

# A word joiner written as an entity: visible in the source, invisible when rendered, and it keeps
# renderers from making a mention, an issue reference or a link out of upstream words.
_JOINER = "&#8288;"
_AUTOLINKS = (
    (re.compile(r"@(?=\w)"), "@" + _JOINER),
    (re.compile(r"\\#(?=\d)"), r"\\#" + _JOINER),
    (re.compile(r"(?<=\w)://"), ":" + _JOINER + "//"),
    (re.compile(r"(?i)\bwww\."), "www" + _JOINER + "."),
    (re.compile(r"(?i)\b(mailto|xmpp):"), r"\1" + _JOINER + ":"),
)


class Safe(str):
    """Markdown that is already inert."""

    __slots__ = ()


def plain(text: str) -> str:
    """One line of visible text: no terminal escapes, controls, bidirectional marks or newlines.

    The payload of an operating system command stays visible: what is dropped are control
    characters, never words.
    """
    if text.isprintable():
        # Nothing of what follows is in it: printable means no control, format or unassigned character.
        return " ".join(text.split())
    kept: list[str] = []
    for char in _CSI.sub("", text):
        match unicodedata.category(char):
            case "Cc" | "Zl" | "Zp":
                kept.append(" ")
            case "Cf":
                continue
            case "Cs" | "Cn":
                kept.append("\N{REPLACEMENT CHARACTER}")
            case _:
                kept.append(char)
    return " ".join("".join(kept).split())


def shortened(text: str, limit: int = QUOTE_LIMIT) -> str:
    """`text` as one visible line of at most `limit` characters, cut with an ellipsis."""
    line = plain(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def md(text: str) -> Safe:
    """A string as inert Markdown for the middle of a line, a list item or a table cell."""
    return text if isinstance(text, Safe) else _inert(str(text))


@lru_cache(_REMEMBERED)
def _inert(text: str) -> Safe:
    line = plain(text)
    if _QUIET.fullmatch(line):
        return Safe(line)
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _MARKUP.sub(r"\\\g<0>", line)
    line = _EDGE_UNDERSCORE.sub(r"\\_", line)
    line = _LEADING_BULLET.sub(r"\\\g<0>", line)
    line = _LEADING_NUMBER.sub(r"\1\\\2", line)
    for pattern, inert in _AUTOLINKS:
        line = pattern.sub(inert, line)
    return Safe(line)


def code(text: str) -> Safe:
    """A name as a code span. Backticks and pipes, which would end span or cell, become look-alikes."""
    line = plain(text).replace("`", "ˋ").replace("|", "¦")
    return Safe(f"`{line}`") if line else Safe("")


def worded(text: str) -> Safe:
    """Prose of the house with `names` in backticks as code spans; everything else of it is inert."""
    if isinstance(text, Safe):
        return text
    parts = _CODE_SPAN.split(text)
    # Split by one group: every second part is the inside of a span. A joint keeps its blanks.
    shown = [code(part) if at % 2 else _kept_blanks(part) for at, part in enumerate(parts)]
    return Safe("".join(shown).strip())


def _kept_blanks(part: str) -> str:
    before, after = part[:1].isspace(), part[-1:].isspace()
    inside = md(part)
    return f"{' ' if before else ''}{inside}{' ' if after and inside else ''}"


def quoted(text: str) -> Safe:
    """Somebody's words, in quotation marks, capped at `QUOTE_LIMIT`."""
    return Safe(f"“{md(shortened(text))}”") if plain(text) else Safe("(no words quoted)")


def link(url: str | None, label: str | None = None) -> Safe:
    """A link for http and https; anything else, user names in the address included, is inert text.

    Without a label the host and path are shown, so that the reader sees where the link goes.
    """
    if url is None:
        return Safe("(no page)")
    target = web_address(url)
    if target is None:
        return md(shortened(url, 120))
    shown = label if label is not None else re.sub(r"^https?://(www\.)?", "", target).rstrip("/")
    return Safe(f"[{md(shortened(shown, LABEL_LIMIT))}]({target.replace('&', '&amp;')})")


def host_link(url: str | None) -> Safe:
    """A link that shows only the host: where the page matters less than what is said beside it."""
    target = None if url is None else web_address(url)
    return link(url, None if target is None else urlsplit(target).netloc.removeprefix("www."))


def web_address(url: str) -> str | None:
    """A http or https address, percent-encoded, without user names; None for everything else."""
    if plain(url) != url:
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", host):
        return None
    if parts.username is not None or parts.password is not None:
        return None
    netloc = f"[{host}]" if ":" in host else host
    tail = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme}://{netloc}{'' if port is None else f':{port}'}{percent_encode(tail, safe=_URL_SAFE)}"


def source_link(source_id: str) -> Safe:
    """A source id as a link to its own section, where its name makes an anchor."""
    return link_to(source_id, source_id)


def link_to(anchor: str, name: str) -> Safe:
    """A name as a link to a section of the same document, where the anchor is a plain one."""
    shown = code(name)
    return Safe(f"[{shown}](#{anchor})") if _PLAIN_ID.fullmatch(anchor) else shown


def heading_anchor(heading: str) -> str:
    """The anchor that readers of Markdown give a heading: words joined by hyphens, marks left out."""
    kept = "".join(char for char in plain(heading).lower() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")


def markdown(template: LiteralString, *parts: str) -> Safe:
    """Our own Markdown with `{}` where strings go; parts that are not `Safe` are escaped."""
    return Safe(template.format(*(md(part) for part in parts)))


def listed(items: Iterable[str], empty: LiteralString = "none") -> Safe:
    """Items on one line, separated by commas; `empty` for none of them."""
    return Safe(", ".join(md(item) for item in items) or empty)


def finalize(value: object) -> str:
    """What a template prints for a value: escaped unless `Safe`. Undefined names raise here."""
    return value if isinstance(value, Safe) else md(str(value))

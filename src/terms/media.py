"""From bytes and media type to a Document: which extractor reads what."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from terms.document import BlockKind, Builder, Document
from terms.html import extract_html
from terms.markup import LICENSE_FIELDS, extract_markdown, extract_plain, extract_rst

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)
_HTML_START = re.compile(r"^\s*(?:<!doctype html|<html|<\?xml[^>]{0,200}\?>\s*<(?:!doctype )?html|<head|<body)", re.I)
_MARKDOWN_SIGN = re.compile(r"^(?:#{1,6} \S|```|\s*[-*] \[[^\]]+\]\(|.*\[[^\]\n]+\]\(https?://)", re.M)
_BINARY = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"%PDF-",
)


class NotText(ValueError):
    """The bytes are no text we read; `args[0]` says what they are."""


def decode(body: bytes, charset: str | None = None) -> str:
    """Bytes to text by byte order mark, given charset, `<meta charset>`, UTF-8, then Windows-1252.

    Raises NotText for archives, images and the like.
    """
    if body.startswith(_BINARY):
        raise NotText("not text: an archive, image or other binary file")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = _META_CHARSET.search(body[:4096])
    for name in (charset, declared[1].decode("ascii") if declared else None, "utf-8"):
        if name:
            try:
                return body.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    head = body[:4096]
    if head.count(0) > len(head) // 10:
        raise NotText("not text: binary data")
    if body.count(b"\xef\xbf\xbd") == 0 and b"\x00" not in head:
        return body.decode("cp1252", "replace")
    return body.decode("utf-8", "replace")


def media_type_of(declared: str | None, url: str | None, text: str) -> str:
    """The media type to read a text as: what the server says, unless it says only "plain text" of a
    URL whose suffix says more, or of bytes that start as HTML."""
    kind = (declared or "").split(";")[0].strip().lower()
    suffix = urlsplit(url or "").path.lower().rsplit(".", 1)[-1]
    if kind in ("", "text/plain", "application/octet-stream", "binary/octet-stream"):
        if suffix in ("md", "markdown", "mdx"):
            return "text/markdown"
        if suffix in ("rst", "rest"):
            return "text/x-rst"
        if suffix in ("json", "jsonld", "ipynb"):
            return "application/json"
        if suffix in ("html", "htm", "xhtml") or _HTML_START.match(text[:1000]):
            return "text/html"
        return "text/plain"
    if kind in ("application/xhtml+xml", "application/html"):
        return "text/html"
    if kind in ("application/ld+json", "text/json") or kind.endswith("+json"):
        return "application/json"
    if kind in ("text/x-markdown",):
        return "text/markdown"
    if kind in ("text/rst", "text/prs.fallenstein.rst"):
        return "text/x-rst"
    return kind


def extract(text: str, media_type: str) -> Document:
    """The document of a text. Unknown text types are read as plain text."""
    match media_type:
        case "text/html":
            return extract_html(text)
        case "text/markdown":
            return extract_markdown(text)
        case "text/x-rst":
            return extract_rst(text)
        case "application/json":
            return _extract_json(text)
        case _:
            return extract_plain(text) if not _MARKDOWN_SIGN.search(text[:20_000]) else extract_markdown(text)


def _extract_json(text: str) -> Document:
    """License fields and descriptions of a JSON document; a broken one is read as plain text."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return extract_plain(text)
    builder = Builder()
    for key, value in _strings(data, 0):
        if LICENSE_FIELDS.match(key.split(":")[-1]):
            builder.block(BlockKind.FIELD, [(f"{key}: {value}", value if value.startswith("http") else None)])
            builder.mark("json_ld", key, value)
        elif key.lower() in ("description", "abstract", "notes", "summary", "usage"):
            builder.block(BlockKind.TEXT, [(value, None)])
    return builder.document()


def _strings(data: object, depth: int, key: str = "") -> Iterator[tuple[str, str]]:
    if depth > 30:
        return
    if isinstance(data, dict):
        for name, value in data.items():
            if LICENSE_FIELDS.match(str(name).split(":")[-1]) and isinstance(value, dict):
                inner = (
                    value.get("@id") or value.get("url") or value.get("id") or value.get("name") or value.get("title")
                )
                if isinstance(inner, str):
                    yield str(name), inner
                    continue
            yield from _strings(value, depth + 1, str(name))
    elif isinstance(data, list):
        for item in data[:2000]:
            yield from _strings(item, depth + 1, key)
    elif isinstance(data, str):
        yield key, data

"""From bytes and media type to a Document: which extractor reads what."""

from __future__ import annotations

import codecs
import re
from urllib.parse import urlsplit

from terms.document import Document
from terms.front_matter import extract_yaml, looks_like_yaml
from terms.html import extract_html
from terms.markdown import extract_markdown
from terms.plain import extract_plain
from terms.restructured import extract_rst
from terms.structured import extract_json, looks_like_json, parse_json
from terms.xml_records import extract_xml, looks_like_xml

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)
_HTML_START = re.compile(r"^\s*(?:<!doctype html|<html|<\?xml[^>]{0,200}\?>\s*<(?:!doctype )?html|<head|<body)", re.I)
_MARKDOWN_SIGN = re.compile(
    r"^(?:#{1,6} \S|```|\s*[-*] \[[^\]]+\]\(|[^\n\[]{0,200}\[[^\]\n\[]{1,200}\]\(https?://)", re.M
)
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
    head = body[:4096]
    if charset is None and declared is None and sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 20:
        raise NotText("not text: binary data")
    for name in (charset, declared[1].decode("ascii") if declared else None, "utf-8"):
        if name:
            try:
                return body.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
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
    """The document of a text. Unknown text types are read as plain text, and what is JSON, YAML,
    HTML or XML by its looks is read so whatever a server calls it."""
    if media_type == "text/html":
        return extract_html(text)
    if looks_like_json(text) and (data := parse_json(text)) is not None:
        return extract_json(data)
    if _HTML_START.match(text[:1000]):
        return extract_html(text)
    if looks_like_xml(text) and (record := extract_xml(text)) is not None:
        return record
    if media_type != "text/x-rst" and looks_like_yaml(text):
        return extract_yaml(text)
    match media_type:
        case "text/markdown":
            return extract_markdown(text)
        case "text/x-rst":
            return extract_rst(text)
        case _:
            return extract_markdown(text) if _MARKDOWN_SIGN.search(text[:20_000]) else extract_plain(text)

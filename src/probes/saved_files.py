"""Files that a person saved: which part can be read as text, and what the rest is kept as."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import PurePath

MOST_BYTES = 20 * 1024 * 1024
_BY_ENDING = {
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".rst": "text/x-rst",
    ".txt": "text/plain",
    ".json": "application/json",
}
_MAIL_ENDINGS = (".eml", ".mht", ".mhtml")


@dataclass(frozen=True, slots=True)
class SavedFile:
    """`body` is what can be read, in `media_type`; both None where nothing can, with `why`. `whole`
    says what the file itself is."""

    whole: str
    body: bytes | None
    media_type: str | None
    charset: str | None = None
    why: str = ""


def saved_file(name: str, data: bytes) -> SavedFile:
    """Tell a page, a mail or a document by its first bytes and its ending. Never raises for content."""
    ending = PurePath(name).suffix.casefold()
    if data.startswith(b"%PDF-"):
        return SavedFile("application/pdf", data, "application/pdf")
    if ending in _MAIL_ENDINGS:
        return _mail(data)
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return SavedFile("application/octet-stream", None, None, why="the file is no text; it is kept but not read")
    media_type = _BY_ENDING.get(ending, "text/html" if b"<html" in data[:4096].lower() else "text/plain")
    return SavedFile(media_type, data, media_type)


def _mail(data: bytes) -> SavedFile:
    message = message_from_bytes(data, policy=policy.default)
    whole = "message/rfc822"
    if not isinstance(message, EmailMessage):
        return SavedFile(whole, None, None, why="the mail cannot be taken apart; it is kept but not read")
    part = message.get_body(preferencelist=("plain", "html"))
    content = None if part is None else part.get_payload(decode=True)
    if part is None or not isinstance(content, bytes) or not content.strip():
        return SavedFile(whole, None, None, why="the mail holds no text; it is kept but not read")
    return SavedFile(whole, content, part.get_content_type(), part.get_content_charset())

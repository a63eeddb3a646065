"""Where things are: file names made from ids, and the links that lead there or out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from reports.escape import plain, shortened, web_address

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
# Windows gives these names to devices, whatever their ending.
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead. `outside` links leave the site; without `href` the words stand alone."""

    text: str
    href: str | None = None
    outside: bool = False


def page_name(source_id: str) -> str:
    """The file name of a source's page. An id that makes no good name gets one with its digest, so
    that no two ids share a file on any file system."""
    if _SAFE_NAME.fullmatch(source_id) and not _DEVICE.fullmatch(source_id):
        return f"{source_id}.html"
    readable = re.sub(r"[^a-z0-9]+", "-", source_id.lower()).strip("-")[:40]
    digest = sha256(source_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{readable or 'source'}.{digest}.html"


def source_link(source_id: str, root: str) -> Link:
    """A link to a source's page; `root` leads from the linking page to the site's top."""
    return Link(plain(source_id), f"{root}sources/{page_name(source_id)}")


def outside_link(url: str | None, label: str | None = None) -> Link:
    """A link out of the site for http and https; anything else is words."""
    if url is None:
        return Link("no page")
    target = web_address(url)
    if target is None:
        return Link(shortened(url, 160))
    shown = re.sub(r"^https?://", "", target).rstrip("/") if label is None else label
    return Link(shortened(shown, 100), target, outside=True)


def anchor(prefix: str, name: str) -> str:
    """An id for an element, made from any string."""
    return f"{prefix}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"

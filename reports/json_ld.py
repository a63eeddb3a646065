"""JSON-LD for strangers: text that may stand in a page's script, and addresses that lead to the web only."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reports.escape import web_address

# Inside JSON this is the same letter; inside a page it can no longer end the script or open a comment.
_INERT = str.maketrans({"<": "\\u003c"})


def json_ld(document: Mapping[str, object]) -> str:
    """The document as text, a line at the end, that no markup around it can misread."""
    return json.dumps(document, indent=2, ensure_ascii=False).translate(_INERT) + "\n"


def first_address(*urls: str | None) -> str:
    """The first of some addresses that is http or https; empty where there is none."""
    return next((found for url in urls if url and (found := web_address(url))), "")

"""What frames a page and is no part of what it says: menus, footers, banners, what is hidden."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from terms.html_shapes import heading_around

_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "footer", "svg", "canvas", "iframe", "object", "select",
    "button", "dialog", "head", "del", "s", "strike", "datalist", "textarea", "input",
})  # fmt: skip
_BULKY = frozenset({"form", "aside"})
"""Left out only when they hold little text: some sites wrap whole pages in a form."""

_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|footer|sidebar|breadcrumbs?|cookies?|consent|gdpr|related|share|sharing|social|skip-?link|"
    r"toolbar|banner|advert\w*|popup|modal|toc|table-of-contents|tableofcontents|recommend\w*|pagination|site-header|masthead|hidden(?!-)|d-none|invisible)(?:$|[\s_-])",
    re.I,
)
_BOXES = frozenset({"div", "ul", "section", "header", "span", "p", "ol"})
_HOLDS_PAGE = re.compile(
    r"(?:nav|header|banner)[\w-]*(?:content|main|article)|^(?:has|with|no)-|^(?:card|item|entry|post|box|panel|tile|media)[\w-]*?-(?:footer|menu|header)",
    re.I,
)
_VISIBLE_AGAIN = re.compile(r":(?:block|flex|inline|grid)\b")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.I,
)
_RIGHTS_BOX = re.compile(r"\b(?:licen[sc]e|rights|terms of use|copyright)\b", re.I)
_OTHERS_BOX = re.compile(
    r"\b(?:related|similar|recommended|you may also|more (?:datasets|like)|popular|footer|cookies?|stars|forks)\b", re.I
)
_FEW = 600


class Furniture:
    """Tells what of a page of `size` characters is furniture. `hidden` are the ids and classes ("#x", ".y")
    the page's own style sheet hides."""

    def __init__(self, size: int, hidden: frozenset[str] = frozenset()) -> None:
        self._size = size
        self._hidden = hidden

    def is_skipped(self, element: Any, in_unit: bool) -> bool:
        tag, attributes = element.tag, element.keys()
        if tag == "button" and (title := heading_around(element)) is not None:
            # A title that can be clicked: what it names opens below it.
            return bool(" ".join(title.text_content().split()) != " ".join(element.text_content().split()))
        if tag in _SKIPPED or "hidden" in attributes:
            # The footer of a card or an article is part of what it says.
            return tag != "footer" or not in_unit
        if not attributes and tag not in _BULKY:
            return False
        if "aria-hidden" in attributes and element.get("aria-hidden") == "true":
            return True
        if "style" in attributes and _HIDDEN_STYLE.search(element.get("style")):
            return True
        if self._hidden and (
            f"#{element.get('id')}" in self._hidden
            or any(f".{name}" in self._hidden for name in (element.get("class") or "").split())
        ):
            return True
        role = element.get("role") if "role" in attributes else None
        if role in ("navigation", "contentinfo", "search", "dialog"):
            return True
        if tag in _BULKY or role in ("complementary", "banner"):
            return self._is_beside(element)
        if tag in _BOXES and _is_furniture(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return self._is_beside(element)
        return False

    def _is_beside(self, element: Any) -> bool:
        """Whether an element that looks like furniture is: it does not hold most of the page, and is
        no box that states the rights of the record beside it."""
        text = " ".join(element.itertext())
        if element.tag == "form" and len(text) > _FEW:
            return False
        if element.find(".//h1") is not None or element.find(".//main") is not None:
            return False
        aside = element.tag == "aside" or element.get("role") == "complementary"
        if not aside and len(text) > 0.5 * self._size:
            return False
        if aside or re.search(r"sidebar", f"{element.get('class') or ''} {element.get('id') or ''}", re.I):
            return not (_RIGHTS_BOX.search(text) and not _OTHERS_BOX.search(text) and len(text) < 3_000)
        return True


@lru_cache(maxsize=4096)
def _is_furniture(names: str) -> bool:
    """Whether a class or id says that an element frames the page; "nav-content-wrap" holds it."""
    return not _VISIBLE_AGAIN.search(names) and any(
        _FURNITURE.search(name) and not _HOLDS_PAGE.search(name) for name in names.split()
    )

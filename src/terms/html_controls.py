"""What a page shows after a click: the boxes its buttons open and the panels its tabs and accordions name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from terms.html_shapes import heading_around

_TARGETS = ("data-target", "data-bs-target", "aria-controls", "popovertarget", "commandfor", "href")
_QUOTED = re.compile(r"['\"]#?([\w-]+)['\"]")
_BOX = re.compile(r"(?:^|[\s_-])(?:modal|popup|pop-up|dialog|lightbox|overlay|offcanvas)(?:$|[\s_-])", re.I)
_PANEL = re.compile(
    r"(?:^|\s)(?:tab-?pane|tab-?panel|tab-?content|accordion-?(?:panel|content|body)|panel)(?:$|\s)", re.I
)
_OPENS_PANEL = re.compile(r"accordion|collaps|toggle|tab-?link", re.I)
_OF_SITE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|header|footer|sidebar|cookies?|consent|gdpr|shar(?:e|ing)|social|cite|citation|search|log-?in|sign-?(?:in|up)|newsletter|subscribe|account|toc|lang(?:uage)?s?)(?:$|[\s_-])",
    re.I,
)
_SITE_TAGS = frozenset({"nav", "footer", "header", "form", "body", "main"})
_LONGEST_LABEL = 80
_MOST_PIECES = 12


class Controls:
    """The controls of a page. `opens` has the box of `boxes` that a control opens; `labels` the words
    of the tab or button that shows a panel."""

    def __init__(self, page: Any = None) -> None:
        self.opens: dict[Any, Any] = {}
        self.labels: dict[Any, str] = {}
        self.boxes: set[Any] = set()
        if page is None:
            return
        ids = {element.get("id"): element for element in page.iter("*") if element.get("id")}
        if ids:
            for control in page.iter("a", "button", "div", "span", "li", "label"):
                for target in _targets(control):
                    if (element := ids.get(target)) is not None and element is not control:
                        self._join(control, element)
            for panel in ids.values():
                self._name_by_label(panel, ids)
        for button in page.iter("button"):
            self._name_next(button)

    def _join(self, control: Any, element: Any) -> None:
        names = _names(element)
        if element.tag in _SITE_TAGS or _OF_SITE.search(names):
            return
        if is_box(element):
            if element not in self.boxes and element not in control.iterancestors():
                self.boxes.add(element)
                self.opens[control] = element
        elif element.get("role") == "tabpanel" or _PANEL.search(element.get("class") or ""):
            self._label(element, control)

    def _name_by_label(self, panel: Any, ids: dict[Any, Any]) -> None:
        if panel.get("role") == "tabpanel" and (named := ids.get(panel.get("aria-labelledby"))) is not None:
            self._label(panel, named)

    def _name_next(self, button: Any) -> None:
        """A button by itself over a box of its own: "<button class=accordion>Alder</button><div>…</div>"."""
        following = button.getnext()
        shows = button.get("aria-expanded") is not None or _OPENS_PANEL.search(button.get("class") or "")
        if shows and following is not None and following.tag in ("div", "section") and not (button.tail or "").strip():
            self._label(following, button)

    def _label(self, panel: Any, control: Any) -> None:
        words = " ".join(" ".join(islice(control.itertext(), _MOST_PIECES)).split())
        if 0 < len(words) <= _LONGEST_LABEL and heading_around(control) is None:
            self.labels.setdefault(panel, words)


def is_box(element: Any) -> bool:
    """Whether an element is a box that lies over the page while it is open, or a part of one."""
    return bool(element.tag == "dialog" or element.get("role") == "dialog" or _BOX.search(_names(element)))


def _targets(control: Any) -> Iterator[str]:
    if not control.attrib:
        return
    for attribute in _TARGETS:
        if (value := control.get(attribute)) and (attribute != "href" or value.startswith("#")):
            yield value.removeprefix("#")
    if said := control.get("onclick"):
        yield from _QUOTED.findall(said[:500])


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"

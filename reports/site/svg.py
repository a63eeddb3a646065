"""Makes a drawing of the plotting library fit for a strict page: no style attribute, no foreign colors, a title.

The pages' Content-Security-Policy forbids inline styles, so they become presentation attributes; the
colors become classes, so that the page's color scheme reaches into the drawing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"#([\w.-]+)")
_PRESENTATION = frozenset(
    {
        "fill",
        "fill-opacity",
        "fill-rule",
        "font-size",
        "font-weight",
        "opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
    }
)
# The page has its own font.
_UNUSED = frozenset({"font-family"})


def fit_for_page(drawing: str, name: str, title: str, description: str, classes: Mapping[str, str]) -> str:
    """The `<svg>` element alone. `name` makes its ids unique on the page, `classes` gives the class of each
    color used (`#rrggbb`). Raises `ValueError` for a style it does not know: it would be lost silently."""
    # Our own drawing: its only strings from elsewhere are text nodes, escaped by the library.
    root = ET.fromstring(drawing)  # noqa: S314
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        _unstyle(element, classes)
    _own_ids(root, name)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("class", "plot")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        child = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag}"})
        child.text = text
        root.insert(place, child)
    ET.register_namespace("", _SVG)
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _unstyle(element: ET.Element, classes: Mapping[str, str]) -> None:
    named: list[str] = []
    for declaration in filter(None, map(str.strip, element.attrib.pop("style", "").split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key in _UNUSED:
            continue
        if key in ("fill", "stroke") and value in classes:
            named.append(f"{key}-{classes[value]}")
        elif key in _PRESENTATION and not value.startswith("#"):
            element.set(key, value)
        else:
            raise ValueError(f"the drawing has a style that the page cannot show: {declaration}")
    if named:
        element.set("class", " ".join(named))


def _own_ids(root: ET.Element, name: str) -> None:
    # The library numbers its elements in every drawing alike; on one page only one may have a number.
    wanted: set[str] = set()
    for element in root.iter():
        if _HREF in element.attrib:
            element.set("href", element.attrib.pop(_HREF))
        for key, value in element.attrib.items():
            if key in ("href", "clip-path", "fill", "stroke"):
                wanted.update(_REFERENCE.findall(value))
                element.set(key, _REFERENCE.sub(rf"#{name}-\1", value))
    for element in root.iter():
        if (own := element.attrib.pop("id", None)) in wanted:
            element.set("id", f"{name}-{own}")

"""Which stretches of a page speak of one thing each: cards, list items, definitions, records, named paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from terms.builder import Builder
from terms.html_shapes import is_named_box, named_paragraphs

_ONE_THING = frozenset({"article", "li", "details"})
_NAME_KEY = re.compile(
    r"(?:data ?-?set|corpus|collection|resource)? ?(?:name|title)\W?|data ?-?set\W?|corpus\W?|titre|titel|título|nombre",
    re.I,
)


class OpenUnits:
    """What is being read that speaks of one thing; each is told to the builder where it ends."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._elements: list[tuple[Any, int]] = []
        self._cards: dict[Any, Counter[tuple[str, str]]] = {}
        self._definition: int | None = None
        self._record: int | None = None
        self._named: dict[Any, dict[Any, frozenset[Any]]] = {}
        self._paragraph: tuple[int, frozenset[Any]] | None = None

    def __bool__(self) -> bool:
        """Whether an element is open that speaks of one thing."""
        return bool(self._elements)

    def open(self, element: Any) -> None:
        """An element that speaks of one thing begins here."""
        self._elements.append((element, self._builder.length))
        self._builder.inside = self._builder.length

    def is_one_thing(self, element: Any) -> bool:
        """Whether an element speaks of one thing: by its tag, as one of several alike, or as a box with a name."""
        tag = element.tag
        return (
            tag in _ONE_THING
            or (tag in ("div", "section") and self._is_card(element))
            or (tag == "table" and is_named_box(element))
        )

    def _is_card(self, element: Any) -> bool:
        """Whether an element is one of several alike under one parent."""
        parent = element.getparent()
        if parent is None:
            return False
        if parent not in self._cards:
            self._cards[parent] = Counter(
                (child.tag, child.get("class") or "") for child in parent if isinstance(child.tag, str)
            )
        return self._cards[parent][element.tag, element.get("class") or ""] > 1

    def paragraph(self, element: Any) -> None:
        """A paragraph begins; one of several that begin with a name opens what it names."""
        parent = element.getparent()
        if parent is None:
            return
        if parent not in self._named:
            self._named[parent] = named_paragraphs(parent)
        if (ends_at := self._named[parent].get(element)) is not None:
            self.end_paragraph()
            self._paragraph = self._builder.length, ends_at

    def end_paragraph(self) -> None:
        """What a paragraph named ends."""
        if self._paragraph is not None:
            self._builder.unit(self._paragraph[0])
        self._paragraph = None

    def definition(self) -> None:
        """A term begins that a longer text defines."""
        self.end_definition()
        self._definition = self._builder.length

    def end_definition(self) -> None:
        """The text that defines a term ends."""
        if self._definition is not None:
            self._builder.unit(self._definition)
        self._definition = None

    def term(self, words: str) -> None:
        """A term with a value of a few words begins; one that is called a name begins a record of such ("Title: …")."""
        self.end_definition()
        if _NAME_KEY.fullmatch(words):
            self.end_record()
            self._record = self._builder.length

    def end_record(self) -> None:
        """The terms and values that began with a name end."""
        if self._record is not None:
            self._builder.unit(self._record)
        self._record = None

    def leave(self, element: Any) -> None:
        """An element ends, and what was to end with it."""
        if self._paragraph is not None and element in self._paragraph[1]:
            self.end_paragraph()
        if self._elements and self._elements[-1][0] is element:
            self._builder.unit(self._elements.pop()[1])
            self._builder.inside = self._elements[-1][1] if self._elements else 0

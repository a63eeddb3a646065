"""Extraction from XML records: Dublin Core, DataCite, DCAT, ISO 19139, EML and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from terms.document import Document
from terms.field_names import holds_access, holds_license
from terms.screening import screen_markup
from terms.structured import Field, document_of, is_said

_START = re.compile(r"^\s*(?:<\?xml\b|<(?:[\w-]+:)?(?:dc|RDF|resource|record|metadata|MD_Metadata|eml)\b[^>]*>)")
_HOLDERS = frozenset({"CharacterString", "Anchor", "li", "value", "string", "para", "title", "p"})
"""Elements that hold the words of the one around them."""


def looks_like_xml(text: str) -> bool:
    """Whether a text begins as an XML document that is no page."""
    return _START.match(text[:2_000]) is not None and "<html" not in text[:2_000].lower()


def extract_xml(text: str) -> Document | None:
    """The license fields, conditions and descriptions of an XML record; None where nothing can be parsed.

    Raises TooComplex for markup built to stop a parser. Entities are not resolved and nothing is fetched.
    """
    screen_markup(text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.lstrip().encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root is None else document_of(list(_fields(root)))


def _fields(root: Any) -> Iterator[Field]:
    for element in root.iter(etree.Element):
        key, depth = _name(element), sum(1 for _ in element.iterancestors())
        holder = element
        while key in _HOLDERS and (holder := holder.getparent()) is not None:
            key = _name(holder)
        for name, value in element.attrib.items():
            of_license = holds_license(key) or holds_license(_local(name))
            if of_license and (value.startswith("http") or holds_license(_local(name))):
                yield depth, key if holds_license(key) else _local(name), value
        said = " ".join((element.text or "").split())
        if said and (holds_license(key) or holds_access(key) or is_said(key, said)):
            yield depth, key, said


def _name(element: Any) -> str:
    return _local(element.tag)


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]

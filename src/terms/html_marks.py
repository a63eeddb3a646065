"""What an HTML page states only for machines: links with rel=license, meta, microdata, RDFa, JSON-LD."""

from __future__ import annotations

import json
import re
from typing import Any

from domain.reading import Subject
from terms.builder import Builder
from terms.field_names import holds_access, words_of_key

_PROPERTY = re.compile(r"licen[sc]e|\brights\b|usageinfo|copyrightnotice|dc(?:terms)?[.:]rights", re.I)
_KEYS = frozenset(
    {"license", "licence", "usageinfo", "copyrightnotice", "rights", "dct:license", "dcterms:license", "dc:rights"}
)
_SITES = frozenset({
    "website", "webpage", "organization", "blogposting", "newsarticle", "collectionpage", "itempage",
    "aboutpage", "faqpage",
})  # fmt: skip
_CODE = frozenset({"softwaresourcecode", "softwareapplication", "code"})
_ELSEWHERE = frozenset({
    "isbasedon", "citation", "author", "creator", "publisher", "mentions", "ispartof", "about", "subjectof",
    "isrelatedto", "potentialaction",
})  # fmt: skip
_CHROME = frozenset({"footer", "nav", "aside"})
_DEEPEST = 20
_WIKI = re.compile(r"\bmediawiki\b|\bskin-\w+|\bdokuwiki\b|\bwiki", re.I)


def read_marks(root: Any, builder: Builder) -> None:
    """Keep every machine-readable license statement of a parsed page. The license a wiki links in its
    head is that of its articles' text."""
    wiki = _is_wiki(root)
    for element in root.iter("link", "a", "meta", "script"):
        if not element.attrib:
            continue
        match element.tag:
            case "meta":
                name = element.get("name") or element.get("property") or element.get("itemprop") or ""
                if holds_access(name):
                    _access(name, element.get("content") or "", _owner(element), builder)
                if _PROPERTY.search(name):
                    builder.mark("meta", name.lower(), element.get("content") or "", _owner(element))
            case "script":
                if (element.get("type") or "").lower() == "application/ld+json":
                    _read_json_ld(element.text or "", builder)
            case _:
                prop = f"{element.get('property') or ''} {element.get('itemprop') or ''}"
                if "license" in (element.get("rel") or "").lower().split() or _PROPERTY.search(prop):
                    of_site = _in_chrome(element) or (wiki and element.tag == "link")
                    subject = Subject.WEBSITE if of_site else Subject.DATA
                    builder.mark("rel_license", "license", element.get("href") or "", _owner(element), subject)
    for element in root.xpath("//*[@itemprop or @property]"):
        if element.tag in ("meta", "link", "a"):
            continue
        name = element.get("itemprop") or element.get("property") or ""
        if not holds_access(name) and not _PROPERTY.search(name):
            continue
        value = element.get("content") or element.get("resource") or element.get("href") or element.text_content()[:500]
        if holds_access(name):
            _access(name, value, _owner(element), builder)
        if _PROPERTY.search(name):
            builder.mark("microdata", name.lower(), value, _owner(element))


def _access(name: str, value: str, owner: str, builder: Builder) -> None:
    """What machines are told of who gets at the data, with the name of the field, as it says what of."""
    if value:
        builder.mark("remark", name, f"{words_of_key(name)}: {value}", owner)


def _owner(element: Any) -> str:
    """The name of the item, one of several on the page, that a property in the text belongs to."""
    for item in element.iterancestors():
        if item.get("itemscope") is not None or item.get("typeof"):
            names = item.xpath(
                ".//*[@itemprop='name' or @property='name' or @property='schema:name' or @property='dct:title']"
            )
            return " ".join((names[0].get("content") or names[0].text_content()).split())[:200] if names else ""
    return ""


def _is_wiki(root: Any) -> bool:
    generator = " ".join(element.get("content") or "" for element in root.xpath("//meta[@name='generator']"))
    body = root.find("body")
    names = f"{body.get('class') or ''} {body.get('id') or ''}" if body is not None else ""
    return bool(_WIKI.search(f"{generator} {names}")) or bool(
        root.xpath("//*[@id='mw-content-text' or @id='catlinks']")
    )


def _in_chrome(element: Any) -> bool:
    """Whether an element stands in the footer or navigation: its license is the site's."""
    return any(
        parent.tag in _CHROME
        or parent.get("role") in ("contentinfo", "navigation")
        or re.search(r"\bfooter\b", f"{parent.get('class') or ''} {parent.get('id') or ''}", re.I)
        for parent in element.iterancestors()
    )


def _read_json_ld(text: str, builder: Builder) -> None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    _json_ld(data, builder, 0, "")


def _json_ld(data: object, builder: Builder, depth: int, owner: str) -> None:
    """Marks for license properties, each with the name and kind of the thing it belongs to."""
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data[:500]:
            _json_ld(item, builder, depth + 1, owner)
    elif isinstance(data, dict):
        kind = str(data.get("@type", ""))
        name = data.get("name")
        owner = name if isinstance(name, str) else owner
        for key, value in data.items():
            low = str(key).lower()
            if low in _KEYS or low.rsplit("/", 1)[-1] in _KEYS:
                for item in _values(value):
                    builder.mark("json_ld", f"{kind}.{key}" if kind else str(key), item, owner, _subject(kind))
            if holds_access(str(key)):
                for item in _values(value):
                    _access(str(key), item, owner, builder)
            elif isinstance(value, dict | list) and low not in _ELSEWHERE:
                _json_ld(value, builder, depth + 1, owner)


def _values(value: object) -> list[str]:
    result = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("@id") or item.get("url") or item.get("name") or ""
        if isinstance(item, str):
            result.append(item)
    return result


def _subject(kind: str) -> Subject:
    low = kind.lower()
    if low in _SITES:
        return Subject.WEBSITE
    return Subject.CODE if low in _CODE else Subject.DATA

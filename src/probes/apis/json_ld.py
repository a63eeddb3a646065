"""JSON-LD without a JSON-LD processor: nodes of a type, and values by name under any usual prefix.

No context is fetched or expanded: a name counts by what stands behind its prefix or address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from probes.apis.json_fields import Fields, Notes, as_text, parsed

_MOST_NODES = 20_000
_MOST_SCRIPTS = 50
_SCRIPT = re.compile(rb"<script\b[^<>]{0,1000}\bld\+json\b[^<>]{0,1000}>", re.IGNORECASE)
_SCRIPT_END = re.compile(rb"</script", re.IGNORECASE)


def documents(body: bytes, notes: Notes) -> list[Any]:
    """The JSON-LD values in a body: the body itself, or the scripts of a page."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return [parsed(body, notes)]
    found: list[Any] = []
    for script in _SCRIPT.finditer(body):
        if len(found) >= _MOST_SCRIPTS:
            notes.add(f"more than {_MOST_SCRIPTS} scripts of JSON-LD")
            break
        end = _SCRIPT_END.search(body, script.end())
        if end is None:
            notes.add("a script of JSON-LD without an end")
            break
        found.append(parsed(body[script.end() : end.start()], notes))
    return found


def nodes(documents: list[Any], notes: Notes) -> Iterator[Fields]:
    """Objects of the documents and of their graphs, and the main things of pages."""
    waiting = list(reversed(documents))
    seen = 0
    while waiting and seen < _MOST_NODES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, list):
            waiting.extend(reversed(value[:_MOST_NODES]))
        elif isinstance(value, dict):
            yield Fields(value, "", notes)
            waiting.extend(
                value[name] for name in ("@graph", "mainEntity") if isinstance(value.get(name), (list, dict))
            )


def local(name: str) -> str:
    """What stands behind the prefix or the address: "Dataset" of "sc:Dataset" and "https://schema.org/Dataset"."""
    return re.split(r"[/#:]", name)[-1]


def is_a(node: Fields, kind: str) -> bool:
    """Whether a node is of a kind, under any prefix."""
    value = node.raw("@type")
    kinds = value if isinstance(value, list) else [value]
    return any(isinstance(item, str) and local(item) == kind for item in kinds[:20])


def value_of(node: Fields, name: str) -> Any:
    """A node's value by its name, bare or under a prefix; None without one. The values of the same name
    under several prefixes make one list: the second license may be the narrower."""
    names = sorted((other for other in node.names() if local(other) == name), key=len)
    if len(names) < 2:
        return node.raw(names[0]) if names else None
    values = [node.raw(other) for other in names]
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


def words_of(node: Fields, name: str) -> str | None:
    """The first text of a value: a text, `@value`, `@id`, or a name."""
    value = value_of(node, name)
    first = value[0] if isinstance(value, list) and value else value
    if first is None or first == []:
        return None
    if isinstance(first, dict):
        inner = Fields(first, node.at(name), node.notes)
        return next((text for key in ("@value", "@id", "name", "url") if (text := inner.text(key))), None)
    return as_text(first, node.at(name), node.notes)


def children(node: Fields, name: str) -> list[Fields]:
    """The objects of a value, one or many."""
    value = value_of(node, name)
    items = value if isinstance(value, list) else [value]
    return [
        Fields(item, f"{node.at(name)}[{place}]", node.notes)
        for place, item in enumerate(items[:_MOST_NODES])
        if isinstance(item, dict)
    ]

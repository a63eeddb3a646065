"""Finding licenses in a document: ordered, named matchers, each mention with its place.

Order: machine-readable, canonical URL, name in prose; whole license texts are for `fulltext`. This
module says where a license is mentioned; whether a mention speaks about the data is for `scoping`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.reading import FindingKind, Subject
from terms import creative_commons, gnu, license_names
from terms.document import BlockKind, Document, Mark
from terms.license_names import license_of_token
from terms.license_urls import badge_words, license_of_url
from terms.shadow import shadow as shadow_of


@dataclass(frozen=True, slots=True)
class Mention:
    """A license mentioned at `text[start:end]` (start == end for what stands in no text). `owner` is
    the name of the thing a machine-readable statement is a property of, `subject` what that thing is."""

    kind: FindingKind
    rule: str
    license: str
    start: int
    end: int
    raw: str = ""
    weak: bool = False
    owner: str = ""
    subject: Subject = Subject.DATA


def mentions(document: Document, shadow: str) -> tuple[Mention, ...]:
    """Every mention of a license, in order of place; one inside a longer one is dropped."""
    found: list[Mention] = []
    for mark in document.marks:
        found.extend(replace(mention, owner=mark.owner, subject=mark.subject) for mention in _of_mark(mark))
    for link in document.links:
        found.extend(of_url(link.href, link.start, link.end))
    names = _names(shadow)
    for block in document.blocks:
        if block.kind is BlockKind.FIELD:
            names.extend(_of_field(document.text[block.start : block.end], block.start))
    inside = [link for link in document.links if "://" in document.text[link.start : link.start + 10]]
    # A name inside a bare URL is the URL's business.
    names = [m for m in names if not any(link.start < m.start and m.end <= link.end for link in inside)]
    return tuple(sorted({*_without_nested(names), *found}, key=lambda m: (m.start, m.end, m.license, m.rule)))


def _names(shadow: str) -> list[Mention]:
    """Every name in a shadowed text, nested ones included."""
    kind = FindingKind.LICENSE_NAME
    result = [
        Mention(kind, "name/creative_commons", license_id, start, end, weak=license_id == creative_commons.UNSPECIFIED)
        for start, end, license_id in creative_commons.names_in(shadow)
    ]
    result.extend(
        Mention(kind, "name/gnu", license_id, start, end, weak=end - start <= 4)
        for start, end, license_id in gnu.names_in(shadow)
    )
    for named in (
        *license_names.aliases_in(shadow),
        *license_names.spdx_names_in(shadow),
        *license_names.ids_in(shadow),
    ):
        result.append(Mention(kind, named.rule, named.license, named.start, named.end, weak=named.weak))
    return result


def of_url(href: str, start: int, end: int) -> list[Mention]:
    """The licenses a URL stands for."""
    found = license_of_url(href)
    if found is not None:
        return [Mention(FindingKind.LICENSE_URL, f"canonical_url/{found[0]}", found[1], start, end, href)]
    words = badge_words(href)
    if words is None:
        return []
    token = license_of_token(words)
    if token is not None:
        return [Mention(FindingKind.LICENSE_URL, "canonical_url/badge", token, start, end, href)]
    return [
        Mention(FindingKind.LICENSE_URL, "canonical_url/badge", mention.license, start, end, href)
        for mention in _without_nested(_names(words))
        if not mention.weak
    ]


def _of_mark(mark: Mark) -> list[Mention]:
    """Licenses stated only for machines. Front matter fields stand in the text and are read there."""
    if mark.place == "remark":
        return []
    at, rule = mark.at, f"machine_readable/{mark.place}"
    by_url = of_url(mark.value, at, at)
    if by_url:
        kind = by_url[0].kind if mark.place in ("comment", "link_target") else FindingKind.MACHINE_READABLE
        return [replace(mention, kind=kind, rule=rule, raw=mark.value) for mention in by_url]
    if mark.place in ("link_target", "front_matter"):
        return []
    token = license_of_token(mark.value)
    if token is not None:
        return [Mention(FindingKind.MACHINE_READABLE, rule, token, at, at, mark.value)]
    if mark.place == "comment" and "licen" not in mark.value.lower():
        return []
    return [
        replace(mention, kind=FindingKind.MACHINE_READABLE, rule=rule, raw=mark.value, start=at, end=at)
        for mention in _without_nested(_names(shadow_of(mark.value)))
        if not mention.weak or mark.place != "comment"
    ]


def _of_field(text: str, start: int) -> list[Mention]:
    """Licenses in a field "key: a, b": each value that is an id or tag as a whole."""
    key, _, values = text.partition(":")
    result = []
    at = len(key) + 1
    for value in values.split(","):
        license_id = license_of_token(value)
        if license_id:
            begin = start + at + len(value) - len(value.lstrip())
            end = start + at + len(value.rstrip())
            result.append(Mention(FindingKind.LICENSE_NAME, "field/id", license_id, begin, end))
        at += len(value) + 1
    return result


def _without_nested(names: list[Mention]) -> list[Mention]:
    """Drop name mentions that lie inside a longer one; of two for the same words the plain name wins
    over the word that needs a context, and the known license over the unspecified."""
    names = sorted(names, key=lambda m: (m.start, -(m.end - m.start), m.weak, "unspecified" in m.license, m.rule))
    kept: list[Mention] = []
    reach = -1
    for mention in names:
        if mention.end <= reach:
            continue
        if kept and mention.start < reach and mention.license == kept[-1].license:
            continue
        kept.append(mention)
        reach = max(reach, mention.end)
    return kept

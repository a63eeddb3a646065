"""Evidence, gathered by the bytes it was read from: one page seen once may hold many quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import EvidenceItem
from reports.escape import shortened
from reports.site.addresses import Link, anchor, outside_link
from reports.site.rights_quotes import QUOTE_LIMIT
from reports.words import grade_words, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words, the license they name, and every rule that found them."""

    words: str
    license: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One page as it was seen at one time. `sha256` is empty where no bytes were kept."""

    anchor: str
    page: Link
    dated: str
    at: str
    sha256: str
    grade: str
    authority: str
    quotes: tuple[Quoted, ...]


def proofs(evidence: Sequence[EvidenceItem]) -> tuple[Proof, ...]:
    """The best grade first, then by address."""
    seen: dict[tuple[str, ...], dict[tuple[str, str], list[str]]] = {}
    first: dict[tuple[str, ...], EvidenceItem] = {}
    for item in sorted(evidence, key=_order):
        key = (item.grade, item.url or "", item.sha256 or "", moment(item.at), item.authority)
        first.setdefault(key, item)
        rules = seen.setdefault(key, {}).setdefault((item.quote, item.license or "none named"), [])
        rule = item.rule or "the catalog"
        if rule not in rules:
            rules.append(rule)
    return tuple(_proof(key, first[key], quotes) for key, quotes in seen.items())


def _order(item: EvidenceItem) -> tuple[str, ...]:
    return (item.grade, item.url or "", item.watch_id or "", item.rule, item.quote, item.sha256 or "")


def _proof(key: tuple[str, ...], item: EvidenceItem, quotes: dict[tuple[str, str], list[str]]) -> Proof:
    return Proof(
        anchor=anchor("proof", repr(key)),
        page=outside_link(item.url),
        # Bytes were kept, or somebody only wrote down what they saw: two different dates.
        dated="This version first seen" if item.sha256 else "Words seen",
        at=moment(item.at),
        sha256=item.sha256 or "",
        grade=grade_words(item.grade),
        authority=item.authority,
        quotes=tuple(
            Quoted(words=shortened(words, QUOTE_LIMIT), license=license_named, rules=tuple(rules))
            for (words, license_named), rules in quotes.items()
        ),
    )

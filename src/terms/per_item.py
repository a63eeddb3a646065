"""Pages that leave the license to every item: whether the least of them is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from domain.reading import Finding, PerItem
from domain.vocabulary import Layer
from terms import clauses
from terms.families import Families
from terms.sentences import Context

_AT_LEAST = re.compile(
    r"\b(?:all|each|every)\b[^.]{0,80}\b(?:permit|allow)\w*\b[^.]{0,60}\b(?:research|non-?commercial|academic)|at least[^.]{0,60}(?:research|non-?commercial)"
)
_ONE_OF = re.compile(r"\b(?:either|one of|all|only|every)\b")


@cache
def per_item_rules() -> frozenset[str]:
    """The rules by which a page leaves the license to its items."""
    return frozenset(f"clause/{rule.id}" for rule in clauses.rules() if rule.per_item)


def per_item(context: Context, findings: Sequence[Finding], families: Families) -> tuple[PerItem, dict[Layer, PerItem]]:
    """What is said of items with a license each, for the whole and for the layers that are named."""
    said: list[tuple[PerItem, tuple[Layer, ...]]] = []
    for finding in findings:
        if finding.rule in per_item_rules():
            known = _at_least_research(context, finding, findings, families)
            said.append((PerItem.ALL_AT_LEAST_RESEARCH if known else PerItem.UNKNOWN, finding.scope.layers))
    if not said:
        return PerItem.NO, {}
    least = PerItem.UNKNOWN if any(kind is PerItem.UNKNOWN for kind, _ in said) else PerItem.ALL_AT_LEAST_RESEARCH
    return least, {layer: kind for kind, layers in said for layer in layers}


def _at_least_research(context: Context, finding: Finding, findings: Sequence[Finding], families: Families) -> bool:
    """Whether the publisher states that each of the items permits at least research: in words, or
    by naming all the licenses there are."""
    if _AT_LEAST.search(context.shadow, finding.start, finding.end):
        return True
    if not _ONE_OF.search(context.shadow, finding.start, finding.end):
        return False
    named = [f for f in findings if f.license and finding.start <= f.start < finding.end]
    rights = [families.rights(str(f.license)).train_model for f in named]
    return len({f.license for f in named}) > 1 and all(right.usable for right in rights)

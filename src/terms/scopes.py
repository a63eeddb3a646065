"""Scopes of findings once they are all there: one a place, and those a watch asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.reading import Finding, Subject
from terms.shadow import squeezed

_GENERIC = frozenset({
    "the", "a", "an", "all", "our", "this", "these", "data", "dataset", "datasets", "it", "they", "license",
    "licenses", "licence", "content", "of", "for",
})  # fmt: skip


def one_scope_a_place(findings: Sequence[Finding]) -> list[Finding]:
    """A name within a longer statement of the same license, such as the words of a link, has its scope.

    In order of place, so that each is compared only with the statements that have not ended before it.
    """
    by_license: dict[str, list[int]] = {}
    for index, finding in enumerate(findings):
        if finding.license:
            by_license.setdefault(finding.license, []).append(index)
    result = list(findings)
    for indices in by_license.values():
        ordered = sorted(indices, key=lambda index: findings[index].start)
        ahead, around = 0, list[int]()
        for index in ordered:
            inner = findings[index]
            while ahead < len(ordered) and findings[ordered[ahead]].start <= inner.start:
                if _length(findings[ordered[ahead]]) > 0:
                    around.append(ordered[ahead])
                ahead += 1
            around = [other for other in around if findings[other].end >= inner.start]
            holding = [other for other in around if findings[other].end >= inner.end]
            longest = max(holding, key=lambda other: (_length(findings[other]), -other), default=index)
            if _length(findings[longest]) > _length(inner):
                result[index] = replace(inner, scope=findings[longest].scope)
    return result


def _length(finding: Finding) -> int:
    return finding.end - finding.start


def apply_scope(finding: Finding, scope: str | None) -> Finding:
    """Statements scoped to other words than the watch's do not count."""
    if scope is None or finding.scope.subject is not Subject.DATA or not finding.scope.words:
        return finding
    wanted = set(squeezed(scope).split()) - _GENERIC
    said = set(squeezed(finding.scope.words).split()) - _GENERIC
    if not said or not wanted or wanted <= said:
        return finding
    return replace(finding, scope=replace(finding.scope, subject=Subject.OTHER))

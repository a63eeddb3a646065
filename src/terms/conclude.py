"""From findings to a conclusion: which licenses, what rights, what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.policy import Family
from domain.reading import Contradiction, Finding, FindingKind, LayerReading, PerItem, Subject
from domain.rights import Right, Rights
from domain.vocabulary import Action, Duty, Layer, RightValue
from terms.creative_commons import unported

_FAMILY_OF_UNSPECIFIED = {
    "LicenseRef-BSD-unspecified": "BSD-3-Clause",
    "LicenseRef-GPL-unspecified": "GPL-3.0-only",
    "LicenseRef-LGPL-unspecified": "LGPL-3.0-only",
    "LicenseRef-GFDL-unspecified": "GFDL-1.3-only",
}


class Families:
    """What standard licenses permit, by SPDX id; an unknown license permits nothing."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._families = tuple(families)
        self._known: dict[str, Family | None] = {}

    def of(self, license_id: str) -> Family | None:
        """The family of an id; ports and unspecified versions count as their base license."""
        if license_id not in self._known:
            key = _FAMILY_OF_UNSPECIFIED.get(license_id, unported(license_id))
            self._known[license_id] = next((family for family in self._families if family.covers(key)), None)
        return self._known[license_id]

    def rights(self, license_id: str) -> Rights:
        """The rights of a license; all silent when it is in no family."""
        family = self.of(license_id)
        return family.rights if family else Rights()

    def duties(self, license_id: str) -> tuple[Duty, ...]:
        """The duties of a license."""
        family = self.of(license_id)
        return family.duties if family else ()


def licenses_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The licenses stated for the data, in order of appearance; an unspecified version gives way
    to a specified one of the same license."""
    found = list(dict.fromkeys(f.license for f in findings if f.license and f.scope.subject is Subject.DATA))
    specified = {unported(item) for item in found if "unspecified" not in item}
    codes = {item.rsplit("-", 1)[0] for item in specified if item.startswith("CC-BY")}
    result = []
    for item in found:
        if item.startswith("LicenseRef-CC-BY") and item.endswith("-unspecified"):
            code = item.removeprefix("LicenseRef-").removesuffix("-unspecified")
            if code in codes:
                continue
        elif item == "LicenseRef-CC-unspecified" and any("CC" in other and other != item for other in found):
            continue
        result.append(item)
    return tuple(result)


def _unit(finding: Finding, families: Families) -> Rights:
    """What one finding states; a license finding whose license nobody knows states nothing."""
    return families.rights(finding.license) if finding.license else finding.rights


def conclude(
    findings: Sequence[Finding], families: Families, alternatives: bool = False
) -> tuple[tuple[str, ...], Rights, tuple[Duty, ...], tuple[Contradiction, ...]]:
    """Licenses, rights, duties and contradictions of findings that speak about the same part.

    Per action the narrowest counts. With `alternatives` the licenses are a choice for the licensee
    and the widest of them counts. A license outside every family makes its page's grant unknown: it
    silences what other licenses would permit.
    """
    about_data = [f for f in findings if f.scope.subject is Subject.DATA]
    licenses = licenses_of(about_data)
    stated = [families.rights(item) for item in licenses]
    if any(families.of(item) is None for item in licenses) and not alternatives:
        # One license nobody can weigh stands beside the others: nothing is permitted by license.
        stated = [rights for rights in stated if not _permits(rights)]
        licensed = Rights.narrowest(stated)
    elif alternatives and stated:
        licensed = max(stated, key=lambda rights: sum(right.width for _, right in rights))
    else:
        licensed = Rights.narrowest(stated)
    clauses = [f for f in about_data if f.kind is FindingKind.CLAUSE]
    rights = licensed
    contradictions: list[Contradiction] = []
    for clause in clauses:
        for action, right in clause.rights:
            before = rights[action]
            if right.value is RightValue.PROHIBITED and before.width >= 2:
                wider = _who_permits(about_data, families, action) or ", ".join(licenses)
                contradictions.append(
                    Contradiction(action, wider, clause.quote, f"{clause.rule} prohibits what the license permits")
                )
        rights = _narrow_by_clause(rights, clause.rights, bool(licenses))
    for left in licenses:
        for right_id in licenses:
            wide, narrow = families.rights(left).commercial_use, families.rights(right_id).commercial_use
            if wide.width >= 2 and narrow.width == 0 and narrow.speaks:
                contradictions.append(
                    Contradiction(Action.COMMERCIAL_USE, left, right_id, "two licenses are stated for the same data")
                )
    duties = {duty for item in licenses for duty in families.duties(item)} | {
        duty for f in clauses for duty in f.duties
    }
    return licenses, rights, tuple(sorted(duties)), tuple(dict.fromkeys(contradictions))


def _permits(rights: Rights) -> bool:
    return rights.commercial_use.usable


def _narrow_by_clause(rights: Rights, clause: Rights, licensed: bool) -> Rights:
    """A clause's grant beside a license adds nothing where the license speaks, but its purpose and
    its prohibitions narrow; without a license the clause's grant stands by itself."""
    for action, right in clause:
        if not right.speaks:
            continue
        before = rights[action]
        if licensed and not before.speaks and right.width >= 2:
            # A standard license that is silent is not widened by a passing remark.
            continue
        rights = rights.with_right(action, before.narrowed_by(right))
    return rights


def _who_permits(findings: Iterable[Finding], families: Families, action: Action) -> str:
    for finding in findings:
        if _unit(finding, families)[action].width >= 2:
            return finding.quote
    return ""


def by_layer(
    findings: Sequence[Finding], families: Families, per_item: Mapping[Layer, PerItem]
) -> dict[Layer, LayerReading]:
    """The answer per layer, for pages that name layers; statements that name no layer bind all."""
    named = {layer for f in findings if f.scope.subject is Subject.DATA for layer in f.scope.layers} | set(per_item)
    result = {}
    for layer in sorted(named):
        own = [f for f in findings if not f.scope.layers or layer in f.scope.layers]
        licenses, rights, duties, _ = conclude(own, families)
        result[layer] = LayerReading(licenses, rights, duties, per_item.get(layer, PerItem.NO))
    return result


def expression(licenses: Sequence[str], alternatives: bool = False) -> str:
    """The licenses as one SPDX expression."""
    if not licenses:
        return "NOASSERTION"
    return (" OR " if alternatives else " AND ").join(licenses)


__all__ = ["Families", "Right", "by_layer", "conclude", "expression", "licenses_of"]

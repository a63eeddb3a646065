"""From findings to a conclusion: which licenses, what rights, what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.reading import Contradiction, Finding, LayerReading, PerItem, Subject
from domain.rights import Right, Rights
from domain.vocabulary import Action, Basis, Duty, Layer, RightValue
from terms.creative_commons import UNSPECIFIED
from terms.families import Families

_DEDICATIONS = frozenset({"CC0-1.0", "PDDL-1.0", "CC-PDDC", "CC-PDM-1.0", "Unlicense"})

_PARTS = frozenset(Layer) - {Layer.CODE, Layer.API, Layer.MODEL_WEIGHTS}
"""The layers a dataset's license is stated for when it leaves out another of them."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What findings that speak about the same part come to."""

    licenses: tuple[str, ...]
    rights: Rights
    duties: tuple[Duty, ...]
    contradictions: tuple[Contradiction, ...]


def licenses_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The licenses stated for the data, in order of appearance; a bare "Creative Commons" gives way
    to any license of theirs, "public domain" to the dedication that says how."""
    found = list(dict.fromkeys(f.license for f in findings if f.license and f.scope.subject is Subject.DATA))
    if any("CC" in item and item != UNSPECIFIED for item in found):
        found = [item for item in found if item != UNSPECIFIED]
    if not _DEDICATIONS.isdisjoint(found):
        found = [item for item in found if item != "LicenseRef-Public-Domain"]
    return tuple(found)


def conclude(findings: Sequence[Finding], families: Families, alternatives: bool = False) -> Conclusion:
    """Licenses, rights, duties and contradictions of findings that speak about the same part.

    Per action the narrowest counts. With `alternatives` the licenses are a choice for the licensee
    and the widest of them counts. A license outside every family makes its page's grant unknown: it
    silences what other licenses would permit.
    """
    about_data = [f for f in findings if f.scope.subject is Subject.DATA]
    licenses = licenses_of(about_data)
    rights = _licensed(licenses, families, alternatives)
    clauses = [f for f in about_data if f.license is None]
    contradictions = _of_licenses(licenses, families)
    permits: dict[Action, str] = {}
    denied = _denied((rights, *(clause.rights for clause in clauses)))
    for clause in clauses:
        # A sentence that may limit something grants nothing: a ban beside it is no contradiction to it.
        told = clause.rights.without_unknown_limits(denied) if denied else clause.rights
        for action, right in told:
            if right.value is RightValue.PROHIBITED and rights[action].width >= 2:
                if action not in permits:
                    permits[action] = _who_permits(about_data, families, action) or ", ".join(licenses)
                wider = permits[action]
                contradictions.append(
                    Contradiction(action, wider, clause.quote, f"{clause.rule} prohibits what is permitted elsewhere")
                )
        rights = _narrow_by_clause(rights, told, bool(licenses))
    duties = {duty for item in licenses for duty in families.duties(item)} | {
        duty for f in clauses for duty in f.duties
    }
    return Conclusion(licenses, rights, tuple(sorted(duties)), tuple(dict.fromkeys(contradictions)))


def _denied(stated: Iterable[Rights]) -> frozenset[Action]:
    """The actions that any of some statements prohibits."""
    return frozenset(action for rights in stated for action, right in rights if right.value is RightValue.PROHIBITED)


def _licensed(licenses: Sequence[str], families: Families, alternatives: bool) -> Rights:
    stated = [families.rights(item) for item in licenses]
    if alternatives and stated:
        return max(stated, key=lambda rights: sum(right.width for _, right in rights))
    if any(families.of(item) is None for item in licenses):
        # One license nobody can weigh stands beside the others: nothing is permitted by license.
        stated = [rights for rights in stated if not rights.commercial_use.usable]
    return _narrowest_with_silence(stated)


def _narrowest_with_silence(stated: Sequence[Rights]) -> Rights:
    """Per action the narrowest; where one of several licenses is silent, so is the whole, because
    each of them covers a part and none of the others speaks for that part."""
    rights = Rights.narrowest(stated)
    for action, right in rights:
        if right.width >= 2 and any(not other[action].speaks for other in stated):
            rights = rights.with_right(action, Right())
    return rights


def _of_licenses(licenses: Sequence[str], families: Families) -> list[Contradiction]:
    result = []
    for left in licenses:
        for right in licenses:
            wide, narrow = families.rights(left).commercial_use, families.rights(right).commercial_use
            if wide.width >= 2 and narrow.width == 0 and narrow.speaks:
                result.append(
                    Contradiction(Action.COMMERCIAL_USE, left, right, "two licenses are stated for the same data")
                )
    return result


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
        if licensed and right.usable and not clause.commercial_use.speaks:
            # "Available for research" beside a license takes nothing from it: only words that exclude do,
            # or that make use wait for another's act.
            continue
        rights = rights.with_right(action, _beside(before, right))
    return rights


def _beside(before: Right, right: Right) -> Right:
    """The narrower of two rights; words that prohibit are an exception from a grant that was only
    inferred from "use", and no contradiction to it."""
    for inferred, stated in ((before, right), (right, before)):
        if inferred.basis is Basis.INFERRED and inferred.width and stated.value is RightValue.PROHIBITED:
            return stated
    return before.narrowed_by(right)


def _who_permits(findings: Iterable[Finding], families: Families, action: Action) -> str:
    for finding in findings:
        unit = families.rights(finding.license) if finding.license else finding.rights
        if unit[action].width >= 2:
            return finding.quote
    return ""


def by_layer(
    findings: Sequence[Finding],
    families: Families,
    per_item: Mapping[Layer, PerItem],
    alternatives: bool = False,
) -> dict[Layer, LayerReading]:
    """The answer per layer, for pages that name layers; statements that name no layer bind all.

    Where a layer is left out of the license, all the others have an answer too.
    Code stands apart: what is said of it is its own finding and never one about the data.
    """
    named = {layer for f in findings if f.scope.subject is Subject.DATA for layer in f.scope.layers} | set(per_item)
    if any(_leaves_out(f) for f in findings):
        named |= _PARTS
    result = {}
    for layer in sorted(named - {Layer.CODE}):
        own = [f for f in findings if not f.scope.layers or layer in f.scope.layers]
        answer = conclude(own, families, alternatives)
        result[layer] = LayerReading(answer.licenses, answer.rights, answer.duties, per_item.get(layer, PerItem.NO))
    code = [f for f in findings if f.scope.subject is Subject.CODE and f.license]
    if code and result:
        licenses = tuple(dict.fromkeys(str(f.license) for f in code))
        rights = Rights.narrowest(families.rights(item) for item in licenses)
        duties = tuple(sorted({duty for item in licenses for duty in families.duties(item)}))
        result[Layer.CODE] = LayerReading(licenses, rights, duties)
    return result


def _leaves_out(finding: Finding) -> bool:
    """Whether a finding says that nothing is granted for some layers."""
    scope = finding.scope
    forbids = finding.license is None and finding.rights.reproduce.value is RightValue.PROHIBITED
    return forbids and bool(scope.layers) and scope.subject is Subject.DATA


def expression(licenses: Sequence[str], alternatives: bool = False) -> str:
    """The licenses as one SPDX expression."""
    if not licenses:
        return "NOASSERTION"
    return (" OR " if alternatives else " AND ").join(licenses)

"""What kind of difference two successive versions of a watch show, action by action.

A change is material when the reading differs: a concluded license, a right's value, purpose, assignee
or condition, a duty, or the answer for a layer. Everything else is words: editorial where sentences
differ, cosmetic where only dates, counters, addresses, order or typography do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.reading import Change, Finding, LayerReading, PerItem, Reading, RightChange, Subject
from domain.rights import Right, Rights
from domain.vocabulary import Action, Assignee, Basis, ChangeClass, Direction, Layer, Purpose
from terms.shadow import squeezed
from terms.steady import parts_of, sentences, steady

_ITEMS = (PerItem.NO, PerItem.ALL_AT_LEAST_RESEARCH, PerItem.UNKNOWN)
"""What is said of items, from what leaves least open."""


def compare(before: Reading, after: Reading) -> Change:
    """The difference of two versions of one watch, both read by the same reader.

    Readings that must not become a baseline (`suspect`) are not to be compared.
    """
    licensed = {*before.licenses} != {*after.licenses} or _joined(before) != _joined(after)
    rights = rights_changes(before, after)
    layers = _layers_changed(before, after)
    duties = {*before.duties} != {*after.duties}
    items = before.per_item is not after.per_item
    moved = _moved_scopes(before, after)
    if licensed or rights or layers or duties or items or moved:
        return _material(before, after, rights, layers)
    words = Change(
        ChangeClass.NONE,
        licenses_before=before.licenses,
        licenses_after=after.licenses,
        duties_before=before.duties,
        duties_after=after.duties,
    )
    if before.text == after.text and before.located == after.located:
        return words
    changed = _changed_sentences(before, after)
    if changed is None:
        return replace(words, kind=ChangeClass.COSMETIC)
    return replace(words, kind=ChangeClass.EDITORIAL, quote_before=changed[0], quote_after=changed[1])


def rights_changes(before: Reading, after: Reading) -> tuple[RightChange, ...]:
    """Every action whose right differs in more than its basis, with the words each rests on."""
    return tuple(
        RightChange(
            action,
            in_words(right),
            in_words(after.rights[action]),
            _direction(right, after.rights[action]),
            quote_for(before, action),
            quote_for(after, action),
        )
        for action, right in before.rights
        if _bare(right) != _bare(after.rights[action])
    )


def in_words(right: Right) -> str:
    """A right in words: value, then conditions, purpose and assignee where they limit it."""
    words = right.value.value
    if right.width < 2:
        return words
    if right.conditions:
        words += f" ({', '.join(right.conditions)})"
    if right.purpose is not Purpose.ANY:
        words += f" for {right.purpose.value}"
    if right.assignee is not Assignee.ANYONE:
        words += f" to {right.assignee.value}"
    return words


def quote_for(reading: Reading, action: Action | None = None) -> str:
    """The words a right rests on (None: the license); empty where the page says nothing of it."""
    about_data = [finding for finding in reading.findings if finding.scope.subject is Subject.DATA]
    if action is None:
        return next((f.quote for f in about_data if f.license), next((f.quote for f in about_data), ""))
    speaking = [finding for finding in about_data if finding.rights[action].speaks]
    narrowest = min(speaking, key=lambda finding: finding.rights[action].width, default=None)
    return "" if narrowest is None else narrowest.quote


def _material(
    before: Reading, after: Reading, rights: tuple[RightChange, ...], layers: Mapping[Layer, list[Direction]]
) -> Change:
    silent = not after.licenses and not after.rights.speaks and (bool(before.licenses) or before.rights.speaks)
    relicensed = bool(before.licenses and after.licenses) and {*before.licenses} != {*after.licenses}
    directions = {change.direction for change in rights} | {way for ways in layers.values() for way in ways}
    directions |= _duty_directions(before, after)
    if before.per_item is not after.per_item:
        directions |= _moved(_ITEMS.index(before.per_item), _ITEMS.index(after.per_item))
    directions.discard(Direction.CLARIFIED)
    if silent:
        direction = Direction.WITHDRAWN
    elif not directions:
        direction = Direction.CLARIFIED
    else:
        direction = directions.pop() if len(directions) == 1 else Direction.MIXED
    first = next((change for change in rights if change.action is Action.COMMERCIAL_USE), rights[0] if rights else None)
    return Change(
        ChangeClass.MATERIAL,
        direction=direction,
        relicensed=relicensed,
        licenses_before=before.licenses,
        licenses_after=after.licenses,
        rights_changed=rights,
        duties_before=before.duties,
        duties_after=after.duties,
        quote_before=_shown(before, after, first.quote_before if first else ""),
        quote_after=_shown(after, before, first.quote_after if first else ""),
        reason=_reason(before, after, rights, layers),
    )


def _shown(reading: Reading, other: Reading, of_right: str) -> str:
    """The words that show the change: those of a license only this version names, else of the right."""
    new = {*reading.licenses} - {*other.licenses}
    for finding in reading.findings:
        if finding.license in new and finding.scope.subject is Subject.DATA:
            return finding.quote
    return of_right or _fresh_quote(reading, other) or quote_for(reading)


def _fresh_quote(reading: Reading, other: Reading) -> str:
    known = {squeezed(finding.quote) for finding in other.findings}
    fresh = (f for f in reading.findings if f.scope.subject is Subject.DATA and squeezed(f.quote) not in known)
    return next((finding.quote for finding in fresh), "")


def _reason(
    before: Reading, after: Reading, rights: tuple[RightChange, ...], layers: Mapping[Layer, list[Direction]]
) -> str:
    parts = []
    if {*before.licenses} != {*after.licenses}:
        parts.append(f"license {_listed(before.licenses)} becomes {_listed(after.licenses)}")
    elif _joined(before) != _joined(after):
        parts.append("the same licenses are joined differently")
    parts += [f"{change.action.value} {change.before} becomes {change.after}" for change in rights]
    if {*before.duties} != {*after.duties}:
        parts.append(f"duties {_listed(before.duties)} become {_listed(after.duties)}")
    if before.per_item is not after.per_item:
        parts.append(
            "the license is now left to every item"
            if before.per_item is PerItem.NO
            else "what is said of items changes"
        )
    if layers and not parts:
        parts.append(f"the answer for {_listed(tuple(layers))} changes")
    parts += _moved_scopes(before, after)
    return "; ".join(parts)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"


def _joined(reading: Reading) -> bool:
    """Whether the licenses are a choice: "A OR B" read as "A AND B" is another offer."""
    return " OR " in reading.expression


def _bare(right: Right) -> Right:
    """Without the basis: the same right said in other words is the same right. What is not granted has
    no purpose and no conditions either."""
    return Right(right.value) if right.width < 2 else replace(right, basis=Basis.STATED)


def _direction(before: Right, after: Right) -> Direction:
    ways = set()
    if before.width != after.width:
        ways.add(Direction.LOOSENED if after.width > before.width else Direction.TIGHTENED)
    if before.width >= 2 and after.width >= 2:
        ways |= _moved([*Purpose].index(before.purpose), [*Purpose].index(after.purpose))
        ways |= _moved([*Assignee].index(before.assignee), [*Assignee].index(after.assignee))
        if {*after.conditions} - {*before.conditions}:
            ways.add(Direction.TIGHTENED)
        if {*before.conditions} - {*after.conditions}:
            ways.add(Direction.LOOSENED)
    if len(ways) == 1:
        return ways.pop()
    # A prohibition and a contradiction are equally narrow: only the words became plainer.
    return Direction.MIXED if ways else Direction.CLARIFIED


def _moved(before: int, after: int) -> set[Direction]:
    """Where a limit moved on a scale that begins with the widest."""
    if before == after:
        return set()
    return {Direction.LOOSENED if after < before else Direction.TIGHTENED}


def _duty_directions(before: Reading | LayerReading, after: Reading | LayerReading) -> set[Direction]:
    if _grants(before.rights) != _grants(after.rights):
        # What comes with a first grant, or goes with the last, is part of it.
        return set()
    ways = set()
    if {*after.duties} - {*before.duties}:
        ways.add(Direction.TIGHTENED)
    if {*before.duties} - {*after.duties}:
        ways.add(Direction.LOOSENED)
    return ways


def _grants(rights: Rights) -> bool:
    return any(right.width >= 2 for _, right in rights)


def _layers_changed(before: Reading, after: Reading) -> dict[Layer, list[Direction]]:
    """The layers for which the two versions answer differently, and where each answer moved."""
    changed: dict[Layer, list[Direction]] = {}
    for layer in sorted({*before.layers, *after.layers}):
        old, new = _answer(before, layer), _answer(after, layer)
        if _comparable(old) == _comparable(new):
            continue
        changed[layer] = [
            *(
                _direction(right, new.rights[action])
                for action, right in old.rights
                if _bare(right) != _bare(new.rights[action])
            ),
            *_duty_directions(old, new),
        ]
    return changed


def _moved_scopes(before: Reading, after: Reading) -> list[str]:
    """In words, the licenses and clauses that both versions have and that speak of other layers now.

    A page with one statement about one layer has one answer, whichever layer it names. One more mention
    that names no layer widens only a license with a name: pages speak loosely of "the licenses".
    """
    old, new = _covered(before), _covered(after)
    return [
        f"{what} spoke of {_layers_in_words(old[what])} and speaks of {_layers_in_words(new[what])}"
        for what in old
        if what in new and old[what] != new[what] and ((old[what] and new[what]) or what in _named(after))
    ]


def _named(reading: Reading) -> set[str]:
    return {license_id for license_id in reading.licenses if not license_id.startswith("LicenseRef-")}


def _covered(reading: Reading) -> dict[str, frozenset[Layer]]:
    """The layers each license and each clause about the data is stated for; empty for all of them."""
    stated: dict[str, list[tuple[Layer, ...]]] = {}
    for finding in reading.findings:
        if finding.scope.subject is Subject.DATA:
            stated.setdefault(finding.license or f"the clause {finding.rule}", []).append(finding.scope.layers)
    return {
        what: frozenset() if () in layers else frozenset(layer for some in layers for layer in some)
        for what, layers in stated.items()
    }


def _layers_in_words(layers: frozenset[Layer]) -> str:
    return _listed(layers) if layers else "the whole"


def _answer(reading: Reading, layer: Layer) -> LayerReading:
    """The answer for a layer the page does not name is that of the whole page."""
    whole = LayerReading(reading.licenses, reading.rights, reading.duties, reading.per_item)
    return reading.layers.get(layer, whole)


def _comparable(answer: LayerReading) -> object:
    if answer.per_item is not PerItem.NO:
        # The items' own licenses decide: what is said of the whole matters only where it forbids.
        forbidden = {action for action, right in answer.rights if right.speaks and right.width == 0}
        return answer.per_item, forbidden
    return {*answer.licenses}, _bare_all(answer.rights), {*answer.duties}, answer.per_item


def _bare_all(rights: Rights) -> Rights:
    return Rights(**{action.value: _bare(right) for action, right in rights})


def _changed_sentences(before: Reading, after: Reading) -> tuple[str, str] | None:
    """The first sentence that went and the first that came, None where none did."""
    old, new = sentences(before.text, before.located), sentences(after.text, after.located)
    gone, came = old - new, new - old
    if not gone and not came:
        return None
    return _original(before, gone), _original(after, came)


def _original(reading: Reading, wanted: Counter[str]) -> str:
    """The words as they stand on the page, those of a finding first."""
    for finding in reading.findings:
        if _touches(finding, wanted):
            return finding.quote
    for start, end in reading.located:
        for part in parts_of(reading.text[start:end]):
            if steady(part) in wanted:
                return part.strip()[:400]
    return ""


def _touches(finding: Finding, wanted: Counter[str]) -> bool:
    return any(steady(part) in wanted for part in parts_of(finding.quote))

"""Terms to begin with, and the eight ways in which they change. Only terms are touched here, never prose."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import assert_never

from bench.drift.clauses import ADDITIONS, CLAUSES, RESTRICTIONS, asked
from bench.drift.licenses import COMMON, LICENSES, direction, other_versions, tighter
from bench.drift.model import Furniture, MaterialKind, Style, Terms
from bench.drift.wording import LAYER_WORDS

LAYERS = tuple(LAYER_WORDS)

# Wordings of a named license that show its bare address or none: useless where only a link's target shall change.
_UNLINKED_WORDINGS = {8, 12}
_WORDINGS = 14

_ANY_STYLE = (
    (Style.NAMED,) * 6
    + (Style.FIELD,) * 4
    + (Style.EXTENDED,) * 2
    + (Style.LAYERED,) * 2
    + (
        Style.CUSTOM,
        Style.CUSTOM,
        Style.LINKED,
        Style.STRUCTURED,
    )
)

STYLES: dict[MaterialKind | None, tuple[Style, ...]] = {
    None: _ANY_STYLE,
    MaterialKind.LICENSE_SWAPPED: (Style.NAMED, Style.NAMED, Style.FIELD, Style.LAYERED),
    MaterialKind.CLAUSE_ADDED: (Style.NAMED, Style.EXTENDED, Style.CUSTOM),
    MaterialKind.CLAUSE_REMOVED: (Style.EXTENDED, Style.CUSTOM),
    MaterialKind.LINK_TARGET_ONLY: (Style.LINKED, Style.LINKED, Style.NAMED),
    MaterialKind.JSON_LD_ONLY: (Style.STRUCTURED, Style.NAMED),
    MaterialKind.VERSION_ONLY: (Style.NAMED, Style.FIELD),
    MaterialKind.PERMISSION_GRANTED: (Style.CUSTOM,),
    MaterialKind.SCOPE_MOVED: (Style.LAYERED,),
}


def first_terms(rng: Random, furniture: Furniture, layer: str, kind: MaterialKind | None) -> Terms:
    """What a page states at first; such that `kind` can happen to it."""
    machines = furniture not in (Furniture.README, Furniture.PORTAL)
    style = rng.choice([style for style in STYLES[kind] if machines or style is not Style.STRUCTURED])
    wording = rng.randrange(_WORDINGS * 300)
    license_id = rng.choice([spdx for spdx in COMMON if _suits(spdx, kind, style)])
    if kind is MaterialKind.LINK_TARGET_ONLY:
        while wording % _WORDINGS in _UNLINKED_WORDINGS:
            wording += 1
    match style:
        case Style.NAMED | Style.FIELD | Style.EXTENDED:
            told = machines and (rng.random() < 0.35 or kind is MaterialKind.JSON_LD_ONLY)
            link_only = kind is MaterialKind.LINK_TARGET_ONLY
            return Terms(
                style,
                license=license_id,
                link=license_id if link_only or rng.random() < 0.75 else None,
                structured=license_id if told and not link_only else None,
                relation=license_id if machines and not link_only and rng.random() < 0.2 else None,
                badge=furniture is not Furniture.PORTAL and not link_only and rng.random() < 0.15,
                clauses=_additions(rng, license_id) if style is Style.EXTENDED else (),
                wording=wording,
            )
        case Style.LINKED:
            return Terms(style, link=license_id, wording=wording)
        case Style.STRUCTURED:
            return Terms(style, structured=license_id, wording=wording)
        case Style.CUSTOM:
            return Terms(style, clauses=_custom(rng), wording=wording)
        case Style.LAYERED:
            other = rng.choice([name for name in LAYERS if name != layer])
            rival = rng.choice([spdx for spdx in COMMON if LICENSES[spdx].asks != LICENSES[license_id].asks])
            pairs = [(layer, license_id), (other, rival)]
            rng.shuffle(pairs)
            return Terms(style, layers=tuple(pairs), wording=wording)
    assert_never(style)


def change(rng: Random, kind: MaterialKind, terms: Terms, layer: str) -> tuple[Terms, str | None, str]:
    """The terms after one change, its direction where that is beyond doubt, and what was done in words."""
    match kind:
        case MaterialKind.LICENSE_SWAPPED:
            return _swap(rng, terms, layer)
        case MaterialKind.CLAUSE_ADDED:
            present = _asks(terms)
            names = ADDITIONS if terms.license else RESTRICTIONS
            name = rng.choice(
                [name for name in names if not CLAUSES[name].asks <= present and _undone(name) not in terms.clauses]
            )
            return replace(terms, style=_extended(terms), clauses=(*terms.clauses, name)), "tightened", f"+ {name}"
        case MaterialKind.CLAUSE_REMOVED:
            name = rng.choice([name for name in terms.clauses if CLAUSES[name].asks])
            left = tuple(other for other in terms.clauses if other != name)
            return replace(terms, clauses=left), "loosened", f"- {name}"
        case MaterialKind.LINK_TARGET_ONLY:
            before = terms.link or ""
            after = rng.choice(_targets(before, bool(terms.license)))
            return replace(terms, link=after), _between(before, after), f"link {before} -> {after}"
        case MaterialKind.JSON_LD_ONLY:
            before = terms.structured or ""
            after = rng.choice(_targets(before, bool(terms.license)))
            return replace(terms, structured=after), _between(before, after), f"JSON-LD {before} -> {after}"
        case MaterialKind.VERSION_ONLY:
            before = terms.license or ""
            after = rng.choice(other_versions(before))
            return _relabel(terms, after), None, f"{before} -> {after}"
        case MaterialKind.PERMISSION_GRANTED:
            name = rng.choice([name for name in terms.clauses if CLAUSES[name].undone_by])
            granted = tuple(CLAUSES[other].undone_by or other if other == name else other for other in terms.clauses)
            return replace(terms, clauses=granted), "loosened", f"{name} -> {CLAUSES[name].undone_by}"
        case MaterialKind.SCOPE_MOVED:
            (one, first), (two, second) = terms.layers
            return replace(terms, layers=((one, second), (two, first))), None, f"{one} and {two} trade licenses"
    assert_never(kind)


def fitting_change(rng: Random, terms: Terms, layer: str) -> tuple[MaterialKind, Terms]:
    """Some change that can happen to terms of any style."""
    kinds = [kind for kind, styles in STYLES.items() if kind is not None and terms.style in styles]
    rng.shuffle(kinds)
    for kind in kinds:
        try:
            return kind, change(rng, kind, terms, layer)[0]
        except (IndexError, KeyError, ValueError):
            continue  # these terms have nothing this kind could change
    raise ValueError(f"no change fits {terms}")


def _suits(spdx: str, kind: MaterialKind | None, style: Style) -> bool:
    if kind is MaterialKind.VERSION_ONLY:
        return bool(other_versions(spdx))
    if kind in (MaterialKind.LINK_TARGET_ONLY, MaterialKind.JSON_LD_ONLY) and style is Style.NAMED:
        return bool(tighter(spdx))
    return True


def _targets(before: str, words_stay: bool) -> list[str]:
    """Where a link may lead afterwards. Beside words that stay, only what asks more changes what counts."""
    if words_stay:
        return tighter(before)
    return [spdx for spdx in COMMON if LICENSES[spdx].family != LICENSES[before].family]


def _swap(rng: Random, terms: Terms, layer: str) -> tuple[Terms, str | None, str]:
    before = dict(terms.layers)[layer] if terms.layers else terms.license or ""
    after = rng.choice([spdx for spdx in COMMON if LICENSES[spdx].family != LICENSES[before].family])
    note = f"{before} -> {after}"
    if terms.layers:
        layers = tuple((name, after if name == layer else license_id) for name, license_id in terms.layers)
        return replace(terms, layers=layers), _between(before, after), note
    return _relabel(terms, after), _between(before, after), note


def _relabel(terms: Terms, after: str) -> Terms:
    """Every place that names the license names the other one."""
    return replace(
        terms,
        license=after,
        link=after if terms.link else None,
        structured=after if terms.structured else None,
        relation=after if terms.relation else None,
    )


def _between(before: str, after: str) -> str | None:
    return direction(LICENSES[before].asks, LICENSES[after].asks)


def _asks(terms: Terms) -> frozenset[str]:
    return asked(terms.clauses) | (LICENSES[terms.license].asks if terms.license else frozenset())


def _undone(name: str) -> str | None:
    return CLAUSES[name].undone_by


def _extended(terms: Terms) -> Style:
    return Style.EXTENDED if terms.style is Style.NAMED else terms.style


def _additions(rng: Random, license_id: str) -> tuple[str, ...]:
    fresh = [
        name for name in ADDITIONS if name != "no_commercial" and not CLAUSES[name].asks <= LICENSES[license_id].asks
    ]
    return tuple(rng.sample(fresh, rng.randint(1, 2)))


def _custom(rng: Random) -> tuple[str, ...]:
    """A grant to begin with, and restrictions of which one at least can be lifted."""
    liftable = [name for name in ("no_commercial", "no_training", "no_redistribution") if _undone(name)]
    first = rng.choice(liftable)
    rest = [name for name in RESTRICTIONS if name not in (first, "no_derivatives", "research_only", "academic_only")]
    return ("copying_granted", first, *rng.sample(rest, rng.randint(1, 2)))

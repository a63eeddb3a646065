"""The web: N pages, the fate of each, and the truth. Deterministic in `seed` and the number of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from bench.drift.material import LAYERS, change, first_terms, fitting_change
from bench.drift.model import (
    KINDS,
    CosmeticKind,
    Epoch,
    Fate,
    Furniture,
    MaterialKind,
    Media,
    Page,
    Style,
    Terms,
    Truth,
)
from bench.drift.stock import FIRST, SECOND
from bench.drift.wording import title

SHARES = {Fate.MATERIAL: 0.05, Fate.COSMETIC: 0.30, Fate.OUTAGE: 0.05, Fate.VARIANT: 0.005}
RETURNS_CHANGED_SHARE = 0.1
ETAG_SHARE = 0.6
ONLY_KIND_SHARE = 0.5

# Where a kind has nothing to change.
_UNFIT: dict[str, tuple[Furniture, ...]] = {
    MaterialKind.JSON_LD_ONLY: (Furniture.README, Furniture.PORTAL),
    CosmeticKind.NAVIGATION: (Furniture.README,),
    CosmeticKind.NONCES: (Furniture.README,),
    CosmeticKind.BANNER: (Furniture.README,),
}


@dataclass(frozen=True, slots=True)
class Site:
    """One page with its truth, its terms at each epoch, and those it shows to one request alone."""

    page: Page
    truth: Truth
    later: dict[Epoch, Terms]
    once: Terms | None = None

    def at(self, epoch: Epoch) -> Page:
        """The page with the terms of an epoch."""
        return replace(self.page, terms=self.later.get(epoch, self.page.terms))


def build_web(pages: int, seed: int, only: Sequence[str] = ()) -> tuple[Site, ...]:
    """The sites of a web. With `only`, half of the pages meet these kinds in turn and the rest stay as they are.

    Raises ValueError for a kind there is not.
    """
    rng = Random(seed)
    fates = _fates(rng, pages, only)
    return tuple(
        _site(Random(seed * 1_000_003 + number), number, fate, kind) for number, (fate, kind) in enumerate(fates)
    )


def _fates(rng: Random, pages: int, only: Sequence[str]) -> list[tuple[Fate, str]]:
    if not only:
        fates = [
            (fate, KINDS[fate][number % len(KINDS[fate])])
            for fate, share in SHARES.items()
            for number in range(max(1, round(pages * share)))
        ]
    else:
        met = [(_owner(kind), kind) for kind in only]
        fates = [met[number % len(met)] for number in range(max(len(met), round(pages * ONLY_KIND_SHARE)))]
    fates = fates[:pages]
    fates += [(Fate.UNCHANGED, "unchanged")] * (pages - len(fates))
    rng.shuffle(fates)
    return fates


def _owner(kind: str) -> Fate:
    for fate, kinds in KINDS.items():
        if kind in kinds:
            return fate
    raise ValueError(f"no kind is called {kind!r}")


def _site(rng: Random, number: int, fate: Fate, kind: str) -> Site:
    material = MaterialKind(kind) if fate is Fate.MATERIAL else None
    furniture = rng.choice(tuple(Furniture))
    while furniture in _UNFIT.get(kind, ()):
        furniture = rng.choice(tuple(Furniture))
    layer = rng.choice(LAYERS)
    terms = first_terms(rng, furniture, layer, material)
    name = f"{rng.choice(FIRST)} {rng.choice(SECOND)} {number}"
    slug = name.lower().replace(" ", "_")
    readme = furniture is Furniture.README
    page = Page(
        number=number,
        host=f"127.1.{number // 250}.{number % 250 + 1}",
        path=_path(furniture, slug),
        furniture=furniture,
        media=rng.choice((Media.MARKDOWN, Media.PLAIN)) if readme else Media.HTML,
        seed=rng.randrange(2**31),
        size=int(22_000 * (4.2 ** rng.random())),
        name=name,
        slug=slug,
        layer=layer,
        terms=terms,
        locator=None,
        has_etag=rng.random() < ETAG_SHARE,
        live_nonce=rng.random() < 0.5 and not readme,
    )
    page = replace(page, locator=_locator(rng, page), live_nonce=page.live_nonce and not page.has_etag)
    if material is not None:
        after, towards, note = change(rng, material, terms, layer)
        return Site(
            page, Truth(page.source_id, fate, kind, towards, note=note), {Epoch.MUTATED: after, Epoch.RECOVERED: after}
        )
    if fate is Fate.OUTAGE and rng.random() < RETURNS_CHANGED_SHARE:
        meanwhile, after = fitting_change(rng, terms, layer)
        return Site(page, Truth(page.source_id, fate, kind, returns_changed=meanwhile), {Epoch.RECOVERED: after})
    if fate is Fate.VARIANT:
        return Site(page, Truth(page.source_id, fate, kind), {}, once=fitting_change(rng, terms, layer)[1])
    return Site(page, Truth(page.source_id, fate, kind), {})


def _path(furniture: Furniture, slug: str) -> str:
    return {
        Furniture.DOCS: f"/docs/{slug}.html",
        Furniture.WIKI: f"/wiki/{slug.title()}",
        Furniture.HUB: f"/datasets/{slug.replace('_', '-')}",
        Furniture.RECORD: f"/records/{sum(slug.encode())}{len(slug)}",
        Furniture.PORTAL: "/catalog",
        Furniture.README: f"/raw/{slug}/README.md",
        Furniture.FORUM: f"/t/{slug.replace('_', '-')}/1",
    }[furniture]


def _locator(rng: Random, page: Page) -> tuple[str, str] | None:
    """Where the watch looks: always given where the page has several datasets, now and then elsewhere."""
    if page.furniture is Furniture.PORTAL:
        anchor = f"ds-{page.slug}"
        return rng.choice((("select", f"#{anchor}"), ("anchor", anchor), ("heading", page.name)))
    in_sentences = page.terms.style not in (Style.FIELD, Style.STRUCTURED)
    if (
        in_sentences
        and page.terms.structured is None
        and page.terms.relation is None
        and not page.terms.badge
        and rng.random() < 0.15
    ):
        return ("heading", title(page))
    return None

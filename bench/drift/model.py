"""The nouns of the loopback web: pages, what they state, what happens to them, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Media(StrEnum):
    """What a page is sent as."""

    HTML = "text/html"
    MARKDOWN = "text/markdown"
    PLAIN = "text/plain"


@dataclass(frozen=True, slots=True)
class Document:
    """One page as text; what every cosmetic mutation and outage works on."""

    text: str = field(repr=False)
    media: Media


class Furniture(StrEnum):
    """What a page looks like around its terms."""

    DOCS = "docs"
    WIKI = "wiki"
    HUB = "hub"
    RECORD = "record"
    PORTAL = "portal"
    README = "readme"
    FORUM = "forum"


class Style(StrEnum):
    """How a page states its terms."""

    NAMED = "named"  # a sentence that names a standard license
    FIELD = "field"  # a table row or a front matter key
    LINKED = "linked"  # words that say only "this license", and a link
    STRUCTURED = "structured"  # JSON-LD and no words at all
    CUSTOM = "custom"  # clauses and no standard license
    EXTENDED = "extended"  # a standard license and clauses beside it
    LAYERED = "layered"  # a license a layer


class Fate(StrEnum):
    """What kind of thing happens to a page."""

    UNCHANGED = "unchanged"
    MATERIAL = "material"
    COSMETIC = "cosmetic"
    OUTAGE = "outage"
    VARIANT = "variant"


class MaterialKind(StrEnum):
    """Changes somebody must be told of."""

    LICENSE_SWAPPED = "license_swapped"
    CLAUSE_ADDED = "clause_added"
    CLAUSE_REMOVED = "clause_removed"
    LINK_TARGET_ONLY = "link_target_only"
    JSON_LD_ONLY = "json_ld_only"
    VERSION_ONLY = "version_only"
    PERMISSION_GRANTED = "permission_granted"
    SCOPE_MOVED = "scope_moved"


class CosmeticKind(StrEnum):
    """Changes nobody wants to hear of."""

    DATES = "dates"
    COUNTERS = "counters"
    NONCES = "nonces"
    ADDRESSES = "addresses"
    NAVIGATION = "navigation"
    MOVED_PARAGRAPHS = "moved_paragraphs"
    REWRAPPED = "rewrapped"
    QUOTES_AND_DASHES = "quotes_and_dashes"
    RELATED_LINKS = "related_links"
    BANNER = "banner"


class VariantKind(StrEnum):
    """Changes that a second look takes back: nobody may be told of them as of a change."""

    SHOWN_ONCE = "shown_once"


class OutageKind(StrEnum):
    """Answers that are not the page."""

    NOT_FOUND_200 = "not_found_200"
    LOGIN_WALL = "login_wall"
    CONSENT_WALL = "consent_wall"
    CHALLENGE_200 = "challenge_200"
    CHALLENGE_403 = "challenge_403"
    MAINTENANCE_200 = "maintenance_200"
    REDIRECT_HOME = "redirect_home"
    PARKED = "parked"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    SHRUNKEN = "shrunken"
    OTHER_LANGUAGE = "other_language"
    NEEDS_JAVASCRIPT = "needs_javascript"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"


KINDS: dict[Fate, tuple[str, ...]] = {
    Fate.UNCHANGED: ("unchanged",),
    Fate.MATERIAL: tuple(MaterialKind),
    Fate.COSMETIC: tuple(CosmeticKind),
    Fate.OUTAGE: tuple(OutageKind),
    Fate.VARIANT: tuple(VariantKind),
}


class Epoch(StrEnum):
    """The three looks at the web."""

    BASELINE = "baseline"
    MUTATED = "mutated"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a page states about its dataset. Licenses are SPDX ids of the stock; None: not stated there.

    `link`, `structured` and `relation` are what the link, the JSON-LD and the `rel=license` say; they
    agree with `license` unless a mutation has parted them. `layers` are (layer, license) in order.
    `wording` picks among the phrasings and stays the same when the terms change.
    """

    style: Style
    license: str | None = None
    link: str | None = None
    structured: str | None = None
    relation: str | None = None
    badge: bool = False
    clauses: tuple[str, ...] = ()
    layers: tuple[tuple[str, str], ...] = ()
    wording: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the web. Everything it shows follows from these values; `seed` drives its prose.

    `locator` is the key and value of the watch's locator (several datasets on the page), or None.
    """

    number: int
    host: str
    path: str
    furniture: Furniture
    media: Media
    seed: int
    size: int
    name: str
    slug: str
    layer: str
    terms: Terms
    locator: tuple[str, str] | None
    has_etag: bool
    live_nonce: bool

    @property
    def source_id(self) -> str:
        """The id under which the catalog watches it."""
        return f"{self.slug}_{self.layer}"


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happens to one page. `direction` only where it is beyond doubt.

    `returns_changed`: its terms change while it is out, so that the recovery is material.
    """

    source_id: str
    fate: Fate
    kind: str
    direction: str | None = None
    returns_changed: str | None = None
    note: str = ""

    def material_at(self, epoch: Epoch) -> bool:
        """Whether somebody must be told in this epoch."""
        if epoch is Epoch.MUTATED:
            return self.fate is Fate.MATERIAL
        return epoch is Epoch.RECOVERED and self.returns_changed is not None

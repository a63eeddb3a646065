"""What is served and watched: a made page or a recorded one, with its truth and its answer at each epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from random import Random

from bench.drift.answers import Answer
from bench.drift.chrome import nonce
from bench.drift.cosmetic import mutate
from bench.drift.model import CosmeticKind, Document, Epoch, Fate, OutageKind, Truth
from bench.drift.outages import outage
from bench.drift.render import render
from bench.drift.web import Site
from bench.drift.wording import organization


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One page of the bench. `document` gives what it says at an epoch; outages are made from it.

    `nonces` are strings a server that makes new ones at each request would replace; `once` is what the first
    request of the changed epoch alone gets to see.
    """

    source_id: str
    dataset: str
    layer: str
    role: str
    host: str
    path: str
    site: str
    seed: int
    truth: Truth
    locator: dict[str, str]
    has_etag: bool
    nonces: tuple[str, ...]
    document: Callable[[Epoch], Document] = field(repr=False)
    once: Callable[[], Document] | None = field(default=None, repr=False)

    def answer(self, epoch: Epoch, asked: int = 0) -> Answer:
        """What the server sends at an epoch to one who was `asked` times before; only variants tell them apart."""
        document = self.document(epoch)
        if epoch is Epoch.MUTATED and self.once is not None and asked == 0:
            document = self.once()
        if epoch is Epoch.MUTATED and self.truth.fate is Fate.OUTAGE:
            return outage(OutageKind(self.truth.kind), document, self.site, Random(self.seed))
        body = document.text.encode()
        headers = {"ETag": self._etag(body)} if self.has_etag else {}
        return Answer(media_type=document.media, body=body, headers=headers)

    def _etag(self, body: bytes) -> str:
        return f'{"W/" if self.seed % 4 == 0 else ""}"{sha256(body).hexdigest()[:20]}"'


def exhibit(site: Site) -> Exhibit:
    """A made page as an exhibit. Raises ValueError where its cosmetic change finds nothing to change."""
    page, variant = site.page, site.once
    return Exhibit(
        source_id=page.source_id,
        dataset=page.name,
        layer=page.layer,
        role={"readme": "readme", "hub": "card", "record": "record", "forum": "announcement"}.get(
            page.furniture, "license"
        ),
        host=page.host,
        path=page.path,
        site=organization(page),
        seed=page.seed,
        truth=site.truth,
        locator=dict([page.locator] if page.locator else []),
        has_etag=page.has_etag,
        nonces=(nonce(page),) if page.live_nonce else (),
        document=lambda epoch: _document(site, epoch),
        once=None if variant is None else lambda: render(replace(page, terms=variant)),
    )


def _document(site: Site, epoch: Epoch) -> Document:
    document = render(site.at(epoch))
    if epoch is Epoch.BASELINE or site.truth.fate is not Fate.COSMETIC:
        return document
    return changed(CosmeticKind(site.truth.kind), document, site.page.seed, site.page.source_id)


def changed(kind: CosmeticKind, document: Document, seed: int, source_id: str) -> Document:
    """The document after its cosmetic change. Raises ValueError where there is nothing to change."""
    after = mutate(kind, document, Random(seed + 11))
    if after is None:
        raise ValueError(f"{source_id} has nothing for {kind} to change")
    return after

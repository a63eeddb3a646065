"""A few sources drawn by a seed, with the words they rest on: for a person who checks some instead of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from domain.catalog import Catalog, Claim


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a checker needs of one source: its fits, risks, and the claims with quote and address."""

    source_id: str
    layer: str
    fits: tuple[str, ...]
    risks: tuple[str, ...]
    claims: tuple[Claim, ...]
    watched: tuple[str, ...]

    def shape(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "source_id": self.source_id,
            "layer": self.layer,
            "fits": list(self.fits),
            "risks": list(self.risks),
            "claims": [
                {
                    "license": claim.license,
                    "confidence": claim.confidence.value,
                    "speaks_for": claim.speaks_for.value,
                    "seen": None if claim.seen is None else claim.seen.isoformat(),
                    "quote": claim.quote,
                    "url": claim.url,
                    "note": claim.note,
                }
                for claim in self.claims
            ],
            "watched": list(self.watched),
        }


def sample(catalog: Catalog, seed: int, count: int) -> tuple[Drawn, ...]:
    """So many sources (all where there are fewer), the same ones for the same seed and the same source ids."""
    sources = {source.id: source for _, _, source in catalog.sources}
    # Not for secrets: the same seed must draw the same sources on every machine.
    names = Random(seed).sample(sorted(sources), min(count, len(sources)))  # noqa: S311
    return tuple(
        Drawn(
            source_id=name,
            layer=sources[name].layer.value,
            fits=tuple(f"{fit.application.value}: {fit.fit}" for fit in sources[name].applications),
            risks=sources[name].risks,
            claims=sources[name].claims,
            watched=tuple(dict.fromkeys(watch.url for watch in sources[name].watches)),
        )
        for name in names
    )


def confidence_counts(catalog: Catalog) -> dict[str, int]:
    """Sources by the confidence of their first claim, which is the license declared; `none`: no claim."""
    counted = Counter(
        source.claims[0].confidence.value if source.claims else "none" for _, _, source in catalog.sources
    )
    return dict(sorted(counted.items()))

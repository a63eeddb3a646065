"""Which layers of a dataset words speak of."""

from __future__ import annotations

import re
from functools import lru_cache

from domain.vocabulary import Layer

LAYER_WORDS: tuple[tuple[Layer, re.Pattern[str]], ...] = tuple(
    (layer, re.compile(rf"\b(?:{words})\b"))
    for layer, words in (
        (Layer.METADATA, "meta-?data|csvs?|tsvs?|json files?|track information|metadaten|métadonnées|metadatos"),
        (
            Layer.AUDIO,
            "audio(?! features)|sound recordings?|mp3s?|wavs?|music files?|audio files?|the tracks|the recordings|the music|the songs|audiodaten|aufnahmen|enregistrements|grabaciones",
        ),
        (
            Layer.ANNOTATIONS,
            "annotations?|labels|tags|ratings|transcriptions?|transcripts|ground[ -]truth|annotationen|anotaciones",
        ),
        (Layer.FEATURES, "features?|embeddings?|spectrograms?|chroma|mfccs?|descriptors"),
        (Layer.LYRICS, "lyrics?|paroles|songtexte|letras"),
        (Layer.IMAGES, "images?|photos?|photographs?|pictures|cover art|bilder|imágenes"),
        (Layer.MODEL_WEIGHTS, "weights|checkpoints?|pre-?trained models?|the models?|model files|modellgewichte"),
    )
)


@lru_cache(maxsize=4_096)
def layers_in(words: str) -> tuple[Layer, ...]:
    """The layers some shadowed words name."""
    if not words:
        return ()
    return tuple(layer for layer, pattern in LAYER_WORDS if pattern.search(words))


_OWNER = re.compile(
    r"\b(?:property of|owned by|held by|belongs? to|(?:remains?|rests?|lies?|stays?) with|copyrighted by|reserved by)"
    r" (?:the |its |their )?(?:\w+ )?(?:labels?|texts?|images?)\b"
)
"""Whose something is ("the property of the labels") names no layer."""


def layers_left_out(words: str, rest: bool) -> tuple[Layer, ...]:
    """The layers that are left out by words which name them or, with `rest`, by words which name all that is left in."""
    bare = _OWNER.sub(" ", words)
    named = layers_in(bare) or layers_in(f"the {bare}")
    if not rest or not named:
        return named
    return tuple(layer for layer in Layer if layer not in (*named, Layer.CODE))

"""Which layers of a dataset words speak of."""

from __future__ import annotations

import re

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


def layers_in(words: str) -> tuple[Layer, ...]:
    """The layers some shadowed words name."""
    if not words:
        return ()
    return tuple(layer for layer, pattern in LAYER_WORDS if pattern.search(words))

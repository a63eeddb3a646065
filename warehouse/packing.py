"""How a body is packed: a frame of zstd, alone or on a base.

A base is another body, whose bytes serve as the dictionary. The file then begins with a skippable frame that holds
the base's digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

import zstandard

# Measured on license pages: level 9 packs 2 % better than 6 for a quarter of a millisecond a page; level 19 gains
# 3 % more and takes twenty times as long.
_LEVEL = 9
# Binary logarithms of bytes: the window of this level, and the widest that zstd unpacks without being told to.
_WINDOW = 22
_WIDEST_WINDOW = 27
# The magic number of a skippable frame and the length of what it holds, a sha256.
_BASE_MARK = (0x184D2A50).to_bytes(4, "little") + (32).to_bytes(4, "little")
_BASE_HEAD = len(_BASE_MARK) + 32

# A common base is made of as many bodies as this, of no more, and of so many bytes of each.
FEWEST_SAMPLES = 32
MOST_SAMPLES = 64
_SAMPLE_BYTES = 200_000
# Measured on license pages: half of this packs 6 % worse, and twice as much takes longer than it saves.
_COMMON_BYTES = 220_000


def digest(body: bytes) -> str:
    """Hex sha256, the name of a body."""
    return sha256(body).hexdigest()


def packed(body: bytes) -> bytes:
    """The file of a body that lies alone."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def packed_on(base: str, words: bytes, body: bytes) -> bytes:
    """The file of a body on its base, which has these bytes."""
    return _on(base, _dictionary(words), body)


def packed_on_common(base: str, words: bytes, body: bytes) -> bytes:
    """The same for a base that many bodies lie on: what zstd prepares of it is kept."""
    return _on(base, _prepared(base, words), body)


def _on(base: str, dictionary: zstandard.ZstdCompressionDict, body: bytes) -> bytes:
    # What lies further back than the window is not seen: it must hold both.
    window = (len(dictionary) + len(body)).bit_length()
    if window <= _WINDOW:
        packer = zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary)
    else:
        wide = zstandard.ZstdCompressionParameters.from_level(_LEVEL, window_log=min(window, _WIDEST_WINDOW))
        packer = zstandard.ZstdCompressor(compression_params=wide, dict_data=dictionary)
    return _BASE_MARK + bytes.fromhex(base) + packer.compress(body)


def base_of(stored: bytes) -> str | None:
    """The digest of the base that a file, or the beginning of one, names; None where it lies alone."""
    return stored[len(_BASE_MARK) : _BASE_HEAD].hex() if stored.startswith(_BASE_MARK) else None


def unpacked(stored: bytes, words: bytes | None) -> bytes | None:
    """The bytes that a file holds on those of its base (None: it lies alone); None where it is damaged."""
    frame = stored if words is None else stored[_BASE_HEAD:]
    try:
        # Not `decompress`: it allocates what the header promises, and a damaged one promises anything.
        unpacker = zstandard.ZstdDecompressor(dict_data=None if words is None else _dictionary(words))
        body = unpacker.decompressobj().decompress(frame)
        promised = zstandard.get_frame_parameters(frame).content_size
    except zstandard.ZstdError:
        return None
    return body if len(body) == promised else None


def _dictionary(words: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(words, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


@lru_cache(maxsize=1)
def _prepared(base: str, words: bytes) -> zstandard.ZstdCompressionDict:
    prepared = _dictionary(words)
    prepared.precompute_compress(level=_LEVEL)
    return prepared


def common_words(samples: Sequence[bytes]) -> bytes | None:
    """The pieces that recur in some bodies, one after the other; None of too few bodies, or where nothing recurs."""
    if len(samples) < FEWEST_SAMPLES:
        return None
    try:
        trained = zstandard.train_dictionary(_COMMON_BYTES, [sample[:_SAMPLE_BYTES] for sample in samples])
    except zstandard.ZstdError:
        return None
    return trained.as_bytes()

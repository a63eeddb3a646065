"""Content encodings are undone, and never beyond the cap."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from probes.decoding import decoded
from probes.failures import Unreachable

TEXT = b"These terms are long enough to be worth squeezing. " * 200

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_what_was_encoded_comes_back(name: str) -> None:
    assert decoded(ENCODERS[name](TEXT), name, len(TEXT)) == TEXT


@pytest.mark.parametrize("name", ENCODERS)
def test_one_byte_too_many_is_too_large(name: str) -> None:
    with pytest.raises(Unreachable, match=r"^too_large: more than"):
        decoded(ENCODERS[name](TEXT), name, len(TEXT) - 1)


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_stream_cut_short_is_no_body(name: str, share: float) -> None:
    whole = ENCODERS[name](bytes(range(256)) * 40)
    with pytest.raises(Unreachable, match=r"^bad_encoding: "):
        decoded(whole[: int(len(whole) * share)], name, 100_000)


def test_raw_deflate_without_its_header() -> None:
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert decoded(raw.compress(TEXT) + raw.flush(), "deflate", len(TEXT)) == TEXT


def test_several_members_and_several_encodings() -> None:
    assert decoded(gzip.compress(TEXT) + gzip.compress(b"end"), "gzip", 100_000) == TEXT + b"end"
    zstd = zstandard.ZstdCompressor()
    assert decoded(zstd.compress(TEXT) + zstd.compress(b"end"), "zstd", 100_000) == TEXT + b"end"
    assert decoded(gzip.compress(brotli.compress(TEXT)), "br, identity, gzip", 100_000) == TEXT


def test_members_are_capped_together() -> None:
    with pytest.raises(Unreachable, match=r"^too_large: "):
        decoded(gzip.compress(TEXT) * 50, "gzip", len(TEXT) * 3)


def test_no_encoding_and_no_body() -> None:
    assert decoded(TEXT, "", len(TEXT)) == TEXT
    assert decoded(b"", "gzip", 10) == b""
    with pytest.raises(Unreachable, match=r"^too_large: "):
        decoded(TEXT, "identity", 10)

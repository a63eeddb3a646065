"""Bodies of pages and texts: files named by their content, zstd inside.

A body is written whole and synced before any row names it. A killed run leaves at most a body that
no row names yet; the next run that sees the same bytes finds it there.

What a page says in text is in its bytes already, so such a text is packed with the page's body as its
dictionary: a skippable frame that holds the digest of that body (its base), then the frame of the text.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import zstandard

from domain.errors import WarehouseDamaged

ENCODING = "zstd"
ENCODING_ON_BASE = "zstd-on-base"

_DIGEST = re.compile(r"[0-9a-f]{64}")
# Level 6 was measured at 2.8 to 1 on license pages; higher levels cost time and gain little.
_LEVEL = 6
# On a base there is little left to pack: this level saves 12 % of it and hardly costs time.
_LEVEL_ON_BASE = 9
# The magic number of a skippable frame and the length of what it holds, a sha256.
_BASE_MARK = (0x184D2A50).to_bytes(4, "little") + (32).to_bytes(4, "little")
_BASE_HEAD = len(_BASE_MARK) + 32
# Prose alone packs 3 or 4 to 1. A base that brings less than this (that of a PDF) costs more than it saves.
_LEAST_ON_BASE = 8
_NO_BASES: Mapping[str, str] = MappingProxyType({})
# Waiting for the disk to sync is most of the work; threads wait side by side.
_THREADS = 8


@dataclass(frozen=True, slots=True)
class StoredBody:
    """One body as the warehouse lists it; sizes in bytes."""

    sha256: str
    bytes: int
    stored_bytes: int
    encoding: str = ENCODING


def digest(body: bytes) -> str:
    """Hex sha256, the name of a body."""
    return sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class Bodies:
    """The folder of all bodies."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where a body lies. ValueError for anything that is not a hex sha256."""
        if not _DIGEST.fullmatch(sha256):
            raise ValueError(f"not a sha256: {sha256[:80]!r}")
        return self.folder / sha256[:2] / f"{sha256}.zst"

    def save(self, bodies: Mapping[str, bytes], bases: Mapping[str, str] = _NO_BASES) -> tuple[StoredBody, ...]:
        """Write what is not there yet, keyed by sha256; returns once all of it is on disk. `bases` names for
        some of them a stored body that holds most of their words."""
        if not bodies:
            return ()
        folders = {self.path(name).parent for name in bodies}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        if len(bodies) == 1:
            saved = tuple(self._save(name, body, bases.get(name)) for name, body in bodies.items())
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                saved = tuple(pool.map(self._save, bodies.keys(), bodies.values(), map(bases.get, bodies)))
        for folder in {self.folder, *folders}:
            _sync_folder(folder)
        return saved

    def _save(self, name: str, body: bytes, base: str | None) -> StoredBody:
        target = self.path(name)
        if not target.exists():
            _write_synced(target, self._packed_on(base, body) or zstandard.ZstdCompressor(level=_LEVEL).compress(body))
        with target.open("rb") as file:
            marked = file.read(len(_BASE_MARK)) == _BASE_MARK
        return StoredBody(name, len(body), target.stat().st_size, ENCODING_ON_BASE if marked else ENCODING)

    def _packed_on(self, base: str | None, body: bytes) -> bytes | None:
        """The file of a body on its base; None where that cannot be read, has a base itself, or saves little."""
        if base is None:
            return None
        try:
            words = _checked(self.path(base), base, _read(self.path(base)), None)
        except WarehouseDamaged:
            return None
        packed = zstandard.ZstdCompressor(level=_LEVEL_ON_BASE, dict_data=_dictionary(words)).compress(body)
        if len(packed) * _LEAST_ON_BASE > len(body):
            return None
        return _BASE_MARK + bytes.fromhex(base) + packed

    def load(self, sha256: str) -> bytes:
        """The bytes; WarehouseDamaged when they, or those they are packed on, are missing or not those the
        name promises."""
        path = self.path(sha256)
        stored = _read(path)
        if not stored.startswith(_BASE_MARK):
            return _checked(path, sha256, stored, None)
        base = stored[len(_BASE_MARK) : _BASE_HEAD].hex()
        if not _DIGEST.fullmatch(base):
            raise WarehouseDamaged(f"{path} is damaged: restore it from a backup")
        below = self.path(base)
        words = _checked(below, base, _read(below), None)
        return _checked(path, sha256, stored[_BASE_HEAD:], words)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WarehouseDamaged(f"{path} is missing: restore the bodies folder from a backup") from error
    except OSError as error:
        raise WarehouseDamaged(f"{path} cannot be read: {error.strerror or error}") from error


def _checked(path: Path, sha256: str, frame: bytes, base: bytes | None) -> bytes:
    """What a frame holds, when it is what the name promises. A base is never packed on another one: its frame
    would be no frame of zstd here."""
    try:
        # Not `decompress`: it allocates what the header promises, and a damaged one promises anything.
        unpacker = zstandard.ZstdDecompressor(dict_data=None if base is None else _dictionary(base))
        body = unpacker.decompressobj().decompress(frame)
        promised = zstandard.get_frame_parameters(frame).content_size
    except zstandard.ZstdError as error:
        raise WarehouseDamaged(f"{path} is damaged: restore it from a backup") from error
    if digest(body) != sha256 or len(body) != promised:
        raise WarehouseDamaged(f"{path} does not hold the bytes its name promises: restore it from a backup")
    return body


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _write_synced(target: Path, data: bytes) -> None:
    descriptor, partial = tempfile.mkstemp(prefix=".partial-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    # The rename itself must survive a power cut before a row may name the body.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

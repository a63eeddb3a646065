"""Bodies of pages and texts: files named by their content, zstd inside.

A body is written whole and synced before any row names it. A killed run leaves at most a body that
no row names yet; the next run that sees the same bytes finds it there.
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

import zstandard

from domain.errors import WarehouseDamaged

ENCODING = "zstd"

_DIGEST = re.compile(r"[0-9a-f]{64}")
# Level 6 was measured at 2.8 to 1 on license pages; higher levels cost time and gain little.
_LEVEL = 6
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

    def save(self, bodies: Mapping[str, bytes]) -> tuple[StoredBody, ...]:
        """Write what is not there yet, keyed by sha256; returns once all of it is on disk."""
        if not bodies:
            return ()
        folders = {self.path(name).parent for name in bodies}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        if len(bodies) == 1:
            saved = tuple(self._save(name, body) for name, body in bodies.items())
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                saved = tuple(pool.map(self._save, bodies.keys(), bodies.values()))
        for folder in {self.folder, *folders}:
            _sync_folder(folder)
        return saved

    def _save(self, name: str, body: bytes) -> StoredBody:
        target = self.path(name)
        if not target.exists():
            _write_synced(target, zstandard.ZstdCompressor(level=_LEVEL).compress(body))
        return StoredBody(name, len(body), target.stat().st_size)

    def load(self, sha256: str) -> bytes:
        """The bytes; WarehouseDamaged when they are missing or not those the name promises."""
        path = self.path(sha256)
        try:
            # Not `decompress`: it allocates what the header promises, and a damaged one promises anything.
            stored = path.read_bytes()
            body = zstandard.ZstdDecompressor().decompressobj().decompress(stored)
            promised = zstandard.get_frame_parameters(stored).content_size
        except FileNotFoundError as error:
            raise WarehouseDamaged(f"{path} is missing: restore the bodies folder from a backup") from error
        except OSError as error:
            raise WarehouseDamaged(f"{path} cannot be read: {error.strerror or error}") from error
        except zstandard.ZstdError as error:
            raise WarehouseDamaged(f"{path} is damaged: restore it from a backup") from error
        if digest(body) != sha256 or len(body) != promised:
            raise WarehouseDamaged(f"{path} does not hold the bytes its name promises: restore it from a backup")
        return body


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

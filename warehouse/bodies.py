"""Bodies of pages and texts: files named by their content, zstd inside.

A body is written whole and synced before any row names it. A killed run leaves at most a body that
no row names yet; the next run that sees the same bytes finds it there.

What a page says in text is in its bytes already, so such a text is packed on the page's body. What pages have in
common (markup, phrases of licenses) is in the common base, and a page is packed on that where it saves space. So a
base lies alone or on the common base, and the common base lies alone, twice.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, repeat
from pathlib import Path
from types import MappingProxyType

from domain.errors import WarehouseDamaged
from warehouse.packing import (
    FEWEST_SAMPLES,
    MOST_SAMPLES,
    base_of,
    common_words,
    digest,
    packed,
    packed_on,
    packed_on_common,
    unpacked,
)

ENCODING = "zstd"
ENCODING_ON_BASE = "zstd-on-base"

_DIGEST = re.compile(r"[0-9a-f]{64}")
# Prose alone packs 3 or 4 to 1. A base that brings less than this (that of a PDF) costs more than it saves.
_LEAST_ON_BASE = 8
# What lies alone needs no other file: the common base must save an eighth of a body that is packed on it.
_WORTH_SHARING = 7 / 8
# The folder where the common base lies a second time.
_COMMON = "common"
_NO_BASES: Mapping[str, str] = MappingProxyType({})
# Waiting for the disk to sync is most of the work; threads wait side by side. They do not pack: each would keep the
# memory that it took.
_WRITERS = 8


@dataclass(frozen=True, slots=True)
class StoredBody:
    """One body as the warehouse lists it; sizes in bytes."""

    sha256: str
    bytes: int
    stored_bytes: int
    encoding: str = ENCODING


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
        some of them a stored body that holds most of their words. The common base, where there is one, is
        returned with those that may lie on it."""
        if not bodies:
            return ()
        common = self._common({name: body for name, body in bodies.items() if name not in bases})
        folders = {self.path(name).parent for name in bodies}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        given = (bodies.keys(), bodies.values(), map(bases.get, bodies), repeat(common))
        if len(bodies) == 1:
            saved = tuple(map(self._save, bodies.keys(), bodies.values(), map(self._file_of, *given)))
        else:
            with ThreadPoolExecutor(_WRITERS) as writers:
                saved = tuple(writers.map(self._save, bodies.keys(), bodies.values(), map(self._file_of, *given)))
        for folder in {self.folder, *folders}:
            _sync_folder(folder)
        return saved if common is None or common[0] in bodies else (*saved, self._save(*common, None))

    def _file_of(self, name: str, body: bytes, base: str | None, common: tuple[str, bytes] | None) -> bytes | None:
        """What the file of a body is to hold; None where it is there."""
        return None if self.path(name).exists() else self._packed_on(base, body) or _packed(body, common)

    def _save(self, name: str, body: bytes, file: bytes | None) -> StoredBody:
        target = self.path(name)
        if file is not None:
            _write_synced(target, file)
        lies_alone = _base_named_in(target) is None
        return StoredBody(name, len(body), target.stat().st_size, ENCODING if lies_alone else ENCODING_ON_BASE)

    def _packed_on(self, base: str | None, body: bytes) -> bytes | None:
        """The file of a body on its base; None where that cannot be read, lies on another body, or saves little."""
        if base is None:
            return None
        try:
            below = _base_named_in(self.path(base))
            if below is not None and not self._spare(below).is_file():
                return None
            found = packed_on(base, self._words(base), body)
        except (WarehouseDamaged, OSError):
            return None
        return None if len(found) * _LEAST_ON_BASE > len(body) else found

    def lies_on(self, sha256: str) -> str | None:
        """The digest of what a stored body is packed on; None where it lies alone or cannot be read."""
        try:
            return _base_named_in(self.path(sha256))
        except OSError:
            return None

    def load(self, sha256: str) -> bytes:
        """The bytes; WarehouseDamaged when they, or those they are packed on, are missing or not those the
        name promises."""
        return _checked(self.path(sha256), sha256, self._words)

    def _words(self, base: str) -> bytes:
        """The bytes of a base: of one that lies alone or on the common base, or of that."""
        common = self._spare(base).is_file()
        return self._common_words(base) if common else _checked(self.path(base), base, self._common_words)

    def _common_words(self, name: str) -> bytes:
        """The bytes of the common base, from either of its files."""
        path, spare = self.path(name), self._spare(name)
        if not spare.is_file():
            return _checked(path, name, None)
        try:
            return _kept(path, name, _version_of(path))
        except WarehouseDamaged:
            return _checked(spare, name, None)

    def _spare(self, name: str) -> Path:
        return self.folder / _COMMON / f"{name}.zst"

    def _common(self, pages: Mapping[str, bytes]) -> tuple[str, bytes] | None:
        """Name and bytes of the common base. It is made once, as soon as there are bodies enough to make it of;
        None before that, and where none of these bodies is new."""
        new = [body for name, body in pages.items() if not self.path(name).exists()]
        if not new:
            return None
        for spare in sorted((self.folder / _COMMON).glob("*.zst")):
            return spare.stem, self._common_words(spare.stem)
        words = common_words([*new, *self._some_alone(len(new))][:MOST_SAMPLES])
        if words is None:
            return None
        name = digest(words)
        # The spare last: what it names is there.
        for path in (self.path(name), self._spare(name)):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(path, packed(words))
            _sync_folder(path.parent)
        return name, words

    def _some_alone(self, besides: int) -> Iterator[bytes]:
        """Stored bodies that lie alone, where there are enough of them with those besides."""
        paths = list(islice(self.folder.glob("??/*.zst"), MOST_SAMPLES))
        if len(paths) + besides < FEWEST_SAMPLES:
            return
        for path in paths:
            stored = path.read_bytes()
            body = unpacked(stored, None) if base_of(stored) is None else None
            if body is not None:
                yield body


def _packed(body: bytes, common: tuple[str, bytes] | None) -> bytes:
    """The file of a body on the common base where that is worth it, else of one that lies alone."""
    alone = packed(body)
    if common is None:
        return alone
    shared = packed_on_common(*common, body)
    return shared if len(shared) <= len(alone) * _WORTH_SHARING else alone


def _base_named_in(path: Path) -> str | None:
    with path.open("rb") as file:
        return base_of(file.read(64))


def _checked(path: Path, sha256: str, words_of: Callable[[str], bytes] | None) -> bytes:
    """What a file holds, when it is what the name promises. `words_of` gives the bytes of a base, None where a
    file must lie alone: the frame of one that does not would be no frame of zstd."""
    stored = _read(path)
    base = None if words_of is None else base_of(stored)
    if base is not None and not _DIGEST.fullmatch(base):
        raise WarehouseDamaged(f"{path} is damaged: restore it from a backup")
    body = unpacked(stored, None if base is None or words_of is None else words_of(base))
    if body is None:
        raise WarehouseDamaged(f"{path} is damaged: restore it from a backup")
    if digest(body) != sha256:
        raise WarehouseDamaged(f"{path} does not hold the bytes its name promises: restore it from a backup")
    return body


@lru_cache(maxsize=2)
def _kept(path: Path, sha256: str, version: tuple[int, int]) -> bytes:
    """What a file that every page asks for holds, as long as the file stays the same."""
    return _checked(path, sha256, None)


def _version_of(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise WarehouseDamaged(f"{path} cannot be read: {error.strerror or error}") from error
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WarehouseDamaged(f"{path} is missing: restore the bodies folder from a backup") from error
    except OSError as error:
        raise WarehouseDamaged(f"{path} cannot be read: {error.strerror or error}") from error


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

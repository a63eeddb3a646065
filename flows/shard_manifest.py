"""What one shard of a run saw and read, as a file: written beside the warehouse, taken in by its one writer.

One JSON object a line. Bodies and texts lie in the warehouse's own folder of bodies, named by their
content, before a line names them; so a killed shard leaves whole lines, and at most a torn last one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from domain.history import Version
from domain.probing import Look, Snapshot
from warehouse.bodies import Bodies
from warehouse.codec import decode, encode
from warehouse.looks import LastSnapshot
from warehouse.packing import digest
from warehouse.versions import save_version_bodies, text_bytes


class ShardManifest:
    """One attempt at a shard, under way. Two attempts at the same shard never share a file."""

    def __init__(self, folder: Path, number: int, bodies: Bodies, last: Mapping[str, LastSnapshot]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{number:04d}-{uuid4().hex[:8]}.jsonl"
        self._bodies = bodies
        self._last = last

    def last_snapshots(self, urls: Sequence[str]) -> dict[str, LastSnapshot]:
        """The newest good snapshot of each URL, as the writer knew it when it planned the shard."""
        return {url: self._last[url] for url in urls if url in self._last}

    def save_looks(self, run_id: str, found: Sequence[Look]) -> None:
        """Keep looks: bodies first, then the lines that name them. The file's folder bears the run's id."""
        self._bodies.save({look.snapshot.sha256: look.snapshot.body for look in found if look.snapshot is not None})
        self._append(
            {"look": encode(replace(look, snapshot=None)), "snapshot": _plain(look.snapshot)} for look in found
        )

    def body(self, sha256: str) -> bytes:
        """The bytes of this digest. WarehouseDamaged when they are missing or wrong."""
        return self._bodies.load(sha256)

    def save_versions(self, versions: Sequence[Version]) -> None:
        """Keep what was read: texts first, then the lines that name them."""
        save_version_bodies(self._bodies, versions)
        self._append(map(_version_line, versions))

    def _append(self, lines: Iterable[Mapping[str, Any]]) -> None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


class ReadAhead:
    """The versions that shards read, to be looked up by watch and snapshot."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._lines: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, line: dict[str, Any]) -> None:
        """Take in the line of one version."""
        self._lines[line["version"]["watch_id"], line["version"]["sha256"]] = line

    def find(self, watch_id: str, snapshot: Snapshot) -> Version | None:
        """The version of just this snapshot. None where nobody read it, or where the same bytes were
        seen before: then the earlier snapshot counts, and it may have come with another media type."""
        line = self._lines.get((watch_id, snapshot.sha256))
        if line is None:
            return None
        text = self._bodies.load(line["text"]).decode()
        reading = {**line["version"]["reading"], "text": text}
        version: Version = decode(Version, {**line["version"], "reading": reading})
        same = (version.seen_at, version.origin) == (snapshot.seen_at, snapshot.origin)
        return version if same else None


def looks_in(folder: Path, number: int | None, bodies: Bodies) -> Iterator[Look]:
    """The looks of a shard (None: of all), of every attempt at it, with their bodies, file by file."""
    for line in _lines(folder, number):
        if "look" in line:
            seen = line["snapshot"]
            whole = None if seen is None else {**seen, "body": bodies.load(seen["sha256"])}
            look: Look = decode(Look, {**line["look"], "snapshot": whole})
            yield look


def urls_in(folder: Path, number: int) -> frozenset[str]:
    """The pages an earlier attempt at a shard looked at."""
    return frozenset(line["look"]["url"] for line in _lines(folder, number) if "look" in line)


def read_ahead(folder: Path, bodies: Bodies) -> ReadAhead:
    """Everything the shards of a run read."""
    ahead = ReadAhead(bodies)
    for line in _lines(folder, None):
        if "version" in line:
            ahead.add(line)
    return ahead


def _lines(folder: Path, number: int | None) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl" if number is None else f"{number:04d}-*.jsonl")):
        # What stands behind the last line break is what a killed attempt did not finish writing.
        *lines, _ = path.read_text(encoding="utf-8").split("\n")
        yield from map(json.loads, lines)


def _look_line(look: Look) -> dict[str, Any]:
    return {"look": encode(replace(look, snapshot=None)), "snapshot": _plain(look.snapshot)}


def _plain(snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    return {
        field.name: encode(getattr(snapshot, field.name), full=True)
        for field in fields(snapshot)
        if field.name != "body"
    }


def _version_line(version: Version) -> dict[str, Any]:
    plain = encode(version)
    del plain["reading"]["text"]
    return {"version": plain, "text": digest(text_bytes(version))}

"""Versions and findings."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial

import duckdb

from domain.history import Outline, Version, outline_of
from domain.identity import page_id
from domain.ordering import batches
from domain.reading import Finding, Reading
from domain.rights import ALL_SILENT
from domain.vocabulary import Determination, Origin
from warehouse.bodies import Bodies
from warehouse.codec import decode, encode, storable, to_json
from warehouse.connection import Row, fetch, numbered
from warehouse.contracts import ContractViolation, check_quotes, check_versions
from warehouse.looks import body_row
from warehouse.packing import digest

# In the place of the reading of a stored version until that is asked for.
_NOT_READ = Reading("", "", (), (), (), "", ALL_SILENT)


def text_bytes(version: Version) -> bytes:
    """The reading's text as it is stored; offsets of findings hold in it."""
    return storable(version.reading.text).encode()


def prepare_versions(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    versions: Sequence[Version],
    determinations: Mapping[str, Determination],
) -> tuple[list[Row], list[Row]]:
    """The rows of `versions` and `findings` that are not stored yet, checked.

    ContractViolation when a stored version id comes with another reading: then the reader changed
    without changing its name, and keeping either silently would falsify the history.
    """
    unique = {version.version_id: version for version in versions}
    rows = [_version_row(run_id, version, determinations.get(version.version_id)) for version in unique.values()]
    stored = {
        row["version_id"]: (row["text_sha256"], row["reading"])
        for row in fetch(
            con,
            "SELECT version_id, text_sha256, reading FROM versions"
            " WHERE version_id IN (SELECT unnest($ids::VARCHAR[]))",
            {"ids": [*unique]},
        )
    }
    fresh = [row for row in rows if row["version_id"] not in stored]
    for row in rows:
        known = stored.get(row["version_id"])
        if known is not None and known != (row["text_sha256"], row["reading"]):
            raise ContractViolation(
                "versions",
                f"{row['version_id']} of {row['watch_id']} is stored with another reading by {row['reader']}:"
                " a reader or policy that reads differently needs another reader name",
            )
    check_versions(fresh)
    for row in fresh:
        check_quotes(row["version_id"], unique[row["version_id"]].reading)
    findings = [
        finding for row in fresh for finding in _finding_rows(row["version_id"], unique[row["version_id"]].reading)
    ]
    return numbered(con, "versions", ("version_id",), fresh), findings


def save_version_bodies(bodies: Bodies, versions: Iterable[Version]) -> list[Row]:
    """Write the texts to disk, packed on the bytes they were read from; returns the rows of `bodies` for them."""
    texts: dict[str, bytes] = {}
    bases: dict[str, str] = {}
    for version in versions:
        text = text_bytes(version)
        name = digest(text)
        texts[name] = text
        bases[name] = version.sha256
    return [body_row(saved) for saved in bodies.save(texts, bases)]


def _version_row(run_id: str, version: Version, determination: Determination | None) -> Row:
    reading = version.reading
    return {
        "version_id": version.version_id,
        "run_id": run_id,
        "watch_id": version.watch_id,
        "source_id": version.source_id,
        "page_id": page_id(version.url),
        "url": version.url,
        "sha256": version.sha256,
        "seen_at": version.seen_at,
        "origin": version.origin.value,
        "reader": reading.reader,
        "text_sha256": digest(text_bytes(version)),
        "licenses": reading.licenses,
        "expression": reading.expression,
        "determination": None if determination is None else determination.value,
        "rights": to_json(reading.rights, full=True),
        "duties": reading.duties,
        "per_item": reading.per_item.value,
        "language": reading.language,
        "suspect": reading.suspect,
        "reading": _without_its_text(reading),
    }


def _without_its_text(reading: Reading) -> str:
    stored = encode(reading)
    del stored["text"]
    return to_json(stored)


def _finding_rows(version_id: str, reading: Reading) -> list[Row]:
    return [_finding_row(version_id, ordinal, finding) for ordinal, finding in enumerate(reading.findings)]


def _finding_row(version_id: str, ordinal: int, finding: Finding) -> Row:
    return {
        "version_id": version_id,
        "ordinal": ordinal,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "quote": finding.quote,
        "start_offset": finding.start,
        "end_offset": finding.end,
        "subject": finding.scope.subject.value,
        "scope_layers": finding.scope.layers,
        "scope_words": finding.scope.words,
        "license": finding.license,
        "rights": to_json(finding.rights),
        "duties": finding.duties,
        "note": finding.note,
    }


# One page after the other is asked for, each several times in a row.
@lru_cache(maxsize=64)
def _without_text(packed: bytes) -> Reading:
    reading: Reading = decode(Reading, {**json.loads(zlib.decompress(packed)), "text": ""})
    return reading


def _notes_in(reading: str) -> tuple[str, ...]:
    """The notes of a stored reading; few have any, and those that have none are not taken apart for it."""
    return tuple(json.loads(reading).get("notes", ())) if '"notes":' in reading else ()


def _bringing(version: Version, bodies: Bodies, reading: str, text_sha256: str, outline: Outline) -> Version:
    """A version that brings its reading, given as it is stored, and the text of that."""
    packed = zlib.compress(reading.encode(), 1)

    def bring() -> Reading:
        return _without_text(packed).with_text_from(partial(_text, bodies, text_sha256))

    return version.with_reading_from(bring, outline)


def _text(bodies: Bodies, text_sha256: str) -> str:
    return bodies.load(text_sha256).decode()


def at_rest(version: Version, bodies: Bodies) -> Version:
    """A stored version that brings its reading, and its text from where it is stored."""
    if not version.holds_reading:
        return version
    reading = version.reading
    return _bringing(version, bodies, _without_its_text(reading), digest(text_bytes(version)), outline_of(reading))


def _version(row: Row, bodies: Bodies) -> Version:
    version = Version(
        version_id=row["version_id"],
        watch_id=row["watch_id"],
        source_id=row["source_id"],
        url=row["url"],
        sha256=row["sha256"],
        seen_at=row["seen_at"],
        origin=Origin(row["origin"]),
        reading=_NOT_READ,
    )
    outline = Outline(row["reader"], _notes_in(row["reading"]), row["language"], row["suspect"])
    return _bringing(version, bodies, row["reading"], row["text_sha256"], outline)


def find_versions(con: duckdb.DuckDBPyConnection, bodies: Bodies, version_ids: Sequence[str]) -> dict[str, Version]:
    """Versions by id; unknown ids are left out. Their texts come when asked for: WarehouseDamaged then, when
    one is missing or damaged."""
    sql = "SELECT * FROM versions WHERE version_id IN (SELECT unnest($ids::VARCHAR[]))"
    return {
        row["version_id"]: _version(row, bodies)
        for some in batches(version_ids)
        for row in fetch(con, sql, {"ids": [*some]})
    }


def versions_of(con: duckdb.DuckDBPyConnection, bodies: Bodies, source_id: str) -> tuple[Version, ...]:
    """All versions of a source's watches, oldest first."""
    rows = fetch(con, "SELECT * FROM versions WHERE source_id = $id ORDER BY seen_at, seq", {"id": source_id})
    return tuple(_version(row, bodies) for row in rows)

"""Versions and findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import duckdb

from domain.history import Version
from domain.identity import page_id
from domain.reading import Finding, Reading
from domain.vocabulary import Determination, Origin
from warehouse.bodies import Bodies
from warehouse.codec import decode, encode, storable, to_json
from warehouse.connection import Row, fetch, numbered
from warehouse.contracts import ContractViolation, check_quotes, check_versions
from warehouse.looks import body_row
from warehouse.packing import digest


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
    stored = encode(reading)
    del stored["text"]
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
        "reading": to_json(stored),
    }


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


@lru_cache(maxsize=4096)
def _without_text(stored: str) -> Reading:
    """A stored reading: the steps of a run open the warehouse anew and find the same ones again."""
    reading: Reading = decode(Reading, {**json.loads(stored), "text": ""})
    return reading


def _text(bodies: Bodies, text_sha256: str) -> str:
    return bodies.load(text_sha256).decode()


def at_rest(version: Version, bodies: Bodies) -> Version:
    """A stored version that brings its text from where it is stored."""
    if not version.reading.holds_text:
        return version
    bring = partial(_text, bodies, digest(text_bytes(version)))
    return replace(version, reading=version.reading.with_text_from(bring))


def _version(row: Row, bodies: Bodies) -> Version:
    return Version(
        version_id=row["version_id"],
        watch_id=row["watch_id"],
        source_id=row["source_id"],
        url=row["url"],
        sha256=row["sha256"],
        seen_at=row["seen_at"],
        origin=Origin(row["origin"]),
        reading=_without_text(row["reading"]).with_text_from(partial(_text, bodies, row["text_sha256"])),
    )


def find_versions(con: duckdb.DuckDBPyConnection, bodies: Bodies, version_ids: Sequence[str]) -> dict[str, Version]:
    """Versions by id; unknown ids are left out. Their texts come when asked for: WarehouseDamaged then, when
    one is missing or damaged."""
    rows = fetch(
        con,
        "SELECT * FROM versions WHERE version_id IN (SELECT unnest($ids::VARCHAR[]))",
        {"ids": list(version_ids)},
    )
    return {row["version_id"]: _version(row, bodies) for row in rows}


def versions_of(con: duckdb.DuckDBPyConnection, bodies: Bodies, source_id: str) -> tuple[Version, ...]:
    """All versions of a source's watches, oldest first."""
    rows = fetch(con, "SELECT * FROM versions WHERE source_id = $id ORDER BY seen_at, seq", {"id": source_id})
    return tuple(_version(row, bodies) for row in rows)

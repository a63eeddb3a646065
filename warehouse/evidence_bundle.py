"""A decision with all it rests on, as files that can be checked anywhere: see `warehouse.evidence_check`."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from uuid import UUID

from domain.deciding import Decision
from domain.errors import InvalidInput
from domain.history import Version
from domain.probing import Snapshot
from domain.reading import Finding
from warehouse.codec import encode, storable
from warehouse.evidence_check import SUMS, digest, sums, zip_bytes
from warehouse.query import Reader

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# The body is kept decoded and whole, so these would be wrong in a recording of it.
_OF_THE_WIRE = ("content-encoding", "transfer-encoding", "content-length")

_MAIN = b"import sys\n\nsys.dont_write_bytecode = True\nimport verify\n\nsys.exit(verify.main(sys.argv[1:]))\n"
_README = """What Clearance decided about one source, and what that rests on.

decision.json   the decision as it counted at the time named in it
evidence.json   every quote with its place in its text, and every snapshot with its headers
bodies/         the bytes of the pages, decoded, named by their sha256
texts/          the texts read from them, in which the quotes stand
pages.warc      the same pages as a recording that web archives' tools read
chain.json      the decision as it is sealed in the warehouse's chain, and the links since
SHA256SUMS      the digest of every file; its own digest is the seal

Check all of it with python3 and nothing else: python3 verify.py, or python3 on the zip. With
--seal HEX it also checks that this is the bundle of which that seal was printed.
"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written: its files by name, its seal, and how many pages it proves."""

    files: Mapping[str, bytes]
    seal: str
    pages: int
    sealed: bool


def evidence_bundle(reader: Reader, source_id: str, at: datetime | None = None) -> Bundle:
    """The bundle of the decision that counts for a source at a time (None: now).

    InvalidInput for a source nobody decided, WarehouseDamaged where bytes are missing or wrong.
    """
    moment = datetime.now(UTC) if at is None else at
    decision = reader.decisions(moment).get(source_id)
    if decision is None:
        raise InvalidInput(f"nothing is decided about {source_id}: `clearance status` lists every source")
    proofs, snapshots, texts = _proofs(reader, decision)
    sealed = reader.sealed_decision(source_id, moment)
    links = [link for link in reader.links() if sealed is not None and link["seq"] >= sealed.link]
    chain = {
        "sealed": None if sealed is None else encode(sealed, full=True),
        "links": [
            {**link, "sealed_at": link["sealed_at"].isoformat(), "sealed": json.loads(link["sealed"])} for link in links
        ],
    }
    found: dict[str, bytes] = {
        "README.txt": _README.encode(),
        "__main__.py": _MAIN,
        "verify.py": (package_files("warehouse") / "evidence_check.py").read_bytes(),
        "decision.json": _json(
            {"source_id": source_id, "at": moment.isoformat(), "decision": encode(decision, full=True)}
        ),
        "evidence.json": _json({"proofs": proofs, "snapshots": [_told(snapshot) for snapshot in snapshots]}),
        "chain.json": _json(chain),
        "pages.warc": b"".join(map(_record, snapshots)),
        **{f"bodies/{snapshot.sha256}": snapshot.body for snapshot in snapshots},
        **{f"texts/{digest(text)}.txt": text for text in texts},
    }
    found[SUMS] = sums(found)
    return Bundle(found, digest(found[SUMS]), len({snapshot.url for snapshot in snapshots}), sealed is not None)


def write_bundle(bundle: Bundle, out: Path) -> None:
    """Write a folder, or a zip where the name ends in .zip; whole or not at all.

    InvalidInput when something is there already or it cannot be written.
    """
    if out.exists():
        raise InvalidInput(f"{out} exists already: name a new folder or file, evidence is not overwritten")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=out.parent))
        try:
            if out.suffix == ".zip":
                (partial / out.name).write_bytes(zip_bytes(dict(bundle.files)))
                os.replace(partial / out.name, out)
            else:
                folder = partial / "bundle"
                for name, data in bundle.files.items():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes(data)
                os.replace(folder, out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise InvalidInput(f"cannot write {out}: {error.strerror or error}") from error


def _proofs(reader: Reader, decision: Decision) -> tuple[list[dict[str, object]], list[Snapshot], set[bytes]]:
    versions = reader.versions_of(decision.source_id)
    proofs: list[dict[str, object]] = []
    snapshots: dict[tuple[str, str], Snapshot] = {}
    texts: set[bytes] = set()
    for item in decision.evidence:
        if item.sha256 is None:
            continue
        version, finding = _quoted(versions, item.watch_id, item.sha256, item.quote)
        key = (version.url, version.sha256)
        snapshot = snapshots.get(key) or reader.snapshot(*key)
        if snapshot is None:
            raise InvalidInput(f"no snapshot of {version.url} has the bytes of the evidence: run `clearance verify`")
        snapshots[key] = snapshot
        text = storable(version.reading.text).encode()
        texts.add(text)
        proofs.append(
            {
                "url": version.url,
                "sha256": item.sha256,
                "text_sha256": digest(text),
                "quote": item.quote,
                "start": finding.start,
                "end": finding.end,
                "rule": finding.rule,
                "license": finding.license,
                "reader": version.reading.reader,
                "seen_at": version.seen_at.isoformat(),
            }
        )
    return proofs, list(snapshots.values()), texts


def _quoted(versions: Sequence[Version], watch_id: str | None, name: str, quote: str) -> tuple[Version, Finding]:
    for version in reversed(versions):
        if version.sha256 == name and watch_id in (None, version.watch_id):
            for finding in version.reading.findings:
                if finding.quote == quote:
                    return version, finding
    raise InvalidInput(f"no version has the quote {quote[:60]!r} the decision rests on: run `clearance verify`")


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _told(snapshot: Snapshot) -> object:
    plain: dict[str, object] = encode(
        {name: getattr(snapshot, name) for name in snapshot.__slots__ if name != "body"}, full=True
    )
    return plain


def _record(snapshot: Snapshot) -> bytes:
    """One `response` record. Headers cannot smuggle in lines of their own."""
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_WIRE else name, value)
        for name, value in snapshot.headers.items()
    ]
    headers.append(("Content-Length", str(len(snapshot.body))))
    lines = "".join(f"{_line(name)}: {_line(value)}\r\n" for name, value in headers)
    block = f"HTTP/1.1 {snapshot.status} Recorded\r\n{lines}\r\n".encode("latin-1", "replace") + snapshot.body
    identity = UUID(bytes=sha256(f"{snapshot.url}\0{snapshot.sha256}".encode()).digest()[:16])
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:{identity}>\r\nWARC-Target-URI: {_line(snapshot.url)}\r\n"
        f"WARC-Date: {snapshot.seen_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nWARC-Block-Digest: sha256:{digest(block)}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()

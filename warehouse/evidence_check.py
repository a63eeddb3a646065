"""Checks a bundle of evidence. Needs Python 3.9 or newer and nothing else: no warehouse, no network.

python3 verify.py [FOLDER|FILE.zip] [--seal HEX], or python3 FILE.zip. Exit code 0: all of it is as it
was written. 1: something is not, told in a line each. The seal was printed when the bundle was made;
whoever kept it can tell that the bundle was not replaced as a whole.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
_DATE = 0x0021  # 1980-01-01, the first day a zip can name: the same content makes the same bytes
_MODE = 0o100644 << 16


def digest(data: bytes) -> str:
    """Hex sha256."""
    return hashlib.sha256(data).hexdigest()


def sums(files: dict[str, bytes]) -> bytes:
    """The list of all files with their digests, itself left out; a form `sha256sum -c` reads."""
    return "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files) if name != SUMS).encode()


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """A zip of the files, nothing compressed, that depends on nothing but names and content."""
    parts: list[bytes] = []
    entries: list[bytes] = []
    at = 0
    for name in sorted(files):
        data, label = files[name], name.encode("ascii")
        local = struct.pack(
            "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(label), 0
        )
        entries.append(
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\x01\x02",
                20 | 3 << 8,
                20,
                0,
                0,
                0,
                _DATE,
                zlib.crc32(data),
                len(data),
                len(data),
                len(label),
                0,
                0,
                0,
                0,
                _MODE,
                at,
            )
            + label
        )
        parts.append(local + label + data)
        at += len(parts[-1])
    directory = b"".join(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), at, 0)
    return b"".join(parts) + directory + end


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of such a zip. ValueError when a single byte of it is not as `zip_bytes` writes it."""
    files: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == b"PK\x03\x04" and at + 30 <= len(data):
        size, name_size = struct.unpack_from("<I4xH", data, at + 18)
        begin = at + 30 + name_size
        files[data[at + 30 : begin].decode("ascii", "replace")] = data[begin : begin + size]
        at = begin + size
    if not all(map(str.isascii, files)) or zip_bytes(files) != data:
        raise ValueError("the zip is not byte for byte the one its content makes")
    return files


def read(path: Path) -> dict[str, bytes]:
    """All files of a bundle by their names. ValueError and OSError where it is none."""
    if path.is_file():
        return unzipped(path.read_bytes())
    found = [file for file in sorted(path.rglob("*")) if not file.is_dir() and "__pycache__" not in file.parts]
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}


def problems(files: dict[str, bytes], seal: str | None = None) -> list[str]:
    """Whatever is not as it was written, a sentence each; nothing for a whole bundle."""
    found = _changed_files(files)
    if seal is not None and digest(files.get(SUMS, b"")) != seal.lower():
        found.append("the seal is not that of this bundle")
    if found:
        return found
    try:
        decision = json.loads(files["decision.json"])
        proofs = json.loads(files["evidence.json"])
        found += _bad_proofs(files, proofs)
        shown = {(proof["sha256"], proof["quote"]) for proof in proofs["proofs"]}
        for item in decision["decision"]["evidence"]:
            if item["sha256"] is not None and (item["sha256"], item["quote"]) not in shown:
                found.append(f"the decision rests on {item['url']}, of which the bundle has no proof")
        found += _bad_chain(json.loads(files["chain.json"]), decision)
        found += _bad_recording(files["pages.warc"], {proof["sha256"] for proof in proofs["proofs"]})
    except (KeyError, ValueError, TypeError, IndexError) as error:
        found.append(f"the bundle is not complete: {error!r}")
    return found


def _changed_files(files: dict[str, bytes]) -> list[str]:
    if SUMS not in files:
        return [f"{SUMS} is missing"]
    if files[SUMS] == sums(files):
        return []
    listed = dict(
        line.split("  ", 1)[::-1] for line in files[SUMS].decode("utf-8", "replace").splitlines() if "  " in line
    )
    changed = [
        f"{name} is not as it was written"
        for name in sorted(files)
        if name in listed and digest(files[name]) != listed[name]
    ]
    missing = [f"{name} is missing" for name in sorted(listed) if name not in files]
    strange = [f"{name} does not belong here" for name in sorted(files) if name not in listed and name != SUMS]
    return changed + missing + strange or [f"{SUMS} is not as it was written"]


def _bad_proofs(files: dict[str, bytes], evidence: Any) -> list[str]:
    found = []
    for proof in evidence["proofs"]:
        if digest(files[f"bodies/{proof['sha256']}"]) != proof["sha256"]:
            found.append(f"the bytes of {proof['url']} are not those of their digest")
        text = files[f"texts/{proof['text_sha256']}.txt"]
        if digest(text) != proof["text_sha256"]:
            found.append(f"the text of {proof['url']} is not that of its digest")
        start, end = proof["start"], proof["end"]
        # A license that stands only in a page's markup has no place in its text.
        if end > start and text.decode("utf-8")[start:end] != proof["quote"]:
            found.append(f"the quote from {proof['url']} does not stand in its text")
        if proof["sha256"] not in {snapshot["sha256"] for snapshot in evidence["snapshots"]}:
            found.append(f"no snapshot tells when {proof['url']} was seen")
    return found


def _bad_chain(chain: Any, decision: Any) -> list[str]:
    found = []
    previous = None
    for link in chain["links"]:
        plain = {name: value for name, value in link.items() if name != "link"}
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if digest(text.encode()) != link["link"] or previous not in (None, link["previous"]):
            found.append(f"link {link['seq']} of the chain does not hold")
        previous = link["link"]
    sealed = chain["sealed"]
    if sealed is None:
        return found
    if digest(sealed["row"].encode()) not in sealed["digests"]:
        found.append("the decision is not in the link that is said to seal it")
    digests = digest("".join(sealed["digests"]).encode())
    links = {link["seq"]: link for link in chain["links"]}
    if links[sealed["link"]]["sealed"]["decisions"]["sha256"] != digests:
        found.append("the link seals other decisions")
    row = json.loads(sealed["row"])
    if row["source_id"] != decision["source_id"] or json.loads(row["evidence"]) != decision["decision"]["evidence"]:
        found.append("the decision is not the one the chain seals")
    return found


def _bad_recording(warc: bytes, wanted: set[str]) -> list[str]:
    at, seen = 0, set()
    while at < len(warc):
        head, _, _ = warc[at:].partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        begin = at + len(head) + 4
        block = warc[begin : begin + int(fields[b"Content-Length"])]
        if b"sha256:" + digest(block).encode() != fields[b"WARC-Block-Digest"]:
            return ["a record of pages.warc is not as it was written"]
        seen.add(digest(block.partition(b"\r\n\r\n")[2]))
        at = begin + len(block) + 4
    return [f"pages.warc has no record of the bytes {name}" for name in sorted(wanted - seen)]


def main(arguments: list[str]) -> int:
    """Check the bundle named, or the one this file lies in."""
    seal = None
    if "--seal" in arguments:
        at = arguments.index("--seal")
        seal = arguments[at + 1] if at + 1 < len(arguments) else ""
        del arguments[at : at + 2]
    path = Path(arguments[0]) if arguments else Path(__file__).parent
    try:
        files = read(path)
    except (ValueError, OSError, struct.error) as error:
        print(f"NOT AS IT WAS WRITTEN: {error}")
        return 1
    found = problems(files, seal)
    for problem in found:
        print(f"NOT AS IT WAS WRITTEN: {problem}")
    if not found:
        print(f"whole: {len(files)} files, seal {digest(files[SUMS])}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))

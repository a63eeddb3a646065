"""`python -m bench.hostile [NAME]`: what pages built to stop a reader cost, one process an input.

Each input goes the whole way of a page that arrived: screening, then reading for a watch on one
dataset, then reading for a watch on the whole page. Printed are the processor seconds, the peak memory
of the process in MB, and what came of it. Exit 1 when one is over `MOST_SECONDS` or `MOST_MB`.
"""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

MOST_SECONDS = 5.0
MOST_MB = 400.0
ROOT = Path(__file__).parents[1]

HTML, TEXT, MARKDOWN, JSON, YAML = "text/html", "text/plain", "text/markdown", "application/json", "text/yaml"
PDF = "application/pdf"


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LICENSE", "CC BY 4.0\n" * 1_000_000)
    return buffer.getvalue()


def _attributes(form: bytes) -> bytes:
    return b"<a " + b" ".join(form % number for number in range(100_000)) + b">CC BY 4.0</a>"


def _rows(number: int) -> bytes:
    row = b"<tr><td>name</td><td rowspan=3 colspan=9><a href='https://creativecommons.org/licenses/by/4.0/'>CC BY</a>"
    return b"<table>" + (row + b"</td></tr>") * number + b"</table>"


def _pdf(painted: bytes) -> bytes:
    stream = zlib.compress(painted)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    out, table = b"%PDF-1.7\n", b"xref\n0 5\n0000000000 65535 f \n"
    for number, part in enumerate(parts, start=1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    return out + table + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def _laughs() -> bytes:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return ("---\n" + "\n".join(lines) + "\nlicense: cc-by-4.0\n---\ntext\n").encode()


INPUTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an empty file": (HTML, lambda: b""),
    "10 MB of noise": (HTML, lambda: random.Random(1).randbytes(10_000_000)),
    "10 MB of noise as text": (TEXT, lambda: random.Random(1).randbytes(10_000_000)),
    "100,000 nested div": (HTML, lambda: b"<div>" * 100_000 + b"CC BY 4.0"),
    "100,000 nested p": (HTML, lambda: b"<p>" * 100_000 + b"CC BY 4.0"),
    "100,000 nested li": (HTML, lambda: b"<ul><li>" * 50_000 + b"CC BY 4.0"),
    "100,000 nested td": (HTML, lambda: b"<table><tr><td>" * 33_333 + b"CC BY 4.0"),
    "100,000 unclosed b in p": (HTML, lambda: b"<p><b>" * 50_000 + b"CC BY 4.0"),
    "100,000 closing tags": (HTML, lambda: b"</div>" * 100_000 + b"CC BY 4.0"),
    "3,900 deep, 200 times": (HTML, lambda: (b"<div>" * 3_900 + b"</div>" * 3_900) * 30),
    "100,000 attributes": (HTML, lambda: _attributes(b'b%d="x"')),
    "100,000 bare attributes": (HTML, lambda: _attributes(b"b%d")),
    "a table of 20,000 rows": (HTML, lambda: _rows(20_000)),
    "a 5 MB line": (TEXT, lambda: b"licensed under the " * 263_000),
    "a 5 MB line in a tag": (HTML, lambda: b"<p>" + b"licensed under " * 333_000 + b"</p>"),
    "a 3.9 MB paragraph": (HTML, lambda: b"<p>" + b"a CC BY data " * 300_000 + b"</p>"),
    "0.99 MB without a stop": (TEXT, lambda: b"you may not use it unless permitted and " * 24_750),
    "0.99 MB of stops": (TEXT, lambda: b"You may. " * 110_000),
    "19,000 license names": (TEXT, lambda: b"CC BY 4.0 or MIT. " * 9_500),
    "invalid UTF-8": (HTML, lambda: b"<p>\xff\xfe\xfa CC BY \xc3\x28" * 50_000),
    "UTF-16": (TEXT, lambda: ("The data is licensed under CC BY 4.0. " * 20_000).encode("utf-16")),
    "UTF-16 below the cap": (TEXT, lambda: ("The data is licensed under CC BY 4.0. " * 15_700).encode("utf-16")),
    "7,900 mentions and 240 kB more": (
        TEXT,
        lambda: b"The data is licensed under CC BY 4.0. " * 7_900 + b"You may not use it. " * 14_000,
    ),
    "a table of 3,900 rows": (HTML, lambda: _rows(3_900)),
    "3,900 rows that name the dataset": (HTML, lambda: _rows(3_900).replace(b"name", b"Tiny Tunes")),
    "7,900 items that name the dataset": (
        HTML,
        lambda: b"<ul>" + b"<li>Tiny Tunes: <a href='https://opensource.org/licenses/MIT'>this</a>" * 7_900 + b"</ul>",
    ),
    "12,000 sentences that name the dataset": (TEXT, lambda: b"Tiny Tunes may be used by you for research. " * 12_000),
    "59,000 headings": (MARKDOWN, lambda: b"# License\n" * 59_000),
    "15,800 headings that name the dataset or its license": (
        HTML,
        lambda: b"<h1>Tiny Tunes</h1><h2>License</h2><p>CC BY</p>" * 7_900,
    ),
    "a zip": ("application/zip", _zip),
    "a zip as HTML": (HTML, _zip),
    "a PDF that unpacks to 100 MB": (PDF, lambda: _pdf(b" " * 100_000_000)),
    "a PDF of one endless line": (PDF, lambda: _pdf(b"BT (" + b"CC BY " * 1_300_000 + b") Tj ET")),
    "a PDF of 29,000 short lines": (PDF, lambda: _pdf(b"BT " + b"(CC BY 4) Tj 0 -1 Td " * 29_000 + b"ET")),
    "a PDF of 10 MB of noise": (PDF, lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(10_000_000)),
    "a PDF of 500,000 tables": (PDF, lambda: b"%PDF-1.7\n" + b"startxref\n9\n" * 500_000),
    "a PDF as HTML": (HTML, lambda: b"%PDF-1.7\n" + b"1 0 obj << /Length 9 >> stream\n" * 100_000),
    "an image as HTML": (HTML, lambda: b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 1_000_000),
    "entities": (HTML, lambda: b"<p>" + b"&amp;&#x41;&CounterClockwiseContourIntegral;" * 80_000),
    "entities in a DTD": (
        HTML,
        lambda: b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "' + b"lol" * 9_999 + b'">]><html>' + b"&a;" * 99_999,
    ),
    "100,000 open comments": (HTML, lambda: b"<!--" * 100_000),
    "100,000 open CDATA": (HTML, lambda: b"<![CDATA[" * 100_000),
    "an unknown charset": (HTML, lambda: b"<meta charset=x-none>" + b"<p>CC BY 4.0</p>" * 1_000),
    "a charset that decompresses": (HTML, lambda: b"<meta charset=zlib_codec>" + b"<p>CC BY 4.0</p>" * 1_000),
    "JSON 100,000 deep": (JSON, lambda: b"[" * 100_000 + b"]" * 100_000),
    "JSON 100,000 objects deep": (JSON, lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "JSON-LD 100,000 deep in a page": (
        HTML,
        lambda: b"<script type=application/ld+json>" + b"[" * 100_000 + b"]" * 100_000 + b"</script><p>CC BY</p>",
    ),
    "a number of 1,000,000 digits": (JSON, lambda: b'{"license": ' + b"9" * 1_000_000 + b"}"),
    "YAML aliases in front matter": (MARKDOWN, _laughs),
    "YAML 100,000 deep": (YAML, lambda: b"license: " + b"[" * 100_000),
    "100,000 open brackets": (MARKDOWN, lambda: b"[" * 100_000 + b"CC BY 4.0"),
    "100,000 backticks": (MARKDOWN, lambda: b"`a " * 100_000),
    "200,000 table cells": (MARKDOWN, lambda: b"|a" * 200_000),
    "50,000 quote marks": (MARKDOWN, lambda: b">" * 50_000 + b"CC BY 4.0"),
    "100,000 headings": (MARKDOWN, lambda: b"# License\n" * 99_000),
}


def read_one(name: str) -> None:
    """Screen and read one input; prints seconds, MB and what came of it. Run in a process of its own."""
    from datetime import UTC, datetime

    from catalog.policy import load_policy
    from domain.catalog import Watch
    from domain.vocabulary import Origin, SpeaksFor, WatchRole
    from probes.screening import screen
    from probes.snapshots import snapshot_of
    from terms.reader import Reader

    media_type, make = INPUTS[name]
    reader = Reader(load_policy(ROOT / "policy").families)
    watch = Watch(
        url="https://example.org/data", role=WatchRole.LICENSE, speaks_for=SpeaksFor.PUBLISHER, about="Tiny Tunes"
    )
    body = make()
    began = time.process_time()
    snapshot = snapshot_of(
        url=watch.url,
        final_url=watch.url,
        seen_at=datetime.now(UTC),
        status=200,
        headers={"content-type": media_type},
        body=body,
        origin=Origin.DIRECT,
        method="http-get",
        redirects=(),
    )
    screened = screen(snapshot, None)
    reader.read_bytes(body, snapshot.media_type, snapshot.charset, watch.url, watch)
    reading = reader.read_bytes(body, snapshot.media_type, snapshot.charset, watch.url)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    came = (
        f"screened as {screened!r}" if screened else reading.suspect or f"read: {', '.join(reading.licenses) or 'none'}"
    )
    print(f"{seconds:.2f}\t{peak:.0f}\t{came}")


def main() -> int:
    """Measure every input and print a Markdown table."""
    if len(sys.argv) == 2:
        read_one(sys.argv[1])
        return 0
    print("| input | seconds | peak MB | what came of it |\n|---|---|---|---|")
    worst = 0
    for name in INPUTS:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bench.hostile", name], capture_output=True, text=True, timeout=60, cwd=ROOT
            )
            seconds, peak, came = done.stdout.strip().split("\t")
        except subprocess.TimeoutExpired:
            seconds, peak, came = "60", "0", "not done within 60 s"
        except ValueError:
            seconds, peak, came = "0", "9999", f"died: {done.stderr.strip().splitlines()[-1][:100]}"
        bad = float(seconds) > MOST_SECONDS or float(peak) > MOST_MB
        worst |= bad
        print(f"| {name} | {seconds} | {peak} | {came}{' **over**' if bad else ''} |", flush=True)
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())

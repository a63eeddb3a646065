"""`python -m bench.fuzz --minutes N [--seed S]`: strangers' bytes through everything that parses them, for long.

The tests run the same targets for a moment, always with the same examples; metadata interfaces have properties of
their own there. A target fails by raising what it does
not promise, or by breaking what it promises. Exit 1, with the smallest example, when one does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from catalog import load_catalog, load_policy
from domain.errors import ClearanceError, InvalidInput
from domain.reading import Reading
from domain.vocabulary import ChangeClass, Origin
from probes.recording import Recording
from probes.screening import screen
from probes.snapshots import snapshot_of
from terms.compare import compare
from terms.reader import Reader

ROOT = Path(__file__).resolve().parents[1]
_ROUND = 200
_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_MEDIA = ("text/html", "text/markdown", "text/plain", "text/x-rst", "application/json", "text/yaml", "image/png", "")

_WORDS = st.sampled_from(
    [
        "The data is licensed under",
        "CC BY 4.0",
        "CC BY-NC 4.0",
        "CC0",
        "MIT",
        "not",
        "except",
        "unless",
        "you may not",
        "commercial use",
        ".",
        ";",
        "#",
        "\n",
        "\n\n",
        "- ",
        "* ",
        "> ",
        "`",
        "``",
        "[",
        "](",
        ")",
        "<p>",
        "</p>",
        "<h2>",
        "<table><tr><td>",
        "</table>",
        "<script>",
        "<!--",
        "-->",
        "<a href='",
        "'>",
        "&amp;",
        "&#0;",
        "\x00",
        "�",
        "---\n",
        "license: ",
        "{",
        "}",
        '"',
        ":",
        ",",
        "=====",
        ".. ",
        "<a rel=license href=https://creativecommons.org/licenses/by/4.0/>",
        "\ufeff",
        "\u202e",
        "<link rel=license href=",
        "<meta charset=",
        "audio",
        "annotations",
        "Copyright",
        "SPDX-License-Identifier: ",
        "https://opensource.org/",
    ]
)
PAGES = st.one_of(
    st.lists(_WORDS, max_size=60).map("".join).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(_WORDS, max_size=60).map(" ".join).map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.text(max_size=300).map(str.encode),
    st.binary(max_size=300),
)
MEDIA = st.sampled_from(_MEDIA)
CHARSETS = st.sampled_from((None, "utf-8", "latin-1", "utf-16", "x-none", "zlib_codec", "cp037"))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)
_KEYS = st.sampled_from(
    [
        "provider",
        "datasets",
        "id",
        "name",
        "sources",
        "layer",
        "watches",
        "url",
        "role",
        "speaks_for",
        "select",
        "anchor",
        "heading",
    ]
)
CATALOGS = st.one_of(
    st.recursive(
        st.one_of(VALUES, st.sampled_from(("license", "publisher", "metadata", "http://127.0.0.1:8000/p/1"))),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=5)),
        max_leaves=15,
    ).map(lambda value: json.dumps(value).encode()),
    st.text(alphabet="abcid:&*!?|>-[]{}#'\"\n %@`,0", max_size=120).map(str.encode),
    st.binary(max_size=80),
)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>CC0</p>"
_RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    % (len(_ANSWER), _ANSWER)
)
RECORDINGS = st.one_of(
    st.binary(max_size=200),
    # A good record with one stretch of bytes replaced.
    st.tuples(st.integers(0, len(_RECORD)), st.integers(0, 40), st.binary(max_size=40)).map(
        lambda cut: _RECORD[: cut[0]] + cut[2] + _RECORD[cut[0] + cut[1] :]
    ),
)


@cache
def _reader() -> Reader:
    return Reader(load_policy(ROOT / "policy").families)


def read_pages(body: bytes, other: bytes, media: str, charset: str | None) -> None:
    """Extract, identify, interpret, compare: quotes are the text at their offsets, and nothing changes by itself."""
    one, two = (_reader().read_bytes(part, media, charset, "https://example.org/data") for part in (body, other))
    for reading in (one, two):
        _quotes_hold(reading)
        assert compare(reading, reading).kind in (ChangeClass.NONE, ChangeClass.COSMETIC), reading
    compare(one, two)


def _quotes_hold(reading: Reading) -> None:
    for finding in reading.findings:
        assert finding.start == finding.end or reading.text[finding.start : finding.end] == finding.quote, finding


def screen_pages(body: bytes, media: str, charset: str | None) -> None:
    """A look at any bytes is screened without an error."""
    given_type = f"{media}; charset={charset}" if charset else media
    snapshot = snapshot_of(
        url="https://example.org/data",
        final_url="https://example.org/data",
        seen_at=_NOW,
        status=200,
        headers={"content-type": given_type},
        body=body,
        origin=Origin.DIRECT,
        method="http-get",
        redirects=(),
    )
    screen(snapshot, 4000, lambda: b"<html></html>")


def load_catalogs(content: bytes) -> None:
    """A catalog file loads, or all its mistakes are told as invalid input."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        (Path(folder) / "example.yaml").write_bytes(content)
        try:
            load_catalog(Path(folder))
        except InvalidInput:
            return


def open_recordings(content: bytes) -> None:
    """A recording opens and gives its looks, or is refused as invalid input."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "any.warc"
        path.write_bytes(content)
        try:
            recording = Recording.open([path])
        except ClearanceError:
            return
        try:
            list(recording.looks())
        finally:
            recording.close()


TARGETS: dict[str, tuple[Callable[..., None], tuple[st.SearchStrategy[Any], ...]]] = {
    "pages": (read_pages, (PAGES, PAGES, MEDIA, CHARSETS)),
    "screening": (screen_pages, (PAGES, MEDIA, CHARSETS)),
    "catalogs": (load_catalogs, (CATALOGS,)),
    "recordings": (open_recordings, (RECORDINGS,)),
}


def run(name: str, examples: int, start: int | None = None) -> None:
    """So many examples of a target: always the same ones, or (`start`) those that follow from a seed."""
    target, strategies = TARGETS[name]
    asked = given(*strategies)(target)
    checks = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=start is None,
        suppress_health_check=list(HealthCheck),
    )
    (checks(asked) if start is None else seed(start)(checks(asked)))()


def main() -> int:
    """Round after round with a new seed each, until the time is over."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    chosen = parser.parse_args()
    until, number = time.monotonic() + 60 * chosen.minutes, chosen.seed
    while time.monotonic() < until:
        for name in TARGETS:
            run(name, _ROUND, number)
        number += 1
    print(f"{number - chosen.seed} rounds of {_ROUND} examples of {', '.join(TARGETS)}: nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())

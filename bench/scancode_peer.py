"""ScanCode on a fixed sample of our texts, next to ourselves: texts a second, and agreement with the answers.

ScanCode runs in its own interpreter, because its pins may contradict ours; nothing of ours is imported there.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from terms.reader import Reader

SAMPLE = 100
SEED = 20261124
_MEDIA = {"card": "text/markdown", "terms": "text/markdown"}
_WORD = re.compile(r"[A-Za-z0-9.+-]+")
_OPERATORS = frozenset({"AND", "OR", "WITH"})

# Runs in the interpreter of the peer: a JSON text a line in, a JSON array of ids a line out, then the seconds.
_THERE = """
import json, sys, tempfile, time, os
from scancode.api import get_licenses
folder = tempfile.mkdtemp()
path = os.path.join(folder, "text.txt")
def ids(text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    found = get_licenses(path, include_text=False)
    return [found.get("detected_license_expression_spdx") or ""]
ids("The data is licensed under CC BY 4.0.")
out, began = [], time.process_time()
for line in sys.stdin:
    out.append(ids(json.loads(line)))
seconds = time.process_time() - began
for answer in out:
    print(json.dumps(answer))
print(json.dumps(seconds))
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """How one tool did: texts per CPU second without its start, and its ids against the answers'."""

    name: str
    texts_a_second: float
    exact: int
    f1: float
    of: int

    def line(self) -> str:
        """One line for people."""
        return (
            f"{self.name:9} {self.texts_a_second:8.1f} texts per CPU second; "
            f"SPDX ids as in the answers: {self.exact} of {self.of} texts, F1 {self.f1:.3f}"
        )


def sample_of(cases: Path) -> list[dict[str, object]]:
    """The same hundred cases every time, of those whose ids are judged."""
    rows = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    judged = [row for row in rows if row["spdx_scored"]]
    return random.Random(SEED).sample(judged, min(SAMPLE, len(judged)))


def peer_lines(cases: Path, reader: Reader, python: Path) -> list[str]:
    """A line for us and one for ScanCode; one that says why where it does not run."""
    rows = sample_of(cases)
    texts = [str(row["text"]) for row in rows]
    kinds = ["text/html" if row["html"] else _MEDIA.get(str(row["kind"]), "text/plain") for row in rows]
    began = time.process_time()
    ours = [reader.read_text(text, kind).licenses for text, kind in zip(texts, kinds, strict=True)]
    seconds = time.process_time() - began
    lines = [f"the same {len(rows)} texts:", _judged("clearance", rows, ours, seconds).line()]
    try:
        done = subprocess.run(
            [str(python), "-c", _THERE],
            input="".join(json.dumps(text) + "\n" for text in texts),
            capture_output=True,
            text=True,
            check=False,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
    except OSError as error:
        return [*lines, f"scancode: {python} cannot be started: {error.strerror}"]
    if done.returncode != 0:
        return [*lines, f"scancode: {(done.stderr.strip().splitlines() or ['died'])[-1][:200]}"]
    *answers, needed = [json.loads(line) for line in done.stdout.splitlines()[-len(rows) - 1 :]]
    return [*lines, _judged("scancode", rows, answers, needed).line()]


def _judged(name: str, rows: Sequence[dict[str, object]], found: Sequence[Iterable[str]], seconds: float) -> Tool:
    right = wrong = missed = exact = 0
    for row, expressions in zip(rows, found, strict=True):
        wanted, beside = _ids(row["expected_spdx"]), _ids(row["other_spdx"])
        got = _ids(expressions) - (beside - wanted)
        right += len(got & wanted)
        wrong += len(got - wanted)
        missed += len(wanted - got)
        exact += got == wanted
    f1 = 2 * right / max(1, 2 * right + wrong + missed)
    return Tool(name, len(rows) / max(seconds, 1e-9), exact, f1, len(rows))


def _ids(expressions: object) -> set[str]:
    """The listed ids in some expressions; `LicenseRef-` names differ from tool to tool and are left out."""
    words = {word for said in expressions for word in _WORD.findall(said)}  # type: ignore[attr-defined]
    return {word for word in words if word not in _OPERATORS and not word.startswith(("LicenseRef-", "DocumentRef-"))}

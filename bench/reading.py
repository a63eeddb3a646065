"""How fast texts are read on one core, and how ScanCode does on a fixed sample of the same texts.

    python -m bench.reading [--cases ../shared/eval/licenses-dev.jsonl] [--pages N] [--scancode PYTHON]

Without `--cases` the texts are made from the standard license texts and cards of the usual shape. Times
are CPU seconds of this process, so that other work on the machine counts less. Peak memory is that of
the whole run.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.scancode_peer import peer_lines
from catalog.policy import load_policy
from clearance.read_command import COLLECT_AFTER
from terms import clauses, spdx
from terms.reader import Reader

ROOT = Path(__file__).parents[1]
SEED = 20261124
PAGE_BYTES = 60_000
MEDIA = {"card": "text/markdown", "terms": "text/markdown"}


def texts_of(cases: Path) -> list[tuple[str, str]]:
    """(text, media type) of every case of an evaluation file."""
    rows = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    return [(row["text"], "text/html" if row["html"] else MEDIA.get(row["kind"], "text/plain")) for row in rows]


def made_texts(count: int) -> list[tuple[str, str]]:
    """Cards with a license field and section, every tenth text a whole standard license."""
    chooser = random.Random(SEED)
    ids = sorted(spdx.texts())
    prose = "The corpus holds forty hours of field recordings with annotations by five listeners. "
    made = []
    for number in range(count):
        license_id = chooser.choice(("CC-BY-4.0", "CC-BY-NC-4.0", "MIT", "Apache-2.0", "ODbL-1.0"))
        if number % 10 == 0:
            made.append((spdx.text_of(chooser.choice(ids)), "text/plain"))
            continue
        sections = "".join(f"## Section {part}\n\n{prose * 6}\n\n- item\n- item\n\n" for part in range(10))
        card = f"---\nlicense: {license_id.lower()}\n---\n# Card {number}\n\n{sections}## License\n\n{license_id}\n"
        made.append((card, "text/markdown"))
    return made


def made_page(number: int) -> str:
    """An HTML page of about 60 kB as sites serve them: a menu, a long main text, a table, a footer, and
    about as much markup as text."""
    links = "".join(
        f'<li class="nav-item list-inline-item"><a class="nav-link px-3 text-muted" href="/p/{n}">Page {n}</a></li>'
        for n in range(90)
    )
    words = (
        "The corpus holds forty hours of field recordings from two valleys, and five listeners annotated each of them. "
    )
    note = '<em class="note">See below.</em>'
    prose = f'<div class="row mb-4"><p class="text-base leading-7 mb-4">{words * 4}{note}</p></div>'
    rows = "".join(
        f'<tr class="odd"><td class="name">Set {n}</td><td>{n} h</td>'
        '<td><a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a></td></tr>'
        for n in range(25)
    )
    head = f"<html><head><title>{number}</title></head><body><nav><ul>{links}</ul></nav><main><h1>Data {number}</h1>"
    table = f"<h2>License</h2><table><tr><th>Set</th><th>Size</th><th>License</th></tr>{rows}</table></main>"
    foot = f"<footer><ul>{links}</ul></footer></body></html>"
    fill = (PAGE_BYTES - len(head) - len(table) - len(foot)) // len(prose)
    return head + prose * fill + table + foot


def measured(read: Callable[[str, str], object], texts: Sequence[tuple[str, str]]) -> float:
    """CPU seconds for all texts."""
    start = time.process_time()
    for text, media_type in texts:
        read(text, media_type)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, help="an evaluation file, one JSON case a line")
    parser.add_argument("--pages", type=int, default=60, help="how many HTML pages of 60 kB")
    parser.add_argument(
        "--scancode", type=Path, metavar="PYTHON", help="with --cases: a Python that has scancode-toolkit, to compare"
    )
    arguments = parser.parse_args()
    cases = arguments.cases if arguments.cases is not None and arguments.cases.exists() else None
    if arguments.cases is not None and cases is None:
        print(f"{arguments.cases} is not there: made texts instead, nothing to compare")
    texts = texts_of(cases) if cases is not None else made_texts(400)
    pages = [(made_page(number), "text/html") for number in range(arguments.pages)]

    gc.set_threshold(COLLECT_AFTER)
    start = time.process_time()
    reader = Reader(load_policy(ROOT / "policy").families)
    reader.read_text("The data is licensed under CC BY 4.0.", "text/plain")
    warm = time.process_time() - start
    reader.read_text(spdx.text_of("MIT"), "text/plain")
    prepared = time.process_time() - start - warm

    start = time.process_time()
    for rule in clauses.rules():
        rule.match("")
        if rule.unless is not None:
            rule.unless.search("")
    compiled = time.process_time() - start

    seconds = measured(reader.read_text, texts)
    print(
        f"first reading {warm:6.2f} s CPU, first license text {prepared:6.2f} s CPU more, "
        f"all rules made ready {compiled:6.2f} s CPU more"
    )
    print(f"texts {len(texts):6d}: {len(texts) / seconds:8.1f} texts per CPU second")
    seconds = measured(reader.read_text, pages)
    size = sum(len(page) for page, _ in pages) // len(pages)
    print(f"pages {len(pages):6d} of {size:,} bytes: {len(pages) / seconds:8.1f} pages per CPU second")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if arguments.scancode is not None and cases is not None:
        print(*peer_lines(cases, reader, arguments.scancode), sep="\n")


if __name__ == "__main__":
    main()

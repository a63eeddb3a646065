"""`python -m bench.speed.licenses`: the licenses of what we install, as our own reader reads their texts.

Every distribution of the environment is read: the license files it ships, else the license its metadata declares.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import PurePosixPath

from bench.speed.results import table
from bench.speed.web import ROOT
from catalog.policy import load_policy
from terms.reader import Reader

_FILES = ("license", "licence", "copying", "notice", "unlicense")
_LONGEST = 200_000


def license_lines() -> list[str]:
    """A table of all distributions: what they declare, and what we conclude from their texts."""
    reader = Reader(load_policy(ROOT / "policy").families)
    rows = []
    unread = 0
    for found in sorted(distributions(), key=lambda one: one.metadata["Name"].lower()):
        texts = list(_texts(found))
        concluded = sorted({license for text in texts for license in reader.read_text(text, "text/plain").licenses})
        unread += not concluded
        declared = _declared(found)
        shown = ", ".join(concluded) or ("no text shipped" if not texts else "none recognized")
        rows.append((found.metadata["Name"], found.version, declared.replace("|", "/"), str(len(texts)), shown))
    return [
        f"{len(rows)} distributions; of {len(rows) - unread} our reader recognizes the license by the texts they ship.",
        "",
        *table(("distribution", "version", "declared", "texts", "read in the texts"), rows),
    ]


def _texts(found: Distribution) -> Iterable[str]:
    for path in found.files or ():
        name = PurePosixPath(str(path))
        if ".dist-info" in str(path) and name.name.lower().startswith(_FILES):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            yield text[:_LONGEST]


def _declared(found: Distribution) -> str:
    about = found.metadata
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classes = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    if classes:
        return ", ".join(classes)
    # Some put the whole text there.
    return str(about.get("License") or "nothing").strip().splitlines()[0][:60]


if __name__ == "__main__":
    print("\n".join(license_lines()))

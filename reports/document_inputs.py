"""What the assessment is made of, as a digest: the same digest, the same document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from domain.catalog import Catalog
from domain.deciding import Decision
from domain.policy import Policy
from reports.document_days import day_of, is_later

# When evidence was last looked at, and how long it is good, is not in the document (`assessment` says so); that it
# was never looked at is.
_OF_FRESHNESS = frozenset({"verified_at", "valid_until", "looks"})
_SHOWN = tuple(field.name for field in fields(Decision) if field.name not in _OF_FRESHNESS)
_CODE = ("reports", "domain", "catalog")


def inputs_digest(
    *, catalog: Catalog, policy: Policy, decisions: Sequence[Decision], at: datetime | None, **others: object
) -> str:
    """Hex sha256 of all that `assessment_parts` is given under the same names, and of the code that makes the
    document of it. Of `at` only counts whether something was recorded later."""
    found = sha256(code_digest().encode())
    for part in (
        # Each stands for all that was read from its files.
        catalog.sha256,
        policy.sha256,
        *((decision.verified_at is None, *(getattr(decision, name) for name in _SHOWN)) for decision in decisions),
        None if at is None or not _anything_later(catalog, decisions, at) else day_of(at),
        *sorted(others.items()),
    ):
        found.update(repr(part).encode("utf-8", "surrogatepass"))
        found.update(b"\x00")
    return found.hexdigest()


def _anything_later(catalog: Catalog, decisions: Iterable[Decision], at: datetime) -> bool:
    day = day_of(at).isoformat()
    return any(note.when[:10] > day for _, _, source in catalog.sources for note in source.drift) or any(
        is_later(item.at, at) for decision in decisions for item in decision.evidence
    )


@cache
def code_digest() -> str:
    """Hex sha256 of the code and the templates that make the document."""
    found = sha256()
    for package in _CODE:
        for path, content in _files_below(files(package), package):
            found.update(f"{path}\x00{len(content)}\x00".encode())
            found.update(content)
    return found.hexdigest()


def _files_below(folder: Traversable, name: str) -> Iterable[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files_below(entry, f"{name}/{entry.name}")
        elif entry.name.endswith((".py", ".j2")):
            yield f"{name}/{entry.name}", entry.read_bytes()

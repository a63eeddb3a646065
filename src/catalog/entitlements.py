"""Entitlements: licenses the house bought or negotiated, one file an agreement, beside the catalog."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from catalog.build import INVALID, Builder, Place
from catalog.checks import ID, check_right
from catalog.nodes import ListNode, parse, read_bytes
from catalog.problems import Problems
from domain.deciding import Entitlement
from domain.rights import Right
from domain.vocabulary import Basis, RightValue

FOLDER = "entitlements"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def load_entitlements(catalog_folder: Path, today: date | None = None) -> tuple[Entitlement, ...]:
    """Every agreement under `entitlements/` of a catalog folder, by file name; none when the folder is
    missing.

    A file holds one agreement or a list of them. Raises one `InvalidInput` that lists all mistakes, each with file
    and line. `today` (UTC, default now) is the last day on which one can have been approved.
    """
    last_day = today or datetime.now(UTC).date()
    problems = Problems()
    found: list[Entitlement] = []

    def check(entitlement: Entitlement, place: Place) -> None:
        _check(entitlement, place, last_day)

    for path in sorted((catalog_folder / FOLDER).glob("*.yaml")):
        data = read_bytes(path, problems)
        node = None if data is None else parse(path, data, problems)
        if node is None:
            continue
        builder = Builder(path, problems, {Entitlement: check, Right: check_right}, Basis.STATED)
        items = node.items if isinstance(node, ListNode) else (node,)
        found += [built for item in items if (built := builder.build(Entitlement, item)) is not INVALID]
    problems.raise_if_any()
    return tuple(found)


def _check(entitlement: Entitlement, place: Place, last_day: date) -> None:
    if not ID.fullmatch(entitlement.source_id.partition(":")[0]):
        place.wrong(f"source_id '{entitlement.source_id}' is no source id. Copy it from the catalog", "source_id")
    if entitlement.approved_on > last_day:
        place.wrong(f"approved_on {entitlement.approved_on} lies ahead. Write the day (UTC) of the word", "approved_on")
    if entitlement.expires <= entitlement.signed_on:
        place.wrong(f"expires {entitlement.expires} is not after signed_on. Write a later day", "expires")
    if not entitlement.rights.speaks:
        place.wrong(
            "rights name no action. Write what the agreement grants, such as `train_model: permitted`", "rights"
        )
    if any(right.value is RightValue.CONTRADICTORY for _, right in entitlement.rights):
        place.wrong("an agreement that contradicts itself grants nothing. Write the narrower value", "rights")
    if entitlement.document_sha256 is not None and not _SHA256.fullmatch(entitlement.document_sha256):
        place.wrong("document_sha256 is no SHA-256. Write its 64 hex digits", "document_sha256")

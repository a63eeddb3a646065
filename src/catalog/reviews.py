"""Reviews: a person's judgments, one file a review, beside the catalog they speak of."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from catalog.build import INVALID, Builder, Place
from catalog.checks import ID
from catalog.new_file import free_path, put
from catalog.nodes import ListNode, parse, read_bytes
from catalog.problems import Problems
from domain.deciding import Review, quote_digest
from domain.errors import InvalidInput
from domain.vocabulary import Basis

FOLDER = "reviews"
_GATE = re.compile(r"[a-z][a-z0-9_]*")


def load_reviews(catalog_folder: Path, today: date | None = None) -> tuple[Review, ...]:
    """Every review under `reviews/` of a catalog folder, by file name; none when the folder is missing.

    A file holds one review or a list of them. Raises one `InvalidInput` that lists all mistakes, each with file and
    line. `today` (UTC, default now) is the last day on which a review can have been made.
    """
    problems = Problems()
    reviews: list[Review] = []
    for path in sorted((catalog_folder / FOLDER).glob("*.yaml")):
        data = read_bytes(path, problems)
        if data is not None:
            reviews += _built(path, data, _last_day(today), problems)
    problems.raise_if_any()
    return tuple(reviews)


def save_review(catalog_folder: Path, review: Review, today: date | None = None) -> Path:
    """Write one review into a new file and return its path. Nothing that exists is changed.

    Raises `InvalidInput` where the review would not load again as it is.
    """
    path = free_path(catalog_folder / FOLDER, f"{review.made_on}-{review.source_id}")
    data = _text(review).encode()
    problems = Problems()
    loaded = _built(path, data, _last_day(today), problems)
    problems.raise_if_any()
    if loaded != [review]:
        raise InvalidInput("a text of the review starts or ends with blanks. Trim it")
    put(path, data)
    return path


def _built(path: Path, data: bytes, last_day: date, problems: Problems) -> list[Review]:
    def check(review: Review, place: Place) -> None:
        _check(review, place, last_day)

    node = parse(path, data, problems)
    if node is None:
        return []
    builder = Builder(path, problems, {Review: check}, Basis.STATED)
    built = (builder.build(Review, item) for item in (node.items if isinstance(node, ListNode) else (node,)))
    return [review for review in built if review is not INVALID]


def _last_day(today: date | None) -> date:
    return today or datetime.now(UTC).date()


def _text(review: Review) -> str:
    written = {
        "source_id": review.source_id,
        "role": review.role,
        "by": review.by,
        "reason": review.reason,
        "made_on": review.made_on,
        "closes": list(review.closes),
        "expires": review.expires,
        "scope": review.scope,
        "quote": review.quote,
        "quote_sha256": review.quote_sha256,
    }
    kept = {key: value for key, value in written.items() if value is not None}
    return yaml.dump(kept, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=100)


def _check(review: Review, place: Place, last_day: date) -> None:
    # The parts of a source split by an item table are named after a colon.
    if not ID.fullmatch(review.source_id.partition(":")[0]):
        place.wrong(f"source_id '{review.source_id}' is no source id. Copy it from the catalog", "source_id")
    if review.made_on > last_day:
        place.wrong(f"made_on {review.made_on} lies ahead. Write the day (UTC) of the judgment", "made_on")
    if review.expires is not None and review.expires <= review.made_on:
        place.wrong(f"expires {review.expires} is not after made_on. Write a later day or drop it", "expires")
    if review.quote_sha256 is not None and (review.quote is None or review.quote_sha256 != quote_digest(review.quote)):
        # A judgment is about the words its author read; other words need another judgment.
        place.wrong("quote is not the sentence that was reviewed. Restore it or file a new review", "quote_sha256")
    for gate in review.closes:
        if not _GATE.fullmatch(gate):
            place.wrong(f"closes names '{gate}', which is no gate. Write gate ids like not_looked_at", "closes")

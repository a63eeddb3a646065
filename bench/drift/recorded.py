"""The recorded real pages as exhibits: the last response of each address, changed in the same ways as made pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from warcio.archiveiterator import ArchiveIterator

from bench.drift.cosmetic import mutate
from bench.drift.edits import EDITS, PAGES, Edit, Recorded
from bench.drift.exhibits import Exhibit
from bench.drift.model import CosmeticKind, Document, Epoch, Fate, Media, OutageKind, Truth

# What can change round a bare file: nothing that needs a site round it.
_RAW_KINDS = (CosmeticKind.REWRAPPED, CosmeticKind.QUOTES_AND_DASHES, CosmeticKind.MOVED_PARAGRAPHS)
# Every page meets every third outage, so that each outage meets three pages or four.
_OUTAGE_STEP = 3


def recorded_exhibits(warc: Path, seed: int, only: Sequence[str] = ()) -> list[Exhibit]:
    """One exhibit a page and change. A cosmetic change that finds nothing to change on a page makes none.

    Raises ValueError where the recording does not hold what the edits are written for.
    """
    documents = dict(_last_responses(warc))
    exhibits: list[Exhibit] = []
    for number, page in enumerate(PAGES):
        before = documents.get(page.page)
        if before is None:
            raise ValueError(f"{warc} holds no response of …{page.page}")
        for truth_kind, after, towards in _changes(page, number, before, seed):
            if not only or truth_kind[1] in only:
                exhibits.append(_exhibit(page, len(exhibits), truth_kind, towards, before, after, seed))
    return exhibits


def _last_responses(warc: Path) -> Iterator[tuple[str, Document]]:
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type != "response":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            media = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip()
            body = record.content_stream().read().decode("utf-8", "replace")
            for page in PAGES:
                if url.endswith(page.page):
                    yield page.page, Document(body, Media(media))


def _changes(
    page: Recorded, number: int, before: Document, seed: int
) -> Iterator[tuple[tuple[Fate, str], Document, str | None]]:
    yield (Fate.UNCHANGED, "unchanged"), before, None
    for edit in EDITS:
        if edit.page == page.page:
            yield (Fate.MATERIAL, edit.kind), edited(before, edit), edit.direction
    for kind in CosmeticKind:
        if page.raw and kind not in _RAW_KINDS:
            continue
        after = mutate(kind, before, Random(seed * 31 + number))
        if after is not None:
            yield (Fate.COSMETIC, kind), after, None
    for place, outage in enumerate(OutageKind):
        if (place + number) % _OUTAGE_STEP == 0:
            yield (Fate.OUTAGE, outage), before, None


def edited(document: Document, edit: Edit) -> Document:
    """The page after a material edit. Raises ValueError where its words are not there exactly once."""
    text = document.text
    for old, new in edit.pairs:
        if text.count(old) != 1:
            raise ValueError(f"{edit.page}: {old!r} stands there {text.count(old)} times")
        text = text.replace(old, new)
    return Document(text, document.media)


def _exhibit(
    page: Recorded,
    place: int,
    kind: tuple[Fate, str],
    towards: str | None,
    before: Document,
    after: Document,
    seed: int,
) -> Exhibit:
    slug = "".join(letter if letter.isalnum() else "_" for letter in page.name.lower())
    source_id = f"real_{place:03d}_{slug}"
    fate, name = kind
    note = f"{name} on {page.page}" if fate is Fate.MATERIAL else ""
    return Exhibit(
        source_id=source_id,
        dataset=page.name,
        layer=page.layer,
        role=page.role,
        host=f"127.2.{place // 250}.{place % 250 + 1}",
        path=f"/{page.page}",
        site=page.name,
        seed=seed * 1009 + place,
        truth=Truth(source_id, fate, name, towards, note=note),
        locator=dict(page.locator),
        has_etag=place % 5 < 3,
        nonces=(),
        document=lambda epoch: before if epoch is Epoch.BASELINE or fate is Fate.OUTAGE else after,
    )

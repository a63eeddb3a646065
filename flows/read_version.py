"""One snapshot read for one watch."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from domain.catalog import Watch
from domain.history import Version
from domain.probing import Snapshot
from domain.reading import Reading
from domain.vocabulary import Determination, Layer, Origin
from flows.read_guarded import PageReader
from flows.which_version import SECOND_HAND
from scoring.determination import determine
from terms.dates import awaited


def determination_of(reading: Reading) -> Determination:
    """What a reading as a whole means for anybody."""
    return determine(reading.rights, reading.per_item)


def version_of(
    name: str,
    source_id: str,
    watch: Watch,
    snapshot: Snapshot,
    reader: PageReader,
    layer: Layer | None = None,
    at: datetime | None = None,
) -> Version:
    """Read a snapshot for the watch that goes by `name`. A version's id is that of watch, bytes and reader,
    and of the days the words wait for. `at` is when it was last seen, if not when it was first.

    `layer` is the source's. What a page says of its code is no answer about data, so it is kept as
    findings and not as a layer unless the source is code.
    """
    if snapshot.origin is Origin.IMPORT and "html" not in snapshot.media_type:
        # A mail or a quoted sentence has none of the page's headings: all of it is about the watch.
        watch = replace(watch, select=None, anchor=None, heading=None, min_chars=0)
    day = (at or snapshot.seen_at).date()
    reading = reader.read_bytes(snapshot.body, snapshot.media_type, snapshot.charset, snapshot.url, watch, day)
    layers = reading.layers
    if (watch.layer or layer) is not Layer.CODE:
        layers = {part: answer for part, answer in layers.items() if part is not Layer.CODE}
    length = sum(end - start for start, end in reading.located)
    if reading.suspect is None and length < watch.min_chars:
        reading = replace(
            reading, suspect=f"shrunken: {length} characters where at least {watch.min_chars} are expected"
        )
    # What somebody else kept is another version than what the publisher's server gave, in the same bytes.
    kept = (snapshot.origin.value,) if snapshot.origin in SECOND_HAND else ()
    identity = "\x00".join((name, snapshot.sha256, reader.name, *kept, *awaited(reading.notes)))
    return Version(
        version_id=sha256(identity.encode()).hexdigest()[:16],
        watch_id=name,
        source_id=source_id,
        url=watch.url,
        sha256=snapshot.sha256,
        seen_at=snapshot.seen_at,
        origin=snapshot.origin,
        reading=replace(reading, layers=layers, reader=reader.name),
    )

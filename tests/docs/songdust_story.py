"""The small warehouse behind docs/cookbook.md: three real runs over a recorded, made-up web.

One page states the terms of two collections: the metadata goes from CC0 to CC BY-NC between the first and the second
look, and the play counts contradict themselves. A second page, with the lyrics, never answers.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from domain.claims import ClaimScope, LicenseClaim, Reservation, ReservationState, Stated, StatedKind
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.store import Warehouse

ROOT = Path(__file__).parents[2]

CATALOG = """provider: songdust
datasets:
  - id: songdust
    name: Songdust
    sources:
      - id: songdust_metadata
        layer: metadata
        watches:
          - {url: "https://songdust.example/data", role: license, speaks_for: publisher, heading: Metadata}
        claims:
          - license: CC0-1.0
            url: https://songdust.example/data
            seen: 2025-01-06
            quote: The metadata is dedicated to the public domain under CC0 1.0.
            confidence: verified
        access: open_download
        applications:
          - {application: metadata_graph, fit: "One CSV row a song with title, artist and first air date."}
      - id: songdust_plays
        layer: behavior
        watches:
          - {url: "https://songdust.example/data", role: license, speaks_for: publisher, heading: Play counts}
        access: open_download
      - id: songdust_lyrics
        layer: lyrics
        watches:
          - {url: "https://songdust.example/lyrics", role: license, speaks_for: publisher}
        claims:
          - license: CC0-1.0
            url: https://songdust.example/lyrics
            seen: 2025-01-06
            quote: All lyrics are in the public domain under CC0 1.0.
            confidence: verified
        access: open_download
"""
PAGE = """<!doctype html>
<html lang="en"><head><title>Songdust: the data</title></head><body><main>
<h1>Songdust data</h1>
<p>Songdust has listened to radio stations since 1998 and wrote down what they played.</p>
<h2>Metadata</h2>
<p>Titles, artists and first air dates of 812,455 songs, as one CSV file a year. {metadata}</p>
<h2>Play counts</h2>
<p>How often each song was played, by station and week. Play counts may be used by anyone under
<a href="https://creativecommons.org/publicdomain/zero/1.0/">CC0 1.0</a>.
You may not use them to train machine learning models.</p>
</main></body></html>
"""
OPEN = (
    "The metadata is dedicated to the public domain under "
    '<a href="https://creativecommons.org/publicdomain/zero/1.0/">CC0 1.0</a>.'
)
CLOSED = 'The metadata is licensed under <a href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC 4.0</a>.'
LOOKS = (("2025-01-06", OPEN), ("2025-03-03", CLOSED), ("2025-03-04", CLOSED))


def tell_songdust(folder: Path) -> Path:
    """Run three times, and return the path of the warehouse."""
    (folder / "catalog").mkdir()
    (folder / "catalog" / "songdust.yaml").write_text(CATALOG, encoding="utf-8")
    recording = folder / "songdust.warc"
    with recording.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        for day, metadata in LOOKS:
            _write(writer, "https://songdust.example/data", day, "200 OK", PAGE.format(metadata=metadata))
            _write(writer, "https://songdust.example/lyrics", day, "503 Service Unavailable", "back soon")
    warehouse = folder / "clearance.duckdb"
    for day, _ in LOOKS:
        run = Run.begin(
            RunSettings(
                catalog=str(folder / "catalog"),
                policy=str(ROOT / "policy"),
                warehouse=str(warehouse),
                out=str(folder / "out"),
                replay=(str(recording),),
                at=datetime.fromisoformat(f"{day}T07:00:00+00:00"),
            )
        )
        run_pipeline(run)
    with Warehouse.open(warehouse) as store:
        # A recording holds pages only: what machines stated that day is put beside them.
        store.save_statements(run.run_id, _stated_by_machines(run.now), (), ())
        store.publish_read_copy()
    return warehouse


def _stated_by_machines(at: datetime) -> tuple[Stated, ...]:
    hub = "https://hub.example/api/datasets/songdust"
    claim = LicenseClaim("songdust_metadata", "cc0-1.0", None, ClaimScope.DATA, "cardData.license", hub, at)
    crawler = Reservation(
        "User-agent: GPTBot | Disallow: /",
        "robots/disallow-training-crawler",
        ReservationState.RESERVED,
        "/",
        "GPTBot",
        None,
        "https://songdust.example/robots.txt",
        at,
    )
    host = "https://songdust.example"
    return (
        Stated(source_id="songdust_metadata", kind=StatedKind.LICENSE, about=hub, seen_at=at, claims=(claim,)),
        Stated(
            source_id="songdust_plays", kind=StatedKind.RESERVATION, about=host, seen_at=at, reservations=(crawler,)
        ),
    )


def _write(writer: WARCWriter, url: str, day: str, status: str, text: str) -> None:
    body = text.encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    writer.write_record(
        writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{day}T06:00:00Z"},
        )
    )

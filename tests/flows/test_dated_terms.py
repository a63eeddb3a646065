"""A page that names the day of its license: the same bytes, looked at before and after that day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from domain.vocabulary import Determination
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
URL = "http://songs.example/terms"
BODY = (
    "<html><body><h1>Songs</h1><p>A dataset of songs, collected and described by volunteers over many years.</p>"
    "<h2>License</h2><p>From 1 March 2020 the data is available under CC BY 4.0.</p></body></html>"
)
CATALOG = f"""\
provider: songs
datasets:
  - id: songs
    name: Songs
    sources:
      - id: songs_metadata
        layer: metadata
        watches:
          - {{url: "{URL}", role: license, speaks_for: publisher}}
"""


def recording(folder: Path, *times: str) -> Path:
    """A WARC file with the page as it was answered at some times."""
    payload = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{BODY}".encode()
    path = folder / "songs.warc"
    with path.open("wb") as file:
        for time in times:
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: {time}\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{time[5:7]}{time[:4]}000000>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(payload)}\r\n\r\n"
            )
            file.write(head.encode() + payload + b"\r\n\r\n")
    return path


def test_a_license_counts_from_its_day_once_confirmed_though_the_page_stayed_the_same(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "songs.yaml").write_text(CATALOG, encoding="utf-8")
    warc = recording(tmp_path, "2019-06-15T12:00:00Z", "2020-06-15T12:00:00Z", "2020-07-15T12:00:00Z")
    warehouse = tmp_path / "clearance.duckdb"

    def concluded(at: datetime) -> tuple[Determination, str]:
        settings = RunSettings(
            catalog=str(tmp_path / "catalog"),
            policy=str(ROOT / "policy"),
            warehouse=str(warehouse),
            out=str(tmp_path / "out"),
            replay=(str(warc),),
            at=at,
        )
        run_pipeline(Run.begin(settings))
        with Reader.open(warehouse) as reader:
            assert reader.verify().holes == ()
            decision = reader.decisions(at)["songs_metadata"]
            return decision.determination, decision.license_concluded

    assert concluded(datetime(2019, 7, 1, tzinfo=UTC)) == (Determination.PROHIBITED_UNCLEAR, "NOASSERTION")
    # A widening waits for a second look, like every other.
    assert concluded(datetime(2020, 7, 1, tzinfo=UTC)) == (Determination.PROHIBITED_UNCLEAR, "NOASSERTION")
    assert concluded(datetime(2020, 8, 1, tzinfo=UTC)) == (Determination.PRODUCTION_COMMERCIAL, "CC-BY-4.0")

"""Recordings made here are replayed as looks of their own time, and broken ones are refused."""

from __future__ import annotations

import asyncio
import gzip
import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from domain.errors import InvalidInput
from domain.probing import Look, PageRequest
from domain.vocabulary import Origin, Outcome
from probes.recording import Recording, RecordingTransport

PAGE = "https://data.example.org/license"
OLD = b"<html><body>Everything here is CC BY 4.0, and that is that.</body></html>"
NEW = b"<html><body>Everything here is CC BY-NC 4.0, and that is that.</body></html>"
Response = tuple[str, str, str, bytes, dict[str, str]]


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 12, 0, tzinfo=UTC)


def write(path: Path, *responses: Response, zipped: bool = True) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for url, date, status, body, headers in responses:
            head = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
            request = StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict={"WARC-Date": date}
                )
            )
    return path


def response(date: datetime, body: bytes = OLD, status: str = "200 OK", url: str = PAGE, **headers: str) -> Response:
    named = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return url, date.strftime("%Y-%m-%dT%H:%M:%SZ"), status, body, named


def replayed(path: Path, at: datetime, request: PageRequest) -> Look:
    return asyncio.run(RecordingTransport(Recording.open([path]), at).look(request))


@pytest.mark.parametrize("zipped", [True, False])
def test_responses_come_in_date_order_with_their_own_time(tmp_path: Path, zipped: bool) -> None:
    other = "https://other.example.org/terms"
    path = write(
        tmp_path / "a.warc", response(day(9), NEW), response(day(2)), response(day(5), url=other), zipped=zipped
    )
    recording = Recording.open([path])
    assert recording.urls == (PAGE, other)
    looks = list(recording.looks())
    assert [(look.url, look.at) for look in looks] == [(PAGE, day(2)), (other, day(5)), (PAGE, day(9))]
    assert [look.at for look in recording.looks(PAGE + "#part")] == [day(2), day(9)]
    snapshot = looks[2].snapshot
    assert snapshot is not None
    assert (snapshot.body, snapshot.sha256, snapshot.seen_at) == (NEW, sha256(NEW).hexdigest(), day(9))
    assert (snapshot.origin, snapshot.method, snapshot.media_type) == (Origin.RECORDING, "warc", "text/html")


def test_several_files_are_one_recording(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / "a.warc.gz", response(day(9))),
        write(tmp_path / "b.warc", response(day(2)), zipped=False),
    ]
    assert [look.at for look in Recording.open(paths).looks()] == [day(2), day(9)]


def test_the_newest_response_not_after_the_time_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", response(day(2)), response(day(9), NEW))
    look = replayed(path, day(8), PageRequest(PAGE + "#terms"))
    assert look.snapshot is not None
    assert (look.url, look.at, look.snapshot.body) == (PAGE + "#terms", day(2), OLD)
    assert replayed(path, day(9), PageRequest(PAGE)).at == day(9)


def test_before_the_first_response_there_was_no_look(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", response(day(2)))
    for request in (PageRequest(PAGE), PageRequest("https://unknown.example.org/")):
        look = replayed(path, day(1), request)
        assert (look.outcome, look.reason, look.snapshot) == (Outcome.UNREACHABLE, "no_recording", None)


def test_the_same_bytes_again_are_not_modified_at_the_recordings_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", response(day(2)))
    look = replayed(path, day(8), PageRequest(PAGE, last_sha256=sha256(OLD).hexdigest()))
    assert (look.outcome, look.at, look.snapshot) == (Outcome.NOT_MODIFIED, day(2), None)


@pytest.mark.parametrize(
    ("status", "outcome", "word"),
    [
        ("404 Not Found", Outcome.GONE, "not_found"),
        ("410 Gone", Outcome.GONE, "gone"),
        ("403 Forbidden", Outcome.REFUSED, "forbidden"),
        ("429 Too Many", Outcome.UNREACHABLE, "rate_limited"),
        ("503 Busy", Outcome.UNREACHABLE, "server_error"),
        ("301 Moved", Outcome.UNREACHABLE, "redirect"),
        ("abc What", Outcome.UNREACHABLE, "protocol"),
    ],
)
def test_recorded_statuses_mean_what_they_mean_on_the_network(
    tmp_path: Path, status: str, outcome: Outcome, word: str
) -> None:
    look = replayed(write(tmp_path / "a.warc.gz", response(day(2), status=status)), day(8), PageRequest(PAGE))
    assert (look.outcome, (look.reason or "").partition(":")[0], look.at) == (outcome, word, day(2))


CHUNKED = b"7\r\n<html><\r\n" + f"{len(OLD) - 7:x};x=y\r\n".encode() + OLD[7:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(OLD), {"Content_Encoding": "gzip"}),
        (OLD, {"Content_Encoding": "gzip"}),
        (CHUNKED, {"Transfer_Encoding": "chunked"}),
        (OLD, {"Transfer_Encoding": "chunked"}),
    ],
)
def test_recorded_encodings_are_undone_where_they_are_there(
    tmp_path: Path, body: bytes, headers: dict[str, str]
) -> None:
    look = replayed(write(tmp_path / "a.warc.gz", response(day(2), body, **headers)), day(8), PageRequest(PAGE))
    assert look.snapshot is not None
    assert look.snapshot.body == OLD


@pytest.mark.parametrize("body", [CHUNKED[:40], CHUNKED[:-5]])
def test_recorded_chunks_cut_short_are_no_page(tmp_path: Path, body: bytes) -> None:
    path = write(tmp_path / "a.warc.gz", response(day(2), body, Transfer_Encoding="chunked"))
    look = replayed(path, day(8), PageRequest(PAGE))
    assert (look.outcome, (look.reason or "").partition(":")[0]) == (Outcome.UNREACHABLE, "truncated")


def test_a_recorded_bomb_does_not_go_off(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\x00" * 21_000_000, compresslevel=1)
    path = write(tmp_path / "a.warc.gz", response(day(2), bomb, Content_Encoding="gzip"))
    look = replayed(path, day(8), PageRequest(PAGE))
    assert (look.outcome, (look.reason or "").partition(":")[0]) == (Outcome.UNREACHABLE, "too_large")


def test_a_wholly_gzipped_file_is_read_too(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.warc", response(day(2)), response(day(3)), zipped=False)
    zipped = tmp_path / "b.warc.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert len(list(Recording.open([zipped]).looks())) == 2


@pytest.mark.parametrize(
    "content", [b"", b"hello, this is no recording\n" * 10, gzip.compress(b"nor is this"), b"\x1f\x8bxx"]
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"x\.warc\.gz: ") as caught:
        Recording.open([path])
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        Recording.open([tmp_path / "nowhere.warc"])


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_recording_broken_in_the_middle_is_refused(tmp_path: Path, zipped: bool, damage: str) -> None:
    path = write(tmp_path / "a.warc", response(day(2)), response(day(3), NEW), response(day(4)), zipped=zipped)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        content = content[:-60]
    elif zipped:
        content[len(content) // 2] ^= 0xFF
    else:
        content = bytearray(bytes(content).replace(b"BY-NC", b"BY-ND"))
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="the recording is broken") as caught:
        Recording.open([path])
    assert "\n" not in str(caught.value)


def test_a_wrong_length_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.warc", response(day(2)), response(day(3)), zipped=False)
    head, mark, rest = path.read_bytes().rpartition(b"\r\n\r\nHTTP/1.1 200 OK")
    number = head.rpartition(b" ")[2]
    path.write_bytes(head.removesuffix(number) + b"%d" % (int(number) - 9) + mark + rest)
    with pytest.raises(InvalidInput, match="the recording is broken"):
        Recording.open([path])
    assert capfd.readouterr().err == ""

"""Every recorded response against what a reader wrote down by hand before any program existed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from terms_reading import ROOT, reader
from warcio.archiveiterator import ArchiveIterator

from scoring.determination import determine

RECORDING = ROOT.parent / "shared" / "recordings" / "real-pages.warc.gz"
EXPECTED = ROOT / "tests" / "recordings" / "real_pages.expected.yaml"

pytestmark = pytest.mark.skipif(not RECORDING.exists(), reason=f"the recording is not there: {RECORDING}")


def _pages() -> list[dict[str, Any]]:
    # Times stay words: they are compared as the recording spells them.
    pages: list[dict[str, Any]] = yaml.load(EXPECTED.read_text("utf-8"), Loader=yaml.BaseLoader)["pages"]
    return pages


@cache
def _responses() -> dict[str, list[tuple[str, str | None, bytes]]]:
    found: dict[str, list[tuple[str, str | None, bytes]]] = defaultdict(list)
    with RECORDING.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                kind = record.http_headers.get_header("content-type")
                entry = (record.rec_headers.get_header("WARC-Date"), kind, record.content_stream().read())
                found[record.rec_headers.get_header("WARC-Target-URI")].append(entry)
    return found


def _accepted(state: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The licenses that must be named (custom terms aside), and all that may be."""
    stated = set(state["data_licenses"])
    further: set[str] = set()
    for item in state.get("also_acceptable_licenses", ()):
        further.update(item if isinstance(item, list) else [item])
    needed = {name for name in stated if not name.startswith("LicenseRef-")}
    return needed, stated | further


def _differences(url: str, state: dict[str, Any]) -> list[str]:
    needed, accepted = _accepted(state)
    mine = [entry for entry in _responses()[url] if state["from"] <= entry[0] <= state["to"]]
    assert len(mine) == int(state["responses"]), f"{url} from {state['from']}: {len(mine)} responses"
    wrong = []
    for at, kind, body in mine:
        media_type, _, parameters = (kind or "").partition(";")
        charset = parameters.partition("charset=")[2].strip() or None
        reading = reader().read_bytes(body, media_type or None, charset, url)
        determination = determine(reading.rights, reading.per_item)
        got = set(reading.licenses)
        if determination not in {state["determination"], *state.get("also_acceptable", ())}:
            wrong.append(f"{at}: {determination}, expected {state['determination']}")
        if not got <= accepted or not (needed <= got or got & (accepted - needed)):
            wrong.append(f"{at}: licenses {sorted(got)}, expected {state['data_licenses']}")
        if code := got & set(state["code_licenses"]) - set(state["data_licenses"]):
            wrong.append(f"{at}: the license of the code taken for the data's: {sorted(code)}")
    return wrong


@pytest.mark.parametrize("expected", _pages(), ids=lambda page: Path(page["url"]).name)
def test_every_recorded_response_reads_as_a_person_read_it(expected: dict[str, Any]) -> None:
    wrong = [line for state in expected["states"] for line in _differences(expected["url"], state)]
    assert wrong == []


def test_all_recorded_responses_are_compared() -> None:
    counted = sum(int(state["responses"]) for page in _pages() for state in page["states"])
    assert counted == sum(map(len, _responses().values())) == 236


@pytest.mark.parametrize("expected", _pages(), ids=lambda page: Path(page["url"]).name)
def test_every_quote_stands_in_the_text_it_is_taken_from(expected: dict[str, Any]) -> None:
    at, kind, body = sorted(_responses()[expected["url"]])[-1]
    del at
    reading = reader().read_bytes(body, (kind or "").partition(";")[0] or None, None, expected["url"])
    for finding in reading.findings:
        if finding.end > finding.start:
            assert reading.text[finding.start : finding.end] == finding.quote

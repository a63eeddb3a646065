"""Pages packed on what they have in common."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from domain.errors import WarehouseDamaged
from warehouse.bodies import Bodies
from warehouse.packing import FEWEST_SAMPLES, digest


def pages(first: int, many: int) -> dict[str, bytes]:
    """Pages of 400 words each, of the same 900 in another order."""
    words = [Random(number).randbytes(6).hex() for number in range(900)]
    found = [" ".join(Random(number).choices(words, k=400)).encode() for number in range(first, first + many)]
    return {digest(page): page for page in found}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.zst")}


@pytest.fixture
def shared(tmp_path: Path) -> Bodies:
    """Bodies of which there are so many that what they share was found."""
    bodies = Bodies(tmp_path / "bodies")
    bodies.save(pages(0, FEWEST_SAMPLES))
    return bodies


def common_of(bodies: Bodies) -> str:
    [spare] = (bodies.folder / "common").iterdir()
    return spare.stem


def test_many_pages_take_less_than_each_alone_and_every_one_is_read_back(tmp_path: Path) -> None:
    alone, shared = Bodies(tmp_path / "alone"), Bodies(tmp_path / "shared")
    found = pages(0, FEWEST_SAMPLES)
    by_one = [stored for name, page in found.items() for stored in Bodies(alone.folder / name).save({name: page})]
    together = shared.save(found)
    assert sum(body.stored_bytes for body in together) < 0.9 * sum(body.stored_bytes for body in by_one)
    assert {body.encoding for body in by_one} == {"zstd"}
    assert {name: shared.load(name) for name in found} == found
    # The base is listed with them, and lies alone.
    assert [(body.sha256, body.encoding) for body in together if body.sha256 not in found] == [
        (common_of(shared), "zstd")
    ]
    assert digest(shared.load(common_of(shared))) == common_of(shared)


def test_pages_that_come_one_by_one_are_enough_in_the_end(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path / "bodies")
    found = pages(0, FEWEST_SAMPLES + 2)
    encodings = [bodies.save({name: page})[0].encoding for name, page in found.items()]
    assert encodings == ["zstd"] * (FEWEST_SAMPLES - 1) + ["zstd-on-base"] * 3
    assert {name: bodies.load(name) for name in found} == found


def test_what_was_stored_before_stays_as_it_is(shared: Bodies) -> None:
    before = files(shared.folder)
    more = pages(0, 2 * FEWEST_SAMPLES)
    shared.save(more)
    assert {name: stored for name, stored in files(shared.folder).items() if name in before} == before
    assert {name: shared.load(name) for name in more} == more


def test_what_shares_nothing_lies_alone(shared: Bodies) -> None:
    other = bytes(Random(1).randbytes(5000))
    assert shared.save({digest(other): other})[0].encoding == "zstd"


def test_a_text_is_packed_on_its_page_that_is_packed_on_the_common_base(shared: Bodies) -> None:
    [(name, page)] = pages(99, 1).items()
    assert shared.save({name: page})[0].encoding == "zstd-on-base"
    text = page[10:]
    stored = shared.save({digest(text): text}, {digest(text): name})[0]
    assert (stored.encoding, stored.stored_bytes < 200) == ("zstd-on-base", True)
    assert shared.load(digest(text)) == text


def test_either_file_of_the_common_base_is_enough_and_without_both_every_page_on_it_is_told(shared: Bodies) -> None:
    found = pages(0, FEWEST_SAMPLES)
    common = common_of(shared)
    kept, spare = shared.path(common), shared.folder / "common" / f"{common}.zst"
    whole = kept.read_bytes()
    for damage in (whole[:-9], whole[:99] + b"?" + whole[100:], None):
        kept.unlink() if damage is None else kept.write_bytes(damage)
        # The file that lost its bytes is told, and no page is lost.
        with pytest.raises(WarehouseDamaged, match=f"{common}.zst"):
            shared.load(common)
        assert {name: shared.load(name) for name in found} == found
    shutil.copy(spare, kept)
    spare.unlink()
    assert {name: shared.load(name) for name in found} == found
    kept.unlink()
    for name in found:
        with pytest.raises(WarehouseDamaged, match=f"{common}.zst is missing: restore the bodies folder"):
            shared.load(name)

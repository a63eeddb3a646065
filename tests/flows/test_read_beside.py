"""Reading beside fetching: whichever core reads, and whatever ends the process that does, the answers are the same."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Reply, Web, loopback_web, smallest_catalog

from bench.interruptions.contents import Contents, contents_of, differences, holes_of
from bench.interruptions.victim import Point
from catalog.policy import load_policy
from domain.errors import WarehouseDamaged
from domain.policy import Family
from flows import read_beside, run_pipeline
from flows.read_beside import Asked, Load, ReadingBeside
from flows.read_guarded import GuardedReader, PageReader, ReadingLimits
from flows.read_pages import ReadReport, read_pages
from flows.run_settings import Run, RunSettings
from terms.reader import Reader as PlainReader
from warehouse.packing import digest
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
PATHS = tuple(f"/p/{number}" for number in range(1, 61))
HEAVY = b"The data is licensed under CC BY 4.0. " * 7_900 + b"You may not use it. " * 14_000
GRANT = b"<html><body><p>The data is dedicated to the public under CC0 1.0.</p>"
ORDER = "SELECT watch_id, accepted_version_id, pending_version_id FROM watch_states ORDER BY seq"


def first_pages() -> dict[str, str | bytes | int | Reply]:
    """Texts in turn: a grant, a narrower one, a table of grants, markup that is refused, and prose without terms."""
    kinds = (
        OPEN,
        CLOSED,
        OPEN.replace("</main>", "<table><tr><td>Songs</td><td>CC BY 4.0</td></tr></table></main>"),
        Reply(body="<div>" * 5_000 + OPEN),
        Reply(body="Four hundred short songs, typed in by hand. " * 20, media_type="text/plain"),
    )
    return {path: kinds[number % len(kinds)] for number, path in enumerate(PATHS)}


@dataclass(frozen=True, slots=True)
class Ground:
    """A web that changed since the warehouse `base` saw it, and what a run on one core left of each."""

    web: Web
    folder: Path
    settings: RunSettings
    first: Contents
    second: Contents

    def settings_in(self, folder: Path) -> RunSettings:
        return replace(self.settings, warehouse=str(folder / "w" / "clearance.duckdb"), out=str(folder / "out"))

    def show_first(self) -> None:
        self.web.pages.update(first_pages())

    def show_second(self) -> None:
        # Every page brings new bytes, every second one other terms.
        self.show_first()
        for number, path in enumerate(PATHS):
            self.web.pages[path] = (OPEN if number % 2 else CLOSED).replace("Blog", f"News {number}")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("beside")
    with loopback_web() as web, pytest.MonkeyPatch.context() as patch:
        settings = RunSettings(
            catalog=str(smallest_catalog(folder / "catalog", web, PATHS)),
            policy=str(ROOT / "policy"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        here = Ground(web, folder, settings, {}, {})
        patch.setattr(read_beside, "_cores", lambda: 1)
        base, later = here.settings_in(folder / "base"), here.settings_in(folder / "later")
        here.show_first()
        finish(base)
        shutil.copytree(folder / "base", folder / "later")
        here.show_second()
        finish(later)
        first, second = contents_of(Path(base.warehouse)), contents_of(Path(later.warehouse))
        yield replace(here, first=first, second=second)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[PageReader | None]:
    """What each first round of a run was read with; two cores, whatever this machine has."""
    seen: list[PageReader | None] = []

    def noted(*given: object, reader: PageReader | None = None, **more: object) -> ReadReport:
        seen.append(reader)
        return read_pages(*given, reader=reader, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(run_pipeline, "read_pages", noted)
    monkeypatch.setattr(read_beside, "_cores", lambda: 2)
    return seen


def finish(settings: RunSettings) -> None:
    run_pipeline.run_pipeline(Run.begin(settings))


def children() -> set[int]:
    """The processes this one started and has not buried."""
    tasks = Path("/proc/self/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()}


def readings() -> set[int]:
    """Those of them that read pages; a Prefect server is one that does not."""
    words = {child: Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children()}
    # What has ended and is not buried has no words any more.
    return {child for child, said in words.items() if said == [b""] or b"flows.read_guarded" in said}


def is_alone() -> bool:
    return readings() == set() and all(thread.name != "reading beside" for thread in threading.enumerate())


def order_of(settings: RunSettings) -> list[tuple[object, ...]]:
    with Reader.open(Path(settings.warehouse)) as reader:
        return list(reader.query(ORDER, 60, 1_000_000)[1])


def test_both_ways_store_the_same_in_the_same_order(
    ground: Ground, tmp_path: Path, readers: list[PageReader | None]
) -> None:
    here = ground.settings_in(tmp_path)
    ground.show_first()
    finish(here)
    assert isinstance(readers[0], ReadingBeside)
    assert differences(ground.first, contents_of(Path(here.warehouse))) == []
    assert order_of(here) == order_of(ground.settings_in(ground.folder / "base"))
    ground.show_second()
    finish(here)
    # The confirming looks have a reader of their own.
    assert [type(reader) for reader in readers] == [ReadingBeside, ReadingBeside, type(None)]
    assert differences(ground.second, contents_of(Path(here.warehouse))) == []
    assert order_of(here) == order_of(ground.settings_in(ground.folder / "later"))
    assert ground.second["alerts"].total() > 0
    assert is_alone()


@pytest.mark.parametrize(("cores", "pages"), [(1, len(PATHS)), (2, 3)])
def test_one_core_or_a_few_pages_are_read_in_their_turn(
    ground: Ground,
    tmp_path: Path,
    readers: list[PageReader | None],
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    pages: int,
) -> None:
    monkeypatch.setattr(read_beside, "_cores", lambda: cores)
    ground.show_first()
    only = tuple(f"tiny_{number}" for number in range(1, pages + 1))
    finish(replace(ground.settings_in(tmp_path), only=only))
    assert readers == [None]


def test_a_process_that_is_killed_under_its_pages_costs_none_of_them(
    ground: Ground, tmp_path: Path, readers: list[PageReader | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads, offer = 0, ReadingBeside.offer
    killed: list[int] = []

    def offered(self: ReadingBeside, asked: Asked, load: Load) -> None:
        def loaded(sha256: str) -> bytes:
            nonlocal loads
            loads += 1
            if loads in (3, 4, 20):
                killed.extend(readings())
                for child in readings():
                    os.kill(child, signal.SIGKILL)
            return load(sha256)

        offer(self, asked, loaded)

    monkeypatch.setattr(ReadingBeside, "offer", offered)
    here = ground.settings_in(tmp_path)
    ground.show_first()
    finish(here)
    assert isinstance(readers[0], ReadingBeside)
    assert killed
    assert differences(ground.first, contents_of(Path(here.warehouse))) == []
    assert is_alone()


def test_a_run_that_is_killed_leaves_its_looks_and_no_process(ground: Ground, tmp_path: Path) -> None:
    point = Point("before", "flows.run_pipeline.read")
    here = ground.settings_in(tmp_path)
    ground.show_first()
    more = ("--out", here.out, "--allow-host", *here.allow_hosts, "--delay", "0", "--confirm-after", "0")
    # It comes back when nobody holds its standard error any more: not the run, and not the process it started.
    victim = subprocess.run(
        [
            *(sys.executable, "-m", "bench.interruptions.victim", *point.arguments(), "run", "--no-prefect"),
            *("--catalog", here.catalog, "--policy", here.policy, "--warehouse", here.warehouse),
            *more,
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert victim.returncode == -signal.SIGKILL, victim.stderr
    assert "Traceback" not in victim.stderr
    finish(here)
    assert holes_of(Path(here.warehouse)) == []
    assert differences(ground.first, contents_of(Path(here.warehouse))) == []


_CTRL_C = """
import os, signal, sys
from clearance.main import main
from flows import run_pipeline
# A shell starts what runs in its background with the signal ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
def pressed(*_):
    os.killpg(0, signal.SIGINT)
run_pipeline.measure_datasets = pressed
sys.exit(main())
"""


def test_ctrl_c_ends_the_run_and_its_reader_without_a_word_of_the_readers(ground: Ground, tmp_path: Path) -> None:
    here = ground.settings_in(tmp_path)
    ground.show_first()
    pressed = subprocess.run(
        [
            *(sys.executable, "-c", _CTRL_C, "run", "--no-prefect", "--out", here.out, "--warehouse", here.warehouse),
            *("--catalog", here.catalog, "--policy", here.policy, "--allow-host", *here.allow_hosts, "--delay", "0"),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
        capture_output=True,
        text=True,
        timeout=120,
        # A terminal sends it to all of them.
        start_new_session=True,
    )
    assert pressed.returncode == 130, pressed.stderr
    assert "read_guarded" not in pressed.stderr
    assert "Traceback" not in pressed.stderr


@pytest.mark.parametrize("step", ["measure_datasets", "with_statements"])
def test_a_run_that_is_broken_off_leaves_no_process(
    ground: Ground, tmp_path: Path, readers: list[PageReader | None], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_pipeline, step, broken_off)
    ground.show_first()
    with pytest.raises(KeyboardInterrupt):
        finish(ground.settings_in(tmp_path))
    assert is_alone()


@pytest.mark.prefect
@pytest.mark.usefixtures("prefect_server")
def test_the_prefect_flow_reads_beside_fetching_to_the_same_result(
    ground: Ground, tmp_path: Path, readers: list[PageReader | None]
) -> None:
    from flows.license_drift import license_drift

    here = ground.settings_in(tmp_path)
    ground.show_first()
    license_drift(
        catalog=here.catalog,
        policy=here.policy,
        warehouse=here.warehouse,
        out=here.out,
        allow_hosts=list(here.allow_hosts),
        delay=0,
        confirm_after=0,
    )
    assert [type(reader) for reader in readers] == [ReadingBeside]
    assert differences(ground.first, contents_of(Path(here.warehouse))) == []
    assert all(thread.name != "reading beside" for thread in threading.enumerate())
    assert readings() == set()


@pytest.fixture(scope="module")
def families() -> tuple[Family, ...]:
    return tuple(load_policy(ROOT / "policy").families)


@pytest.fixture
def beside(families: tuple[Family, ...], monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingBeside]:
    """A reader that begins with the first offer, and gives a page a second of processor time."""
    monkeypatch.setattr(read_beside, "_WORTH_A_PROCESS", 0)
    reader = ReadingBeside("x", families, ReadingLimits(cpu_seconds=1))
    yield reader
    reader.close()
    assert is_alone()


def asked(body: bytes, number: int) -> Asked:
    return Asked(digest(body), "text/html", None, f"https://example.org/{number}", None, None)


def offer_all(beside: ReadingBeside, bodies: list[bytes]) -> Callable[[int], None]:
    """Offer bodies; what comes back waits until the one of a number is about to be read."""
    loaded = [threading.Event() for _ in bodies]

    def load_of(number: int) -> Load:
        def load(_: str) -> bytes:
            loaded[number].set()
            return bodies[number]

        return load

    for number, body in enumerate(bodies):
        beside.offer(asked(body, number), load_of(number))

    def until(number: int) -> None:
        assert loaded[number].wait(60)

    return until


def test_a_page_that_costs_too_much_is_suspect_and_the_next_ones_are_read(
    beside: ReadingBeside, families: tuple[Family, ...]
) -> None:
    bodies = [GRANT, HEAVY, GRANT, GRANT]
    # When the last is about to be read, the answers to those before are there.
    offer_all(beside, bodies)(3)
    found = [beside.read_bytes(body, "text/html", None, f"https://example.org/{n}") for n, body in enumerate(bodies)]
    with GuardedReader("x", families, ReadingLimits(cpu_seconds=1)) as guarded:
        assert found == [guarded.read_bytes(body, "text/html", None, None) for body in bodies]
    assert found[1].suspect == "not read: too complex (more than 1 s of processor time)"


def test_what_was_not_offered_or_asks_otherwise_is_read_in_its_turn(
    beside: ReadingBeside, families: tuple[Family, ...]
) -> None:
    offer_all(beside, [GRANT] * 5)
    plain = PlainReader(families)
    other = OPEN.encode()
    assert beside.read_bytes(other, "text/html", None, "https://example.org/9") == plain.read_bytes(
        other, "text/html", None, None
    )
    assert beside.read_bytes(GRANT, "text/plain", None, "https://example.org/0") == plain.read_bytes(
        GRANT, "text/plain", None, None
    )


def test_a_full_store_of_answers_holds_up_the_reading_ahead_and_nothing_else(
    beside: ReadingBeside, families: tuple[Family, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_beside, "_MOST_HELD", 1)
    bodies = [GRANT + b"<p>%d</p>" % number for number in range(6)]
    offer_all(beside, bodies)(0)
    plain = PlainReader(families)
    for number in reversed(range(6)):
        got = beside.read_bytes(bodies[number], "text/html", None, f"https://example.org/{number}")
        assert got == plain.read_bytes(bodies[number], "text/html", None, None)


def test_bytes_that_cannot_be_loaded_ahead_are_read_in_their_turn(
    beside: ReadingBeside, families: tuple[Family, ...]
) -> None:
    def damaged(_: str) -> bytes:
        raise WarehouseDamaged("gone")

    beside.offer(asked(GRANT, 0), damaged)
    got = beside.read_bytes(GRANT, "text/html", None, "https://example.org/0")
    assert got == PlainReader(families).read_bytes(GRANT, "text/html", None, None)


def test_a_reader_that_is_closed_under_a_page_ends(
    families: tuple[Family, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_beside, "_WORTH_A_PROCESS", 0)
    reader = ReadingBeside("x", families)
    offer_all(reader, [HEAVY, HEAVY, HEAVY])(1)
    reader.close()
    assert is_alone()

"""Several processes at one warehouse: writers queue, readers never wait, a killed writer loses nothing."""

from __future__ import annotations

import random
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import duckdb
import pytest
from warehouse_cases import FIRST, PAGE, alert, change, decision, look, reading, run_start, state, version

from domain.errors import WarehouseBusy
from domain.history import Version, WatchStep
from domain.rights import ALL_SILENT
from warehouse.query import Reader
from warehouse.store import Warehouse

PATIENCE = 60.0
KILLS = 15


def url(run: str) -> str:
    return f"https://tunes.example/{run}"


def body(run: str) -> bytes:
    return f"{run}\n".encode() * 500


def made_in(run: str) -> Version:
    return version(run, reading(body(run).decode(), "MIT", ALL_SILENT), body(run), url=url(run))


def save_run(store: Warehouse, run: str, told: Connection | None = None) -> None:
    """A whole run; after each save its name goes to `told`: from then on it must not get lost."""

    def acknowledge(what: str) -> None:
        if told is not None:
            told.send((run, what))

    store.start_run(run_start(run))
    acknowledge("start")
    store.save_looks(run, [look(body(run), url=url(run))])
    acknowledge("look")
    made = made_in(run)
    changed = change(run, change_id=run, version_before=None, version_after=run)
    step = WatchStep(
        state=state(made, watch_id=run), new_versions=(made,), changes=(changed,), alerts=(alert(run, run),)
    )
    store.save_steps(run, [step], {})
    acknowledge("step")
    store.save_decisions(run, FIRST, [decision(run, evidence=())], {})
    acknowledge("decision")
    store.save_assessment(run, FIRST, "regenerated", "because", run.encode())
    acknowledge("assessment")
    store.publish_read_copy()
    acknowledge("copy")


def found(reader: Reader) -> set[tuple[str, str]]:
    """What `save_run` acknowledged, as far as it is there."""
    _, rows = reader.query(
        "SELECT run_id, 'start' FROM run_starts UNION ALL SELECT run_id, 'look' FROM looks"
        " UNION ALL SELECT v.run_id, 'step' FROM versions AS v JOIN watch_states USING (run_id)"
        " JOIN change_rows USING (run_id) JOIN alert_outbox USING (run_id)"
        " UNION ALL SELECT run_id, 'decision' FROM decisions UNION ALL SELECT run_id, 'assessment' FROM assessments",
        max_rows=1_000_000,
    )
    return {(str(run), str(what)) for run, what in rows}


def write_without_end(path: Path, name: str, told: Connection) -> None:
    with Warehouse.open(path) as store:
        told.send((name, "open"))
        for number in range(100_000):
            save_run(store, f"{name}-{number}", told)


def everything(told: Connection) -> list[tuple[str, str]]:
    """All that a process said before it was killed."""
    said: list[tuple[str, str]] = []
    while told.poll():
        try:
            said.append(told.recv())
        except EOFError:
            break
    return said


def test_a_writer_killed_at_any_moment_loses_nothing_it_had_acknowledged(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    path = tmp_path / "clearance.duckdb"
    dice = random.Random(7)
    acknowledged: set[tuple[str, str]] = set()
    for number in range(KILLS):
        told, ours = processes.Pipe(duplex=False)
        writer = processes.Process(target=write_without_end, args=(path, f"kill-{number}", ours))
        writer.start()
        ours.close()
        # Every fifth is killed while it opens the file, the others after some saves, within the next.
        for _ in range(dice.randint(1, 8) if number % 5 else 0):
            assert told.poll(PATIENCE)
            acknowledged.add(told.recv())
        writer.join(dice.uniform(0, 0.02))
        assert writer.exitcode is None
        writer.kill()
        writer.join()
        acknowledged.update(everything(told))
        told.close()
    kept = {(run, what) for run, what in acknowledged if what not in ("open", "copy")}
    with Warehouse.open(path) as store:
        for run, what in kept:
            if what == "look":
                assert store.body(look(body(run)).snapshot.sha256) == body(run)  # type: ignore[union-attr]
        save_run(store, "after")
    with Reader.open(path) as reader:
        assert reader.verify().holes == ()
        assert kept <= found(reader)
        assert ("after", "assessment") in found(reader)


def write_some(path: Path, name: str, told: Connection) -> None:
    notes: list[str] = []
    with Warehouse.open(path, wait_seconds=PATIENCE, note=notes.append) as store:
        for number in range(3):
            save_run(store, f"{name}-{number}")
    told.send(notes)


def test_two_writers_queue_and_both_finish_while_readers_read_throughout(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    path = tmp_path / "clearance.duckdb"
    with Warehouse.open(path) as store:
        save_run(store, "first")
    told, ours = processes.Pipe(duplex=False)
    writers = [processes.Process(target=write_some, args=(path, name, ours)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while any(writer.is_alive() for writer in writers):
        with Reader.open(path) as reader:
            assert reader.status_rows()
            seen.append(len(found(reader)))
        writers[-1].join(0.1)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen == sorted(seen)
    assert seen
    notes = [note for _ in writers for note in told.recv()]
    assert notes == [f"waiting for another writer of {path}"]
    with Reader.open(path) as reader:
        assert {run for run, _ in found(reader)} == {"first", *(f"{n}-{i}" for n in ("one", "two") for i in range(3))}
        assert reader.verify().holes == ()
        assert len(reader.alerts()) == 7


def test_whoever_waits_too_long_is_told_and_gets_its_turn_later(tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    notes: list[str] = []
    with Warehouse.open(path) as store:
        with pytest.raises(WarehouseBusy) as error:
            Warehouse.open(path, wait_seconds=0.05, note=notes.append)
        store.save_looks("run-1", [look(b"still writing")])
    told = f"{path} is still written by another process after 0.05 s: wait for it or stop it"
    assert str(error.value) == told
    assert notes == [f"waiting for another writer of {path}"]
    with Warehouse.open(path, wait_seconds=0.05, note=notes.append) as store:
        assert len(store.looks_of(PAGE)) == 1
    assert len(notes) == 1


def hold(path: Path, told: Connection) -> None:
    with closing(duckdb.connect(str(path))):
        told.send("held")
        told.recv()


def test_a_file_that_another_program_has_open_is_busy_and_says_who_has_it(
    processes: ForkServerContext, tmp_path: Path
) -> None:
    path = tmp_path / "clearance.duckdb"
    with Warehouse.open(path) as store:
        store.publish_read_copy()
    ours, theirs = processes.Pipe()
    holder = processes.Process(target=hold, args=(path, theirs))
    holder.start()
    try:
        assert ours.poll(PATIENCE)
        with pytest.raises(WarehouseBusy) as error:
            Warehouse.open(path)
        told = f"{path} is held by process {holder.pid}: stop it or wait, then try again"
        assert str(error.value) == told
        with Reader.open(path) as reader:
            assert reader.status_rows() == []
    finally:
        ours.send("done")
        holder.join(PATIENCE)
    with Warehouse.open(path) as store:
        assert store.decisions() == {}


def test_a_failed_open_lets_the_next_writer_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clearance.duckdb"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as failing:
        failing.setattr("warehouse.store.refresh_views", stop)
        with pytest.raises(KeyboardInterrupt):
            Warehouse.open(path)
    with Warehouse.open(path, wait_seconds=0.05) as store:
        assert store.decisions() == {}


def test_a_reader_keeps_the_copy_it_opened_and_the_next_one_sees_the_new_rows(tmp_path: Path) -> None:
    path = tmp_path / "clearance.duckdb"
    with Warehouse.open(path) as store:
        store.publish_read_copy()
        with Reader.open(path) as old:
            store.save_decisions("run-1", FIRST, [decision()], {})
            store.publish_read_copy()
            with Reader.open(path) as new:
                assert old.decisions(FIRST) == {}
                assert new.decisions(FIRST) == {"tunes": decision()}
    assert sorted(found.name for found in tmp_path.iterdir() if found.name.endswith((".wal", ".partial"))) == []
